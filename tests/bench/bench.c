/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench [-n PAIRS] [-s SCRATCH] [-o DIRECTORY] [-r] [GLOB]...
 *
 * Measures the comparisons whose names match (all, where none is named), stores their pairs in
 * DIRECTORY and prints the table of everything that is stored there. -r: all that is measured gets
 * a real-time priority, for machines that have other work to do as well.
 */
#include <errno.h>
#include <jansson.h>
#include <fnmatch.h>
#include <math.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/command.h"
#include "base/file.h"
#include "harness/procedure/interrupt.h"
#include "harness/plan/placement.h"
#include "tests/bench/bench.h"

#define PAIRS 12

struct bench {
	const char *scratch, *directory;
	char own_scratch[256];
	int pairs;
	bool real_time;
	struct place place;
};

/* What listens, listens where nobody else can reach it: in a namespace with a loopback only. */
static int leave_network(struct error *err)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int fd, rc;

	if (unshare(CLONE_NEWNET))
		return error_errno(err, -errno, "a network namespace (bench needs root)");
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	rc = fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) ? -errno : 0;
	if (fd >= 0)
		close(fd);
	return rc ? error_errno(err, rc, "starting the loopback") : 0;
}

/* The last CPU allowed is the trial's, the first one the other side's. */
static void choose_cpus(struct place *place)
{
	cpu_set_t allowed;

	sched_getaffinity(0, sizeof(allowed), &allowed);
	for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--)
		if (CPU_ISSET((size_t)cpu, &allowed))
			place->other_cpu_number = cpu;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET((size_t)cpu, &allowed))
			place->trial_cpu_number = cpu;
	snprintf(place->trial_cpu, sizeof(place->trial_cpu), "%d", place->trial_cpu_number);
	snprintf(place->other_cpu, sizeof(place->other_cpu), "%d", place->other_cpu_number);
}

static int measure(const struct place *place, const struct job *job, void *state, json_t *result,
		   const char *key, struct error *err)
{
	struct sample sample = {NAN, NAN};
	char key_p99[32];
	int rc = job->arm->measure(place, job, state, &sample, err);

	if (rc)
		return rc;
	snprintf(key_p99, sizeof(key_p99), "%s_p99", key);
	json_array_append_new(json_object_get(result, key), json_real(sample.value));
	if (isfinite(sample.p99))
		json_array_append_new(json_object_get(result, key_p99), json_real(sample.p99));
	return 0;
}

static int begin(const struct place *place, const struct job *job, void **state, struct error *err)
{
	*state = NULL;
	return job->arm && job->arm->begin ? job->arm->begin(place, job, state, err) : 0;
}

static void end(const struct job *job, void *state)
{
	if (job->arm && job->arm->end)
		job->arm->end(state);
}

/* One pair before the first is thrown away: caches, files, the frequency of the CPU. */
static int measure_pairs(const struct bench *bench, const struct comparison *c, json_t *result,
			 struct error *err)
{
	cleanup_json json_t *warm_up = json_object();
	void *ours, *theirs = NULL;
	int rc = begin(&bench->place, &c->ours, &ours, err);

	if (!rc)
		rc = begin(&bench->place, &c->theirs, &theirs, err);
	for (int i = -1; i < bench->pairs && !rc; i++) {
		json_t *into = i < 0 ? warm_up : result;

		rc = interrupted() ? error_set(err, -EINTR, "interrupted")
				   : measure(&bench->place, &c->ours, ours, into, "ours", err);
		if (!rc && c->theirs.arm)
			rc = measure(&bench->place, &c->theirs, theirs, into, "theirs", err);
	}
	end(&c->theirs, theirs);
	end(&c->ours, ours);
	return rc;
}

/* The machine and the day, as the table's last line says them. */
static json_t *where(void)
{
	cleanup_free char *cpuinfo = NULL;
	char model[128] = "unknown CPU", day[32];
	time_t now = time(NULL);
	struct utsname names;
	struct tm utc;
	const char *at;

	uname(&names);
	strftime(day, sizeof(day), "%Y-%m-%d", gmtime_r(&now, &utc));
	if (!file_read("/proc/cpuinfo", 4 << 20, &cpuinfo, NULL, NULL) &&
	    (at = strstr(cpuinfo, "model name")) && (at = strchr(at, ':')))
		sscanf(at, ": %127[^\n]", model);
	return json_sprintf("%s, %s, %ld CPUs, Linux %s", day, model, sysconf(_SC_NPROCESSORS_ONLN),
			    names.release);
}

