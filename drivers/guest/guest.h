/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the guest's init and the driver that creates its initramfs. */
#pragma once

#define GUEST_PORT "tare.0"      /* name of the virtio port that carries the agent's stream */
#define GUEST_MODULES "/modules" /* loaded in the order of their names */
#define GUEST_AGENT "/agent"
#define GUEST_SCRATCH "/scratch" /* where the scratch disk is mounted */

/* For an agent in a container (`nested`), which the presence of the bundle indicates. */
#define GUEST_RUNTIME "/usr/sbin/runc"
#define GUEST_BUNDLE "/container/bundle" /* config.json */
#define GUEST_IMAGE "/container/lower"   /* the overlay's lower directory: the container's image */
#define GUEST_ROOT "/container/root"     /* the overlay */
#define GUEST_NETNS "/container/netns"   /* its network namespace */
