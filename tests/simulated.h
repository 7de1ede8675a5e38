/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole runs on the simulated machine, for the proof of the statistics: the driver's trials become
 * journal lines, a record, a summary with its verdicts, and the stop rule ends them. Only the
 * waiting is left out.
 */
#ifndef TARE_SIMULATED_H
#define TARE_SIMULATED_H

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/driver.h"
#include "harness/plan/plan.h"
#include "results/precision.h"
#include "results/summary.h"

/* A preset (harness/plan/plan.c) and the study that shares its time: quick is the run of one
 * workload in one environment, the others one workload for each panel in three. */
struct schedule {
	const char *name;
	int workloads, arms;
};

static const struct schedule quick = {"quick", 1, 3};
static const struct schedule standard = {"standard", 4, 5};
static const struct schedule thorough = {"thorough", 4, 5};

enum { BASELINE, AGAIN, SUBJECT, ARMS };

struct simulation {
	const struct preset_of_run *preset;
	int most_blocks;
	struct environment *environments[ARMS];
	struct instance instances[ARMS];
	json_t *run, *request;
	struct record *record;
	uint64_t seed, shuffle;
	int moment, block;
};

static void insist(int rc, const char *what)
{
	if (!rc)
		return;
	fprintf(stderr, "the simulation failed: %s: %s\n", what, strerror(-rc));
	exit(EXIT_FAILURE);
}

static json_t *simulated_plan(const struct preset_of_run *p, uint64_t seed, const char *metrics)
{
	json_error_t where;
	json_t *list = json_loads(metrics, 0, &where), *run;

	run = json_pack("{s:s, s:{s:s}, s:{s:s, s:I, s:i, s:i, s:i, s:[{s:s, s:s, s:f, s:O}],"
			" s:[{s:s, s:s, s:s}, {s:s, s:s, s:s}, {s:s, s:s, s:s}]}}",
			"id", "simulated", "study", "figure", "overhead", "plan", "preset", p->name,
			"seed", (json_int_t)seed, "min_blocks", p->min_blocks, "max_blocks",
			PLAN_BLOCKS_MAX, "starts", p->starts, "workloads", "name", "sim.work",
			"panel", "cpu", "target", p->target, "metrics", list, "arms", "id", "sim",
			"environment", "sim", "role", "baseline", "id", "sim#null", "environment",
			"sim", "role", "null", "id", "subject", "environment", "subject", "role",
			"subject");
	if (!run) {
		fprintf(stderr, "the simulated plan is wrong: %s\n", where.text);
		exit(EXIT_FAILURE);
	}
	json_decref(list);
	return run;
}

#define THROUGHPUT "[{\"name\":\"throughput\",\"unit\":\"op/s\",\"better\":\"higher\"}]"
#define LATENCY                                                                                    \
	"[{\"name\":\"p99\",\"unit\":\"us\",\"better\":\"lower\",\"histogram\":\"latency\","       \
	"\"percentile\":0.99}]"

