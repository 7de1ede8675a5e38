/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/subcommand.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_COLUMNS 80

/* argp handles these itself. */
static const struct argp_option common[] = {{.name = "help", .key = '?'}, {.name = "usage"}, {0}};

static const struct argp_option *by_name(const struct argp_option *options, const char *name,
					 size_t length, bool *ambiguous)
{
	const struct argp_option *found = NULL;

	for (; options && (options->name || options->key || options->doc); options++) {
		if (!options->name || strncmp(options->name, name, length) != 0)
			continue;
		if (strlen(options->name) == length) {
			*ambiguous = false;
			return options;
		}
		*ambiguous = found != NULL;
		found = options;
	}
	return found;
}

static const struct argp_option *by_key(const struct argp_option *options, int key)
{
	for (; options && (options->name || options->key || options->doc); options++)
		if (options->key == key)
			return options;
	return NULL;
}

/* Ends the program with the valid options, all in one line. */
static _Noreturn void refuse_option(const struct subcommand *command, const char *argument,
				    const char *why)
{
	fprintf(stderr, "tare %s: option '%s' %s; valid options:", command->name, argument, why);
	for (const struct argp_option *o = command->options; o && (o->name || o->doc); o++)
		if (o->name && !(o->flags & OPTION_HIDDEN))
			fprintf(stderr, " --%s", o->name);
	fprintf(stderr, " --help\n");
	exit(STATUS_USAGE);
}

static _Noreturn void need_value(const struct subcommand *command, const char *argument,
				 const struct argp_option *option)
{
	fprintf(stderr, "tare %s: option '%s' needs a value: %s %s\n", command->name, argument,
		argument, option->arg);
	exit(STATUS_USAGE);
}

/* A long option; returns how many more arguments it takes. */
static int check_long(const struct subcommand *command, const char *argument, const char *next)
{
	const char *name = argument + 2, *equals = strchr(name, '=');
	size_t length = equals ? (size_t)(equals - name) : strlen(name);
	const struct argp_option *option;
	bool ambiguous = false;

	option = by_name(command->options, name, length, &ambiguous);
	if (!option)
		option = by_name(common, name, length, &ambiguous);
	if (!option || length == 0)
		refuse_option(command, argument, "is unknown");
	if (ambiguous)
		refuse_option(command, argument, "is ambiguous");
	if (!option->arg && equals)
		refuse_option(command, argument, "takes no value");
	if (!option->arg || equals || (option->flags & OPTION_ARG_OPTIONAL))
		return 0;
	if (!next)
		need_value(command, argument, option);
	return 1;
}

/* A bundle of short options. */
static int check_short(const struct subcommand *command, const char *argument, const char *next)
{
	for (const char *c = argument + 1; *c; c++) {
		const struct argp_option *option = by_key(command->options, *c);

		if (*c == '?')
			continue;
		if (!option)
			refuse_option(command, argument, "is unknown");
		if (!option->arg)
			continue;
		if (!c[1] && !next)
			need_value(command, argument, option);
		return !c[1];
	}
	return 0;
}

/* argp's own refusal takes two lines and names no valid option: look before it does. */
static void check_options(const struct subcommand *command, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *argument = argv[i], *next = i + 1 < argc ? argv[i + 1] : NULL;

		if (strcmp(argument, "--") == 0)
			return;
		if (strncmp(argument, "--", 2) == 0)
			i += check_long(command, argument, next);
		else if (argument[0] == '-' && argument[1])
			i += check_short(command, argument, next);
	}
}

void subcommand_parse(const struct subcommand *command, int argc, char **argv, void *input)
{
	char name[64], doc[2048];
	struct argp argp = {
		.options = command->options,
		.parser = command->parse,
		.args_doc = command->arguments,
		.doc = doc,
	};

	snprintf(name, sizeof(name), "tare %s", command->name);
	snprintf(doc, sizeof(doc), "%s\v%s", command->summary, command->help ? command->help : "");
	check_options(command, argc, argv);
	argv[0] = name;
	argp_parse(&argp, argc, argv, 0, NULL, input);
	argv[0] = (char *)command->name;
}

error_t subcommand_parse_run(const char **run, int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_ARG:
		if (*run)
			argp_failure(state, STATUS_USAGE, 0,
				     "unexpected argument '%s': this command takes one run", arg);
		*run = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_failure(state, STATUS_USAGE, 0,
			     "no run given; give its directory, or `latest'");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int subcommand_refuse(const struct error *err)
{
	fprintf(stderr, "tare: %s\n", err->message);
	return STATUS_USAGE;
}

int subcommand_failed(const struct error *err)
{
	fprintf(stderr, "tare: %s\n", err->message);
	return STATUS_PARTLY;
}

int subcommand_output(int status)
{
	int failed = ferror(stdout), reason = 0;
	struct error err;

	errno = 0;
	if (fflush(stdout)) {
		failed = 1;
		reason = errno;
	}
	if (!failed)
		return status;
	clearerr(stdout);
	error_set(&err, -EIO, "cannot write to standard output%s%s: the output is incomplete",
		  reason ? ": " : "", reason ? strerror(reason) : "");
	return subcommand_failed(&err);
}

void terminal_look(struct terminal *terminal, int fd)
{
	const char *no_colour = getenv("NO_COLOR"), *kind = getenv("TERM");
	bool dumb = !kind || strcmp(kind, "dumb") == 0;
	struct winsize size = {0};

	*terminal = (struct terminal){.columns = DEFAULT_COLUMNS};
	terminal->is_terminal = isatty(fd) && !dumb;
	terminal->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	terminal->colour = terminal->is_terminal && !(no_colour && *no_colour);
	if (terminal->is_terminal && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
		terminal->columns = size.ws_col;
}
