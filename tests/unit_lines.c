/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/lines.h"

struct stream {
	int pipe[2];
	struct lines lines;
};

static void open_stream(struct stream *s)
{
	ck_assert_int_eq(pipe(s->pipe), 0);
	lines_init(&s->lines, s->pipe[0], s->pipe[1]);
}

static void send_text(struct stream *s, const char *text)
{
	ck_assert_int_eq(write(s->pipe[1], text, strlen(text)), (int)strlen(text));
}

START_TEST(two_messages_in_one_write_are_read_one_by_one)
{
	struct stream s;
	json_t *message;

	open_stream(&s);
	send_text(&s, "{\"a\":1}\n{\"a\":2}\n");
	for (int i = 1; i <= 2; i++) {
		ck_assert_int_eq(lines_read(&s.lines, 1000, &message, NULL), 0);
		ck_assert_int_eq(json_integer_value(json_object_get(message, "a")), i);
		json_decref(message);
	}
	lines_finish(&s.lines);
}
END_TEST

START_TEST(half_a_line_times_out_and_is_whole_later)
{
	struct stream s;
	json_t *message;

	open_stream(&s);
	send_text(&s, "{\"a\":");
	ck_assert_int_eq(lines_read(&s.lines, 20, &message, NULL), -ETIMEDOUT);
	send_text(&s, "7}\n");
	ck_assert_int_eq(lines_read(&s.lines, 1000, &message, NULL), 0);
	ck_assert_int_eq(json_integer_value(json_object_get(message, "a")), 7);
	json_decref(message);
	lines_finish(&s.lines);
}
END_TEST

START_TEST(garbage_is_refused_and_the_next_line_is_still_read)
{
	struct error err;
	struct stream s;
	json_t *message;

	open_stream(&s);
	send_text(&s, "[1]\nnot json\n{\"a\":1,\"a\":2}\n{}\n");
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(lines_read(&s.lines, 1000, &message, &err), -EBADMSG);
	ck_assert_int_eq(lines_read(&s.lines, 1000, &message, &err), 0);
	json_decref(message);
	lines_finish(&s.lines);
}
END_TEST

START_TEST(the_end_of_the_stream_is_told_from_a_timeout)
{
	struct stream s;
	json_t *message;

	open_stream(&s);
	close(s.pipe[1]);
	ck_assert_int_eq(lines_read(&s.lines, 1000, &message, NULL), -EPIPE);
	lines_finish(&s.lines);
}
END_TEST

START_TEST(a_written_message_is_read_back_equal)
{
	json_t *sent = json_pack("{s:s, s:f}", "text", "a\nb\"c", "real", 0.1), *message;
	struct stream s;

	open_stream(&s);
	ck_assert_int_eq(lines_write(&s.lines, sent, 1000, NULL), 0);
	ck_assert_int_eq(lines_read(&s.lines, 1000, &message, NULL), 0);
	ck_assert(json_equal(sent, message));
	json_decref(sent);
	json_decref(message);
	lines_finish(&s.lines);
}
END_TEST

/* A line of 4 MiB less what surrounds `unit`, again and again, in a file. */
static int long_line(const char *before, const char *unit, const char *after)
{
	int fd = memfd_create("line", MFD_CLOEXEC);
	FILE *file = fdopen(dup(fd), "w");
	size_t room = LINE_MAX_BYTES - 64;

	fputs(before, file);
	for (size_t used = 0; used + strlen(unit) < room; used += strlen(unit))
		fputs(unit, file);
	fputs(after, file);
	fclose(file);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

#if defined(__SANITIZE_ADDRESS__)
#define LINE_KB_MOST (256 << 10) /* what was freed is kept for a while */
#else
#define LINE_KB_MOST (48 << 10)
#endif

/* In a process of its own, whose peak is its own; exit status 0: it stayed below. */
static void check_memory(const char *before, const char *unit, const char *after)
{
	int status, fd = long_line(before, unit, after);
	pid_t pid = fork();

	if (!pid) {
		struct rusage start, end;
		struct lines lines;
		json_t *message = NULL;

		lines_init(&lines, fd, -1);
		getrusage(RUSAGE_SELF, &start);
		lines_read(&lines, 5000, &message, NULL);
		getrusage(RUSAGE_SELF, &end);
		_exit(end.ru_maxrss - start.ru_maxrss > LINE_KB_MOST);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(status == 0, "%s%s...: over %d KiB, or status %d", before, unit, LINE_KB_MOST,
		      status);
	close(fd);
}

START_TEST(a_line_of_4_mib_costs_a_bounded_amount_of_memory)
{
	check_memory("{\"a\":[0", ",0", "]}\n");
	check_memory("{\"a\":[[]", ",[]", "]}\n");
	check_memory("{\"a\":[{}", ",{\"b\":1.5}", "]}\n");
	check_memory("{\"a\":\"", "x", "\"}\n");
	check_memory("{\"a\":\"", "\\u00e9", "\"}\n");
}
END_TEST

UNIT("lines", a_line_of_4_mib_costs_a_bounded_amount_of_memory,
     two_messages_in_one_write_are_read_one_by_one, half_a_line_times_out_and_is_whole_later,
     garbage_is_refused_and_the_next_line_is_still_read,
     the_end_of_the_stream_is_told_from_a_timeout, a_written_message_is_read_back_equal)
