/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/observe/doctor.h"

#include <stdarg.h>
#include <stdio.h>

#include "harness/observe/doctor_checks.h"

const struct check doctor_checks[] = {
	{"cpus", check_cpus},
	{"memory", check_memory},
	{"machine", check_virtualized},
	{"clock", check_clock},
	{"frequency", check_frequency},
	{"load", check_load},
	{"disk", check_disk},
	{"counters", check_counters},
	{"root", check_root},
	{"namespaces", check_namespaces},
	{"cgroups", check_cgroups},
	{"runc", check_runc},
	{"kvm", check_kvm},
	{"qemu", check_qemu},
	{"libvirt", check_libvirt},
	{"guest kernel", check_guest_kernel},
	{"gnuplot", check_gnuplot},
	{NULL, NULL},
};

void say_value(struct check_result *result, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(result->value, sizeof(result->value), format, args);
	va_end(args);
}

void say_consequence(struct check_result *result, enum check_state state, const char *format, ...)
{
	va_list args;

	result->state = state;
	va_start(args, format);
	vsnprintf(result->consequence, sizeof(result->consequence), format, args);
	va_end(args);
}

void say_command(struct check_result *result, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(result->command, sizeof(result->command), format, args);
	va_end(args);
}

static const char *state_name(enum check_state state)
{
	static const char *const names[] = {
		[CHECK_GOOD] = "good",
		[CHECK_NOTE] = "note",
		[CHECK_UNAVAILABLE] = "unavailable",
	};

	return names[state];
}

json_t *doctor_examine(void)
{
	json_t *list = json_array();
	int unavailable = 0;

	for (const struct check *check = doctor_checks; check->name; check++) {
		struct check_result result = {0};

		check->run(&result);
		unavailable += result.state == CHECK_UNAVAILABLE;
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", check->name,
						"state", state_name(result.state), "value",
						result.value, "consequence", result.consequence,
						"command", result.command));
	}
	return json_pack("{s:o, s:i}", "checks", list, "unavailable", unavailable);
}
