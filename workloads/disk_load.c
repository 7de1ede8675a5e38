/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/disk_load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "workloads/disk_file.h"
#include "workloads/disk_queue.h"
#include "workloads/workers.h"

#define READ_BACK_BYTES (1 << 20) /* that verify reads */

const char *const disk_engines[] = {"io_uring", "aio", "sync", NULL};
const char *const disk_cached[] = {"off", "on", NULL};

/*
 * An operation in flight. It has two buffers (engine sync: one), so that the disk never waits for
 * the memory: what was read into one is checked while the next operation fills the other, and
 * while one is written, the other gets what the slot writes next.
 */
struct slot {
	uint64_t block, start;
	uint64_t next; /* to be written from `other`, where `ready` */
	bool busy, ready;
	void *buffer, *other;
};

struct finished {
	uint64_t block;
	const void *buffer;
};

struct state {
	struct disk_file *file;
	enum disk_pattern pattern;
	int depth;
	struct disk_queue *queue; /* NULL: engine sync */
	struct worker *workers;   /* of engine sync: one for each operation in flight; else one */
	struct slot slots[DISK_DEPTH_MAX];
	uint64_t next; /* block, in order; goes on from trial to trial */
};

static bool writes(const struct state *s)
{
	return s->pattern == DISK_RANDOM_WRITE || s->pattern == DISK_ORDERED_WRITE;
}

static bool ordered(const struct state *s)
{
	return s->pattern == DISK_ORDERED_READ || s->pattern == DISK_ORDERED_WRITE;
}

int disk_load_prepare(struct trial *trial, enum disk_pattern pattern, struct error *err)
{
	struct state *s = calloc(1, sizeof(*s));
	const char *engine = trial_choice(trial, "engine");
	size_t block = (size_t)trial_integer(trial, "block");
	uint64_t size = (uint64_t)trial_integer(trial, "size");
	bool sync = !strcmp(engine, "sync");
	int rc;

	trial->state = s;
	if (!s)
		return error_set(err, -ENOMEM, "no memory for %s", trial->workload->name);
	s->pattern = pattern;
	s->depth = (int)trial_integer(trial, "depth");
	if (block % 512 || size / block < (uint64_t)s->depth * 2)
		return error_set(err, -EINVAL,
				 "block=%zu and depth=%d are refused: a multiple of 512, and"
				 " at least two blocks of the file for each operation in flight",
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

/* The block for a slot of the queue (or of the only thread that takes them). */
static uint64_t pick(struct state *s, struct random_state *random)
{
	uint64_t block;

	if (ordered(s)) {
		block = s->next;
		s->next = (s->next + 1) % s->file->blocks;
		return block;
	}
	do
		block = random_below(random, s->file->blocks);
	while (writes(s) && in_flight(s, block));
	return block;
}

/* The block for a thread of its own: threads that write at random each have their share of the
 * file, so that no two write one block; in order, they take turns. */
static uint64_t pick_for(struct state *s, struct worker *w)
{
	uint64_t share = s->file->blocks / (uint64_t)s->depth;

	if (ordered(s))
		return __atomic_fetch_add(&s->next, 1, __ATOMIC_RELAXED) % s->file->blocks;
	if (s->pattern == DISK_RANDOM_WRITE)
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

		if (writes(s))
			disk_stamp(s->file, buffer, block, ++s->file->writes[block]);
		start = clock_now();
		rc = writes(s) ? disk_write(s->file, buffer, block, err)
			       : disk_read(s->file, buffer, block, err);
		histogram_record(w->latency, clock_now() - start);
		if (!rc && !writes(s))
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

/* What a slot writes next, made while the disk works. */
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

	if (writes(s)) {
		slot->block = slot->next;
		slot->ready = false;
		swap_buffers(slot);
		file->writes[slot->block]++;
	} else {
		slot->block = pick(s, &w->random);
	}
	slot->busy = true;
	slot->start = clock_now();
	disk_queue_add(s->queue, i, file->fd, writes(s), slot->buffer, file->block,
		       slot->block * file->block);
}

static int end_slot(struct state *s, struct worker *w, const struct disk_completion *done,
		    uint64_t now, struct finished *finished, struct error *err)
{
	struct slot *slot = &s->slots[done->slot];

	*finished = (struct finished){slot->block, slot->buffer};
	slot->busy = false;
	if (!writes(s))
		swap_buffers(slot);
	histogram_record(w->latency, now - slot->start);
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

	if (writes(s))
		make_ready(s, w);
	for (;;) {
		bool more = !rc && trial_continue(&w->trial);

		for (int i = 0; more && i < s->depth; i++)
			if (!s->slots[i].busy)
				start_slot(s, w, i);
		disk_queue_submit(s->queue);
		if (writes(s))
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

int disk_load_run(struct trial *trial, const char *metric, double scale, struct error *err)
{
	struct state *s = trial->state;
	int rc = workers_run(trial, s->workers, s->queue ? 1 : s->depth,
			     s->queue ? work_queue : work_sync, err);

	if (rc)
		return rc;
	trial_value(trial, metric, scale * trial->operations / trial_elapsed(trial));
	trial_note(trial, "engine", trial_choice(trial, "engine"));
	trial_note(trial, "cache", s->file->direct ? "bypassed (O_DIRECT)" : "page cache");
	disk_file_claim(trial, s->file, writes(s) ? 0 : trial->operations,
			writes(s) ? trial->operations : 0);
	return 0;
}

/* Reads were checked on completion. */
int disk_load_verify(struct trial *trial, struct error *err)
{
	const struct state *s = trial->state;
	int blocks = READ_BACK_BYTES / (int)s->file->block;
	int rc = disk_file_uncache(s->file, err);

	if (rc || !writes(s))
		return rc;
	rc = disk_file_verify(s->file, trial->seed, blocks > 64 ? 64 : blocks + 1, err);
	/* what was read back is in no cache when the next trial begins */
	return rc ? rc : disk_file_uncache(s->file, err);
}

void disk_load_cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	if (!s)
		return;
	disk_queue_destroy(s->queue);
	disk_file_destroy(s->file);
	workers_destroy(s->workers, s->queue || !s->workers ? 1 : s->depth);
	for (int i = 0; i < s->depth; i++) {
		free(s->slots[i].buffer);
		free(s->slots[i].other);
	}
	free(s);
	trial->state = NULL;
}
