/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrong work never becomes a value: each test spoils what a workload did, and must be told. */
#include "tests/unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workloads/describe.h"
#include "workloads/compiler.h"
#include "workloads/kv_store.h"
#include "workloads/pages.h"
#include "workloads/session.h"
#include "workloads/web_site.h"

#define SCRATCH "build"

static int try_open(struct session *s, const char *name, const char *role, int port,
		    json_t *parameters, struct error *err)
{
	json_t *request =
		json_pack("{s:i, s:s, s:s, s:o, s:i, s:f, s:i, s:s, s:s, s:i}", "id", 1, "workload",
			  name, "role", role, "parameters", parameters, "seed", 42, "seconds", 0.05,
			  "slow", 0, "scratch", SCRATCH, "peer", "127.0.0.1", "port", port);
	int rc;

	ck_assert_ptr_nonnull(request);
	rc = session_open(s, request, err);
	json_decref(request);
	return rc;
}

static void open_run(struct session *s, const char *name, json_t *parameters)
{
	struct error err = {0};

	ck_assert_msg(!try_open(s, name, "run", 0, parameters, &err), "%s", err.message);
}

static void run_well(struct session *s)
{
	struct error err = {0};

	ck_assert_msg(!session_run(s, &err), "%s", err.message);
}

static void assert_found(struct session *s, int rc, const struct error *err, const char *words)
{
	ck_assert_int_lt(rc, 0);
	ck_assert_msg(strstr(err->message, words) != NULL, "'%s' is not in '%s'", words,
		      err->message);
	session_release(s);
}

static void verify_finds(struct session *s, const char *words)
{
	struct error err = {0};
	int rc = session_verify(s, &err);

	assert_found(s, rc, &err, words);
}

static void run_finds(struct session *s, const char *words)
{
	struct error err = {0};
	int rc = session_run(s, &err);

	assert_found(s, rc, &err, words);
}

/* Overwrites `length` bytes at `offset` of each block of `step` bytes. */
static void spoil_file(const char *path, off_t offset, off_t step)
{
	char noise[512];
	int fd = open(path, O_WRONLY);
	off_t end = lseek(fd, 0, SEEK_END);

	memset(noise, 0xa5, sizeof(noise));
	ck_assert_int_ge(fd, 0);
	for (off_t at = offset; at + (off_t)sizeof(noise) <= end; at += step)
		ck_assert_int_eq(pwrite(fd, noise, sizeof(noise), at), (int)sizeof(noise));
	ck_assert_int_eq(fsync(fd), 0);
	close(fd);
}

START_TEST(a_compressed_text_that_is_another_is_found)
{
	struct session s = {0};
	char *text;

	open_run(&s, "cpu.compress", json_pack("{s:s}", "size", "1m"));
	run_well(&s);
	text = *(char **)s.trial.state; /* its first member */
	for (size_t i = 0; i < 1 << 20; i += 1000)
		text[i] ^= 1;
	verify_finds(&s, "decompressed text differs");
}
END_TEST

START_TEST(a_spoiled_or_missing_object_is_found)
{
	struct session s = {0};

	open_run(&s, "cpu.compile", json_pack("{s:s, s:s}", "tree", "256k", "unit", "256k"));
	run_well(&s);
	spoil_file(SCRATCH "/tare-cpu.compile/unit0.o", 0, 4096);
	verify_finds(&s, "invalid object");
	open_run(&s, "cpu.compile", json_pack("{s:s, s:s}", "tree", "256k", "unit", "256k"));
	run_well(&s);
	unlink(SCRATCH "/tare-cpu.compile/unit0.o");
	verify_finds(&s, "unit0.o");
}
END_TEST

START_TEST(a_source_that_does_not_compile_fails_the_trial)
{
	struct session s = {0};

	open_run(&s, "cpu.compile", json_pack("{s:s, s:s}", "tree", "256k", "unit", "256k"));
	spoil_file(SCRATCH "/tare-cpu.compile/unit0.c", 100, 4096);
	run_finds(&s, "a compiler failed");
}
END_TEST

START_TEST(another_matrix_has_a_residual_that_is_found)
{
	struct session s = {0};
	struct linpack_head { /* how cpu.linpack's state begins */
		void *linear;
		int vector;
		size_t n, *pivots;
		double *a;
	} * state;

	open_run(&s, "cpu.linpack", json_pack("{s:i}", "order", 50));
	run_well(&s);
	state = s.trial.state;
	ck_assert_uint_eq(state->n, 50);
	state->a[77] += 0.001;
	verify_finds(&s, "residual");
}
END_TEST

