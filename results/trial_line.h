/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parses a line of trials.jsonl without a tree (yajl): a journal of 100,000 trials has about 300 MB
 * of text, mostly histograms, which are packed while they are read. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "results/trial_fields.h"

#define LINE_NAME 128
#define LINE_VALUES 64
#define LINE_HISTOGRAMS 8
#define LINE_FLAGS 16

enum line_kind { LINE_OTHER, LINE_TRIAL, LINE_EVENT, LINE_MEASUREMENT };

/* A metric's value or a counter; `text` is "" unless it was a string. */
struct line_value {
	char name[LINE_NAME], text[LINE_NAME];
	double value; /* NaN if it was not a number */
};

struct line_histogram {
	char name[LINE_NAME];
	double count, sum, min, max; /* as stated; NaN where absent */
	uint8_t *packed;             /* pairs of varints: step of the index, count */
	size_t packed_size, packed_room;
	uint64_t total;  /* of the counts */
	bool malformed;  /* an index out of range or not rising, or a count that is not a whole
			  * number */
	bool have_index; /* while it is read */
	int64_t index, previous;
};

/* Reused from line to line; owned by the caller, from line_init to line_finish. */
struct line {
	struct trial_numbers numbers;
	double start, instance, block; /* NaN where absent */
	enum line_kind kind;
	char workload[LINE_NAME], arm[LINE_NAME], condition[2 * LINE_NAME]; /* "": absent */
	bool warmup, has_error;
	char error_code[LINE_NAME], error_message[256];
	struct line_value values[LINE_VALUES], counters[LINE_VALUES];
	int value_count, counter_count;
	struct line_histogram histograms[LINE_HISTOGRAMS];
	int histogram_count;
	char flags[LINE_FLAGS][LINE_NAME];
	int flag_count;
};

void line_init(struct line *line);
void line_finish(struct line *line);
/* -EBADMSG if `text` is not one JSON object or has too many values. */
int line_parse(struct line *line, const char *text, size_t length, struct error *err);
