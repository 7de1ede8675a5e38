/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/closed_loop.h"

#include "base/clock.h"

int closed_loop(struct trial *trial, int (*operation)(struct trial *trial, struct error *err),
		struct error *err)
{
	uint64_t now = clock_now();

	while (trial_continue_at(trial, &now)) {
		uint64_t start = now;
		int rc = operation(trial, err);

		if (rc)
			return rc;
		now = clock_now();
		histogram_record(trial->histograms[0], now - start);
		trial->operations++;
	}
	trial_value(trial, "throughput", trial->operations / trial_elapsed(trial));
	return 0;
}
