/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/record_trial.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/border.h"
#include "results/record_plan.h"
#include "results/store.h"

static int out_of_memory(struct error *err)
{
	return error_errno(err, -ENOMEM, "reading the journal");
}

/* Only the first reason is kept. */
static void __attribute__((format(printf, 3, 4)))
refuse(struct record *record, struct record_trial *trial, const char *format, ...)
{
	char reason[512];
	va_list args;

	if (!trial->valid)
		return;
	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	border_cut(reason);
	trial->valid = false;
	trial->reason = store_text(record->store, reason);
}

static bool whole_number(double number, double most)
{
	return number >= 0 && number <= most && number == floor(number);
}

static bool unit_is_rate(const char *unit)
{
	size_t length = strlen(unit);

	return length > 2 && !strcmp(unit + length - 2, "/s");
}

static bool unit_is_time(const char *unit)
{
	return !strcmp(unit, "s") || !strcmp(unit, "ms") || !strcmp(unit, "us") ||
	       !strcmp(unit, "ns");
}

static double host_time(double value, const char *unit, double rate)
{
	if (unit_is_rate(unit))
		return value * rate;
	return unit_is_time(unit) ? value / rate : value;
}

static const struct record_histogram *find_histogram(const struct record_trial *trial,
						     const char *name)
{
	for (int i = 0; i < trial->histogram_count; i++)
		if (!strcmp(trial->histograms[i].name, name))
			return &trial->histograms[i];
	return NULL;
}

