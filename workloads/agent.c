/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agent: speaks the protocol of docs/protocol.md on its standard streams. */
#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lines.h"
#include "workloads/describe.h"
#include "workloads/facts.h"
#include "workloads/finish_watch.h"
#include "workloads/session.h"

#define PROTOCOL_VERSION 1
#define WRITE_LIMIT_MS 60000
#define PROGRESS_NS 500000000ULL

struct agent {
	struct lines lines;
	struct session session;
	bool finish_due; /* of a run that it ends, whose trial is the answer */
	bool stopped;
};

/* Takes ownership of the reference. A stream that accepts no answer has ended. */
static void answer(struct agent *agent, json_t *message)
{
	cleanup_json json_t *owned = message;
	struct error err;

	if (!owned || lines_write(&agent->lines, owned, WRITE_LIMIT_MS, &err))
		agent->stopped = true;
}

static void answer_error(struct agent *agent, const json_t *request, const struct error *err)
{
	const char *code = strerrorname_np(-err->code);
	json_t *id = json_object_get(request, "id");

	answer(agent, json_pack("{s:s, s:O*, s:s, s:s}", "type", "error", "id", id, "code",
				code ? code : "EIO", "message", err->message));
}

/* Reports now and then that prepare is still working: the harness waits only for a live agent. */
struct ticker {
	struct agent *agent;
	json_int_t id;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool done;
};

static void *tick(void *argument)
{
	struct ticker *t = argument;
	uint64_t next = clock_now();
	struct timespec until;

	pthread_mutex_lock(&t->lock);
	while (!t->done) {
		next += PROGRESS_NS;
		until.tv_sec = (time_t)(next / NSEC_PER_SEC);
		until.tv_nsec = (long)(next % NSEC_PER_SEC);
		if (pthread_cond_clockwait(&t->wake, &t->lock, CLOCK_MONOTONIC, &until) ==
		    ETIMEDOUT)
			answer(t->agent, json_pack("{s:s, s:I, s:s}", "type", "progress", "id",
						   t->id, "message", "preparing"));
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

static int ticker_start(struct ticker *t, struct error *err)
{
	int rc;

	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->wake, NULL);
	rc = pthread_create(&t->thread, NULL, tick, t);
	return rc ? error_errno(err, -rc, "starting a thread") : 0;
}

static void ticker_stop(struct ticker *t)
{
	pthread_mutex_lock(&t->lock);
	t->done = true;
	pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->thread, NULL);
}

static int on_hello(struct agent *agent, json_t *request, struct error *err)
{
	struct utsname names = {0};
	struct sysinfo memory = {0};
	cpu_set_t cpus;
	char hash[65];
	int rc = file_sha256("/proc/self/exe", hash, err);

	(void)request;
	if (rc)
		return rc;
	CPU_ZERO(&cpus);
	sched_getaffinity(0, sizeof(cpus), &cpus);
	uname(&names);
	sysinfo(&memory);
	answer(agent, json_pack("{s:s, s:i, s:s, s:s, s:s, s:i, s:I, s:b, s:i}", "type", "hello",
				"protocol", PROTOCOL_VERSION, "version", TARE_VERSION, "hash", hash,
				"kernel", names.release, "cpus", CPU_COUNT(&cpus), "memory",
				(json_int_t)memory.totalram * memory.mem_unit, "kvm",
				!access("/dev/kvm", R_OK | W_OK), "pid", (int)getpid()));
	return 0;
}

/* Separate from hello, which must come as early as possible: these are a hundred small files. */
static int on_facts(struct agent *agent, json_t *request, struct error *err)
{
	json_t *known = facts(json_string_value(json_object_get(request, "scratch")));
	json_t *clocksource = json_object_get(known, "clocksource");

	(void)err;
	answer(agent, json_pack("{s:s, s:O?, s:o, s:o}", "type", "facts", "clocksource",
				clocksource, "clock", facts_clock(), "facts", known));
	return 0;
}

static int on_list(struct agent *agent, json_t *request, struct error *err)
{
	json_t *all = json_array();

	(void)request, (void)err;
	for (const struct workload *const *w = workloads; *w; w++)
		json_array_append_new(all, catalogue_entry(*w));
	answer(agent, json_pack("{s:s, s:o}", "type", "list", "workloads", all));
	return 0;
}

static int on_run(struct agent *agent, json_t *request, struct error *err)
{
	struct session *s = &agent->session;
	json_int_t id = json_integer_value(json_object_get(request, "id"));
	struct ticker ticker = {.agent = agent, .id = id};
	int rc = ticker_start(&ticker, err);

	if (rc)
		return rc;
	agent->finish_due = false;
	rc = session_open(s, request, err);
	ticker_stop(&ticker);
	if (!rc)
		answer(agent, json_pack("{s:s, s:I, s:i}", "type", "ready", "id", id, "port",
					s->trial.port));
	return rc;
}

