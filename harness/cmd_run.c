/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <jansson.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "harness/observe/counters.h"
#include "harness/run/agent_workloads.h"
#include "harness/run/run.h"
#include "harness/run/scratch.h"
#include "harness/subcommand.h"
#include "results/published.h"

static int run_exec(const struct subcommand *command, int argc, char **argv);

struct arguments {
	const char *study, *baseline, *preset, *seconds, *seed, *resume;
	struct words environments, workloads, settings, predictions;
	struct run_options options;
	bool dry_run;
};

#define AT(member) .at = offsetof(struct arguments, member)
#define ALL_AT(member) AT(member), .repeated = true

static const struct subcommand_option options[] = {
	{"environment", 'e', "ENV",
	 "measure ENV, such as container or vm:disk=ide (see `tare list')", 1,
	 ALL_AT(environments)},
	{"workload", 'w', "GLOB", "measure these workloads, such as 'disk.*'", 1,
	 ALL_AT(workloads)},
	{"baseline", 0, "ENV", "compare with ENV (default: the study's baseline, bare)", 1,
	 AT(baseline)},
	{"preset", 0, "NAME", "quick (default), standard or thorough", 2, AT(preset)},
	{"time", 0, "SECONDS", "run for about SECONDS (default: the preset's time)", 2,
	 AT(seconds)},
	{"seed", 0, "NUMBER",
	 "seed for the random order of trials; the same seed gives the same order", 2, AT(seed)},
	{"set", 0, "WORKLOAD.PARAMETER=VALUE",
	 "set a parameter; slow=SHARE slows every environment but the baseline by a known share", 2,
	 ALL_AT(settings)},
	{"counters", 0, "LIST", "count these events (see `tare list counters'), or none", 2,
	 AT(options.counters)},
	{"predict", 0, "TEXT", "record a prediction, such as 'vm disk -50%'; the report scores it",
	 2, ALL_AT(predictions)},
	{"out", 0, "DIR", "write the run to DIR, which must not exist yet", 3, AT(options.out)},
	{"resume", 0, "DIR", "resume the interrupted run in DIR", 3, AT(resume)},
	{"scratch", 0, "DIR", "test the file system that DIR is on (default: the run directory's)",
	 3, AT(options.scratch)},
	{"dry-run", 0, NULL, "print the plan and how long it takes, then exit", 3, AT(dry_run)},
	REPORT_OPTIONS(4, options.report),
	{0},
};

const struct subcommand subcommand_run = {
	.name = "run",
	.arguments = "[STUDY]",
	.summary = "measure a study: the same work in every environment, block by block",
	.help = "The default study is `overhead': a container and a virtual machine against bare "
		"metal, in four panels. `tare list studies' names the others.",
	.options = options,
	.takes = "one study",
	.operands_most = 1,
	.operands_at = offsetof(struct arguments, study),
	.exec = run_exec,
};

const struct subcommand subcommand_reproduce = {
	.name = "reproduce",
	.arguments = "STUDY",
	.summary = "repeat a published study and compare with its figures",
	.help = "STUDY is sharma2016 or felter2015; same as `tare run STUDY'. Each published point "
		"gets a verdict: reproduced, differs, cannot tell or not measured, with the "
		"reason.",
	.options = options,
	.takes = "one study",
	.operands_most = 1,
	.operands_at = offsetof(struct arguments, study),
	.exec = run_exec,
};

static uint64_t parse_seed(const struct subcommand *command, const char *text)
{
	char *end;
	unsigned long long seed;

	errno = 0;
	seed = strtoull(text, &end, 10);
	if (!*text || *end || errno || text[0] == '-' || seed > INT64_MAX)
		subcommand_invalid(command,
				   "invalid seed --seed %s: give a whole number from 0 to %lld",
				   text, (long long)INT64_MAX);
	return seed;
}

static double parse_seconds(const struct subcommand *command, const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (!*text || *end || !(seconds >= 1 && seconds <= PLAN_SECONDS_MAX))
		subcommand_invalid(command, "invalid time --time %s: give seconds from 1 to %d",
				   text, PLAN_SECONDS_MAX);
	return seconds;
}

static struct plan_request request_of(const struct subcommand *command, const struct arguments *a)
{
	struct plan_request request = {
		.study = &studies[0],
		.preset = &run_presets[0],
		.baseline = a->baseline,
		.environments = a->environments.list,
		.environment_count = a->environments.count,
		.workloads = a->workloads.list,
		.workload_count = a->workloads.count,
		.settings = a->settings.list,
		.setting_count = a->settings.count,
		.seed_given = a->seed != NULL,
	};
	struct error err;

