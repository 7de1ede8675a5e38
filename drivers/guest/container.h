/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guest's part of `nested`: a container in the guest. Part of init. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* init.c: logs to the console; common steps of network configuration. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
int raise_link(int fd, const char *name, const char *address);
int add_gateway(int fd, const char *gateway);

bool container_wanted(void);
/* Must be first: makes the root one that a runtime can pivot away from. */
void container_move_root(void);
/* A namespace with eth0 of this address, bridged to the guest's card; "" leaves it without one. */
void container_network(const char *address, const char *gateway);
/* Runs the agent as process 1 of the container, with its stream on `port`. -1: it failed and logged
 * why. */
pid_t container_start(int port);
