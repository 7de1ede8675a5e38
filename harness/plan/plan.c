/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/plan/plan.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/cleanup.h"
#include "harness/plan/plan_conditions.h"
#include "harness/plan/plan_instances.h"
#include "harness/plan/plan_time.h"
#include "harness/plan/plan_workloads.h"

const struct preset_of_run run_presets[] = {
	{
		.name = "quick",
		.summary = "one start, 12 blocks or more, +-3 %, 120 s",
		.starts = 1,
		.min_blocks = 12,
		.blocks_per_start = 12,
		.trial_seconds = 0.1,
		.budget_seconds = 120,
		.target = 0.03,
		.target_io = 0.03,
	},
	{
		.name = "standard",
		.summary = "5 fresh starts or more, +-2 %, 15 min",
		.starts = 5,
		.min_blocks = 40,
		.blocks_per_start = 12,
		.trial_seconds = 0.2,
		.budget_seconds = 900,
		.target = 0.02,
		.target_io = 0.02,
	},
	{
		.name = "thorough",
		.summary = "8 fresh starts or more, +-0.5 % (I/O 2 %), 60 min",
		.starts = 8,
		.min_blocks = 128,
		.blocks_per_start = 24,
		.trial_seconds = 0.3,
		.budget_seconds = 3600,
		.target = 0.005,
		.target_io = 0.02,
	},
	{0},
};

int plan_preset(const char *name, const struct preset_of_run **preset, struct error *err)
{
	for (*preset = run_presets; (*preset)->name; (*preset)++)
		if (!name || strcmp(name, (*preset)->name) == 0)
			return 0;
	return error_set(err, -EINVAL,
			 "unknown preset '%s'; valid presets: quick standard thorough", name);
}

static uint64_t draw_seed(void)
{
	uint32_t seed = 0;

	/* 32 bits are enough and can be retyped */
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		seed = 1;
	return seed;
}

static int take_preset(struct plan *plan, const struct plan_request *request, struct error *err)
{
	const struct preset_of_run *preset = request->preset;

	snprintf(plan->preset, sizeof(plan->preset), "%s", preset->name);
	plan->starts = preset->starts;
	plan->min_blocks = preset->min_blocks;
	plan->max_blocks = PLAN_BLOCKS_MAX;
	plan->blocks_per_start = preset->blocks_per_start;
	plan->budget_seconds = request->seconds > 0 ? request->seconds : preset->budget_seconds;
	return plan_fit(plan, preset, request->seconds > 0, err);
}

static void set_targets(struct plan *plan, const struct preset_of_run *preset)
{
	for (int i = 0; i < plan->workload_count; i++) {
		struct plan_workload *w = &plan->workloads[i];
		bool io = strcmp(w->panel, "disk") == 0 || strcmp(w->panel, "network") == 0;

		w->target = io ? preset->target_io : preset->target;
		json_object_set_new(w->entry, "target", json_real(w->target));
	}
}

static json_t *scenes_json(const struct scene *scene)
{
	json_t *scenes = json_array();

	for (; scene && scene->name; scene++)
		json_array_append_new(scenes, json_pack("{s:s, s:s*}", "name", scene->name,
							"neighbour", scene->neighbour));
	return scenes;
}

static int share_scratch(const struct plan *plan, struct placement *placement, struct error *err)
{
	bool wanted = false;

	for (int i = 0; i < plan->workload_count; i++)
		wanted = wanted || plan->workloads[i].scratch;
	return wanted ? placement_share_scratch(placement, plan_usable_instances(plan), err) : 0;
}

int plan_create(const struct plan_request *request, const json_t *catalogue,
		struct placement *placement, struct plan **plan, struct error *err)
{
	struct plan *made = calloc(1, sizeof(*made));
	int rc;

	*plan = NULL;
	if (!made || !(made->left_out = json_array())) {
		plan_destroy(made);
		return error_errno(err, -ENOMEM, "the plan");
	}
	snprintf(made->study, sizeof(made->study), "%s", request->study->name);
	snprintf(made->title, sizeof(made->title), "%s", request->study->title);
	made->figures = json_array();
	for (const char *const *figure = request->study->figures; *figure; figure++)
		json_array_append_new(made->figures, json_string(*figure));
	made->scenes = scenes_json(request->study->scenes);
	made->seed = request->seed_given ? request->seed : draw_seed();
	rc = plan_add_workloads(made, request, catalogue, err);
	if (!rc)
		rc = plan_add_instances(made, request, err);
	if (!rc)
		rc = plan_add_conditions(made, err);
	if (!rc)
		rc = share_scratch(made, placement, err);
	plan_allot(made, placement);
	if (!rc)
		rc = plan_resolve(made, request, placement, err);
	if (!rc) {
		plan_set_turns(made);
		rc = take_preset(made, request, err);
	}
	if (rc) {
		plan_destroy(made);
		return rc;
	}
	set_targets(made, request->preset);
	*plan = made;
	return 0;
}

void plan_destroy(struct plan *plan)
{
	if (!plan)
		return;
	for (int i = 0; i < plan->workload_count; i++)
		json_decref(plan->workloads[i].entry);
	for (int i = 0; i < plan->instance_count; i++) {
		environment_destroy(plan->instances[i].environment);
		free(plan->instances[i].id);
		free(plan->instances[i].name);
		free(plan->instances[i].rung);
	}
	for (int i = 0; i < plan->condition_count; i++)
		free(plan->conditions[i].id);
	free(plan->workloads);
	free(plan->instances);
	free(plan->comparisons);
	free(plan->conditions);
	json_decref(plan->left_out);
	json_decref(plan->figures);
	json_decref(plan->scenes);
	free(plan);
}

void plan_allot(struct plan *plan, const struct placement *placement)
{
	for (int i = 0; i < plan->instance_count; i++)
		plan->instances[i].allotment = (struct allotment){
			.cpus = placement->trial_cpu_count,
			.memory_bytes = placement->memory_bytes,
			.scratch_bytes = placement->scratch_bytes,
		};
}

bool plan_instance_usable(const struct plan_instance *instance)
{
	return instance->availability.usable;
}

int plan_usable_instances(const struct plan *plan)
{
	int count = 0;

	for (int i = 0; i < plan->instance_count; i++)
		count += plan_instance_usable(&plan->instances[i]);
	return count;
}
