/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text from outside (agents, environments, run directories, the command line) at the border: UTF-8
 * without control or escape characters, cut only between characters. */
#ifndef TARE_BORDER_H
#define TARE_BORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Bytes of the UTF-8 character at `text`, its code in *code; 0 where there is none. */
size_t border_character(const char *text, uint32_t *code);
/* C0 and C1 controls, DEL, and what turns the direction of a line of text around. */
bool border_is_control(uint32_t code);

/* In place, for one line: each control character and each byte that is no UTF-8 becomes '?'. */
void border_clean(char *text);
/* The same for a copy of `text`; the caller frees. NULL where there is no memory. */
char *border_cleaned(const char *text);
/* After snprintf or strncpy into a buffer of `size`: drops a character whose end was cut off. */
void border_cut(char *text);

/* snprintf, cleaned and cut between characters. */
void border_copy(char *to, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* One field of CSV (RFC 4180), in quotes where it has to be, cleaned. */
void border_csv(FILE *out, const char *text);

/* What a JSON text costs once it is parsed is some 100 bytes a value, however short the text:
 * whether it has no more than `most` of them. */
bool border_json_within(const char *text, size_t length, size_t most);

#endif
