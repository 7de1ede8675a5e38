/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands on a command line: environments, shares, predictions, counters, languages, studies.
 */
#include "tests/fuzz/fuzz.h"

#include <errno.h>

#include "drivers/driver.h"
#include "harness/observe/counters.h"
#include "harness/plan/plan_instances.h"
#include "harness/plan/study.h"
#include "plots/language.h"
#include "results/predict.h"

/* A name that was taken must be taken again, and mean the same. */
static void parse_environment(const char *text)
{
	struct environment *first, *second;
	struct error err;

	if (environment_parse(text, &first, &err)) {
		fuzz_require(err.code < 0 && err.message[0] && !strchr(err.message, '\n'));
		return;
	}
	fuzz_require(!environment_parse(first->name, &second, &err));
	fuzz_require(!strcmp(first->name, second->name));
	environment_destroy(first);
	environment_destroy(second);
}

static const char run_text[] =
	"{\"schema\":1,\"study\":{\"name\":\"overhead\"},\"plan\":{\"baseline\":\"bare\","
	"\"confidence\":0.95,\"workloads\":[{\"name\":\"disk.randomrw\",\"panel\":\"disk\","
	"\"metrics\":[{\"name\":\"throughput\",\"unit\":\"IO/s\",\"better\":\"higher\"}]}],"
	"\"arms\":[{\"id\":\"bare\",\"environment\":\"bare\",\"role\":\"baseline\"},"
	"{\"id\":\"bare#null\",\"environment\":\"bare\",\"role\":\"null\"},"
	"{\"id\":\"vm\",\"environment\":\"vm\",\"role\":\"subject\"}]},\"environments\":{}}";

static void parse_prediction(const char *text)
{
	json_t *run = json_loads(run_text, 0, NULL), *prediction = NULL;
	struct record *record;
	struct error err;

	fuzz_require(!record_create(run, &record, &err));
	if (!prediction_parse(text, record, &prediction, &err))
		fuzz_require(json_is_object(prediction));
	json_decref(prediction);
	record_destroy(record);
	json_decref(run);
}

static int refuse(void *context, struct perf_event_attr *attr, pid_t pid, int cpu, int group,
		  unsigned long flags)
{
	(void)context, (void)attr, (void)pid, (void)cpu, (void)group, (void)flags;
	return -ENOENT;
}

static void parse_counters(const char *text)
{
	const struct counter_system system = {.open = refuse}; /* fast: nothing is opened */
	struct counter_set *set;
	struct error err;

	if (!counter_set_create(text, &system, &set, &err))
		counter_set_destroy(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;
	const struct study *study;
	enum language language;
	struct error err;
	double share;

	if (!size)
		return 0;
	text = fuzz_text(data + 1, size - 1);
	switch (data[0] % 5) {
	case 0:
		parse_prediction(text);
		break;
	case 1:
		parse_counters(text);
		break;
	case 2:
		plan_parse_share(text, &share, &err);
		language_parse(text, &language, &err);
		study_find(text, &study, &err);
		break;
	default:
		parse_environment(text);
	}
	free(text);
	return 0;
}
