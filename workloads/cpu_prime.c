/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "workloads/workload.h"

struct state {
	size_t found;
};

/* As in sysbench: 64-bit divisions by all numbers up to the root, compared as doubles; from 3 on,
 * so 2 is not counted. */
static uint64_t count_primes(uint64_t limit)
{
	uint64_t found = 0;

	for (uint64_t c = 3; c < limit; c++) {
		double root = sqrt((double)c);
		uint64_t divisor = 2;

		while ((double)divisor <= root && c % divisor)
			divisor++;
		found += (double)divisor > root;
	}
	return found;
}

static int run(struct trial *trial, struct error *err)
{
	uint64_t limit = (uint64_t)trial_integer(trial, "limit"), found = 0, first = 0;

	while (trial_continue(trial)) {
		found = count_primes(limit);
		if (!first)
			first = found;
		if (found != first || !found)
			return error_set(err, -EIO, "%llu primes, but %llu before",
					 (unsigned long long)found, (unsigned long long)first);
		trial->operations++;
	}
	trial_value(trial, "throughput", trial->operations / trial_elapsed(trial));
	((struct state *)trial->state)->found = found;
	return 0;
}

/* Checks by another method, the sieve of Eratosthenes. */
static int verify(struct trial *trial, struct error *err)
{
	size_t limit = (size_t)trial_integer(trial, "limit"), primes = 0;
	size_t found = ((struct state *)trial->state)->found;
	char *composite = calloc(limit + 1, 1);

	if (!composite)
		return error_set(err, -ENOMEM, "no memory for a sieve");
	for (size_t i = 2; i < limit; i++) {
		primes += !composite[i] && i > 2;
		for (size_t j = i * i; !composite[i] && j < limit; j += i)
			composite[j] = 1;
	}
	free(composite);
	if (found == primes)
		return 0;
	return error_set(err, -EIO, "found %zu odd primes below %zu, expected %zu", found, limit,
			 primes);
}

const struct workload cpu_prime = {
	.name = "cpu.prime",
	.version = 1,
	.panel = PANEL_CPU,
	.summary = "primes by trial division: arithmetic only, no memory, no kernel",
	.operation = "all primes below `limit` found once",
	.stands_for = "sysbench cpu --cpu-max-prime=10000 (young2019 and others)",
	.metrics =
		(const struct metric[]){
			RATE("throughput", "events/s"),
			RATE(PER_CPU_SECOND, "events/CPU s"),
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"limit", "one operation finds the primes below it", PARAMETER_INTEGER,
			 .fallback = 10000, .low = 10, .high = 1000000},
			{0},
		},
	.needs = {.cpus = 1},
	.state_bytes = sizeof(struct state),
	.run = run,
	.verify = verify,
};