static void compare(const struct bench *bench, const struct comparison *c)
{
	cleanup_json json_t *result = json_pack("{s:s, s:[], s:[], s:[], s:[]}", "name", c->name,
						"ours", "theirs", "ours_p99", "theirs_p99");
	struct error err = {0};
	double load[2] = {0};
	char path[512];

	fprintf(stderr, "%s\n", c->name);
	getloadavg(&load[0], 1);
	if (measure_pairs(bench, c, result, &err)) {
		fprintf(stderr, "bench: %s: %s\n", c->name, err.message);
		json_object_set_new(result, "failure", json_string(err.message));
	}
	getloadavg(&load[1], 1);
	json_object_set_new(result, "load", json_real(fmax(load[0], load[1])));
	json_object_set_new(result, "where", where());
	json_object_set_new(result, "real_time", json_boolean(bench->real_time));
	result_path(bench->directory, c, path, sizeof(path));
	if (!interrupted() && json_dump_file(result, path, JSON_INDENT(1)))
		fprintf(stderr, "bench: %s cannot be written\n", path);
}

static bool wanted(const struct comparison *c, char *const globs[])
{
	if (!*globs)
		return true;
	for (; *globs; globs++)
		if (!fnmatch(*globs, c->name, 0))
			return true;
	return false;
}

static int parse(struct bench *bench, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "n:s:o:r")) != -1) {
		switch (option) {
		case 'n':
			bench->pairs = atoi(optarg);
			break;
		case 's':
			bench->scratch = optarg;
			break;
		case 'o':
			bench->directory = optarg;
			break;
		case 'r':
			bench->real_time = true;
			break;
		default:
			return -EINVAL;
		}
	}
	return bench->pairs < 3 ? -EINVAL : 0;
}

static int set_up(struct bench *bench, struct error *err)
{
	const struct sched_param lowest = {.sched_priority = 1};
	int rc;

	choose_cpus(&bench->place);
	snprintf(bench->own_scratch, sizeof(bench->own_scratch), "%s/tare-bench-XXXXXX",
		 bench->scratch);
	if (mkdir(bench->directory, 0755) && errno != EEXIST)
		return error_errno(err, -errno, "making %s", bench->directory);
	rc = leave_network(err);
	if (rc)
		return rc;
	if (!mkdtemp(bench->own_scratch))
		return error_errno(err, -errno, "making %s", bench->own_scratch);
	bench->place.scratch = bench->own_scratch;
	if (bench->real_time && sched_setscheduler(0, SCHED_RR, &lowest))
		return error_errno(err, -errno, "-r: a real-time priority");
	return 0;
}

int main(int argc, char **argv)
{
	struct bench bench = {.scratch = "/var/tmp",
			      .directory = "build/bench/results",
			      .pairs = PAIRS,
			      .place = {.agent = "./tare-agent", .programs = "build/bench"}};
	struct error err = {0};
	int rc;

	if (parse(&bench, argc, argv)) {
		fprintf(stderr,
			"usage: %s [-n PAIRS] [-s SCRATCH] [-o DIRECTORY] [-r] [GLOB]...\n"
			"at least 3 PAIRS\n",
			argv[0]);
		return 2;
	}
	interrupt_catch();
	rc = set_up(&bench, &err);
	for (const struct comparison *c = comparisons; !rc && c->name && !interrupted(); c++)
		if (wanted(c, argv + optind))
			compare(&bench, c);
	if (!rc)
		rc = table_write(bench.directory, &err);
	if (bench.place.scratch)
		command_run((const char *const[]){"rm", "-r", "-f", bench.own_scratch, NULL}, NULL,
			    30000, NULL, NULL);
	if (rc)
		fprintf(stderr, "bench: %s\n", err.message);
	return rc ? 1 : interrupted() ? 130 : 0;
}
