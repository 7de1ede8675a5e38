/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/observe/host.h"

#include <ctype.h>
#include <errno.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "drivers/cgroup.h"
#include "harness/observe/procfs.h"

enum fact_kind {
	FACT_TEXT,
	FACT_CHOSEN, /* "always [madvise] never" */
	FACT_NUMBER,
	FACT_KIB, /* of /proc/meminfo, in bytes */
};

/* A file, or with a key one line of it. */
static const struct fact {
	const char *name, *path, *key;
	enum fact_kind kind;
} facts[] = {
	{"kernel", "/proc/sys/kernel/osrelease", NULL, FACT_TEXT},
	{"kernel_build", "/proc/sys/kernel/version", NULL, FACT_TEXT},
	{"command_line", "/proc/cmdline", NULL, FACT_TEXT},
	{"distribution", "/etc/os-release", "PRETTY_NAME", FACT_TEXT},
	{"cpu_model", "/proc/cpuinfo", "model name", FACT_TEXT},
	{"microcode", "/proc/cpuinfo", "microcode", FACT_TEXT},
	{"memory_bytes", "/proc/meminfo", "MemTotal", FACT_KIB},
	{"swap_bytes", "/proc/meminfo", "SwapTotal", FACT_KIB},
	{"huge_pages", "/proc/sys/vm/nr_hugepages", NULL, FACT_NUMBER},
	{"transparent_huge_pages", "/sys/kernel/mm/transparent_hugepage/enabled", NULL,
	 FACT_CHOSEN},
	{"same_page_merging", "/sys/kernel/mm/ksm/run", NULL, FACT_NUMBER},
	{"swappiness", "/proc/sys/vm/swappiness", NULL, FACT_NUMBER},
	{"numa_balancing", "/proc/sys/kernel/numa_balancing", NULL, FACT_NUMBER},
	{"smt", "/sys/devices/system/cpu/smt/control", NULL, FACT_TEXT},
	{"governor", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", NULL, FACT_TEXT},
	{"frequency_driver", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_driver", NULL,
	 FACT_TEXT},
	{"boost", "/sys/devices/system/cpu/cpufreq/boost", NULL, FACT_NUMBER},
	{"no_turbo", "/sys/devices/system/cpu/intel_pstate/no_turbo", NULL, FACT_NUMBER},
	{"idle_driver", "/sys/devices/system/cpu/cpuidle/current_driver", NULL, FACT_TEXT},
	{"isolated_cpus", "/sys/devices/system/cpu/isolated", NULL, FACT_TEXT},
	{"clock_source", "/sys/devices/system/clocksource/clocksource0/current_clocksource", NULL,
	 FACT_TEXT},
	{"clock_sources", "/sys/devices/system/clocksource/clocksource0/available_clocksource",
	 NULL, FACT_TEXT},
	{"address_randomization", "/proc/sys/kernel/randomize_va_space", NULL, FACT_NUMBER},
	{"perf_event_paranoid", "/proc/sys/kernel/perf_event_paranoid", NULL, FACT_NUMBER},
	{"kvm_halt_poll_ns", "/sys/module/kvm/parameters/halt_poll_ns", NULL, FACT_NUMBER},
	{"kvm_ept", "/sys/module/kvm_intel/parameters/ept", NULL, FACT_TEXT},
	{"kvm_npt", "/sys/module/kvm_amd/parameters/npt", NULL, FACT_TEXT},
	{"machine_vendor", "/sys/class/dmi/id/sys_vendor", NULL, FACT_TEXT},
	{"machine", "/sys/class/dmi/id/product_name", NULL, FACT_TEXT},
	{"firmware", "/sys/class/dmi/id/bios_version", NULL, FACT_TEXT},
};

static const char *const vulnerabilities_path = "/sys/devices/system/cpu/vulnerabilities";

static bool read_fact(const char *root, const struct fact *fact, char *text, size_t size)
{
	cleanup_free char *file = NULL;

	if (!fact->key)
		return proc_line(text, size, root, "%s", fact->path);
	file = proc_text(root, "%s", fact->path);
	return file && proc_value(file, fact->key, text, size);
}

static json_t *fact_value(const struct fact *fact, char *text)
{
	char *end = text + strlen(text);

	while (end > text && strchr(" \t", end[-1]))
		*--end = 0;
	switch (fact->kind) {
	case FACT_CHOSEN:
		proc_chosen(text);
		return json_string(text);
	case FACT_NUMBER:
		return json_integer(strtoll(text, NULL, 10));
	case FACT_KIB:
		return json_integer(strtoll(text, NULL, 10) * 1024);
	default:
		return *text ? json_string(text) : NULL;
	}
}

static void add_facts(json_t *host, const char *root)
{
	char text[4096];

	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		if (read_fact(root, &facts[i], text, sizeof(text)))
			json_object_set_new(host, facts[i].name, fact_value(&facts[i], text));
}

static void add_vulnerabilities(json_t *host, const char *root)
{
	cleanup_dir DIR *dir = NULL;
	cleanup_free char *path = NULL;
	json_t *all = json_object();
	struct dirent *entry;
	char text[256];

	if (asprintf(&path, "%s%s", root, vulnerabilities_path) >= 0)
		dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && proc_line(text, sizeof(text), root, "%s/%s",
							 vulnerabilities_path, entry->d_name))
			json_object_set_new(all, entry->d_name, json_string(text));
	json_object_set_new(host, "vulnerabilities", all);
}

