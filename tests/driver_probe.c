/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Drives one environment without the harness: probe, start, hello, ping, list, one run of a
 * workload where one is named, stats, describe, stop. Prints one JSON object.
 *
 *   driver_probe [-a AGENT] [-s SCRATCH] [-w WORKLOAD] [-p JSON] [-t SECONDS] [-k] ENVIRONMENT
 *   driver_probe -c
 *
 * -k keeps the instance until standard input ends, after the report and a line "ready" on standard
 * error, so that a test can look around or kill it. -c only removes what dead runs left, and tells
 * it. Exit status: 0; 1 it failed; 77 the environment is unavailable.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/driver.h"
#include "drivers/network.h"
#include "drivers/resources.h"
#include "drivers/resources_remove.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lines.h"

#define WAIT_MS 60000
#define PINGS 100

struct probe {
	const char *environment, *agent, *scratch, *workload, *parameters;
	double seconds;
	bool keep, clean;
	char run_id[32], state_dir[64];
	int trial_cpu, other_cpu;
	struct site site;
	struct instance instance;
	struct lines lines;
	json_t *report;
};

static int ask(struct probe *probe, json_t *request, const char *wanted, json_t **answer,
	       struct error *err)
{
	int rc = lines_write(&probe->lines, request, WAIT_MS, err);
	const char *type;

	json_decref(request);
	while (!rc) {
		rc = lines_read(&probe->lines, WAIT_MS, answer, err);
		if (rc)
			break;
		type = json_string_value(json_object_get(*answer, "type"));
		if (type && !strcmp(type, wanted))
			return 0;
		if (!type || (strcmp(type, "progress") && strcmp(type, "ended"))) {
			char *text = json_dumps(*answer, JSON_COMPACT);

			rc = error_set(err, -EPROTO, "instead of %s the agent says %s", wanted,
				       text);
			free(text);
		}
		json_decref(*answer);
	}
	return rc;
}

static int ping(struct probe *probe, struct error *err)
{
	uint64_t from = clock_now();
	json_t *answer;

	for (int i = 0; i < PINGS; i++) {
		int rc = ask(probe, json_pack("{s:s}", "op", "ping"), "pong", &answer, err);

		if (rc)
			return rc;
		json_decref(answer);
	}
	json_object_set_new(probe->report, "ping_us",
			    json_real((double)(clock_now() - from) / 1000 / PINGS));
	return 0;
}

static int run_workload(struct probe *probe, struct error *err)
{
	json_t *parameters = json_loads(probe->parameters, 0, NULL), *answer;
	bool guest = probe->instance.target.kind == TARGET_THREADS; /* has CPU numbers of its own */
	uint64_t began = clock_now();
	int rc;

	if (!parameters)
		return error_set(err, -EINVAL, "%s is no JSON", probe->parameters);
	rc = ask(probe,
		 json_pack("{s:s, s:i, s:s, s:s, s:o, s:i, s:f, s:f, s:[i], s:s}", "op", "run",
			   "id", 1, "role", "run", "workload", probe->workload, "parameters",
			   parameters, "seed", 42, "seconds", probe->seconds, "slow", 0.0, "cpus",
			   guest ? 0 : probe->trial_cpu, "scratch", probe->instance.scratch),
		 "ready", &answer, err);
	if (rc)
		return rc;
	json_decref(answer);
	json_object_set_new(probe->report, "prepare_ms",
			    json_real((double)(clock_now() - began) / 1e6));
	rc = ask(probe, json_pack("{s:s, s:i}", "op", "go", "id", 1), "trial", &answer, err);
	if (rc)
		return rc;
	json_object_del(answer, "histograms");
	json_object_set_new(probe->report, "trial", answer);
	rc = ask(probe, json_pack("{s:s}", "op", "release"), "released", &answer, err);
	if (!rc)
		json_decref(answer);
	return rc;
}

static int talk(struct probe *probe, struct error *err)
{
	json_t *answer;
	int rc = ask(probe, json_pack("{s:s}", "op", "hello"), "hello", &answer, err);

	if (!rc)
		json_object_set_new(probe->report, "hello", answer);
	return rc;
}

