/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The luck of a start. A restarted instance is somewhat faster or slower; comparing instances that
 * were started once does not show this, although it is as real as the noise. The null arm shows it,
 * because it differs from the baseline in nothing else. In one workload w its Hodges-Lehmann
 * estimate N_w has the variance 2 L^2 + SE_w^2, L being the standard deviation from instance to
 * instance, so
 *   z_w = (N_w^2 - SE_w^2) / 2
 * estimates L^2 without bias, but with one degree of freedom. Pooled over the K workloads of the
 * run, and those of earlier runs of this machine:
 *   L_w^2 = max(0, mean of z, z_w)
 * as a workload may have more luck than the others. With K <= 2 it is the mean of N^2 / 2, without
 * subtracting the noise, because the difference of two poorly known values could be anything. A
 * method-of-moments estimate of a component of variance (Searle, Casella and McCulloch, "Variance
 * Components", 1992, chapter 4).
 *
 * With it the variance of a comparison of single starts is
 *   V = SE^2 + 1.5 L^2       against the baseline and its null arm: s - (b0 + b1) / 2
 *   V = SE^2 + 2 L^2         against one instance alone
 * with Satterthwaite's v = V^2 / (SE^4 / (n - 1) + (c L^2)^2 / (K / 2)) degrees of freedom. Half of
 * K, as z subtracts noise: with K up to 5.8 of 100 equal workloads were called different
 * (tests/prove.c).
 *
 * S starts of several blocks show their luck themselves (T of estimate.h, which is c L^2), and so
 * do those of the null arm (T_n, which is 2 L^2): a few starts are often similar by chance, so the
 * interval includes the mean of both if it is larger than their own,
 *   V = SE^2 + max(0, T, (T + c T_n / 2) / 2) / S
 * They are not pooled with other workloads: a network's luck is not a CPU's.
 *
 * Conditions that are compared in the same instance share its luck, which therefore drops out.
 */
#pragma once

#include "results/estimate.h"
#include "results/record.h"

/* Assumed without a null arm: the difference between instances on a small cloud machine, 0 to
 * 2.4 % in seven runs. */
#define LUCK_ASSUMED 0.02
#define LUCK_FEW 2 /* too few null arms to subtract their noise */

struct luck {
	int count;                /* K; 0: assumed */
	int earlier;              /* of them from earlier runs */
	double sum_z, sum_square; /* of z; of N^2 / 2 */
};

/* With the null arms of earlier runs from run.json:
 *   "prior": {"nulls": [{"log": N, "se": SE}, ...]} */
void luck_init(struct luck *luck, const struct record *record);
/* Adds a null arm's estimate; ignores one without a value or of several starts. */
void luck_add(struct luck *luck, const struct estimate *null_arm);
/* L^2 for a workload whose null arm is `null_arm`; NULL: it has none. */
double luck_squared(const struct luck *luck, const struct estimate *null_arm);
/* The degrees of freedom that it is known with. */
double luck_freedom(const struct luck *luck);
/* Adds it to a comparison's variance. */
void luck_enter(const struct luck *luck, const struct estimate *null_arm,
		struct estimate *relative);

/* The luck of the run: from the headlines of all its workloads. -ENOMEM. */
int luck_of_record(const struct record *record, struct luck *luck, struct error *err);
