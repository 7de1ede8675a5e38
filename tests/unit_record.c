/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "results/journal.h"
#include "tests/sample_run.h"

static char directory[] = "/tmp/tare-unit-record-XXXXXX";

static void begin_directory(void)
{
	strcpy(directory + sizeof(directory) - sizeof("XXXXXX"), "XXXXXX"); /* not the first one */
	ck_assert_ptr_nonnull(mkdtemp(directory));
	ck_assert_int_eq(chdir(directory), 0);
	ck_assert_int_eq(file_write("run.json", SAMPLE_PLAN, NULL), 0);
}

static void end_directory(void)
{
	unlink("run.json");
	unlink("trials.jsonl");
	ck_assert_int_eq(rmdir(directory), 0);
}

static int record_load(const char *path, struct record **record, struct error *err)
{
	cleanup_directory struct directory opened = DIRECTORY_CLOSED;

	*record = NULL;
	return record_open(path, &opened, err) ?: record_read(&opened, record, err);
}

static struct record_trial *only(struct record *record)
{
	ck_assert_int_eq(record->trial_count, 1);
	return record->trials;
}

/* Adds a trial after `change` of one member, and wants it kept, marked, with these words. */
static void check_refused(const char *key, json_t *value, const char *words)
{
	struct record *record = sample_record();
	json_t *trial = sample_trial("vm", 0, 0, 5);

	json_object_set_new(trial, key, value);
	ck_assert_int_eq(sample_add(record, trial), 0);
	ck_assert(!only(record)->valid);
	ck_assert_msg(strstr(only(record)->reason, words) != NULL, "%s", only(record)->reason);
	record_destroy(record);
}

START_TEST(arms_stand_with_the_baseline_first_then_the_null_arm)
{
	struct record *record = sample_record();

	ck_assert_str_eq(record->arms[0].id, "bare");
	ck_assert_str_eq(record->arms[1].id, "bare#null");
	ck_assert_str_eq(record->arms[1].label, "bare metal again");
	ck_assert_str_eq(record->arms[2].label, "VM (KVM)");
	record_destroy(record);
}
END_TEST

START_TEST(a_sound_trial_keeps_what_it_says)
{
	struct record *record = sample_record();
	json_t *trial = sample_trial("vm", 3, 7, 5.25);

	json_object_set_new(trial, "flags", json_pack("[s, s]", "steal", "clock"));
	json_object_set_new(trial, "counters",
			    json_pack("{s:i, s:s}", "faults", 12, "cycles", "n/a (no PMU)"));
	ck_assert_int_eq(sample_add(record, trial), 0);
	ck_assert(only(record)->valid);
	ck_assert_int_eq(only(record)->start, 3);
	ck_assert_int_eq(only(record)->block, 7);
	ck_assert_double_eq(only(record)->values[0], 5.25);
	ck_assert_uint_eq(only(record)->flags, 3);
	ck_assert_str_eq(record_flag_name(record, 1), "clock");
	ck_assert_ptr_null(record_flag_name(record, 2));
	ck_assert_double_eq(only(record)->counters[0].value, 12);
	ck_assert_str_eq(only(record)->counters[1].reason, "n/a (no PMU)");
	record_destroy(record);
}
END_TEST

START_TEST(a_value_that_no_measurement_yields_is_kept_and_marked)
{
	check_refused("values", json_pack("{s:i}", "throughput", 0), "no work was done");
	check_refused("values", json_pack("{s:f}", "throughput", -3.0), "throughput is -3");
	check_refused("values", json_pack("{s:n}", "throughput"), "throughput is nan");
	check_refused("values", json_pack("{s:s}", "throughput", "NaN"), "throughput is nan");
	check_refused("values", json_object(), "throughput is missing");
	check_refused("operations", json_integer(0), "no work was done");
}
END_TEST

START_TEST(time_that_runs_backwards_is_kept_and_marked)
{
	struct record *record = sample_record();
	json_t *late = sample_trial("vm", 0, 0, 5), *early = sample_trial("vm", 0, 1, 5);

	check_refused("inside_seconds", json_real(-0.3), "time ran backwards");
	check_refused("outside_seconds", json_real(0), "time ran backwards");
	json_object_set_new(late, "time", json_real(100));
	json_object_set_new(early, "time", json_real(99));
	ck_assert_int_eq(sample_add(record, late), 0);
	ck_assert_int_eq(sample_add(record, early), 0);
	ck_assert(record->trials[0].valid);
	ck_assert(!record->trials[1].valid);
	ck_assert_ptr_nonnull(strstr(record->trials[1].reason, "time ran backwards"));
	record_destroy(record);
}
END_TEST

