/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of `tare doctor`: what a check found on this host, what follows, and what fixes it. */
#ifndef TARE_CHECK_H
#define TARE_CHECK_H

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
	const char *name; /* "kvm"; the same check may be in several tables, and runs once */
	void (*run)(struct check_result *result); /* changes nothing on the host */
};

/* Each sets one part, printf-like. */
void say_value(struct check_result *result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* `state` and what follows from the value. */
void say_consequence(struct check_result *result, enum check_state state, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void say_command(struct check_result *result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The version of a program, or that it is missing and what follows. */
void check_program(struct check_result *result, const char *program, const char *package,
		   const char *consequence);

#endif
