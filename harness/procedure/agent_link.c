/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/procedure/agent_link.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/hypervisor.h"
#include "harness/procedure/interrupt.h"
#include "harness/plan/placement.h"

#define SLICE_MS 100     /* how often a wait checks for an interruption */
#define ANSWER_MS 10000  /* for a request that needs no work */
#define SILENCE_MS 20000 /* a working agent says `progress` every second */
#define WRITE_MS 10000
#define HELLO_BYTES_MOST 65536 /* of hello and of facts */
#define PROGRESS_BURST 100     /* progress messages that may arrive in a burst */
#define PROGRESS_PER_SECOND 10
#define STOP_MS 1000

void agent_attach(struct agent *agent, int in, int out)
{
	*agent = (struct agent){0};
	lines_init(&agent->lines, in, out);
	clock_watch_init(&agent->clock);
}

static int say(struct agent *agent, json_t *message, struct error *err)
{
	return lines_write(&agent->lines, message, host_limit_ms(WRITE_MS), err);
}

static int say_op(struct agent *agent, const char *op, struct error *err)
{
	cleanup_json json_t *message = json_pack("{s:s}", "op", op);

	return say(agent, message, err);
}

static int read_message(struct agent *agent, uint64_t deadline, json_t **message, struct error *err)
{
	for (;;) {
		uint64_t now = clock_now();
		int left, rc;

		if (interrupted())
			return error_set(err, -EINTR, "interrupted");
		if (now >= deadline)
			return error_set(err, -ETIMEDOUT, "the agent does not answer");
		left = (int)((deadline - now) / NSEC_PER_MSEC) + 1;
		rc = lines_read(&agent->lines, left < SLICE_MS ? left : SLICE_MS, message, err);
		if (rc != -ETIMEDOUT)
			return rc;
	}
}

static uint64_t id_of(const json_t *message)
{
	json_int_t id = json_integer_value(json_object_get(message, "id"));

	return id < 0 ? 0 : (uint64_t)id;
}

static const char *type_of(const json_t *message)
{
	const char *type = json_string_value(json_object_get(message, "type"));

	return type ? type : "";
}

static int take_error(struct agent *agent, const json_t *message, struct error *err)
{
	const char *code = json_string_value(json_object_get(message, "code"));
	const char *text = json_string_value(json_object_get(message, "message"));

	snprintf(agent->code, sizeof(agent->code), "%s", code ? code : "EPROTO");
	return error_set(err, -EREMOTEIO, "%s", text ? text : "an error without a message");
}

/* Otherwise an agent that floods us with progress or stale answers would keep us busy until the
 * limit. */
static bool floods(uint64_t began, unsigned int said)
{
	return said > PROGRESS_BURST + PROGRESS_PER_SECOND * seconds_of(clock_now() - began);
}

/* Waits for an answer of `type`, and of `id` if it is not 0. A working agent sends progress, which
 * extends the time limit; one that is still booting is silent. Answers to earlier requests, which
 * had timed out, are dropped. */
static int expect(struct agent *agent, const char *type, uint64_t id, int timeout_ms,
		  json_t **answer, struct error *err)
{
	uint64_t began = clock_now();
	uint64_t end = began + (uint64_t)host_limit_ms(timeout_ms) * NSEC_PER_MSEC;
	uint64_t patience = (uint64_t)host_limit_ms(SILENCE_MS) * NSEC_PER_MSEC;
	unsigned int said = 0;

	*answer = NULL;
	for (;;) {
		uint64_t silence = id ? clock_now() + patience : end;
		cleanup_json json_t *message = NULL;
		const char *got;
		int rc;

		rc = read_message(agent, silence < end ? silence : end, &message, err);
		if (rc)
			return rc;
		got = type_of(message);
		if (strcmp(got, "progress") == 0 || (id && id_of(message) && id_of(message) < id)) {
			if (floods(began, ++said))
				return error_set(err, -EPROTO,
						 "the agent floods its stream with '%.32s' "
						 "messages",
						 got);
			continue;
		}
		if (strcmp(got, "error") == 0)
			return take_error(agent, message, err);
		if (strcmp(got, type) != 0 || (id && id_of(message) != id))
			return error_set(err, -EPROTO, "the agent answered '%.32s' instead of '%s'",
					 got, type);
		*answer = json_incref(message);
		return 0;
	}
}

/* It is stored in run.json, whose reader limits the total size. */
static int check_size(const json_t *answer, const char *name, struct error *err)
{
	if (json_dumpb(answer, NULL, 0, JSON_COMPACT) <= HELLO_BYTES_MOST)
		return 0;
	return error_set(err, -EMSGSIZE, "the agent's %s is longer than %d bytes", name,
			 HELLO_BYTES_MOST);
}

