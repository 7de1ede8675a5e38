/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the guest's init and the driver that makes its initramfs agree on. */
#ifndef TARE_GUEST_H
#define TARE_GUEST_H

#define GUEST_PORT "tare.0"      /* name of the virtio port that carries the agent's stream */
#define GUEST_MODULES "/modules" /* loaded in the order of their names */
#define GUEST_AGENT "/agent"
#define GUEST_SCRATCH "/scratch" /* where the scratch disk is mounted */

/* Where the agent runs in a container (`nested`); the bundle's presence says so. */
#define GUEST_RUNTIME "/usr/sbin/runc"
#define GUEST_BUNDLE "/container/bundle" /* config.json */
#define GUEST_IMAGE "/container/lower"   /* the overlay's lower directory: the container's image */
#define GUEST_ROOT "/container/root"     /* the overlay */
#define GUEST_NETNS "/container/netns"   /* its network namespace */

#endif
