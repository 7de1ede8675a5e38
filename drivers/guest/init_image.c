/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/guest/init_image.h"

/* The build puts the program here before it compiles this file. */
__asm__(".pushsection .rodata\n"
	".global guest_init_start\n"
	".global guest_init_end\n"
	".balign 16\n"
	"guest_init_start:\n"
	".incbin \"build/guest-init\"\n"
	"guest_init_end:\n"
	".popsection\n");