	if ((a->study && study_find(a->study, &request.study, &err)) ||
	    (a->preset && plan_preset(a->preset, &request.preset, &err)))
		subcommand_invalid(command, "%s", err.message);
	if (a->seconds)
		request.seconds = parse_seconds(command, a->seconds);
	if (a->seed)
		request.seed = parse_seed(command, a->seed);
	return request;
}

/* An option given again that a resumed run already has in its plan; NULL: none. */
static const char *given_twice(const struct arguments *a)
{
	const struct words *lists[] = {&a->workloads, &a->settings, &a->predictions};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (lists[i]->count)
			return lists[i]->list[0];
	return a->study ?: a->baseline ?: a->preset ?: a->seconds ?: a->seed ?: a->options.out;
}

static int check_out(const char *out, struct error *err)
{
	cleanup_free char *copy = strdup(out);

	if (access(out, F_OK) == 0)
		return error_set(err, -EEXIST,
				 "--out %s already exists; name a new directory, or continue a run "
				 "with --resume",
				 out);
	if (!copy || access(dirname(copy), W_OK | X_OK))
		return error_errno(err, -errno, "cannot create --out %s", out);
	return 0;
}

/* Rejects wrong names before anything is created. */
static int check(const struct arguments *a, struct error *err)
{
	struct counter_set *set = NULL;
	int rc = 0;

	if (a->options.scratch)
		rc = scratch_check(a->options.scratch, err);
	if (!rc && a->options.counters) {
		rc = counter_set_create(a->options.counters, NULL, &set, err);
		counter_set_destroy(set);
	}
	if (!rc && a->options.out)
		rc = check_out(a->options.out, err);
	return rc;
}

/* What the plan can resolve, according to the null arm of the latest run here. */
static int say_power(void *plan)
{
	cleanup_free char *sentence = run_resolving_power(plan);

	printf("%s\n", sentence ? sentence
				: "what this machine resolves is not known yet: `tare run aa' "
				  "measures it");
	return STATUS_DONE;
}

static int start(const struct arguments *a, const struct plan_request *request)
{
	cleanup_json json_t *catalogue = NULL;
	struct placement placement = {0};
	struct plan *plan = NULL;
	struct error err;
	int rc, status;

	rc = catalogue_ask(&catalogue, &err);
	if (rc)
		return subcommand_failed(&err);
	rc = check(a, &err);
	if (!rc)
		rc = placement_init(&placement, a->options.scratch ? a->options.scratch : ".",
				    &err);
	rc = rc ?: plan_create(request, catalogue, &placement, &plan, &err);
	if (!rc)
		rc = run_seal_predictions(plan, a->predictions.list, a->predictions.count,
					  a->options.predictions, &err);
	if (rc || a->dry_run) {
		status = rc ? subcommand_refuse(&err) : STATUS_DONE;
		if (!rc) {
			plan_print(plan, stdout);
			status = run_list_do(say_power, plan);
		}
		placement_finish(&placement);
		plan_destroy(plan);
		return status;
	}
	status = run_study(plan, &placement, &a->options);
	placement_finish(&placement);
	return status;
}

static bool is_published(const struct study *study)
{
	for (int i = 0; published_studies[i]; i++)
		if (strcmp(published_studies[i], study->name) == 0)
			return true;
	return false;
}

static int resume(struct arguments *a)
{
	a->options.environments = a->environments.list;
	a->options.environment_count = a->environments.count;
	return run_resume(a->resume, &a->options);
}

static int run_exec(const struct subcommand *command, int argc, char **argv)
{
	struct arguments a = {
		.options = {.report = {.language = "en"}, .argc = argc, .argv = argv},
	};
	cleanup_json json_t *predictions = a.options.predictions = json_array();
	struct plan_request request;
	int status;

	subcommand_parse(command, argc, argv, &a);
	request = request_of(command, &a);
	if (a.resume && given_twice(&a))
		subcommand_invalid(&subcommand_run,
				   "--resume %s continues its own plan, which '%s' would change; "
				   "leave it out",
				   a.resume, given_twice(&a));
	if (command == &subcommand_reproduce && !a.resume && !is_published(request.study))
		subcommand_invalid(command, "unknown published study '%s'; valid studies: %s %s",
				   request.study->name, published_studies[0], published_studies[1]);
	status = a.resume ? resume(&a) : start(&a, &request);
	free(a.environments.list);
	free(a.workloads.list);
	free(a.settings.list);
	free(a.predictions.list);
	return status;
}
