/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guest's init (init.c), a static program, embedded in the binary. */
#ifndef TARE_GUEST_INIT_IMAGE_H
#define TARE_GUEST_INIT_IMAGE_H

extern const char guest_init_start[], guest_init_end[];

#endif
