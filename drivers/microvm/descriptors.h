/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guest's descriptors. Numbers are looked up only in this table, so the guest cannot name the
 * VMM's descriptors. A descriptor that one thread closes while another uses it stays open until
 * that use ends; otherwise its host number could become, for instance, a vCPU's. */
#pragma once

#include <pthread.h>
#include <stdint.h>

#define DESCRIPTORS 256

struct descriptor {
	int host;  /* -1: unused */
	int users; /* calls using it */
};

/* Guest numbers in use point to entries; an entry can outlive its number. */
struct descriptors {
	pthread_mutex_t lock;
	struct descriptor *table[DESCRIPTORS];
};

void descriptors_init(struct descriptors *table);
/* Takes ownership of `host`; returns the lowest free guest number from `from` on, or closes `host`
 * and returns -EMFILE or -ENOMEM. */
int descriptors_add(struct descriptors *table, int host, int from);
/* Like add, but at this number (dup2), whose old descriptor is closed. */
int descriptors_set(struct descriptors *table, int number, int host);
/* NULL: not open. Must be put back. */
struct descriptor *descriptors_get(struct descriptors *table, uint64_t number);
void descriptors_put(struct descriptors *table, struct descriptor *descriptor);
int descriptors_close(struct descriptors *table, uint64_t number); /* -EBADF */
