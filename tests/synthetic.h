/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A made-up run (tests/synthetic_run.py), loaded and summed up; tests run from the top of the tree.
 */
#pragma once

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/command.h"
#include "results/summary.h"

struct synthetic {
	char directory[64];
	struct directory files; /* the same, open */
	struct record *record;
	struct summary *summary;
};

/* `options` are KEY=VALUE words separated by spaces, at most 8. */
static inline void synthetic_make(struct synthetic *run, const char *options)
{
	char words[256], *word, *rest;
	const char *argv[16] = {"python3", "tests/synthetic_run.py", run->directory};
	struct error err = {0};
	int count = 3;

	strcpy(run->directory, "/tmp/tare-synthetic-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(run->directory));
	snprintf(words, sizeof(words), "%s", options);
	for (word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		argv[count++] = word;
	ck_assert_msg(!command_run(argv, NULL, 30000, NULL, &err), "%s", err.message);
	ck_assert_msg(!directory_open(run->directory, &run->files, &err), "%s", err.message);
	ck_assert_msg(!record_read(&run->files, &run->record, &err), "%s", err.message);
	ck_assert_msg(!summary_create(run->record, &run->summary, &err), "%s", err.message);
}

static inline void synthetic_remove(struct synthetic *run)
{
	const char *argv[] = {"rm", "-rf", run->directory, NULL};

	summary_destroy(run->summary);
	record_destroy(run->record);
	directory_close(&run->files);
	command_run(argv, NULL, 10000, NULL, NULL);
}
