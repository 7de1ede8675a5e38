/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/plan/placement.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>

#define GIB (1ULL << 30)
#define MIB (1ULL << 20)
#define SCRATCH_SHARE 90 /* percent of the free space: file systems need some for metadata */
#define SCRATCH_LEAST (64 * MIB)
#define LARGE_MACHINE_CPUS 4

/* A core and those of its CPUs that this process may use, of which the first is used. */
struct core {
	hwloc_obj_t object;
	int first;
};

static bool usable_core(hwloc_topology_t topology, hwloc_obj_t object)
{
	return hwloc_bitmap_intersects(object->cpuset, hwloc_topology_get_allowed_cpuset(topology));
}

static int first_cpu(hwloc_topology_t topology, hwloc_obj_t object)
{
	hwloc_bitmap_t usable = hwloc_bitmap_alloc();
	int cpu;

	hwloc_bitmap_and(usable, object->cpuset, hwloc_topology_get_allowed_cpuset(topology));
	cpu = hwloc_bitmap_first(usable);
	hwloc_bitmap_free(usable);
	return cpu;
}

/* Some virtual machines report CPUs but no cores: then each CPU counts as a core. */
static int list_cores(hwloc_topology_t topology, struct core **list)
{
	hwloc_obj_type_t type = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE) > 0
					? HWLOC_OBJ_CORE
					: HWLOC_OBJ_PU;
	int all = hwloc_get_nbobjs_by_type(topology, type), count = 0;
	struct core *cores = calloc((size_t)(all > 0 ? all : 1), sizeof(*cores));

	if (!cores)
		return -ENOMEM;
	for (int i = 0; i < all; i++) {
		hwloc_obj_t object = hwloc_get_obj_by_type(topology, type, (unsigned)i);

		if (object && usable_core(topology, object))
			cores[count++] = (struct core){object, first_cpu(topology, object)};
	}
	*list = cores;
	return count;
}

/* How close two cores are: the depth of the cache or memory node that they share. */
static unsigned nearness(hwloc_topology_t topology, const struct core *a, const struct core *b)
{
	hwloc_obj_t shared = hwloc_get_common_ancestor_obj(topology, a->object, b->object);

	return shared ? (unsigned)shared->depth : 0;
}

/* The trial's cores: the last one, because most interrupts go to the first, and the one closest to
 * it. */
static int choose_second(hwloc_topology_t topology, const struct core *cores, int count)
{
	int best = count - 2;

	for (int i = count - 2; i > 0; i--)
		if (nearness(topology, &cores[i], &cores[count - 1]) >
		    nearness(topology, &cores[best], &cores[count - 1]))
			best = i;
	return best;
}

static int collect(hwloc_const_bitmap_t set, int **cpus, int *count)
{
	int size = hwloc_bitmap_weight(set);

	*count = 0;
	*cpus = calloc((size_t)(size > 0 ? size : 1), sizeof(**cpus));
	if (!*cpus)
		return -ENOMEM;
	for (int cpu = hwloc_bitmap_first(set); cpu >= 0; cpu = hwloc_bitmap_next(set, cpu))
		(*cpus)[(*count)++] = cpu;
	return 0;
}

/* The remaining CPUs: whole cores if there are any, else hyperthreads, else none. */
static void leave_for_others(hwloc_topology_t topology, const struct core *cores, int count,
			     hwloc_const_bitmap_t trial, hwloc_bitmap_t others)
{
	hwloc_const_bitmap_t allowed = hwloc_topology_get_allowed_cpuset(topology);

	hwloc_bitmap_copy(others, allowed);
	for (int i = 0; i < count; i++)
		if (hwloc_bitmap_isset(trial, (unsigned)cores[i].first))
			hwloc_bitmap_andnot(others, others, cores[i].object->cpuset);
	if (hwloc_bitmap_iszero(others))
		hwloc_bitmap_andnot(others, allowed, trial);
}

/* The node whose memory is local to all trial CPUs, if the host has others. */
static void choose_node(struct placement *placement, hwloc_topology_t topology,
			hwloc_const_bitmap_t trial)
{
	int nodes = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE);

	placement->memory_node = -1;
	for (int i = 0; nodes > 1 && i < nodes; i++) {
		hwloc_obj_t node = hwloc_get_obj_by_type(topology, HWLOC_OBJ_NUMANODE, (unsigned)i);

		if (node->attr->numanode.local_memory == 0 ||
		    !hwloc_bitmap_isincluded(trial, node->cpuset))
			continue;
		placement->memory_node = (int)node->os_index;
		placement->node_bytes = node->attr->numanode.local_memory;
		return;
	}
}

static int divide(struct placement *placement, hwloc_topology_t topology, const struct core *cores,
		  int count)
{
	hwloc_bitmap_t trial = hwloc_bitmap_alloc(), others = hwloc_bitmap_alloc();
	int rc = -ENOMEM;

	if (!trial || !others)
		goto out;
	hwloc_bitmap_set(trial, (unsigned)cores[count - 1].first);
	if (count > 2)
		hwloc_bitmap_set(trial,
				 (unsigned)cores[choose_second(topology, cores, count)].first);
	leave_for_others(topology, cores, count, trial, others);
	placement->shared = hwloc_bitmap_iszero(others);
	if (placement->shared)
		hwloc_bitmap_copy(others, trial);
	choose_node(placement, topology, trial);
	rc = collect(trial, &placement->trial_cpus, &placement->trial_cpu_count);
	rc = rc ?: collect(others, &placement->other_cpus, &placement->other_cpu_count);
out:
	hwloc_bitmap_free(trial);
	hwloc_bitmap_free(others);
	return rc;
}

