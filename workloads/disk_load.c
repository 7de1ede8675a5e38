/* SPDX-License-Identifier: GPL-3.0-or-later */
/* disk.randread, randwrite, seqread and seqwrite: random or sequential reads or writes of one file
 * at a given queue depth. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "workloads/disk_file.h"
#include "workloads/disk_queue.h"
#include "workloads/workers.h"

#define READ_BACK_BYTES (1 << 20) /* that verify reads */

extern const struct workload disk_randwrite, disk_seqread, disk_seqwrite;

static const char *const engines[] = {"io_uring", "aio", "sync", NULL};
static const char *const cached[] = {"off", "on", NULL};

/* An operation in flight. It has two buffers (engine sync: one), so that the disk never waits for
 * the memory: one is checked while the next read fills the other, and while one is written, the
 * other is filled for the slot's next write. */
struct slot {
	uint64_t block, start;
	uint64_t next; /* to be written from `other`, if `ready` */
	bool busy, ready;
	void *buffer, *other;
};

struct finished {
	uint64_t block;
	const void *buffer;
};

struct state {
	struct disk_file *file;
	bool writes, ordered;
	int depth;
	struct disk_queue *queue; /* NULL: engine sync */
	struct worker *workers;   /* engine sync: one for each operation in flight; otherwise one */
	struct slot slots[DISK_DEPTH_MAX];
	uint64_t next; /* block, in sequence; continues from trial to trial */
};

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	const char *engine = trial_choice(trial, "engine");
	size_t block = (size_t)trial_integer(trial, "block");
	uint64_t size = (uint64_t)trial_integer(trial, "size");
	bool sync = !strcmp(engine, "sync");
	int rc;

	s->writes = trial->workload == &disk_randwrite || trial->workload == &disk_seqwrite;
	s->ordered = trial->workload == &disk_seqread || trial->workload == &disk_seqwrite;
	s->depth = (int)trial_integer(trial, "depth");
	if (block % 512 || size / block < (uint64_t)s->depth * 2)
		return error_set(err, -EINVAL,
				 "invalid block=%zu, depth=%d: block must be a multiple of 512, "
				 "and size at least 2 blocks for each operation in flight",
				 block, s->depth);
	s->workers = workers_create(sync ? s->depth : 1, s);
	if (!s->workers)
		return error_set(err, -ENOMEM, "no memory for %s", trial->workload->name);
	for (int i = 0; i < s->depth; i++) {
		s->slots[i].buffer = disk_buffer(block);
		s->slots[i].other = sync ? NULL : disk_buffer(block);
		if (!s->slots[i].buffer || (!sync && !s->slots[i].other))
			return error_set(err, -ENOMEM, "no memory for %d blocks of %zu bytes",
					 s->depth, block);
	}
	rc = sync ? 0 : disk_queue_create(engine, s->depth, &s->queue, err);
	return rc ? rc
		  : disk_file_create(trial, size, block,
				     !strcmp(trial_choice(trial, "cached"), "off"), &s->file, err);
}

/* Of two concurrent writes to one block, either may win. */
static bool in_flight(const struct state *s, uint64_t block)
{
	for (int i = 0; i < s->depth; i++) {
		const struct slot *slot = &s->slots[i];

		if ((slot->busy && slot->block == block) || (slot->ready && slot->next == block))
			return true;
	}
	return false;
}

/* The block for a slot of the queue (or for the only thread). */
static uint64_t pick(struct state *s, struct random_state *random)
{
	uint64_t block;

	if (s->ordered) {
		block = s->next;
		s->next = (s->next + 1) % s->file->blocks;
		return block;
	}
	do
		block = random_below(random, s->file->blocks);
	while (s->writes && in_flight(s, block));
	return block;
}

/* The block for one of several threads: threads that write at random each have their share of the
 * file, so that no two write the same block; sequentially they take turns. */
static uint64_t pick_for(struct state *s, struct worker *w)
{
	uint64_t share = s->file->blocks / (uint64_t)s->depth;

	if (s->ordered)
		return __atomic_fetch_add(&s->next, 1, __ATOMIC_RELAXED) % s->file->blocks;
	if (s->writes)
		return (uint64_t)w->number * share + random_below(&w->random, share);
	return random_below(&w->random, s->file->blocks);
}

