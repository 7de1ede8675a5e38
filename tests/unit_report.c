/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <limits.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "plots/plots.h"
#include "tests/synthetic.h"

static char *report_text(const struct synthetic *run, const char *language)
{
	char path[PATH_MAX], *text;
	struct error err = {0};

	ck_assert_msg(!report_write(run->summary, &run->files, language, &err), "%s", err.message);
	snprintf(path, sizeof(path), "%s/report.html", run->directory);
	ck_assert_msg(!file_read(path, 1 << 26, &text, NULL, &err), "%s", err.message);
	return text;
}

static void check_contains(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "\"%s\" is missing in: %.400s", part, text);
}

START_TEST(a_sentence_says_verdict_value_and_interval)
{
	struct synthetic run;
	cleanup_free char *disk = NULL, *disco = NULL, *none = NULL;

	synthetic_make(&run, "slowest=5");
	disk = summary_sentence(run.summary, "disk", "en");
	check_contains(disk, "Disk: in disk.randomrw container (runc) has a negligible overhead");
	check_contains(disk, "VM (emulated, TCG) keeps 0.20 of bare metal's performance");
	check_contains(disk, "overhead +");
	disco = summary_sentence(run.summary, "disk", "pt-BR");
	check_contains(disco, "Disco: em disk.randomrw container (runc)");
	check_contains(disco, "0,20 do desempenho de bare metal");
	none = summary_sentence(run.summary, "other", "en");
	ck_assert_str_eq(none, "");
	ck_assert_ptr_null(summary_sentence(run.summary, "disk", "xx"));
	synthetic_remove(&run);
}
END_TEST

START_TEST(a_missing_environment_is_named_in_the_sentence_and_its_reason_in_the_table)
{
	cleanup_free char *sentence = NULL, *text = NULL;
	struct synthetic run;

	synthetic_make(&run, "missing=vm");
	sentence = summary_sentence(run.summary, "cpu", "en");
	check_contains(sentence, "VM (emulated, TCG) is unavailable.");
	text = report_text(&run, "en");
	check_contains(text, "apt-get install qemu-system-x86");
	synthetic_remove(&run);
}
END_TEST

START_TEST(a_null_arm_far_off_leaves_only_what_is_far_slower_still_decided)
{
	cleanup_free char *text = NULL;
	struct synthetic run;

	synthetic_make(&run, "null=1.2");
	text = report_text(&run, "en");
	check_contains(text, "the interval includes 1 and exceeds the margin of 3");
	check_contains(text, "Of 8 comparisons: 2 with an overhead, 6 unresolved.");
	synthetic_remove(&run);
}
END_TEST

START_TEST(the_sections_stand_in_their_order)
{
	static const char *const order[] = {"class=\"question\"",     "class=\"answer\"",
					    "id=\"figure-overhead\"", "id=\"verdicts\"",
					    "id=\"trust\"",           "id=\"figures\"",
					    "id=\"setup\"",           "id=\"again\""};
	cleanup_free char *text = NULL;
	struct synthetic run;
	const char *at;

	synthetic_make(&run, "");
	at = text = report_text(&run, "en");
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		at = strstr(at, order[i]);
		ck_assert_msg(at != NULL, "%s is missing or out of order", order[i]);
	}
	synthetic_remove(&run);
}
END_TEST

START_TEST(hostile_names_are_text_in_the_report)
{
	cleanup_free char *text = NULL;
	struct synthetic run;
	struct error err;

	synthetic_make(&run, "hostile=1");
	ck_assert_int_eq(figures_draw(run.summary, &run.files, false, "en", &err), 0);
	text = report_text(&run, "en");
	ck_assert_ptr_null(strstr(text, "<script>alert"));
	ck_assert_ptr_null(strstr(text, "<b>qemu"));
	ck_assert_ptr_null(strstr(text, "a<b>&host"));
	check_contains(text, "&lt;script&gt;alert(1)&lt;/script&gt;");
	check_contains(text, "a&lt;b&gt;&amp;host");
	synthetic_remove(&run);
}
END_TEST

