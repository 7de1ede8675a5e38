/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trial's line in trials.jsonl. A number with IN_RECORD is read into struct line, from there into
 * the record; the harness writes them, and what has none of that is only written. */
#include "results/trial_fields.h"

#include "results/trial_line.h"

_Static_assert(offsetof(struct line, numbers) == 0, "columns of CSV are fields of trial_numbers");

static const char *const record_names[] = {"trial", NULL};

#define AT(member) .offset = offsetof(struct line, member)
#define JSON (IN_JSON | REQUIRED)
#define READ (IN_JSON | IN_RECORD)

/* clang-format off */
const struct field trial_fields[] = {
	{"record", FIELD_TEXT, JSON, .words = record_names, .meaning = "what kind of line it is"},
	{"sequence", FIELD_INTEGER, JSON, .meaning = "of the trial in the run"},
	{"workload", FIELD_TEXT, JSON, .meaning = "a workload of the plan"},
	{"arm", FIELD_TEXT, JSON, .meaning = "a column of the plan's conditions"},
	{"condition", FIELD_TEXT, JSON, .meaning = "that it was made under: the one of that workload in that column"},
	{"cast", FIELD_LIST, JSON, .shape = "cast", .meaning = "its members, the subject first, and what they used and did: see below"},
	{"start", FIELD_INTEGER, READ | REQUIRED, AT(start), .meaning = "round of fresh starts"},
	{"instance", FIELD_INTEGER, IN_RECORD, AT(instance)}, /* schema 1; since then in the cast */
	{"block", FIELD_INTEGER, READ | REQUIRED, AT(block), .meaning = "round of trials; (`start`, `block`) is unique for a workload and an arm"},
	{"position", FIELD_INTEGER, JSON, .meaning = "in the block"},
	{"warmup", FIELD_FLAG, JSON, .meaning = "kept and never estimated"},
	{"time", FIELD_REAL, READ | REQUIRED | IN_CSV, AT(numbers.time), "s", "since the run began; never falls, also after a resume"},
	{"inside_seconds", FIELD_REAL, READ | IN_CSV, AT(numbers.inside_seconds), "s", "the timed part by the clock inside"},
	{"outside_seconds", FIELD_REAL, READ | IN_CSV, AT(numbers.outside_seconds), "s", "the same by the host's clock"},
	{"round_trip_seconds", FIELD_REAL, IN_JSON | NULLABLE, .unit = "s", .meaning = "from harness to agent and back"},
	{"clock_rate", FIELD_REAL, READ, AT(numbers.clock_rate), .meaning = "where the clock inside is wrong: how many of its seconds passed in one of the host's. Rates and times are corrected by it when the journal is read; the histograms are not used"},
	{"clock_reason", FIELD_TEXT, IN_JSON, .meaning = "why the clock is in doubt"},
	{"operations", FIELD_REAL, READ | IN_CSV, AT(numbers.operations), .meaning = "done in the timed part"},
	{"values", FIELD_OBJECT, IN_JSON, .meaning = "metrics, as the agent gave them"},
	{"histograms", FIELD_OBJECT, IN_JSON, .shape = "histograms", .meaning = "latencies, as the agent gave them"},
	{"usage", FIELD_OBJECT, IN_JSON, .meaning = "the workload's own `getrusage`"},
	{"notes", FIELD_OBJECT, IN_JSON, .meaning = "what the workload says of its work"},
	{"observing_seconds", FIELD_REAL, IN_JSON, .unit = "s", .meaning = "reading counters, evidence and the driver's figures before and after the timed part, on the harness's CPU"},
	{"preparing_seconds", FIELD_REAL, IN_JSON, .unit = "s", .meaning = "what the workload did before the timed part"},
	{"verifying_seconds", FIELD_REAL, IN_JSON, .unit = "s", .meaning = "and after it"},
	{"host_cpu_seconds", FIELD_REAL, READ | IN_CSV | NULLABLE, AT(numbers.host_cpu_seconds), "s", "all CPUs of the host, by everybody, less what the cast's loads and neighbours used"},
	{"instance_cpu_seconds", FIELD_REAL, IN_RECORD, AT(numbers.instance_cpu_seconds)}, /* likewise */
	{"guest_cpu_seconds", FIELD_REAL, IN_JSON | NULLABLE, .unit = "s", .meaning = "of the subject's `cpu_seconds` those in guest code"},
	{"exits", FIELD_REAL, READ | NULLABLE, AT(numbers.exits), .meaning = "of KVM"},
	{"call_seconds", FIELD_REAL, READ | NULLABLE, AT(numbers.call_seconds), "s", "in the system calls of the trial, from one exit to the next entry, where each is an exit (microvm)"},
	{"evidence", FIELD_OBJECT, IN_JSON, .meaning = "see [counters.md](counters.md)"},
	{"counters", FIELD_OBJECT, IN_JSON, .shape = "counters", .meaning = "in one block of eight; `n/a (reason)` where one cannot be counted"},
	{"counters_scaled", FIELD_OBJECT, IN_JSON, .meaning = "the share of the time that a scaled counter was counted"},
	{"flags", FIELD_LIST, IN_JSON, .shape = "flags", .meaning = "reasons for doubt; a flagged trial is kept and estimated"},
	{"error", FIELD_OBJECT, IN_JSON, .shape = "error", .meaning = "why it failed; such a trial has no values"},
	{0},
};
/* clang-format on */
