/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parses what was copied around a trial, after the trial. */
#include "harness/observe/evidence.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/observe/evidence_sources.h"
#include "harness/observe/procfs.h"

#define STEAL_SHARE 0.01    /* of the trial CPUs' time */
#define OTHERS_SHARE 0.05   /* likewise, used by other processes */
#define STALL_SHARE 0.01    /* share of the trial in which tasks stalled on memory */
#define CACHE_FACTOR 1.1    /* claimed bytes over the device's */
#define FREQUENCY_SHARE 0.9 /* share of the highest frequency seen */

/* A number in a file, as the difference between end and begin. */
struct fact {
	const char *name;
	enum source_kind source;
	const char *line;
	int field;
	double unit; /* unit of the number */
};

static const struct fact facts[] = {
	{"psi_cpu_seconds", SOURCE_PSI_CPU, "some", 4, 1e-6},
	{"psi_io_seconds", SOURCE_PSI_IO, "some", 4, 1e-6},
	{"psi_memory_seconds", SOURCE_PSI_MEMORY, "some", 4, 1e-6},
	{"interrupts", SOURCE_STAT, "intr", 1, 1},
	{"soft_interrupts", SOURCE_STAT, "softirq", 1, 1},
	{"host_context_switches", SOURCE_STAT, "ctxt", 1, 1},
	{"host_processes_started", SOURCE_STAT, "processes", 1, 1},
	{"page_in_bytes", SOURCE_VMSTAT, "pgpgin", 1, 1024},
	{"page_out_bytes", SOURCE_VMSTAT, "pgpgout", 1, 1024},
	{"swap_in_pages", SOURCE_VMSTAT, "pswpin", 1, 1},
	{"swap_out_pages", SOURCE_VMSTAT, "pswpout", 1, 1},
	{"host_major_faults", SOURCE_VMSTAT, "pgmajfault", 1, 1},
};

static const struct fact device_read = {"device_read_bytes", SOURCE_DEVICE, "", 3, 512};
static const struct fact device_written = {"device_written_bytes", SOURCE_DEVICE, "", 7, 512};
static const struct fact throttled_v2 = {"", SOURCE_THROTTLE_USEC, "throttled_usec", 1, 1e-6};
static const struct fact throttled_v1 = {"", SOURCE_THROTTLE_NSEC, "throttled_time", 1, 1e-9};
static const struct fact waited = {"", SOURCE_THREAD_WAIT, "", 2, 1e-9};
static const struct fact preempted = {"", SOURCE_THREAD_STATUS, "nonvoluntary_ctxt_switches:", 1,
				      1};
static const struct fact thermal = {"", SOURCE_THERMAL, "", 1, 1};

static double difference_of(const struct source *source, const struct fact *fact)
{
	double begin, end;

	if (source->fd < 0 || source->code ||
	    !proc_number(source->text[0], fact->line, fact->field, &begin) ||
	    !proc_number(source->text[1], fact->line, fact->field, &end))
		return NAN;
	return (end - begin) * fact->unit;
}

/* The sum over all sources of the fact's kind (threads, CPUs); NaN if it is missing in one. */
static double difference(const struct evidence *evidence, const struct fact *fact)
{
	double sum = NAN;

	for (int i = 0; i < evidence->source_count; i++)
		if (evidence->sources[i].kind == fact->source) {
			double one = difference_of(&evidence->sources[i], fact);

			sum = isnan(sum) ? one : sum + one;
			if (isnan(one))
				return NAN;
		}
	return sum;
}

static json_t *not_available(const struct evidence *evidence, enum source_kind kind)
{
	const struct source *source = evidence_source(evidence, kind);

	if (!source)
		return json_string("n/a (this environment has none)");
	if (source->code)
		return json_sprintf("n/a (%s: %s)", source->path, strerror(-source->code));
	return json_sprintf("n/a (not in %s)", source->path);
}

static void put(json_t *result, const struct evidence *evidence, const char *name,
		enum source_kind kind, double value)
{
	json_object_set_new(result, name,
			    isfinite(value) ? json_real(value) : not_available(evidence, kind));
}