START_TEST(nothing_is_fetched_from_outside)
{
	cleanup_free char *text = NULL;
	struct synthetic run;
	struct error err;

	synthetic_make(&run, "");
	ck_assert_int_eq(figures_draw(run.summary, &run.files, false, "en", &err), 0);
	text = report_text(&run, "en");
	check_contains(text, "default-src 'none'");
	ck_assert_ptr_null(strstr(text, " src="));
	ck_assert_ptr_null(strstr(text, "@import"));
	ck_assert_ptr_null(strstr(text, "url(http"));
	for (const char *at = text; (at = strstr(at, "http")); at++)
		ck_assert_msg(!strncmp(at, "http://www.w3.org/2000/svg", 26) ||
				      !strncmp(at, "http-equiv", 10),
			      "%.60s", at);
	synthetic_remove(&run);
}
END_TEST

START_TEST(the_same_run_gives_the_same_bytes)
{
	cleanup_free char *first = NULL, *second = NULL;
	struct synthetic run;
	struct error err;

	synthetic_make(&run, "subjects=4 nan=1");
	ck_assert_int_eq(figures_draw(run.summary, &run.files, false, "pt-BR", &err), 0);
	first = report_text(&run, "pt-BR");
	ck_assert_int_eq(figures_draw(run.summary, &run.files, false, "pt-BR", &err), 0);
	second = report_text(&run, "pt-BR");
	ck_assert_str_eq(first, second);
	synthetic_remove(&run);
}
END_TEST

START_TEST(a_figure_that_was_not_drawn_is_said_to_be_missing)
{
	cleanup_free char *text = NULL;
	struct synthetic run;

	synthetic_make(&run, "");
	text = report_text(&run, "en");
	check_contains(text, "This figure is missing: it was not drawn");
	synthetic_remove(&run);
}
END_TEST

START_TEST(the_command_runs_it_again_with_its_seed)
{
	cleanup_free char *text = NULL;
	struct synthetic run;
	json_t *command;

	synthetic_make(&run, "");
	command =
		json_pack("[sssssss]", "./tare", "run", "overhead", "-w", "cpu.*", "--out", "/x/y");
	json_object_set_new(run.record->run, "command", command);
	text = report_text(&run, "en");
	check_contains(text, "<pre>tare run overhead -w &#39;cpu.*&#39; --seed 42</pre>");
	synthetic_remove(&run);
}
END_TEST

START_TEST(both_languages_are_whole_and_others_are_refused)
{
	cleanup_free char *text = NULL;
	struct synthetic run;
	struct error err;

	synthetic_make(&run, "");
	text = report_text(&run, "pt-BR");
	check_contains(text, "<html lang=\"pt-BR\">");
	check_contains(text, "Posso confiar?");
	ck_assert_ptr_null(strstr(text, "Can I trust"));
	check_contains(text, "VM (emulada, TCG)");
	*strstr(text, "id=\"setup\"") = 0; /* there the record is shown as it is */
	ck_assert_ptr_null(strstr(text, "(emulated, TCG)"));
	ck_assert_int_eq(report_write(run.summary, &run.files, "de", &err), -EINVAL);
	ck_assert_int_eq(figures_draw(run.summary, &run.files, false, "de", &err), -EINVAL);
	synthetic_remove(&run);
}
END_TEST

UNIT("report", a_sentence_says_verdict_value_and_interval,
     a_missing_environment_is_named_in_the_sentence_and_its_reason_in_the_table,
     a_null_arm_far_off_leaves_only_what_is_far_slower_still_decided,
     the_sections_stand_in_their_order, hostile_names_are_text_in_the_report,
     nothing_is_fetched_from_outside, the_same_run_gives_the_same_bytes,
     a_figure_that_was_not_drawn_is_said_to_be_missing, the_command_runs_it_again_with_its_seed,
     both_languages_are_whole_and_others_are_refused)
