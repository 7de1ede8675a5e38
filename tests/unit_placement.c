/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <string.h>

#include "harness/plan/placement.h"

/* Chooses on a machine that hwloc makes up from a description; `allowed` NULL: all of it. */
static struct placement choose(const char *machine, const char *allowed)
{
	struct placement placement = {0};
	hwloc_topology_t topology;
	struct error err = {0};

	ck_assert_int_eq(hwloc_topology_init(&topology), 0);
	ck_assert_int_eq(hwloc_topology_set_synthetic(topology, machine), 0);
	ck_assert_int_eq(hwloc_topology_load(topology), 0);
	if (allowed) {
		hwloc_bitmap_t set = hwloc_bitmap_alloc();

		hwloc_bitmap_list_sscanf(set, allowed);
		ck_assert_int_eq(hwloc_topology_restrict(topology, set, 0), 0);
		hwloc_bitmap_free(set);
	}
	ck_assert_msg(placement_choose(&placement, topology, &err) == 0, "%s", err.message);
	hwloc_topology_destroy(topology);
	return placement;
}

static void is_list(const int *cpus, int count, const char *expected)
{
	char text[256] = "";

	for (int i = 0; i < count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%d", i ? "," : "",
			 cpus[i]);
	ck_assert_str_eq(text, expected);
}

static void expect(const char *machine, const char *allowed, const char *trial, const char *others)
{
	struct placement placement = choose(machine, allowed);

	is_list(placement.trial_cpus, placement.trial_cpu_count, trial);
	is_list(placement.other_cpus, placement.other_cpu_count, others);
	placement_finish(&placement);
}

START_TEST(two_cpus_give_one_to_the_trial_and_one_to_the_harness)
{
	expect("pack:1 core:2 pu:1", NULL, "1", "0");
}
END_TEST

START_TEST(one_cpu_is_shared_and_that_is_said)
{
	struct placement placement = choose("pack:1 core:1 pu:1", NULL);

	ck_assert(placement.shared);
	is_list(placement.trial_cpus, placement.trial_cpu_count, "0");
	is_list(placement.other_cpus, placement.other_cpu_count, "0");
	placement_finish(&placement);
}
END_TEST

START_TEST(one_core_with_two_threads_leaves_its_sibling_to_the_harness)
{
	expect("pack:1 core:1 pu:2", NULL, "0", "1");
}
END_TEST

START_TEST(trial_cpus_are_on_two_cores_and_their_siblings_stay_idle)
{
	/* cores (0,1) (2,3) (4,5) (6,7) */
	expect("pack:1 core:4 pu:2", NULL, "4,6", "0,1,2,3");
}
END_TEST

START_TEST(trial_cpus_share_a_package_and_a_cache)
{
	/* the last cache holds cores 6 and 7; what is nearest to 7 is 6 */
	expect("pack:2 l3:2 core:2 pu:1", NULL, "6,7", "0,1,2,3,4,5");
}
END_TEST

START_TEST(the_second_cpu_is_near_the_first_even_if_numbers_are_not)
{
	/* 3 and 4 alone are allowed beside 0 and 7: 7's package holds 4 */
	expect("pack:2 core:4 pu:1", "0,3,4,7", "4,7", "0,3");
}
END_TEST

static void expect_node(const char *machine, const char *allowed, int node)
{
	struct placement placement = choose(machine, allowed);

	ck_assert_int_eq(placement.memory_node, node);
	placement_finish(&placement);
}

START_TEST(memory_is_from_the_node_of_the_trial_cpus_where_there_are_several)
{
	expect_node("pack:2 [numa(memory=1GB)] core:4 pu:1", NULL, 1);
	expect_node("pack:2 [numa(memory=1GB)] core:4 pu:1", "0,1,2", 0);
	expect_node("pack:2 core:4 pu:1", NULL, -1);
	/* the trial's CPUs are on both nodes */
	expect_node("pack:2 [numa(memory=1GB)] core:2 pu:1", "0,1,2", -1);
}
END_TEST

START_TEST(cpus_that_are_not_allowed_are_never_used)
{
	expect("pack:1 core:8 pu:1", "1,2", "2", "1");
}
END_TEST

START_TEST(this_host_gets_a_placement_within_its_memory)
{
	struct placement placement;
	struct error err = {0};
	json_t *json;

	ck_assert_msg(placement_init(&placement, "/", &err) == 0, "%s", err.message);
	ck_assert_int_ge(placement.trial_cpu_count, 1);
	ck_assert_int_le(placement.trial_cpu_count, 2);
	ck_assert_int_ge(placement.other_cpu_count, 1);
	ck_assert_uint_gt(placement.memory_bytes, 0);
	ck_assert_uint_le(placement.memory_bytes, 4ULL << 30);
	json = placement_json(&placement);
	ck_assert_int_eq((int)json_array_size(json_object_get(json, "trial_cpus")),
			 placement.trial_cpu_count);
	json_decref(json);
	ck_assert_int_eq(placement_pin(placement.trial_cpus, placement.trial_cpu_count, &err), 0);
	ck_assert_int_eq(placement_pin((int[]){4000}, 1, &err), err.code);
	ck_assert_int_lt(err.code, 0);
	placement_finish(&placement);
}
END_TEST

UNIT("placement", two_cpus_give_one_to_the_trial_and_one_to_the_harness,
     one_cpu_is_shared_and_that_is_said,
     one_core_with_two_threads_leaves_its_sibling_to_the_harness,
     trial_cpus_are_on_two_cores_and_their_siblings_stay_idle,
     trial_cpus_share_a_package_and_a_cache,
     the_second_cpu_is_near_the_first_even_if_numbers_are_not,
     memory_is_from_the_node_of_the_trial_cpus_where_there_are_several,
     cpus_that_are_not_allowed_are_never_used, this_host_gets_a_placement_within_its_memory)
