/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/patience.h"

#include "base/clock.h"

#define LOOKS 5       /* 50 us in total */
#define LOOK_NS 10000 /* between polls: each takes cache lines away from peers that write */
#define SKIP_SPINS_MAX 63

static int look_again(patience_look *look, void *state)
{
	uint64_t since = clock_now();
	int n = 0;

	for (uint64_t i = 1; !n && i <= LOOKS; i++) {
		while (clock_now() - since < i * LOOK_NS)
			;
		n = look(state);
	}
	return n;
}

int patience_wait(struct patience *p, patience_look *look, void *state)
{
	int n;

	if (p->skip_spins) {
		p->skip_spins--;
		return 0;
	}
	n = look(state);
	if (n)
		return n;
	n = look_again(look, state);
	if (n)
		p->misses = 0;
	else if (p->misses < SKIP_SPINS_MAX)
		p->misses = 2 * p->misses + 1;
	p->skip_spins = p->misses;
	return n;
}
