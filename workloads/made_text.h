/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Fills `text` with sentences of a made-up language whose word frequencies follow Zipf's law. It
 * compresses about as well as English. Depends only on the seed. */
void text_generate(char *text, size_t length, uint64_t seed);
