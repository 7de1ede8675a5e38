/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/record.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/border.h"
#include "base/cleanup.h"
#include "base/lines.h"
#include "results/journal.h"
#include "results/measurement.h"
#include "results/trial_line.h"
#include "results/record_plan.h"
#include "results/run_fields.h"
#include "results/store.h"
#include "results/record_trial.h"

/* Limits on a run directory; a long study uses a hundredth of them. */
#define RUN_JSON_BYTES (8u << 20)
#define RUN_JSON_VALUES 200000
#define TRIALS_MOST 1000000
#define EVENTS_MOST 20000
#define EVENT_BYTES (64u << 10)

static int check_run(const json_t *run, struct error *err)
{
	json_int_t schema = json_integer_value(json_object_get(run, "schema"));
	int rc = fields_check(run_fields, run, err);

	if (!rc && schema > RECORD_SCHEMA)
		rc = error_set(err, -EINVAL, "schema %lld is newer than this tare, which reads %d",
			       (long long)schema, RECORD_SCHEMA);
	return rc ? error_prefix(err, "run.json") : 0;
}

int record_create(json_t *run, struct record **record, struct error *err)
{
	struct record *r = calloc(1, sizeof(*r));
	int rc;

	*record = NULL;
	if (r) {
		r->run = json_incref(run);
		r->store = store_create();
		r->events = json_array();
	}
	if (!r || !r->store || !r->events)
		rc = error_errno(err, -ENOMEM, "reading a run");
	else
		rc = check_run(run, err) ?: record_read_plan(r, err) ?: measurements_of_run(r, err);
	if (rc)
		record_destroy(r);
	else
		*record = r;
	return rc;
}

void record_destroy(struct record *record)
{
	if (!record)
		return;
	json_decref(record->run);
	json_decref(record->events);
	store_destroy(record->store);
	free(record->trials);
	free(record->measurements);
	free(record);
}

/* Counts of lines, for the sentence in `dropped`. */
struct tally {
	uint32_t lines, garbled, unknown;
	bool cut; /* the last line is incomplete */
};

static int add_event(struct record *record, json_t *event, struct error *err)
{
	if (json_array_size(record->events) >= EVENTS_MOST)
		return error_set(err, -EFBIG, "the journal has more than %d events", EVENTS_MOST);
	return json_array_append(record->events, event) ? -ENOMEM : 0;
}

/* Rare lines are parsed into a tree. */
static int add_other(struct record *record, enum line_kind kind, const char *text, size_t length,
		     struct error *err)
{
	cleanup_json json_t *line =
		length <= EVENT_BYTES ? json_loadb(text, length, 0, NULL) : NULL;

	if (kind == LINE_OTHER)
		return error_set(err, -EBADMSG, "a line of the journal is of an unknown kind");
	if (!line)
		return error_set(err, -EBADMSG, "a line of the journal cannot be read");
	return kind == LINE_EVENT ? add_event(record, line, err)
				  : measurement_add(record, line, err);
}

static int add_text(struct record *record, struct line *line, const char *text, size_t length,
		    uint32_t number, struct error *err)
{
	int rc = line_parse(line, text, length, err);

	if (rc)
		return rc;
	if (line->kind != LINE_TRIAL)
		return add_other(record, line->kind, text, length, err);
	if (record->trial_count >= TRIALS_MOST)
		return error_set(err, -EFBIG, "the journal has more than %d trials", TRIALS_MOST);
	return trial_add(record, line, number, err);
}

int record_check_line(const json_t *trial, struct error *err)
{
	cleanup_free char *text = json_dumps(trial, JSON_COMPACT);
	struct line *line = malloc(sizeof(*line));
	int rc;

	if (!text || !line) {
		free(line);
		return error_errno(err, -ENOMEM, "reading a trial");
	}
	line_init(line);
	rc = strlen(text) < LINE_MAX_BYTES / 2 ? line_parse(line, text, strlen(text), err)
					       : error_set(err, -EBADMSG, "it is too long");
	line_finish(line);
	free(line);
	return rc ? error_prefix(err, "the agent's report of a trial") : 0;
}

int record_add_line(struct record *record, json_t *line, struct error *err)
{
	cleanup_free char *text = json_dumps(line, JSON_COMPACT);
	struct line *parsed;
	int rc;

	if (!text)
		return error_set(err, -EINVAL, "a line of the journal cannot be written as JSON");
	parsed = malloc(sizeof(*parsed));
	if (!parsed)
		return error_errno(err, -ENOMEM, "reading a line of the journal");
	line_init(parsed);
	rc = add_text(record, parsed, text, strlen(text), record->trial_count + 1, err);
	line_finish(parsed);
	free(parsed);
	return rc;
}

static int take_line(struct record *record, struct line *line, const char *text, size_t length,
		     struct tally *tally, struct error *err)
{
	int rc;

	tally->lines++;
	rc = length > LINE_MAX_BYTES ? -EBADMSG
				     : add_text(record, line, text, length, tally->lines, err);
	if (rc == -EBADMSG)
		tally->garbled++;
	else if (rc == -ENOENT)
		tally->unknown++;
	return rc == -ENOMEM || rc == -EFBIG ? rc : 0;
}

