/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agent, but one that lies, for tests/e2e_faults.sh: linked with -Wl,--wrap=lines_write. Which
 * lie, and until when, is written into the file itself (it has neither arguments nor files in a
 * container): "LIE=garbage UNTIL=1790000000 " in `orders`, where UNTIL is in seconds since 1970.
 * It lies in containers and virtual machines; on bare metal it is honest. LIE=noise is no lie: it
 * writes more to its standard error than is kept, and tries to make the log longer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/lines.h"

int __real_lines_write(struct lines *lines, json_t *message, int timeout_ms, struct error *err);
int __wrap_lines_write(struct lines *lines, json_t *message, int timeout_ms, struct error *err);

#define NOISE_BYTES (5u << 18) /* 1.25 MiB */
#define FIRST_PONGS 10         /* of an agent's first start (harness/run/run_instances.c) */

static volatile char orders[64] = "LIE=none UNTIL=0                                              ";

static bool in_guest(void)
{
	char text[2048] = "";
	int fd = open("/proc/cmdline", O_RDONLY);

	if (fd < 0)
		return true; /* a microvm has no such file */
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = 0;
	close(fd);
	return strstr(text, "tare.scratch=") != NULL;
}

static void say(const struct lines *lines, const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(lines->out, text, length);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			_exit(1);
		if (n > 0) {
			text += n;
			length -= (size_t)n;
		}
	}
}

static void flood(const struct lines *lines, const char *text, size_t count)
{
	static char block[1 << 20];
	size_t length = strlen(text);

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = text[i % length];
	for (size_t i = 0; i < count; i++)
		say(lines, block, sizeof(block) - sizeof(block) % length);
}

static void eat_memory(void)
{
	for (;;) {
		char *more = mmap(NULL, 16 << 20, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

		if (more == MAP_FAILED)
			pause();
		for (size_t i = 0; i < 16 << 20; i += 4096)
			more[i] = 1;
	}
}

static void panic_guest(void)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY);

	if (fd < 0 || write(fd, "c", 1) < 0)
		_exit(1);
}

static void make_noise(void)
{
	char line[] = "a line of noise, sixty-four characters long, without any meaning\n";

	for (size_t i = 0; i < NOISE_BYTES / (sizeof(line) - 1); i++)
		if (write(2, line, sizeof(line) - 1) < 0 && errno != EPERM)
			break;
	/* a log that can grow so would fill the host's memory */
	if (!ftruncate(2, 1L << 34) || !fallocate(2, 0, 0, 1L << 34))
		_exit(4);
}

/* Of three bytes each, behind what would move a terminal. */
static void say_last_words(void)
{
	static const char euro[] = "\xe2\x82\xac";

	dprintf(2, "last: \x1b]0;owned\x07\x1b[2J\xff");
	for (int i = 0; i < 2000; i++)
		dprintf(2, "%s", euro);
	dprintf(2, "\n");
	_exit(3);
}

static void lie_instead(const struct lines *lines, const char *lie)
{
	static const char half[] = "{\"type\":\"ended\",\"id\":",
			  garbage[] = "\xff\x01}{]\"no JSON\n";

	if (!strcmp(lie, "garbage"))
		say(lines, garbage, sizeof(garbage) - 1);
	else if (!strcmp(lie, "half"))
		say(lines, half, sizeof(half) - 1), sleep(1000);
	else if (!strcmp(lie, "long"))
		flood(lines, "x", 1024), say(lines, "\n", 1);
	else if (!strcmp(lie, "endless"))
		flood(lines, "{\"type\":\"progress\"}\n", SIZE_MAX);
	else if (!strcmp(lie, "words"))
		say_last_words();
	else if (!strcmp(lie, "death"))
		_exit(3);
	else if (!strcmp(lie, "memory"))
		eat_memory();
	else if (!strcmp(lie, "panic"))
		panic_guest();
	else
		_exit(2);
}

/* More values than a line of the journal has room for. */
static json_t *absurd_values(void)
{
	json_t *values = json_object();
	char name[16];

	for (int i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "v%d", i);
		json_object_set_new(values, name, json_integer(i));
	}
	return values;
}

int __wrap_lines_write(struct lines *lines, json_t *message, int timeout_ms, struct error *err)
{
	const char *type = json_string_value(json_object_get(message, "type"));
	static int pongs;
	long until = 0;
	char lie[32];

	if (!type || sscanf((const char *)orders, "LIE=%31s UNTIL=%ld", lie, &until) != 2 ||
	    time(NULL) >= until || (getpid() != 1 && !in_guest()))
		return __real_lines_write(lines, message, timeout_ms, err);
	if (!strcmp(lie, "hash") && !strcmp(type, "hello"))
		json_object_set_new(message, "hash", json_string("0123456789abcdef"));
	else if (!strcmp(lie, "numbers") && !strcmp(type, "trial"))
		json_object_set_new(message, "values", json_pack("{s:f}", "throughput", -1e300));
	else if (!strcmp(lie, "noise") && !strcmp(type, "hello"))
		make_noise();
	else if (!strcmp(lie, "absurd") && !strcmp(type, "trial"))
		json_object_set_new(message, "values", absurd_values());
	else if (!strcmp(lie, "stale") && !strcmp(type, "ended"))
		flood(lines, "{\"type\":\"trial\",\"id\":1}\n", SIZE_MAX);
	else if (!strcmp(lie, "idle") && !strcmp(type, "pong") && ++pongs == FIRST_PONGS)
		_exit(__real_lines_write(lines, message, timeout_ms, err) != 0);
	else if (!strcmp(type, "ended") && strcmp(lie, "hash") != 0 &&
		 strcmp(lie, "numbers") != 0 && strcmp(lie, "noise") != 0 &&
		 strcmp(lie, "absurd") != 0 && strcmp(lie, "idle") != 0)
		lie_instead(lines, lie);
	return __real_lines_write(lines, message, timeout_ms, err);
}
