/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole runs on the simulated machine, for the proof of the statistics: the driver's trials become
 * journal lines, a record, a summary with its verdicts, and the stop rule ends them. Only the
 * waiting is left out.
 */
#pragma once

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/driver.h"
#include "harness/plan/plan.h"
#include "harness/plan/schedule.h"
#include "results/estimate.h"
#include "results/precision.h"
#include "results/summary.h"

/* A preset as it is, for so many of the study's workloads. Instances are replaced as often as
 * schedule_blocks_each() lets those be that take `renew` seconds to start, prepare and warm up;
 * 0: never. */
struct schedule {
	const char *name, *preset;
	int workloads;
	double renew;
};

#define STUDY_ARMS 5 /* of the default study: what a block takes time for */

static const struct schedule quick = {"quick", "quick", 8, 0};
static const struct schedule quick_fresh = {"quick, fresh starts", "quick", 8, 0.1};
static const struct schedule quick_renewed = {"quick, starts of 4 blocks", "quick", 8, 0.6};
static const struct schedule standard = {"standard", "standard", 8, 0};
static const struct schedule thorough = {"thorough", "thorough", 8, 0};

enum { BASELINE, AGAIN, SUBJECT, ARMS };

/* Blocks of a recorded workload: logs, each less the median of its arm (tests/noise.py). */
#define NOISE_BLOCKS 1000
#define NOISE_RUN 3 /* blocks that follow each other are drawn together */
struct noise {
	char workload[64];
	int count;
	double logs[NOISE_BLOCKS][ARMS];
};

struct noises {
	int count;
	struct noise list[64];
};

struct machine {
	const char *name;
	const char *options;           /* of drivers/sim.c, but for the luck */
	const struct noises *recorded; /* in place of the simulated noise; NULL */
	bool long_too;                 /* by the long presets, too */
};

struct simulation {
	const struct schedule *schedule;
	const struct preset_of_run *preset;
	const struct machine *machine;
	double luck, block_seconds, now;
	int each; /* blocks of an instance; 0: all */
	struct environment *environments[ARMS];
	struct instance instances[ARMS];
	json_t *run, *request;
	struct record *record;
	uint64_t seed, draws;
	int moment, noise, noise_block;
	double shares[8][PLAN_BLOCKS_MAX + 64][ARMS]; /* logs of what was measured */
	int starts[8][PLAN_BLOCKS_MAX + 64], blocks[8];
};

static void insist(int rc, const char *what)
{
	if (!rc)
		return;
	fprintf(stderr, "the simulation failed: %s: %s\n", what, strerror(-rc));
	exit(EXIT_FAILURE);
}

static json_t *simulated_plan(const struct schedule *schedule, const struct preset_of_run *p,
			      uint64_t seed, const char *metrics)
{
	json_t *workloads = json_array(), *run;
	char name[32];

	for (int w = 0; w < schedule->workloads; w++) {
		snprintf(name, sizeof(name), "sim.work%d", w);
		json_array_append_new(workloads,
				      json_pack("{s:s, s:s, s:f, s:o}", "name", name, "panel",
						"cpu", "target", p->target, "metrics",
						json_loads(metrics, 0, NULL)));
	}
	run = json_pack("{s:s, s:{s:s}, s:{s:s, s:I, s:i, s:i, s:i, s:o,"
			" s:[{s:s, s:s, s:s}, {s:s, s:s, s:s}, {s:s, s:s, s:s}]}}",
			"id", "simulated", "study", "figure", "overhead", "plan", "preset", p->name,
			"seed", (json_int_t)seed, "min_blocks", p->min_blocks, "max_blocks",
			PLAN_BLOCKS_MAX, "starts", p->starts, "workloads", workloads, "arms", "id",
			"sim", "environment", "sim", "role", "baseline", "id", "sim#null",
			"environment", "sim", "role", "null", "id", "subject", "environment",
			"subject", "role", "subject");
	insist(run ? 0 : -EINVAL, "the simulated plan");
	return run;
}

