/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by network.c and network_attach.c. */
#pragma once

#include <pthread.h>
#include <stdbool.h>

#include "drivers/network.h"

#define SLOT_FIRST 10 /* last byte of the first attachment's address */
#define SLOT_COUNT 240
#define NETNS_DIRECTORY "/run/netns"
#define LINK_FAR "wire-p"
#define LINK_HOST "wire-h"

enum attachment_kind { ATTACHMENT_NONE, ATTACHMENT_NAMESPACE, ATTACHMENT_NAT, ATTACHMENT_TAP };

struct attachment {
	enum attachment_kind kind;
	char id[64];
};

struct network {
	pthread_mutex_t mutex; /* of `attachments` */
	struct resources *resources;
	char run_id[64];
	char far_name[96], host_name[96];
	int far, host;
	struct attachment attachments[SLOT_COUNT];
};

/* Creates a named network namespace with `lo` up and enters it in the journal; the caller closes
 * *fd. */
int namespace_make(struct resources *res, const char *name, int *fd, struct error *err);
void namespace_remove(struct resources *res, const char *name);

/* In H: redirects traffic for `outside` to `inside` and masquerades outgoing traffic, as Docker
 * does. */
int nat_add(int slot, const char *outside, const char *inside, struct error *err);
void nat_remove(int slot);
