/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One table describes the fields of a record. It drives the CSV header, the CSV row, the JSON
 * object, the JSON schema and the table in docs/data.md (`make fields` writes the last two), and
 * the reader, if there is one: a new field is one line. A table ends with an empty entry. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

#define FIELDS_DIGITS 9 /* of a real number: more than any measurement's precision */
#define FIELDS_ROOM 512 /* bytes for a text that has to be composed */

/* A value with its 95 % interval; all NaN if there is none. */
struct interval {
	double value, low, high;
};

enum field_kind {
	FIELD_TEXT,     /* const char * */
	FIELD_INTEGER,  /* int, not negative */
	FIELD_REAL,     /* double; NaN: unknown, null in JSON and empty in CSV */
	FIELD_FLAG,     /* bool */
	FIELD_INTERVAL, /* struct interval; in CSV three columns */
	FIELD_OBJECT,   /* composed by `json`, in CSV by `text` */
	FIELD_LIST      /* the same, as an array */
};
extern const char *const field_kind_names[];

enum field_in {
	IN_JSON = 1,
	IN_CSV = 2,
	IN_BOTH = IN_JSON | IN_CSV,
	REQUIRED = 4,    /* each object has it */
	NULLABLE = 8,    /* null where it is unknown */
	ONE_COLUMN = 16, /* only the value of an interval goes into CSV */
	IN_RECORD = 32   /* a number that is read: a double at `offset`, whatever its kind */
};

struct field {
	const char *name;
	enum field_kind kind;
	unsigned in;         /* enum field_in */
	size_t offset;       /* offset in the record, unless a function below computes the value */
	const char *unit;    /* "s", "%"; NULL: none */
	const char *meaning; /* at most a sentence, for schema and documentation */
	/* Valid until the next call; `room` has FIELDS_ROOM bytes. */
	const char *(*text)(const void *record, char *room);
	double (*real)(const void *record);
	json_t *(*json)(const void *record); /* new reference; NULL: the object has none */
	const char *const *words;            /* FIELD_TEXT: the only values; ends with NULL */
	const char *shape; /* its type in the schema: the definition below $defs in the schema */
};

/* Stores a number in its field of the record being read; ignores other names. */
void fields_set(const struct field *fields, void *record, const char *name, double value);
/* Sets all of them to NaN. */
void fields_clear(const struct field *fields, void *record);

/* Without the newline. */
void fields_csv_head(const struct field *fields, FILE *out);
void fields_csv_row(const struct field *fields, const void *record, FILE *out);

/* A new reference; NULL: no memory. */
json_t *fields_json(const struct field *fields, const void *record);

/* Checks that each member of the object has its field's type; null counts as absent. -EINVAL. */
int fields_check(const struct field *fields, const json_t *object, struct error *err);

/* null if it is not finite; never "-0". */
json_t *fields_real(double value);
