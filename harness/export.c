/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/export.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/border.h"
#include "base/cleanup.h"

#define TICKS_PER_HALF 5 /* lines each time that the remaining share halves */
#define NS_PER_US 1000.0

/* One field: the names separated by spaces. */
static void put_flags(FILE *out, const struct record *record, const struct record_trial *trial)
{
	char flags[4096] = "";
	size_t used = 0;

	for (unsigned bit = 0; bit < RECORD_FLAGS; bit++) {
		if (!(trial->flags >> bit & 1) || used >= sizeof(flags))
			continue;
		used += (size_t)snprintf(flags + used, sizeof(flags) - used, "%s%s",
					 used ? " " : "", record_flag_name(record, bit));
	}
	border_cut(flags);
	border_csv(out, flags);
}

static void put_trial(FILE *out, const struct record *record, const struct record_trial *trial,
		      int metric)
{
	const struct record_workload *workload = &record->workloads[trial->workload];
	const struct record_arm *arm = &record->arms[trial->arm];

	border_csv(out, workload->name);
	fputc(',', out);
	border_csv(out, arm->id);
	fputc(',', out);
	border_csv(out, arm->environment);
	fprintf(out, ",%u,%u,%d,%d,", trial->start, trial->block, trial->warmup, trial->valid);
	border_csv(out, trial->reason ? trial->reason : "");
	fputc(',', out);
	put_flags(out, record, trial);
	fputc(',', out);
	fields_csv_row(trial_fields, &trial->numbers, out);
	fputc(',', out);
	border_csv(out, workload->metrics[metric].name);
	fputc(',', out);
	border_csv(out, workload->metrics[metric].unit);
	fputc(',', out);
	if (trial->values && isfinite(trial->values[metric]))
		fprintf(out, "%.*g", FIELDS_DIGITS, trial->values[metric]);
	fputc('\n', out);
}

int export_csv(const struct record *record, FILE *out, struct error *err)
{
	fputs("workload,arm,environment,start,block,warmup,valid,reason,flags,", out);
	fields_csv_head(trial_fields, out);
	fputs(",metric,unit,value\n", out);
	for (uint32_t i = 0; i < record->trial_count; i++) {
		const struct record_trial *trial = &record->trials[i];

		for (int m = 0; m < record->workloads[trial->workload].metric_count; m++)
			put_trial(out, record, trial, m);
	}
	return ferror(out) ? error_set(err, -EIO, "cannot write the CSV") : 0;
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

/* HdrHistogram's layout: value, percentile, samples up to it, 1 / (1 - percentile). */
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

/* A file name from a name of any characters and length. */
static void file_name(char name[NAME_MAX - 8], const char *workload, const char *arm,
		      const char *histogram)
{
	snprintf(name, NAME_MAX - 8, "%.90s--%.90s--%.40s.hgrm", workload, arm, histogram);
	border_clean(name);
	for (char *c = name; *c; c++)
		if (*c == '/' || *c == ' ' || *c == '#')
			*c = '_';
}

static int write_file(const struct directory *directory, const struct record *record, int workload,
		      int arm, const char *histogram, const struct histogram *h, struct error *err)
{
	cleanup_free char *text = NULL;
	char name[NAME_MAX - 8];
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return error_errno(err, -ENOMEM, "exporting");
	put_distribution(out, h);
	if (fclose(out))
		return error_errno(err, -ENOMEM, "exporting");
	file_name(name, record->workloads[workload].name, record->arms[arm].id, histogram);
	return directory_replace(directory, name, text, size, err);
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

/* Histograms are named by the metrics derived from them; several metrics share one. */
static bool is_first(const struct record_workload *workload, int metric)
{
	const char *name = workload->metrics[metric].histogram;

	for (int i = 0; name && i < metric; i++)
		if (workload->metrics[i].histogram &&
		    strcmp(workload->metrics[i].histogram, name) == 0)
			return false;
	return name != NULL;
}

int export_hgrm(const struct record *record, const struct directory *directory, int *count,
		struct error *err)
{
	struct histogram *sum = histogram_create();
	int rc = 0;

	*count = 0;
	if (!sum)
		return error_errno(err, -ENOMEM, "exporting");
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
