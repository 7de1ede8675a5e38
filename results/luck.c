/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/luck.h"

#include <math.h>

#include "results/headline.h"

#define PRIOR_MOST 10 /* the largest plausible log */

static double excess(double value, double se)
{
	return (value * value - se * se) / 2;
}

static void add(struct luck *luck, double value, double se)
{
	luck->sum_z += excess(value, se);
	luck->sum_square += value * value / 2;
	luck->count++;
}

void luck_init(struct luck *luck, const struct record *record)
{
	json_t *nulls = json_object_get(json_object_get(record->run, "prior"), "nulls"), *one;
	size_t i;

	*luck = (struct luck){0};
	json_array_foreach (nulls, i, one) {
		json_t *value = json_object_get(one, "log"), *se = json_object_get(one, "se");

		if (!json_is_number(value) || !json_is_number(se) ||
		    !(fabs(json_number_value(value)) < PRIOR_MOST) ||
		    !(fabs(json_number_value(se)) < PRIOR_MOST))
			continue;
		add(luck, json_number_value(value), json_number_value(se));
		luck->earlier++;
	}
}

static bool tells(const struct estimate *null_arm)
{
	return null_arm && isfinite(null_arm->value) && isfinite(null_arm->se) &&
	       null_arm->starts == 1;
}

void luck_add(struct luck *luck, const struct estimate *null_arm)
{
	if (tells(null_arm))
		add(luck, null_arm->value, null_arm->se);
}

double luck_squared(const struct luck *luck, const struct estimate *null_arm)
{
	double squared;

	if (luck->count == 0)
		return LUCK_ASSUMED * LUCK_ASSUMED;
	if (luck->count <= LUCK_FEW)
		return luck->sum_square / luck->count;
	squared = fmax(luck->sum_z / luck->count, 0);
	return tells(null_arm) ? fmax(squared, excess(null_arm->value, null_arm->se)) : squared;
}

double luck_freedom(const struct luck *luck)
{
	return fmax(luck->count / 2.0, 1);
}

/* Several starts show their own luck, and the null arm's starts show it again: how much the mean of
 * both exceeds the own (if it does). NaN: each block has its own start. */
static double beyond_own(const struct estimate *null_arm, const struct estimate *relative,
			 double weight)
{
	double own = relative->spread < 0 ? 0 : relative->spread;

	return null_arm ? ((relative->spread + weight * null_arm->spread / 2) / 2 - own) /
				  relative->starts
			: NAN;
}

void luck_enter(const struct luck *luck, const struct estimate *null_arm, struct estimate *relative)
{
	double weight = relative->both ? 1.5 : 2;

	if (relative->starts == 1)
		estimate_add_variance(relative, weight * luck_squared(luck, null_arm),
				      luck_freedom(luck));
	else
		estimate_add_variance(relative, beyond_own(null_arm, relative, weight),
				      relative->starts - 1);
}

int luck_of_record(const struct record *record, struct luck *luck, struct error *err)
{
	int rc = 0;

	luck_init(luck, record);
	for (int i = 0; i < record->workload_count * record->arm_count && !rc; i++) {
		struct estimate null_arm;
		struct blocks *blocks;

		if (!condition_is_null(&record->conditions[i]) ||
		    record_shares_instance(record, &record->conditions[i]))
			continue;
		rc = blocks_create(record, i / record->arm_count, &blocks, err);
		if (rc)
			break;
		rc = headline_relative(blocks, record->conditions[i].arm, &null_arm, err);
		blocks_destroy(blocks);
		if (!rc)
			luck_add(luck, &null_arm);
	}
	return rc;
}
