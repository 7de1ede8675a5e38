/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/microvm/descriptors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void descriptors_init(struct descriptors *table)
{
	memset(table, 0, sizeof(*table));
	pthread_mutex_init(&table->lock, NULL);
}

/* With the lock held. The number itself counts as one use. */
static void release(struct descriptor *descriptor)
{
	if (descriptor && --descriptor->users == 0) {
		close(descriptor->host);
		free(descriptor);
	}
}

static struct descriptor *create(int host)
{
	struct descriptor *descriptor = malloc(sizeof(*descriptor));

	if (descriptor)
		*descriptor = (struct descriptor){.host = host, .users = 1};
	else
		close(host);
	return descriptor;
}

int descriptors_add(struct descriptors *table, int host, int from)
{
	struct descriptor *descriptor = create(host);
	int number;

	if (!descriptor)
		return -ENOMEM;
	pthread_mutex_lock(&table->lock);
	for (number = from < 0 ? 0 : from; number < DESCRIPTORS && table->table[number]; number++)
		;
	if (number < DESCRIPTORS) {
		table->table[number] = descriptor;
	} else {
		release(descriptor);
		number = -EMFILE;
	}
	pthread_mutex_unlock(&table->lock);
	return number;
}

int descriptors_set(struct descriptors *table, int number, int host)
{
	struct descriptor *descriptor;

	if (number < 0 || number >= DESCRIPTORS) {
		close(host);
		return -EBADF;
	}
	descriptor = create(host);
	if (!descriptor)
		return -ENOMEM;
	pthread_mutex_lock(&table->lock);
	release(table->table[number]);
	table->table[number] = descriptor;
	pthread_mutex_unlock(&table->lock);
	return number;
}

struct descriptor *descriptors_get(struct descriptors *table, uint64_t number)
{
	struct descriptor *descriptor;

	/* the kernel uses only the low 32 bits of a descriptor */
	if ((uint32_t)number >= DESCRIPTORS)
		return NULL;
	pthread_mutex_lock(&table->lock);
	descriptor = table->table[(uint32_t)number];
	if (descriptor)
		descriptor->users++;
	pthread_mutex_unlock(&table->lock);
	return descriptor;
}

void descriptors_put(struct descriptors *table, struct descriptor *descriptor)
{
	pthread_mutex_lock(&table->lock);
	release(descriptor);
	pthread_mutex_unlock(&table->lock);
}

int descriptors_close(struct descriptors *table, uint64_t number)
{
	struct descriptor *descriptor = NULL;

	if ((uint32_t)number >= DESCRIPTORS)
		return -EBADF;
	pthread_mutex_lock(&table->lock);
	descriptor = table->table[(uint32_t)number];
	table->table[(uint32_t)number] = NULL;
	release(descriptor);
	pthread_mutex_unlock(&table->lock);
	return descriptor ? 0 : -EBADF;
}
