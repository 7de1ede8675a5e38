/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/subcommand.h"

#include <argp.h>
#include <errno.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_COLUMNS 80
#define OPTIONS_MOST 24

const char *const subcommand_languages[] = {"en", "pt-BR", NULL};

static const struct subcommand_option help_options[] = {
	{"help", '?', .help = "Give this help list", .group = -1},
	{"usage", .help = "Give a short usage message", .group = -1},
	{0},
};

void subcommand_invalid(const struct subcommand *command, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "tare %s: ", command->name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(STATUS_USAGE);
}

/* Ends the program with the valid options, all in one line. */
static _Noreturn void refuse_option(const struct subcommand *command, const char *argument,
				    const char *why)
{
	char valid[512] = "";
	size_t used = 0;

	for (const struct subcommand_option *o = command->options; o->name; o++)
		used += (size_t)snprintf(valid + used, sizeof(valid) - used, " --%s", o->name);
	subcommand_invalid(command, "option '%s' %s; valid options:%s --help", argument, why,
			   valid);
}

/* Appends rows for argp to the first `count`; returns the new count. Options without a letter get
 * keys beyond all letters. */
static int add_rows(struct argp_option *rows, int count, const struct subcommand_option *options)
{
	for (; options->name; options++, count++)
		rows[count] = (struct argp_option){.name = options->name,
						   .key = options->key ?: 256 + count,
						   .arg = options->value,
						   .doc = options->help,
						   .group = options->group};
	return count;
}

/* argp formats the help. */
static _Noreturn void print_help(const struct subcommand *command, bool usage)
{
	struct argp_option rows[OPTIONS_MOST + 1] = {0};
	char name[64], doc[2048];
	struct argp argp = {.options = rows, .args_doc = command->arguments, .doc = doc};

	snprintf(name, sizeof(name), "tare %s", command->name);
	snprintf(doc, sizeof(doc), "%s\v%s", command->summary, command->help ? command->help : "");
	add_rows(rows, add_rows(rows, 0, command->options), help_options);
	argp_help(&argp, stdout, usage ? ARGP_HELP_USAGE : ARGP_HELP_STD_HELP, name);
	exit(subcommand_output(STATUS_DONE));
}

static const struct subcommand_option *by_name(const struct subcommand_option *options,
					       const char *name, size_t length, bool *ambiguous)
{
	const struct subcommand_option *found = NULL;

	for (; options->name; options++) {
		if (strncmp(options->name, name, length) != 0)
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

static const struct subcommand_option *by_key(const struct subcommand_option *options, char key)
{
	while (options->name && options->key != key)
		options++;
	return options->name ? options : NULL;
}

static void add_word(struct words *words, const char *word)
{
	words->list = reallocarray(words->list, (size_t)words->count + 1, sizeof(*words->list));
	if (!words->list)
		abort();
	words->list[words->count++] = word;
}

static void check_choice(const struct subcommand *command, const struct subcommand_option *option,
			 const char *value)
{
	char valid[128] = "";
	size_t used = 0;

	if (!option->choices || !value)
		return;
	for (const char *const *choice = option->choices; *choice; choice++) {
		if (strcmp(*choice, value) == 0)
			return;
		used += (size_t)snprintf(valid + used, sizeof(valid) - used, " %s", *choice);
	}
	subcommand_invalid(command, "unknown %s --%s %s; valid %ss:%s", option->what, option->name,
			   value, option->what, valid);
}

/* Stores the value; `argument` is what was typed. */
static void take(const struct subcommand *command, const struct subcommand_option *option,
		 const char *argument, const char *value, void *input)
{
	void *at = (char *)input + option->at;

	if (option == &help_options[0] || option == &help_options[1])
		print_help(command, option == &help_options[1]);
	if (option->value && !value)
		subcommand_invalid(command, "option '%s' needs a value: %s %s", argument, argument,
				   option->value);
	check_choice(command, option, value);
	if (!option->value)
		*(bool *)at = true;
	else if (option->repeated)
		add_word(at, value);
	else
		*(const char **)at = value;
}

/* A long option; returns how many more arguments it takes. */
static int take_long(const struct subcommand *command, const char *argument, const char *next,
		     void *input)
{
	const char *name = argument + 2, *equals = strchr(name, '=');
	size_t length = equals ? (size_t)(equals - name) : strlen(name);
	const struct subcommand_option *option;
	bool ambiguous = false;

	option = by_name(command->options, name, length, &ambiguous);
	if (!option)
		option = by_name(help_options, name, length, &ambiguous);
	if (!option || length == 0)
		refuse_option(command, argument, "is unknown");
	if (ambiguous)
		refuse_option(command, argument, "is ambiguous");
	if (!option->value && equals)
		refuse_option(command, argument, "takes no value");
	take(command, option, argument, equals ? equals + 1 : next, input);
	return option->value && !equals;
}

/* A bundle of short options. */
static int take_short(const struct subcommand *command, const char *argument, const char *next,
		      void *input)
{
	for (const char *c = argument + 1; *c; c++) {
		const struct subcommand_option *option = by_key(command->options, *c);

		if (!option)
			option = by_key(help_options, *c);
		if (!option)
			refuse_option(command, argument, "is unknown");
		take(command, option, argument, c[1] ? c + 1 : next, input);
		if (option->value)
			return !c[1];
	}
	return 0;
}

void subcommand_parse(const struct subcommand *command, int argc, char **argv, void *input)
{
	const char **operands = (const char **)((char *)input + command->operands_at);
	bool options = true;
	int count = 0;

	for (int i = 1; i < argc; i++) {
		const char *argument = argv[i], *next = i + 1 < argc ? argv[i + 1] : NULL;

		if (options && strcmp(argument, "--") == 0)
			options = false;
		else if (options && strncmp(argument, "--", 2) == 0)
			i += take_long(command, argument, next, input);
		else if (options && argument[0] == '-' && argument[1])
			i += take_short(command, argument, next, input);
		else if (count == command->operands_most)
			subcommand_invalid(command, "unexpected argument '%s': %s takes %s",
					   argument, command->name, command->takes);
		else
			operands[count++] = argument;
	}
	if (count < command->operands_least && command->operands_least == 1)
		subcommand_invalid(command, "no run given; give its directory, or `latest'");
	if (count < command->operands_least)
		subcommand_invalid(command, "%d run%s given; %s takes %s", count,
				   count == 1 ? "" : "s", command->name, command->takes);
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

int subcommand_print(const json_t *json)
{
	json_dumpf(json, stdout, JSON_INDENT(1));
	putchar('\n');
	return STATUS_DONE;
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
