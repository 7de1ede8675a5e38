/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/closed_loop.h"

#include "base/clock.h"

int closed_loop(struct trial *trial, struct histogram *latency,
		int (*operation)(struct trial *trial, struct error *err), struct error *err)
{
	uint64_t now = clock_now();

	histogram_reset(latency);
	while (trial_continue_at(trial, &now)) {
		uint64_t start = now;
		int rc = operation(trial, err);

		if (rc)
			return rc;
		now = clock_now();
		histogram_record(latency, now - start);
		trial->operations++;
	}
	trial_value(trial, "throughput", trial->operations / trial_elapsed(trial));
	trial_histogram(trial, "latency", latency);
	return 0;
}
