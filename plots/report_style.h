/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

extern const char report_style[];  /* CSS */
extern const char report_script[]; /* sorting and light/dark; the page is readable without it */