static json_t *histogram_text(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);

	ck_assert_ptr_nonnull(json);
	return json_pack("{s:o}", "latency", json);
}

START_TEST(a_histogram_that_does_not_add_up_is_kept_and_marked)
{
	static const char *const wrong[] = {
		"{\"count\":4,\"sum\":1,\"min\":1,\"max\":2,\"counts\":[1,3]}",
		"{\"count\":4,\"sum\":1,\"min\":1,\"max\":2,\"counts\":[5,2,5,2]}",
		"{\"count\":4,\"sum\":1,\"min\":1,\"max\":2,\"counts\":[5,2,4,2]}",
		"{\"count\":4,\"sum\":1,\"min\":1,\"max\":2,\"counts\":[5,4,6]}",
		"{\"count\":4,\"sum\":1,\"min\":1,\"max\":2,\"counts\":[4352,4]}",
		"{\"count\":4,\"sum\":1,\"min\":1,\"max\":2,\"counts\":[-1,4]}",
		"{\"count\":-4,\"sum\":1,\"min\":1,\"max\":2,\"counts\":[1,-4]}",
		"{\"count\":4,\"sum\":1,\"min\":1,\"max\":2,\"counts\":[1,[4]]}",
		"{\"count\":4,\"sum\":1,\"min\":1,\"max\":2,\"counts\":[1,4.0]}",
		"{\"count\":4,\"sum\":1,\"min\":1,\"max\":2,\"counts\":[1,\"4\"]}",
		"{\"count\":4,\"sum\":1,\"min\":3,\"max\":2,\"counts\":[1,4]}",
		"{\"count\":4,\"sum\":-1,\"min\":1,\"max\":2,\"counts\":[1,4]}",
		"{\"sum\":1,\"min\":1,\"max\":2,\"counts\":[1,4]}",
	};

	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		check_refused("histograms", histogram_text(wrong[i]), "do not add up");
}
END_TEST

START_TEST(a_packed_histogram_is_unpacked_equal)
{
	struct record *record = sample_record();
	struct histogram *sent = histogram_create(), *back = histogram_create();
	json_t *trial = sample_trial("vm", 0, 0, 5);

	for (uint64_t i = 1; i < 100000; i++)
		histogram_record(sent, i * i);
	sample_histogram(trial, sent);
	ck_assert_int_eq(sample_add(record, trial), 0);
	ck_assert_int_eq(record_histogram(only(record), "latency", 1, back), 0);
	ck_assert_mem_eq(sent->counts, back->counts, sizeof(sent->counts));
	ck_assert_uint_eq(sent->min, back->min);
	ck_assert_uint_eq(sent->max, back->max);
	ck_assert_int_eq(record_histogram(only(record), "other", 1, back), -ENOENT);
	ck_assert_double_eq_tol(only(record)->values[1], histogram_mean(sent) / 1000, 1e-6);
	histogram_destroy(sent);
	histogram_destroy(back);
	record_destroy(record);
}
END_TEST

START_TEST(a_failed_trial_is_kept_with_its_error)
{
	struct record *record = sample_record();
	json_t *trial = sample_trial("vm", 0, 0, 5);

	json_object_set_new(trial, "error",
			    json_pack("{s:s, s:s}", "code", "EIO", "message", "the disk is gone"));
	ck_assert_int_eq(sample_add(record, trial), 0);
	ck_assert_str_eq(only(record)->reason, "EIO: the disk is gone");
	record_destroy(record);
}
END_TEST

/* 10 % fast: 110 operations in a second of the host were said to be 100 a second */
START_TEST(rates_by_a_clock_that_is_wrong_are_taken_from_the_hosts_time)
{
	struct record *record = sample_record();
	struct histogram *h = histogram_create();
	json_t *trial = sample_trial("vm", 0, 0, 100);

	json_object_set_new(trial, "clock_rate", json_real(1.1));
	histogram_record(h, 1000);
	sample_histogram(trial, h);
	ck_assert_int_eq(sample_add(record, trial), 0);
	ck_assert_double_eq_tol(only(record)->values[0], 110, 1e-9);
	ck_assert_double_eq_tol(only(record)->clock_rate, 1.1, 1e-9);
	ck_assert_int_eq(only(record)->histogram_count, 0);
	histogram_destroy(h);
	record_destroy(record);
}
END_TEST