static int work_sync(struct worker *w, struct error *err)
{
	struct state *s = w->state;
	void *buffer = s->slots[w->number].buffer;
	int rc = 0;

	while (!rc && trial_continue(&w->trial)) {
		uint64_t block = pick_for(s, w), start;

		if (s->writes)
			disk_stamp(s->file, buffer, block, ++s->file->writes[block]);
		start = clock_now();
		rc = s->writes ? disk_write(s->file, buffer, block, err)
			       : disk_read(s->file, buffer, block, err);
		histogram_record(&w->latency, clock_now() - start);
		if (!rc && !s->writes)
			rc = disk_check(s->file, buffer, block, 1, 1, err);
		w->operations++;
	}
	return rc;
}

static void swap_buffers(struct slot *slot)
{
	void *buffer = slot->buffer;

	slot->buffer = slot->other;
	slot->other = buffer;
}

/* Fills what a slot writes next, while the disk works. */
static void make_ready(struct state *s, struct worker *w)
{
	for (int i = 0; i < s->depth; i++) {
		struct slot *slot = &s->slots[i];

		if (slot->ready)
			continue;
		slot->next = pick(s, &w->random);
		slot->ready = true;
		disk_stamp(s->file, slot->other, slot->next, s->file->writes[slot->next] + 1);
	}
}

static void start_slot(struct state *s, struct worker *w, int i)
{
	const struct disk_file *file = s->file;
	struct slot *slot = &s->slots[i];

	if (s->writes) {
		slot->block = slot->next;
		slot->ready = false;
		swap_buffers(slot);
		file->writes[slot->block]++;
	} else {
		slot->block = pick(s, &w->random);
	}
	slot->busy = true;
	slot->start = clock_now();
	disk_queue_add(s->queue, i, file->fd, s->writes, slot->buffer, file->block,
		       slot->block * file->block);
}

static int end_slot(struct state *s, struct worker *w, const struct disk_completion *done,
		    uint64_t now, struct finished *finished, struct error *err)
{
	struct slot *slot = &s->slots[done->slot];

	*finished = (struct finished){slot->block, slot->buffer};
	slot->busy = false;
	if (!s->writes)
		swap_buffers(slot);
	histogram_record(&w->latency, now - slot->start);
	w->operations++;
	if (done->result < 0)
		return error_errno(err, (int)done->result, "block %llu of %s",
				   (unsigned long long)slot->block, s->file->path);
	if (done->result != (long)s->file->block)
		return error_set(err, -EIO, "block %llu of %s: %ld of %zu bytes",
				 (unsigned long long)slot->block, s->file->path, done->result,
				 s->file->block);
	return 0;
}

static int end_slots(struct state *s, struct worker *w, const struct disk_completion *done, int n,
		     struct finished *finished, struct error *err)
{
	uint64_t now = clock_now();
	int rc = 0;

	for (int i = 0; i < n; i++) {
		int failed = end_slot(s, w, &done[i], now, &finished[i], rc ? NULL : err);

		rc = rc ? rc : failed;
	}
	return rc;
}

static int check_finished(const struct state *s, const struct finished *finished, int n,
			  struct error *err)
{
	int rc = 0;

	for (int i = 0; i < n && !rc; i++)
		rc = disk_check(s->file, finished[i].buffer, finished[i].block, 1, 1, err);
	return rc;
}

static int count_busy(const struct state *s)
{
	int busy = 0;

	for (int i = 0; i < s->depth; i++)
		busy += s->slots[i].busy;
	return busy;
}

/* Keeps the queue full until the deadline, then drains it. */
static int work_queue(struct worker *w, struct error *err)
{
	struct state *s = w->state;
	struct disk_completion done[DISK_DEPTH_MAX];
	struct finished finished[DISK_DEPTH_MAX];
	int n = 0, rc = 0, failed;

	if (s->writes)
		make_ready(s, w);
	for (;;) {
		bool more = !rc && trial_continue(&w->trial);

		for (int i = 0; more && i < s->depth; i++)
			if (!s->slots[i].busy)
				start_slot(s, w, i);
		disk_queue_submit(s->queue);
		if (s->writes)
			make_ready(s, w);
		else if (!rc)
			rc = check_finished(s, finished, n, err);
		if (!count_busy(s))
			return rc;
		n = disk_queue_wait(s->queue, done);
		if (n < 0)
			return error_errno(err, n, "waiting for the disk");
		failed = end_slots(s, w, done, n, finished, rc ? NULL : err);
		rc = rc ? rc : failed;
	}
}

