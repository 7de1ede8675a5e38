/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Polls for a while before sleeping. Waking a thread costs both sides: 10 to 100 us on a virtual
 * machine whose idle CPUs halt. So a thread that waits for a peer first polls for 50 us (the
 * kernel's recommendation for net.core.busy_poll). If that finds nothing (few messages, or the peer
 * on the same CPU), it sleeps immediately the next times, twice as often each time. */
#pragma once

struct patience {
	int misses;     /* spins that found nothing, as 2^n - 1 */
	int skip_spins; /* sleeps before the next spin */
};

/* Like poll() with timeout 0: the number of events now, or negative. */
typedef int patience_look(void *state);

/* The first result that is not 0; 0: nothing arrived, sleep. */
int patience_wait(struct patience *p, patience_look *look, void *state);