START_TEST(what_the_load_generators_clock_timed_is_not_mended)
{
	struct record *record = sample_record();

	ck_assert_int_eq(sample_add(record, sample_trial("vm", 0, 0, 100)), 0);
	ck_assert_double_eq_tol(only(record)->values[0], 100, 1e-9);
	ck_assert_double_eq_tol(only(record)->clock_rate, 1, 1e-9);
	record_destroy(record);
}
END_TEST

/* What is left of a journal of two trials that was cut at any byte. */
START_TEST(a_journal_cut_at_any_byte_loses_no_whole_line)
{
	struct directory here;
	struct journal *journal;
	struct record *record;
	char *text;
	size_t length;

	begin_directory();
	ck_assert_int_eq(directory_open(".", &here, NULL), 0);
	ck_assert_int_eq(journal_open(&here, 0, &journal, NULL), 0);
	for (int i = 0; i < 2; i++) {
		json_t *trial = sample_trial("vm", 0, i, 5);

		ck_assert_int_eq(journal_append(journal, trial, NULL), 0);
		json_decref(trial);
	}
	journal_close(journal);
	ck_assert_int_eq(file_read("trials.jsonl", 1 << 20, &text, &length, NULL), 0);
	for (size_t cut = length; cut-- > 0;) {
		size_t whole = 0;

		for (size_t i = 0; i < cut; i++)
			whole += text[i] == '\n';
		ck_assert_int_eq(truncate("trials.jsonl", (off_t)cut), 0);
		ck_assert_int_eq(record_load(".", &record, NULL), 0);
		ck_assert_uint_eq(record->trial_count, whole);
		ck_assert_int_eq(record->dropped[0] != 0, cut && text[cut - 1] != '\n');
		record_destroy(record);
	}
	free(text);
	directory_close(&here);
	end_directory();
}
END_TEST

START_TEST(resuming_cuts_the_torn_line_and_goes_on)
{
	struct directory here;
	struct journal *journal;
	struct record *record;
	json_t *trial = sample_trial("vm", 0, 9, 5);

	begin_directory();
	ck_assert_int_eq(directory_open(".", &here, NULL), 0);
	ck_assert_int_eq(file_write("trials.jsonl", "{\"record\":\"event\"}\n{\"rec", NULL), 0);
	ck_assert_int_eq(journal_open(&here, 0, &journal, NULL), -EEXIST);
	ck_assert_int_eq(journal_open(&here, 1, &journal, NULL), 0);
	ck_assert_int_eq(journal_append(journal, trial, NULL), 0);
	journal_close(journal);
	json_decref(trial);
	ck_assert_int_eq(record_load(".", &record, NULL), 0);
	ck_assert_str_eq(record->dropped, "");
	ck_assert_uint_eq(json_array_size(record->events), 1);
	ck_assert_int_eq(only(record)->block, 9);
	record_destroy(record);
	directory_close(&here);
	end_directory();
}
END_TEST

/* What something else does to the journal while it is written. */
START_TEST(a_journal_that_was_removed_exchanged_or_cut_is_found_out)
{
	json_t *trial = sample_trial("vm", 0, 9, 5);
	struct journal *journal;
	struct directory here;

	for (int harm = 0; harm < 4; harm++) {
		begin_directory();
		ck_assert_int_eq(directory_open(".", &here, NULL), 0);
		ck_assert_int_eq(journal_open(&here, 0, &journal, NULL), 0);
		ck_assert_int_eq(journal_append(journal, trial, NULL), 0);
		ck_assert_int_eq(journal_check(journal, &here, NULL), 0);
		if (harm == 0)
			ck_assert_int_eq(unlink("trials.jsonl"), 0);
		if (harm == 1)
			ck_assert_int_eq(file_replace("trials.jsonl", "{}\n", 3, NULL), 0);
		if (harm == 2)
			ck_assert_int_eq(truncate("trials.jsonl", 5), 0);
		if (harm == 3)
			ck_assert_int_eq(truncate("trials.jsonl", 100000), 0);
		ck_assert_int_eq(journal_check(journal, &here, NULL), -EBADMSG);
		journal_close(journal);
		directory_close(&here);
		end_directory();
	}
	json_decref(trial);
}
END_TEST

static int make_fifo(void)
{
	return mkfifo("run.json", 0600);
}

static int make_link(void)
{
	return symlink("/etc/shadow", "run.json");
}

static int make_device(void)
{
	return symlink("/dev/zero", "run.json");
}

static int make_directory_of_it(void)
{
	return mkdir("run.json", 0700);
}