#define THROUGHPUT "[{\"name\":\"throughput\",\"unit\":\"op/s\",\"better\":\"higher\"}]"
#define LATENCY                                                                                    \
	"[{\"name\":\"p99\",\"unit\":\"us\",\"better\":\"lower\",\"histogram\":\"latency\","       \
	"\"percentile\":0.99}]"

#define TRIAL_OVERHEAD 1.05

/* How many blocks of each of so many workloads in so many arms a preset has time for, in trials of
 * full length; at least as many as it promises. */
static inline int preset_blocks(const struct preset_of_run *preset, int workloads, int arms)
{
	double block = arms * preset->trial_seconds * TRIAL_OVERHEAD;
	double blocks = preset->budget_seconds / (workloads * block);
	int least =
		preset->starts > 1 ? preset->starts * preset->blocks_per_start : preset->min_blocks;

	return (int)fmin(fmax(blocks, least), PLAN_BLOCKS_MAX);
}

static void simulation_begin(struct simulation *s, const struct schedule *schedule,
			     const struct machine *machine, double luck, double overhead,
			     const char *metrics, uint64_t seed)
{
	char text[256];
	json_t *workloads;

	memset(s, 0, sizeof(*s));
	s->schedule = schedule;
	s->machine = machine;
	s->luck = luck;
	s->seed = s->draws = seed;
	insist(plan_preset(schedule->preset, &s->preset, NULL), schedule->preset);
	s->block_seconds = s->preset->budget_seconds / schedule->workloads /
			   preset_blocks(s->preset, schedule->workloads, STUDY_ARMS);
	s->each = schedule->renew > 0
			  ? schedule_blocks_each(
				    schedule->renew, s->block_seconds,
				    preset_blocks(s->preset, schedule->workloads, STUDY_ARMS))
			  : 0;
	for (int arm = 0; arm < ARMS; arm++) {
		snprintf(text, sizeof(text), "sim:overhead=%.9g,starts=%.9g,%s",
			 arm == SUBJECT ? overhead : 0, luck, machine->options);
		insist(environment_parse(text, &s->environments[arm], NULL), text);
	}
	s->run = simulated_plan(schedule, s->preset, seed, metrics);
	workloads = json_object_get(json_object_get(s->run, "plan"), "workloads");
	s->request = json_pack("{s:I, s:f, s:O}", "seed", (json_int_t)seed, "seconds",
			       s->preset->trial_seconds, "metrics",
			       json_object_get(json_array_get(workloads, 0), "metrics"));
	insist(record_create(s->run, &s->record, NULL), "record");
}

static void simulation_end(struct simulation *s)
{
	for (int arm = 0; arm < ARMS; arm++)
		environment_destroy(s->environments[arm]);
	record_destroy(s->record);
	json_decref(s->request);
	json_decref(s->run);
}

/* The luck of an instance is another one in each workload: another name. */
static void simulation_start(struct simulation *s, int workload, int start)
{
	for (int arm = 0; arm < ARMS; arm++) {
		struct instance *instance = &s->instances[arm];

		*instance = (struct instance){.environment = s->environments[arm]};
		snprintf(instance->id, sizeof(instance->id), "sim-%d-%d-%d", workload, arm, start);
		insist(instance->environment->driver->start(instance, NULL), "start");
	}
}

static void simulation_stop(struct simulation *s)
{
	for (int arm = 0; arm < ARMS; arm++)
		insist(s->instances[arm].environment->driver->stop(&s->instances[arm], NULL),
		       "stop");
}

static json_t *simulate_trial(struct simulation *s, int arm)
{
	struct instance *instance = &s->instances[arm];
	json_t *trial;

	json_object_set_new(s->request, "moment", json_integer(s->moment++));
	insist(instance->environment->driver->simulate(instance, s->request, &trial, NULL),
	       "simulate");
	return trial;
}

