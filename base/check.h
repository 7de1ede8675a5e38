/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of `tare doctor`: what a check found on this host, the consequence, and the command that
 * fixes it. */
#pragma once

#include <stdbool.h>

enum check_state {
	CHECK_GOOD,
	CHECK_NOTE,        /* works, but readers of the figures should know */
	CHECK_UNAVAILABLE, /* something cannot be measured here */
};

struct check_result {
	enum check_state state;
	char value[192];       /* "KVM without hardware virtualization (kvm_pvm)" */
	char consequence[384]; /* "" if everything is fine */
	char command[256];     /* that fixes it; "" if there is none */
};

struct check {
	const char *name;                         /* "kvm"; a check in several tables runs once */
	void (*run)(struct check_result *result); /* changes nothing on the host */
};

/* Each sets one part, printf-like. */
void say_value(struct check_result *result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* `state` and the consequence of the value. */
void say_consequence(struct check_result *result, enum check_state state, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void say_command(struct check_result *result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The version of a program, or that it is missing, with the consequence. */
void check_program(struct check_result *result, const char *program, const char *package,
		   const char *consequence);
