/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of summary.csv and of summary.json: a new column is one line here and `make fields`. */
#include "results/summary_fields.h"

#include <math.h>
#include <stdio.h>

#include "results/summary.h"

#define TEXT(name, expression)                                                                     \
	static const char *name(const void *record, char *room)                                    \
	{                                                                                          \
		const struct summary_row *row = record;                                            \
                                                                                                   \
		(void)room;                                                                        \
		return expression;                                                                 \
	}
#define REAL(name, expression)                                                                     \
	static double name(const void *record)                                                     \
	{                                                                                          \
		const struct summary_row *row = record;                                            \
                                                                                                   \
		return expression;                                                                 \
	}

TEXT(panel, row->workload->panel)
TEXT(workload, row->workload->name)
TEXT(metric, row->metric->name)
TEXT(unit, row->metric->unit)
TEXT(better, better_names[row->metric->lower_is_better ? BETTER_LOWER : BETTER_HIGHER])
TEXT(environment, row->arm->id)
TEXT(label, row->arm->label)
TEXT(verdict, verdict_names[row->verdict])
TEXT(reason, reason_text(&row->reason, LANGUAGE_EN, room, FIELDS_ROOM))
TEXT(would_decide, remedy_text(&row->remedy, LANGUAGE_EN, room, FIELDS_ROOM))
REAL(null_pct, expm1(-row->null_value) * 100)
REAL(luck_pct, row->luck * 100)
REAL(mean_relative, exp(row->log.mean))

static bool is_estimate(const struct summary_row *row)
{
	return condition_is_subject(row->condition) && isfinite(row->log.half);
}

static bool stalls(const struct summary_row *row)
{
	return row->stalls;
}

static bool assumes_luck(const struct summary_row *row)
{
	return is_estimate(row) && row->luck_assumed;
}

static bool has_one_baseline(const struct summary_row *row)
{
	return is_estimate(row) && !row->log.both;
}

/* What a reader should know about an estimate. */
static const struct {
	const char *name;
	bool (*holds)(const struct summary_row *row);
} all_marks[] = {
	{"stalls", stalls},
	{"assumed luck", assumes_luck},
	{"one baseline", has_one_baseline},
};

static const char *marks(const void *row, char *room)
{
	size_t used = 0;

	room[0] = '\0';
	for (size_t i = 0; i < sizeof(all_marks) / sizeof(*all_marks); i++)
		if (all_marks[i].holds(row))
			used += (size_t)snprintf(room + used, FIELDS_ROOM - used, "%s%s",
						 used ? "; " : "", all_marks[i].name);
	return room;
}

static json_t *marks_json(const void *row)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(all_marks) / sizeof(*all_marks); i++)
		if (all_marks[i].holds(row))
			json_array_append_new(list, json_string(all_marks[i].name));
	return list;
}

static json_t *would_decide_json(const void *record)
{
	const struct remedy *remedy = &((const struct summary_row *)record)->remedy;
	char text[128];

	if (remedy->kind == REMEDY_NONE)
		return json_null();
	return json_pack(
		"{s:s, s:o, s:o}", "text", remedy_text(remedy, LANGUAGE_EN, text, sizeof(text)),
		"seconds",
		remedy->kind == REMEDY_MINUTES ? json_real(remedy->seconds) : json_null(), "starts",
		remedy->kind == REMEDY_STARTS ? json_integer(remedy->starts) : json_null());
}

static json_t *variance(const void *record)
{
	const struct summary_row *row = record;

	return json_pack("{s:o, s:o, s:o}", "trial", fields_real(row->share_trial), "block",
			 fields_real(row->share_block), "start", fields_real(row->share_start));
}

static json_t *counters_per_op(const void *record)
{
	return json_incref(((const struct summary_row *)record)->counters_per_op);
}

#define AT(member) .offset = offsetof(struct summary_row, member)
#define EACH (IN_BOTH | REQUIRED)
#define JSON (IN_JSON | REQUIRED)

