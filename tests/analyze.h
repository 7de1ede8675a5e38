/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For `make analyze`, put before each file: analyzers see one file at a time, and would follow
 * paths on which what says that it failed returns 0. It returns a negative errno (error.h).
 */
#include "base/error.h"

#define error_set(...) (error_set(__VA_ARGS__), -1)
#define error_errno(...) (error_errno(__VA_ARGS__), -1)
