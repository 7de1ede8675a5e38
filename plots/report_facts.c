/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "plots/report.h"

#define DEPTH_MOST 8

static void put_fact(struct report *report, const char *key, json_t *value)
{
	cleanup_free char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY);
	const char *words = json_is_string(value) ? json_string_value(value) : text ? text : "";

	page_row(report, key);
	fputs("<td class=\"long\">", report->out);
	if (strchr(words, '\n')) /* XML, configurations */
		page_element(report, "pre", "%s", words);
	else
		put_html(report->out, words);
	fputs("</td>\n</tr>\n", report->out);
}

/* Lists of plain values stay in one cell. */
static bool is_plain_list(json_t *list)
{
	json_t *value;
	size_t i;

	json_array_foreach (list, i, value)
		if (json_is_object(value) || json_is_array(value))
			return false;
	return true;
}

static void put_facts(struct report *report, const char *key, json_t *value, int depth)
{
	char longer[512];
	const char *name;
	json_t *inner;
	size_t i;

	if (depth >= DEPTH_MOST || (!json_is_object(value) && !json_is_array(value)) ||
	    (json_is_array(value) && is_plain_list(value))) {
		put_fact(report, key, value);
		return;
	}
	json_array_foreach (value, i, inner) {
		snprintf(longer, sizeof(longer), "%s%s%zu", key, *key ? "." : "", i);
		put_facts(report, longer, inner, depth + 1);
	}
	json_object_foreach (value, name, inner) {
		snprintf(longer, sizeof(longer), "%s%s%s", key, *key ? "." : "", name);
		put_facts(report, longer, inner, depth + 1);
	}
}

void report_facts(struct report *report, enum word caption, json_t *facts)
{
	page_table_begin(report, caption, "facts");
	page_table_heads(report, WORD_HEAD_KEY, WORD_HEAD_IS, -1);
	if (facts)
		put_facts(report, "", facts, 0);
	page_table_end(report);
}
