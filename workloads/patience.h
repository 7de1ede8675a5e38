/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks for events a while before sleeping. Waking a thread costs both sides: on a virtual machine
 * whose idle CPUs halt, 10 to 100 us. So a thread that waits for a peer looks again for 50 us first
 * (the kernel's advice for net.core.busy_poll). Where that found nothing (few messages, or the peer
 * on the same CPU), it sleeps at once the next times, twice as often each time.
 */
#pragma once

struct patience {
	int misses,
		skip_spins; /* spins that found nothing, as 2^n - 1; sleeps left before the next */
};

/* As poll(): the number of events there are now, without waiting; or negative. */
typedef int patience_look(void *state);

/* What the first look that is not 0 returned; 0: nothing came, sleep. */
int patience_wait(struct patience *p, patience_look *look, void *state);
