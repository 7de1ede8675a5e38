/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/describe.h"

#include <string.h>

const struct workload *workload_find(const char *name)
{
	for (const struct workload *const *w = workloads; *w; w++)
		if (!strcmp((*w)->name, name))
			return *w;
	return NULL;
}

static const char *const resolve_names[] = {[RESOLVE_DEFAULT] = "default",
					    [RESOLVE_COMMON] = "common",
					    [RESOLVE_NARROWEST] = "narrowest"};

static json_t *number(const struct parameter *parameter, double value)
{
	return parameter->kind == PARAMETER_REAL ? json_real(value)
						 : json_integer((json_int_t)value);
}

static json_t *parameters(const struct parameter *parameter)
{
	json_t *all = json_array();

	for (; parameter && parameter->name; parameter++) {
		json_t *row = json_pack("{s:s, s:s, s:s}", "name", parameter->name, "kind",
					parameter_kind_names[parameter->kind], "summary",
					parameter->summary);

		if (parameter->kind == PARAMETER_CHOICE) {
			json_t *choices = json_array();

			for (const char *const *c = parameter->choices; *c; c++)
				json_array_append_new(choices, json_string(*c));
			json_object_set_new(row, "choices", choices);
			json_object_set_new(row, "resolve",
					    json_string(resolve_names[parameter->resolve]));
			if (parameter->fact)
				json_object_set_new(row, "fact", json_string(parameter->fact));
		} else {
			json_object_set_new(row, "default", number(parameter, parameter->fallback));
			json_object_set_new(row, "low", number(parameter, parameter->low));
			json_object_set_new(row, "high", number(parameter, parameter->high));
		}
		json_array_append_new(all, row);
	}
	return all;
}

static json_t *needs_of(const struct needs *needs)
{
	return json_pack("{s:i, s:I, s:s?, s:s?, s:s?, s:b, s:b, s:b}", "cpus",
			 needs->cpus ? needs->cpus : 1, "memory", (json_int_t)needs->memory,
			 "memory_parameter", needs->memory_parameter, "scratch_parameter",
			 needs->scratch_parameter, "cold_cache", needs->cold_cache, "peer",
			 needs->peer, "fork", needs->fork, "kvm", needs->kvm);
}

json_t *catalogue_entry(const struct workload *w)
{
	return json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:o, s:o, s:s*, s:b, s:o}", "name",
			 w->name, "version", w->version, "panel", panel_names[w->panel], "summary",
			 w->summary, "operation", w->operation, "stands_for", w->stands_for,
			 "metrics", metrics_json(w->metrics), "parameters",
			 parameters(w->parameters), "sweep", w->sweep, "sweep_of_peak",
			 w->sweep_of_peak, "needs", needs_of(&w->needs));
}
