/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

extern const char report_style[];  /* CSS */
extern const char report_script[]; /* sorting and light/dark; all is readable without it */