START_TEST(only_regular_files_are_read_and_no_word_of_them_is_repeated)
{
	static int (*const makers[])(void) = {make_fifo, make_link, make_device,
					      make_directory_of_it};
	struct record *record;
	struct error err;

	for (size_t i = 0; i < sizeof(makers) / sizeof(*makers); i++) {
		begin_directory();
		unlink("run.json");
		ck_assert_int_eq(makers[i](), 0);
		ck_assert_int_lt(record_load(".", &record, &err), 0);
		ck_assert_ptr_null(strstr(err.message, "root"));
		unlink("run.json");
		rmdir("run.json");
		end_directory();
	}
	begin_directory();
	ck_assert_int_eq(file_replace("run.json", "secretword", 10, NULL), 0);
	ck_assert_int_eq(record_load(".", &record, &err), -EINVAL);
	ck_assert_ptr_null(strstr(err.message, "secretword"));
	end_directory();
}
END_TEST

static char *trial_text(void)
{
	json_t *trial = sample_trial("vm", 0, 0, 5);
	char *text = json_dumps(trial, 0);

	json_decref(trial);
	return text;
}

START_TEST(garbled_and_unknown_lines_are_counted_and_the_rest_is_used)
{
	struct record *record;
	char *trial = trial_text(), *text;

	begin_directory();
	ck_assert_int_ge(asprintf(&text,
				  "garbage\n%s\n[1]\n{}\n\n"
				  "{\"record\":\"trial\",\"workload\":\"x\",\"arm\":\"y\"}\n{\"a",
				  trial),
			 0);
	ck_assert_int_eq(file_write("trials.jsonl", text, NULL), 0);
	ck_assert_int_eq(record_load(".", &record, NULL), 0);
	ck_assert(only(record)->valid);
	ck_assert_uint_eq(only(record)->line, 2);
	ck_assert_str_eq(record->dropped,
			 "4 of 6 lines cannot be read; 1 lines name what is not in the plan; the "
			 "last line was cut off: left out");
	record_destroy(record);
	free(text);
	free(trial);
	end_directory();
}
END_TEST

START_TEST(a_line_beyond_the_limit_is_passed_over)
{
	struct record *record;
	char *trial = trial_text(), *text;
	size_t long_line = 9 << 20;

	begin_directory();
	text = malloc(long_line + strlen(trial) + 3);
	memset(text, 'x', long_line);
	sprintf(text + long_line, "\n%s\n", trial);
	ck_assert_int_eq(file_write("trials.jsonl", text, NULL), 0);
	ck_assert_int_eq(record_load(".", &record, NULL), 0);
	ck_assert(only(record)->valid);
	ck_assert_str_eq(record->dropped, "1 of 2 lines cannot be read: left out");
	record_destroy(record);
	free(text);
	free(trial);
	end_directory();
}
END_TEST

START_TEST(what_is_no_run_is_refused_with_its_name)
{
	struct record *record;
	struct error err;

	begin_directory();
	ck_assert_int_eq(record_load("/nonexistent", &record, &err), -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.message, "/nonexistent is not a run"));
	ck_assert_int_eq(file_write("run.json", "{\"plan\":", NULL), 0);
	ck_assert_int_eq(record_load(".", &record, &err), -EINVAL);
	ck_assert_int_eq(file_write("run.json", "{}", NULL), 0);
	ck_assert_int_eq(record_load(".", &record, &err), -EINVAL);
	end_directory();
}
END_TEST

UNIT("record", arms_stand_with_the_baseline_first_then_the_null_arm,
     a_sound_trial_keeps_what_it_says, a_value_that_no_measurement_yields_is_kept_and_marked,
     time_that_runs_backwards_is_kept_and_marked,
     a_histogram_that_does_not_add_up_is_kept_and_marked, a_packed_histogram_is_unpacked_equal,
     a_failed_trial_is_kept_with_its_error,
     rates_by_a_clock_that_is_wrong_are_taken_from_the_hosts_time,
     what_the_load_generators_clock_timed_is_not_mended,
     a_journal_cut_at_any_byte_loses_no_whole_line, resuming_cuts_the_torn_line_and_goes_on,
     a_journal_that_was_removed_exchanged_or_cut_is_found_out,
     only_regular_files_are_read_and_no_word_of_them_is_repeated,
     garbled_and_unknown_lines_are_counted_and_the_rest_is_used,
     a_line_beyond_the_limit_is_passed_over, what_is_no_run_is_refused_with_its_name)
