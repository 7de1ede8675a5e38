/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text from outside (agents, environments, run directories, the command line) at the border: UTF-8
 * without control or escape characters, cut only between characters. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Length in bytes of the UTF-8 character at `text`, its code point in *code; 0 if there is none. */
size_t border_character(const char *text, uint32_t *code);
/* C0 and C1 controls, DEL, and characters that change the direction of text. */
bool border_is_control(uint32_t code);

/* Cleans one line in place: each control character and each byte of invalid UTF-8 becomes '?'. */
void border_clean(char *text);
/* A cleaned copy of `text`; the caller frees. NULL if there is no memory. */
char *border_cleaned(const char *text);
/* Drops the last character if snprintf or strncpy cut off its end. */
void border_cut(char *text);

/* snprintf, with the result cleaned and cut only between characters. */
void border_copy(char *to, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* One cleaned field of CSV (RFC 4180), quoted if necessary. */
void border_csv(FILE *out, const char *text);

/* Whether a JSON text has at most `most` values: parsed, each costs about 100 bytes, however short
 * the text is. */
bool border_json_within(const char *text, size_t length, size_t most);
