/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From run.json and trials.jsonl to everything that people look at. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/run/run.h"
#include "harness/subcommand.h"
#include "plots/plots.h"
#include "results/closure.h"
#include "results/predict.h"
#include "results/reproduce.h"
#include "results/summary.h"

static void print_sentences(const struct summary *summary, const char *language)
{
	static const char *const panels[] = {"cpu", "memory", "disk", "network"};

	for (size_t i = 0; i < sizeof(panels) / sizeof(*panels); i++) {
		cleanup_free char *sentence = summary_sentence(summary, panels[i], language);

		if (sentence && *sentence)
			printf("%s\n", sentence);
	}
}

/* A study that stands for a published one: what was published, beside. */
static void print_reproduction(const struct summary *summary, const struct terminal *terminal)
{
	const json_t *study = json_object_get(summary->record->run, "study");
	const char *name = json_string_value(json_object_get(study, "name"));
	struct reproduction *reproduction;

	for (int i = 0; name && published_studies[i]; i++) {
		if (strcmp(name, published_studies[i]) != 0 ||
		    reproduce_create(summary, name, &reproduction, NULL))
			continue;
		printf("\n");
		reproduce_print(reproduction, stdout, terminal->utf8, terminal->colour);
		reproduce_destroy(reproduction);
	}
}

static void print_ladder(const struct summary *summary, const char *language, bool utf8)
{
	struct ladder *ladder;

	if (ladder_create(summary, &ladder, NULL))
		return;
	ladder_print(ladder, stdout, utf8);
	for (int w = 0; w < summary->record->workload_count; w++) {
		cleanup_free char *sentence = ladder_sentence(ladder, w, language);

		if (sentence)
			printf("%s\n", sentence);
	}
	ladder_destroy(ladder);
}

static int print_table(const struct summary *summary, const char *directory,
		       const struct report_options *options)
{
	struct terminal terminal;

	terminal_look(&terminal, STDOUT_FILENO);
	printf("\n");
	summary_print(summary, stdout, terminal.utf8, terminal.colour);
	printf("\n");
	if (ladder_wanted(summary->record))
		print_ladder(summary, options->language, terminal.utf8);
	else
		print_sentences(summary, options->language);
	predictions_print(summary, stdout);
	print_reproduction(summary, &terminal);
	closure_print(summary->record, stdout);
	if (summary->record->dropped[0])
		printf("%s\n", summary->record->dropped);
	printf("\nreport: %s/report.html\n", directory);
	return 0;
}

static int print_result(const struct summary *summary, const char *directory,
			const struct report_options *options)
{
	if (options->csv) {
		cleanup_free char *text = summary_csv(summary);

		fputs(text ? text : "", stdout);
		return text ? 0 : -ENOMEM;
	}
	if (options->json) {
		cleanup_json json_t *json = summary_json(summary);
		int rc = json ? json_dumpf(json, stdout, JSON_INDENT(1)) : -1;

		putchar('\n');
		return rc ? -ENOMEM : 0;
	}
	return print_table(summary, directory, options);
}

/* Figures that cannot be drawn are said to be missing, in the report, too: the rest goes on. */
static int write_all(const struct summary *summary, const char *directory,
		     const struct report_options *options, int *status, struct error *err)
{
	int rc = summary_write(summary, directory, err);

	if (rc)
		return rc;
	if (figures_draw(summary, directory, options->pdf, options->language, err))
		*status = subcommand_failed(err);
	return report_write(summary, directory, options->language, err);
}

int run_derive(const char *directory, const struct report_options *options)
{
	struct record *record = NULL;
	struct summary *summary = NULL;
	int status = STATUS_DONE, rc;
	struct error err;

	rc = record_load(directory, &record, &err);
	if (rc)
		return subcommand_refuse(&err);
	rc = summary_create(record, &summary, &err);
	if (!rc)
		rc = write_all(summary, directory, options, &status, &err);
	if (rc)
		status = subcommand_failed(&err);
	if (summary)
		print_result(summary, directory, options);
	summary_destroy(summary);
	record_destroy(record);
	return status;
}
