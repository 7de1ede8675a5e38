/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The luck of a start. An instance that is started again comes out somewhat faster or slower; a
 * comparison of instances that were started once does not see it, though it is as real as the
 * noise. The null arm shows it: it differs from the baseline by nothing else. In one workload w its
 * Hodges-Lehmann estimate N_w has the variance 2 L^2 + SE_w^2, L being the standard deviation from
 * instance to instance, so
 *   z_w = (N_w^2 - SE_w^2) / 2
 * estimates L^2 without bias, but with one degree of freedom. Pooled over the K workloads of the
 * run, and those of earlier runs of this machine:
 *   L_w^2 = max(0, mean of z, z_w)
 * as a workload may have more luck than the others. With K <= 2: the mean of N^2 / 2, which does
 * not subtract the noise, as the difference of two values that are hardly known may be anything.
 * A method-of-moments estimate of a component of variance (Searle, Casella and McCulloch,
 * "Variance Components", 1992, chapter 4).
 *
 * With it the variance of a comparison of single starts is
 *   V = SE^2 + 1.5 L^2       against the baseline and its null arm: s - (b0 + b1) / 2
 *   V = SE^2 + 2 L^2         against one instance alone
 * with Satterthwaite's v = V^2 / (SE^4 / (n - 1) + (c L^2)^2 / K) degrees of freedom.
 *
 * S starts of several blocks show their luck themselves (T of estimate.h, which is c L^2), and
 * those of the null arm show it again (T_n, which is 2 L^2): few starts are often alike by chance,
 * so that the mean of both is in the interval where it is more than their own,
 *   V = SE^2 + max(0, T, (T + c T_n / 2) / 2) / S
 * They are not pooled with other workloads: what a network has of luck no CPU has.
 *
 * Conditions that are compared in one and the same instance share its luck: none of it enters.
 */
#pragma once

#include "results/estimate.h"
#include "results/record.h"

/* Assumed where no null arm tells: what instances differed by on a small cloud machine (0 to 2.4 %,
 * seven runs). */
#define LUCK_ASSUMED 0.02
#define LUCK_FEW 2 /* null arms that are too few to subtract their noise from */

struct luck {
	int count;                /* K; 0: assumed */
	int earlier;              /* of them from earlier runs */
	double sum_z, sum_square; /* of z; of N^2 / 2 */
};

/* With the null arms of earlier runs as run.json has them sealed:
 *   "prior": {"nulls": [{"log": N, "se": SE}, ...]} */
void luck_init(struct luck *luck, const struct record *record);
/* A null arm's estimate; one without a value, or of several starts, is passed over. */
void luck_add(struct luck *luck, const struct estimate *null_arm);
/* L^2 for a workload whose null arm is `null_arm`; NULL: it has none. */
double luck_squared(const struct luck *luck, const struct estimate *null_arm);
/* Adds it to a comparison's variance. */
void luck_enter(const struct luck *luck, const struct estimate *null_arm,
		struct estimate *relative);

/* The luck of the run: from the headlines of all its workloads. -ENOMEM. */
int luck_of_record(const struct record *record, struct luck *luck, struct error *err);
