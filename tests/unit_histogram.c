/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <math.h>
#include <string.h>

#include "tests/histogram_decode.h"

START_TEST(every_value_lies_within_half_a_percent_of_its_bucket)
{
	for (double exact = 1; exact < 1e12; exact *= 1.0009) {
		uint64_t ns = (uint64_t)exact;
		double middle = histogram_value(histogram_index(ns));

		ck_assert_msg(fabs(middle - (double)ns) <= (double)ns * 0.005, "%llu in %f",
			      (unsigned long long)ns, middle);
	}
}
END_TEST

START_TEST(buckets_rise_with_their_values_and_are_all_reached)
{
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		ck_assert_uint_eq(histogram_index((uint64_t)histogram_value(i)), i);
		if (i)
			ck_assert(histogram_value(i) > histogram_value(i - 1));
	}
	ck_assert_uint_eq(histogram_index(UINT64_MAX), HISTOGRAM_BUCKETS - 1);
}
END_TEST

START_TEST(percentiles_of_a_known_list_are_its_ranks)
{
	struct histogram *h = histogram_create();

	ck_assert(isnan(histogram_percentile(h, 0.5)));
	ck_assert(isnan(histogram_mean(h)));
	for (uint64_t i = 1; i <= 100; i++)
		histogram_record(h, i);
	ck_assert_double_eq(histogram_percentile(h, 0.5), 50);
	ck_assert_double_eq(histogram_percentile(h, 0.99), 99);
	ck_assert_double_eq(histogram_percentile(h, 1), 100);
	ck_assert_double_eq(histogram_percentile(h, 0), 1);
	ck_assert_double_eq(histogram_mean(h), 50.5);
	histogram_destroy(h);
}
END_TEST

START_TEST(merging_two_equals_recording_all_in_one)
{
	struct histogram *a = histogram_create(), *b = histogram_create(),
			 *all = histogram_create();

	for (uint64_t i = 0; i < 10000; i++) {
		uint64_t ns = i * i * 37 % 5000000;

		histogram_record(i % 3 ? a : b, ns);
		histogram_record(all, ns);
	}
	histogram_merge(a, b);
	ck_assert_int_eq(memcmp(a, all, sizeof(*a)), 0);
	histogram_destroy(a);
	histogram_destroy(b);
	histogram_destroy(all);
}
END_TEST

START_TEST(what_is_encoded_decodes_to_the_same)
{
	struct histogram *h = histogram_create(), *back = histogram_create();
	json_t *json;

	for (uint64_t i = 0; i < 1000; i++)
		histogram_record(h, i * 977);
	json = histogram_encode(h);
	histogram_decode(json, back);
	ck_assert_int_eq(memcmp(h, back, sizeof(*h)), 0);
	json_decref(json);
	histogram_reset(h);
	histogram_reset(back);
	json = histogram_encode(h);
	histogram_decode(json, back);
	ck_assert_uint_eq(back->count, 0);
	json_decref(json);
	histogram_destroy(h);
	histogram_destroy(back);
}
END_TEST

UNIT("histogram", every_value_lies_within_half_a_percent_of_its_bucket,
     buckets_rise_with_their_values_and_are_all_reached, percentiles_of_a_known_list_are_its_ranks,
     merging_two_equals_recording_all_in_one, what_is_encoded_decodes_to_the_same)
