/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small compiler, so that cpu.compile needs none installed. A source is a list of functions of
 * two unsigned 32-bit numbers in a subset of C (declarations, assignments, if and else, return,
 * expressions, comments); an object is code for a stack machine. Constants are folded, dead
 * branches are left out. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct object {
	uint8_t *code; /* the caller's memory */
	size_t used, size;
};

/* -EINVAL with the line number for a syntax error; -ENOSPC if the object is too small. */
int compile_source(const char *text, size_t length, struct object *object, struct error *err);

/* Runs every function on (3, 5) and combines the results. -EINVAL: invalid object. */
int object_run(const struct object *object, uint32_t *result, struct error *err);

/* Fills `text` with complete functions, padded with newlines. *result is what object_run must
 * return, computed during generation, without the compiler. */
void source_generate(char *text, size_t length, uint64_t seed, uint32_t *result);

/* Combines the results of functions. */
static inline uint32_t result_fold(uint32_t sum, uint32_t result)
{
	return ((sum << 5) | (sum >> 27)) ^ result;
}