START_TEST(a_partner_that_dies_fails_the_switch)
{
	struct session s = {0};
	struct switch_head { /* how cpu.switch's state begins */
		int to, from;
		pid_t child;
	} * state;

	/* as the agent does: whether it writes or reads first is chance */
	signal(SIGPIPE, SIG_IGN);
	open_run(&s, "cpu.switch", json_object());
	state = s.trial.state;
	kill(state->child, SIGKILL);
	run_finds(&s, "has exited");
}
END_TEST

/* The workloads whose state begins with struct pages. */
static void memory_is_spoiled(const char *name, json_t *parameters, const char *words)
{
	struct session s = {0};
	struct pages *pages;
	uint64_t *word;

	open_run(&s, name, parameters);
	run_well(&s);
	pages = s.trial.state;
	word = pages->memory;
	for (size_t i = 1; i < pages->size / sizeof(*word); i += 8)
		word[i] ^= 1ULL << 40;
	verify_finds(&s, words);
}

START_TEST(a_wrong_word_in_memory_is_found)
{
	memory_is_spoiled("memory.stream", json_pack("{s:s}", "size", "24m"), "should be");
	memory_is_spoiled("memory.latency", json_pack("{s:s}", "size", "1m"), "ended at line");
	memory_is_spoiled("memory.gups", json_pack("{s:s}", "size", "1m"), "words are wrong");
}
END_TEST

START_TEST(a_block_that_reads_back_wrong_is_found_in_every_disk_workload)
{
	static const struct {
		const char *name, *block;
		bool reads;
	} cases[] = {{"disk.randread", "4k", true},
		     {"disk.randwrite", "4k", false},
		     {"disk.seqread", "64k", true},
		     {"disk.seqwrite", "64k", false},
		     {"disk.randomrw", "8k", true}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct session s = {0};
		struct error err = {0};
		char path[64];
		int rc;

		open_run(&s, cases[i].name,
			 json_pack("{s:s, s:s}", "size", "4m", "block", cases[i].block));
		snprintf(path, sizeof(path), SCRATCH "/tare-%s", cases[i].name);
		if (!cases[i].reads)
			run_well(&s);
		/* the last sector of each 4 KiB: a torn write */
		spoil_file(path, 4096 - 512, 4096);
		rc = cases[i].reads ? session_run(&s, &err) : session_verify(&s, &err);
		assert_found(&s, rc, &err, "is wrong");
		ck_assert_int_ne(access(path, F_OK), 0);
	}
}
END_TEST

START_TEST(a_file_cut_short_is_a_short_read)
{
	struct session s = {0};

	open_run(&s, "disk.randread", json_pack("{s:s, s:s}", "size", "4m", "engine", "sync"));
	ck_assert_int_eq(truncate(SCRATCH "/tare-disk.randread", 6000), 0);
	run_finds(&s, "bytes");
}
END_TEST

START_TEST(a_log_that_lost_a_record_is_found)
{
	struct session s = {0};

	open_run(&s, "disk.fsync", json_object());
	run_well(&s);
	spoil_file(SCRATCH "/tare-disk.fsync", 0, 4096);
	verify_finds(&s, "is wrong");
	open_run(&s, "disk.fsync", json_object());
	run_well(&s);
	ck_assert_int_eq(truncate(SCRATCH "/tare-disk.fsync", 4096), 0);
	verify_finds(&s, "is shorter than");
}
END_TEST

START_TEST(a_file_that_vanished_or_stayed_is_found)
{
	struct session s = {0};
	int rc, fd;

	open_run(&s, "disk.metadata", json_pack("{s:i}", "files", 100000));
	run_well(&s); /* within its creates still: file0 is there */
	rc = unlink(SCRATCH "/tare-disk.metadata/file0");
	ck_assert_int_eq(rc, 0);
	verify_finds(&s, "is lost");
	open_run(&s, "disk.metadata", json_pack("{s:i}", "files", 100000));
	fd = open(SCRATCH "/tare-disk.metadata/file3", O_WRONLY | O_CREAT, 0600);
	close(fd);
	run_finds(&s, "File exists");
}
END_TEST

/* One command to the store of memory.kv from another client. */
static void tell_store(const char *command)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = SCRATCH "/tare-memory.kv"};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char answer[64];

	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(send(fd, command, strlen(command), 0), (int)strlen(command));
	ck_assert_int_gt(recv(fd, answer, sizeof(answer), 0), 0);
	close(fd);
}

START_TEST(a_record_lost_or_changed_in_the_store_is_found)
{
	struct session s = {0};

	open_run(&s, "memory.kv", json_pack("{s:s}", "size", "64k"));
	tell_store("FLUSHALL\r\n");
	run_finds(&s, "lost");
	open_run(&s, "memory.kv", json_pack("{s:s}", "size", "64k"));
	run_well(&s);
	tell_store("*2\r\n$3\r\nDEL\r\n$20\r\nuser0000000000000000\r\n");
	verify_finds(&s, "the store answered");
}
END_TEST

