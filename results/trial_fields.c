/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trial's line in trials.jsonl, as the harness writes it. Numbers with IN_RECORD are read into
 * struct line and from there into the record. */
#include "results/trial_fields.h"

#include "results/trial_line.h"

_Static_assert(offsetof(struct line, numbers) == 0, "columns of CSV are fields of trial_numbers");

static const char *const record_names[] = {"trial", NULL};

#define AT(member) .offset = offsetof(struct line, member)
#define JSON (IN_JSON | REQUIRED)
#define READ (IN_JSON | IN_RECORD)

/* clang-format off */
const struct field trial_fields[] = {
	{"record", FIELD_TEXT, JSON, .words = record_names, .meaning = "kind of line"},
	{"sequence", FIELD_INTEGER, JSON, .meaning = "number of the trial in the run"},
	{"workload", FIELD_TEXT, JSON, .meaning = "a workload of the plan"},
	{"arm", FIELD_TEXT, JSON, .meaning = "a column of the plan's conditions"},
	{"condition", FIELD_TEXT, JSON, .meaning = "condition of the trial: that of the workload in the column"},
	{"cast", FIELD_LIST, JSON, .shape = "cast", .meaning = "members, the subject first, with what they used and did: see below"},
	{"start", FIELD_INTEGER, READ | REQUIRED, AT(start), .meaning = "round of fresh starts"},
	{"instance", FIELD_INTEGER, IN_RECORD, AT(instance)}, /* schema 1; since then in the cast */
	{"block", FIELD_INTEGER, READ | REQUIRED, AT(block), .meaning = "round of trials; (`start`, `block`) is unique for a workload and an arm"},
	{"position", FIELD_INTEGER, JSON, .meaning = "in the block"},
	{"warmup", FIELD_FLAG, JSON, .meaning = "kept, but not used in estimates"},
	{"time", FIELD_REAL, READ | REQUIRED | IN_CSV, AT(numbers.time), "s", "since the run began; never decreases, even after a resume"},
	{"inside_seconds", FIELD_REAL, READ | IN_CSV, AT(numbers.inside_seconds), "s", "the timed part by the agent's clock"},
	{"outside_seconds", FIELD_REAL, READ | IN_CSV, AT(numbers.outside_seconds), "s", "the same by the host's clock"},
	{"round_trip_seconds", FIELD_REAL, IN_JSON | NULLABLE, .unit = "s", .meaning = "from harness to agent and back"},
	{"clock_rate", FIELD_REAL, READ, AT(numbers.clock_rate), .meaning = "if the agent's clock is wrong: how many of its seconds passed in one of the host's. Rates and times are corrected by it when the journal is read; the histograms are not used"},
	{"clock_reason", FIELD_TEXT, IN_JSON, .meaning = "why the clock is in doubt"},
	{"operations", FIELD_REAL, READ | IN_CSV, AT(numbers.operations), .meaning = "completed in the timed part"},
	{"values", FIELD_OBJECT, IN_JSON, .meaning = "metrics, as reported by the agent"},
	{"histograms", FIELD_OBJECT, IN_JSON, .shape = "histograms", .meaning = "latencies, as reported by the agent"},
	{"usage", FIELD_OBJECT, IN_JSON, .meaning = "the workload's own `getrusage`"},
	{"notes", FIELD_OBJECT, IN_JSON, .meaning = "what the workload reports about its work"},
	{"observing_seconds", FIELD_REAL, IN_JSON, .unit = "s", .meaning = "reading counters, evidence and the driver's figures before and after the timed part, on the harness's CPU"},
	{"preparing_seconds", FIELD_REAL, IN_JSON, .unit = "s", .meaning = "the workload's preparation before the timed part"},
	{"verifying_seconds", FIELD_REAL, IN_JSON, .unit = "s", .meaning = "and after it"},
	{"host_cpu_seconds", FIELD_REAL, READ | IN_CSV | NULLABLE, AT(numbers.host_cpu_seconds), "s", "all processes on all CPUs of the host, less the cast's load generators and neighbours"},
	{"instance_cpu_seconds", FIELD_REAL, IN_RECORD, AT(numbers.instance_cpu_seconds)}, /* likewise */
	{"guest_cpu_seconds", FIELD_REAL, IN_JSON | NULLABLE, .unit = "s", .meaning = "the part of the subject's `cpu_seconds` in guest code"},
	{"exits", FIELD_REAL, READ | NULLABLE, AT(numbers.exits), .meaning = "of KVM"},
	{"call_seconds", FIELD_REAL, READ | NULLABLE, AT(numbers.call_seconds), "s", "in the trial's system calls, from exit to entry, if each is an exit (microvm)"},
	{"evidence", FIELD_OBJECT, IN_JSON, .meaning = "see [counters.md](counters.md)"},
	{"counters", FIELD_OBJECT, IN_JSON, .shape = "counters", .meaning = "in one block out of eight; `n/a (reason)` if an event cannot be counted"},
	{"counters_scaled", FIELD_OBJECT, IN_JSON, .meaning = "share of the time in which a scaled counter was counted"},
	{"flags", FIELD_LIST, IN_JSON, .shape = "flags", .meaning = "reasons for doubt; flagged trials are kept and enter the estimates"},
	{"error", FIELD_OBJECT, IN_JSON, .shape = "error", .meaning = "why it failed; such a trial has no values"},
	{0},
};
/* clang-format on */
