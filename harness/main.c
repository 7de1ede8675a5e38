/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/subcommand.h"

extern const struct subcommand subcommand_doctor, subcommand_list, subcommand_run,
	subcommand_reproduce, subcommand_report, subcommand_compare, subcommand_export,
	subcommand_clean;

const struct subcommand *const subcommands[] = {
	&subcommand_doctor,    &subcommand_list,   &subcommand_run,
	&subcommand_reproduce, &subcommand_report, &subcommand_compare,
	&subcommand_export,    &subcommand_clean,  NULL,
};

static void print_help(FILE *out)
{
	fprintf(out, "Usage: tare COMMAND [OPTION...]\n"
		     "What does it cost to run this in a container or a virtual machine?\n\n");
	for (int i = 0; subcommands[i]; i++)
		fprintf(out, "  %-10s %s\n", subcommands[i]->name, subcommands[i]->summary);
	fprintf(out,
		"\n`tare COMMAND --help' says more. Exit status: 0 done; 1 done, but something "
		"asked\nfor failed or is unavailable; 2 invalid command line; 130 "
		"interrupted.\n");
}

static int refuse_command(const char *name)
{
	if (name)
		fprintf(stderr, "tare: unknown command '%s'; valid commands:", name);
	else
		fprintf(stderr, "tare: no command given; valid commands:");
	for (int i = 0; subcommands[i]; i++)
		fprintf(stderr, " %s", subcommands[i]->name);
	fprintf(stderr, "\n");
	return STATUS_USAGE;
}

/* A message is one line and quotes arguments verbatim: a control character would break the line, or
 * the terminal. */
static int refuse_control_characters(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		for (char *c = argv[i]; *c; c++) {
			if (!iscntrl((unsigned char)*c))
				continue;
			*c = 0;
			fprintf(stderr,
				"tare: argument %d, '%s...', contains a control character, which "
				"no name or value may\n",
				i, argv[i]);
			return STATUS_USAGE;
		}
	}
	return STATUS_DONE;
}

/* If one of the three is closed, the next file opened would take its number, and messages would be
 * written to a journal. A closed standard output is replaced by one that cannot be written. */
static int reserve_standard_descriptors(void)
{
	static const int modes[] = {O_RDONLY, O_RDONLY, O_WRONLY};

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
			return -EBADF;
	/* What else the caller has open is not for what we start. */
	close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	return 0;
}

/* Administration programs (runc, mkfs.ext4) are not in every user's PATH, nor in sudo's. */
static void complete_path(void)
{
	const char *path = getenv("PATH");
	char *longer;

	if (asprintf(&longer, "%s:/usr/local/sbin:/usr/sbin:/sbin",
		     path && *path ? path : "/usr/local/bin:/usr/bin:/bin") < 0)
		return;
	setenv("PATH", longer, 1);
	free(longer);
}

static void prepare(void)
{
	/* Whatever the caller's umask: nobody else may write to files that libraries and runtimes
	 * create for us, and we can. */
	umask((umask(077) & 077) | 022);
	/* Exceeding the file size limit is an error (EFBIG) like any other. */
	signal(SIGXFSZ, SIG_IGN);
	setlocale(LC_ALL, "");
	/* Numbers look the same in JSON, CSV and on the terminal. */
	setlocale(LC_NUMERIC, "C");
	/* libvirt reads this at its first call; without it, it would print warnings. */
	setenv("LIBVIRT_DEBUG", "4", 0);
	complete_path();
}

static int run_command(int argc, char **argv)
{
	if (argc < 2)
		return refuse_command(NULL);
	if (refuse_control_characters(argc, argv))
		return STATUS_USAGE;
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		print_help(stdout);
		return STATUS_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("tare %s\n", TARE_VERSION);
		return STATUS_DONE;
	}
	for (int i = 0; subcommands[i]; i++)
		if (strcmp(argv[1], subcommands[i]->name) == 0)
			return subcommands[i]->exec(subcommands[i], argc - 1, argv + 1);
	return refuse_command(argv[1]);
}

int main(int argc, char **argv)
{
	if (reserve_standard_descriptors())
		return STATUS_USAGE; /* and there is nowhere to report it */
	prepare();
	return subcommand_output(run_command(argc, argv));
}