/* What a server that lies answers to everything; it ends with the connection. */
struct liar {
	int listener;
	const char *answer;
	size_t length;
	pthread_t thread;
};

static void *lie(void *argument)
{
	struct liar *liar = argument;
	char request[65536];
	int fd = accept(liar->listener, NULL, NULL);

	while (recv(fd, request, sizeof(request), 0) > 0 &&
	       send(fd, liar->answer, liar->length, MSG_NOSIGNAL) > 0)
		;
	close(fd);
	return NULL;
}

static void liar_is_found(const char *name, json_t *parameters, const char *answer, size_t length,
			  const char *words)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	struct liar liar = {socket(AF_INET, SOCK_STREAM, 0), answer, length, 0};
	struct session s = {0};
	struct error err = {0};
	int rc;

	ck_assert_int_eq(bind(liar.listener, (struct sockaddr *)&address, size), 0);
	ck_assert_int_eq(listen(liar.listener, 8), 0);
	getsockname(liar.listener, (struct sockaddr *)&address, &size);
	ck_assert_int_eq(pthread_create(&liar.thread, NULL, lie, &liar), 0);
	rc = try_open(&s, name, "load", ntohs(address.sin_port), parameters, &err);
	if (!rc)
		rc = session_run(&s, &err);
	if (!rc)
		rc = session_verify(&s, &err);
	assert_found(&s, rc, &err, words);
	pthread_join(liar.thread, NULL);
	close(liar.listener);
}

START_TEST(a_server_that_answers_wrong_is_found)
{
	static const char page[] = "HTTP/1.1 200 OK\r\nContent-Length: 33\r\n\r\n"
				   "<html><body>hello!</body></html>\n";

	liar_is_found("network.rr", json_object(), "Z", 1, "wrong response");
	liar_is_found("network.rr", json_object(), "\1\1", 2, "wrong");
	liar_is_found("network.connect", json_object(), "ZZZZ", 4, "wrong response");
	liar_is_found("network.stream", json_object(), "not the stream", 14, "error");
	liar_is_found("network.web", json_pack("{s:i}", "connections", 1), page, strlen(page),
		      "wrong page");
	liar_is_found("network.web", json_pack("{s:i}", "connections", 1),
		      "HTTP/1.1 503 No\r\nContent-Length: 20\r\n\r\n12345678901234567890", 58,
		      "503");
}
END_TEST

START_TEST(a_server_that_goes_away_is_an_error_and_no_hang)
{
	struct session server = {0}, client = {0};
	struct error err = {0};

	ck_assert_int_eq(try_open(&server, "network.rr", "serve", 0, json_object(), &err), 0);
	ck_assert_int_eq(
		try_open(&client, "network.rr", "load", server.trial.port, json_object(), &err), 0);
	session_release(&server);
	run_finds(&client, "transaction 1");
	ck_assert_int_lt(try_open(&client, "network.rr", "load", 1, json_object(), &err), 0);
	ck_assert_ptr_nonnull(strstr(err.message, "connecting to 127.0.0.1 port 1"));
}
END_TEST

static void store_says(struct kv_store *store, const char *request, const char *answer, long used)
{
	struct event_output output = {0};

	ck_assert_int_eq(kv_store_consume(store, request, strlen(request), &output), used);
	ck_assert_uint_eq(output.used, strlen(answer));
	if (output.used)
		ck_assert_int_eq(memcmp(output.data, answer, output.used), 0);
	free(output.data);
}

START_TEST(the_store_speaks_the_redis_protocol)
{
	struct kv_store *store = kv_store_create();
	static const char set[] = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nhello\r\n";
	char part[sizeof(set)];

	for (size_t n = 1; n < strlen(set); n++) { /* nothing is done until it is whole */
		memcpy(part, set, n);
		part[n] = 0;
		store_says(store, part, "", 0);
	}
	ck_assert_uint_eq(kv_store_count(store), 0);
	store_says(store, set, "+OK\r\n", (long)strlen(set));
	store_says(store, "*2\r\n$3\r\nget\r\n$1\r\nk\r\n", "$5\r\nhello\r\n", 20);
	store_says(store, "*2\r\n$3\r\nGET\r\n$1\r\nq\r\n", "$-1\r\n", 20);
	store_says(store, "*1\r\n$6\r\nDBSIZE\r\n", ":1\r\n", 16);
	store_says(store, "*3\r\n$3\r\nDEL\r\n$1\r\nk\r\n$1\r\nq\r\n", ":1\r\n", 27);
	store_says(store, "PING\r\n", "+PONG\r\n", 6);
	store_says(store, "*1\r\n$3\r\nFOO\r\n", "-ERR unknown command\r\n", 13);
	kv_store_destroy(store);
}
END_TEST

