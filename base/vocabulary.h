/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that the agent, run.json, the estimates and the figures share: each name is spelled
 * once, here. */
#ifndef TARE_VOCABULARY_H
#define TARE_VOCABULARY_H

#include <stdbool.h>

/* What a workload exercises, in the order in which everything is shown. */
enum panel { PANEL_CPU, PANEL_MEMORY, PANEL_DISK, PANEL_NETWORK, PANEL_COUNT };
extern const char *const panel_names[]; /* ends with NULL */

enum better { BETTER_HIGHER, BETTER_LOWER };
extern const char *const better_names[]; /* ends with NULL */

/* The null arm is the baseline once more, in instances of its own. */
enum arm_role { ARM_BASELINE, ARM_NULL, ARM_SUBJECT };
extern const char *const arm_role_names[]; /* ends with NULL */

enum parameter_kind { PARAMETER_INTEGER, PARAMETER_SIZE, PARAMETER_REAL, PARAMETER_CHOICE };
extern const char *const parameter_kind_names[]; /* ends with NULL */

/* The index of `name` in one of the tables above; -1: not in it, or NULL. */
int vocabulary_find(const char *const *names, const char *name);

#endif