int placement_choose(struct placement *placement, hwloc_topology_t topology, struct error *err)
{
	struct core *cores = NULL;
	int count = list_cores(topology, &cores);
	int rc;

	if (count == 0)
		rc = error_set(err, -ENODEV, "this process may use no CPU");
	else
		rc = count < 0 ? count : divide(placement, topology, cores, count);
	free(cores);
	if (rc == -ENOMEM)
		error_errno(err, rc, "choosing CPUs");
	return rc;
}

/* As large as in the study if the host has room, in whole MiB. */
static uint64_t at_most(uint64_t wanted, uint64_t limit)
{
	return wanted < limit ? wanted : limit / MIB * MIB;
}

static void choose_sizes(struct placement *placement, int cpus, const char *scratch_dir)
{
	bool large = cpus >= LARGE_MACHINE_CPUS;
	struct statvfs space;
	struct sysinfo info;

	placement->memory_bytes = large ? 4 * GIB : 2 * GIB;
	placement->scratch_bytes = large ? 5 * GIB : 1 * GIB;
	if (!sysinfo(&info))
		placement->memory_bytes = at_most(placement->memory_bytes,
						  (uint64_t)info.totalram * info.mem_unit / 4);
	if (placement->memory_node >= 0)
		placement->memory_bytes =
			at_most(placement->memory_bytes, placement->node_bytes / 2);
	if (scratch_dir && !statvfs(scratch_dir, &space))
		placement->scratch_free = (uint64_t)space.f_bavail * space.f_frsize;
}

int placement_share_scratch(struct placement *placement, int environments, struct error *err)
{
	uint64_t usable = placement->scratch_free / 100 * SCRATCH_SHARE;

	if (!placement->scratch_free || environments < 1)
		return 0;
	placement->scratch_bytes =
		at_most(placement->scratch_bytes, usable / (uint64_t)environments);
	if (placement->scratch_bytes >= SCRATCH_LEAST)
		return 0;
	return error_set(err, -ENOSPC,
			 "the file system under test has %.0f MiB free, but %d environments need "
			 "%d MiB each: free some, or choose another with --scratch DIR",
			 (double)placement->scratch_free / MIB, environments,
			 (int)(SCRATCH_LEAST / MIB));
}

/* hwloc knows what the cgroup allows; taskset and the like restrict that further. */
static int load_topology(hwloc_topology_t *topology, struct error *err)
{
	hwloc_bitmap_t bound = hwloc_bitmap_alloc();

	if (!bound || hwloc_topology_init(topology)) {
		hwloc_bitmap_free(bound);
		return error_errno(err, -ENOMEM, "reading the topology");
	}
	if (hwloc_topology_load(*topology)) {
		hwloc_topology_destroy(*topology);
		hwloc_bitmap_free(bound);
		return error_errno(err, errno ? -errno : -EIO, "reading the topology");
	}
	if (!hwloc_get_cpubind(*topology, bound, HWLOC_CPUBIND_PROCESS) &&
	    !hwloc_bitmap_iszero(bound))
		hwloc_topology_restrict(*topology, bound, 0);
	hwloc_bitmap_free(bound);
	return 0;
}

int placement_init(struct placement *placement, const char *scratch_dir, struct error *err)
{
	hwloc_topology_t topology;
	int cpus, rc;

	*placement = (struct placement){.memory_node = -1};
	rc = load_topology(&topology, err);
	if (rc)
		return rc;
	cpus = hwloc_bitmap_weight(hwloc_topology_get_allowed_cpuset(topology));
	rc = placement_choose(placement, topology, err);
	hwloc_topology_destroy(topology);
	if (rc)
		placement_finish(placement);
	else
		choose_sizes(placement, cpus, scratch_dir);
	return rc;
}

void placement_finish(struct placement *placement)
{
	free(placement->trial_cpus);
	free(placement->other_cpus);
	*placement = (struct placement){0};
}

static json_t *numbers(const int *values, int count)
{
	json_t *array = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(array, json_integer(values[i]));
	return array;
}

json_t *placement_json(const struct placement *placement)
{
	return json_pack("{s:o, s:o, s:b, s:o, s:I, s:I}", "trial_cpus",
			 numbers(placement->trial_cpus, placement->trial_cpu_count), "other_cpus",
			 numbers(placement->other_cpus, placement->other_cpu_count), "shared",
			 placement->shared, "memory_node",
			 placement->memory_node < 0 ? json_null()
						    : json_integer(placement->memory_node),
			 "memory_bytes", (json_int_t)placement->memory_bytes, "scratch_bytes",
			 (json_int_t)placement->scratch_bytes);
}

int placement_pin(const int *cpus, int count, struct error *err)
{
	cpu_set_t *set;
	size_t size;
	int most = 0, rc = 0;

	for (int i = 0; i < count; i++)
		most = cpus[i] > most ? cpus[i] : most;
	set = CPU_ALLOC((size_t)most + 1);
	if (!set)
		return error_errno(err, -ENOMEM, "pinning to CPUs");
	size = CPU_ALLOC_SIZE((size_t)most + 1);
	CPU_ZERO_S(size, set);
	for (int i = 0; i < count; i++)
		CPU_SET_S((size_t)cpus[i], size, set);
	if (sched_setaffinity(0, size, set))
		rc = error_errno(err, -errno, "pinning to %d CPUs from CPU %d on", count,
				 count ? cpus[0] : -1);
	CPU_FREE(set);
	return rc;
}
