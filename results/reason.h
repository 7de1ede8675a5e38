/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reason of a verdict, and what would decide it: a kind with arguments, which becomes words
 * only for display. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/vocabulary.h"

enum reason_kind {
	REASON_NONE,
	/* unavailable */
	REASON_SAID,        /* `text`: a driver's or the journal's words */
	REASON_FEW_BLOCKS,  /* `number`: complete blocks */
	REASON_FEW_SAMPLES, /* for a percentile */
	REASON_ZEROS,       /* `number`: values that are zero, whose log does not exist */
	REASON_CLOCK,       /* `number`: how fast it runs, percent */
	REASON_FEW_IN_RUN,  /* of two runs that are compared */
	/* unresolved */
	REASON_WIDE,     /* `number`: the margin in percent */
	REASON_NULL_OFF, /* `number`: percent that the null arm differs by; `margin` */
	/* cannot tell, not measured: compared with published values */
	REASON_AMBIGUOUS,
	REASON_NO_NUMBER,
	REASON_UNVERIFIED,
	REASON_NO_INTERVAL,
	REASON_PARTLY, /* the interval lies only partly within the published range */
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
	bool of_baseline; /* the reason is the baseline's */
	double number, margin;
	char text[400], other[64];
};

/* What would decide an unresolved verdict. */
enum remedy_kind { REMEDY_NONE, REMEDY_MINUTES, REMEDY_STARTS };

struct remedy {
	enum remedy_kind kind;
	double seconds; /* more seconds of this workload in all its environments */
	int starts;     /* in all */
};

bool reason_equal(const struct reason *a, const struct reason *b);
/* "" for none. Return `text`. */
const char *reason_text(const struct reason *reason, enum language language, char *text,
			size_t size);
const char *remedy_text(const struct remedy *remedy, enum language language, char *text,
			size_t size);
