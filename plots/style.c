/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/style.h"

#include <stdlib.h>
#include <string.h>

/* The kind of environment that takes a style first; "" takes none first. */
static const struct {
	const char *kind;
	struct style style;
} styles[] = {
	{"bare", {"#222222", 5, 4}},     {"container", {"#0072b2", 7, 6}},
	{"vm", {"#d55e00", 9, 8}},       {"microvm", {"#009e73", 13, 12}},
	{"nested", {"#cc79a7", 11, 10}}, {"sim", {"#56b4e9", 15, 14}},
	{"", {"#e69f00", 5, 4}},         {"", {"#7a5c00", 7, 6}},
	{"", {"#5d3a9b", 9, 8}},         {"", {"#8c1c13", 13, 12}},
};
static const struct style again = {COLOUR_BAND, 2, 2};

#define STYLE_COUNT (sizeof(styles) / sizeof(*styles))

static size_t preferred_style(const char *environment)
{
	size_t kind_length = strcspn(environment, ":,#"), i;

	for (i = 0; i < STYLE_COUNT; i++)
		if (strlen(styles[i].kind) == kind_length &&
		    !strncmp(styles[i].kind, environment, kind_length))
			break;
	return i;
}

struct style *style_assign(const struct record *record)
{
	struct style *assigned = calloc((size_t)record->arm_count + 1, sizeof(*assigned));
	bool taken[STYLE_COUNT] = {false};
	size_t next = 1;

	if (!assigned)
		return NULL;
	for (int arm = 0; arm < record->arm_count; arm++) {
		size_t wish = preferred_style(record->arms[arm].environment);

		if (record->arms[arm].role == ARM_NULL || wish == STYLE_COUNT || taken[wish])
			continue;
		taken[wish] = true;
		assigned[arm] = styles[wish].style;
	}
	/* Second ones of a kind: what is left, the styles that are nobody's first. */
	for (int arm = 0; arm < record->arm_count; arm++) {
		if (record->arms[arm].role == ARM_NULL)
			assigned[arm] = again;
		if (assigned[arm].colour)
			continue;
		for (size_t tried = 0; tried < STYLE_COUNT && taken[next]; tried++)
			next = next + 1 < STYLE_COUNT ? next + 1 : 1;
		taken[next] = true;
		assigned[arm] = styles[next].style;
	}
	return assigned;
}
