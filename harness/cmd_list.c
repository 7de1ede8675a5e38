/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "drivers/driver.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/parameters.h"
#include "harness/run/agent_workloads.h"
#include "harness/plan/coverage.h"
#include "harness/observe/counters.h"
#include "harness/procedure/procedure.h"
#include "harness/run/run.h"
#include "harness/plan/study.h"
#include "harness/subcommand.h"

static int list_exec(const struct subcommand *command, int argc, char **argv);

struct arguments {
	const char *what; /* NULL: workloads, environments, studies and procedures */
	bool json, all;
};

static const struct subcommand_option options[] = {
	{"json", 'j', .help = "print as JSON", .at = offsetof(struct arguments, json)},
	{"all", 'a', .help = "counters: list every event that libpfm4 knows for this CPU",
	 .at = offsetof(struct arguments, all)},
	{0},
};

const struct subcommand subcommand_list = {
	.name = "list",
	.arguments = "[workloads|environments|studies|procedures|counters|runs|NAME]",
	.summary = "list workloads, environments, studies and procedures, or describe one",
	.options = options,
	.takes = "one name",
	.operands_most = 1,
	.operands_at = offsetof(struct arguments, what),
	.exec = list_exec,
};

/* ---- JSON: one object, from which the text is also printed ---- */

static json_t *environments_json(void)
{
	json_t *list = json_array();

	for (int i = 0; drivers[i]; i++) {
		const struct driver *d = drivers[i];
		json_t *rows = json_array(), *presets = json_array();

		for (const struct option_spec *o = d->options; o && o->name; o++) {
			json_t *choices = json_array();

			for (int j = 0; o->choices && o->choices[j]; j++)
				json_array_append_new(choices, json_string(o->choices[j]));
			json_array_append_new(rows,
					      json_pack("{s:s, s:s, s:o, s:s?, s:s}", "name",
							o->name, "default", o->fallback, "choices",
							choices, "placeholder", o->placeholder,
							"summary", o->summary));
		}
		for (const struct preset *p = d->presets; p && p->name; p++)
			json_array_append_new(presets, json_pack("{s:s, s:s, s:s}", "name", p->name,
								 "options", p->options, "summary",
								 p->summary));
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:b, s:o, s:o}", "name", d->name,
						"summary", d->summary, "needs_root", d->needs_root,
						"options", rows, "presets", presets));
	}
	return list;
}

static json_t *studies_json(void)
{
	json_t *list = json_array();

	for (const struct study *s = studies; s->name; s++) {
		json_t *names = json_array(), *works = json_array();

		for (const char *const *e = s->environments; *e; e++)
			json_array_append_new(names, json_string(*e + (**e == '?')));
		for (const char *const *w = s->workloads; *w; w++)
			json_array_append_new(works, json_string(*w + (**w == '?')));
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:s, s:o, s:o, s:o*}", "name", s->name, "title",
					s->title, "baseline", s->baseline, "environments", names,
					"workloads", works, "published", study_coverage(s)));
	}
	return list;
}

static json_t *procedures_json(void)
{
	json_t *list = json_array();

	for (int i = 0; procedures[i]; i++)
		json_array_append_new(list, json_pack("{s:s, s:s}", "name", procedures[i]->name,
						      "summary", procedures[i]->summary));
	return list;
}

/* ---- text ---- */

static void print_workloads(const json_t *catalogue)
{
	const json_t *entry;
	size_t i;

	printf("workloads\n");
	json_array_foreach (catalogue, i, entry) {
		const json_t *metric = json_array_get(json_object_get(entry, "metrics"), 0);

		printf("  %-18s %-14s %s\n", json_text(entry, "name"), json_text(metric, "unit"),
		       json_text(entry, "summary"));
	}
}

static void print_summary(const json_t *one)
{
	printf("  %-18s %s\n", json_text(one, "name"), json_text(one, "summary"));
}

static void print_summaries(const char *title, const json_t *list)
{
	const json_t *one;
	size_t i;

	printf("%s\n", title);
	json_array_foreach (list, i, one)
		print_summary(one);
}