/* Until its time is up or, if requested, until the next line arrives. */
static int run_workload(struct agent *agent, struct error *err)
{
	struct session *s = &agent->session;
	struct finish_watch watch;
	int rc;

	agent->finish_due = s->until_finish;
	if (!s->until_finish)
		return session_run(s, err);
	rc = finish_watch_start(&watch, &agent->lines, err);
	if (rc)
		return rc;
	s->trial.finished = &watch.finished;
	answer(agent, json_pack("{s:s, s:I}", "type", "running", "id", s->id));
	rc = session_run(s, err);
	s->trial.finished = NULL;
	finish_watch_stop(&watch);
	return rc;
}

static int answer_trial(struct agent *agent, struct error *err)
{
	json_t *trial = session_trial(&agent->session, err);

	if (!trial)
		return err->code;
	answer(agent, trial);
	return 0;
}

static int on_go(struct agent *agent, json_t *request, struct error *err)
{
	struct session *s = &agent->session;
	int rc;

	(void)request;
	if (!s->ready)
		return error_set(err, -EPROTO, "go without a preceding run");
	if (s->role == ROLE_SERVE) {
		session_begin(s);
		return 0;
	}
	rc = run_workload(agent, err);
	if (!rc) {
		answer(agent, json_pack("{s:s, s:I}", "type", "ended", "id", s->id));
		rc = session_verify(s, err);
	}
	rc = rc ?: answer_trial(agent, err);
	if (rc)
		session_release(s); /* its prepared state may be the cause */
	return rc;
}

static int on_finish(struct agent *agent, json_t *request, struct error *err)
{
	struct session *s = &agent->session;
	int rc;

	(void)request;
	if (agent->finish_due && !s->open) {
		agent->finish_due = false;
		return 0;
	}
	if (!s->open)
		return error_set(err, -EPROTO, "finish without a preceding serve");
	if (s->ready)
		session_begin(s);
	rc = session_end(s, err);
	rc = rc ?: answer_trial(agent, err);
	if (rc || !s->serving)
		session_release(s);
	return rc;
}

static int on_release(struct agent *agent, json_t *request, struct error *err)
{
	(void)request, (void)err;
	session_release(&agent->session);
	answer(agent, json_pack("{s:s}", "type", "released"));
	return 0;
}

static int on_ping(struct agent *agent, json_t *request, struct error *err)
{
	(void)request, (void)err;
	answer(agent, json_pack("{s:s, s:I}", "type", "pong", "now", (json_int_t)clock_now()));
	return 0;
}

static int on_stop(struct agent *agent, json_t *request, struct error *err)
{
	(void)request, (void)err;
	session_release(&agent->session);
	answer(agent, json_pack("{s:s}", "type", "stopped"));
	agent->stopped = true;
	return 0;
}

static const struct {
	const char *op;
	int (*handle)(struct agent *agent, json_t *request, struct error *err);
} operations[] = {
	{"hello", on_hello},     {"facts", on_facts}, {"list", on_list},
	{"run", on_run},         {"go", on_go},       {"finish", on_finish},
	{"release", on_release}, {"ping", on_ping},   {"stop", on_stop},
};

static void handle(struct agent *agent, json_t *request)
{
	const char *op = json_string_value(json_object_get(request, "op"));
	struct error err = {0};

	for (size_t i = 0; i < sizeof(operations) / sizeof(*operations); i++) {
		if (!op || strcmp(op, operations[i].op))
			continue;
		if (operations[i].handle(agent, request, &err))
			answer_error(agent, request, &err);
		return;
	}
	error_set(&err, -EOPNOTSUPP, "unknown op %s", op ? op : "(none)");
	answer_error(agent, request, &err);
}

/* jansson would open /dev/urandom for its hash tables; the kernel has already given us random
 * bytes. */
static void seed_json(void)
{
	const void *random = (const void *)getauxval(AT_RANDOM);
	size_t seed = 0;

	if (random)
		memcpy(&seed, random, sizeof(seed));
	json_object_seed(seed);
}

int main(void)
{
	struct agent agent = {0};
	struct error err;

	prctl(PR_SET_NAME, "tare-agent"); /* even if it was started by descriptor */
	seed_json();
	signal(SIGPIPE, SIG_IGN);
	lines_init(&agent.lines, STDIN_FILENO, STDOUT_FILENO);
	while (!agent.stopped) {
		cleanup_json json_t *request = NULL;
		int rc = lines_read(&agent.lines, -1, &request, &err);

		if (!rc)
			handle(&agent, request);
		else if (rc == -EBADMSG)
			answer_error(&agent, NULL, &err);
		else
			break;
	}
	session_release(&agent.session);
	lines_finish(&agent.lines);
	return 0;
}
