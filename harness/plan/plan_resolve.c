/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fnmatch.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "harness/plan/plan_workloads.h"
#include "base/parameters.h"

#define MEMORY_SHARE 0.6    /* of an environment's memory: the rest is for the guest kernel */
#define AVAILABLE_SHARE 0.8 /* of the host's free memory, for all environments together */
#define MIB (1 << 20)

static const char *needs_parameter(const struct plan_workload *w, const char *need)
{
	return json_string_value(json_object_get(json_object_get(w->entry, "needs"), need));
}

static int refuse_workload(const struct plan *plan, const char *text, const char *name,
			   struct error *err)
{
	char valid[600] = "";

	for (int i = 0; i < plan->workload_count; i++) {
		size_t used = strlen(valid);

		snprintf(valid + used, sizeof(valid) - used, " %s", plan->workloads[i].key);
	}
	return error_set(err, -EINVAL,
			 "--set %.128s: workload '%.64s' is not in this run, which has:%s; add it "
			 "with -w",
			 text, name, valid);
}

/* --set WORKLOAD.PARAMETER=VALUE; the workload may be a glob. */
static int apply_setting(struct plan *plan, const char *text, struct error *err)
{
	cleanup_free char *copy = strdup(text);
	char *equals = copy ? strchr(copy, '=') : NULL, *dot;
	int matches = 0;

	if (equals)
		*equals = 0;
	dot = equals ? strrchr(copy, '.') : NULL;
	if (!dot)
		return error_set(
			err, -EINVAL,
			"invalid setting --set %s; give WORKLOAD.PARAMETER=VALUE (see `tare list "
			"WORKLOAD') or slow=SHARE",
			text);
	*dot = 0;
	for (int i = 0; i < plan->workload_count; i++) {
		struct plan_workload *w = &plan->workloads[i];
		json_t *given, *value = NULL;
		int rc;

		if (fnmatch(copy, w->name, 0) != 0)
			continue;
		matches++;
		given = json_string(equals + 1);
		rc = parameter_resolve(w->entry, dot + 1, given, &value, err);
		json_decref(given);
		if (rc)
			return rc;
		json_object_set_new(w->values, dot + 1, value);
	}
	return matches ? 0 : refuse_workload(plan, text, copy, err);
}

static double available_memory(void)
{
	cleanup_free char *text = NULL;
	const char *at;

	if (file_read("/proc/meminfo", 1 << 16, &text, NULL, NULL))
		return INFINITY;
	at = strstr(text, "MemAvailable:");
	return at ? strtod(at + strlen("MemAvailable:"), NULL) * 1024 : INFINITY;
}

static void note(struct plan_workload *w, const char *text)
{
	const char *before = json_string_value(json_object_get(w->entry, "note"));

	json_object_set_new(w->entry, "note",
			    before ? json_sprintf("%s; %s", before, text) : json_string(text));
}

/* Limits the parameter named by `need` to `most` bytes: a default is lowered, with a note; a larger
 * size that was requested is an error. */
static int limit(struct plan_workload *w, const char *need, double most, bool given,
		 const char *why, struct error *err)
{
	const char *name = needs_parameter(w, need);
	double value;
	char text[160];

	if (!name)
		return 0;
	value = json_number_value(json_object_get(w->values, name));
	if (value <= most)
		return 0;
	most = floor(most / MIB);
	if (given)
		return error_set(err, -EINVAL, "%s.%s=%.0f MiB is too large: %s allows %.0f MiB",
				 w->name, name, value / MIB, why, most);
	if (most < 1)
		return error_set(err, -ENOSPC, "%s: %s is too small for its %s", w->name, why,
				 name);
	json_object_set_new(w->values, name, json_integer((json_int_t)most * MIB));
	snprintf(text, sizeof(text), "%s is limited to %.0f MiB by %s", name, most, why);
	note(w, text);
	return 0;
}

static int limit_sizes(struct plan_workload *w, const json_t *given, const struct placement *place,
		       double host, struct error *err)
{
	const char *memory = needs_parameter(w, "memory_parameter");
	const char *scratch = needs_parameter(w, "scratch_parameter");
	double inside = (double)place->memory_bytes * MEMORY_SHARE;
	int rc;

	rc = limit(w, "memory_parameter", fmin(inside, host),
		   memory && json_object_get(given, memory),
		   inside < host ? "the environments' memory" : "the host's free memory", err);
	if (rc)
		return rc;
	return limit(w, "scratch_parameter", (double)place->scratch_bytes,
		     scratch && json_object_get(given, scratch), "the scratch space", err);
}

static bool any_emulated(const struct plan *plan)
{
	for (int i = 0; i < plan->instance_count; i++)
		if (plan->instances[i].availability.emulated &&
		    plan_instance_usable(&plan->instances[i]))
			return true;
	return false;
}

/* An emulated CPU takes seconds to fill what others fill in a tenth of the time: smaller defaults
 * leave that time to the trials. */
static void divide_size(struct plan_workload *w, const json_t *given, const char *need, int by)
{
	const char *name = needs_parameter(w, need);
	char text[160];
	json_int_t size;

	if (!name || json_object_get(given, name))
		return;
	size = json_integer_value(json_object_get(w->values, name)) / by;
	json_object_set_new(w->values, name, json_integer(size));
	snprintf(text, sizeof(text), "%s is reduced to %lld MiB as an environment is emulated",
		 name, (long long)size / MIB);
	note(w, text);
}

