/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agent's state between two messages: one prepared workload and its trial. The order of calls
 * is open, then run and verify (roles run and load) or begin and end (role serve), then trial.
 * Prepared state is kept for the next open with the same workload and parameters. */
#pragma once

#include <sys/resource.h>

#include "workloads/workload.h"

enum role { ROLE_RUN, ROLE_SERVE, ROLE_LOAD };

struct session {
	json_int_t id;
	enum role role;
	struct trial trial;
	json_t *request; /* the `run` message that trial's strings belong to */
	json_t *key;     /* what must be equal for prepared state to be kept */
	int *cpus;
	double seconds;
	uint16_t port;     /* of a running server */
	bool until_finish; /* roles run and load: `seconds` is the maximum time */
	bool prepared, serving;
	bool ready; /* opened, not yet run; for a server: accounting has not begun */
	bool open;  /* a server's trial is in progress */
	struct rusage before, after, children_before, children_after;
	uint64_t start, end;
};

/* Checks a `run` message and prepares it (or serves). The session takes a reference. Prepared state
 * of an earlier message is kept or released. */
int session_open(struct session *session, json_t *request, struct error *err);
int session_run(struct session *session, struct error *err);
int session_verify(struct session *session, struct error *err);
/* Role serve: starts accounting; ends the trial, and also the server unless it can stay. */
void session_begin(struct session *session);
int session_end(struct session *session, struct error *err);
/* The `trial` message: a new reference. NULL and the reason if the result is incomplete: a metric
 * without a number, or no operation at all. (Both are allowed with until_finish.) */
json_t *session_trial(struct session *session, struct error *err);
/* Frees everything. Legal at any time. */
void session_release(struct session *session);
