/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of counters, from libpfm4; for an unknown name, the nearest ones. */
#include <errno.h>
#include <perfmon/pfmlib_perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/observe/counters_private.h"

#define NEAREST 3
#define NAME_SIZE 128

/* The generic names as perf spells them; libpfm4 ignores case. */
static const char *const usual_names[] = {
	"instructions",
	"cycles",
	"branches",
	"branch-misses",
	"cache-references",
	"cache-misses",
	"dTLB-loads",
	"dTLB-load-misses",
	"iTLB-load-misses",
	"L1-dcache-loads",
	"L1-dcache-load-misses",
	"LLC-loads",
	"LLC-load-misses",
	"stalled-cycles-frontend",
	"stalled-cycles-backend",
	"ref-cycles",
	"bus-cycles",
	"page-faults",
	"minor-faults",
	"major-faults",
	"context-switches",
	"cpu-migrations",
	"task-clock",
	"cpu-clock",
	"alignment-faults",
	"emulation-faults",
	"kvm-exits",
	"kvm-exits-by-reason",
};

struct nearest {
	const char *wanted;
	char names[NEAREST][NAME_SIZE];
	int distances[NEAREST];
};

static int smallest(int a, int b, int c)
{
	int ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Levenshtein distance, ignoring case; both at most NAME_SIZE long. */
static int distance(const char *a, const char *b)
{
	int row[NAME_SIZE + 1], columns = (int)strnlen(b, NAME_SIZE);

	for (int j = 0; j <= columns; j++)
		row[j] = j;
	for (int i = 0; i < NAME_SIZE && a[i]; i++) {
		int diagonal = row[0];

		row[0] = i + 1;
		for (int j = 0; j < columns; j++) {
			int change = strncasecmp(&a[i], &b[j], 1) ? 1 : 0;
			int next = smallest(row[j] + 1, row[j + 1] + 1, diagonal + change);

			diagonal = row[j + 1];
			row[j + 1] = next;
		}
	}
	return row[columns];
}

static void keep_if_near(void *context, const char *name)
{
	struct nearest *nearest = context;
	int d = distance(nearest->wanted, name), i = NEAREST - 1;

	if (nearest->names[i][0] && nearest->distances[i] <= d)
		return;
	for (; i > 0 && (!nearest->names[i - 1][0] || nearest->distances[i - 1] > d); i--) {
		memcpy(nearest->names[i], nearest->names[i - 1], NAME_SIZE);
		nearest->distances[i] = nearest->distances[i - 1];
	}
	snprintf(nearest->names[i], NAME_SIZE, "%s", name);
	nearest->distances[i] = d;
}

static void events_of(int pmu, const char *prefix, void (*each)(void *, const char *),
		      void *context)
{
	pfm_pmu_info_t info = {.size = sizeof(info)};
	int index;

	if (pfm_get_pmu_info((pfm_pmu_t)pmu, &info) || !info.is_present)
		return;
	for (index = info.first_event; index >= 0; index = pfm_get_event_next(index)) {
		pfm_event_info_t event = {.size = sizeof(event)};
		char name[NAME_SIZE];

		if (pfm_get_event_info(index, PFM_OS_PERF_EVENT_EXT, &event))
			continue;
		snprintf(name, sizeof(name), "%s%s%s", prefix ? info.name : "",
			 prefix ? prefix : "", event.name);
		each(context, name);
	}
}

void counter_all_names(void (*each)(void *context, const char *name), void *context)
{
	int pmu;

	for (size_t i = 0; i < sizeof(usual_names) / sizeof(*usual_names); i++)
		each(context, usual_names[i]);
	if (pfm_initialize())
		return;
	pfm_for_all_pmus(pmu) if (pmu != PFM_PMU_PERF_EVENT && pmu != PFM_PMU_PERF_EVENT_RAW)
		events_of(pmu, "::", each, context);
}

static int refuse(const char *name, const char *why, struct error *err)
{
	struct nearest nearest = {.wanted = name};

	counter_all_names(keep_if_near, &nearest);
	return error_set(err, -EINVAL,
			 "unknown counter '%s' (%s); did you mean %s, %s or %s? `tare list "
			 "counters` shows what this host can count",
			 name, why, nearest.names[0], nearest.names[1], nearest.names[2]);
}

int counter_resolve(const char *name, struct counter *counter, struct error *err)
{
	pfm_perf_encode_arg_t encode = {.size = sizeof(encode), .attr = &counter->attr};
	char *encoding = NULL;
	int rc;

	*counter = (struct counter){.attr = {.size = sizeof(counter->attr)}};
	if (strlen(name) >= sizeof(counter->name))
		return refuse(name, "too long", err);
	snprintf(counter->name, sizeof(counter->name), "%s", name);
	rc = pfm_initialize();
	if (rc)
		return error_set(err, -ENOTSUP, "cannot initialize libpfm4: %s", pfm_strerror(rc));
	encode.fstr = &encoding;
	rc = pfm_get_os_event_encoding(name, PFM_PLM0 | PFM_PLM3, PFM_OS_PERF_EVENT_EXT, &encode);
	if (rc)
		return refuse(name, pfm_strerror(rc), err);
	snprintf(counter->encoding, sizeof(counter->encoding), "%s", encoding ? encoding : name);
	free(encoding);
	counter->kind =
		counter->attr.type == PERF_TYPE_SOFTWARE ? COUNTER_SOFTWARE : COUNTER_HARDWARE;
	return 0;
}
