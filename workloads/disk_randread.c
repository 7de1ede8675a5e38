/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/disk_load.h"

static int prepare(struct trial *trial, struct error *err)
{
	return disk_load_prepare(trial, DISK_RANDOM_READ, err);
}

static int run(struct trial *trial, struct error *err)
{
	return disk_load_run(trial, "throughput", 1, err);
}

const struct workload disk_randread = {
	.name = "disk.randread",
	.version = 2,
	.panel = PANEL_DISK,
	.summary = "random reads of 4 KiB, a stated number in flight",
	.operation = "one read of a block",
	.stands_for = "fio random read, 4 KB (felter2015, Figures 6 and 7)",
	.metrics =
		(const struct metric[]){
			{"throughput", "IO/s", BETTER_HIGHER, .kind = METRIC_RATE},
			{"mean", "us", BETTER_LOWER, METRIC_TIME, "latency", 0,
			 .per_operation = true},
			{"p50", "us", BETTER_LOWER, METRIC_TIME, "latency", 0.5,
			 .per_operation = true},
			{"p99", "us", BETTER_LOWER, METRIC_TIME, "latency", 0.99,
			 .per_operation = true},
			{0},
		},
	.parameters = DISK_LOAD_PARAMETERS(4096, 1),
	.sweep = "depth",
	.needs = {.cpus = 1,
		  .memory = 4 << 20,
		  .scratch_parameter = "size",
		  .cold_cache = "cached"},
	.prepare = prepare,
	.run = run,
	.verify = disk_load_verify,
	.cleanup = disk_load_cleanup,
};
