/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/store.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES (256u << 10)

struct chunk {
	struct chunk *next;
	size_t used, size;
	max_align_t bytes[];
};

struct record_store {
	struct chunk *chunks; /* the one with room first */
	void *names;          /* a tree of texts (tsearch) */
};

struct record_store *store_create(void)
{
	return calloc(1, sizeof(struct record_store));
}

static void keep(void *node)
{
	(void)node; /* texts live in the chunks */
}

void store_destroy(struct record_store *store)
{
	if (!store)
		return;
	tdestroy(store->names, keep);
	while (store->chunks) {
		struct chunk *next = store->chunks->next;

		free(store->chunks);
		store->chunks = next;
	}
	free(store);
}

void *store_alloc(struct record_store *store, size_t size)
{
	struct chunk *chunk = store->chunks;
	void *at;

	size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (!chunk || chunk->size - chunk->used < size) {
		size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;

		chunk = calloc(1, sizeof(*chunk) + room);
		if (!chunk)
			return NULL;
		chunk->size = room;
		chunk->next = store->chunks;
		store->chunks = chunk;
	}
	at = (char *)chunk->bytes + chunk->used;
	chunk->used += size;
	return at;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(a, b);
}

const char *store_text(struct record_store *store, const char *text)
{
	char **found = tfind(text, &store->names, compare_texts);
	size_t size = strlen(text) + 1;
	char *copy;

	if (found)
		return *found;
	copy = store_alloc(store, size);
	if (!copy)
		return NULL;
	memcpy(copy, text, size);
	return tsearch(copy, &store->names, compare_texts) ? copy : NULL;
}
