/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/disk_load.h"

static int prepare(struct trial *trial, struct error *err)
{
	return disk_load_prepare(trial, DISK_ORDERED_WRITE, err);
}

static int run(struct trial *trial, struct error *err)
{
	double megabytes = (double)trial_integer(trial, "block") / 1e6;

	return disk_load_run(trial, "throughput", megabytes, err);
}

const struct workload disk_seqwrite = {
	.name = "disk.seqwrite",
	.version = 2,
	.panel = PANEL_DISK,
	.summary = "writes of 1 MiB in order",
	.operation = "one write of a block",
	.stands_for = "fio sequential write, 1 MB, 16 in flight (felter2015, Figure 5)",
	.metrics =
		(const struct metric[]){
			{"throughput", "MB/s", BETTER_HIGHER, .kind = METRIC_RATE},
			{"mean", "us", BETTER_LOWER, METRIC_TIME, "latency", 0,
			 .per_operation = true},
			{"p50", "us", BETTER_LOWER, METRIC_TIME, "latency", 0.5,
			 .per_operation = true},
			{"p99", "us", BETTER_LOWER, METRIC_TIME, "latency", 0.99,
			 .per_operation = true},
			{0},
		},
	.parameters = DISK_LOAD_PARAMETERS(1 << 20, 16),
	.sweep = "depth",
	.needs = {.cpus = 1,
		  .memory = 32 << 20,
		  .scratch_parameter = "size",
		  .cold_cache = "cached"},
	.prepare = prepare,
	.run = run,
	.verify = disk_load_verify,
	.cleanup = disk_load_cleanup,
};
