/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guest's init (init.c), a static program, embedded in the binary. */
#pragma once

extern const char guest_init_start[], guest_init_end[];
