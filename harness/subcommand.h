/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A subcommand: one file cmd_NAME.c with one `const struct subcommand`, and a line in the pointer
 * table of main.c. An invalid command line ends with status 2 and one line that names the value,
 * the consequence, and what would be valid. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Exit statuses of every subcommand. */
enum status {
	STATUS_DONE = 0,
	STATUS_PARTLY = 1, /* done, but something requested failed or is unavailable */
	STATUS_USAGE = 2,
	STATUS_INTERRUPTED = 130,
};

struct words {
	const char **list; /* the words are borrowed; the owner frees the list */
	int count;
};

/* An option, and where its value goes in what subcommand_parse fills in: a flag into a bool, a
 * value into a const char *, repeated values into struct words. */
struct subcommand_option {
	const char *name;  /* "seed" for --seed */
	char key;          /* 'e' for -e; 0: none */
	const char *value; /* placeholder in --help; NULL: a flag */
	const char *help;
	int group; /* in --help */
	size_t at; /* offsetof */
	bool repeated;
	const char *what;           /* "language"; only with choices */
	const char *const *choices; /* the only values, ends with NULL; NULL: any */
};

extern const char *const subcommand_languages[];

/* The rows of a struct report_options in the command's struct arguments. */
/* clang-format off */
#define REPORT_OPTIONS(group, report) \
	{"lang", 0, "LANGUAGE", "language of the report: en (default) or pt-BR", group, \
	 .at = offsetof(struct arguments, report.language), \
	 .what = "language", .choices = subcommand_languages}, \
	{"pdf", 0, NULL, "also draw the figures as PDF", group, \
	 .at = offsetof(struct arguments, report.pdf)}, \
	{"csv", 0, NULL, "print the summary as CSV instead of the table", group, \
	 .at = offsetof(struct arguments, report.csv)}, \
	{"json", 0, NULL, "print the summary as JSON instead of the table", group, \
	 .at = offsetof(struct arguments, report.json)}
/* clang-format on */

struct subcommand {
	const char *name;
	const char *arguments;                   /* "[STUDY]", for --help */
	const char *summary;                     /* one line */
	const char *help;                        /* more, below the options; NULL: none */
	const struct subcommand_option *options; /* ends with a NULL name */
	const char *takes;                       /* "one run": what stands beside options */
	int operands_least, operands_most;
	size_t operands_at; /* offsetof an array of const char * */
	int (*exec)(const struct subcommand *command, int argc, char **argv);
};

/* The pointer table; ends with NULL (main.c). */
extern const struct subcommand *const subcommands[];

/* Parses argv[1..] into `input`. Does not return where the line is invalid or asks for help. */
void subcommand_parse(const struct subcommand *command, int argc, char **argv, void *input);

/* Ends the program with "tare COMMAND: MESSAGE" and STATUS_USAGE. */
_Noreturn void subcommand_invalid(const struct subcommand *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints "tare: MESSAGE" and returns STATUS_USAGE. */
int subcommand_refuse(const struct error *err);
/* Likewise for a failure with a valid command line: STATUS_PARTLY. */
int subcommand_failed(const struct error *err);

/* Prints it as JSON, indented, and returns STATUS_DONE. */
int subcommand_print(const json_t *json);

/* At exit: returns `status`, or STATUS_PARTLY with a line on standard error if not all of standard
 * output could be written. */
int subcommand_output(int status);

/* What the terminal of a descriptor can do. */
struct terminal {
	bool is_terminal, utf8, colour;
	int columns;
};
void terminal_look(struct terminal *terminal, int fd);