static int ask_facts(struct probe *probe, struct error *err)
{
	json_t *answer;
	int rc = ask(probe,
		     json_pack("{s:s, s:s*}", "op", "facts", "scratch", probe->instance.scratch),
		     "facts", &answer, err);

	if (rc)
		return rc;
	json_object_update_missing(json_object_get(probe->report, "hello"), answer);
	json_decref(answer);
	return 0;
}

static int look(struct probe *probe, struct error *err)
{
	struct instance *instance = &probe->instance;
	struct instance_cost cost;
	json_t *answer;
	int rc = ping(probe, err);

	if (!rc)
		rc = ask(probe, json_pack("{s:s}", "op", "list"), "list", &answer, err);
	if (rc)
		return rc;
	json_object_set_new(
		probe->report, "workload_count",
		json_integer((json_int_t)json_array_size(json_object_get(answer, "workloads"))));
	json_decref(answer);
	if (probe->workload)
		rc = run_workload(probe, err);
	if (rc)
		return rc;
	rc = instance->environment->driver->stats(instance, &cost);
	if (rc)
		return error_errno(err, rc, "stats");
	json_object_set_new(probe->report, "cost",
			    json_pack("{s:f, s:f, s:f, s:f}", "cpu_seconds", cost.cpu_seconds,
				      "guest_seconds", cost.guest_seconds, "memory_bytes",
				      cost.memory_bytes, "exits", cost.exits));
	json_object_set_new(probe->report, "describe",
			    instance->environment->driver->describe(instance));
	json_object_set_new(probe->report, "address", json_string(instance->address));
	json_object_set_new(probe->report, "pid", json_integer(instance->target.pid));
	json_object_set_new(probe->report, "cgroup", json_string(instance->target.cgroup));
	return 0;
}

static void print_report(const struct probe *probe)
{
	json_dumpf(probe->report, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	putchar('\n');
	fflush(stdout);
}

static void keep(const struct probe *probe)
{
	char line[64];

	print_report(probe);
	fputs("ready\n", stderr);
	while (fgets(line, sizeof(line), stdin))
		;
}

static int live(struct probe *probe, struct error *err)
{
	const struct driver *driver = probe->instance.environment->driver;
	uint64_t from = clock_now();
	int rc = driver->start(&probe->instance, err);

	json_object_set_new(probe->report, "start_ms",
			    json_real((double)(clock_now() - from) / 1e6));
	if (!rc) {
		lines_init(&probe->lines, probe->instance.in, probe->instance.out);
		rc = talk(probe, err);
		json_object_set_new(probe->report, "hello_ms",
				    json_real((double)(clock_now() - from) / 1e6));
		if (!rc)
			rc = ask_facts(probe, err);
		if (!rc)
			rc = look(probe, err);
		if (!rc && probe->keep)
			keep(probe);
		lines_finish(&probe->lines);
	}
	if (rc && driver->last_words) {
		char *words = driver->last_words(&probe->instance);

		if (words)
			fprintf(stderr, "last words: %s\n", words);
		free(words);
	}
	from = clock_now();
	if (driver->stop(&probe->instance, rc ? NULL : err) && !rc)
		rc = err->code;
	json_object_set_new(probe->report, "stop_ms",
			    json_real((double)(clock_now() - from) / 1e6));
	return rc;
}

/* The last CPU allowed is the trial's, the first one ours. */
static void choose_cpus(struct probe *probe)
{
	cpu_set_t allowed;

	sched_getaffinity(0, sizeof(allowed), &allowed);
	for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--)
		if (CPU_ISSET((size_t)cpu, &allowed))
			probe->other_cpu = cpu;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET((size_t)cpu, &allowed))
			probe->trial_cpu = cpu;
	probe->site.trial_cpus = &probe->trial_cpu;
	probe->site.trial_cpu_count = 1;
	probe->site.other_cpus = &probe->other_cpu;
	probe->site.other_cpu_count = 1;
}

