/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/session.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "workloads/describe.h"
#include "base/parameters.h"

#define SECONDS_MAX 3600

static int parse_role(const char *text, enum role *role, struct error *err)
{
	static const char *const names[] = {"run", "serve", "load"};

	for (int i = 0; i < 3; i++) {
		if (!strcmp(text ? text : "run", names[i])) {
			*role = (enum role)i;
			return 0;
		}
	}
	return error_set(err, -EINVAL, "unknown role %s; valid roles: run serve load", text);
}

static int parse_cpus(struct session *s, const json_t *list, struct error *err)
{
	const json_t *cpu;
	size_t i;

	free(s->cpus);
	s->cpus = calloc(json_array_size(list) + 1, sizeof(*s->cpus));
	if (!s->cpus)
		return error_set(err, -ENOMEM, "no memory for a CPU set");
	json_array_foreach (list, i, cpu) {
		json_int_t number = json_integer_value(cpu);

		if (!json_is_integer(cpu) || number < 0 || number >= CPU_SETSIZE)
			return error_set(err, -EINVAL, "cpus contains an invalid CPU number");
		s->cpus[i] = (int)number;
	}
	s->trial.cpus = s->cpus;
	s->trial.cpu_count = (int)json_array_size(list);
	return 0;
}

/* Threads and children of the workload inherit the set. */
static int pin(const struct trial *trial, struct error *err)
{
	cpu_set_t set;

	if (!trial->cpu_count)
		return 0;
	CPU_ZERO(&set);
	for (int i = 0; i < trial->cpu_count; i++)
		CPU_SET(trial->cpus[i], &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		return error_errno(err, -errno, "pinning to %d CPUs from CPU %d on",
				   trial->cpu_count, trial->cpus[0]);
	return 0;
}

static int parse_until(struct session *s, const json_t *until, struct error *err)
{
	const char *text = json_string_value(until);

	s->until_finish = until != NULL;
	if (until && (!text || strcmp(text, "finish") || s->role == ROLE_SERVE))
		return error_set(err, -EINVAL,
				 "invalid until=%s: only finish, and only with roles run and load",
				 text ? text : "(no text)");
	return 0;
}

/* Copies the numbers and strings of the message to session and trial. */
static int parse_request(struct session *s, const json_t *request, struct error *err)
{
	const json_t *seed = json_object_get(request, "seed");
	struct trial *trial = &s->trial;
	json_int_t port = json_integer_value(json_object_get(request, "port"));

	trial->seed = (uint64_t)json_integer_value(seed);
	trial->slow = json_number_value(json_object_get(request, "slow"));
	trial->scratch = json_string_value(json_object_get(request, "scratch"));
	trial->peer = json_string_value(json_object_get(request, "peer"));
	s->seconds = json_number_value(json_object_get(request, "seconds"));
	if (!(s->seconds > 0 && s->seconds <= SECONDS_MAX))
		return error_set(err, -EINVAL, "invalid seconds=%g: must be above 0 and at most %d",
				 s->seconds, SECONDS_MAX);
	if (!(trial->slow >= 0 && trial->slow <= 10))
		return error_set(err, -EINVAL, "invalid slow=%g: must be from 0 to 10",
				 trial->slow);
	if (trial->workload->needs.scratch_parameter && !trial->scratch)
		return error_set(err, -EINVAL, "%s needs a scratch directory, but none was given",
				 trial->workload->name);
	if (s->role == ROLE_LOAD && (!trial->peer || port < 1 || port > 65535))
		return error_set(err, -EINVAL, "role load needs the server's address and port");
	if ((s->role == ROLE_RUN) == trial->workload->needs.peer)
		return error_set(err, -EINVAL, "%s %s", trial->workload->name,
				 s->role == ROLE_RUN ? "runs on two sides: use roles serve and load"
						     : "runs on one side: use role run");
	trial->port = s->role == ROLE_LOAD ? (uint16_t)port : 0;
	if (parse_until(s, json_object_get(request, "until"), err))
		return err->code;
	return parse_cpus(s, json_object_get(request, "cpus"), err);
}

/* Prepared state is valid for messages in which these are equal. */
static json_t *key_of(const json_t *request, const json_t *parameters)
{
	static const char *const fields[] = {"workload", "role", "cpus", "scratch", "peer", "port"};
	json_t *key = json_object();

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		json_object_set(key, fields[i], json_object_get(request, fields[i]));
	json_object_set(key, "parameters", (json_t *)parameters);
	return key;
}

static void drop_results(struct trial *trial)
{
	json_decref(trial->values);
	json_decref(trial->notes);
	trial->values = trial->notes = NULL;
	trial->operations = 0;
}

void session_release(struct session *s)
{
	struct trial *trial = &s->trial;

	if (s->serving)
		trial->workload->finish(trial, NULL);
	if (s->prepared && trial->workload->cleanup)
		trial->workload->cleanup(trial);
	if (s->prepared)
		free(trial->state);
	for (int i = 0; i < WORKLOAD_HISTOGRAMS; i++)
		histogram_destroy(trial->histograms[i]);
	drop_results(trial);
	json_decref(trial->parameters);
	json_decref(s->key);
	json_decref(s->request);
	free(s->cpus);
	*s = (struct session){0};
}

/* The names of a workload's histograms, each once. Returns how many. */
static int histogram_names(const struct workload *w, const char *names[WORKLOAD_HISTOGRAMS])
{
	int count = 0, i;

	for (const struct metric *m = w->metrics; m->name; m++) {
		for (i = 0; i < count && m->histogram && strcmp(names[i], m->histogram); i++)
			;
		if (m->histogram && i == count && count < WORKLOAD_HISTOGRAMS)
			names[count++] = m->histogram;
	}
	return count;
}

static int allocate(struct trial *trial)
{
	const char *names[WORKLOAD_HISTOGRAMS];
	int count = histogram_names(trial->workload, names);

	for (int i = 0; i < count; i++)
		if (!(trial->histograms[i] = histogram_create()))
			return -ENOMEM;
	trial->state = calloc(1, trial->workload->state_bytes + 1);
	return trial->state ? 0 : -ENOMEM;
}

static json_t *encode_histograms(const struct trial *trial)
{
	const char *names[WORKLOAD_HISTOGRAMS];
	int count = histogram_names(trial->workload, names);
	json_t *encoded = json_object();

	for (int i = 0; i < count && trial->histograms[i]; i++)
		json_object_set_new(encoded, names[i], histogram_encode(trial->histograms[i]));
	return encoded;
}

static int prepare(struct session *s, struct error *err)
{
	const struct workload *w = s->trial.workload;
	int rc;

	if (s->role == ROLE_SERVE) {
		rc = 0;
		if (!s->serving) {
			rc = w->serve(&s->trial, err);
			s->port = s->trial.port;
		}
		s->serving = s->open = !rc;
		s->trial.port = s->port;
		return rc;
	}
	if (s->prepared)
		return 0;
	if (allocate(&s->trial))
		return error_set(err, -ENOMEM, "no memory for %s", w->name);
	s->prepared = true; /* cleanup is also called after a failure */
	return w->prepare ? w->prepare(&s->trial, err) : 0;
}

/* Accepts the message if there is no prepared state, or if that state may stay. */
static int take(struct session *s, const struct workload *w, json_t *request, struct error *err)
{
	cleanup_json json_t *entry = catalogue_entry(w), *parameters = NULL, *key = NULL;
	int rc =
		parameters_resolve(entry, json_object_get(request, "parameters"), &parameters, err);

	if (rc)
		return rc;
	key = key_of(request, parameters);
	if (!s->key || s->open || !json_equal(s->key, key))
		session_release(s);
	drop_results(&s->trial);
	json_decref(s->trial.parameters);
	json_decref(s->key);
	json_decref(s->request);
	s->request = json_incref(request);
	s->key = json_incref(key);
	s->trial.parameters = json_incref(parameters);
	s->trial.values = json_object();
	s->trial.notes = json_object();
	s->trial.workload = w;
	return parse_role(json_string_value(json_object_get(request, "role")), &s->role, err);
}

int session_open(struct session *s, json_t *request, struct error *err)
{
	const char *name = json_string_value(json_object_get(request, "workload"));
	const struct workload *w = workload_find(name ? name : "");
	int rc;

	if (!w)
		return error_set(err, -ENOENT, "unknown workload %s", name ? name : "(none)");
	s->ready = false;
	rc = take(s, w, request, err);
	rc = rc ?: parse_request(s, request, err);
	rc = rc ?: pin(&s->trial, err);
	rc = rc ?: prepare(s, err);
	if (rc) {
		session_release(s);
		return rc;
	}
	s->id = json_integer_value(json_object_get(request, "id"));
	s->ready = true;
	return 0;
}

void session_begin(struct session *s)
{
	struct trial *trial = &s->trial;

	for (int i = 0; i < WORKLOAD_HISTOGRAMS && trial->histograms[i]; i++)
		histogram_reset(trial->histograms[i]);
	s->ready = false;
	getrusage(RUSAGE_SELF, &s->before);
	getrusage(RUSAGE_CHILDREN, &s->children_before);
	s->start = clock_now();
	trial->start = trial->slice_start = s->start;
	trial->slice_cpu = 0;
	trial->deadline = s->start + (uint64_t)(s->seconds * 1e9);
}

static void stop_accounting(struct session *s)
{
	s->end = clock_now();
	getrusage(RUSAGE_SELF, &s->after);
	getrusage(RUSAGE_CHILDREN, &s->children_after);
}

static double between(struct timeval from, struct timeval to)
{
	return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_usec - from.tv_usec) / 1e6;
}

