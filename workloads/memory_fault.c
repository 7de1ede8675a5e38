/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workloads/pages.h"

struct state {
	size_t dirty;
};

/* Bytes of one page of the kind asked for. */
static size_t page_bytes(const struct trial *trial)
{
	return trial_choice(trial, "pages")[0] == '4' ? (size_t)sysconf(_SC_PAGESIZE)
						      : (size_t)2 << 20;
}

static int run(struct trial *trial, struct error *err)
{
	size_t size = (size_t)trial_integer(trial, "size"), page = page_bytes(trial);
	size_t dirty = 0;

	while (trial_continue(trial)) {
		struct pages pages;
		int rc = pages_map(trial, size, &pages, err);
		char *memory = pages.memory;

		if (rc)
			return rc;
		for (size_t at = 0; at < size; at += page) {
			/* one access: a read first would be a fault of its own */
			dirty += __atomic_exchange_n(&memory[at], 1, __ATOMIC_RELAXED) != 0;
			trial->operations++;
		}
		pages_unmap(&pages);
	}
	trial_value(trial, "throughput", trial->operations / trial_elapsed(trial));
	((struct state *)trial->state)->dirty = dirty;
	return 0;
}

/* New memory must be zero. */
static int verify(struct trial *trial, struct error *err)
{
	size_t dirty = ((const struct state *)trial->state)->dirty;

	return dirty ? error_set(err, -EIO, "%zu pages have wrong contents", dirty) : 0;
}

const struct workload memory_fault = {
	.name = "memory.fault",
	.version = 1,
	.panel = PANEL_MEMORY,
	.summary = "map memory, touch each page, unmap it",
	.operation = "one page touched",
	.stands_for = "will-it-scale page_fault1; allocation in young2019, Figure 4",
	.metrics =
		(const struct metric[]){
			RATE("throughput", "faults/s"),
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"size", "size of one mapping", PARAMETER_SIZE, .fallback = 4 << 20,
			 .low = 4096, .high = 1 << 30},
			PAGES_PARAMETER_SMALL,
			{0},
		},
	.needs = {.cpus = 1, .memory_parameter = "size"},
	.state_bytes = sizeof(struct state),
	.run = run,
	.verify = verify,
};
