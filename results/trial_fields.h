/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of a trial's line in trials.jsonl. */
#pragma once

#include "base/fields.h"

/* The numbers of a line that a record keeps; NaN: unknown. */
#define TRIAL_NUMBERS                                                                              \
	double time; /* seconds since the run began */                                             \
	double operations, inside_seconds, outside_seconds, host_cpu_seconds;                      \
	double instance_cpu_seconds; /* of host_cpu_seconds the environment's own */               \
	double user_seconds;         /* CPU seconds in the workload's own code */                  \
	double exits;                /* of KVM, in all of the trial */                             \
	double call_seconds;         /* in system calls that are exits, including waiting */       \
	/* Seconds that the clock inside counted in one of the host's; 1: right. A record's values \
	 * are by the host's time already; where the clock is wrong it has no histograms. */       \
	double clock_rate;

struct trial_numbers {
	TRIAL_NUMBERS
};

/* Offsets in struct line, and so in its first member, struct trial_numbers. */
extern const struct field trial_fields[];
