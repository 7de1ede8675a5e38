/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_version.h>
#include <hwloc.h>
#include <libvirt/libvirt.h>
#include <perfmon/pfmlib.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/command.h"
#include "drivers/driver.h"
#include "harness/observe/host.h"

static const struct driver_program own_programs[] = {
	{"gnuplot", "gnuplot", "--version"},
	{0},
};

static void add_libraries(json_t *versions)
{
	unsigned hwloc = hwloc_get_api_version();
	unsigned long virt = 0;
	int pfm = pfm_get_version();

	json_object_set_new(versions, "gsl", json_string(gsl_version));
	json_object_set_new(versions, "jansson", json_string(JANSSON_VERSION));
	json_object_set_new(versions, "hwloc",
			    json_sprintf("%u.%u.%u", hwloc >> 16, hwloc >> 8 & 0xff, hwloc & 0xff));
	json_object_set_new(versions, "libpfm4",
			    json_sprintf("%d.%d", PFM_MAJ_VERSION(pfm), PFM_MIN_VERSION(pfm)));
	if (!virGetVersion(&virt, NULL, NULL))
		json_object_set_new(versions, "libvirt",
				    json_sprintf("%lu.%lu.%lu", virt / 1000000, virt / 1000 % 1000,
						 virt % 1000));
}

static void add_programs(json_t *versions, const struct driver_program *program)
{
	char line[256];

	for (; program && program->name; program++) {
		int rc =
			program_version(program->path, program->version_option, line, sizeof(line));

		json_object_set_new(versions, program->name,
				    rc || !*line ? json_null() : json_string(line));
	}
}

json_t *host_versions(void)
{
	json_t *versions = json_object();

	for (const struct driver *const *driver = drivers; *driver; driver++)
		add_programs(versions, (*driver)->programs);
	add_programs(versions, own_programs);
	add_libraries(versions);
	return versions;
}
