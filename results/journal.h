/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes trials.jsonl: append-only, one JSON object per line, each on disk (fdatasync) before
 * journal_append returns, so that a finished trial survives any crash. */
#pragma once

#include <jansson.h>

#include "base/directory.h"
#include "base/error.h"

#define JOURNAL_NAME "trials.jsonl"
#define JOURNAL_BYTES (2ULL << 30) /* at most, of one that is read */

struct journal;

/* Creates a journal in `directory` (O_EXCL), or continues one: `resume` cuts off an incomplete last
 * line. */
int journal_open(const struct directory *directory, int resume, struct journal **journal,
		 struct error *err);
/* Checks that the file with that name is still the one that was written, and complete: -EBADMSG. */
int journal_check(const struct journal *journal, const struct directory *directory,
		  struct error *err);
int journal_append(struct journal *journal, json_t *line, struct error *err);
void journal_close(struct journal *journal);
