/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP only set what interrupted() returns; every wait of a run
 * checks it at least ten times a second. A handler instead of a signalfd, because everything that
 * the drivers start would inherit the blocked signals. */
void interrupt_catch(void);
bool interrupted(void);
