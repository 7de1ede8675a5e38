/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_SCRATCH_H
#define TARE_SCRATCH_H

#include "harness/base/error.h"

/* May `path` be a scratch directory? Refused (-EINVAL with the reason): what is no directory, a
 * system directory, what cannot be written, what holds files that are not ours. */
int scratch_check(const char *path, struct error *err);

#endif
