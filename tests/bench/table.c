/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table, from the stored pairs alone. */
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "results/estimate.h"
#include "tests/bench/bench.h"

void result_path(const char *directory, const struct comparison *c, char *path, size_t size)
{
	int n = snprintf(path, size, "%s/", directory);

	for (const char *p = c->name; *p && n < (int)size - 6; p++)
		path[n++] = isalnum((unsigned char)*p) || *p == '.' ? *p : '_';
	snprintf(path + n, size - (size_t)n, ".json");
}

/* The logs of key[i], or of the pairs key[i] : other[i]. */
static struct interval estimate(const json_t *result, const char *key, const char *other,
				bool turned)
{
	const json_t *values = json_object_get(result, key),
		     *others = other ? json_object_get(result, other) : NULL;
	struct series series = {0};
	struct estimate e;

	for (size_t i = 0; i < json_array_size(values); i++) {
		double value = json_number_value(json_array_get(values, i));

		if (other)
			value /= json_number_value(json_array_get(others, i));
		if (!(value > 0) || !isfinite(value)) {
			series_finish(&series);
			return interval_none();
		}
		if (series_append(&series, turned ? -log(value) : log(value), NAN, 0, 16, NULL))
			break;
	}
	e = estimate_series(&series);
	series_finish(&series);
	return estimate_interval(&e);
}

static const char *verdict(const struct comparison *c, struct interval i)
{
	if (c->target == TARGET_NONE)
		return "";
	if (isnan(i.value))
		return "too few pairs";
	if (c->target == TARGET_BELOW)
		return i.high < c->bound ? "reached" : i.low >= c->bound ? "**short**" : "open";
	if (c->target == TARGET_AT_LEAST)
		return i.low >= c->bound ? "reached" : i.high < c->bound ? "**short**" : "open";
	if (i.low >= 1 - c->bound && i.high <= 1 + c->bound)
		return "reached";
	return i.high < 1 - c->bound || i.low > 1 + c->bound ? "**short**" : "open";
}

static void print_target(FILE *out, const struct comparison *c)
{
	switch (c->target) {
	case TARGET_AT_LEAST:
		fprintf(out, "at least %.2f", c->bound);
		break;
	case TARGET_WITHIN:
		fprintf(out, "1 within %g %%", c->bound * 100);
		break;
	case TARGET_BELOW:
		fprintf(out, "below %g %s", c->bound, c->unit);
		break;
	default:
		fputs("shown", out);
	}
}

static void print_interval(FILE *out, struct interval i)
{
	if (isnan(i.value))
		fputs(" |", out);
	else
		fprintf(out, " %.3f [%.3f, %.3f] |", i.value, i.low, i.high);
}

static void print_row(FILE *out, const struct comparison *c, const json_t *result)
{
	const char *failure = json_string_value(json_object_get(result, "failure"));
	struct interval ours = estimate(result, "ours", NULL, false), judged = ours;

	fprintf(out, "| %s | %s |", c->name, c->theirs.arm ? c->theirs.arm->name : "");
	if (failure) {
		fprintf(out, " failed: %.160s | | | | | | |\n", failure);
		return;
	}
	fprintf(out, " %.4g %s |", ours.value, c->unit);
	if (c->theirs.arm) {
		judged = estimate(result, "ours", "theirs", c->lower_is_better);
		fprintf(out, " %.4g |", estimate(result, "theirs", NULL, false).value);
		print_interval(out, judged);
		print_interval(out, estimate(result, "ours_p99", "theirs_p99", true));
	} else {
		fputs(" |", out);
		print_interval(out, judged);
		fputs(" |", out);
	}
	fprintf(out, " %zu |", json_array_size(json_object_get(result, "ours")));
	fputc(' ', out);
	print_target(out, c);
	fprintf(out, " | %s | %.1f |\n", verdict(c, judged),
		json_number_value(json_object_get(result, "load")));
}

/* Each machine and day once. */
static void print_where(FILE *out, const json_t *places)
{
	const char *where;
	json_t *value;

	fputc('\n', out);
	json_object_foreach ((json_t *)places, where, value)
		fprintf(out, "Measured %s%s.\n", where,
			json_is_true(value) ? " (beside other work, at a real-time priority)" : "");
}

int table_write(const char *directory, struct error *err)
{
	char path[600];
	cleanup_json json_t *places = json_object();
	cleanup_free char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int rc;

	if (!out)
		return error_errno(err, -errno, "a table");
	fputs("| comparison | peer | ours | theirs | ours : theirs [95 %] | same for p99 |"
	      " pairs | target | | load |\n|---|---|---|---|---|---|---|---|---|---|\n",
	      out);
	for (const struct comparison *c = comparisons; c->name; c++) {
		cleanup_json json_t *result = NULL;

		result_path(directory, c, path, sizeof(path));
		result = json_load_file(path, 0, NULL);
		if (!result)
			continue;
		print_row(out, c, result);
		json_object_set(places, json_string_value(json_object_get(result, "where")),
				json_object_get(result, "real_time"));
	}
	print_where(out, places);
	fclose(out);
	fputs(text, stdout);
	snprintf(path, sizeof(path), "%s/../table.md", directory);
	rc = file_write(path, text, err);
	return rc;
}
