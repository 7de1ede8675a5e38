/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run as it was recorded: run.json and trials.jsonl, read into compact tables. Everything
 * in summary, figures and report is derived from this alone (docs/data.md has the schema).
 * Written for journals of 100,000 trials, in less than 200 MB.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/directory.h"
#include "base/error.h"
#include "base/histogram.h"
#include "base/vocabulary.h"
#include "results/trial_fields.h"

/* One metric of one workload as the plan declares it. Strings belong to run.json. */
struct record_metric {
	const char *name, *unit;
	bool lower_is_better, zero_valid;
	const char *histogram; /* NULL: a value */
	double percentile;
};

struct record_workload {
	const char *name, *panel;
	struct record_metric *metrics;
	int metric_count;
	json_t *entry; /* borrowed: the plan's entry with parameters */
};

/* A column of the comparisons: the conditions of one instance in one scene. */
struct record_arm {
	const char *id;          /* "bare", "bare#null", "vm", "vm+idle" */
	const char *instance;    /* id of its subject */
	const char *environment; /* of its subject: key into run.json's environments */
	const char *label; /* "VM (emulated, TCG)"; "bare metal again" for the null arm; of a rung
			      what it adds, with its kind where that is not comparable */
	const char *rung;  /* of a ladder: what it adds; NULL: none */
	bool again;        /* a null arm in other instances */
};

/* What is measured of a workload in an arm, and what that is compared with. */
struct record_condition {
	const char *id; /* of the plan; NULL: a run of schema 1, or the plan has none here */
	bool absent;    /* the plan has none here */
	int arm;
	int against; /* arm; its own: it is a baseline */
	int null;    /* the arm that it repeats; -1: none */
};

static inline bool condition_is_baseline(const struct record_condition *condition)
{
	return condition->against == condition->arm;
}

static inline bool condition_is_null(const struct record_condition *condition)
{
	return condition->null >= 0;
}

static inline bool condition_is_subject(const struct record_condition *condition)
{
	return !condition_is_baseline(condition) && !condition_is_null(condition);
}

struct record_trial {
	uint32_t line;          /* of trials.jsonl, from 1 */
	uint16_t workload, arm; /* indices */
	uint16_t start, block;  /* from 0 */
	uint16_t instance; /* of the arm, from 0: fresh ones have other numbers; else its start */
	bool warmup;
	bool valid;         /* may enter the estimate */
	const char *reason; /* why not, or NULL; owned by the record */
	uint32_t flags;     /* bits, record_flag_name() */
	union {
		struct trial_numbers numbers;
		struct {
			TRIAL_NUMBERS
		};
	};
	/* One for each metric of the workload: a histogram's mean for the percentile 0; NaN where
	 * it is absent or another percentile. */
	const double *values;
	const struct record_histogram *histograms; /* owned by the record, as are the counters */
	const struct record_counter *counters;
	uint16_t histogram_count, counter_count;
};

/* Packed (about 2 bytes a bucket): read with record_histogram(). */
struct record_histogram {
	const char *name;
	uint64_t count, min, max;
	double sum;
	const uint8_t *packed;
	uint32_t packed_size;
};

struct record_counter {
	const char *name;
	double value;       /* NaN: not counted */
	const char *reason; /* "n/a (no PMU)" where it was not counted, else NULL */
};

struct record_store;
struct record_measurement;

#define RECORD_SCHEMA 2 /* of the runs that are written; those of schema 1 are read, too */

#define RECORD_FLAGS 32

struct record {
	json_t *run; /* run.json, owned */
	struct record_workload *workloads;
	int workload_count;
	struct record_arm *arms; /* the baseline first, then the null arm */
	int arm_count;
	struct record_condition *conditions; /* one for each workload and arm */
	struct record_trial *trials;
	uint32_t trial_count;
	struct record_measurement *measurements; /* results/measurement.h */
	int measurement_count;
	json_t *events;    /* array: the journal's event lines */
	char dropped[512]; /* what of the journal could not be used, a sentence; "" */
	const char *flags[RECORD_FLAGS];
	struct record_store *store; /* private: memory behind the tables */
};

/* Reads a run directory, whoever made it: regular files only, within budgets of size and number
 * (-EFBIG). A cut or garbled last line is dropped and said in `dropped`; garbled
 * lines in the middle likewise, counted. -ENOENT, -EINVAL with the reason if it is no run. */
int record_read(const struct directory *directory, struct record **record, struct error *err);
/* The directory alone, with an error that names it as no run. */
int record_open(const char *path, struct directory *directory, struct error *err);
/* run.json alone; a new reference. */
int record_read_run(const struct directory *directory, json_t **run, struct error *err);
/* From memory, for simulation and live progress: `run` is borrowed by reference count. */
int record_create(json_t *run, struct record **record, struct error *err);
int record_add_line(struct record *record, json_t *line, struct error *err);
/* Whether what an agent reported of a trial fits into a line of the journal: -EBADMSG. */
int record_check_line(const json_t *trial, struct error *err);
void record_destroy(struct record *record);

const struct record_condition *record_condition(const struct record *record, int workload, int arm);
/* Is what it is compared with measured in the same instance? Then they share its luck. */
bool record_shares_instance(const struct record *record, const struct record_condition *condition);
/* Is the arm a baseline, a null arm, a subject in any workload? */
bool record_arm_is(const struct record *record, int arm,
		   bool (*what)(const struct record_condition *condition));
/* The arm that it repeats in other instances; -1: none. */
int record_arm_repeats(const struct record *record, int arm);
/* The arm that repeats what `arm` is compared with; -1: none. */
int record_null_of(const struct record *record, int workload, int arm);
/* -1: there is none of that name. */
int record_find_workload(const struct record *record, const char *name);
int record_find_arm(const struct record *record, const char *id);

/* The name of a bit of record_trial.flags as this journal has it; NULL: no such bit. */
const char *record_flag_name(const struct record *record, unsigned bit);

/* Adds the trial's histogram `name`, `weight` times, to `into`. -ENOENT where it has none. */
int record_histogram(const struct record_trial *trial, const char *name, uint64_t weight,
		     struct histogram *into);

/* A histogram's nanoseconds in the unit of `metric` (s, ms, us, else ns). */
double record_from_nanoseconds(const struct record_metric *metric, double nanoseconds);
