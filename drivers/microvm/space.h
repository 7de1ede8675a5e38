/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pages of an address range are taken, for the guest's mmap. Free ranges are allocated from
 * the top, as in Linux. Adjacent ranges are merged, so the size depends only on fragmentation. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SPACE_RANGES 4096

struct space_range {
	uint64_t start, end;
};

struct space {
	uint64_t low, high;
	int count;
	struct space_range taken[SPACE_RANGES]; /* sorted, disjoint, never adjacent */
};

void space_init(struct space *space, uint64_t low, uint64_t high);
/* Whether [start, start + length) is within the space, not empty and without overflow. */
bool space_holds(const struct space *space, uint64_t start, uint64_t length);
bool space_is_free(const struct space *space, uint64_t start, uint64_t length);
/* The highest free range of `length`, at a multiple of `align` (a power of two); 0: none. Does not
 * take it. */
uint64_t space_find(const struct space *space, uint64_t length, uint64_t align);
/* Both return 0 or -ENOMEM (too many fragments), -EINVAL (outside); taking what is taken and
 * freeing what is free is legal. */
int space_take(struct space *space, uint64_t start, uint64_t length);
int space_give(struct space *space, uint64_t start, uint64_t length);