/* Reads in pieces, because a journal may be larger than memory; a line beyond the limit is skipped
 * without being stored. */
static int read_lines(struct record *record, int fd, struct line *line, struct tally *tally,
		      struct error *err)
{
	size_t room = LINE_MAX_BYTES + (64u << 10), used = 0;
	cleanup_free char *buffer = malloc(room);
	unsigned long long all = 0;
	bool passing = false;
	ssize_t n;

	if (!buffer)
		return error_errno(err, -ENOMEM, "reading the journal");
	while ((n = read(fd, buffer + used, room - used)) != 0) {
		char *from = buffer, *end = buffer + used + (n > 0 ? n : 0), *newline;

		if (n < 0)
			return error_errno(err, -errno, "reading the journal");
		all += (unsigned long long)n;
		if (all > JOURNAL_BYTES)
			return error_set(err, -EFBIG, "the journal is larger than %llu bytes",
					 JOURNAL_BYTES);
		while ((newline = memchr(from, '\n', (size_t)(end - from)))) {
			size_t length = passing ? SIZE_MAX : (size_t)(newline - from);
			int rc = take_line(record, line, from, length, tally, err);

			if (rc)
				return rc;
			passing = false;
			from = newline + 1;
		}
		used = (size_t)(end - from);
		memmove(buffer, from, used);
		if (used == room) {
			passing = true;
			used = 0;
		}
	}
	tally->cut = used > 0 || passing;
	return 0;
}

static void say_dropped(struct record *record, const struct tally *tally)
{
	char *at = record->dropped, *end = at + sizeof(record->dropped);

	if (tally->garbled)
		at += snprintf(at, (size_t)(end - at), "%u of %u lines cannot be read; ",
			       tally->garbled, tally->lines);
	if (tally->unknown)
		at += snprintf(at, (size_t)(end - at), "%u lines name what is not in the plan; ",
			       tally->unknown);
	if (tally->cut)
		at += snprintf(at, (size_t)(end - at), "the last line was cut off; ");
	if (at > record->dropped)
		snprintf(at - 2, (size_t)(end - at) + 2, ": left out");
}

static int load_run(const struct directory *directory, struct record **record, struct error *err)
{
	const char *path = directory->path;
	cleanup_json json_t *run = NULL;
	int rc = record_read_run(directory, &run, err);

	rc = rc ?: record_create(run, record, err);
	if (rc)
		error_prefix(err, "%s is not a run", path);
	return rc;
}

/* Cleans all strings, as terminals may show them; but descriptions have several lines and are shown
 * only in the report. */
static void clean(json_t *json)
{
	cleanup_free char *text = NULL;
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_string(json)) {
		text = border_cleaned(json_string_value(json));
		if (text && strcmp(text, json_string_value(json)))
			json_string_set(json, text);
	}
	json_array_foreach (json, i, value)
		clean(value);
	json_object_foreach (json, key, value)
		if (strcmp(key, "describe"))
			clean(value);
}

int record_read_run(const struct directory *directory, json_t **run, struct error *err)
{
	cleanup_free char *text = NULL;
	json_error_t where;
	size_t length;
	int rc;

	*run = NULL;
	rc = directory_read(directory, "run.json", RUN_JSON_BYTES, &text, &length, err);
	if (rc)
		return rc;
	if (!border_json_within(text, length, RUN_JSON_VALUES))
		return error_set(err, -EFBIG, "run.json has more than %d values", RUN_JSON_VALUES);
	/* jansson's message would quote the file */
	*run = json_loadb(text, length, JSON_REJECT_DUPLICATES, &where);
	if (!*run)
		return error_set(err, -EINVAL, "run.json: no JSON at line %d, column %d",
				 where.line, where.column);
	clean(*run);
	return 0;
}

int record_read(const struct directory *directory, struct record **record, struct error *err)
{
	cleanup_free struct line *line = malloc(sizeof(*line));
	cleanup_close int fd = -1;
	struct tally tally = {0};
	int rc;

	*record = NULL;
	if (!line)
		return error_errno(err, -ENOMEM, "reading %s", directory->path);
	rc = load_run(directory, record, err);
	if (rc)
		return rc;
	fd = directory_open_file(directory, "trials.jsonl", err);
	if (fd == -ENOENT)
		return 0; /* it ended before its first trial */
	line_init(line);
	rc = fd < 0 ? fd : read_lines(*record, fd, line, &tally, err);
	line_finish(line);
	if (rc) {
		record_destroy(*record);
		*record = NULL;
		return rc;
	}
	say_dropped(*record, &tally);
	return 0;
}

int record_open(const char *path, struct directory *directory, struct error *err)
{
	int rc = directory_open(path, directory, err);

	return rc ? error_set(err, rc, "%s is not a run: %s; `tare list runs' shows the runs here",
			      path, strerror(-rc))
		  : 0;
}
