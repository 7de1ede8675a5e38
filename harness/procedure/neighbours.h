/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The neighbours of a stage: they work for all of the subject's timed part, and until they are told
 * to stop. One that does not run, ends by itself, or does not stop in time fails the trial: no
 * subject is measured alone that was to be in company. stage->failed then says which it was.
 */
#pragma once

#include "harness/procedure/procedure.h"

/* Each gets ready; it does not run yet. */
int neighbours_prepare(struct stage *stage, struct error *err);
/* Returns when all of them run. */
int neighbours_begin(struct stage *stage, struct error *err);
/* Stops those that run, within a limit, and collects what they did: actor->did. */
int neighbours_end(struct stage *stage, struct error *err);