static unsigned draw_below(struct simulation *s, unsigned bound)
{
	s->draws = s->draws * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((s->draws >> 33) % bound);
}

/* The next recorded block. Its three values go to the arms in random order: then equal arms are
 * equal, whatever the recorded ones were. */
static void draw_noise(struct simulation *s, int block, double noise[ARMS])
{
	const struct noise *n;
	unsigned turn = draw_below(s, 6);
	static const int turns[6][ARMS] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					   {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

	memset(noise, 0, ARMS * sizeof(*noise));
	if (!s->machine->recorded)
		return;
	if (block == 0)
		s->noise = (int)draw_below(s, (unsigned)s->machine->recorded->count);
	n = &s->machine->recorded->list[s->noise];
	s->noise_block = block % NOISE_RUN == 0 ? (int)draw_below(s, (unsigned)n->count)
						: (s->noise_block + 1) % n->count;
	for (int arm = 0; arm < ARMS; arm++)
		noise[arm] = n->logs[s->noise_block][turns[turn][arm]];
}

static void simulate_line(struct simulation *s, int workload, int arm, int start, double noise)
{
	json_t *line = simulate_trial(s, arm), *values = json_object_get(line, "values"), *value;
	int block = s->blocks[workload];

	value = json_object_get(values, "throughput");
	if (value) {
		double log_of = log(json_real_value(value)) + noise;

		json_real_set(value, exp(log_of));
		s->shares[workload][block][arm] = log_of;
	}
	json_object_set_new(line, "record", json_string("trial"));
	json_object_set_new(line, "workload", json_string(s->record->workloads[workload].name));
	json_object_set_new(line, "arm", json_string(s->record->arms[arm].id));
	json_object_set_new(line, "start", json_integer(start));
	json_object_set_new(line, "block", json_integer(block));
	json_object_set_new(line, "time", json_real(s->now));
	json_object_set_new(line, "inside_seconds", json_real(s->preset->trial_seconds));
	json_object_set_new(line, "outside_seconds", json_real(s->preset->trial_seconds));
	insist(record_add_line(s->record, line, NULL), "line");
	json_decref(line);
}

static void simulate_block(struct simulation *s, int workload, int start)
{
	double noise[ARMS];
	int order[ARMS], block = s->blocks[workload];

	schedule_order(s->seed, (unsigned)workload, (unsigned)start, (unsigned)block, order, ARMS);
	draw_noise(s, block, noise);
	for (int i = 0; i < ARMS; i++)
		simulate_line(s, workload, order[i], start, noise[order[i]]);
	s->starts[workload][block] = start;
	s->blocks[workload]++;
	s->now += s->block_seconds;
}

static enum decision decide(const struct simulation *s, int workload, int starts, double deadline)
{
	const struct preset_of_run *p = s->preset;
	struct progress_of_workload state = {
		.blocks = s->blocks[workload],
		.min_blocks = schedule_least_blocks(s->each, p->min_blocks),
		.max_blocks = PLAN_BLOCKS_MAX,
		.starts = starts,
		.min_starts = p->starts,
		.precise = estimate_precise(s->record, workload),
		.now = s->now,
		.deadline = deadline,
	};

	return schedule_decide(&state);
}

/* One start, or fresh instances within one: asked after each block. */
static void run_in_one(struct simulation *s, int workload)
{
	double share = s->preset->budget_seconds / s->schedule->workloads;
	double deadline = schedule_deadline(s->now, s->preset->budget_seconds,
					    s->schedule->workloads - workload, share);
	int start = 0;

	simulation_start(s, workload, start);
	do {
		if (s->each && s->blocks[workload] == (start + 1) * s->each) {
			simulation_stop(s);
			simulation_start(s, workload, ++start);
		}
		simulate_block(s, workload, start);
	} while (decide(s, workload, start + 1, deadline) == DECISION_GO_ON);
	simulation_stop(s);
}

/* Several starts: each gives every workload its share of blocks, and it is asked after each. */
static void run_in_starts(struct simulation *s)
{
	bool ended[8] = {false};
	int left = s->schedule->workloads;

	for (int start = 0; left; start++)
		for (int w = 0; w < s->schedule->workloads; w++) {
			if (ended[w])
				continue;
			simulation_start(s, w, start);
			for (int i = 0; i < s->preset->blocks_per_start; i++)
				simulate_block(s, w, start);
			simulation_stop(s);
			ended[w] = decide(s, w, start + 1, s->preset->budget_seconds) !=
				   DECISION_GO_ON;
			left -= ended[w];
		}
}

static void simulation_run(struct simulation *s)
{
	if (s->preset->starts > 1)
		run_in_starts(s);
	else
		for (int w = 0; w < s->schedule->workloads; w++)
			run_in_one(s, w);
}

/* The rule that was: one mean of s - b0 with Student's interval, and no verdict but unresolved
 * where the null arm's interval does not lie within the margin. `shift`: of the subject, in logs.
 */
static enum verdict old_rule(const struct simulation *s, int workload, double shift)
{
	struct series arms[2] = {{0}, {0}};
	struct estimate e[2];
	double margin = log1p(VERDICT_MARGIN);

	for (int i = 0; i < 2; i++) {
		for (int b = 0; b < s->blocks[workload]; b++) {
			const double *logs = s->shares[workload][b];

			insist(series_append(&arms[i], logs[i ? SUBJECT : AGAIN] - logs[BASELINE],
					     NAN, s->starts[workload][b], 16, NULL),
			       "series");
		}
		e[i] = estimate_student(&arms[i]);
		series_finish(&arms[i]);
	}
	e[1].value += shift;
	if (!(fabs(e[0].value) + e[0].half < margin))
		return VERDICT_UNRESOLVED;
	if (fabs(e[1].value) + e[1].half < margin)
		return VERDICT_NEGLIGIBLE;
	return fabs(e[1].value) > e[1].half ? (e[1].value < 0 ? VERDICT_OVERHEAD : VERDICT_SPEEDUP)
					    : VERDICT_UNRESOLVED;
}

/* Counts over many workloads. The noise does not know the truth, so that one run serves all truths
 * up to 10 %: the subject is shifted. RULES: the product's, and the one that was. */
enum { TRUTHS = 5, NEW = 0, OLD = 1, RULES = 2 };
static const double truths[TRUTHS] = {0, 0.01, 0.03, 0.05, 0.10};

struct tally {
	int workloads, covered;
	int found[RULES][TRUTHS], wrong[RULES], negligible[RULES][TRUTHS];
	double half, blocks;
};

static void count(struct tally *t, int rule, int truth, enum verdict verdict)
{
	t->found[rule][truth] += verdict == VERDICT_OVERHEAD;
	t->wrong[rule] += !truth && (verdict == VERDICT_OVERHEAD || verdict == VERDICT_SPEEDUP);
	t->negligible[rule][truth] += verdict == VERDICT_NEGLIGIBLE;
}

static void tally_workload(struct tally *t, const struct simulation *s,
			   const struct summary_row *row, int workload, double overhead)
{
	double margin = verdict_margin(row->metric);

	t->workloads++;
	t->covered += fabs(row->log.value + log1p(overhead)) <= row->log.half;
	t->half += row->log.half;
	t->blocks += row->blocks;
	insist(verdict_of(&row->log, row->null_value, margin) == row->verdict ? 0 : -EIO,
	       "the summary judges as verdict_of() does");
	for (int truth = 0; truth < TRUTHS; truth++) {
		struct estimate shifted = row->log;

		shifted.value -= log1p(truths[truth]);
		count(t, NEW, truth, verdict_of(&shifted, row->null_value, margin));
		count(t, OLD, truth, old_rule(s, workload, -log1p(truths[truth])));
	}
}

static void simulate_run(struct tally *t, const struct schedule *schedule,
			 const struct machine *machine, double luck, double overhead,
			 const char *metrics, uint64_t seed)
{
	struct simulation *s = malloc(sizeof(*s));
	struct summary *summary;

	insist(s ? 0 : -ENOMEM, "memory");
	simulation_begin(s, schedule, machine, luck, overhead, metrics, seed);
	simulation_run(s);
	insist(summary_create(s->record, &summary, NULL), "summary");
	for (int w = 0; w < schedule->workloads; w++)
		tally_workload(t, s, summary_headline(summary, w, SUBJECT), w, overhead);
	summary_destroy(summary);
	simulation_end(s);
	free(s);
}

#define THREADS 2

struct share {
	const struct schedule *schedule;
	const struct machine *machine;
	double luck, overhead;
	const char *metrics;
	int first, runs;
	struct tally tally;
};

static void *simulate_share(void *argument)
{
	struct share *s = argument;

	for (int i = s->first; i < s->runs; i += THREADS)
		simulate_run(&s->tally, s->schedule, s->machine, s->luck, s->overhead, s->metrics,
			     (uint64_t)i * 7919 + 1);
	return NULL;
}

static void add_tally(struct tally *sum, const struct tally *t)
{
	sum->workloads += t->workloads;
	sum->covered += t->covered;
	sum->half += t->half;
	sum->blocks += t->blocks;
	for (int rule = 0; rule < RULES; rule++) {
		sum->wrong[rule] += t->wrong[rule];
		for (int truth = 0; truth < TRUTHS; truth++) {
			sum->found[rule][truth] += t->found[rule][truth];
			sum->negligible[rule][truth] += t->negligible[rule][truth];
		}
	}
}

/* Whole runs, each with a seed of its own. */
static struct tally simulate_runs(const struct schedule *schedule, const struct machine *machine,
				  double luck, double overhead, const char *metrics, int runs)
{
	struct share shares[THREADS];
	pthread_t threads[THREADS];
	struct tally sum = {0};

	for (int i = 0; i < THREADS; i++) {
		shares[i] =
			(struct share){schedule, machine, luck, overhead, metrics, i, runs, {0}};
		insist(-pthread_create(&threads[i], NULL, simulate_share, &shares[i]), "thread");
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		add_tally(&sum, &shares[i].tally);
	}
	return sum;
}

static void add_noise(struct noises *noises, const char *workload, const double logs[ARMS])
{
	struct noise *n = noises->count ? &noises->list[noises->count - 1] : NULL;

	if (!n || strcmp(n->workload, workload)) {
		insist(noises->count < 64 ? 0 : -E2BIG, "recorded workloads");
		n = &noises->list[noises->count++];
		snprintf(n->workload, sizeof(n->workload), "%s", workload);
	}
	insist(n->count < NOISE_BLOCKS ? 0 : -E2BIG, "recorded blocks");
	memcpy(n->logs[n->count++], logs, ARMS * sizeof(*logs));
}

/* tests/noise/NAME.csv; the caller frees. */
static struct noises *load_noise(const char *name)
{
	struct noises *noises = calloc(1, sizeof(*noises));
	char path[128], line[256], workload[64];
	double logs[ARMS];
	FILE *file;

	snprintf(path, sizeof(path), "tests/noise/%s.csv", name);
	file = fopen(path, "r");
	insist(noises && file ? 0 : -ENOENT, path);
	while (fgets(line, sizeof(line), file)) {
		if (line[0] == '#')
			continue;
		insist(sscanf(line, "%63[^,],%lf,%lf,%lf", workload, &logs[0], &logs[1],
			      &logs[2]) == 4
			       ? 0
			       : -EINVAL,
		       path);
		for (int arm = 0; arm < ARMS; arm++)
			logs[arm] /= 10000;
		add_noise(noises, workload, logs);
	}
	fclose(file);
	return noises;
}