START_TEST(what_is_no_redis_protocol_ends_the_connection)
{
	static const char *const bad[] = {"*x\r\n",
					  "*99\r\n",
					  "*1\r\n:3\r\n",
					  "*1\r\n$-1\r\n",
					  "*1\r\n$9999999\r\n",
					  "*1\r\n$3\r\nabcde",
					  "*1x\r\n"};
	struct kv_store *store = kv_store_create();

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		store_says(store, bad[i], "", -EPROTO);
	kv_store_destroy(store);
}
END_TEST

START_TEST(a_store_of_many_pairs_finds_each_of_them)
{
	struct kv_store *store = kv_store_create();
	char request[128], answer[64];

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 20000; i++) {
			int n = snprintf(request, sizeof(request),
					 "*3\r\n$3\r\nSET\r\n$5\r\n%05d\r\n$5\r\n%05d\r\n", i,
					 i + round);

			store_says(store, request, "+OK\r\n", n);
		}
		ck_assert_uint_eq(kv_store_count(store), 20000);
	}
	for (int i = 0; i < 20000; i++) {
		int n = snprintf(request, sizeof(request), "*2\r\n$3\r\nGET\r\n$5\r\n%05d\r\n", i);

		snprintf(answer, sizeof(answer), "$5\r\n%05d\r\n", i + 1);
		store_says(store, request, answer, n);
	}
	kv_store_destroy(store);
}
END_TEST

START_TEST(the_site_keeps_the_highest_bid_and_refuses_what_it_lacks)
{
	static const struct {
		const char *request, *words;
	} cases[] = {
		{"POST /bid?id=7&amount=500 HTTP/1.1\r\n\r\n", "<td>500</td><td>1</td>"},
		{"POST /bid?id=7&amount=400 HTTP/1.1\r\n\r\n", "<td>500</td><td>2</td>"},
		{"GET /item?id=7 HTTP/1.1\r\nHost: x\r\n\r\n", "<td>500</td><td>2</td>"},
		{"GET /browse?category=0 HTTP/1.1\r\n\r\n", "id=19\""},
		{"GET /item?id=10000 HTTP/1.1\r\n\r\n", "404"},
		{"GET /item?id= HTTP/1.1\r\n\r\n", "404"},
		{"GET / HTTP/1.1\r\n\r\n", "404"},
	};
	struct web_site *site = web_site_create();

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct event_output output = {0};
		size_t length = strlen(cases[i].request);

		ck_assert_int_eq(web_site_consume(site, cases[i].request, length - 1, &output), 0);
		ck_assert_int_eq(web_site_consume(site, cases[i].request, length, &output),
				 (long)length);
		event_output_add(&output, "", 1);
		ck_assert_ptr_nonnull(strstr(output.data, cases[i].words));
		free(output.data);
	}
	web_site_destroy(site);
}
END_TEST

START_TEST(hostile_objects_never_run_wild)
{
	uint8_t code[4096];

	for (unsigned seed = 0; seed < 2000; seed++) {
		struct object object = {code, sizeof(code), sizeof(code)};
		unsigned state = seed * 2654435761u + 1;
		uint32_t result;

		for (size_t i = 0; i < sizeof(code); i++) {
			state = state * 1664525u + 1013904223u;
			code[i] = (uint8_t)(state >> 24) % 20;
		}
		code[0] = 0x80;
		object_run(&object, &result, NULL); /* an error or not: but an end */
	}
}
END_TEST

UNIT("verify", a_compressed_text_that_is_another_is_found, a_spoiled_or_missing_object_is_found,
     a_source_that_does_not_compile_fails_the_trial, another_matrix_has_a_residual_that_is_found,
     a_partner_that_dies_fails_the_switch, a_wrong_word_in_memory_is_found,
     a_block_that_reads_back_wrong_is_found_in_every_disk_workload,
     a_file_cut_short_is_a_short_read, a_log_that_lost_a_record_is_found,
     a_file_that_vanished_or_stayed_is_found, a_record_lost_or_changed_in_the_store_is_found,
     a_server_that_answers_wrong_is_found, a_server_that_goes_away_is_an_error_and_no_hang,
     the_store_speaks_the_redis_protocol, what_is_no_redis_protocol_ends_the_connection,
     a_store_of_many_pairs_finds_each_of_them,
     the_site_keeps_the_highest_bid_and_refuses_what_it_lacks, hostile_objects_never_run_wild)
