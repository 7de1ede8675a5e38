/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How it was set up, and how to run it again. */
#include <jansson.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "plots/report.h"

static void put_workloads(struct report *report)
{
	const struct record *record = report->picture->record;

	page_heading(report, 3, WORD_SETUP_WORKLOADS);
	page_table_begin(report, WORD_SETUP_WORKLOADS_CAPTION, "");
	page_table_heads(report, WORD_HEAD_WORKLOAD, WORD_HEAD_SUMMARY, WORD_HEAD_STANDS_FOR,
			 WORD_HEAD_PARAMETERS, -1);
	for (int w = 0; w < record->workload_count; w++) {
		json_t *entry = record->workloads[w].entry, *value;
		const char *name, *note = json_text(entry, "note");

		page_row(report, record->workloads[w].name);
		page_element(report, "td class=\"long\"", "%s%s%s", json_text(entry, "summary"),
			     *note ? "; " : "", note);
		page_element(report, "td class=\"long\"", "%s", json_text(entry, "stands_for"));
		fputs("<td class=\"long\">", report->out);
		json_object_foreach (json_object_get(entry, "values"), name, value) {
			cleanup_free char *text = json_dumps(value, JSON_ENCODE_ANY);

			put_html_format(report->out, "%s=%s ", name,
					json_is_string(value) ? json_string_value(value)
					: text                ? text
							      : "");
		}
		fputs("</td>\n</tr>\n", report->out);
	}
	page_table_end(report);
}

static void put_environments(struct report *report)
{
	json_t *environments = json_object_get(report->picture->record->run, "environments");
	const char *name;
	json_t *environment;

	page_heading(report, 3, WORD_SETUP_ENVIRONMENTS);
	json_object_foreach (environments, name, environment) {
		fputs("<details>\n", report->out);
		page_element(report, "summary", "%s (%s)",
			     report_phrase(report, json_text(environment, "label")).text, name);
		report_facts(report, WORD_SETUP_ENVIRONMENTS, environment);
		fputs("</details>\n", report->out);
	}
}

/* The plan without workloads, arms and conditions, which are shown elsewhere. */
static json_t *plan_in_short(json_t *run)
{
	json_t *plan = json_copy(json_object_get(run, "plan"));

	json_object_del(plan, "workloads");
	json_object_del(plan, "arms");
	json_object_del(plan, "conditions");
	return plan;
}

void report_setup(struct report *report)
{
	json_t *run = report->picture->record->run;
	cleanup_json json_t *plan = plan_in_short(run);

	page_section(report, "setup", WORD_SETUP);
	put_workloads(report);
	put_environments(report);
	page_heading(report, 3, WORD_SETUP_HOST);
	report_facts(report, WORD_SETUP_HOST_CAPTION, json_object_get(run, "host"));
	page_heading(report, 3, WORD_SETUP_PLACEMENT);
	report_facts(report, WORD_SETUP_PLACEMENT, json_object_get(run, "placement"));
	page_heading(report, 3, WORD_SETUP_PLAN);
	report_facts(report, WORD_SETUP_PLAN_CAPTION, plan);
	page_heading(report, 3, WORD_TIME_SPENT);
	report_facts(report, WORD_TIME_SPENT, json_object_get(run, "time"));
	fputs("</section>\n", report->out);
}

/* Quotes a word for a shell. */
static void put_shell_word(FILE *out, const char *word)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				    "@%_+=:,./-";

	if (*word && !word[strspn(word, plain)]) {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	for (; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, out);
	fputc('\'', out);
}

/* The command as it was given, with the seed if it was drawn. Omits options that name a directory
 * of that run, because a new run needs a new one. */
static void put_command(FILE *out, json_t *run)
{
	json_t *command = json_object_get(run, "command"), *argument;
	json_t *seed = json_object_get(json_object_get(run, "plan"), "seed");
	bool seeded = false, skip = false;
	size_t i;

	json_array_foreach (command, i, argument) {
		const char *word = json_string_value(argument);

		if (!word || skip) {
			skip = false;
			continue;
		}
		skip = !strcmp(word, "--out") || !strcmp(word, "--resume") || !strcmp(word, "-o");
		if (skip || !strncmp(word, "--out=", 6) || !strncmp(word, "--resume=", 9))
			continue;
		seeded |= !strcmp(word, "--seed") || !strncmp(word, "--seed=", 7);
		fputs(i ? " " : "", out);
		put_shell_word(out, i ? word : "tare");
	}
	if (!seeded && json_is_integer(seed))
		fprintf(out, " --seed %" JSON_INTEGER_FORMAT, json_integer_value(seed));
}

void report_again(struct report *report)
{
	const struct picture *picture = report->picture;
	cleanup_free char *command = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&command, &size);

	if (out) {
		put_command(out, picture->record->run);
		fclose(out);
	}
	page_section(report, "again", WORD_AGAIN_TITLE);
	page_say(report, "p", WORD_AGAIN_TEXT);
	page_element(report, "pre", "%s", command ? command : "");
	page_say(report, "p", WORD_REPORT_TEXT);
	page_element(report, "pre", "tare report DIR");
	fputs("</section>\n", report->out);
}