int plan_resolve(struct plan *plan, const struct plan_request *request,
		 const struct placement *placement, struct error *err)
{
	double memory = available_memory() * AVAILABLE_SHARE / fmax(plan_usable_instances(plan), 1);
	int rc = 0;

	for (int i = 0; i < request->setting_count && !rc; i++)
		if (strncmp(request->settings[i], "slow=", 5) != 0)
			rc = apply_setting(plan, request->settings[i], err);
	for (int i = 0; i < plan->workload_count && !rc; i++) {
		struct plan_workload *w = &plan->workloads[i];
		cleanup_json json_t *given = json_incref(w->values);
		json_t *values;

		rc = parameters_resolve(w->entry, given, &values, err);
		if (rc)
			break;
		json_object_set_new(w->entry, "given", json_incref(given));
		json_object_set_new(w->entry, "values", values);
		w->values = values;
		if (any_emulated(plan)) {
			/* memory must stay larger than the caches, and a tree needs many sources */
			bool disk = strcmp(w->panel, "disk") == 0;

			divide_size(w, given, "memory_parameter", 2);
			divide_size(w, given, "scratch_parameter", disk ? 4 : 2);
		}
		rc = limit_sizes(w, given, placement, memory, err);
	}
	return rc;
}

int plan_check_sizes(struct plan *plan, const struct placement *placement, struct error *err)
{
	/* not AVAILABLE_SHARE of it: a little less may be free than at the start of the run */
	double memory = available_memory() / fmax(plan_usable_instances(plan), 1);
	int rc = 0;

	for (int i = 0; i < plan->workload_count && !rc; i++)
		rc = limit_sizes(&plan->workloads[i], plan->workloads[i].values, placement, memory,
				 err);
	return rc;
}

static const char *fact_of(const json_t *hello, const char *fact)
{
	return json_text(json_object_get(hello, "facts"), fact);
}

static void decide(struct plan_workload *w, const char *parameter, const char *value,
		   const char *why)
{
	char text[160];

	snprintf(text, sizeof(text), "%s is %s: %s", parameter, value, why);
	json_object_set_new(w->values, parameter, json_string(value));
	note(w, text);
}

/* A choice that is not a fact (sync) works everywhere. */
static bool works_in_all(const char *choice, const json_t *hellos)
{
	const json_t *hello;
	size_t i;

	json_array_foreach (hellos, i, hello) {
		const char *has = fact_of(hello, choice);

		if (has && strcmp(has, "no") == 0)
			return false;
	}
	return true;
}

/* With a choice that one environment does not support, it would do other work than the rest. */
static int resolve_common(struct plan_workload *w, const json_t *row, const char *now,
			  const json_t *hellos, struct error *err)
{
	const char *name = json_text(row, "name"), *best = NULL;
	const json_t *choice;
	size_t i;

	json_array_foreach (json_object_get(row, "choices"), i, choice)
		if (!best && works_in_all(json_string_value(choice), hellos))
			best = json_string_value(choice);
	if (!best)
		return error_set(err, -ENOTSUP, "%s: no value of %s works in every environment",
				 w->name, name);
	if (strcmp(best, now) != 0)
		decide(w, name, best, "an environment does not support a faster one");
	return 0;
}

/* `auto` means the widest of each CPU: if they differ (an emulator has no AVX-512), all
 * environments use the narrowest. The choices after "auto" are in rising order. */
static void resolve_narrowest(struct plan_workload *w, const json_t *row, const char *now,
			      const json_t *hellos)
{
	const json_t *choices = json_object_get(row, "choices"), *hello;
	const char *name = json_text(row, "name"), *fact = json_text(row, "fact");
	size_t narrowest = json_array_size(choices), widest = 0, i;

	if (strcmp(now, "auto") != 0)
		return;
	json_array_foreach (hellos, i, hello) {
		const char *has = fact_of(hello, fact);

		for (size_t k = 1; has && k < json_array_size(choices); k++) {
			if (strcmp(json_string_value(json_array_get(choices, k)), has) != 0)
				continue;
			narrowest = k < narrowest ? k : narrowest;
			widest = k > widest ? k : widest;
		}
	}
	if (narrowest < widest)
		decide(w, name, json_string_value(json_array_get(choices, narrowest)),
		       "an environment has nothing wider");
}

/* As the workload declares for its parameter; a value given by the user stays. */
static int adapt_parameter(struct plan_workload *w, const json_t *row, const json_t *hellos,
			   struct error *err)
{
	const char *name = json_text(row, "name"), *resolve = json_text(row, "resolve");
	const char *now = json_string_value(json_object_get(w->values, name));

	if (!now || json_object_get(json_object_get(w->entry, "given"), name))
		return 0;
	if (strcmp(resolve, "common") == 0)
		return resolve_common(w, row, now, hellos, err);
	if (strcmp(resolve, "narrowest") == 0)
		resolve_narrowest(w, row, now, hellos);
	return 0;
}

int plan_adapt(struct plan *plan, const json_t *hellos, struct error *err)
{
	for (int i = 0; i < plan->workload_count; i++) {
		struct plan_workload *w = &plan->workloads[i];
		const json_t *row;
		size_t k;

		json_array_foreach (json_object_get(w->entry, "parameters"), k, row) {
			int rc = adapt_parameter(w, row, hellos, err);

			if (rc)
				return rc;
		}
	}
	return 0;
}
