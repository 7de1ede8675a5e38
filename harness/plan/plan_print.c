/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/parameters.h"
#include "harness/plan/plan.h"

static void print_values(const struct plan_workload *w, FILE *out)
{
	const json_t *row;
	size_t i;

	json_array_foreach (json_object_get(w->entry, "parameters"), i, row) {
		const json_t *value = json_object_get(w->values, json_text(row, "name"));
		char text[64];

		parameter_print(text, sizeof(text), row, json_number_value(value));
		fprintf(out, " %s=%s", json_text(row, "name"),
			json_is_string(value) ? json_string_value(value) : text);
	}
}

static const char *neighbours_work(const json_t *scene)
{
	const char *text = json_text(scene, "neighbour");

	return !*text                      ? "an idle neighbour, as the null"
	       : !strcmp(text, SCENE_SAME) ? "a neighbour with the same workload"
					   : text;
}

static void print_time(double seconds, FILE *out)
{
	if (seconds < 100)
		fprintf(out, "%.0f s", seconds);
	else
		fprintf(out, "%.1f min", seconds / 60);
}

void plan_print(const struct plan *plan, FILE *out)
{
	bool scenes = json_array_size(plan->scenes) > 0;
	const json_t *sentence, *scene;
	size_t j;

	fprintf(out, "study %s: %s\n", plan->study, plan->title);
	fprintf(out, "preset %s, seed %llu, trials of %.3g s, %d blocks or more, %d start%s%s\n",
		plan->preset, (unsigned long long)plan->seed, plan->trial_seconds, plan->min_blocks,
		plan->starts, plan->starts == 1 ? "" : "s", plan->starts == 1 ? "" : " or more");
	fprintf(out, "\nenvironments\n");
	for (int i = 0; i < plan->instance_count; i++) {
		const struct plan_instance *instance = &plan->instances[i];
		const struct plan_condition *condition = plan_find(plan, 0, i);

		fprintf(out, "  %-20s %s%s\n", instance->id,
			instance->rung ? instance->rung : instance->availability.label,
			instance->beside >= 0    ? ": the neighbour"
			: scenes                 ? ": alone, then in each scene"
			: i == plan->baseline    ? ": baseline"
			: instance->repeats >= 0 ? ": the baseline again, as null arm"
						 : "");
		if (condition && condition->every > 1)
			fprintf(out, "  %-20s only every second block, as it is emulated\n", "");
		if (!plan_instance_usable(instance))
			fprintf(out, "  %-20s unavailable: %s\n", "",
				instance->availability.reason);
	}
	fprintf(out, "\nworkloads\n");
	for (int i = 0; i < plan->workload_count; i++) {
		const struct plan_workload *w = &plan->workloads[i];
		const char *note = json_string_value(json_object_get(w->entry, "note"));

		fprintf(out, "  %-20s", w->key);
		print_values(w, out);
		if (w->beside)
			fprintf(out, "; for neighbours only\n");
		else
			fprintf(out, "; precise to +-%.3g %%\n", w->target * 100);
		if (note)
			fprintf(out, "  %-20s %s\n", "", note);
	}
	if (scenes)
		fprintf(out, "\nscenes\n");
	json_array_foreach (plan->scenes, j, scene)
		fprintf(out, "  %-20s %s\n", json_text(scene, "name"), neighbours_work(scene));
	json_array_foreach (plan->left_out, j, sentence)
		fprintf(out, "left out: %s\n", json_string_value(sentence));
	fprintf(out, "\ntime: at most ");
	print_time(plan->budget_seconds, out);
	fprintf(out, "; about ");
	print_time(plan_seconds(plan), out);
	fprintf(out, " if every workload is precise after %d blocks\n", plan->min_blocks);
}