static int open_site(struct probe *probe, struct error *err)
{
	struct site *site = &probe->site;
	int rc;

	choose_cpus(probe);
	snprintf(probe->run_id, sizeof(probe->run_id), "probe-%d", (int)getpid());
	snprintf(probe->state_dir, sizeof(probe->state_dir), "/tmp/tare-%s", probe->run_id);
	site->run_id = probe->run_id;
	site->state_dir = probe->state_dir;
	site->scratch_dir = probe->scratch;
	site->agent_path = probe->agent;
	site->memory_node = -1;
	site->memory_bytes = 2ULL << 30;
	site->scratch_bytes = 256ULL << 20;
	rc = file_sha256(probe->agent, site->agent_hash, err);
	if (!rc)
		rc = resources_open(probe->run_id, &site->resources, err);
	if (!rc)
		rc = resources_add(site->resources, RESOURCE_DIRECTORY, probe->state_dir, err);
	if (!rc && mkdir(probe->state_dir, 0700))
		rc = error_errno(err, -errno, "creating %s", probe->state_dir);
	if (!rc && geteuid() == 0)
		rc = network_create(probe->run_id, site->resources, &site->network, err);
	return rc;
}

static int close_site(struct probe *probe, struct error *err)
{
	struct site *site = &probe->site;
	int rc = 0;

	network_destroy(site->network);
	if (site->resources)
		rc = resources_remove_all(site->resources, err);
	resources_close(site->resources);
	return rc;
}

static int try_environment(struct probe *probe, struct error *err)
{
	struct availability availability = {0};
	struct environment *env;
	int rc = environment_parse(probe->environment, &env, err);

	if (rc)
		return rc;
	rc = open_site(probe, err);
	if (!rc)
		rc = env->driver->probe(env, &probe->site, &availability);
	json_object_set_new(probe->report, "environment", json_string(env->name));
	json_object_set_new(probe->report, "label", json_string(availability.label));
	if (!rc && !availability.usable) {
		error_set(err, -ENODEV, "%s", availability.reason);
		rc = -ENODEV;
	}
	probe->instance.environment = env;
	probe->instance.site = &probe->site;
	snprintf(probe->instance.id, sizeof(probe->instance.id), "%s-1-1", env->driver->name);
	if (!rc)
		rc = live(probe, err);
	if (close_site(probe, rc ? NULL : err) && !rc)
		rc = err->code;
	environment_destroy(env);
	return rc;
}

static int parse(struct probe *probe, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "a:s:w:p:t:kc")) != -1) {
		switch (option) {
		case 'a':
			probe->agent = optarg;
			break;
		case 's':
			probe->scratch = optarg;
			break;
		case 'w':
			probe->workload = optarg;
			break;
		case 'p':
			probe->parameters = optarg;
			break;
		case 't':
			probe->seconds = strtod(optarg, NULL);
			break;
		case 'k':
			probe->keep = true;
			break;
		case 'c':
			probe->clean = true;
			break;
		default:
			return -EINVAL;
		}
	}
	probe->environment = argv[optind]; /* NULL at the end */
	return optind + !probe->clean == argc ? 0 : -EINVAL;
}

int main(int argc, char **argv)
{
	struct probe probe = {.agent = "tare-agent",
			      .scratch = "/var/tmp",
			      .parameters = "{}",
			      .seconds = 0.3,
			      .instance = {.in = -1, .out = -1}};
	struct error err = {0};
	char *agent;
	int rc, removed;

	if (parse(&probe, argc, argv)) {
		fprintf(stderr,
			"usage: %s [-a AGENT] [-s SCRATCH] [-w WORKLOAD] [-p JSON] "
			"[-t SECONDS] [-k] ENVIRONMENT | -c\n",
			argv[0]);
		return 2;
	}
	if (probe.clean) {
		rc = resources_clean_dead(false, stdout, &removed, &err);
		if (rc)
			fprintf(stderr, "%s\n", err.message);
		return rc ? 1 : 0;
	}
	probe.report = json_object();
	agent = realpath(probe.agent, NULL);
	probe.agent = agent ? agent : probe.agent;
	rc = try_environment(&probe, &err);
	if (rc)
		fprintf(stderr, "%s\n", err.message);
	if (!probe.keep || rc)
		print_report(&probe);
	json_decref(probe.report);
	free(agent);
	return rc == -ENODEV ? 77 : rc ? 1 : 0;
}