/* "    covered: Fig 4a, Fig 4b" of the figures that are measured, or of those that are not. */
static void print_figures(const json_t *published, bool measured, const char *head)
{
	const char *between = head;
	const json_t *entry;
	size_t i;

	json_array_foreach (published, i, entry) {
		json_int_t lines = json_integer_value(json_object_get(entry, "lines"));
		json_int_t ours = json_integer_value(json_object_get(entry, "measured"));

		if ((ours > 0) != measured)
			continue;
		printf("%s%s", between, json_text(entry, "figure"));
		if (measured && ours < lines)
			printf(" (%d of %d values)", (int)ours, (int)lines);
		between = ", ";
	}
	if (between != head)
		printf("\n");
}

static void print_coverage(const json_t *study, const char *covered, const char *missing)
{
	const json_t *published = json_object_get(study, "published");

	print_figures(published, true, covered);
	print_figures(published, false, missing);
}

static void print_studies(const json_t *list)
{
	const json_t *one;
	size_t i;

	printf("studies\n");
	json_array_foreach (list, i, one) {
		printf("  %-18s %s\n", json_text(one, "name"), json_text(one, "title"));
		print_coverage(one,
			       "                     covers: ", "                     not yet: ");
	}
}

static void print_range(const json_t *row)
{
	static const char *const parts[][2] = {
		{"low", ""}, {"high", " to "}, {"default", ", default "}};

	for (size_t i = 0; i < 3; i++) {
		char text[64];

		parameter_print(text, sizeof(text), row,
				json_number_value(json_object_get(row, parts[i][0])));
		printf("%s%s", parts[i][1], text);
	}
}

static void print_choices(const json_t *choices)
{
	const json_t *choice;
	size_t i;

	json_array_foreach (choices, i, choice)
		printf("%s%s", i ? "|" : "", json_string_value(choice));
}

static void explain_workload(const json_t *entry)
{
	const json_t *row;
	size_t i;

	printf("%s (version %d): %s\n", json_text(entry, "name"),
	       (int)json_integer_value(json_object_get(entry, "version")),
	       json_text(entry, "summary"));
	printf("operation: %s\nstands for: %s\n\nmetrics\n", json_text(entry, "operation"),
	       json_text(entry, "stands_for"));
	json_array_foreach (json_object_get(entry, "metrics"), i, row)
		printf("  %-14s %-12s %s%s, %s is better%s\n", json_text(row, "name"),
		       json_text(row, "unit"), json_text(row, "kind"),
		       json_is_true(json_object_get(row, "per_operation")) ? " per operation" : "",
		       json_text(row, "better"), i ? "" : "; the headline");
	printf("\nparameters (--set %s.NAME=VALUE)\n", json_text(entry, "name"));
	json_array_foreach (json_object_get(entry, "parameters"), i, row) {
		const json_t *choices = json_object_get(row, "choices");

		printf("  %-14s %s: ", json_text(row, "name"), json_text(row, "summary"));
		if (choices)
			print_choices(choices);
		else
			print_range(row);
		printf("\n");
	}
}

static void explain_environment(const json_t *one)
{
	const json_t *row;
	size_t i;

	printf("%s: %s%s\n", json_text(one, "name"), json_text(one, "summary"),
	       json_is_true(json_object_get(one, "needs_root")) ? " (needs root)" : "");
	printf("\noptions (-e %s:NAME=VALUE,...)\n", json_text(one, "name"));
	json_array_foreach (json_object_get(one, "options"), i, row) {
		const json_t *choices = json_object_get(row, "choices");

		printf("  %-12s %s: ", json_text(row, "name"), json_text(row, "summary"));
		if (json_array_size(choices))
			print_choices(choices);
		else
			printf("%s", json_text(row, "placeholder"));
		printf(", default %s\n", json_text(row, "default"));
	}
	if (json_array_size(json_object_get(one, "presets")))
		printf("\npresets (-e %s:PRESET)\n", json_text(one, "name"));
	json_array_foreach (json_object_get(one, "presets"), i, row)
		printf("  %-12s %s (%s)\n", json_text(row, "name"), json_text(row, "summary"),
		       json_text(row, "options"));
}