/* User and system time of the workload and of the children that it waited for. */
static double cpu_seconds(const struct session *s)
{
	return between(s->before.ru_utime, s->after.ru_utime) +
	       between(s->before.ru_stime, s->after.ru_stime) +
	       between(s->children_before.ru_utime, s->children_after.ru_utime) +
	       between(s->children_before.ru_stime, s->children_after.ru_stime);
}

/* For workloads that list it; excludes the time that neighbours took from the CPU. */
static void rate_by_cpu(struct session *s)
{
	struct trial *trial = &s->trial;

	for (const struct metric *m = trial->workload->metrics; m->name; m++)
		if (!strcmp(m->name, PER_CPU_SECOND) && cpu_seconds(s) > 0)
			trial_value(trial, m->name, trial->operations / cpu_seconds(s));
}

int session_run(struct session *s, struct error *err)
{
	int rc;

	session_begin(s);
	rc = s->trial.workload->run(&s->trial, err);
	stop_accounting(s);
	rate_by_cpu(s);
	return rc;
}

int session_verify(struct session *s, struct error *err)
{
	if (s->until_finish && !(s->trial.operations > 0))
		return 0; /* it ended before any operation */
	return s->trial.workload->verify(&s->trial, err);
}

int session_end(struct session *s, struct error *err)
{
	stop_accounting(s);
	s->open = false;
	if (s->trial.workload->served)
		return s->trial.workload->served(&s->trial, err);
	s->serving = false;
	return s->trial.workload->finish(&s->trial, err);
}

