/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this host can do for Tare, as a table of checks: each gives a value, the consequence,
 * and the command that fixes it. Changes nothing. */
#ifndef TARE_DOCTOR_H
#define TARE_DOCTOR_H

#include <jansson.h>
#include <stdbool.h>

enum check_state {
	CHECK_GOOD,
	CHECK_NOTE,        /* works; a reader of the figures should know it */
	CHECK_UNAVAILABLE, /* something cannot be measured here */
};

struct check_result {
	enum check_state state;
	char value[192];       /* "KVM without hardware virtualization (kvm_pvm)" */
	char consequence[384]; /* "" where all is good */
	char command[256];     /* that fixes it; "" if there is none */
};

struct check {
	const char *name; /* "kvm" */
	void (*run)(struct check_result *result);
};

extern const struct check doctor_checks[]; /* ends with an empty name */

/* All checks: {"checks":[{"name","state","value","consequence","command"}], "unavailable": n}. A
 * new reference. */
json_t *doctor_examine(void);

#endif
