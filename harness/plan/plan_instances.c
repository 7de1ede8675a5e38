/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/plan/plan_instances.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hypervisor.h"
#include "base/cleanup.h"

#define SLOW "slow="

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
	return error_set(err, -EINVAL, "invalid share slow=%s; give 0%% to %d%%, as in slow=3%%",
			 text, SLOW_MAX * 100);
}

/* Drivers only pass on their option `slow`: the agent slows down. */
static int read_slow(struct plan_instance *instance, struct error *err)
{
	const struct option_spec *option = instance->environment->driver->options;

	for (; option && option->name; option++)
		if (strcmp(option->name, "slow") == 0)
			return plan_parse_share(environment_option(instance->environment, "slow"),
						&instance->slow, err);
	return 0;
}

int plan_parse_instance(const char *text, struct plan_instance *instance, struct error *err)
{
	int rc = environment_parse(text, &instance->environment, err);

	if (rc)
		return rc;
	instance->name = strdup(instance->environment->name);
	instance->id = strdup(instance->environment->name);
	if (!instance->name || !instance->id)
		return error_errno(err, -ENOMEM, "%s", text);
	return read_slow(instance, err);
}

static struct plan_instance *new_instance(struct plan *plan, struct error *err)
{
	struct plan_instance *instances =
		reallocarray(plan->instances, (size_t)plan->instance_count + 1, sizeof(*instances));

	if (!instances) {
		error_errno(err, -ENOMEM, "the plan");
		return NULL;
	}
	plan->instances = instances;
	instances[plan->instance_count] = (struct plan_instance){.repeats = -1, .beside = -1};
	return &instances[plan->instance_count++];
}

static void drop_last_instance(struct plan *plan)
{
	struct plan_instance *instance = &plan->instances[--plan->instance_count];

	environment_destroy(instance->environment);
	free(instance->id);
	free(instance->name);
	free(instance->rung);
}

static void probe(struct plan_instance *instance)
{
	struct availability *a = &instance->availability;

	instance->environment->driver->probe(instance->environment, NULL, a);
	if (!a->label[0])
		snprintf(a->label, sizeof(a->label), "%s", instance->name);
	if (a->comparable && !instance->environment->driver->simulate &&
	    host_cpu() == HOST_CPU_EMULATED) {
		a->comparable = false;
		snprintf(a->reason, sizeof(a->reason),
			 "the host's CPU is emulated in software (TCG)");
	}
}

/* By --set slow=SHARE, not by its own option. */
static void slow_down(struct plan_instance *instance, double slow)
{
	struct availability *a = &instance->availability;
	size_t used = strlen(a->label);

	if (instance->slow > 0 || slow <= 0)
		return;
	instance->slow = slow;
	a->comparable = false;
	snprintf(a->label + used, sizeof(a->label) - used, ", slowed by %.6g %%", slow * 100);
	snprintf(a->reason, sizeof(a->reason), "slowed by %.6g %% on purpose", slow * 100);
}

static struct plan_instance *last(const struct plan *plan)
{
	return &plan->instances[plan->instance_count - 1];
}

/* Another instance of the environment of `of`, which is stored in *relation. */
static int rename_last(struct plan *plan, int of, const char *what, int *relation,
		       struct error *err)
{
	struct plan_instance *instance = last(plan);

	*relation = of;
	free(instance->id);
	if (asprintf(&instance->id, "%s#%s", instance->name, what) >= 0)
		return 0;
	instance->id = NULL;
	return error_errno(err, -ENOMEM, "the plan");
}

static int add_instance(struct plan *plan, const char *text, struct error *err)
{
	struct plan_instance *instance = new_instance(plan, err);
	int rc = instance ? plan_parse_instance(text, instance, err) : -ENOMEM;

	if (!rc)
		probe(instance);
	return rc;
}

/* Twice: the second is for the null conditions. With scenes each environment has its own null, the
 * idle neighbour. */
static int add_baseline(struct plan *plan, const char *text, struct error *err)
{
	int rc = add_instance(plan, text, err);

	plan->baseline = plan->instance_count - 1;
	if (rc || json_array_size(plan->scenes) > 0)
		return rc;
	return add_instance(plan, text, err)
		       ?: rename_last(plan, plan->baseline, "null", &last(plan)->repeats, err);
}

/* Adds a second instance of each environment, its neighbour. */
static int add_neighbours(struct plan *plan, struct error *err)
{
	int count = plan->instance_count, rc = 0;

	for (int i = 0; i < count && !rc; i++) {
		rc = add_instance(plan, plan->instances[i].name, err);
		if (rc)
			break;
		last(plan)->optional = plan->instances[i].optional;
		rc = rename_last(plan, i, "neighbour", &last(plan)->beside, err);
	}
	return rc;
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
	for (int i = 0; i < plan->instance_count - 1; i++)
		if (strcmp(plan->instances[i].name, last(plan)->name) == 0)
			return true;
	return false;
}

static int add_subject(struct plan *plan, const char *text, const char *rung, double slow,
		       struct error *err)
{
	bool optional = text[0] == '?';
	struct plan_instance *instance;
	int rc;

	text += optional;
	if (optional && !driver_of(text))
		return 0;
	instance = new_instance(plan, err);
	rc = instance ? plan_parse_instance(text, instance, err) : -ENOMEM;
	if (rc)
		return rc;
	if (is_twice(plan)) { /* the baseline, or one given twice: already there */
		drop_last_instance(plan);
		return 0;
	}
	if (rung && !(instance->rung = strdup(rung)))
		return error_errno(err, -ENOMEM, "%s", text);
	probe(instance);
	slow_down(instance, slow);
	instance->optional = optional;
	if (!optional || plan_instance_usable(instance))
		return 0;
	json_array_append_new(plan->left_out, json_sprintf("%s: %s", rung ? rung : instance->name,
							   instance->availability.reason));
	drop_last_instance(plan);
	return 0;
}

/* Simulated environments are compared with a simulated baseline. */
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

int plan_add_instances(struct plan *plan, const struct plan_request *request, struct error *err)
{
	const struct study *study = request->study;
	double slow;
	int rc = find_slow(request, &slow, err);

	rc = rc ?: add_baseline(plan, choose_baseline(request), err);
	for (int i = 0; i < request->environment_count && !rc; i++)
		rc = add_subject(plan, request->environments[i], NULL, slow, err);
	for (int i = 0; !request->environment_count && study->environments[i] && !rc; i++)
		rc = add_subject(plan, study->environments[i],
				 study->rungs ? study->rungs[i] : NULL, slow, err);
	if (!rc && json_array_size(plan->scenes) > 0)
		rc = add_neighbours(plan, err);
	return rc;
}
