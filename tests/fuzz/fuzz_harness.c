/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The harness's side of the protocol: what an agent may answer, through a whole trial. */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>

#include "harness/procedure/procedure.h"

static const char entry_text[] =
	"{\"name\":\"fuzz.run\",\"version\":1,\"panel\":\"cpu\",\"metrics\":["
	"{\"name\":\"throughput\",\"unit\":\"1/s\",\"better\":\"higher\"},"
	"{\"name\":\"p99\",\"unit\":\"us\",\"better\":\"lower\",\"histogram\":\"latency\","
	"\"percentile\":0.99}],\"parameters\":[],\"needs\":{}}";

static void perform(struct agent *agent)
{
	json_t *entry = json_loads(entry_text, 0, NULL), *record = NULL;
	struct driver driver = {.name = "fuzz"};
	struct environment environment = {.name = (char *)"fuzz", .driver = &driver};
	const int cpu = 0;
	struct site site = {.run_id = "fuzz", .memory_node = -1};
	struct instance instance = {
		.environment = &environment, .site = &site, .scratch = "/scratch"};
	struct plan_workload workload = {
		.name = "fuzz.run", .entry = entry, .values = json_object()};
	struct stage stage = {.cast_count = 1, .seed = 1, .seconds = 0.01};
	const struct procedure *work = procedure_find("work");
	struct error err;

	stage.cast[0] = (struct actor){.instance = &instance,
				       .agent = agent,
				       .workload = &workload,
				       .cpus = &cpu,
				       .cpu_count = 1};
	if (!work->prepare(&stage, &err) && !work->prepared(&stage, &err))
		procedure_perform(work, &stage, &record, &err);
	json_decref(record);
	json_decref(workload.values);
	json_decref(entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int in = fuzz_stream(data, size), out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	json_t *hello = NULL, *list = NULL;
	struct agent agent = {0};
	struct error err;

	agent_attach(&agent, in, out);
	agent_hello(&agent, NULL, 100, &hello, &err);
	agent_catalogue(&agent, &list, &err);
	agent_ping(&agent, 2, &err);
	perform(&agent);
	json_decref(hello);
	json_decref(list);
	agent_finish(&agent);
	close(in);
	close(out);
	return 0;
}