static void flag(json_t *result, json_t *flags, const char *name, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void flag(json_t *result, json_t *flags, const char *name, const char *format, ...)
{
	json_t *reasons = json_object_get(result, "reasons");
	char text[256];
	va_list args;

	if (!reasons) {
		reasons = json_object();
		json_object_set_new(result, "reasons", reasons);
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (!json_object_get(reasons, name))
		json_array_append_new(flags, json_string(name));
	json_object_set_new(reasons, name, json_string(text));
}

/* Steal is in units of 10 ms: in a short trial a single one exceeds the limit. */
static void judge_steal(const struct evidence *evidence, const struct evidence_claim *claim,
			json_t *result, json_t *flags)
{
	double steal = 0;

	for (int i = 0; i < evidence->cpu_count; i++) {
		char line[32];
		struct fact fact = {"", SOURCE_STAT, line, 8, 1.0 / (double)sysconf(_SC_CLK_TCK)};

		snprintf(line, sizeof(line), "cpu%d", evidence->cpus[i]);
		steal += difference(evidence, &fact);
	}
	put(result, evidence, "steal_seconds", SOURCE_STAT, steal);
	if (steal > STEAL_SHARE * claim->seconds * evidence->cpu_count)
		flag(result, flags, "steal", "%.3f s of the trial CPUs' %.3f s were stolen", steal,
		     claim->seconds * evidence->cpu_count);
}

static double cpu_difference(const struct evidence *evidence, int cpu)
{
	const struct source *source = evidence_source(evidence, SOURCE_CPU);

	if (!source || source->fd < 0 || source->code)
		return NAN;
	return cpu_source_seconds(evidence->cpu_source, source->text[1], cpu) -
	       cpu_source_seconds(evidence->cpu_source, source->text[0], cpu);
}

double evidence_host_cpu(const struct evidence *evidence)
{
	return cpu_difference(evidence, -1);
}

/* Work on the trial's CPUs by others than the instance. The limit leaves room for kernel threads
 * that work for it (kworkers), which cannot be distinguished. */
static void judge_others(const struct evidence *evidence, const struct evidence_claim *claim,
			 json_t *result, json_t *flags)
{
	double used = 0, room = claim->seconds * evidence->cpu_count, others;

	for (int i = 0; i < evidence->cpu_count; i++)
		used += cpu_difference(evidence, evidence->cpus[i]);
	put(result, evidence, "trial_cpu_seconds", SOURCE_CPU, used);
	if (!(claim->cpu_seconds >= 0) || isnan(used))
		return;
	others = fmax(0, used - claim->cpu_seconds);
	json_object_set_new(result, "others_cpu_seconds", json_real(others));
	if (others > OTHERS_SHARE * room && evidence->cpu_source < CPU_CGROUP2)
		flag(result, flags, "preempted",
		     "other processes used %.3f s of the trial CPUs' %.3f s", others, room);
}

static void judge_waiting(const struct evidence *evidence, const struct evidence_claim *claim,
			  json_t *result)
{
	double outside = difference(evidence, &preempted);

	put(result, evidence, "run_queue_seconds", SOURCE_THREAD_WAIT,
	    difference(evidence, &waited));
	put(result, evidence, "involuntary_switches", SOURCE_THREAD_STATUS,
	    claim->switches >= 0 ? claim->switches : outside);
}

static void judge_throttling(const struct evidence *evidence, json_t *result, json_t *flags)
{
	double limited = difference(evidence, &throttled_v2), hot = difference(evidence, &thermal);

	if (isnan(limited))
		limited = difference(evidence, &throttled_v1);
	put(result, evidence, "throttled_seconds", SOURCE_THROTTLE_USEC, limited);
	put(result, evidence, "thermal_events", SOURCE_THERMAL, hot);
	if (limited > 0)
		flag(result, flags, "throttled", "the CPU limit throttled it for %.3f s", limited);
	if (hot > 0)
		flag(result, flags, "throttled",
		     "the processor overheated and slowed down %.0f times", hot);
}

static void judge_frequency(struct evidence *evidence, json_t *result, json_t *flags)
{
	double sum = 0, khz;
	int known = 0;

	for (int i = 0; i < evidence->source_count; i++) {
		const struct source *source = &evidence->sources[i];

		if (source->kind == SOURCE_FREQUENCY && source->fd >= 0 && !source->code &&
		    proc_number(source->text[1], "", 1, &khz)) {
			sum += khz / 1e3;
			known++;
		}
	}
	put(result, evidence, "frequency_mhz", SOURCE_FREQUENCY, known ? sum / known : NAN);
	if (!known)
		return;
	evidence->highest_mhz = fmax(evidence->highest_mhz, sum / known);
	if (sum / known < FREQUENCY_SHARE * evidence->highest_mhz)
		flag(result, flags, "frequency",
		     "%.0f MHz at the end, up to %.0f MHz in earlier trials", sum / known,
		     evidence->highest_mhz);
}

static void judge_memory(const struct evidence_claim *claim, json_t *result, json_t *flags)
{
	double stalled = json_number_value(json_object_get(result, "psi_memory_seconds"));
	double swapped = json_number_value(json_object_get(result, "swap_in_pages")) +
			 json_number_value(json_object_get(result, "swap_out_pages"));

	if (stalled > STALL_SHARE * claim->seconds)
		flag(result, flags, "pressure", "tasks stalled on memory for %.3f s", stalled);
	if (swapped > 0)
		flag(result, flags, "swap", "%.0f pages were swapped", swapped);
}

static void judge_bytes(const struct evidence *evidence, const struct fact *fact, double claimed,
			const char *verb, json_t *result, json_t *flags)
{
	double moved = difference(evidence, fact);

	put(result, evidence, fact->name, SOURCE_DEVICE, moved);
	if (claimed > CACHE_FACTOR * moved)
		flag(result, flags, "cache answered",
		     "%.0f bytes were %s, but only %.0f of them on %s", claimed, verb, moved,
		     evidence->device.name);
}

static void judge_device(const struct evidence *evidence, const struct evidence_claim *claim,
			 json_t *result, json_t *flags)
{
	if (!evidence->device.name[0]) {
		json_object_set_new(result, "device",
				    json_sprintf("n/a (%s)", evidence->device.reason));
		return;
	}
	json_object_set_new(result, "device", json_string(evidence->device.name));
	judge_bytes(evidence, &device_written, claim->written_bytes, "written", result, flags);
	judge_bytes(evidence, &device_read, claim->read_bytes, "read", result, flags);
}

json_t *evidence_result(struct evidence *evidence, const struct evidence_claim *claim,
			json_t *flags)
{
	json_t *result = json_object();

	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		put(result, evidence, facts[i].name, facts[i].source,
		    difference(evidence, &facts[i]));
	judge_steal(evidence, claim, result, flags);
	judge_others(evidence, claim, result, flags);
	judge_waiting(evidence, claim, result);
	judge_throttling(evidence, result, flags);
	judge_frequency(evidence, result, flags);
	judge_memory(claim, result, flags);
	judge_device(evidence, claim, result, flags);
	return result;
}
