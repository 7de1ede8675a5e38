/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trials.jsonl while it is written: append-only, one JSON object a line, each line on disk
 * (fdatasync) before journal_append returns, so that a finished trial survives any death.
 */
#pragma once

#include <jansson.h>

#include "base/directory.h"
#include "base/error.h"

#define JOURNAL_NAME "trials.jsonl"
#define JOURNAL_BYTES (2ULL << 30) /* at most, of one that is read */

struct journal;

/* A new journal in `directory` (O_EXCL), or one to go on with: `resume` cuts off a torn last line.
 */
int journal_open(const struct directory *directory, int resume, struct journal **journal,
		 struct error *err);
/* Whether the file of that name is still the one that was written, with all of it: -EBADMSG. */
int journal_check(const struct journal *journal, const struct directory *directory,
		  struct error *err);
int journal_append(struct journal *journal, json_t *line, struct error *err);
void journal_close(struct journal *journal);
