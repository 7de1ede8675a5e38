/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The four kernels of STREAM (McCalpin, "Memory bandwidth and machine balance", 1995), for each
 * vector width, with stores through or around the caches. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "workloads/vector.h"

enum stream_kernel { STREAM_COPY, STREAM_SCALE, STREAM_ADD, STREAM_TRIAD, STREAM_KERNELS };

/* copy: c = a; scale: b = s c; add: c = a + b; triad: a = b + s c. `count` is a multiple of 64;
 * the arrays are aligned to 64 bytes. */
typedef void stream_function(double *a, double *b, double *c, size_t count, double s);

/* NULL if the machine has no such stores. */
stream_function *stream_kernel(enum vector vector, bool nontemporal, enum stream_kernel kernel);
