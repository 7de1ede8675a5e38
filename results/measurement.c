/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/measurement.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "results/estimate.h"
#include "results/record_plan.h"

#define MEASUREMENTS_MOST 100000

const char *const quantity_names[] = {[QUANTITY_START] = "start",
				      [QUANTITY_IDLE_CPU] = "idle_cpu",
				      [QUANTITY_MEMORY] = "memory",
				      NULL};
const char *const quantity_units[] = {
	[QUANTITY_START] = "s", [QUANTITY_IDLE_CPU] = "CPUs", [QUANTITY_MEMORY] = "bytes"};

/* The key in an environment of run.json, in schema 1. */
static const char *const schema1_names[] = {[QUANTITY_START] = "start_seconds",
					    [QUANTITY_IDLE_CPU] = "idle_cpu",
					    [QUANTITY_MEMORY] = "memory_bytes"};

static const char *const record_names[] = {"measurement", NULL};

#define JSON (IN_JSON | REQUIRED)
#define AT(member) .offset = offsetof(struct measured, member)

/* clang-format off */
const struct field measurement_fields[] = {
	{"record", FIELD_TEXT, JSON, .words = record_names, .meaning = "kind of line"},
	{"time", FIELD_REAL, JSON, .unit = "s", .meaning = "since the run began"},
	{"instance", FIELD_TEXT, JSON, .meaning = "of the plan"},
	{"number", FIELD_INTEGER, JSON, .meaning = "of its planned start"},
	{"start", FIELD_INTEGER, JSON, .meaning = "round of fresh starts"},
	{"name", FIELD_TEXT, JSON, .words = quantity_names, .meaning = "`start`: from the request to the agent's hello, while no other instance starts; `idle_cpu`: used between its trials by everything that serves it; `memory`: resident after its last trial: agent, or VMM with its guest"},
	{"value", FIELD_REAL, JSON, .meaning = "in `unit`"},
	{"unit", FIELD_TEXT, JSON, .meaning = "s, CPUs or bytes"},
	{0},
};

const struct field measured_fields[] = {
	{"environment", FIELD_TEXT, JSON, AT(environment), .meaning = "of the instances"},
	{"name", FIELD_TEXT, JSON, AT(name), .words = quantity_names, .meaning = "as in the journal"},
	{"unit", FIELD_TEXT, JSON, AT(unit), .meaning = "of `value`"},
	{"starts", FIELD_INTEGER, JSON, AT(starts), .meaning = "that were measured"},
	{"value", FIELD_INTERVAL, JSON, AT(value), .meaning = "mean of the starts, with Student's 95% interval; its ends are null where they are fewer than three"},
	{0},
};
/* clang-format on */

static int append(struct record *record, const char *environment, enum quantity quantity,
		  double value, struct error *err)
{
	size_t count = (size_t)record->measurement_count;

	if (!(value >= 0 && value < INFINITY))
		return error_set(err, -EBADMSG, "a measurement has no valid value");
	if (count == MEASUREMENTS_MOST)
		return error_set(err, -EFBIG, "the journal has more than %d measurements",
				 MEASUREMENTS_MOST);
	if ((count & (count - 1)) == 0) { /* full at each power of two */
		struct record_measurement *bigger =
			reallocarray(record->measurements, count ? 2 * count : 1, sizeof(*bigger));

		if (!bigger)
			return error_errno(err, -ENOMEM, "reading the journal");
		record->measurements = bigger;
	}
	record->measurements[record->measurement_count++] =
		(struct record_measurement){environment, quantity, value};
	return 0;
}

int measurement_add(struct record *record, const json_t *line, struct error *err)
{
	const json_t *instance = record_instance(record, json_text(line, "instance"));
	const char *environment = json_string_value(json_object_get(instance, "environment"));
	int quantity = vocabulary_find(quantity_names, json_text(line, "name"));
	json_t *value = json_object_get(line, "value");

	if (!environment || quantity < 0)
		return error_set(err, -ENOENT, "a measurement of what is not in the plan");
	return append(record, environment, (enum quantity)quantity,
		      json_is_number(value) ? json_number_value(value) : NAN, err);
}

/* `values`: a number, or an array of them; anything else is ignored. */
static int append_all(struct record *record, const char *environment, enum quantity quantity,
		      const json_t *values, struct error *err)
{
	const json_t *value;
	size_t i;
	int rc = 0;

	if (json_is_number(values))
		return append(record, environment, quantity, json_number_value(values), err);
	json_array_foreach (values, i, value)
		rc = rc ?: append(record, environment, quantity, json_number_value(value), err);
	return rc;
}

int measurements_of_run(struct record *record, struct error *err)
{
	json_t *environments = json_object_get(record->run, "environments"), *environment;
	const char *name;
	int rc = 0;

	json_object_foreach (environments, name, environment)
		for (enum quantity q = 0; q < QUANTITY_COUNT && !rc; q++) {
			const json_t *values = json_object_get(environment, schema1_names[q]);

			rc = append_all(record, name, q, values, err);
		}
	return rc;
}

struct measured measurement_estimate(const struct record *record, const char *environment,
				     enum quantity quantity)
{
	struct measured m = {environment,
			     quantity_names[quantity],
			     quantity_units[quantity],
			     0,
			     {NAN, NAN, NAN}};
	double sum = 0, squares = 0, half;

	for (int i = 0; i < record->measurement_count; i++) {
		const struct record_measurement *one = &record->measurements[i];

		if (one->quantity != quantity || strcmp(one->environment, environment) != 0)
			continue;
		m.starts++;
		sum += one->value;
		squares += one->value * one->value;
	}
	if (m.starts)
		m.value.value = sum / m.starts;
	if (m.starts < ESTIMATE_MIN_BLOCKS)
		return m;
	half = estimate_quantile(m.starts - 1) *
	       sqrt(fmax(squares - sum * m.value.value, 0) / (m.starts - 1) / m.starts);
	m.value.low = fmax(m.value.value - half, 0); /* no quantity can be negative */
	m.value.high = m.value.value + half;
	return m;
}

json_t *measurements_json(const struct record *record)
{
	json_t *environments = json_object_get(record->run, "environments"), *ignored;
	json_t *rows = json_array();
	const char *name;

	json_object_foreach (environments, name, ignored)
		for (enum quantity q = 0; q < QUANTITY_COUNT; q++) {
			struct measured m = measurement_estimate(record, name, q);

			if (m.starts)
				json_array_append_new(rows, fields_json(measured_fields, &m));
		}
	return rows;
}
