/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to doctor.h: the checks that belong to no driver. */
#pragma once

#include "base/check.h"

/* doctor_machine.c: properties of the host. */
void check_cpus(struct check_result *result);
void check_memory(struct check_result *result);
void check_virtualized(struct check_result *result);
void check_clock(struct check_result *result);
void check_frequency(struct check_result *result);
void check_load(struct check_result *result);
void check_disk(struct check_result *result);
void check_counters(struct check_result *result);

/* doctor_tools.c: privileges and programs. */
void check_root(struct check_result *result);
void check_namespaces(struct check_result *result);
void check_cgroups(struct check_result *result);
void check_gnuplot(struct check_result *result);
