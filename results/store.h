/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory behind a record's tables: what is put in is never freed one by one, only all at once.
 * Names are kept once each.
 */
#pragma once

#include <stddef.h>

struct record_store;

struct record_store *store_create(void);
void store_destroy(struct record_store *store);
/* Zeroed, aligned for any type; NULL where there is no memory. */
void *store_alloc(struct record_store *store, size_t size);
/* The one copy of `text`; NULL where there is no memory. */
const char *store_text(struct record_store *store, const char *text);
