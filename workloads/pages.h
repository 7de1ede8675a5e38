/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory with an explicit page size, requested and reported, whatever the kernel's default. */
#pragma once

#include <stddef.h>

#include "workloads/workload.h"

/* The row of a parameter `pages`, with the default first. */
extern const char *const pages_choices[], *const pages_choices_small[];
#define PAGES_ROW(list)                                                                            \
	{                                                                                          \
		"pages", "page size: transparent huge pages, 4 KiB, or reserved huge pages",       \
			PARAMETER_CHOICE, .choices = list                                          \
	}
#define PAGES_PARAMETER PAGES_ROW(pages_choices)             /* thp */
#define PAGES_PARAMETER_SMALL PAGES_ROW(pages_choices_small) /* 4k */

struct pages {
	void *memory; /* aligned to 2 MiB; not touched yet */
	size_t size;  /* rounded up to 2 MiB */
	void *mapping;
	size_t mapping_size;
	const char *kind; /* "thp", "4k" or "huge" */
};

/* Maps memory as set by the trial's parameter `pages`. -ENOMEM if no huge pages are reserved. */
int pages_map(const struct trial *trial, size_t size, struct pages *pages, struct error *err);
/* All zero is legal. */
void pages_unmap(struct pages *pages);
/* Notes what was requested and, after the memory was touched, what the kernel provided. */
void pages_note(struct trial *trial, const struct pages *pages);

/* Bytes of the last-level cache, from the C library; 0: unknown. */
size_t pages_cache_bytes(void);
