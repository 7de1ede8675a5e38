/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The harness's end of the agent protocol (docs/protocol.md), for one agent on one stream. The
 * agent is untrusted: every line is checked, every wait has a limit and ends early if the run is
 * interrupted (-EINTR).
 *
 * Functions return -EREMOTEIO if the agent answered with an `error`: it is alive, and agent->code
 * has the code. After any other error the stream is unusable.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/lines.h"
#include "harness/observe/clocks.h"

#define AGENT_PROTOCOL 1

struct agent {
	struct lines lines;
	uint64_t id;       /* of the last `run`; older answers are dropped */
	char code[32];     /* of the last `error` */
	double round_trip; /* s, the shortest of the latest pings; 0: never measured */
	struct clock_watch clock;
	pid_t pid; /* if agent_spawn started it; otherwise 0 */
};

/* Uses descriptors that the caller keeps. */
void agent_attach(struct agent *agent, int in, int out);

/* Where agent_spawn runs the process. */
struct agent_place {
	const char *path; /* of the agent binary */
	int namespace_fd; /* network namespace; -1: the caller's */
	const int *cpus;  /* NULL: the caller's */
	int cpu_count;
	const char *directory; /* its working directory; NULL: the caller's */
	uid_t user;            /* its own, with a group of the same number; 0: the caller's */
};

/* Starts the binary with a pair of pipes outside any environment, to get the catalogue or as load
 * generator. */
int agent_spawn(struct agent *agent, const struct agent_place *place, struct error *err);
/* Ends a spawned agent within a second and frees everything. Legal on a zeroed struct. */
void agent_finish(struct agent *agent);

/* `hash`: the required hash of the agent's file; NULL: not checked. */
int agent_hello(struct agent *agent, const char *hash, int timeout_ms, json_t **hello,
		struct error *err);
/* Adds what the environment reports about itself to `hello`. `scratch` is the scratch directory as
 * the agent sees it, or NULL; its file system becomes one of the facts. */
int agent_facts(struct agent *agent, const char *scratch, json_t *hello, struct error *err);
/* The catalogue: an array of entries. */
int agent_catalogue(struct agent *agent, json_t **workloads, struct error *err);
/* Makes `count` round trips, sets round_trip and feeds the clock watch. */
int agent_ping(struct agent *agent, int count, struct error *err);

/* Sends a `run`, with an id added, without waiting. */
int agent_ask(struct agent *agent, json_t *request, struct error *err);
/* Waits for `ready` of the last agent_ask. */
int agent_ready(struct agent *agent, int timeout_ms, json_t **ready, struct error *err);
int agent_go(struct agent *agent, struct error *err);
/* Sends `finish`. It ends a `run` of role serve, which answers with `trial`, or one that runs until
 * `finish`, which answers with `ended` first. */
int agent_end_service(struct agent *agent, struct error *err);
/* Waits for `running`: a run that lasts until `finish` is about to begin. */
int agent_running(struct agent *agent, int timeout_ms, struct error *err);
/* Checks, without waiting, that a working agent has sent nothing since `running`. -EREMOTEIO: its
 * workload has ended. */
int agent_at_work(struct agent *agent, struct error *err);
/* Waits until run() has returned in the agent, the end of the timed part. *ended: CLOCK_MONOTONIC
 * ns. */
int agent_ended(struct agent *agent, int timeout_ms, uint64_t *ended, struct error *err);
/* Waits for the `trial`, which follows verify() and the encoding. */
int agent_trial(struct agent *agent, int timeout_ms, json_t **trial, struct error *err);
