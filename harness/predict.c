/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/predict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int predict_add(json_t *predictions, const char *text, struct error *err)
{
	char environment[128], subject[128], change[32], more[2], *end;
	double percent;

	if (sscanf(text, "%127s %127s %31s %1s", environment, subject, change, more) != 3)
		return error_set(err, -EINVAL,
				 "--predict '%s' is refused; it takes ENVIRONMENT "
				 "PANEL|WORKLOAD CHANGE: 'vm disk -50%%'",
				 text);
	percent = strtod(change, &end);
	if (end == change || strcmp(end, "%") != 0 || !(percent > -100 && percent < 1e6))
		return error_set(err, -EINVAL,
				 "--predict '%s': '%s' is no change of performance; "
				 "give one above -100%%: -50%%",
				 text, change);
	json_array_append_new(predictions, json_pack("{s:s, s:s, s:s, s:f}", "text", text,
						     "environment", environment, "subject", subject,
						     "relative", 1 + percent / 100));
	return 0;
}

static bool has_arm(const struct plan *plan, const char *name)
{
	for (int i = 0; i < plan->arm_count; i++)
		if (plan->arms[i].role == ARM_SUBJECT && strcmp(plan->arms[i].name, name) == 0)
			return true;
	return false;
}

static bool has_subject(const struct plan *plan, const char *subject)
{
	for (int i = 0; i < plan->workload_count; i++)
		if (strcmp(plan->workloads[i].panel, subject) == 0 ||
		    strcmp(plan->workloads[i].key, subject) == 0)
			return true;
	return false;
}

int predict_check(const json_t *predictions, const struct plan *plan, struct error *err)
{
	const json_t *one;
	size_t i;

	json_array_foreach (predictions, i, one) {
		const char *text = json_string_value(json_object_get(one, "text"));
		const char *name = json_string_value(json_object_get(one, "environment"));
		const char *subject = json_string_value(json_object_get(one, "subject"));

		if (!has_arm(plan, name))
			return error_set(err, -EINVAL,
					 "--predict '%s': environment '%s' is not "
					 "compared in this run; add -e %s",
					 text, name, name);
		if (!has_subject(plan, subject))
			return error_set(err, -EINVAL,
					 "--predict '%s': '%s' is neither a panel nor "
					 "a workload of this run",
					 text, subject);
	}
	return 0;
}
