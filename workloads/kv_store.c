/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/kv_store.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARGUMENTS_MAX 16
#define BUCKETS_FIRST 1024

struct pair {
	struct pair *next;
	uint64_t hash;
	uint32_t key_length, value_length;
	char bytes[]; /* key, then value */
};

struct kv_store {
	struct pair **buckets;
	size_t mask, count;
};

struct argument {
	const char *data;
	size_t length;
};

struct kv_store *kv_store_create(void)
{
	struct kv_store *store = calloc(1, sizeof(*store));

	if (!store)
		return NULL;
	store->mask = BUCKETS_FIRST - 1;
	store->buckets = calloc(BUCKETS_FIRST, sizeof(*store->buckets));
	if (store->buckets)
		return store;
	free(store);
	return NULL;
}

static void clear(struct kv_store *store)
{
	for (size_t i = 0; i <= store->mask; i++) {
		for (struct pair *pair = store->buckets[i], *next; pair; pair = next) {
			next = pair->next;
			free(pair);
		}
		store->buckets[i] = NULL;
	}
	store->count = 0;
}

void kv_store_destroy(struct kv_store *store)
{
	if (!store)
		return;
	clear(store);
	free(store->buckets);
	free(store);
}

size_t kv_store_count(const struct kv_store *store)
{
	return store->count;
}

/* FNV-1a over eight bytes at a time. Changes in the last bytes of a word must reach the lowest
 * bits, which choose the bucket: hence the last multiplication (otherwise keys that differ only in
 * their last two digits would share a bucket). */
