/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measurements of each instance besides its trials. A line of the journal has one value of one
 * planned start of an instance. The unit of an estimate is the start: it is the mean over the
 * starts of an environment's instances, with Student's 95 % interval. */
#pragma once

#include "results/record.h"

enum quantity { QUANTITY_START, QUANTITY_IDLE_CPU, QUANTITY_MEMORY, QUANTITY_COUNT };

extern const char *const quantity_names[]; /* ends with NULL */
extern const char *const quantity_units[];

struct record_measurement {
	const char *environment; /* of the instance; owned by the record */
	enum quantity quantity;
	double value;
};

/* Adds a line of the journal. -ENOENT: unknown instance or quantity; -EBADMSG: not a measurement;
 * -EFBIG; -ENOMEM. */
int measurement_add(struct record *record, const json_t *line, struct error *err);
/* Those in run.json of schema 1. */
int measurements_of_run(struct record *record, struct error *err);

/* For one environment: the number of starts, and their mean; NaN: unknown. */
struct measured {
	const char *environment, *name, *unit;
	int starts;
	struct interval value; /* in the quantity's unit */
};
struct measured measurement_estimate(const struct record *record, const char *environment,
				     enum quantity quantity);
/* summary.json's "measurements": a new reference. */
json_t *measurements_json(const struct record *record);

extern const struct field measurement_fields[]; /* a line of the journal */
extern const struct field measured_fields[];    /* a row of the summary */
