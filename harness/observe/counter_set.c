/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns a list of names into a set of counters that this host can count. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "harness/observe/counters_private.h"

#define DEFAULT_LIST                                                                               \
	"instructions,cycles,branch-misses,cache-misses,dTLB-load-misses,page-faults,"             \
	"context-switches,cpu-migrations,task-clock,kvm-exits"

static int names_in(const char *list)
{
	int count = 1;

	for (; *list; list++)
		count += *list == ',';
	return count;
}

static bool asked_before(const struct counter_set *set, const char *name)
{
	for (int i = 0; i < set->count; i++)
		if (!strcmp(set->list[i].name, name))
			return true;
	return false;
}

static int add_name(struct counter_set *set, const char *name, struct error *err)
{
	struct counter *counter = &set->list[set->count];
	bool by_reason = !strcmp(name, "kvm-exits-by-reason");
	int rc;

	if (by_reason || !strcmp(name, "kvm-exits")) {
		if (asked_before(set, "kvm-exits"))
			return error_set(err, -EINVAL,
					 "the list of counters already has the exits that '%s' "
					 "counts",
					 name);
		counter_add_exits(set, by_reason);
		return 0;
	}
	if (asked_before(set, name))
		return error_set(err, -EINVAL, "the counter '%s' is listed twice", name);
	rc = counter_resolve(name, counter, err);
	if (rc)
		return rc;
	counter_try(set->system, counter);
	set->count++;
	return 0;
}

static int add_list(struct counter_set *set, const char *list, struct error *err)
{
	cleanup_free char *names = strdup(list);
	char *rest = names, *name;

	if (!names)
		return error_errno(err, -ENOMEM, "reading the list of counters");
	while ((name = strsep(&rest, ","))) {
		int rc;

		if (!*name)
			return error_set(err, -EINVAL,
					 "the list of counters '%s' contains an empty name", list);
		rc = add_name(set, name, err);
		if (rc)
			return rc;
	}
	return 0;
}

static bool has_hardware(const struct counter_set *set)
{
	for (int i = 0; i < set->count; i++)
		if (set->list[i].kind == COUNTER_HARDWARE && set->list[i].usable)
			return true;
	return false;
}

int counter_set_create(const char *list, const struct counter_system *system,
		       struct counter_set **set, struct error *err)
{
	struct counter_set *s = calloc(1, sizeof(*s));
	int rc = 0;

	*set = NULL;
	if (!list)
		list = DEFAULT_LIST;
	if (s)
		s->list = calloc((size_t)names_in(list) + EXITS_MAX, sizeof(*s->list));
	if (!s || !s->list) {
		free(s);
		return error_errno(err, -ENOMEM, "reading the list of counters");
	}
	s->system = system ? system : &counter_system_real;
	if (*list && strcmp(list, "none"))
		rc = add_list(s, list, err);
	if (rc) {
		counter_set_destroy(s);
		return rc;
	}
	if (has_hardware(s))
		counter_test_truth(s);
	*set = s;
	return 0;
}

void counter_set_destroy(struct counter_set *set)
{
	if (!set)
		return;
	free(set->list);
	free(set);
}

static const char *kind_name(enum counter_kind kind)
{
	static const char *const names[] = {
		[COUNTER_HARDWARE] = "hardware",
		[COUNTER_SOFTWARE] = "software",
		[COUNTER_EXITS] = "tracepoint",
	};

	return names[kind];
}

json_t *counter_set_describe(const struct counter_set *set)
{
	json_t *list = json_array();

	for (int i = 0; i < set->count; i++) {
		const struct counter *counter = &set->list[i];
		json_t *one = json_pack("{s:s, s:s, s:s, s:b, s:s}", "name", counter->name, "event",
					counter->encoding, "kind", kind_name(counter->kind),
					"usable", counter->usable, "reason", counter->reason);

		if (counter->kind == COUNTER_HARDWARE && *set->truth)
			json_object_set_new(one, "truth", json_string(set->truth));
		json_array_append_new(list, one);
	}
	return list;
}

/* Tries names that need no unit mask; the others are only listed. */
static void describe_name(void *context, const char *name)
{
	struct counter_set *set = context;

	if (!strncmp(name, "kvm-exits", 9) || counter_resolve(name, &set->list[set->count], NULL))
		return;
	counter_try(set->system, &set->list[set->count]);
	set->count++;
}

static void count_name(void *context, const char *name)
{
	(void)name;
	++*(size_t *)context;
}

static json_t *describe_all(const struct counter_system *system)
{
	struct counter_set set = {.system = system ? system : &counter_system_real};
	json_t *described = NULL;
	size_t names = 0;

	counter_all_names(count_name, &names);
	set.list = calloc(names + EXITS_MAX, sizeof(*set.list));
	if (!set.list)
		return NULL;
	counter_all_names(describe_name, &set);
	counter_add_exits(&set, true);
	if (has_hardware(&set))
		counter_test_truth(&set);
	described = counter_set_describe(&set);
	free(set.list);
	return described;
}

json_t *counters_available(bool all, const struct counter_system *system)
{
	struct counter_set *set;
	json_t *described;

	if (all)
		return describe_all(system);
	if (counter_set_create(NULL, system, &set, NULL))
		return NULL;
	described = counter_set_describe(set);
	counter_set_destroy(set);
	return described;
}
