/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/published.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The files, byte for byte, each followed by a zero. */
#define EMBED(name, path)                                                                          \
	__asm__(".pushsection .rodata\n.global published_" #name "\npublished_" #name              \
		":\n.incbin \"" path "\"\n.byte 0\n.popsection\n");                                \
	extern const char published_##name[]

EMBED(sharma2016, "results/published/sharma2016.csv");
EMBED(felter2015, "results/published/felter2015.csv");

const char *const published_studies[] = {"sharma2016", "felter2015", NULL};
static const char *const texts[] = {published_sharma2016, published_felter2015};

enum column {
	STUDY,
	FIGURE,
	PANEL,
	WHAT,
	METRIC,
	UNIT,
	BETTER,
	RELATION,
	BARE_METAL,
	CONTAINER,
	VM,
	SOURCE,
	VERIFIED,
	WORKLOAD,
	OUR_METRIC,
	CONTAINER_ENVIRONMENT,
	VM_ENVIRONMENT,
	DIFFERS,
	COLUMNS,
};

static const char *const relations[] = {
	[RELATION_EQUAL] = "=",
	[RELATION_ABOUT] = "~",
	[RELATION_AT_LEAST] = ">=",
	[RELATION_AT_MOST] = "<=",
	[RELATION_AMBIGUOUS] = "ambiguous",
	[RELATION_NONE] = "none",
};

const char *relation_name(enum relation relation)
{
	return relations[relation];
}

/* One field of RFC 4180, unquoted in place; moves *at past it. NULL: an unterminated quote. */
static char *take_field(char **at, char *ended_by)
{
	char *start = *at, *from = start, *to = start;
	bool quoted = *from == '"';

	from += quoted;
	for (; *from; from++) {
		if (quoted && *from == '"') {
			if (from[1] != '"') {
				quoted = false;
				continue;
			}
			from++;
		} else if (!quoted && (*from == ',' || *from == '\n')) {
			break;
		}
		*to++ = *from;
	}
	if (quoted)
		return NULL;
	*ended_by = *from;
	*at = from + (*from != '\0');
	*to = '\0';
	return start;
}

/* Returns the number of fields; -EINVAL: malformed. */
static int take_line(char **at, char *fields[COLUMNS])
{
	int count = 0;
	char ended_by = ',';

	while (ended_by == ',') {
		char *field = take_field(at, &ended_by);

		if (!field || count == COLUMNS)
			return -EINVAL;
		fields[count++] = field;
	}
	return count;
}

static double number_of(const char *text)
{
	char *end;
	double value = strtod(text, &end);

	return *text && !*end && value > 0 && isfinite(value) ? value : NAN;
}

/* If lower is better, a bound of the metric is the opposite bound of the performance. */
static enum relation relation_of(enum relation written, bool lower)
{
	if (lower && written == RELATION_AT_LEAST)
		return RELATION_AT_MOST;
	if (lower && written == RELATION_AT_MOST)
		return RELATION_AT_LEAST;
	return written;
}

/* The container is compared with bare metal; so is the virtual machine, or with the container if
 * bare metal was not measured. */
static int add_point(struct published *published, char *fields[COLUMNS], bool is_vm)
{
	struct published_point *point = &published->points[published->count];
	const char *value = fields[is_vm ? VM : CONTAINER];
	bool lower = !strcmp(fields[BETTER], "lower"), beside_container;
	unsigned relation = 0;

	while (relation <= RELATION_NONE && strcmp(fields[RELATION], relations[relation]))
		relation++;
	if (relation > RELATION_NONE || (!lower && strcmp(fields[BETTER], "higher")))
		return -EINVAL;
	beside_container = is_vm && !*fields[BARE_METAL];
	if (relation == RELATION_NONE ? !is_vm : !*value)
		return 0;
	if (!is_vm && !*fields[BARE_METAL])
		return 0; /* it is the baseline */
	*point = (struct published_point){
		.figure = fields[FIGURE],
		.panel = fields[PANEL],
		.what = fields[WHAT],
		.metric = fields[METRIC],
		.unit = fields[UNIT],
		.source = fields[SOURCE],
		.relation = relation_of((enum relation)relation, lower),
		.verified = !strcmp(fields[VERIFIED], "yes"),
		.is_vm = is_vm,
		.baseline = beside_container ? "container" : "bare",
		.environment = fields[is_vm ? VM_ENVIRONMENT : CONTAINER_ENVIRONMENT],
		.value = number_of(value),
		.baseline_value = number_of(fields[beside_container ? CONTAINER : BARE_METAL]),
		.workload = fields[WORKLOAD],
		.our_metric = fields[OUR_METRIC],
		.differs = fields[DIFFERS],
	};
	point->relative =
		lower ? point->baseline_value / point->value : point->value / point->baseline_value;
	/* A ratio to something else (to the environment itself) does not compare environments. */
	if (!strncmp(point->unit, "ratio", 5) && point->baseline_value != 1)
		point->relative = NAN;
	published->count++;
	return 0;
}

static size_t count_lines(const char *text)
{
	size_t count = 1;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static int parse_lines(struct published *published, struct error *err)
{
	char *fields[COLUMNS], *at = published->text;

	for (int line = 1; *at; line++) {
		int count = take_line(&at, fields);

		if (line == 1 && count == COLUMNS)
			continue;
		if (count != COLUMNS || strcmp(fields[STUDY], published->study) ||
		    add_point(published, fields, false) || add_point(published, fields, true))
			return error_set(err, -EINVAL,
					 "published values of %s: line %d is malformed",
					 published->study, line);
		published->lines[published->line_count++] = (struct published_line){
			.figure = fields[FIGURE], .workload = fields[WORKLOAD]};
	}
	return 0;
}

int published_parse(const char *study, const char *text, struct published **published,
		    struct error *err)
{
	struct published *all = calloc(1, sizeof(*all));
	int code;

	*published = NULL;
	if (all) {
		all->study = study;
		all->text = strdup(text);
		all->points = calloc(2 * count_lines(text), sizeof(*all->points));
		all->lines = calloc(count_lines(text), sizeof(*all->lines));
	}
	if (!all || !all->text || !all->points || !all->lines) {
		published_destroy(all);
		return error_errno(err, -ENOMEM, "published values of %s", study);
	}
	code = parse_lines(all, err);
	if (code)
		published_destroy(all);
	else
		*published = all;
	return code;
}

int published_load(const char *study, struct published **published, struct error *err)
{
	for (int i = 0; published_studies[i]; i++)
		if (!strcmp(study, published_studies[i]))
			return published_parse(published_studies[i], texts[i], published, err);
	return error_set(err, -ENOENT,
			 "no published values of '%s'; valid studies: sharma2016 felter2015",
			 study);
}

void published_destroy(struct published *published)
{
	if (!published)
		return;
	free(published->points);
	free(published->lines);
	free(published->text);
	free(published);
}