static json_t *usage(const struct session *s)
{
	const struct rusage *a = &s->before, *b = &s->after;
	const struct rusage *c = &s->children_before, *d = &s->children_after;

	return json_pack("{s:f, s:f, s:I, s:I, s:I, s:I}", "user",
			 between(a->ru_utime, b->ru_utime) + between(c->ru_utime, d->ru_utime),
			 "system",
			 between(a->ru_stime, b->ru_stime) + between(c->ru_stime, d->ru_stime),
			 "voluntary_switches",
			 (json_int_t)(b->ru_nvcsw - a->ru_nvcsw + d->ru_nvcsw - c->ru_nvcsw),
			 "involuntary_switches",
			 (json_int_t)(b->ru_nivcsw - a->ru_nivcsw + d->ru_nivcsw - c->ru_nivcsw),
			 "minor_faults",
			 (json_int_t)(b->ru_minflt - a->ru_minflt + d->ru_minflt - c->ru_minflt),
			 "major_faults",
			 (json_int_t)(b->ru_majflt - a->ru_majflt + d->ru_majflt - c->ru_majflt));
}

static int check_whole(const struct trial *trial, struct error *err)
{
	if (!(trial->operations > 0) || !isfinite(trial->operations))
		return error_set(err, -ENODATA, "%s completed no operation in its time: run longer",
				 trial->workload->name);
	for (const struct metric *m = trial->workload->metrics; m->name; m++)
		if (!m->histogram && !json_object_get(trial->values, m->name))
			return error_set(err, -ENODATA, "%s set no value for %s",
					 trial->workload->name, m->name);
	return 0;
}

json_t *session_trial(struct session *s, struct error *err)
{
	struct trial *trial = &s->trial;

	if (s->role != ROLE_SERVE && !s->until_finish && check_whole(trial, err))
		return NULL;
	return json_pack("{s:s, s:I, s:f, s:O, s:o, s:o, s:I, s:I, s:O}", "type", "trial", "id",
			 s->id, "operations", trial->operations, "values", trial->values,
			 "histograms", encode_histograms(trial), "usage", usage(s), "t_start",
			 (json_int_t)s->start, "t_end", (json_int_t)s->end, "notes", trial->notes);
}