int agent_hello(struct agent *agent, const char *hash, int timeout_ms, json_t **hello,
		struct error *err)
{
	cleanup_json json_t *message = json_pack("{s:s}", "op", "hello");
	const char *its;
	int rc;

	*hello = NULL;
	rc = say(agent, message, err);
	rc = rc ?: expect(agent, "hello", 0, timeout_ms, hello, err);
	if (rc)
		return rc;
	rc = check_size(*hello, "hello", err);
	its = json_string_value(json_object_get(*hello, "hash"));
	if (!rc && json_integer_value(json_object_get(*hello, "protocol")) != AGENT_PROTOCOL)
		rc = error_set(err, -EPROTO,
			       "the agent does not speak protocol %d: it is not the tare-agent of "
			       "this build",
			       AGENT_PROTOCOL);
	else if (!rc && hash && (!its || strcmp(its, hash) != 0))
		rc = error_set(err, -EBADMSG,
			       "the agent's file has hash %.12s..., not %.12s...: its bytes "
			       "differ, so nothing could be compared",
			       its ? its : "(none)", hash);
	if (rc) {
		json_decref(*hello);
		*hello = NULL;
	}
	return rc;
}

int agent_facts(struct agent *agent, const char *scratch, json_t *hello, struct error *err)
{
	cleanup_json json_t *message = json_pack("{s:s, s:s*}", "op", "facts", "scratch", scratch);
	cleanup_json json_t *answer = NULL;
	int rc = say(agent, message, err);

	rc = rc ?: expect(agent, "facts", 0, ANSWER_MS, &answer, err);
	rc = rc ?: check_size(answer, "description of its environment", err);
	if (rc)
		return rc;
	json_object_del(answer, "type");
	json_object_update(hello, answer);
	return 0;
}

int agent_catalogue(struct agent *agent, json_t **workloads, struct error *err)
{
	cleanup_json json_t *list = NULL;
	int rc = say_op(agent, "list", err);

	*workloads = NULL;
	rc = rc ?: expect(agent, "list", 0, ANSWER_MS, &list, err);
	if (rc)
		return rc;
	*workloads = json_incref(json_object_get(list, "workloads"));
	if (!json_is_array(*workloads) || json_array_size(*workloads) == 0)
		return error_set(err, -EPROTO, "the agent has no workloads");
	return 0;
}

int agent_ping(struct agent *agent, int count, struct error *err)
{
	double shortest = 0;

	for (int i = 0; i < count; i++) {
		cleanup_json json_t *pong = NULL;
		uint64_t sent = clock_now(), received;
		json_int_t now;
		int rc = say_op(agent, "ping", err);

		rc = rc ?: expect(agent, "pong", 0, ANSWER_MS, &pong, err);
		if (rc)
			return rc;
		received = clock_now();
		now = json_integer_value(json_object_get(pong, "now"));
		if (now > 0)
			clock_watch_add(&agent->clock, sent, received, (uint64_t)now);
		if (i == 0 || seconds_of(received - sent) < shortest)
			shortest = seconds_of(received - sent);
	}
	if (count > 0)
		agent->round_trip = shortest;
	return 0;
}

int agent_ask(struct agent *agent, json_t *request, struct error *err)
{
	agent->id++;
	json_object_set_new(request, "id", json_integer((json_int_t)agent->id));
	return say(agent, request, err);
}

int agent_ready(struct agent *agent, int timeout_ms, json_t **ready, struct error *err)
{
	return expect(agent, "ready", agent->id, timeout_ms, ready, err);
}

static int say_with_id(struct agent *agent, const char *op, struct error *err)
{
	cleanup_json json_t *message =
		json_pack("{s:s, s:I}", "op", op, "id", (json_int_t)agent->id);

	return say(agent, message, err);
}

int agent_go(struct agent *agent, struct error *err)
{
	return say_with_id(agent, "go", err);
}

int agent_end_service(struct agent *agent, struct error *err)
{
	return say_with_id(agent, "finish", err);
}

int agent_running(struct agent *agent, int timeout_ms, struct error *err)
{
	cleanup_json json_t *answer = NULL;

	return expect(agent, "running", agent->id, timeout_ms, &answer, err);
}

int agent_at_work(struct agent *agent, struct error *err)
{
	cleanup_json json_t *message = NULL;
	int rc = lines_read(&agent->lines, 0, &message, err);

	if (rc)
		return rc == -ETIMEDOUT ? 0 : rc;
	if (strcmp(type_of(message), "error") == 0)
		return take_error(agent, message, err);
	return error_set(err, -EREMOTEIO, "its workload ended before it was told to stop");
}