/* clang-format off */
const struct field summary_fields[] = {
	{"figure", FIELD_TEXT, EACH, AT(figure), .meaning = "the first figure of the study"},
	{"panel", FIELD_TEXT, EACH, .text = panel, .words = panel_names, .meaning = "what the workload exercises"},
	{"workload", FIELD_TEXT, EACH, .text = workload, .meaning = "its name, with the parameters that a study varies"},
	{"metric", FIELD_TEXT, EACH, .text = metric, .meaning = "a metric of the workload"},
	{"unit", FIELD_TEXT, EACH, .text = unit, .meaning = "of `value`"},
	{"better", FIELD_TEXT, EACH, .text = better, .words = better_names, .meaning = "which values of the metric are better"},
	{"environment", FIELD_TEXT, EACH, .text = environment, .meaning = "id of the arm"},
	{"label", FIELD_TEXT, EACH, .text = label, .meaning = "the arm's name for people"},
	{"headline", FIELD_FLAG, JSON, AT(headline), .meaning = "the workload's first metric, the one that is judged"},
	{"starts", FIELD_INTEGER, EACH, AT(starts), .meaning = "in the estimate"},
	{"blocks", FIELD_INTEGER, EACH, AT(blocks), .meaning = "in the estimate"},
	{"value", FIELD_INTERVAL, EACH | NULLABLE, AT(value), .meaning = "the metric, in `unit`, with its 95% interval"},
	{"relative", FIELD_INTERVAL, EACH | NULLABLE, AT(relative), .meaning = "performance / the baseline's; below 1 is worse"},
	{"overhead_pct", FIELD_INTERVAL, EACH | NULLABLE, AT(overhead), "%", "(1 / relative - 1) * 100; positive is worse"},
	{"cpu_per_op", FIELD_INTERVAL, EACH | NULLABLE | ONE_COLUMN, AT(cpu_per_op), "s", "CPU time of the whole host per operation, less load generators' and neighbours'"},
	{"without_flagged", FIELD_INTERVAL, JSON | NULLABLE, AT(without_flagged), .meaning = "`relative` without flagged trials; null if none is flagged"},
	{"variance", FIELD_OBJECT, JSON, .json = variance, .shape = "variance", .meaning = "shares of the variance of log relative"},
	{"advice", FIELD_TEXT, JSON, AT(advice), .meaning = "what would narrow the interval"},
	{"differs", FIELD_FLAG, JSON, AT(differs), .meaning = "the interval of `relative` excludes 1"},
	{"verdict", FIELD_TEXT, EACH, .text = verdict, .words = verdict_names, .meaning = "empty for the baseline and for metrics other than the headline"},
	{"reason", FIELD_TEXT, EACH, .text = reason, .meaning = "why it is unavailable or unresolved"},
	{"flagged", FIELD_INTEGER, JSON, AT(flagged), .meaning = "trials with a flag"},
	{"left_out", FIELD_INTEGER, JSON, AT(left_out), .meaning = "trials left out of the estimates"},
	{"bound_pct", FIELD_REAL, EACH | NULLABLE, AT(bound), "%", "from the interval: the minimum overhead or gain; if negligible, the maximum either way"},
	{"null_pct", FIELD_REAL, EACH | NULLABLE, .real = null_pct, .unit = "%", .meaning = "difference of the null arm"},
	{"luck_pct", FIELD_REAL, EACH | NULLABLE, .real = luck_pct, .unit = "%", .meaning = "standard deviation between starts that is in the interval; 0 if it is in the spread of several starts"},
	{"freedom", FIELD_REAL, JSON | NULLABLE, AT(log.freedom), .meaning = "degrees of freedom of the interval"},
	{"mean_relative", FIELD_REAL, JSON | NULLABLE, .real = mean_relative, .meaning = "`relative` by the mean of logarithms instead of Hodges-Lehmann"},
	{"would_decide", FIELD_OBJECT, EACH | NULLABLE, .json = would_decide_json, .text = would_decide, .shape = "remedy", .meaning = "minutes or starts that would decide what is unresolved"},
	{"marks", FIELD_LIST, EACH, .json = marks_json, .text = marks, .shape = "marks", .meaning = "`stalls` (the mean of logarithms lies outside the interval), `assumed luck` (no null arm measures it), `one baseline` (the null arm has too few trials)"},
	{"counters_per_op", FIELD_OBJECT, IN_JSON, .json = counters_per_op, .shape = "counters", .meaning = "hardware counters per operation; only for headline metrics"},
	{0},
};
/* clang-format on */