static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	int rc = workers_run(trial, s->workers, s->queue ? 1 : s->depth,
			     s->queue ? work_queue : work_sync, err);

	if (rc)
		return rc;
	trial_value(trial, "throughput",
		    trial->operations / trial_elapsed(trial) *
			    (s->ordered ? (double)s->file->block / 1e6 : 1));
	trial_note(trial, "engine", trial_choice(trial, "engine"));
	trial_note(trial, "cache", s->file->direct ? "bypassed (O_DIRECT)" : "page cache");
	disk_file_claim(trial, s->file, s->writes ? 0 : trial->operations,
			s->writes ? trial->operations : 0);
	return 0;
}

/* Reads were checked on completion. */
static int verify(struct trial *trial, struct error *err)
{
	const struct state *s = trial->state;
	int blocks = READ_BACK_BYTES / (int)s->file->block;
	int rc = disk_file_uncache(s->file, err);

	if (rc || !s->writes)
		return rc;
	rc = disk_file_verify(s->file, trial->seed, blocks > 64 ? 64 : blocks + 1, err);
	/* so that the next trial finds nothing of this in a cache */
	return rc ? rc : disk_file_uncache(s->file, err);
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	disk_queue_destroy(s->queue);
	disk_file_destroy(s->file);
	free(s->workers);
	for (int i = 0; i < s->depth; i++) {
		free(s->slots[i].buffer);
		free(s->slots[i].other);
	}
}

/* Unit, defaults of block and depth, bytes of memory. */
/* clang-format off */
#define DISK_LOAD(unit, block, depth, bytes)                                                       \
	.version = 2,                                                                              \
	.panel = PANEL_DISK,                                                                       \
	.metrics = (const struct metric[]){RATE("throughput", unit), LATENCY, {0}},                \
	.parameters = (const struct parameter[]) {                                                 \
		{"size", "size of the file", PARAMETER_SIZE, .fallback = 1 << 30,                  \
		 .low = 1 << 16, .high = 0x1p43},                                                  \
		{"block", "size of one read or write", PARAMETER_SIZE, .fallback = block,          \
		 .low = 512, .high = 16 << 20},                                                    \
		{"depth", "reads or writes in flight", PARAMETER_INTEGER, .fallback = depth,       \
		 .low = 1, .high = DISK_DEPTH_MAX},                                                \
		{"engine", "interface; sync uses a thread for each in flight", PARAMETER_CHOICE,   \
		 .choices = engines, .resolve = RESOLVE_COMMON},                                   \
		{"cached", "use the page cache; off: O_DIRECT", PARAMETER_CHOICE,                  \
		 .choices = cached},                                                               \
		{0},                                                                               \
	},                                                                                         \
	.sweep = "depth",                                                                          \
	.needs = {.cpus = 1, .memory = bytes, .scratch_parameter = "size",                         \
		  .cold_cache = "cached"},                                                         \
	.state_bytes = sizeof(struct state),                                                       \
	.prepare = prepare,                                                                        \
	.run = run,                                                                                \
	.verify = verify,                                                                          \
	.cleanup = cleanup
/* clang-format on */

const struct workload disk_randread = {
	.name = "disk.randread",
	.summary = "random 4 KiB reads, a fixed number in flight",
	.operation = "one read of `block` bytes",
	.stands_for = "fio random read, 4 KB (felter2015, Figures 6 and 7)",
	DISK_LOAD("IO/s", 4096, 1, 4 << 20),
};

const struct workload disk_randwrite = {
	.name = "disk.randwrite",
	.summary = "random 4 KiB writes, a fixed number in flight",
	.operation = "one write of `block` bytes",
	.stands_for = "fio random write, 4 KB (felter2015, Figure 6)",
	DISK_LOAD("IO/s", 4096, 1, 4 << 20),
};

const struct workload disk_seqread = {
	.name = "disk.seqread",
	.summary = "sequential 1 MiB reads",
	.operation = "one read of `block` bytes",
	.stands_for = "fio sequential read, 1 MB, 2 in flight (felter2015, Figure 5)",
	DISK_LOAD("MB/s", 1 << 20, 2, 32 << 20),
};

const struct workload disk_seqwrite = {
	.name = "disk.seqwrite",
	.summary = "sequential 1 MiB writes",
	.operation = "one write of `block` bytes",
	.stands_for = "fio sequential write, 1 MB, 16 in flight (felter2015, Figure 5)",
	DISK_LOAD("MB/s", 1 << 20, 16, 32 << 20),
};
