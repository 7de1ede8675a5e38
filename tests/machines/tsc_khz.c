/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the rate of this CPU's time stamp counter in kHz. QEMU's TCG gives its guest the host's
 * counter, and on a loaded host the guest's kernel may measure a rate that is several times too
 * low: then its clock runs fast, and all its time limits end early. */
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

struct sample {
	unsigned long long tsc;
	double ms;
};

/* The shortest of many readings: nothing interrupted it between the two clocks. */
static struct sample sample(void)
{
	struct sample best = {0, 0};
	unsigned long long shortest = -1ULL;

	for (int i = 0; i < 1000; i++) {
		unsigned long long before = __rdtsc(), took;
		struct timespec now;

		clock_gettime(CLOCK_MONOTONIC, &now);
		took = __rdtsc() - before;
		if (took >= shortest)
			continue;
		shortest = took;
		best = (struct sample){before + took / 2, now.tv_sec * 1e3 + now.tv_nsec / 1e6};
	}
	return best;
}

int main(void)
{
	struct sample first = sample(), last;

	nanosleep(&(struct timespec){0, 200000000}, NULL);
	last = sample();
	printf("%.0f\n", (last.tsc - first.tsc) / (last.ms - first.ms));
}
