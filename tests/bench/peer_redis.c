/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory.kv and redis-server, both under redis-benchmark, over a unix socket. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/bench/bench.h"

#define KEYS "10000"
#define VALUE_BYTES "1000"

struct store {
	char path[108]; /* of its socket */
	struct served *ours;
	pid_t redis;
};

static int drive(const struct place *place, const struct store *store, const char *clients,
		 const char *commands, const char *count, const char *pipeline, char **output,
		 struct error *err)
{
	const char *const argv[] = {
		"redis-benchmark", "-s",    store->path, "-c",     clients, "-t",
		commands,          "-n",    count,       "-r",     KEYS,    "-d",
		VALUE_BYTES,       "--csv", "-P",        pipeline, NULL};

	return run_pinned(place->other_cpu, argv, output, err);
}

/* All keys are there before the first measurement. */
static int fill(const struct place *place, const struct store *store, struct error *err)
{
	cleanup_free char *output = NULL;
	int rc = wait_for_socket(store->path, err);

	return rc ? rc : drive(place, store, "1", "set", "100000", "16", &output, err);
}

static struct store *store_create(const struct place *place, const char *name)
{
	struct store *store = calloc(1, sizeof(*store));

	if (store)
		snprintf(store->path, sizeof(store->path), "%s/%s", place->scratch, name);
	return store;
}

static int begin_ours(const struct place *place, const struct job *job, void **state,
		      struct error *err)
{
	const struct job kv = {.what = "memory.kv", .options = "{\"size\":1000000}"};
	struct store *store = *state = store_create(place, "tare-memory.kv");
	int rc;

	(void)job;
	if (!store)
		return error_set(err, -ENOMEM, "no memory");
	rc = served_create(place, &kv, "run", &store->ours, NULL, err);
	return rc ? rc : fill(place, store, err);
}

static int begin_redis(const struct place *place, const struct job *job, void **state,
		       struct error *err)
{
	struct store *store = *state = store_create(place, "redis");
	const char *const argv[] = {"redis-server", "--port",      "0",  "--unixsocket",
				    store->path,    "--save",      "",   "--appendonly",
				    "no",           "--daemonize", "no", NULL};
	int rc;

	(void)job;
	if (!store)
		return error_set(err, -ENOMEM, "no memory");
	rc = start_pinned(place->trial_cpu, argv, &store->redis, err);
	return rc ? rc : fill(place, store, err);
}

/* One connection is far slower than fifty. */
static int measure(const struct place *place, const struct job *job, void *state,
		   struct sample *sample, struct error *err)
{
	const char *count = strcmp(job->options, "1") ? "100000" : "20000";
	cleanup_free char *output = NULL;
	int rc = drive(place, state, job->options, job->what, count, "1", &output, err);

	return rc ? rc
		  : number_after(output, strcmp(job->what, "get") ? "\"SET\",\"" : "\"GET\",\"",
				 &sample->value, err);
}

static void end(void *state)
{
	struct store *store = state;

	if (!store)
		return;
	served_destroy(store->ours);
	stop_process(store->redis);
	unlink(store->path);
	free(store);
}

const struct arm arm_redis_ours = {"memory.kv", begin_ours, measure, end};
const struct arm arm_redis = {"redis-server", begin_redis, measure, end};
