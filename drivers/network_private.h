/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What network.c and network_attach.c share. */
#pragma once

#include <pthread.h>
#include <stdbool.h>

#include "drivers/network.h"

#define SLOT_FIRST 10 /* last number of the first attachment's address */
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

/* A named network namespace with `lo` up, entered in the journal; *fd is the caller's. */
int namespace_make(struct resources *res, const char *name, int *fd, struct error *err);
void namespace_remove(struct resources *res, const char *name);

/* In H: what comes for `outside` goes to `inside`, what leaves is masqueraded, as Docker does. */
int nat_add(int slot, const char *outside, const char *inside, struct error *err);
void nat_remove(int slot);
