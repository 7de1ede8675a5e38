/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/observe/doctor.h"

#include <stdio.h>
#include <string.h>

#include "drivers/driver.h"
#include "harness/observe/doctor_checks.h"

static const struct check machine_checks[] = {
	{"cpus", check_cpus},           {"memory", check_memory},
	{"machine", check_virtualized}, {"clock", check_clock},
	{"frequency", check_frequency}, {"load", check_load},
	{"disk", check_disk},           {"counters", check_counters},
	{"root", check_root},           {"namespaces", check_namespaces},
	{"cgroups", check_cgroups},     {0},
};

static const struct check figure_checks[] = {{"gnuplot", check_gnuplot}, {0}};

static int add_checks(const struct check *checks[DOCTOR_CHECKS_MOST], int count,
		      const struct check *table)
{
	for (; table && table->name; table++) {
		bool known = count == DOCTOR_CHECKS_MOST;

		for (int i = 0; i < count && !known; i++)
			known = strcmp(checks[i]->name, table->name) == 0;
		if (!known)
			checks[count++] = table;
	}
	return count;
}

int doctor_checks(const struct check *checks[DOCTOR_CHECKS_MOST])
{
	int count = add_checks(checks, 0, machine_checks);

	for (const struct driver *const *driver = drivers; *driver; driver++)
		count = add_checks(checks, count, (*driver)->checks);
	return add_checks(checks, count, figure_checks);
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
	const struct check *checks[DOCTOR_CHECKS_MOST];
	json_t *list = json_array();
	int unavailable = 0, count = doctor_checks(checks);

	for (int i = 0; i < count; i++) {
		struct check_result result = {0};

		checks[i]->run(&result);
		unavailable += result.state == CHECK_UNAVAILABLE;
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s, s:s, s:s}", "name",
						checks[i]->name, "state", state_name(result.state),
						"value", result.value, "consequence",
						result.consequence, "command", result.command));
	}
	return json_pack("{s:o, s:i}", "checks", list, "unavailable", unavailable);
}
