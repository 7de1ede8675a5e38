/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "workloads/disk_file.h"
#include "workloads/workers.h"

#define WORKERS 2
#define READ_BACK 64      /* blocks that verify reads of a new file, and of an old one at times */
#define READ_BACK_FEW 4   /* in the other trials */
#define READ_BACK_TURN 16 /* trials */

struct state {
	struct disk_file *file;
	struct worker *workers;
	void *buffers[WORKERS];
	unsigned verified; /* trials */
};

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	bool direct = !strcmp(trial_choice(trial, "cached"), "off");
	size_t block = (size_t)trial_integer(trial, "block");

	if (block % 512)
		return error_set(err, -EINVAL,
				 "invalid disk.randomrw.block=%zu: give a multiple of 512", block);
	s->workers = workers_create(WORKERS, s);
	for (int i = 0; i < WORKERS; i++)
		s->buffers[i] = disk_buffer(block);
	if (!s->workers || !s->buffers[0] || !s->buffers[1])
		return error_set(err, -ENOMEM, "no memory for disk.randomrw");
	return disk_file_create(trial, (uint64_t)trial_integer(trial, "size"), block, direct,
				&s->file, err);
}

/* *now: when it ended. */
static int read_one(struct worker *w, uint64_t block, uint64_t *now, struct error *err)
{
	struct state *s = w->state;
	void *buffer = s->buffers[w->number];
	/* a concurrent write to this block may be seen in full, in part or not at all */
	uint32_t low = __atomic_load_n(&s->file->writes[block], __ATOMIC_ACQUIRE) - 1;
	uint64_t start = clock_now();
	int rc = disk_read(s->file, buffer, block, err);

	*now = clock_now();
	histogram_record(&w->latency, *now - start);
	if (rc)
		return rc;
	return disk_check(s->file, buffer, block, low,
			  __atomic_load_n(&s->file->writes[block], __ATOMIC_ACQUIRE), err);
}

static int write_one(struct worker *w, uint64_t block, uint64_t *now, struct error *err)
{
	struct state *s = w->state;
	void *buffer = s->buffers[w->number];
	uint32_t writes = s->file->writes[block] + 1;
	uint64_t start;
	int rc;

	disk_stamp(s->file, buffer, block, writes);
	__atomic_store_n(&s->file->writes[block], writes, __ATOMIC_RELEASE);
	start = clock_now();
	rc = disk_write(s->file, buffer, block, err);
	*now = clock_now();
	histogram_record(&w->latency, *now - start);
	return rc;
}

static int work(struct worker *w, struct error *err)
{
	const struct state *s = w->state;
	uint64_t now = clock_now();
	int rc = 0;

	while (!rc && trial_continue_at(&w->trial, &now)) {
		uint64_t block = random_below(&w->random, s->file->blocks);

		rc = w->number ? write_one(w, block, &now, err) : read_one(w, block, &now, err);
		w->operations++;
	}
	return rc;
}

static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	int rc = workers_run(trial, s->workers, WORKERS, work, err);

	if (rc)
		return rc;
	trial_value(trial, "throughput", trial->operations / trial_elapsed(trial));
	trial_note(trial, "engine", "sync");
	trial_note(trial, "cache", s->file->direct ? "bypassed (O_DIRECT)" : "page cache");
	disk_file_claim(trial, s->file, s->workers[0].operations, s->workers[1].operations);
	return 0;
}

static int verify(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	unsigned turn = s->verified++;
	int rc = disk_file_uncache(s->file, err);

	/* other blocks each time */
	if (!rc)
		rc = disk_file_verify(s->file, trial->seed + turn,
				      turn % READ_BACK_TURN ? READ_BACK_FEW : READ_BACK, err);
	/* so that the next trial finds nothing of this in a cache */
	return rc ? rc : disk_file_uncache(s->file, err);
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	disk_file_destroy(s->file);
	free(s->workers);
	for (int i = 0; i < WORKERS; i++)
		free(s->buffers[i]);
}

const struct workload disk_randomrw = {
	.name = "disk.randomrw",
	.version = 2,
	.panel = PANEL_DISK,
	.summary = "one thread reads and one writes random 8 KiB blocks of one file",
	.operation = "one read or write of `block` bytes",
	.stands_for = "filebench randomrw, 5 GB file, 1 reader and 1 writer, 8 KB"
		      " (sharma2016, Figure 4c; theirs went through the page cache: cached=on)",
	.metrics =
		(const struct metric[]){
			RATE("throughput", "IO/s"),
			LATENCY,
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"size", "size of the file", PARAMETER_SIZE, .fallback = 1 << 30,
			 .low = 1 << 16, .high = 0x1p43},
			{"block", "size of one read or write", PARAMETER_SIZE, .fallback = 8192,
			 .low = 512, .high = 1 << 20},
			{"cached", "use the page cache; off: O_DIRECT", PARAMETER_CHOICE,
			 .choices = (const char *const[]){"off", "on", NULL}},
			{0},
		},
	.needs = {.cpus = 1,
		  .memory = 4 << 20,
		  .scratch_parameter = "size",
		  .cold_cache = "cached"},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};