static void explain_study(const json_t *one)
{
	static const char *const lists[] = {"environments", "workloads"};
	const json_t *word;
	size_t i;

	printf("%s: %s\nbaseline: %s\n", json_text(one, "name"), json_text(one, "title"),
	       json_text(one, "baseline"));
	for (int j = 0; j < 2; j++) {
		printf("%s:", lists[j]);
		json_array_foreach (json_object_get(one, lists[j]), i, word)
			printf(" %s", json_string_value(word));
		printf("\n");
	}
	print_coverage(one, "published and covered: ", "published but not covered yet: ");
}

static void print_counters(const json_t *list)
{
	const json_t *one;
	size_t i;

	json_array_foreach (list, i, one) {
		bool usable = json_is_true(json_object_get(one, "usable"));

		printf("  %-24s %-10s %s%s\n", json_text(one, "name"), json_text(one, "kind"),
		       usable ? "can be counted" : "n/a: ", usable ? "" : json_text(one, "reason"));
	}
}

static int list_overview(const struct arguments *a, const json_t *everything)
{
	const json_t *catalogue = json_object_get(everything, "workloads");

	if (a->what && a->json)
		return subcommand_print(json_object_get(everything, a->what));
	if (a->json)
		return subcommand_print(everything);
	if (!a->what || strcmp(a->what, "workloads") == 0)
		print_workloads(catalogue);
	if (!a->what || strcmp(a->what, "environments") == 0)
		print_summaries("environments", json_object_get(everything, "environments"));
	if (!a->what || strcmp(a->what, "studies") == 0)
		print_studies(json_object_get(everything, "studies"));
	if (!a->what || strcmp(a->what, "procedures") == 0)
		print_summaries("procedures", json_object_get(everything, "procedures"));
	return STATUS_DONE;
}

/* The entry with this name, borrowed; NULL: there is none. */
static const json_t *find_named(const json_t *list, const char *name)
{
	const json_t *entry;
	size_t i;

	json_array_foreach (list, i, entry) {
		const char *its = json_string_value(json_object_get(entry, "name"));

		if (its && strcmp(its, name) == 0)
			return entry;
	}
	return NULL;
}

static int list_one(const struct arguments *a, const json_t *everything)
{
	static const struct {
		const char *list;
		void (*explain)(const json_t *entry);
	} kinds[] = {
		{"workloads", explain_workload},
		{"environments", explain_environment},
		{"studies", explain_study},
		{"procedures", print_summary},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const json_t *entry =
			find_named(json_object_get(everything, kinds[i].list), a->what);

		if (!entry)
			continue;
		if (a->json)
			return subcommand_print(entry);
		kinds[i].explain(entry);
		return STATUS_DONE;
	}
	fprintf(stderr,
		"tare list: unknown name '%s'; give workloads, environments, studies, procedures, "
		"counters, runs, or a name that `tare list' shows\n",
		a->what);
	return STATUS_USAGE;
}

static int list_runs(void *argument)
{
	const struct arguments *a = argument;
	cleanup_json json_t *list = run_list();

	return a->json ? subcommand_print(list) : run_list_print(list);
}

static int list_exec(const struct subcommand *command, int argc, char **argv)
{
	cleanup_json json_t *everything = NULL, *list = NULL;
	struct arguments a = {0};
	json_t *catalogue;
	struct error err;

	subcommand_parse(command, argc, argv, &a);
	if (a.what && strcmp(a.what, "runs") == 0)
		return run_list_do(list_runs, &a);
	if (a.what && strcmp(a.what, "counters") == 0) {
		list = counters_available(a.all, NULL);
		if (a.json)
			return subcommand_print(list);
		print_counters(list);
		return STATUS_DONE;
	}
	if (catalogue_ask(&catalogue, &err))
		return subcommand_failed(&err);
	everything = json_pack("{s:o, s:o, s:o, s:o}", "workloads", catalogue, "environments",
			       environments_json(), "studies", studies_json(), "procedures",
			       procedures_json());
	if (!a.what || json_object_get(everything, a.what))
		return list_overview(&a, everything);
	return list_one(&a, everything);
}
