/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_INTERRUPT_H
#define TARE_INTERRUPT_H

#include <stdbool.h>

/* SIGINT, SIGTERM and SIGHUP from now on only set what interrupted() returns; every wait of a run
 * asks it at least ten times a second. A handler and not a signalfd: a blocked mask would be
 * inherited by everything that the drivers start. */
void interrupt_catch(void);
bool interrupted(void);

#endif
