/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key-value store that speaks the Redis protocol (RESP2): GET, SET, DEL, DBSIZE, FLUSHALL, PING;
 * anything else gets a Redis error. It is a chained hash table with one allocation for each pair.
 */
#pragma once

#include "workloads/event_server.h"

struct kv_store;

struct kv_store *kv_store_create(void);
/* NULL is legal. */
void kv_store_destroy(struct kv_store *store);
size_t kv_store_count(const struct kv_store *store);

/* An event_consume: `state` is the store. */
long kv_store_consume(void *state, const char *data, size_t length, struct event_output *output);
