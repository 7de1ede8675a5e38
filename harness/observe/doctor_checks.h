/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of doctor.h: the checks and how they say what they found. */
#ifndef TARE_DOCTOR_CHECKS_H
#define TARE_DOCTOR_CHECKS_H

#include "harness/observe/doctor.h"

/* doctor_machine.c: what the host is. */
void check_cpus(struct check_result *result);
void check_memory(struct check_result *result);
void check_virtualized(struct check_result *result);
void check_clock(struct check_result *result);
void check_frequency(struct check_result *result);
void check_load(struct check_result *result);
void check_disk(struct check_result *result);
void check_counters(struct check_result *result);

/* doctor_tools.c: what it has. */
void check_root(struct check_result *result);
void check_namespaces(struct check_result *result);
void check_cgroups(struct check_result *result);
void check_runc(struct check_result *result);
void check_kvm(struct check_result *result);
void check_qemu(struct check_result *result);
void check_libvirt(struct check_result *result);
void check_guest_kernel(struct check_result *result);
void check_gnuplot(struct check_result *result);

/* Each sets one part, printf-like. */
void say_value(struct check_result *result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* `state` and what follows from the value. */
void say_consequence(struct check_result *result, enum check_state state, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void say_command(struct check_result *result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
