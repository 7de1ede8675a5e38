/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the agent holds between two messages: one workload, prepared, and its trial. The order of
 * calls is open, then run and verify (roles run and load) or begin and end (role serve), then
 * trial. Prepared state stays for the next open of the same workload and parameters.
 */
#pragma once

#include <sys/resource.h>

#include "workloads/workload.h"

enum role { ROLE_RUN, ROLE_SERVE, ROLE_LOAD };

struct session {
	json_int_t id;
	enum role role;
	struct trial trial;
	json_t *request; /* the `run` message that trial's strings belong to */
	json_t *key;     /* what must be equal for prepared state to stay */
	int *cpus;
	double seconds;
	uint16_t port;     /* of a server that is up */
	bool until_finish; /* of roles run and load: `seconds` is the longest that it may take */
	bool prepared, serving;
	bool ready; /* opened, not yet run; of a server: its accounting has not begun */
	bool open;  /* a server's trial is under way */
	struct rusage before, after, children_before, children_after;
	uint64_t start, end;
};

/* Checks a `run` message and prepares it (or serves). The session takes a reference. What an
 * earlier message prepared is kept or released. */
int session_open(struct session *session, json_t *request, struct error *err);
int session_run(struct session *session, struct error *err);
int session_verify(struct session *session, struct error *err);
/* Role serve: starts accounting; ends the trial, and the server with it unless it can stay. */
void session_begin(struct session *session);
int session_end(struct session *session, struct error *err);
/* The `trial` message: a new reference. NULL and the reason where the workload's result is not
 * whole: a metric without a number, no operation at all. (With until_finish it may lack both.) */
json_t *session_trial(struct session *session, struct error *err);
/* Frees all that it holds. Legal at any time. */
void session_release(struct session *session);
