/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/pages.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

#define HUGE_BYTES ((size_t)2 << 20)

const char *const pages_choices[] = {"thp", "4k", "huge", NULL};
const char *const pages_choices_small[] = {"4k", "thp", "huge", NULL};

static int map_reserved(struct pages *pages, struct error *err)
{
	pages->mapping_size = pages->size;
	pages->mapping = mmap(NULL, pages->size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (pages->mapping == MAP_FAILED) {
		pages->mapping = NULL;
		return error_errno(err, -errno,
				   "pages=huge needs %zu reserved huge pages of 2 MiB: sysctl "
				   "vm.nr_hugepages=%zu",
				   pages->size / HUGE_BYTES, pages->size / HUGE_BYTES);
	}
	pages->memory = pages->mapping;
	return 0;
}

int pages_map(const struct trial *trial, size_t size, struct pages *pages, struct error *err)
{
	uintptr_t start;

	*pages = (struct pages){.kind = trial_choice(trial, "pages")};
	for (int i = 0; pages_choices[i]; i++) /* text that outlives the trial's parameters */
		if (!strcmp(pages->kind, pages_choices[i]))
			pages->kind = pages_choices[i];
	pages->size = (size + HUGE_BYTES - 1) & ~(HUGE_BYTES - 1);
	if (!strcmp(pages->kind, "huge"))
		return map_reserved(pages, err);
	pages->mapping_size = pages->size + HUGE_BYTES;
	pages->mapping = mmap(NULL, pages->mapping_size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (pages->mapping == MAP_FAILED) {
		pages->mapping = NULL;
		return error_errno(err, -errno, "mapping %zu bytes", pages->mapping_size);
	}
	start = ((uintptr_t)pages->mapping + HUGE_BYTES - 1) & ~(uintptr_t)(HUGE_BYTES - 1);
	pages->memory = (void *)start;
	/* fails if the kernel has no transparent huge pages: pages_note records what was used */
	madvise(pages->memory, pages->size,
		strcmp(pages->kind, "thp") ? MADV_NOHUGEPAGE : MADV_HUGEPAGE);
	return 0;
}

void pages_unmap(struct pages *pages)
{
	if (pages->mapping)
		munmap(pages->mapping, pages->mapping_size);
	*pages = (struct pages){0};
}

/* kB after `key` in /proc/self/smaps_rollup; -1: unknown. */
static long rollup(const char *key)
{
	cleanup_free char *text = NULL;
	const char *at;

	if (file_read("/proc/self/smaps_rollup", 1 << 16, &text, NULL, NULL))
		return -1;
	at = strstr(text, key);
	return at ? strtol(at + strlen(key), NULL, 10) : -1;
}

void pages_note(struct trial *trial, const struct pages *pages)
{
	long huge = rollup("AnonHugePages:");
	char text[64];

	if (!strcmp(pages->kind, "huge") || huge < 0)
		snprintf(text, sizeof(text), "%s", pages->kind);
	else
		snprintf(text, sizeof(text), "%s (%.0f %% in huge pages)", pages->kind,
			 100.0 * (double)huge * 1024 / (double)pages->size);
	trial_note(trial, "pages", text);
}

size_t pages_cache_bytes(void)
{
	long bytes = sysconf(_SC_LEVEL3_CACHE_SIZE);

	if (bytes <= 0)
		bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
	return bytes > 0 ? (size_t)bytes : 0;
}
