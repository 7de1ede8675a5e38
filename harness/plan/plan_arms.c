/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/plan/plan_arms.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hypervisor.h"
#include "base/cleanup.h"

#define SLOW "slow="
#define SLOW_MAX 10

int plan_parse_share(const char *text, double *share, struct error *err)
{
	char *end;

	*share = strtod(text, &end);
	if (end != text && strcmp(end, "%") == 0) {
		*share /= 100;
		end++;
	}
	if (end != text && !*end && *share >= 0 && *share <= SLOW_MAX)
		return 0;
	return error_set(err, -EINVAL, "invalid share slow=%s; valid is 0%% to %d%%: slow=3%%",
			 text, SLOW_MAX * 100);
}

/* Drivers with an option `slow` only pass it on: it is the agent that is slowed. */
static int read_slow(struct plan_arm *arm, struct error *err)
{
	const struct option_spec *option = arm->environment->driver->options;

	for (; option && option->name; option++)
		if (strcmp(option->name, "slow") == 0)
			return plan_parse_share(environment_option(arm->environment, "slow"),
						&arm->slow, err);
	return 0;
}

int plan_parse_arm(const char *text, struct plan_arm *arm, struct error *err)
{
	int rc = environment_parse(text, &arm->environment, err);

	if (rc)
		return rc;
	arm->name = strdup(arm->environment->name);
	arm->id = strdup(arm->environment->name);
	if (!arm->name || !arm->id)
		return error_errno(err, -ENOMEM, "%s", text);
	return read_slow(arm, err);
}

static struct plan_arm *new_arm(struct plan *plan, enum arm_role role, struct error *err)
{
	struct plan_arm *arms =
		reallocarray(plan->arms, (size_t)plan->arm_count + 1, sizeof(*arms));

	if (!arms) {
		error_errno(err, -ENOMEM, "the plan");
		return NULL;
	}
	plan->arms = arms;
	arms[plan->arm_count] = (struct plan_arm){.role = role};
	return &arms[plan->arm_count++];
}

static void drop_last_arm(struct plan *plan)
{
	struct plan_arm *arm = &plan->arms[--plan->arm_count];

	environment_destroy(arm->environment);
	free(arm->id);
	free(arm->name);
	free(arm->rung);
}

static void probe(struct plan_arm *arm)
{
	struct availability *a = &arm->availability;

	arm->environment->driver->probe(arm->environment, NULL, a);
	if (!a->label[0])
		snprintf(a->label, sizeof(a->label), "%s", arm->name);
	if (a->comparable && !arm->environment->driver->simulate &&
	    host_cpu() == HOST_CPU_EMULATED) {
		a->comparable = false;
		snprintf(a->reason, sizeof(a->reason),
			 "the host's CPU is emulated in software (TCG)");
	}
}

/* By --set slow=SHARE, and not by an option of its own. */
static void slow_down(struct plan_arm *arm, double slow)
{
	struct availability *a = &arm->availability;
	size_t used = strlen(a->label);

	if (arm->slow > 0 || slow <= 0)
		return;
	arm->slow = slow;
	a->comparable = false;
	snprintf(a->label + used, sizeof(a->label) - used, ", slowed by %.6g %%", slow * 100);
	snprintf(a->reason, sizeof(a->reason), "slowed by %.6g %% on purpose", slow * 100);
}

static int add_baseline(struct plan *plan, const char *text, struct error *err)
{
	static const enum arm_role roles[] = {ARM_BASELINE, ARM_NULL};

	for (int i = 0; i < 2; i++) {
		struct plan_arm *arm = new_arm(plan, roles[i], err);
		int rc = arm ? plan_parse_arm(text, arm, err) : -ENOMEM;

		if (rc)
			return rc;
		probe(arm);
		if (roles[i] == ARM_BASELINE)
			continue;
		free(arm->id);
		if (asprintf(&arm->id, "%s#null", arm->name) < 0) {
			arm->id = NULL;
			return error_errno(err, -ENOMEM, "the plan");
		}
	}
	return 0;
}

/* The driver that "DRIVER[:OPTIONS]" names; NULL: there is none. */
static const struct driver *driver_of(const char *text)
{
	size_t length = strcspn(text, ":");

	for (int i = 0; drivers[i]; i++)
		if (strlen(drivers[i]->name) == length &&
		    strncmp(drivers[i]->name, text, length) == 0)
			return drivers[i];
	return NULL;
}

static bool is_twice(const struct plan *plan)
{
	const struct plan_arm *last = &plan->arms[plan->arm_count - 1];

	for (int i = 0; i < plan->arm_count - 1; i++)
		if (strcmp(plan->arms[i].name, last->name) == 0)
			return true;
	return false;
}

static int add_subject(struct plan *plan, const char *text, const char *rung, double slow,
		       struct error *err)
{
	bool optional = text[0] == '?';
	struct plan_arm *arm;
	int rc;

	text += optional;
	if (optional && !driver_of(text))
		return 0;
	arm = new_arm(plan, ARM_SUBJECT, err);
	rc = arm ? plan_parse_arm(text, arm, err) : -ENOMEM;
	if (rc)
		return rc;
	if (is_twice(plan)) { /* the baseline by its name, or one given twice: it is in already */
		drop_last_arm(plan);
		return 0;
	}
	if (rung && !(arm->rung = strdup(rung)))
		return error_errno(err, -ENOMEM, "%s", text);
	probe(arm);
	slow_down(arm, slow);
	arm->optional = optional;
	if (!optional || plan_arm_usable(arm))
		return 0;
	json_array_append_new(plan->left_out, json_sprintf("%s: %s", rung ? rung : arm->name,
							   arm->availability.reason));
	drop_last_arm(plan);
	return 0;
}

/* Simulated environments compare with a simulated baseline. */
static const char *choose_baseline(const struct plan_request *request)
{
	const struct driver *simulated = NULL;

	if (request->baseline)
		return request->baseline;
	for (int i = 0; i < request->environment_count; i++) {
		const struct driver *driver = driver_of(request->environments[i]);

		if (!driver || !driver->simulate)
			return request->study->baseline;
		simulated = driver;
	}
	return simulated ? simulated->name : request->study->baseline;
}

static int find_slow(const struct plan_request *request, double *slow, struct error *err)
{
	*slow = 0;
	for (int i = 0; i < request->setting_count; i++) {
		int rc = 0;

		if (strncmp(request->settings[i], SLOW, strlen(SLOW)) == 0)
			rc = plan_parse_share(request->settings[i] + strlen(SLOW), slow, err);
		if (rc)
			return rc;
	}
	return 0;
}

int plan_add_arms(struct plan *plan, const struct plan_request *request, struct error *err)
{
	const struct study *study = request->study;
	double slow;
	int rc = find_slow(request, &slow, err);

	if (!rc)
		rc = add_baseline(plan, choose_baseline(request), err);
	for (int i = 0; i < request->environment_count && !rc; i++)
		rc = add_subject(plan, request->environments[i], NULL, slow, err);
	if (request->environment_count)
		return rc;
	for (int i = 0; study->environments[i] && !rc; i++)
		rc = add_subject(plan, study->environments[i],
				 study->rungs ? study->rungs[i] : NULL, slow, err);
	return rc;
}