int agent_ended(struct agent *agent, int timeout_ms, uint64_t *ended, struct error *err)
{
	cleanup_json json_t *answer = NULL;
	int rc = expect(agent, "ended", agent->id, timeout_ms, &answer, err);

	*ended = clock_now();
	return rc;
}

int agent_trial(struct agent *agent, int timeout_ms, json_t **trial, struct error *err)
{
	return expect(agent, "trial", agent->id, timeout_ms, trial, err);
}

struct spawning {
	const struct agent_place *place;
	posix_spawn_file_actions_t *actions;
	pid_t pid;
	struct error *err;
	int rc;
};

/* By system calls, which change only this thread; the C library's functions change all of them. */
static int become(uid_t user)
{
	if (!user)
		return 0;
	if (syscall(SYS_setgroups, 0, NULL) || syscall(SYS_setresgid, user, user, user) ||
	    syscall(SYS_setresuid, user, user, user))
		return -errno;
	return 0;
}

/* By descriptor: the user may not have access to the directories above the binary. */
static int spawn(struct spawning *s)
{
	cleanup_close int file = open(s->place->path, O_PATH | O_CLOEXEC);
	char *argv[] = {(char *)s->place->path, NULL}, path[] = "PATH=/usr/bin:/bin";
	char *envp[] = {path, NULL}, executable[32];
	posix_spawnattr_t attributes;
	int rc = file < 0 ? -errno : become(s->place->user);

	if (rc)
		return rc;
	snprintf(executable, sizeof(executable), "/proc/self/fd/%d", file);
	posix_spawnattr_init(&attributes);
	/* Ctrl-C is for the harness, which stops the agents in order. */
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
	rc = -posix_spawn(&s->pid, executable, s->actions, &attributes, argv, envp);
	posix_spawnattr_destroy(&attributes);
	return rc;
}

static void *spawn_in_place(void *argument)
{
	struct spawning *s = argument;
	const struct agent_place *place = s->place;

	if (place->namespace_fd >= 0 && setns(place->namespace_fd, CLONE_NEWNET))
		s->rc = error_errno(s->err, -errno, "entering a network namespace");
	if (!s->rc && place->cpus)
		s->rc = placement_pin(place->cpus, place->cpu_count, s->err);
	if (s->rc)
		return NULL;
	s->rc = spawn(s);
	if (s->rc)
		error_errno(s->err, s->rc, "starting %s", place->path);
	return NULL;
}

/* What a thread starts inherits its CPU set, network namespace and user, so a separate thread does
 * it. */
static int spawn_by_thread(struct spawning *s)
{
	pthread_t thread;
	int rc = -pthread_create(&thread, NULL, spawn_in_place, s);

	if (rc)
		return error_errno(s->err, rc, "starting %s", s->place->path);
	pthread_join(thread, NULL);
	return s->rc;
}

int agent_spawn(struct agent *agent, const struct agent_place *place, struct error *err)
{
	int to[2] = {-1, -1}, from[2] = {-1, -1}, rc;
	posix_spawn_file_actions_t actions;
	struct spawning spawning = {.place = place, .actions = &actions, .err = err};

	*agent = (struct agent){0};
	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC)) {
		rc = error_errno(err, -errno, "pipes to %s", place->path);
	} else {
		posix_spawn_file_actions_init(&actions);
		posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
		posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
		if (place->directory)
			posix_spawn_file_actions_addchdir_np(&actions, place->directory);
		if (place->user) /* it must not have root's terminal */
			posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
							 O_WRONLY, 0);
		rc = spawn_by_thread(&spawning);
		posix_spawn_file_actions_destroy(&actions);
	}
	if (to[0] >= 0)
		close(to[0]);
	if (from[1] >= 0)
		close(from[1]);
	if (!rc) {
		agent_attach(agent, from[0], to[1]);
		agent->pid = spawning.pid;
		return 0;
	}
	if (to[1] >= 0)
		close(to[1]);
	if (from[0] >= 0)
		close(from[0]);
	return rc;
}

/* The end of its stream ends an agent; one that does not react is killed. */
static void end_process(pid_t pid)
{
	for (int ms = 0; ms < STOP_MS; ms += 2) {
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return;
		nanosleep(&(struct timespec){.tv_nsec = 2 * (long)NSEC_PER_MSEC}, NULL);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void agent_finish(struct agent *agent)
{
	if (agent->pid > 0) {
		close(agent->lines.out);
		close(agent->lines.in);
		end_process(agent->pid);
	}
	lines_finish(&agent->lines);
	clock_watch_finish(&agent->clock);
	*agent = (struct agent){.lines = {.in = -1, .out = -1}};
}
