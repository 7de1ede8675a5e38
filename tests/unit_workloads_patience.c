/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"
#include "workloads/patience.h"

/* Answers 1 at look number `comes`; never where that is 0. */
struct peer {
	int looks, comes;
};

static int look(void *state)
{
	struct peer *peer = state;

	return ++peer->looks == peer->comes;
}

static int looks_of(struct patience *p, int comes)
{
	struct peer peer = {.comes = comes};
	int n = patience_wait(p, look, &peer);

	ck_assert_int_eq(n, comes && peer.looks == comes);
	return peer.looks;
}

START_TEST(what_is_there_is_found_at_the_first_look)
{
	struct patience p = {0};

	ck_assert_int_eq(looks_of(&p, 1), 1);
	ck_assert_int_eq(looks_of(&p, 3), 3);
}
END_TEST

START_TEST(looks_in_vain_become_rare_and_one_that_helps_brings_them_back)
{
	struct patience p = {0};
	int full = looks_of(&p, 0), skipped = 0;

	ck_assert_int_gt(full, 1);
	ck_assert_int_eq(looks_of(&p, 0), 0);
	ck_assert_int_eq(looks_of(&p, 0), full);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(looks_of(&p, 0), 0);
	ck_assert_int_eq(looks_of(&p, 0), full);
	while (looks_of(&p, 2) == 0)
		skipped++;
	ck_assert_int_eq(skipped, 7);
	ck_assert_int_eq(looks_of(&p, 2), 2);
}
END_TEST

UNIT("patience", what_is_there_is_found_at_the_first_look,
     looks_in_vain_become_rare_and_one_that_helps_brings_them_back)
