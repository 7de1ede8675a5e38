/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A subcommand: one file cmd_NAME.c, one `const struct subcommand` at its top, and a line in the
 * pointer table of main.c. A command line that cannot be used ends with status 2 and one line
 * that names the value, what follows from it, and what would be valid.
 */
#ifndef TARE_SUBCOMMAND_H
#define TARE_SUBCOMMAND_H

#include <argp.h>
#include <stdbool.h>

#include "base/error.h"

/* Exit statuses of every subcommand. */
enum status {
	STATUS_DONE = 0,
	STATUS_PARTLY = 1, /* done, but something asked for failed or is unavailable */
	STATUS_USAGE = 2,
	STATUS_INTERRUPTED = 130,
};

struct subcommand {
	const char *name;
	const char *arguments; /* "[STUDY]", for --help */
	const char *summary;   /* one line */
	const char *help;      /* more, below the options; NULL: none */
	const struct argp_option *options;
	argp_parser_t parse; /* state->input is what subcommand_parse was given */
	int (*exec)(const struct subcommand *command, int argc, char **argv);
};

/* The pointer table; ends with NULL (main.c). */
extern const struct subcommand *const subcommands[];

/* Parses argv[1..] with the command's options into `input`. Does not return where the line is
 * no good or asks for help. */
void subcommand_parse(const struct subcommand *command, int argc, char **argv, void *input);

/* The rest of a `parse` whose command takes one run: the argument, put into *run, or its lack. */
error_t subcommand_parse_run(const char **run, int key, char *arg, struct argp_state *state);

/* Prints "tare: MESSAGE" and returns STATUS_USAGE. */
int subcommand_refuse(const struct error *err);
/* The same for what failed though the command line was good: STATUS_PARTLY. */
int subcommand_failed(const struct error *err);

/* At the end: `status`, but STATUS_PARTLY with a line on standard error where something that was
 * written to standard output did not arrive. */
int subcommand_output(int status);

/* What the terminal behind a descriptor can do. */
struct terminal {
	bool is_terminal, utf8, colour;
	int columns;
};
void terminal_look(struct terminal *terminal, int fd);

#endif
