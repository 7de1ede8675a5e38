/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory for a record's tables, which is freed only as a whole. Each name is stored once. */
#pragma once

#include <stddef.h>

struct record_store;

struct record_store *store_create(void);
void store_destroy(struct record_store *store);
/* Zeroed, aligned for any type; NULL if there is no memory. */
void *store_alloc(struct record_store *store, size_t size);
/* The only copy of `text`; NULL if there is no memory. */
const char *store_text(struct record_store *store, const char *text);
