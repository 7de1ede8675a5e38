/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why a verdict is what it is, and what would decide it: a kind with its arguments. Words come only
 * where it is shown.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/vocabulary.h"

enum reason_kind {
	REASON_NONE,
	/* unavailable */
	REASON_SAID,        /* `text`: a driver's or the journal's words */
	REASON_FEW_BLOCKS,  /* `number`: whole blocks there are */
	REASON_FEW_SAMPLES, /* for a percentile */
	REASON_ZEROS,       /* `number`: values that are zero, whose log does not exist */
	REASON_CLOCK,       /* `number`: percent that it runs fast */
	REASON_FEW_IN_RUN,  /* of two runs that are compared */
	/* unresolved */
	REASON_WIDE,     /* `number`: the margin in percent */
	REASON_NULL_OFF, /* `number`: percent that the null arm differs by; `margin` */
	/* cannot tell, not measured: beside what was published */
	REASON_AMBIGUOUS,
	REASON_NO_NUMBER,
	REASON_UNVERIFIED,
	REASON_NO_INTERVAL,
	REASON_PARTLY, /* the interval lies neither within nor beside the published value */
	REASON_NOT_COMPARABLE,
	REASON_NO_METRIC, /* `text`: "WORKLOAD METRIC" */
	REASON_NO_VALUE,
	REASON_NO_ENVIRONMENT, /* `text` */
	REASON_NO_WORKLOAD,    /* `text`: a pattern */
	REASON_OTHER_BASELINE, /* `text`: the run's; `other`: the study's */
	REASON_NOT_COVERED,
};

struct reason {
	enum reason_kind kind;
	bool of_baseline; /* it is the baseline's fault */
	double number, margin;
	char text[400], other[64];
};

/* What would decide what is unresolved. */
enum remedy_kind { REMEDY_NONE, REMEDY_MINUTES, REMEDY_STARTS };

struct remedy {
	enum remedy_kind kind;
	double seconds; /* more, of this workload in all its environments */
	int starts;     /* in all */
};

bool reason_equal(const struct reason *a, const struct reason *b);
/* "" for none. Return `text`. */
const char *reason_text(const struct reason *reason, enum language language, char *text,
			size_t size);
const char *remedy_text(const struct remedy *remedy, enum language language, char *text,
			size_t size);
