/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/trial_line.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "base/border.h"
#include "base/histogram.h"

/* The part of the line that the parser is in: a key of the outer object. */
enum section {
	SECTION_TOP,
	SECTION_VALUES,
	SECTION_COUNTERS,
	SECTION_USAGE,
	SECTION_HISTOGRAMS,
	SECTION_FLAGS,
	SECTION_ERROR,
	SECTION_CAST,
};

struct parser {
	struct line *line;
	int depth; /* objects and arrays that are open */
	enum section section;
	char key[LINE_NAME]; /* the last one read, at any depth */
	bool in_counts;
	bool in_histogram;
	int members;          /* of the cast, so far */
	const char *too_many; /* what of; NULL: nothing */
};

static const struct {
	const char *key;
	enum section section;
} sections[] = {
	{"values", SECTION_VALUES}, {"counters", SECTION_COUNTERS},
	{"flags", SECTION_FLAGS},   {"histograms", SECTION_HISTOGRAMS},
	{"error", SECTION_ERROR},   {"usage", SECTION_USAGE},
	{"cast", SECTION_CAST},
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void copy_text(char *to, size_t size, const char *from, size_t length)
{
	if (length >= size)
		length = size - 1;
	memcpy(to, from, length);
	to[length] = 0;
	border_cut(to);
	border_clean(to);
}

static struct line_histogram *current_histogram(struct parser *p)
{
	return &p->line->histograms[p->line->histogram_count - 1];
}

static void put_varint(uint8_t **at, uint64_t value)
{
	while (value >= 0x80) {
		*(*at)++ = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	*(*at)++ = (uint8_t)value;
}

static int pack_pair(struct line_histogram *h, int64_t index, uint64_t count)
{
	uint8_t *at;

	if (h->packed_room - h->packed_size < 20) {
		size_t room = h->packed_room ? h->packed_room * 2 : 1024;
		uint8_t *bigger = realloc(h->packed, room);

		if (!bigger)
			return 0;
		h->packed = bigger;
		h->packed_room = room;
	}
	at = h->packed + h->packed_size;
	put_varint(&at, (uint64_t)(index - h->previous));
	put_varint(&at, count);
	h->packed_size = (size_t)(at - h->packed);
	return 1;
}

/* Counts come as index, count, index, count... with rising indices (base/histogram.h). */
static int on_count(struct line_histogram *h, int64_t number)
{
	if (!h->have_index) {
		h->malformed |= number <= h->previous || number >= HISTOGRAM_BUCKETS;
		h->index = number;
		h->have_index = true;
		return 1;
	}
	h->have_index = false;
	h->malformed |= number < 0 || __builtin_add_overflow(h->total, (uint64_t)number, &h->total);
	if (h->malformed)
		return 1;
	if (!pack_pair(h, h->index, (uint64_t)number))
		return 0;
	h->previous = h->index;
	return 1;
}

static void on_histogram_number(struct parser *p, double number)
{
	struct line_histogram *h = current_histogram(p);

	if (!strcmp(p->key, "count"))
		h->count = number;
	else if (!strcmp(p->key, "sum"))
		h->sum = number;
	else if (!strcmp(p->key, "min"))
		h->min = number;
	else if (!strcmp(p->key, "max"))
		h->max = number;
}

static int add_value(struct parser *p, double number, const char *text, size_t length)
{
	bool counter = p->section == SECTION_COUNTERS;
	int *count = counter ? &p->line->counter_count : &p->line->value_count;
	struct line_value *value;

	if (*count == LINE_VALUES) {
		p->too_many = counter ? "counters" : "values";
		return 0;
	}
	value = counter ? &p->line->counters[*count] : &p->line->values[*count];
	(*count)++;
	memcpy(value->name, p->key, sizeof(value->name));
	copy_text(value->text, sizeof(value->text), text, length);
	value->value = number;
	return 1;
}

/* The record takes from the cast the subject's CPU time and the number of its instance's start. */
static void on_subject_number(struct parser *p, double number)
{
	if (!strcmp(p->key, "number"))
		p->line->instance = number;
	else if (!strcmp(p->key, "cpu_seconds"))
		p->line->numbers.instance_cpu_seconds = number;
}

static int on_number(struct parser *p, double number)
{
	if (p->depth == 1) {
		fields_set(trial_fields, p->line, p->key, number);
	} else if (p->depth == 2 &&
		   (p->section == SECTION_VALUES || p->section == SECTION_COUNTERS)) {
		return add_value(p, number, "", 0);
	} else if (p->depth == 2 && p->section == SECTION_USAGE) {
		if (!strcmp(p->key, "user"))
			p->line->numbers.user_seconds = number;
	} else if (p->section == SECTION_HISTOGRAMS && p->in_counts) {
		current_histogram(p)->malformed = true; /* a real number among the counts */
	} else if (p->in_histogram && p->depth == 3) {
		on_histogram_number(p, number);
	} else if (p->section == SECTION_CAST && p->depth == 3 && p->members == 1) {
		on_subject_number(p, number);
	}
	return 1;
}

static int on_integer(void *context, long long number)
{
	struct parser *p = context;

	if (p->in_counts && p->depth == 4)
		return on_count(current_histogram(p), number);
	return on_number(p, (double)number);
}

static int on_double(void *context, double number)
{
	return on_number(context, number);
}

static int on_boolean(void *context, int value)
{
	struct parser *p = context;

	if (p->depth == 1 && !strcmp(p->key, "warmup"))
		p->line->warmup = value;
	return on_number(p, NAN);
}

static int on_null(void *context)
{
	return on_number(context, NAN);
}

static void on_top_string(struct parser *p, const char *text, size_t length)
{
	struct line *line = p->line;

	if (!strcmp(p->key, "workload"))
		copy_text(line->workload, sizeof(line->workload), text, length);
	else if (!strcmp(p->key, "arm"))
		copy_text(line->arm, sizeof(line->arm), text, length);
	else if (!strcmp(p->key, "condition"))
		copy_text(line->condition, sizeof(line->condition), text, length);
	else if (strcmp(p->key, "record"))
		return;
	else if (length == 5 && !memcmp(text, "trial", 5))
		line->kind = LINE_TRIAL;
	else if (length == 5 && !memcmp(text, "event", 5))
		line->kind = LINE_EVENT;
	else if (length == 11 && !memcmp(text, "measurement", 11))
		line->kind = LINE_MEASUREMENT;
}

static int on_string(void *context, const unsigned char *bytes, size_t length)
{
	struct parser *p = context;
	struct line *line = p->line;
	const char *text = (const char *)bytes;

	if (p->depth == 1)
		on_top_string(p, text, length);
	else if (p->in_counts)
		current_histogram(p)->malformed = true;
	else if (p->depth != 2)
		return 1;
	else if (p->section == SECTION_VALUES || p->section == SECTION_COUNTERS)
		return add_value(p, NAN, text, length);
	else if (p->section == SECTION_FLAGS && line->flag_count < LINE_FLAGS)
		copy_text(line->flags[line->flag_count++], LINE_NAME, text, length);
	else if (p->section == SECTION_ERROR && !strcmp(p->key, "code"))
		copy_text(line->error_code, sizeof(line->error_code), text, length);
	else if (p->section == SECTION_ERROR && !strcmp(p->key, "message"))
		copy_text(line->error_message, sizeof(line->error_message), text, length);
	return 1;
}

static int on_key(void *context, const unsigned char *text, size_t length)
{
	struct parser *p = context;

	copy_text(p->key, sizeof(p->key), (const char *)text, length);
	if (p->depth != 1)
		return 1;
	p->section = SECTION_TOP;
	for (size_t i = 0; i < COUNT(sections); i++)
		if (!strcmp(p->key, sections[i].key))
			p->section = sections[i].section;
	if (p->section == SECTION_ERROR)
		p->line->has_error = true;
	return 1;
}

static int begin_histogram(struct parser *p)
{
	struct line_histogram *h;

	if (p->line->histogram_count == LINE_HISTOGRAMS) {
		p->too_many = "histograms";
		return 0;
	}
	h = &p->line->histograms[p->line->histogram_count++];
	*h = (struct line_histogram){.count = NAN,
				     .sum = NAN,
				     .min = NAN,
				     .max = NAN,
				     .previous = -1,
				     .packed = h->packed,
				     .packed_room = h->packed_room};
	memcpy(h->name, p->key, sizeof(h->name));
	p->in_histogram = true;
	return 1;
}

static int on_open_object(void *context)
{
	struct parser *p = context;

	if (p->in_counts)
		current_histogram(p)->malformed = true;
	p->depth++;
	p->members += p->section == SECTION_CAST && p->depth == 3;
	return p->section == SECTION_HISTOGRAMS && p->depth == 3 ? begin_histogram(p) : 1;
}

static int on_open_array(void *context)
{
	struct parser *p = context;

	if (p->in_counts)
		current_histogram(p)->malformed = true;
	if (p->depth++ == 0)
		return 0; /* a line is an object */
	if (p->in_histogram && p->depth == 4 && !strcmp(p->key, "counts"))
		p->in_counts = true;
	return 1;
}

static int on_close(void *context)
{
	struct parser *p = context;

	if (p->in_counts && p->depth == 4) {
		p->in_counts = false;
		current_histogram(p)->malformed |= current_histogram(p)->have_index;
	}
	if (p->depth-- == 3)
		p->in_histogram = false;
	return 1;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_integer = on_integer,
	.yajl_double = on_double,
	.yajl_string = on_string,
	.yajl_start_map = on_open_object,
	.yajl_map_key = on_key,
	.yajl_end_map = on_close,
	.yajl_start_array = on_open_array,
	.yajl_end_array = on_close,
};

void line_init(struct line *line)
{
	memset(line, 0, sizeof(*line));
}

void line_finish(struct line *line)
{
	for (int i = 0; i < LINE_HISTOGRAMS; i++)
		free(line->histograms[i].packed);
}

static void reset(struct line *line)
{
	line->kind = LINE_OTHER;
	line->workload[0] = line->arm[0] = line->condition[0] = 0;
	line->error_code[0] = line->error_message[0] = 0;
	line->warmup = line->has_error = false;
	line->value_count = line->counter_count = line->histogram_count = line->flag_count = 0;
	line->numbers.user_seconds = NAN;
	fields_clear(trial_fields, line);
}

int line_parse(struct line *line, const char *text, size_t length, struct error *err)
{
	struct parser parser = {.line = line};
	yajl_handle handle;
	yajl_status status;

	reset(line);
	handle = yajl_alloc(&callbacks, NULL, &parser);
	if (!handle)
		return error_errno(err, -ENOMEM, "reading a line of the journal");
	status = yajl_parse(handle, (const unsigned char *)text, length);
	if (status == yajl_status_ok)
		status = yajl_complete_parse(handle);
	yajl_free(handle);
	if (parser.too_many)
		return error_set(err, -EBADMSG, "a line of the journal has too many %s",
				 parser.too_many);
	if (status != yajl_status_ok || !parser.key[0])
		return error_set(err, -EBADMSG, "a line of the journal is not a JSON object");
	return 0;
}
