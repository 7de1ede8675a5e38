/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The proof of the statistics, by known answers: thousands of whole runs on the simulated machine
 * (drivers/sim.c). Prints the tables of docs/method.md; status 1 where a promise is not kept.
 * `prove RUNS` with fewer runs is a quick look: the bounds are those of 2,000.
 */
#include "tests/simulated.h"

#include <gsl/gsl_statistics_double.h>

#include "results/estimate.h"

static struct machine machines[] = {
	{"normal", "noise=3%", NULL, true},
	{"skewed", "noise=3%,skew=90%", NULL, false},
	{"drifting", "noise=3%,drift=10%", NULL, false},
	{"spiky", "noise=3%,spikes=1%", NULL, false},
	{"autocorrelated", "noise=3%,autocorrelation=70%", NULL, true},
	{"recorded: intel", "noise=0%", NULL, true},
	{"recorded: busy", "noise=0%", NULL, true},
	{"recorded: starved", "noise=0%", NULL, false},
};

#define SYNTHETIC 5 /* of them; a recorded machine that others starve promises no power */
#define QUIET 6

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

static double share(int part, const struct tally *t)
{
	return percent(part, t->workloads);
}

static void rule_cells(const struct tally *t, int rule)
{
	printf(" %5.1f | %5.1f |", share(t->negligible[rule][0], t),
	       share(t->negligible[rule][2], t));
	for (int truth = 1; truth < TRUTHS; truth++)
		printf("%s%.0f", truth == 1 ? " " : "/", share(t->found[rule][truth], t));
}

/* What a true rate of `bound` percent comes out at, at most, in 95 of 100 proofs. */
static double chance_above(double bound, int count)
{
	return bound + 1.645 * sqrt(bound * (100 - bound) / count);
}

/* 2x has runs of its own: the stop rule wants less of it. */
static void prove_line(struct proof *proof, const struct schedule *schedule, int machine,
		       double luck)
{
	int runs = proof->runs / schedule->workloads / (schedule == &thorough ? 4 : 1) + 1;
	const struct machine *m = &machines[machine];
	struct tally t = simulate_runs(schedule, m, luck, 0, THROUGHPUT, runs);
	struct tally twice = simulate_runs(schedule, m, luck, 1, THROUGHPUT, runs / 4 + 1);

	printf("| %s | %s | %g %% |", schedule->name, m->name, 100 * luck);
	cell(proof, share(t.wrong[NEW], &t), 0, chance_above(luck > 0.01 ? 6.5 : 5, t.workloads));
	rule_cells(&t, NEW);
	printf("/");
	if (machine < QUIET) {
		printf("%.0f", share(twice.found[NEW][0], &twice));
		proof->broken += twice.found[NEW][0] != twice.workloads;
		printf("%s", twice.found[NEW][0] != twice.workloads ? "! |" : " |");
	} else {
		printf("(%.0f) |", share(twice.found[NEW][0], &twice));
	}
	printf(" %.1f | %.1f | %.1f | %5.1f |", share(t.covered, &t), 100 * t.half / t.workloads,
	       t.blocks / t.workloads, share(t.wrong[OLD], &t));
	rule_cells(&t, OLD);
	printf("/%.0f |\n", share(twice.found[OLD][0], &twice));
	fflush(stdout);
}

static void prove_verdicts(struct proof *proof)
{
	static const struct schedule *const schedules[] = {&quick, &quick_fresh, &quick_renewed,
							   &standard, &thorough};
	static const double lucks[] = {0, 0.01, 0.03};

	printf("Verdicts (%d workloads a line, 8 in each run; all in %%)\n\n| preset | noise | "
	       "luck | "
	       "false | negligible when equal | false negligible at 3 %% | found: 1/3/5/10 %%/2x | "
	       "coverage | half-width | blocks | old rule: false | negligible when equal | false "
	       "negligible at 3 %% | found "
	       "|\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
	       proof->runs);
	for (unsigned s = 0; s < COUNT(schedules); s++)
		for (unsigned i = 0; i < COUNT(machines); i++)
			for (unsigned l = 0; l < COUNT(lucks); l++)
				if (s < 3 || (machines[i].long_too && lucks[l] > 0))
					prove_line(proof, schedules[s], (int)i, lucks[l]);
}

static void prove_percentiles(struct proof *proof)
{
	int runs = proof->runs < 2000 ? proof->runs / 32 + 1 : 60;
	struct tally t = simulate_runs(&quick, &machines[0], 0, 0.3, LATENCY, runs);

	printf("\nPercentiles (p99, %d workloads, quick, normal): coverage |", t.workloads);
	cell(proof, share(t.covered, &t), 92, 99);
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

static void measure_in_turn(const struct machine *machine, double overhead, uint64_t seed,
			    double samples[2][NAIVE_TRIALS])
{
	struct simulation *s = malloc(sizeof(*s));

	simulation_begin(s, &quick, machine, 0, overhead, THROUGHPUT, seed);
	simulation_start(s, 0, 0);
	for (int i = 0; i < 2 * NAIVE_TRIALS; i++) {
		json_t *trial = simulate_trial(s, i < NAIVE_TRIALS ? BASELINE : SUBJECT);

		samples[i / NAIVE_TRIALS][i % NAIVE_TRIALS] = log(json_real_value(
			json_object_get(json_object_get(trial, "values"), "throughput")));
		json_decref(trial);
	}
	simulation_stop(s);
	simulation_end(s);
	free(s);
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

static void try_naive(const struct machine *machine, enum naive method, int runs)
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
	for (unsigned i = 0; i < SYNTHETIC; i++)
		for (enum naive method = STUDENT; method < METHODS; method++) {
			printf("| %-14s | %s |", machines[i].name, naive_names[method]);
			try_naive(&machines[i], method, proof->runs);
		}
}

int main(int argc, char **argv)
{
	struct proof proof = {.runs = argc > 1 ? atoi(argv[1]) : 2000};

	if (proof.runs < 20) {
		fprintf(stderr, "%s: give 20 runs or more\n", argv[1]);
		return 2;
	}
	machines[5].recorded = load_noise("intel");
	machines[6].recorded = load_noise("busy");
	machines[7].recorded = load_noise("starved");
	prove_verdicts(&proof);
	prove_percentiles(&proof);
	show_naive(&proof);
	printf("\n%d promises not kept\n", proof.broken);
	return proof.broken ? EXIT_FAILURE : EXIT_SUCCESS;
}
