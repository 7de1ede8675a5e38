/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/style.h"

#include <stdlib.h>

static const struct style styles[STYLE_COUNT] = {
	[STYLE_BLACK_SQUARE] = {"#222222", 5, 4},
	[STYLE_BLUE_CIRCLE] = {"#0072b2", 7, 6},
	[STYLE_VERMILLION_TRIANGLE] = {"#d55e00", 9, 8},
	[STYLE_GREEN_DIAMOND] = {"#009e73", 13, 12},
	[STYLE_PURPLE_INVERTED_TRIANGLE] = {"#cc79a7", 11, 10},
	[STYLE_SKY_PENTAGON] = {"#56b4e9", 15, 14},
	[STYLE_ORANGE_SQUARE] = {"#e69f00", 5, 4},
	[STYLE_BROWN_CIRCLE] = {"#7a5c00", 7, 6},
	[STYLE_VIOLET_TRIANGLE] = {"#5d3a9b", 9, 8},
	[STYLE_RED_DIAMOND] = {"#8c1c13", 13, 12},
};
static const struct style null_style = {COLOUR_BAND, 2, 2};

/* The style that the driver asks for; STYLE_ANY: none that exists. */
static enum arm_style preferred_style(const struct record *record, const struct record_arm *arm)
{
	const json_t *wishes = json_object_get(record->run, "styles");
	json_int_t style = json_integer_value(json_object_get(wishes, arm->environment));

	return style > STYLE_ANY && style < STYLE_COUNT ? (enum arm_style)style : STYLE_ANY;
}

/* The next style that is not taken, bare metal's last; with more arms than styles they repeat. */
static enum arm_style next_free(const bool *taken, enum arm_style style)
{
	for (int tried = 0; tried < STYLE_COUNT && taken[style]; tried++)
		style = style + 1 < STYLE_COUNT ? style + 1 : STYLE_BLUE_CIRCLE;
	return style;
}

struct style *style_assign(const struct record *record)
{
	struct style *assigned = calloc((size_t)record->arm_count + 1, sizeof(*assigned));
	bool taken[STYLE_COUNT] = {false};
	enum arm_style next = STYLE_BLUE_CIRCLE;

	if (!assigned)
		return NULL;
	for (int arm = 0; arm < record->arm_count; arm++) {
		enum arm_style wish = preferred_style(record, &record->arms[arm]);

		if (record_arm_is(record, arm, condition_is_null) || wish == STYLE_ANY ||
		    taken[wish])
			continue;
		taken[wish] = true;
		assigned[arm] = styles[wish];
	}
	for (int arm = 0; arm < record->arm_count; arm++) {
		if (record_arm_is(record, arm, condition_is_null))
			assigned[arm] = null_style;
		if (assigned[arm].colour)
			continue;
		next = next_free(taken, next);
		taken[next] = true;
		assigned[arm] = styles[next];
	}
	return assigned;
}
