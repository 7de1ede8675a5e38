/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Derives everything that people look at from run.json and trials.jsonl. */
#include <errno.h>
#include <iconv.h>
#include <jansson.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "drivers/driver.h"
#include "harness/run/run.h"
#include "harness/subcommand.h"
#include "plots/plots.h"
#include "plots/tables.h"

/* Transliterated to ASCII by the UTF-8 locale; NULL without that locale. */
static char *plain_letters(const char *text)
{
	locale_t letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	locale_t before = letters ? uselocale(letters) : NULL;
	iconv_t convert = iconv_open("ASCII//TRANSLIT", "UTF-8");
	size_t length = strlen(text), left = 4 * length;
	char *plain = calloc(1, left + 1), *from = (char *)text, *to = plain;

	if (convert == (iconv_t)-1 || !plain ||
	    iconv(convert, &from, &length, &to, &left) == (size_t)-1) {
		free(plain);
		plain = NULL;
	}
	if (convert != (iconv_t)-1)
		iconv_close(convert);
	if (letters) {
		uselocale(before);
		freelocale(letters);
	}
	return plain;
}

static void print_sentence(const char *sentence, bool utf8)
{
	cleanup_free char *plain = utf8 ? NULL : plain_letters(sentence);

	printf("%s\n", plain ? plain : sentence);
}

static void print_sentences(const struct summary *summary, const char *language, bool utf8)
{
	for (int i = 0; panel_names[i]; i++) {
		cleanup_free char *sentence = summary_sentence(summary, panel_names[i], language);

		if (sentence && *sentence)
			print_sentence(sentence, utf8);
	}
}

/* For a study that repeats a published one: the published values, for comparison. */
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
			print_sentence(sentence, utf8);
	}
	ladder_destroy(ladder);
}

static int print_table(const struct summary *summary, const char *directory,
		       const struct report_options *options)
{
	struct terminal terminal;

	terminal_look(&terminal, STDOUT_FILENO);
	printf("\n");
	summary_print(summary, stdout, terminal.is_terminal ? terminal.columns : 0, terminal.utf8,
		      terminal.colour);
	printf("\n");
	if (ladder_wanted(summary->record))
		print_ladder(summary, options->language, terminal.utf8);
	else
		print_sentences(summary, options->language, terminal.utf8);
	print_reproduction(summary, &terminal);
	closure_print(summary->record, stdout);
	printf("\nreport: %s/report.html\n", directory);
	return 0;
}

static int print_result(const struct summary *summary, const char *directory,
			const struct report_options *options)
{
	cleanup_free char *text = options->csv    ? summary_csv(summary)
				  : options->json ? summary_json_text(summary)
						  : NULL;

	if (options->csv || options->json) {
		fputs(text ? text : "", stdout);
		return text ? 0 : -ENOMEM;
	}
	return print_table(summary, directory, options);
}

/* The report says which figures could not be drawn; the rest is still derived. */
static int write_all(const struct summary *summary, const struct directory *directory,
		     const struct report_options *options, int *status, struct error *err)
{
	int rc = summary_write(summary, directory, err);

	if (rc)
		return rc;
	if (figures_draw(summary, directory, options->pdf, options->language, err))
		*status = subcommand_failed(err);
	return report_write(summary, directory, options->language, err);
}

/* Adds the drivers' styles to the run in memory, so that older runs have them, too. */
static void add_styles(json_t *run)
{
	json_t *styles = json_object(), *environment;
	const char *name;

	json_object_foreach (json_object_get(run, "environments"), name, environment) {
		const struct driver *driver =
			driver_find(json_string_value(json_object_get(environment, "driver")));

		if (driver)
			json_object_set_new(styles, name, json_integer(driver->style));
	}
	json_object_set_new(run, "styles", styles);
}

/* An arm that was tried without a single usable trial counts as failed. */
static bool lacks_an_arm(const struct record *record)
{
	for (int arm = 0; arm < record->arm_count; arm++) {
		int tried = 0, valid = 0;

		for (uint32_t i = 0; i < record->trial_count; i++) {
			const struct record_trial *trial = &record->trials[i];
			const char *why = trial->reason ? trial->reason : "";

			if (trial->arm != arm || trial->warmup || !strncmp(why, "ENOTSUP", 7))
				continue;
			tried++;
			valid += trial->valid;
		}
		if (tried && !valid)
			return true;
	}
	return false;
}

int run_derive(const struct directory *directory, const struct report_options *options)
{
	struct directory mine =
		*directory; /* derived files belong to this process's user, who is the owner */
	struct record *record = NULL;
	struct summary *summary = NULL;
	int status = STATUS_DONE, rc;
	struct error err;

	mine.uid = NOBODY_ELSE;
	rc = record_read(&mine, &record, &err);
	if (rc)
		return subcommand_refuse(&err);
	add_styles(record->run);
	rc = summary_create(record, &summary, &err);
	rc = rc ?: write_all(summary, &mine, options, &status, &err);
	if (rc)
		status = subcommand_failed(&err);
	if (summary && (print_result(summary, mine.path, options) || lacks_an_arm(record)))
		status = STATUS_PARTLY;
	summary_destroy(summary);
	record_destroy(record);
	return status;
}
