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

static error_t parse(int key, char *arg, struct argp_state *state);
static int run_exec(const struct subcommand *command, int argc, char **argv);

#define SECONDS_MAX 604800 /* a week */

enum key {
	KEY_BASELINE = 256,
	KEY_PRESET,
	KEY_SEED,
	KEY_TIME,
	KEY_OUT,
	KEY_RESUME,
	KEY_DRY_RUN,
	KEY_SET,
	KEY_SCRATCH,
	KEY_COUNTERS,
	KEY_PREDICT,
	KEY_LANG,
	KEY_PDF,
	KEY_CSV,
	KEY_JSON,
};

static const struct argp_option options[] = {
	{"environment", 'e', "ENV", 0,
	 "measure ENV, such as container or vm:disk=ide (see `tare "
	 "list')",
	 1},
	{"workload", 'w', "GLOB", 0, "measure these workloads, such as 'disk.*'", 1},
	{"baseline", KEY_BASELINE, "ENV", 0,
	 "compare with ENV (default: the study's baseline, "
	 "bare)",
	 1},
	{"preset", KEY_PRESET, "NAME", 0, "quick (default), standard or thorough", 2},
	{"time", KEY_TIME, "SECONDS", 0, "run for about SECONDS (default: the preset's time)", 2},
	{"seed", KEY_SEED, "NUMBER", 0,
	 "seed for the random order of trials; the same seed gives the same order", 2},
	{"set", KEY_SET, "WORKLOAD.PARAMETER=VALUE", 0,
	 "set a parameter; slow=SHARE slows every environment but the baseline by a known share",
	 2},
	{"counters", KEY_COUNTERS, "LIST", 0,
	 "count these events (see `tare list counters'), or "
	 "none",
	 2},
	{"predict", KEY_PREDICT, "TEXT", 0,
	 "record a prediction, such as 'vm disk -50%'; the report scores it", 2},
	{"out", KEY_OUT, "DIR", 0, "write the run to DIR, which must not exist yet", 3},
	{"resume", KEY_RESUME, "DIR", 0, "resume the interrupted run in DIR", 3},
	{"scratch", KEY_SCRATCH, "DIR", 0,
	 "test the file system that DIR is on (default: the run "
	 "directory's)",
	 3},
	{"dry-run", KEY_DRY_RUN, NULL, 0, "print the plan and how long it takes, then exit", 3},
	{"lang", KEY_LANG, "LANGUAGE", 0, "language of the report: en (default) or pt-BR", 4},
	{"pdf", KEY_PDF, NULL, 0, "also draw the figures as PDF", 4},
	{"csv", KEY_CSV, NULL, 0, "print the summary as CSV instead of the table", 4},
	{"json", KEY_JSON, NULL, 0, "print the summary as JSON instead of the table", 4},
	{0},
};

const struct subcommand subcommand_run = {
	.name = "run",
	.arguments = "[STUDY]",
	.summary = "measure a study: the same work in every environment, block by block",
	.help = "The default study is `overhead': a container and a virtual machine against bare "
		"metal, in four panels. `tare list studies' names the others.",
	.options = options,
	.parse = parse,
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
	.parse = parse,
	.exec = run_exec,
};

struct arguments {
	struct plan_request request;
	struct run_options options;
	const char **predictions;
	int prediction_count;
	const char *resume, *first; /* first: an option that --resume does not go with */
	bool dry_run;
};

static void add(const char ***list, int *count, const char *text)
{
	const char **longer = reallocarray(*list, (size_t)*count + 1, sizeof(*longer));

	if (!longer)
		abort();
	longer[(*count)++] = text;
	*list = longer;
}

static uint64_t parse_seed(const char *text, struct argp_state *state)
{
	char *end;
	unsigned long long seed;

	errno = 0;
	seed = strtoull(text, &end, 10);
	if (!*text || *end || errno || text[0] == '-' || seed > INT64_MAX)
		argp_failure(state, STATUS_USAGE, 0,
			     "invalid seed --seed %s: give a whole number from 0 to %lld", text,
			     (long long)INT64_MAX);
	return seed;
}

static double parse_seconds(const char *text, struct argp_state *state)
{
	char *end;
	double seconds = strtod(text, &end);

	if (!*text || *end || !(seconds >= 1 && seconds <= SECONDS_MAX))
		argp_failure(state, STATUS_USAGE, 0,
			     "invalid time --time %s: give seconds from 1 to %d", text,
			     SECONDS_MAX);
	return seconds;
}

