/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recorded run: run.json and trials.jsonl, read into compact tables. Summary, figures and report
 * are derived only from this (docs/data.md has the schema). A journal of 100,000 trials needs less
 * than 200 MB. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/directory.h"
#include "base/error.h"
#include "base/histogram.h"
#include "base/vocabulary.h"
#include "results/trial_fields.h"

/* A metric of a workload, as declared in the plan. run.json owns the strings. */
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

/* A workload in an arm, and what it is compared with. */
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
	uint16_t instance; /* of the arm, from 0: fresh instances have new numbers; otherwise its
			    * start */
	bool warmup;
	bool valid;         /* may enter the estimate */
	const char *reason; /* why it may not, or NULL; owned by the record */
	uint32_t flags;     /* bits, record_flag_name() */
	union {
		struct trial_numbers numbers;
		struct {
			TRIAL_NUMBERS
		};
	};
	/* One for each metric of the workload: a histogram's mean for percentile 0; NaN if it is
	 * absent or another percentile. */
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
	const char *reason; /* "n/a (no PMU)" if it was not counted, otherwise NULL */
};

struct record_store;
struct record_measurement;

#define RECORD_SCHEMA 2 /* of new runs; those of schema 1 can also be read */

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
	char dropped[512]; /* which parts of the journal could not be used, a sentence; "" */
	const char *flags[RECORD_FLAGS];
	struct record_store *store; /* private: memory behind the tables */
};

/* Reads an untrusted run directory: only regular files, within limits of size and number (-EFBIG).
 * Truncated and invalid lines are dropped and counted in `dropped`. -ENOENT, -EINVAL with the
 * reason if it is not a run. */
int record_read(const struct directory *directory, struct record **record, struct error *err);
/* Opens only the directory, with an error that says that it is not a run. */
int record_open(const char *path, struct directory *directory, struct error *err);
/* Only run.json; a new reference. */
int record_read_run(const struct directory *directory, json_t **run, struct error *err);
/* From memory, for simulation and live estimates; takes a reference to `run`. */
int record_create(json_t *run, struct record **record, struct error *err);
int record_add_line(struct record *record, json_t *line, struct error *err);
/* Checks that an agent's report of a trial fits in a line of the journal: -EBADMSG. */
int record_check_line(const json_t *trial, struct error *err);
void record_destroy(struct record *record);

const struct record_condition *record_condition(const struct record *record, int workload, int arm);
/* Whether what it is compared with is measured in the same instance, so that they share its luck.
 */
bool record_shares_instance(const struct record *record, const struct record_condition *condition);
/* Whether the arm is a baseline, a null arm or a subject in any workload. */
bool record_arm_is(const struct record *record, int arm,
		   bool (*what)(const struct record_condition *condition));
/* The arm that repeats what `arm` is compared with; -1: none. */
int record_null_of(const struct record *record, int workload, int arm);
/* -1: there is none with that name. */
int record_find_workload(const struct record *record, const char *name);
int record_find_arm(const struct record *record, const char *id);

/* The name of a bit of record_trial.flags in this journal; NULL: no such bit. */
const char *record_flag_name(const struct record *record, unsigned bit);

/* Adds the trial's histogram `name`, `weight` times, to `into`. -ENOENT: it has none. */
int record_histogram(const struct record_trial *trial, const char *name, uint64_t weight,
		     struct histogram *into);

/* Converts a histogram's nanoseconds to the unit of `metric` (s, ms, us, otherwise ns). */
double record_from_nanoseconds(const struct record_metric *metric, double nanoseconds);
