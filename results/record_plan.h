/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of a record that come from run.json: workloads with their metrics, arms. */
#pragma once

#include "results/record.h"

/* Fills record->workloads and record->arms. -EINVAL with the reason for a malformed plan. */
int record_read_plan(struct record *record, struct error *err);
/* The plan's number `key`, or `fallback` if it has none. */
double record_plan_number(const struct record *record, const char *key, double fallback);
/* Whether the run's study lists its figures; older runs have only the name of one. */
bool record_names_figures(const struct record *record);
/* Whether `name` is one of them; always true if there is no list. */
bool record_has_figure(const struct record *record, const char *name);
/* The first of them, or the single name; "" if there is none. Borrowed. */
const char *record_lead_figure(const struct record *record);
/* An instance of the plan; NULL: it has none with that id, as in schema 1. Borrowed. */
const json_t *record_instance(const struct record *record, const char *id);
/* An arm's environment in run.json; NULL: missing. Borrowed. */
json_t *record_environment(const struct record *record, int arm);
/* Whether it is representative of its kind, unlike an emulated machine. */
bool record_is_comparable(const struct record *record, int arm);
