/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/reason.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/estimate.h"

bool reason_equal(const struct reason *a, const struct reason *b)
{
	return a->kind == b->kind && a->of_baseline == b->of_baseline && a->number == b->number &&
	       !strcmp(a->text, b->text) && !strcmp(a->other, b->other);
}

static const char *const plain[] = {
	[REASON_NONE] = "",
	[REASON_FEW_SAMPLES] = "n/a (too few samples)",
	[REASON_FEW_IN_RUN] = "one of the runs has too few blocks",
	[REASON_AMBIGUOUS] = "what was published can be read in two ways",
	[REASON_NO_NUMBER] = "published without a number",
	[REASON_UNVERIFIED] = "the published value is unverified",
	[REASON_NO_INTERVAL] = "our value has no interval",
	[REASON_PARTLY] = "our interval lies partly within the published value, partly beside it",
	[REASON_NOT_COMPARABLE] = "our environment is not comparable with the published one",
	[REASON_NO_VALUE] = "no valid value",
	[REASON_NOT_COVERED] = "not covered yet",
};

const char *reason_text(const struct reason *r, char *text, size_t size)
{
	switch (r->kind) {
	case REASON_SAID:
		snprintf(text, size, "%s%s", r->of_baseline ? "the baseline: " : "", r->text);
		break;
	case REASON_FEW_BLOCKS:
		snprintf(text, size, "%g whole blocks, at least %d are needed", r->number,
			 ESTIMATE_MIN_BLOCKS);
		break;
	case REASON_ZEROS:
		snprintf(text, size, "%g values are zero and leave too few blocks", r->number);
		break;
	case REASON_CLOCK:
		snprintf(text, size, "n/a (%sclock runs %.1f %% %s)",
			 r->of_baseline ? "the baseline's " : "its ", fabs(r->number),
			 r->number > 0 ? "fast" : "slow");
		break;
	case REASON_WIDE:
		snprintf(text, size, "the interval holds 1 and reaches beyond the margin of %g %%",
			 r->number);
		break;
	case REASON_NULL_OFF:
		snprintf(text, size,
			 "the baseline differs from itself by %+.1f %%, more than the margin of "
			 "%g %%",
			 r->number, r->margin);
		break;
	case REASON_NO_METRIC:
		snprintf(text, size, "the run has no metric %s", r->text);
		break;
	case REASON_NO_ENVIRONMENT:
		snprintf(text, size, "the run has no environment %s", r->text);
		break;
	case REASON_NO_WORKLOAD:
		snprintf(text, size, "the run has no workload %s", r->text);
		break;
	case REASON_OTHER_BASELINE:
		snprintf(text, size, "the run compares with %s, the study with %s", r->text,
			 r->other);
		break;
	default:
		snprintf(text, size, "%s", plain[r->kind]);
	}
	return text;
}

const char *remedy_text(const struct remedy *r, char *text, size_t size)
{
	double minutes = ceil(r->seconds / 60);

	if (r->kind == REMEDY_STARTS && r->starts <= 5)
		snprintf(text, size, "5 starts: --preset standard");
	else if (r->kind == REMEDY_STARTS && r->starts <= 8)
		snprintf(text, size, "8 starts: --preset thorough");
	else if (r->kind == REMEDY_STARTS)
		snprintf(text, size, "about %d starts", r->starts);
	else if (r->kind == REMEDY_MINUTES && r->seconds < 60)
		snprintf(text, size, "about %.0f more seconds", ceil(r->seconds / 5) * 5);
	else if (r->kind == REMEDY_MINUTES)
		snprintf(text, size, "about %.0f more minute%s", minutes, minutes > 1 ? "s" : "");
	else
		snprintf(text, size, "%s", "");
	return text;
}
