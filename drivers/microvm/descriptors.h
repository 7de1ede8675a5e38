/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guest's descriptors. A number means something only through this table, so the VMM's own
 * descriptors cannot be named. A descriptor that one thread closes while another uses it stays
 * open until the use ends, else its host number could come to mean a vCPU in between.
 */
#pragma once

#include <pthread.h>
#include <stdint.h>

#define DESCRIPTORS 256

struct descriptor {
	int host;  /* -1: unused */
	int users; /* calls that are using it */
};

/* Entries in use by guest number point to an entry; an entry outlives its number. */
struct descriptors {
	pthread_mutex_t lock;
	struct descriptor *table[DESCRIPTORS];
};

void descriptors_init(struct descriptors *table);
/* Takes `host`; returns the lowest free guest number from `from` on, or -EMFILE / -ENOMEM, and
 * then `host` is closed. */
int descriptors_add(struct descriptors *table, int host, int from);
/* As add, at this number (dup2): what was there is closed. */
int descriptors_set(struct descriptors *table, int number, int host);
/* NULL: not open. To be put back. */
struct descriptor *descriptors_get(struct descriptors *table, uint64_t number);
void descriptors_put(struct descriptors *table, struct descriptor *descriptor);
int descriptors_close(struct descriptors *table, uint64_t number); /* -EBADF */
