/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which vector instructions a workload uses. `auto` is the widest that this CPU has; the plan may
 * choose another, so that environments with different CPUs (a guest's, an emulator's) do the same
 * work. */
#pragma once

#include "workloads/workload.h"

enum vector { VECTOR_BASELINE, VECTOR_AVX2, VECTOR_AVX512 };

extern const char *const vector_choices[];
#define VECTOR_PARAMETER                                                                           \
	{                                                                                          \
		"vector", "vector instructions: auto is the widest that the CPU has",              \
			PARAMETER_CHOICE, .choices = vector_choices, .resolve = RESOLVE_NARROWEST, \
					  .fact = "vector"                                         \
	}

/* The widest that this CPU and kernel can run. */
enum vector vector_widest(void);
const char *vector_name(enum vector vector);
/* Resolves the trial's parameter `vector`. -ENOTSUP if this CPU lacks it. */
int vector_resolve(const struct trial *trial, enum vector *vector, struct error *err);