static double nanoseconds_in(const char *unit)
{
	static const struct {
		const char *unit;
		double nanoseconds;
	} units[] = {{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}};

	for (unsigned i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (!strcmp(unit, units[i].unit))
			return units[i].nanoseconds;
	return 1;
}

double record_from_nanoseconds(const struct record_metric *metric, double nanoseconds)
{
	return nanoseconds / nanoseconds_in(metric->unit);
}

static double metric_value(const struct record_trial *trial, const struct record_metric *metric,
			   const struct line *line)
{
	const struct record_histogram *h;

	if (metric->histogram) {
		h = metric->percentile == 0 ? find_histogram(trial, metric->histogram) : NULL;
		if (!h || !h->count)
			return NAN;
		return record_from_nanoseconds(metric, h->sum / (double)h->count);
	}
	for (int i = 0; i < line->value_count; i++)
		if (!strcmp(line->values[i].name, metric->name))
			return host_time(line->values[i].value, metric->unit, trial->clock_rate);
	return NAN;
}

static bool value_stated(const struct line *line, const char *name)
{
	for (int i = 0; i < line->value_count; i++)
		if (!strcmp(line->values[i].name, name))
			return true;
	return false;
}

static int take_values(struct record *record, struct record_trial *trial, const struct line *line,
		       struct error *err)
{
	const struct record_workload *workload = &record->workloads[trial->workload];
	double *values =
		store_alloc(record->store, (size_t)workload->metric_count * sizeof(double));

	if (!values)
		return out_of_memory(err);
	trial->values = values;
	for (int i = 0; i < workload->metric_count; i++) {
		const struct record_metric *metric = &workload->metrics[i];
		bool stated = value_stated(line, metric->name);

		values[i] = metric_value(trial, metric, line);
		if (metric->histogram)
			continue;
		if (!stated && i == 0)
			refuse(record, trial, "%s is missing", metric->name);
		else if (stated && !(values[i] >= 0 && values[i] < INFINITY))
			refuse(record, trial, "%s is %g, which cannot be measured", metric->name,
			       values[i]);
		else if (stated && i == 0 && values[i] == 0 && !metric->zero_valid)
			refuse(record, trial, "%s is 0: no work was done", metric->name);
	}
	return 0;
}

static bool histogram_adds_up(const struct line_histogram *h)
{
	return !h->malformed && h->count == (double)h->total && h->sum >= 0 && h->sum < INFINITY &&
	       (h->total == 0 || (h->min >= 0 && h->min <= h->max && h->max < 0x1p63));
}

static int take_histograms(struct record *record, struct record_trial *trial,
			   const struct line *line, struct error *err)
{
	struct record_histogram *to;

	if (!line->histogram_count || trial->clock_rate != 1)
		return 0;
	to = store_alloc(record->store, (size_t)line->histogram_count * sizeof(*to));
	if (!to)
		return out_of_memory(err);
	trial->histograms = to;
	for (int i = 0; i < line->histogram_count; i++) {
		const struct line_histogram *h = &line->histograms[i];
		uint8_t *packed;

		if (!histogram_adds_up(h)) {
			refuse(record, trial, "histogram %s: its counts do not add up", h->name);
			continue;
		}
		packed = store_alloc(record->store, h->packed_size);
		to->name = store_text(record->store, h->name);
		if (!packed || !to->name)
			return out_of_memory(err);
		if (h->packed_size) /* an empty one may have no buffer */
			memcpy(packed, h->packed, h->packed_size);
		to->packed = packed;
		to->packed_size = (uint32_t)h->packed_size;
		to->count = h->total;
		to->sum = h->sum;
		to->min = h->total ? (uint64_t)h->min : 0;
		to->max = h->total ? (uint64_t)h->max : 0;
		to++;
		trial->histogram_count++;
	}
	return 0;
}

static int take_counters(struct record *record, struct record_trial *trial, const struct line *line,
			 struct error *err)
{
	struct record_counter *to;

	if (!line->counter_count)
		return 0;
	to = store_alloc(record->store, (size_t)line->counter_count * sizeof(*to));
	if (!to)
		return out_of_memory(err);
	trial->counters = to;
	trial->counter_count = (uint16_t)line->counter_count;
	for (int i = 0; i < line->counter_count; i++) {
		const struct line_value *from = &line->counters[i];

		to[i].name = store_text(record->store, from->name);
		to[i].value = from->value;
		if (isnan(from->value))
			to[i].reason =
				store_text(record->store, from->text[0] ? from->text : "n/a");
		if (!to[i].name || (isnan(from->value) && !to[i].reason))
			return out_of_memory(err);
	}
	return 0;
}

static int take_flags(struct record *record, struct record_trial *trial, const struct line *line,
		      struct error *err)
{
	for (int i = 0; i < line->flag_count; i++) {
		unsigned bit = 0;

		while (bit < RECORD_FLAGS && record->flags[bit] &&
		       strcmp(record->flags[bit], line->flags[i]))
			bit++;
		if (bit == RECORD_FLAGS)
			bit--; /* more flags than bits: the last bit is for all others */
		else if (!record->flags[bit])
			record->flags[bit] = store_text(record->store, line->flags[i]);
		if (!record->flags[bit])
			return out_of_memory(err);
		trial->flags |= 1u << bit;
	}
	return 0;
}

const char *record_flag_name(const struct record *record, unsigned bit)
{
	return bit < RECORD_FLAGS ? record->flags[bit] : NULL;
}

static void check_clocks(struct record *record, struct record_trial *trial)
{
	const struct record_trial *before = trial - 1;

	if (!(trial->inside_seconds > 0) || !(trial->outside_seconds > 0))
		refuse(record, trial,
		       "it took %g s by its own clock and %g s by the host's: time ran backwards",
		       trial->inside_seconds, trial->outside_seconds);
	if (trial > record->trials && trial->time < before->time)
		refuse(record, trial,
		       "it began at %g s, but an earlier trial at %g s: time ran backwards",
		       trial->time, before->time);
	if (isnan(trial->time))
		refuse(record, trial, "its time is missing");
	if (!(trial->operations > 0) || !(trial->operations < INFINITY))
		refuse(record, trial, "operations is %g: no work was done", trial->operations);
}

static struct record_trial *append(struct record *record)
{
	uint32_t count = record->trial_count;

	/* full at each power of two */
	if ((count & (count - 1)) == 0) {
		size_t room = count ? (size_t)count * 2 : 1;
		struct record_trial *bigger = realloc(record->trials, room * sizeof(*bigger));

		if (!bigger)
			return NULL;
		record->trials = bigger;
	}
	record->trials[count] = (struct record_trial){.valid = true};
	return &record->trials[count];
}

static int fill(struct record *record, struct record_trial *trial, const struct line *line,
		struct error *err)
{
	int rc;

	trial->warmup = line->warmup;
	trial->numbers = line->numbers;
	if (!(trial->clock_rate > 0))
		trial->clock_rate = 1;
	if (line->has_error)
		refuse(record, trial, "%s: %s", line->error_code[0] ? line->error_code : "error",
		       line->error_message);
	rc = take_histograms(record, trial, line, err);
	rc = rc ?: take_values(record, trial, line, err);
	rc = rc ?: take_counters(record, trial, line, err);
	rc = rc ?: take_flags(record, trial, line, err);
	if (!rc)
		check_clocks(record, trial);
	return rc;
}

static bool is_made_under(const struct record *record, int workload, int arm, const char *id)
{
	const struct record_condition *condition = record_condition(record, workload, arm);

	return !condition->absent && (!*id || !condition->id || !strcmp(condition->id, id));
}

int trial_add(struct record *record, struct line *line, uint32_t number, struct error *err)
{
	int workload = record_find_workload(record, line->workload),
	    arm = record_find_arm(record, line->arm);
	struct record_trial *trial;
	int rc;

	if (workload < 0 || arm < 0 || !is_made_under(record, workload, arm, line->condition))
		return error_set(err, -ENOENT, "the plan has no condition %s of %s in %s",
				 line->condition, line->workload, line->arm);
	if (!whole_number(line->start, UINT16_MAX) || !whole_number(line->block, UINT16_MAX))
		return error_set(err, -EBADMSG, "a trial of %s lacks its start or its block",
				 line->workload);
	trial = append(record);
	if (!trial)
		return out_of_memory(err);
	trial->line = number;
	trial->workload = (uint16_t)workload;
	trial->arm = (uint16_t)arm;
	trial->start = (uint16_t)line->start;
	trial->block = (uint16_t)line->block;
	trial->instance = trial->start;
	if (whole_number(line->instance, UINT16_MAX))
		trial->instance = (uint16_t)line->instance;
	rc = fill(record, trial, line, err);
	if (!rc)
		record->trial_count++;
	return rc;
}

static uint64_t get_varint(const uint8_t **at)
{
	uint64_t value = 0;

	for (unsigned shift = 0;; shift += 7) {
		uint8_t byte = *(*at)++;

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
}

int record_histogram(const struct record_trial *trial, const char *name, uint64_t weight,
		     struct histogram *into)
{
	const struct record_histogram *h = find_histogram(trial, name);
	const uint8_t *at, *end;
	int64_t index = -1;

	if (!h)
		return -ENOENT;
	at = h->packed;
	end = at + h->packed_size;
	while (at < end) {
		index += (int64_t)get_varint(&at);
		into->counts[index] += weight * get_varint(&at);
	}
	into->count += weight * h->count;
	into->sum += (double)weight * h->sum;
	if (h->count && h->min < into->min)
		into->min = h->min;
	if (h->count && h->max > into->max)
		into->max = h->max;
	return 0;
}
