/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The project's error object: a negative errno for the caller and a sentence for the user. The
 * sentence names the value, the consequence and, if there is one, the command that fixes it.
 *
 * Functions return 0 or the same negative errno that they store. Passing NULL for `err` is legal
 * and drops the sentence.
 */
#pragma once

struct error {
	int code;           /* negative errno; 0: no error */
	char message[1024]; /* one line, no trailing newline */
};

/* Sets the message and returns `code`. `code` is a negative errno. */
int error_set(struct error *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Like error_set, with ": " and the text of `code` appended. */
int error_errno(struct error *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Prepends to the message ("starting the container: ..."); returns err->code. */
int error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
