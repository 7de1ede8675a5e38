/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_STYLE_H
#define TARE_REPORT_STYLE_H

extern const char report_style[];  /* CSS */
extern const char report_script[]; /* sorting and light/dark; all is readable without it */

#endif
