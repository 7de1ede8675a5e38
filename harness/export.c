/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/export.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"

#define TICKS_PER_HALF 5 /* lines from one halving of what is left to the next */
#define NS_PER_US 1000.0

/* RFC 4180: in quotes where it has to be. */
static void put_text(FILE *out, const char *text)
{
	if (!strpbrk(text, ",\"\n")) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void put_number(FILE *out, double value)
{
	fputc(',', out);
	if (isfinite(value))
		fprintf(out, "%.9g", value);
}

static void put_flags(FILE *out, const struct record *record, const struct record_trial *trial)
{
	const char *separator = "";

	for (unsigned bit = 0; bit < RECORD_FLAGS; bit++) {
		if (!(trial->flags >> bit & 1))
			continue;
		fprintf(out, "%s%s", separator, record_flag_name(record, bit));
		separator = " ";
	}
}

static void put_trial(FILE *out, const struct record *record, const struct record_trial *trial,
		      int metric)
{
	const struct record_workload *workload = &record->workloads[trial->workload];
	const struct record_arm *arm = &record->arms[trial->arm];

	put_text(out, workload->name);
	fputc(',', out);
	put_text(out, arm->id);
	fputc(',', out);
	put_text(out, arm->environment);
	fprintf(out, ",%u,%u,%d,%d,", trial->start, trial->block, trial->warmup, trial->valid);
	put_text(out, trial->reason ? trial->reason : "");
	fputc(',', out);
	put_flags(out, record, trial);
	put_number(out, trial->time);
	put_number(out, trial->inside_seconds);
	put_number(out, trial->outside_seconds);
	put_number(out, trial->operations);
	put_number(out, trial->host_cpu_seconds);
	fprintf(out, ",%s,%s", workload->metrics[metric].name, workload->metrics[metric].unit);
	put_number(out, trial->values ? trial->values[metric] : NAN);
	fputc('\n', out);
}

int export_csv(const struct record *record, FILE *out)
{
	fputs("workload,arm,environment,start,block,warmup,valid,reason,flags,time,inside_seconds,"
	      "outside_seconds,operations,host_cpu_seconds,metric,unit,value\n",
	      out);
	for (uint32_t i = 0; i < record->trial_count; i++) {
		const struct record_trial *trial = &record->trials[i];

		for (int m = 0; m < record->workloads[trial->workload].metric_count; m++)
			put_trial(out, record, trial, m);
	}
	return ferror(out) ? -EIO : 0;
}

/* Standard deviation of the samples, ns, each at the middle of its bucket. */
static double deviation(const struct histogram *h)
{
	double mean = histogram_mean(h), sum = 0;

	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		double distance = histogram_value(i) - mean;

		sum += (double)h->counts[i] * distance * distance;
	}
	return sqrt(sum / (double)h->count);
}

/* HdrHistogram's own layout: value, percentile, samples up to it, 1 / (1 - percentile). */
static void put_distribution(FILE *out, const struct histogram *h)
{
	double left = 1, step = 0.5 / TICKS_PER_HALF;
	uint64_t below = 0;
	unsigned index = 0;

	fprintf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount",
		"1/(1-Percentile)");
	while (left * (double)h->count >= 1) {
		uint64_t wanted = (uint64_t)ceil((1 - left) * (double)h->count);

		if (wanted == 0)
			wanted = 1;
		while (index < HISTOGRAM_BUCKETS - 1 && below + h->counts[index] < wanted)
			below += h->counts[index++];
		fprintf(out, "%12.3f %2.12f %10llu %14.2f\n", histogram_value(index) / NS_PER_US,
			1 - left, (unsigned long long)(below + h->counts[index]), 1 / left);
		left -= step;
		if (left < step * TICKS_PER_HALF + step / 2)
			step /= 2;
	}
	fprintf(out, "%12.3f %2.12f %10llu\n", (double)h->max / NS_PER_US, 1.0,
		(unsigned long long)h->count);
	fprintf(out, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n",
		histogram_mean(h) / NS_PER_US, deviation(h) / NS_PER_US);
	fprintf(out, "#[Max     = %12.3f, Total count    = %12llu]\n", (double)h->max / NS_PER_US,
		(unsigned long long)h->count);
	fprintf(out, "#[Buckets = %12d, SubBuckets     = %12d]\n",
		HISTOGRAM_MAX_BITS - HISTOGRAM_SUB_BITS + 1, 1 << HISTOGRAM_SUB_BITS);
}

/* A file name of what may hold any character. */
static char *file_name(const char *directory, const char *workload, const char *arm,
		       const char *histogram)
{
	char *path;

	if (asprintf(&path, "%s/%s--%s--%s.hgrm", directory, workload, arm, histogram) < 0)
		return NULL;
	for (char *c = path + strlen(directory) + 1; *c; c++)
		if (*c == '/' || *c == ' ' || *c == '#')
			*c = '_';
	return path;
}

static int write_file(const char *directory, const struct record *record, int workload, int arm,
		      const char *name, const struct histogram *h, struct error *err)
{
	cleanup_free char *path =
		file_name(directory, record->workloads[workload].name, record->arms[arm].id, name);
	cleanup_file FILE *out = NULL;

	if (!path)
		return error_errno(err, -ENOMEM, "exporting");
	out = file_create(path);
	if (!out)
		return error_errno(err, -errno, "creating %s", path);
	put_distribution(out, h);
	return fflush(out) ? error_errno(err, -errno, "writing %s", path) : 0;
}

static void merge(const struct record *record, int workload, int arm, const char *name,
		  struct histogram *sum)
{
	histogram_reset(sum);
	for (uint32_t i = 0; i < record->trial_count; i++) {
		const struct record_trial *trial = &record->trials[i];

		if (trial->valid && trial->workload == workload && trial->arm == arm)
			record_histogram(trial, name, 1, sum);
	}
}

/* Histograms are named by the metrics that are drawn from them; several metrics share one. */
static bool is_first(const struct record_workload *workload, int metric)
{
	const char *name = workload->metrics[metric].histogram;

	for (int i = 0; name && i < metric; i++)
		if (workload->metrics[i].histogram &&
		    strcmp(workload->metrics[i].histogram, name) == 0)
			return false;
	return name != NULL;
}

int export_hgrm(const struct record *record, const char *directory, int *count, struct error *err)
{
	struct histogram *sum = histogram_create();
	int rc = 0;

	*count = 0;
	if (!sum)
		return error_errno(err, -ENOMEM, "exporting");
	if (mkdir(directory, 0700) && errno != EEXIST)
		rc = error_errno(err, -errno, "creating %s", directory);
	for (int w = 0; w < record->workload_count && !rc; w++) {
		const struct record_workload *workload = &record->workloads[w];

		for (int m = 0; m < workload->metric_count && !rc; m++) {
			for (int arm = 0; arm < record->arm_count && !rc; arm++) {
				if (!is_first(workload, m))
					break;
				merge(record, w, arm, workload->metrics[m].histogram, sum);
				if (!sum->count)
					continue;
				rc = write_file(directory, record, w, arm,
						workload->metrics[m].histogram, sum, err);
				*count += !rc;
			}
		}
	}
	histogram_destroy(sum);
	return rc;
}