/* The command line for the kernel itself, without what it passes to init and without the paths of
 * root and init, which affect no figure and should not be published with a run. */
static void shorten_command_line(json_t *host)
{
	static const char *const places[] = {"root=",    "rdinit=", "init=",        "BOOT_IMAGE=",
					     "nfsroot=", "ip=",     "cryptdevice=", "resume="};
	const char *line = json_string_value(json_object_get(host, "command_line"));
	cleanup_free char *words = line ? strdup(line) : NULL;
	cleanup_free char *kept = line ? calloc(1, strlen(line) + 2) : NULL;
	char *word, *rest, *end = kept;

	if (!words || !kept)
		return;
	for (word = strtok_r(words, " \n", &rest); word && strcmp(word, "--") != 0;
	     word = strtok_r(NULL, " \n", &rest)) {
		bool place = false;

		for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
			place |= strncmp(word, places[i], strlen(places[i])) == 0;
		if (place)
			continue;
		end = stpcpy(end, end > kept ? " " : "");
		end = stpcpy(end, word);
	}
	json_object_set_new(host, "command_line", json_string(kept));
}

/* As set on the command line; the kernel's default is "auto". */
static void add_mitigations(json_t *host)
{
	const char *line = json_string_value(json_object_get(host, "command_line"));
	const char *at = line ? strstr(line, "mitigations=") : NULL;

	if (!line)
		return;
	at = at ? at + strlen("mitigations=") : "auto";
	json_object_set_new(host, "mitigations", json_stringn(at, strcspn(at, " ")));
}

static int count_cpus(const char *root)
{
	cleanup_free char *text = proc_text(root, "/proc/stat");
	int count = 0;

	for (const char *at = text; at; at = proc_next_line(at))
		count += !strncmp(at, "cpu", 3) && isdigit((unsigned char)at[3]);
	return count;
}

static void add_cache(json_t *caches, hwloc_topology_t topology, hwloc_obj_type_t type,
		      const char *name)
{
	hwloc_obj_t cache = hwloc_get_obj_by_type(topology, type, 0);

	if (!cache)
		return;
	json_object_set_new(caches, name,
			    json_pack("{s:I, s:i, s:i}", "bytes",
				      (json_int_t)cache->attr->cache.size, "shared_by",
				      hwloc_bitmap_weight(cache->cpuset), "count",
				      hwloc_get_nbobjs_by_type(topology, type)));
}

static void add_topology(json_t *host)
{
	hwloc_topology_t topology;
	json_t *caches;

	if (hwloc_topology_init(&topology))
		return;
	if (!hwloc_topology_load(topology)) {
		caches = json_object();
		add_cache(caches, topology, HWLOC_OBJ_L1CACHE, "L1d");
		add_cache(caches, topology, HWLOC_OBJ_L2CACHE, "L2");
		add_cache(caches, topology, HWLOC_OBJ_L3CACHE, "L3");
		json_object_set_new(host, "caches", caches);
		json_object_set_new(
			host, "packages",
			json_integer(hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PACKAGE)));
		json_object_set_new(
			host, "cores",
			json_integer(hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE)));
		json_object_set_new(
			host, "memory_nodes",
			json_integer(hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE)));
	}
	hwloc_topology_destroy(topology);
}

int host_topology(char **xml, size_t *length, struct error *err)
{
	hwloc_topology_t topology;
	char *text = NULL;
	int rc, size = 0;

	*xml = NULL;
	if (hwloc_topology_init(&topology))
		return error_errno(err, -ENOMEM, "reading the topology");
	rc = hwloc_topology_load(topology);
	rc = rc ?: hwloc_topology_export_xmlbuffer(topology, &text, &size, 0);
	if (!rc) {
		*length = size > 0 ? (size_t)size - 1 : 0; /* includes the NUL */
		*xml = strndup(text, *length);
		hwloc_free_xmlbuffer(topology, text);
		rc = *xml ? 0 : -1;
	}
	hwloc_topology_destroy(topology);
	return rc ? error_set(err, -EIO, "the topology of this host cannot be read") : 0;
}

static const char *cgroup_layout(const char *root)
{
	cleanup_free char *mounts = NULL;
	struct cgroups cgroups;

	if (asprintf(&mounts, "%s/proc/self/mounts", root) < 0 ||
	    cgroups_read(mounts, &cgroups, NULL))
		return cgroup_mode_name(CGROUP_NONE);
	return cgroup_mode_name(cgroups.mode);
}

json_t *host_facts(const char *root)
{
	struct hypervisor hypervisor;
	json_t *host = json_object();

	add_facts(host, root);
	shorten_command_line(host);
	add_mitigations(host);
	add_vulnerabilities(host, root);
	json_object_set_new(host, "cpus", json_integer(count_cpus(root)));
	json_object_set_new(host, "cgroup", json_string(cgroup_layout(root)));
	host_hypervisor(root, &hypervisor);
	json_object_set_new(host, "virtualized", json_boolean(hypervisor.present));
	json_object_set_new(host, "hypervisor", json_string(hypervisor.name));
	json_object_set_new(host, "recognised_by", json_string(hypervisor.evidence));
	if (!*root) {
		add_topology(host);
		json_object_set_new(host, "versions", host_versions());
	}
	return host;
}