static uint64_t hash_of(struct argument key)
{
	uint64_t hash = 0xcbf29ce484222325, word;
	size_t i = 0;

	for (; i + sizeof(word) <= key.length; i += sizeof(word)) {
		memcpy(&word, key.data + i, sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 32;
	}
	for (; i < key.length; i++)
		hash = (hash ^ (unsigned char)key.data[i]) * 0x100000001b3;
	hash = (hash ^ (hash >> 29)) * 0x9e3779b97f4a7c15;
	return hash ^ (hash >> 32);
}

/* The link to the pair, or where it would be. */
static struct pair **find(struct kv_store *store, struct argument key, uint64_t hash)
{
	struct pair **at = &store->buckets[hash & store->mask];

	while (*at && ((*at)->hash != hash || (*at)->key_length != key.length ||
		       memcmp((*at)->bytes, key.data, key.length)))
		at = &(*at)->next;
	return at;
}

/* Doubles the buckets once there are as many pairs as buckets. Without memory nothing changes. */
static void grow(struct kv_store *store)
{
	size_t mask = store->mask * 2 + 1;
	struct pair **buckets;

	if (store->count <= store->mask)
		return;
	buckets = calloc(mask + 1, sizeof(*buckets));
	if (!buckets)
		return;
	for (size_t i = 0; i <= store->mask; i++) {
		for (struct pair *pair = store->buckets[i], *next; pair; pair = next) {
			next = pair->next;
			pair->next = buckets[pair->hash & mask];
			buckets[pair->hash & mask] = pair;
		}
	}
	free(store->buckets);
	store->buckets = buckets;
	store->mask = mask;
}

static bool set(struct kv_store *store, struct argument key, struct argument value)
{
	uint64_t hash = hash_of(key);
	struct pair **at = find(store, key, hash), *pair = *at;

	if (!pair || pair->value_length != value.length) {
		pair = realloc(pair, sizeof(*pair) + key.length + value.length);
		if (!pair)
			return false;
		if (!*at) {
			store->count++;
			pair->next = NULL;
		}
		*at = pair;
		pair->hash = hash;
		pair->key_length = (uint32_t)key.length;
		pair->value_length = (uint32_t)value.length;
		memcpy(pair->bytes, key.data, key.length);
	}
	memcpy(pair->bytes + key.length, value.data, value.length);
	grow(store);
	return true;
}

static bool delete (struct kv_store *store, struct argument key)
{
	struct pair **at = find(store, key, hash_of(key)), *pair = *at;

	if (!pair)
		return false;
	*at = pair->next;
	free(pair);
	store->count--;
	return true;
}

static void reply(struct event_output *output, const char *text)
{
	event_output_add(output, text, strlen(text));
}

static void reply_number(struct event_output *output, size_t number)
{
	char text[32];

	snprintf(text, sizeof(text), ":%zu\r\n", number);
	reply(output, text);
}

/* "$LENGTH\r\n", without printf, because every read needs it. */
static void reply_bulk(struct event_output *output, const char *data, size_t length)
{
	char head[24], *at = head + sizeof(head);
	size_t rest = length;

	*--at = '\n';
	*--at = '\r';
	do
		*--at = (char)('0' + rest % 10);
	while (rest /= 10);
	*--at = '$';
	event_output_add(output, at, (size_t)(head + sizeof(head) - at));
	event_output_add(output, data, length);
	event_output_add(output, "\r\n", 2);
}

static void get(struct kv_store *store, struct argument key, struct event_output *output)
{
	const struct pair *pair = *find(store, key, hash_of(key));

	if (pair)
		reply_bulk(output, pair->bytes + pair->key_length, pair->value_length);
	else
		reply(output, "$-1\r\n");
}

static bool is(struct argument word, const char *command)
{
	return word.length == strlen(command) && !strncasecmp(word.data, command, word.length);
}

static void execute(struct kv_store *store, const struct argument *word, int count,
		    struct event_output *output)
{
	size_t deleted = 0;

	if (count == 2 && is(word[0], "GET")) {
		get(store, word[1], output);
	} else if (count == 3 && is(word[0], "SET")) {
		reply(output, set(store, word[1], word[2]) ? "+OK\r\n" : "-OOM no memory\r\n");
	} else if (count >= 2 && is(word[0], "DEL")) {
		for (int i = 1; i < count; i++)
			deleted += delete (store, word[i]);
		reply_number(output, deleted);
	} else if (count == 1 && is(word[0], "DBSIZE")) {
		reply_number(output, store->count);
	} else if (count == 1 && is(word[0], "FLUSHALL")) {
		clear(store);
		reply(output, "+OK\r\n");
	} else if (count == 1 && is(word[0], "PING")) {
		reply(output, "+PONG\r\n");
	} else {
		reply(output, "-ERR unknown command\r\n");
	}
}

/* Parses "<mark>NUMBER\r\n" at *at and advances it. 1; 0: incomplete; or -EPROTO. */
static int parse_number(const char **at, const char *end, char mark, long high, long *number)
{
	const char *p = *at;

	if (p == end)
		return 0;
	if (*p++ != mark)
		return -EPROTO;
	for (*number = 0; p < end && *p >= '0' && *p <= '9'; p++) {
		*number = *number * 10 + (*p - '0');
		if (*number > high)
			return -EPROTO;
	}
	if (end - p < 2)
		return p < end && *p != '\r' ? -EPROTO : 0;
	if (p[0] != '\r' || p[1] != '\n')
		return -EPROTO;
	*at = p + 2;
	return 1;
}

/* "PING\r\n": the inline form, with one word. */
static long consume_inline(struct kv_store *store, const char *data, size_t length,
			   struct event_output *output)
{
	const char *end = memchr(data, '\n', length);
	struct argument word = {.data = data};

	if (!end)
		return 0;
	while (data + word.length < end && data[word.length] != '\r')
		word.length++;
	execute(store, &word, 1, output);
	return end - data + 1;
}

long kv_store_consume(void *state, const char *data, size_t length, struct event_output *output)
{
	struct argument words[ARGUMENTS_MAX];
	const char *at = data, *end = data + length;
	long count, bytes;
	int rc;

	if (*data != '*')
		return consume_inline(state, data, length, output);
	rc = parse_number(&at, end, '*', ARGUMENTS_MAX, &count);
	if (rc <= 0)
		return rc;
	for (long i = 0; i < count; i++) {
		rc = parse_number(&at, end, '$', EVENT_REQUEST_MAX, &bytes);
		if (rc <= 0)
			return rc;
		if (end - at < bytes + 2)
			return 0;
		words[i] = (struct argument){at, (size_t)bytes};
		if (at[bytes] != '\r' || at[bytes + 1] != '\n')
			return -EPROTO;
		at += bytes + 2;
	}
	if (count)
		execute(state, words, (int)count, output);
	return at - data;
}
