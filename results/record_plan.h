/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of a record that come from run.json: workloads with their metrics, arms. */
#pragma once

#include "results/record.h"

/* Fills record->workloads and record->arms. -EINVAL with the reason for a malformed plan. */
int record_read_plan(struct record *record, struct error *err);
/* The plan's number `key`, or `fallback` where it has none. */
double record_plan_number(const struct record *record, const char *key, double fallback);
/* Does the run's study list its figures? Older runs have the name of one instead. */
bool record_names_figures(const struct record *record);
/* Is `name` one of them? True for every name where there is no list. */
bool record_has_figure(const struct record *record, const char *name);
/* The first of them, else the one name; "" where there is none. Borrowed. */
const char *record_lead_figure(const struct record *record);
/* What run.json says of an arm's environment; NULL: nothing. Borrowed. */
json_t *record_environment(const struct record *record, int arm);
/* Does it stand for what it is named after? An emulated machine does not. */
bool record_is_comparable(const struct record *record, int arm);
