/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results/run_fields.h"

static const char *const status_names[] = {"running", "complete", "interrupted", "failed", NULL};

#define JSON (IN_JSON | REQUIRED)

/* clang-format off */
const struct field run_fields[] = {
	{"schema", FIELD_INTEGER, JSON, .shape = "schema", .meaning = "2; runs of schema 1 are still read"},
	{"id", FIELD_TEXT, JSON, .shape = "id", .meaning = "UTC, study and a random part"},
	{"status", FIELD_TEXT, JSON, .words = status_names, .meaning = "state of the run"},
	{"study", FIELD_OBJECT, JSON, .shape = "study", .meaning = "name, title and figures"},
	{"tare", FIELD_OBJECT, JSON, .shape = "tare", .meaning = "version and commit"},
	{"command", FIELD_LIST, JSON, .meaning = "the command line"},
	{"started", FIELD_TEXT, JSON, .shape = "time", .meaning = "UTC"},
	{"ended", FIELD_TEXT, IN_JSON | NULLABLE, .shape = "ended", .meaning = "UTC; null: still running"},
	{"agent", FIELD_OBJECT, JSON, .shape = "agent", .meaning = "the agent's SHA-256, the same in every environment, and its version"},
	{"plan", FIELD_OBJECT, JSON, .shape = "plan", .meaning = "what was decided before the first trial"},
	{"placement", FIELD_OBJECT, JSON, .shape = "placement", .meaning = "CPUs, memory and scratch space of a trial"},
	{"host", FIELD_OBJECT, JSON, .meaning = "facts about the machine; empty if everything is simulated"},
	{"environments", FIELD_OBJECT, JSON, .shape = "environments", .meaning = "each environment, its label and what it reports about itself"},
	{"parity", FIELD_LIST, JSON, .shape = "parity", .meaning = "facts that may differ between environments"},
	{"time", FIELD_OBJECT, IN_JSON, .shape = "times", .unit = "s", .meaning = "how the run spent its time"},
	{"reporting_seconds", FIELD_REAL, IN_JSON, .unit = "s", .meaning = "time for figures and report"},
	{"counters", FIELD_LIST, IN_JSON, .meaning = "hardware counters that were tried"},
	{"predictions", FIELD_LIST, JSON, .shape = "predictions", .meaning = "predictions recorded before the first trial"},
	{"prior", FIELD_OBJECT, IN_JSON, .meaning = "null arms of earlier runs on this machine: `{\"nulls\": [{\"workload\": \"...\", \"log\": 0.01, \"se\": 0.005}]}`"},
	{"warnings", FIELD_LIST, JSON, .meaning = "warnings of the run"},
	{0},
};
/* clang-format on */
