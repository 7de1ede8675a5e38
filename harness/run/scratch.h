/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_SCRATCH_H
#define TARE_SCRATCH_H

#include "base/error.h"

/* May `path` be a scratch directory? Refused (-EINVAL with the reason): what is no directory, a
 * system directory, what cannot be written, what holds files that are not ours. */
int scratch_check(const char *path, struct error *err);

/* Writes back all files below an instance's directory and drops them from the host's page cache:
 * its own, or the image that a virtual machine has them in. */
void scratch_drop_caches(const char *path);

#endif
