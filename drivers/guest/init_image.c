/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/guest/init_image.h"

/* The program is built before this file. */
__asm__(".pushsection .rodata\n"
	".global guest_init_start\n"
	".global guest_init_end\n"
	".balign 16\n"
	"guest_init_start:\n"
	".incbin \"build/guest-init\"\n"
	"guest_init_end:\n"
	".popsection\n");
