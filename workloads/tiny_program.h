/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"

#define TINY_PROGRAM_STATUS 42

/* A descriptor, for fexecve, of a static one-page program that exits immediately with
 * TINY_PROGRAM_STATUS; it is in memory, so no file is needed. Negative errno. */
int tiny_program_open(struct error *err);