static void simulation_begin(struct simulation *s, const struct schedule *schedule,
			     const char *machine, double overhead, const char *metrics,
			     uint64_t seed)
{
	char text[256];
	json_t *workloads;

	*s = (struct simulation){.seed = seed, .shuffle = seed};
	insist(plan_preset(schedule->name, &s->preset, NULL), schedule->name);
	s->most_blocks = preset_blocks(s->preset, schedule->workloads, schedule->arms);
	for (int arm = 0; arm < ARMS; arm++) {
		snprintf(text, sizeof(text), "sim:overhead=%.9g,%s", arm == SUBJECT ? overhead : 0,
			 machine);
		insist(environment_parse(text, &s->environments[arm], NULL), text);
	}
	s->run = simulated_plan(s->preset, seed, metrics);
	workloads = json_object_get(json_object_get(s->run, "plan"), "workloads");
	s->request = json_pack("{s:I, s:f, s:O}", "seed", (json_int_t)seed, "seconds", 0.3,
			       "metrics", json_object_get(json_array_get(workloads, 0), "metrics"));
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

static void simulation_start(struct simulation *s, int start)
{
	for (int arm = 0; arm < ARMS; arm++) {
		struct instance *instance = &s->instances[arm];

		*instance = (struct instance){.environment = s->environments[arm]};
		snprintf(instance->id, sizeof(instance->id), "sim-%d-%d", arm, start);
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

static void simulate_line(struct simulation *s, int arm, int start, int block)
{
	json_t *line = simulate_trial(s, arm);

	json_object_set_new(line, "record", json_string("trial"));
	json_object_set_new(line, "workload", json_string("sim.work"));
	json_object_set_new(line, "arm", json_string(s->record->arms[arm].id));
	json_object_set_new(line, "start", json_integer(start));
	json_object_set_new(line, "block", json_integer(block));
	json_object_set_new(line, "time", json_real(s->moment * 0.31));
	json_object_set_new(line, "inside_seconds", json_real(0.3));
	json_object_set_new(line, "outside_seconds", json_real(0.301));
	insist(record_add_line(s->record, line, NULL), "line");
	json_decref(line);
}

static unsigned draw_below(struct simulation *s, unsigned bound)
{
	s->shuffle = s->shuffle * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((s->shuffle >> 33) % bound);
}

static void simulate_block(struct simulation *s, int start)
{
	int order[ARMS] = {BASELINE, AGAIN, SUBJECT};

	for (unsigned i = ARMS - 1; i > 0; i--) {
		unsigned j = draw_below(s, i + 1);
		int arm = order[i];

		order[i] = order[j];
		order[j] = arm;
	}
	for (int i = 0; i < ARMS; i++)
		simulate_line(s, order[i], start, s->block);
	s->block++;
}

/* With one start the stop rule is asked after each block, with several after each start. */
static void simulation_run(struct simulation *s)
{
	const struct preset_of_run *p = s->preset;
	bool precise = false;

	for (int start = 0; !precise && s->block < s->most_blocks; start++) {
		simulation_start(s, start);
		for (int i = 0; i < p->blocks_per_start; i++)
			simulate_block(s, start);
		while (p->starts == 1 && s->block < s->most_blocks &&
		       !estimate_precise(s->record, 0))
			simulate_block(s, start);
		simulation_stop(s);
		precise = estimate_precise(s->record, 0);
	}
}

/* What came of one run. */
struct outcome {
	struct interval relative;
	enum verdict verdict;
	bool differs;
	int blocks;
};

static struct outcome simulate_run(const struct schedule *schedule, const char *machine,
				   double overhead, const char *metrics, uint64_t seed)
{
	struct simulation s;
	struct summary *summary;
	const struct summary_row *row;
	struct outcome outcome;

	simulation_begin(&s, schedule, machine, overhead, metrics, seed);
	simulation_run(&s);
	insist(summary_create(s.record, &summary, NULL), "summary");
	row = summary_headline(summary, 0, SUBJECT);
	outcome = (struct outcome){row->relative, row->verdict, row->differs, row->blocks};
	summary_destroy(summary);
	simulation_end(&s);
	return outcome;
}

/* Many runs of one machine, each with a seed of its own. */
struct tally {
	int runs, covered, found, differs, negligible;
	double half, blocks; /* means over the runs; sums in a thread */
};

/* A share of the runs, for one thread. */
struct share {
	const struct schedule *schedule;
	const char *machine, *metrics;
	double overhead;
	int first, step, runs;
	struct tally tally;
};

static void *simulate_share(void *argument)
{
	struct share *s = argument;
	struct tally *t = &s->tally;
	double truth = 1 / (1 + s->overhead);

	for (int i = s->first; i < s->runs; i += s->step) {
		struct outcome o = simulate_run(s->schedule, s->machine, s->overhead, s->metrics,
						(uint64_t)i + 1);

		t->runs++;
		t->covered += o.relative.low <= truth && truth <= o.relative.high;
		t->found += o.verdict == VERDICT_OVERHEAD || o.verdict == VERDICT_SPEEDUP;
		t->negligible += o.verdict == VERDICT_NEGLIGIBLE;
		t->differs += o.differs;
		t->half += log(o.relative.high / o.relative.low) / 2;
		t->blocks += o.blocks;
	}
	return NULL;
}

#define THREADS 2

static struct tally simulate_runs(const struct schedule *schedule, const char *machine,
				  double overhead, const char *metrics, int runs)
{
	struct share shares[THREADS];
	pthread_t threads[THREADS];
	struct tally sum = {0};

	for (int i = 0; i < THREADS; i++) {
		shares[i] =
			(struct share){schedule, machine, metrics, overhead, i, THREADS, runs, {0}};
		insist(-pthread_create(&threads[i], NULL, simulate_share, &shares[i]), "thread");
	}
	for (int i = 0; i < THREADS; i++) {
		const struct tally *t = &shares[i].tally;

		pthread_join(threads[i], NULL);
		sum.runs += t->runs;
		sum.covered += t->covered;
		sum.found += t->found;
		sum.negligible += t->negligible;
		sum.differs += t->differs;
		sum.half += t->half / runs;
		sum.blocks += t->blocks / runs;
	}
	return sum;
}

#endif
