/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `finish` ends a run in progress: with the real agent, over pipes. */
#include "tests/unit.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/lines.h"

struct peer {
	pid_t pid;
	struct lines lines;
};

static struct peer start_agent(void)
{
	int to[2], from[2];
	struct peer peer;

	ck_assert(!pipe(to) && !pipe(from));
	peer.pid = fork();
	ck_assert_int_ge(peer.pid, 0);
	if (!peer.pid) {
		dup2(to[0], 0);
		dup2(from[1], 1);
		close(to[1]);
		close(from[0]);
		execl("./tare-agent", "tare-agent", NULL);
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	lines_init(&peer.lines, from[0], to[1]);
	return peer;
}

/* Closes its input, which ends it. */
static void end_agent(struct peer *peer)
{
	int status;

	close(peer->lines.out);
	ck_assert_int_eq(waitpid(peer->pid, &status, 0), peer->pid);
	ck_assert_int_eq(status, 0);
	close(peer->lines.in);
	lines_finish(&peer->lines);
}

static void say(struct peer *peer, const char *text)
{
	json_t *message = json_loads(text, 0, NULL);

	ck_assert_ptr_nonnull(message);
	ck_assert_int_eq(lines_write(&peer->lines, message, 5000, NULL), 0);
	json_decref(message);
}

/* The next message that is no progress; a new reference. */
static json_t *hear(struct peer *peer, const char *type)
{
	struct error err = {0};
	json_t *message = NULL;
	const char *is = "progress";

	while (!strcmp(is, "progress")) {
		json_decref(message);
		ck_assert_msg(!lines_read(&peer->lines, 20000, &message, &err), "%s", err.message);
		is = json_string_value(json_object_get(message, "type"));
	}
	ck_assert_str_eq(is, type);
	return message;
}

#define RUN "'op':'run','id':7,'role':'run','seed':1,'seconds':60,'slow':0,'until':'finish'"

static void open_run(struct peer *peer, const char *workload)
{
	char text[300];

	snprintf(text, sizeof(text), "{" RUN ",%s}", workload);
	for (char *c = text; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	say(peer, text);
	json_decref(hear(peer, "ready"));
}

static void run_until_finish(struct peer *peer, const char *workload)
{
	json_t *trial;
	uint64_t said;

	open_run(peer, workload);
	say(peer, "{\"op\":\"go\",\"id\":7}");
	json_decref(hear(peer, "running"));
	usleep(100000);
	said = clock_now();
	say(peer, "{\"op\":\"finish\",\"id\":7}");
	json_decref(hear(peer, "ended"));
	ck_assert_double_lt(seconds_of(clock_now() - said), 10); /* of 60 s; 0.01 s at rest */
	trial = hear(peer, "trial");
	ck_assert_double_gt(json_number_value(json_object_get(trial, "operations")), 0);
	ck_assert_int_eq(json_integer_value(json_object_get(trial, "id")), 7);
	json_decref(trial);
}

START_TEST(finish_ends_a_run_of_60_s_and_its_trial_is_whole)
{
	struct peer peer = start_agent();

	run_until_finish(&peer, "'workload':'cpu.prime'");
	run_until_finish(&peer, "'workload':'memory.stream','parameters':{'size':'24m'}");
	run_until_finish(&peer,
			 "'workload':'cpu.compile','parameters':{'tree':'512k'},'scratch':'build'");
	say(&peer, "{\"op\":\"ping\"}"); /* finish had no answer of its own */
	json_decref(hear(&peer, "pong"));
	end_agent(&peer);
}
END_TEST

START_TEST(a_finish_that_came_before_the_run_ends_it_at_once)
{
	struct peer peer = start_agent();

	open_run(&peer, "'workload':'cpu.prime'");
	ck_assert_int_eq(dprintf(peer.lines.out, "{\"op\":\"go\",\"id\":7}\n"
						 "{\"op\":\"finish\",\"id\":7}\n"),
			 42);
	json_decref(hear(&peer, "running"));
	json_decref(hear(&peer, "ended"));
	json_decref(hear(&peer, "trial"));
	end_agent(&peer);
}
END_TEST

START_TEST(the_end_of_the_stream_ends_a_run_too)
{
	struct peer peer = start_agent();
	uint64_t closed;

	open_run(&peer, "'workload':'cpu.prime'");
	say(&peer, "{\"op\":\"go\",\"id\":7}");
	usleep(50000);
	closed = clock_now();
	end_agent(&peer);
	ck_assert_double_lt(seconds_of(clock_now() - closed), 10);
}
END_TEST

START_TEST(a_run_without_until_keeps_its_time)
{
	struct peer peer = start_agent();
	uint64_t began;

	say(&peer, "{\"op\":\"run\",\"id\":7,\"workload\":\"cpu.prime\",\"seconds\":0.3}");
	json_decref(hear(&peer, "ready"));
	began = clock_now();
	say(&peer, "{\"op\":\"go\",\"id\":7}");
	say(&peer, "{\"op\":\"finish\",\"id\":7}");
	json_decref(hear(&peer, "ended"));
	ck_assert_double_ge(seconds_of(clock_now() - began), 0.3);
	json_decref(hear(&peer, "trial"));
	json_decref(hear(&peer, "error")); /* nothing was served */
	end_agent(&peer);
}
END_TEST

UNIT("agent", finish_ends_a_run_of_60_s_and_its_trial_is_whole,
     a_finish_that_came_before_the_run_ends_it_at_once, the_end_of_the_stream_ends_a_run_too,
     a_run_without_until_keeps_its_time)