static int parse_report(int key, char *arg, struct report_options *report, struct argp_state *state)
{
	switch (key) {
	case KEY_LANG:
		if (strcmp(arg, "en") != 0 && strcmp(arg, "pt-BR") != 0)
			argp_failure(state, STATUS_USAGE, 0,
				     "unknown language --lang %s; valid languages: en pt-BR", arg);
		report->language = arg;
		return 0;
	case KEY_PDF:
		report->pdf = true;
		return 0;
	case KEY_CSV:
		report->csv = true;
		return 0;
	case KEY_JSON:
		report->json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* What a resumed run has in its plan already. */
static int parse_plan(int key, char *arg, struct arguments *a, struct argp_state *state)
{
	struct plan_request *request = &a->request;
	struct error err;

	switch (key) {
	case 'e':
		add(&request->environments, &request->environment_count, arg);
		break;
	case 'w':
		add(&request->workloads, &request->workload_count, arg);
		break;
	case KEY_SET:
		add(&request->settings, &request->setting_count, arg);
		break;
	case KEY_BASELINE:
		request->baseline = arg;
		break;
	case KEY_PRESET:
		if (plan_preset(arg, &request->preset, &err))
			argp_failure(state, STATUS_USAGE, 0, "%s", err.message);
		break;
	case KEY_TIME:
		request->seconds = parse_seconds(arg, state);
		break;
	case KEY_SEED:
		request->seed = parse_seed(arg, state);
		request->seed_given = true;
		break;
	case KEY_PREDICT:
		add(&a->predictions, &a->prediction_count, arg);
		break;
	case KEY_OUT:
		a->options.out = arg;
		break;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_failure(state, STATUS_USAGE, 0,
				     "unexpected argument '%s': run takes one study", arg);
		if (study_find(arg, &request->study, &err))
			argp_failure(state, STATUS_USAGE, 0, "%s", err.message);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	if (!a->first && key != 'e') /* which may repeat what the plan says */
		a->first = arg;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case KEY_RESUME:
		a->resume = arg;
		return 0;
	case KEY_SCRATCH:
		a->options.scratch = arg;
		return 0;
	case KEY_COUNTERS:
		a->options.counters = arg;
		return 0;
	case KEY_DRY_RUN:
		a->dry_run = true;
		return 0;
	default:
		if (parse_report(key, arg, &a->options.report, state) == 0)
			return 0;
		return parse_plan(key, arg, a, state);
	}
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

/* Wrong names are refused before anything is made. */
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

/* The plan, and what the null arm of the latest run here lets one expect of it. */
static void dry_run(const struct plan *plan)
{
	cleanup_free char *sentence = run_resolving_power(plan);

	plan_print(plan, stdout);
	printf("%s\n", sentence ? sentence
				: "what this machine resolves is not known yet: `tare run aa' "
				  "measures it");
}

static int start(struct arguments *a)
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
	if (!rc)
		rc = plan_create(&a->request, catalogue, &placement, &plan, &err);
	if (!rc)
		rc = run_seal_predictions(plan, a->predictions, a->prediction_count,
					  a->options.predictions, &err);
	if (rc || a->dry_run) {
		if (!rc)
			dry_run(plan);
		placement_finish(&placement);
		plan_destroy(plan);
		return rc ? subcommand_refuse(&err) : STATUS_DONE;
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
	a->options.environments = a->request.environments;
	a->options.environment_count = a->request.environment_count;
	return run_resume(a->resume, &a->options);
}

static int run_exec(const struct subcommand *command, int argc, char **argv)
{
	struct arguments a = {
		.request = {.study = &studies[0], .preset = &run_presets[0]},
		.options = {.report = {.language = "en"}, .argc = argc, .argv = argv},
	};
	cleanup_json json_t *predictions = a.options.predictions = json_array();
	int status;

	subcommand_parse(command, argc, argv, &a);
	if (command == &subcommand_reproduce && !a.resume && !is_published(a.request.study)) {
		fprintf(stderr,
			"tare reproduce: unknown published study '%s'; valid studies: %s "
			"%s\n",
			a.request.study->name, published_studies[0], published_studies[1]);
		status = STATUS_USAGE;
	} else if (a.resume && a.first) {
		fprintf(stderr,
			"tare run: --resume %s continues its own plan, which '%s' would change; "
			"leave it out\n",
			a.resume, a.first);
		status = STATUS_USAGE;
	} else {
		status = a.resume ? resume(&a) : start(&a);
	}
	free(a.request.environments);
	free(a.request.workloads);
	free(a.request.settings);
	free(a.predictions);
	return status;
}
