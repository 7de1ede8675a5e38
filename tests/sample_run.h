/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run in memory for the tests of results: the plan, and trials one by one. */
#pragma once

#include <check.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "results/record.h"
#include "base/histogram.h"

#define SAMPLE_ARMS(list) "\"arms\":[" list "]"
#define SAMPLE_PLAN                                                                                \
	"{\"schema\":1,\"id\":\"sample\",\"status\":\"complete\","                                 \
	"\"study\":{\"name\":\"sample\",\"title\":\"A sample\",\"figure\":\"overhead\"},"          \
	"\"plan\":{\"preset\":\"quick\",\"seed\":42,\"baseline\":\"bare\",\"min_blocks\":12,"      \
	"\"max_blocks\":60,\"starts\":1,\"workloads\":["                                           \
	"{\"name\":\"cpu.work\",\"version\":1,\"panel\":\"cpu\",\"target\":0.05,\"values\":{},"    \
	"\"metrics\":[{\"name\":\"throughput\",\"unit\":\"op/s\",\"better\":\"higher\"},"          \
	"{\"name\":\"mean\",\"unit\":\"us\",\"better\":\"lower\",\"histogram\":\"latency\","       \
	"\"percentile\":0},"                                                                       \
	"{\"name\":\"p99\",\"unit\":\"us\",\"better\":\"lower\",\"histogram\":\"latency\","        \
	"\"percentile\":0.99},"                                                                    \
	"{\"name\":\"max\",\"unit\":\"us\",\"better\":\"lower\",\"histogram\":\"latency\","        \
	"\"percentile\":1}]}],"                                                                    \
	"\"arms\":[{\"id\":\"vm\",\"environment\":\"vm\",\"role\":\"subject\"},"                   \
	"{\"id\":\"bare\",\"environment\":\"bare\",\"role\":\"baseline\"},"                        \
	"{\"id\":\"bare#null\",\"environment\":\"bare\",\"role\":\"null\"}]},"                     \
	"\"environments\":{\"bare\":{\"label\":\"bare metal\",\"available\":true},"                \
	"\"vm\":{\"label\":\"VM (KVM)\",\"available\":true}}}"

static inline struct record *sample_record(void)
{
	json_t *run = json_loads(SAMPLE_PLAN, 0, NULL);
	struct record *record;
	struct error err;

	ck_assert_ptr_nonnull(run);
	ck_assert_msg(!record_create(run, &record, &err), "%s", err.message);
	json_decref(run);
	return record;
}

/* A sound trial; a test may change it before it is added. */
static inline json_t *sample_trial(const char *arm, int start, int block, double throughput)
{
	static double now; /* time never falls from one trial to the next */

	now += 1;
	return json_pack("{s:s, s:s, s:s, s:i, s:i, s:b, s:f, s:f, s:{s:f}, s:f, s:f, s:f, s:[]}",
			 "record", "trial", "workload", "cpu.work", "arm", arm, "start", start,
			 "block", block, "warmup", 0, "time", now, "operations", 1000.0, "values",
			 "throughput", throughput, "inside_seconds", 0.3, "outside_seconds", 0.301,
			 "host_cpu_seconds", 0.25, "flags");
}

static inline void sample_histogram(json_t *trial, const struct histogram *h)
{
	json_object_set_new(trial, "histograms",
			    json_pack("{s:o}", "latency", histogram_encode(h)));
}

static inline int sample_add(struct record *record, json_t *trial)
{
	int rc = record_add_line(record, trial, NULL);

	json_decref(trial);
	return rc;
}
