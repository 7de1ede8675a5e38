/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The proof of the statistics, by known answers: thousands of whole runs on the simulated machine
 * (drivers/sim.c). Prints the tables of docs/method.md; status 1 where a promise is not kept.
 * `prove RUNS` with fewer runs is a quick look: the bounds are those of 2,000.
 */
#include "tests/simulated.h"

#include <gsl/gsl_statistics_double.h>

#include "results/estimate.h"

static const struct {
	const char *name, *options;
	bool within_start; /* what one start can show */
} machines[] = {
	{"normal", "noise=3%", true},
	{"skewed", "noise=3%,skew=90%", true},
	{"drifting", "noise=3%,drift=10%", true},
	{"spiky", "noise=3%,spikes=1%", true},
	{"autocorrelated", "noise=3%,autocorrelation=70%", true},
	{"start to start", "noise=3%,starts=2%", false},
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct proof {
	int runs, broken;
};

static double percent(int part, int of)
{
	return 100.0 * part / of;
}

/* A cell with a promise: marked and counted where it is not kept. */
static void cell(struct proof *proof, double value, double least, double most)
{
	bool kept = value >= least && value <= most;

	printf(" %5.1f %%%s |", value, kept ? " " : "!");
	proof->broken += !kept;
}

static void prove_machine(struct proof *proof, const struct schedule *schedule, unsigned machine)
{
	const char *options = machines[machine].options;
	bool claims = machines[machine].within_start || schedule != &quick;
	struct tally with, equal;

	with = simulate_runs(schedule, options, 0.05, THROUGHPUT, proof->runs);
	equal = simulate_runs(schedule, options, 0, THROUGHPUT, proof->runs);
	printf("| %-14s | %-8s |", machines[machine].name, schedule->name);
	if (claims) {
		cell(proof, percent(with.covered, with.runs), 93, 97);
		cell(proof, percent(equal.found, equal.runs), 0, 5);
	} else {
		printf(" (%4.1f %%) | (%4.1f %%) |", percent(with.covered, with.runs),
		       percent(equal.found, equal.runs));
	}
	printf(" %5.1f %% | %5.1f %% | %5.2f %% | %5.1f |\n", percent(equal.negligible, equal.runs),
	       percent(with.found, with.runs), 100 * with.half, with.blocks);
	fflush(stdout);
}

static void prove_coverage(struct proof *proof)
{
	static const struct schedule *const schedules[] = {&quick, &standard, &thorough};

	printf("Coverage of the 95 %% intervals, and verdicts (%d runs a line and truth)\n\n"
	       "| machine        | preset   | coverage | A/A false | A/A negligible | 5 %% found | "
	       "half-width | blocks |\n|---|---|---|---|---|---|---|---|\n",
	       proof->runs);
	for (unsigned s = 0; s < COUNT(schedules); s++)
		for (unsigned i = 0; i < COUNT(machines); i++)
			prove_machine(proof, schedules[s], i);
	printf("\nIn parentheses: not claimed, for one start cannot show it.\n");
}

static void prove_power(struct proof *proof)
{
	struct tally five = simulate_runs(&quick, "noise=3%", 0.05, THROUGHPUT, proof->runs);
	struct tally one = simulate_runs(&thorough, "noise=1%", 0.01, THROUGHPUT, proof->runs);

	printf("\nPower\n\n| truth | noise | preset | wanted | found in "
	       "|\n|---|---|---|---|---|\n");
	printf("| 5 %% | 3 %% | quick | verdict `overhead` |");
	cell(proof, percent(five.found, five.runs), 95, 100);
	printf("\n| 1 %% | 1 %% | thorough | differs from 1 |");
	cell(proof, percent(one.differs, one.runs), 95, 100);
	printf("\n");
}

static void prove_percentiles(struct proof *proof)
{
	int runs = proof->runs < 2000 ? proof->runs / 4 : 500;
	struct tally q = simulate_runs(&quick, "noise=3%", 0.3, LATENCY, runs);
	struct tally s = simulate_runs(&standard, "noise=3%,starts=2%", 0.3, LATENCY, runs);

	printf("\nPercentiles (p99, %d runs)\n\n| preset | machine | coverage |\n|---|---|---|\n",
	       runs);
	printf("| quick | normal |");
	cell(proof, percent(q.covered, q.runs), 92, 99);
	printf("\n| standard | start to start |");
	cell(proof, percent(s.covered, s.runs), 92, 99);
	printf("\n");
}

/* The same machine, measured as other tools do: all of A, then all of B. */
#define NAIVE_TRIALS 20

enum naive { STUDENT, DEVIATION, TRIMMED, METHODS };

static const char *const naive_names[] = {
	[STUDENT] = "all of A, then all of B; 95 % interval",
	[DEVIATION] = "... the standard deviation taken for an interval",
	[TRIMMED] = "... points beyond 3 sigma deleted, again and again",
};

static void measure_in_turn(const char *machine, double overhead, uint64_t seed,
			    double samples[2][NAIVE_TRIALS])
{
	struct simulation s;

	simulation_begin(&s, &quick, machine, overhead, THROUGHPUT, seed);
	simulation_start(&s, 0);
	for (int i = 0; i < 2 * NAIVE_TRIALS; i++) {
		json_t *trial = simulate_trial(&s, i < NAIVE_TRIALS ? BASELINE : SUBJECT);

		samples[i / NAIVE_TRIALS][i % NAIVE_TRIALS] = log(json_real_value(
			json_object_get(json_object_get(trial, "values"), "throughput")));
		json_decref(trial);
	}
	simulation_stop(&s);
	simulation_end(&s);
}

static int trim(double *values, int count)
{
	for (int before = 0; count != before;) {
		double mean = gsl_stats_mean(values, 1, (size_t)count);
		double sd = gsl_stats_sd(values, 1, (size_t)count);

		before = count;
		count = 0;
		for (int i = 0; i < before; i++)
			if (fabs(values[i] - mean) <= 3 * sd)
				values[count++] = values[i];
	}
	return count;
}

static struct estimate naive_estimate(enum naive method, double samples[2][NAIVE_TRIALS])
{
	struct estimate arms[2], e;

	for (int arm = 0; arm < 2; arm++) {
		int count = method == TRIMMED ? trim(samples[arm], NAIVE_TRIALS) : NAIVE_TRIALS;
		struct series series = {0};

		for (int i = 0; i < count; i++)
			insist(series_append(&series, samples[arm][i], NAN, 0, count, NULL),
			       "series");
		arms[arm] = estimate_student(&series);
		if (method == DEVIATION)
			arms[arm].half = gsl_stats_sd(series.values, 1, (size_t)count);
		series_finish(&series);
	}
	e = estimate_difference(&arms[0], &arms[1]);
	if (method == DEVIATION)
		e.half = hypot(arms[0].half, arms[1].half);
	return e;
}

static void try_naive(const char *machine, enum naive method, int runs)
{
	int covered = 0, wrong = 0, found = 0;

	for (int i = 0; i < runs; i++) {
		double samples[2][NAIVE_TRIALS];
		struct estimate e;

		measure_in_turn(machine, 0.05, (uint64_t)i + 1, samples);
		e = naive_estimate(method, samples);
		covered += fabs(e.value + log1p(0.05)) <= e.half;
		found += e.value + e.half < 0;
		measure_in_turn(machine, 0, (uint64_t)i + 1, samples);
		e = naive_estimate(method, samples);
		wrong += fabs(e.value) > e.half;
	}
	printf(" %5.1f %% | %5.1f %% | %5.1f %% |\n", percent(covered, runs), percent(wrong, runs),
	       percent(found, runs));
}

static void show_naive(const struct proof *proof)
{
	printf("\nThe same machines measured in other ways (%d trials of each; %d runs)\n\n"
	       "| machine | method | coverage | A/A \"differs\" | 5 %% \"differs\" |\n"
	       "|---|---|---|---|---|\n",
	       NAIVE_TRIALS, proof->runs);
	for (unsigned i = 0; i < COUNT(machines); i++)
		for (enum naive method = STUDENT; method < METHODS; method++) {
			printf("| %-14s | %s |", machines[i].name, naive_names[method]);
			try_naive(machines[i].options, method, proof->runs);
		}
}

int main(int argc, char **argv)
{
	struct proof proof = {.runs = argc > 1 ? atoi(argv[1]) : 2000};

	if (proof.runs < 20) {
		fprintf(stderr, "%s: valid is a number of runs from 20 on\n", argv[1]);
		return 2;
	}
	prove_coverage(&proof);
	prove_power(&proof);
	prove_percentiles(&proof);
	show_naive(&proof);
	printf("\n%d promises not kept\n", proof.broken);
	return proof.broken ? EXIT_FAILURE : EXIT_SUCCESS;
}
