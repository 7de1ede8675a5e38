/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Fills `text` with words of a made-up language, their frequencies after Zipf's law, in
 * sentences and lines. It compresses about as well as English. Depends on the seed alone. */
void text_generate(char *text, size_t length, uint64_t seed);
