/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/run/progress.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/subcommand.h"

#define LINE_SIZE 512
#define BAR_CELLS 10

struct progress {
	const struct plan *plan;
	struct terminal terminal;
	struct live_look *looks; /* one for each condition of the plan */
	bool line;               /* a line is on the screen */
};

struct progress *progress_create(const struct plan *plan)
{
	struct progress *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->plan = plan;
	p->looks = calloc((size_t)plan->condition_count + 1, sizeof(*p->looks));
	if (!p->looks) {
		free(p);
		return NULL;
	}
	terminal_look(&p->terminal, STDERR_FILENO);
	return p;
}

void progress_destroy(struct progress *p)
{
	if (!p)
		return;
	progress_end(p);
	free(p->looks);
	free(p);
}

void progress_end(struct progress *p)
{
	if (!p || !p->line)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	p->line = false;
}

/* How many bytes of UTF-8 the first `columns` characters take. */
static int bytes_of(const char *text, int columns)
{
	int bytes = 0;

	for (; text[bytes]; bytes++)
		if ((text[bytes] & 0xc0) != 0x80 && columns-- == 0)
			break;
	return bytes;
}

/* Truncated to the terminal's width: a wrapped line cannot be overwritten. */
static void show(struct progress *p, const char *text)
{
	fprintf(stderr, "\r\033[K%.*s", bytes_of(text, p->terminal.columns - 1), text);
	fflush(stderr);
	p->line = true;
}

static void print_line(struct progress *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void print_line(struct progress *p, const char *format, ...)
{
	va_list args;

	progress_end(p);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

void progress_starting(struct progress *p, const char *instance)
{
	char text[LINE_SIZE];

	if (!p || !p->terminal.is_terminal)
		return;
	snprintf(text, sizeof(text), "starting %s", instance);
	show(p, text);
}

void progress_preparing(struct progress *p, int comparison)
{
	char text[LINE_SIZE];

	if (!p)
		return;
	progress_look(p, comparison, NULL);
	if (!p->terminal.is_terminal)
		return;
	snprintf(text, sizeof(text), "%s: preparing", plan_key(p->plan, comparison));
	show(p, text);
}

void progress_look(struct progress *p, int comparison, const struct live_look *looks)
{
	const struct plan_comparison *c;

	if (!p)
		return;
	c = &p->plan->comparisons[comparison];
	for (int i = 0; i < c->count; i++)
		p->looks[c->first + i] = looks ? looks[i] : (struct live_look){{NAN, NAN, NAN}};
}

/* "container +2.1 %, vm +812 %", for those with an estimate. */
static void append_overheads(const struct progress *p, int comparison, char *text, size_t size)
{
	const struct plan_comparison *c = &p->plan->comparisons[comparison];

	for (int i = c->first; i < c->first + c->count; i++) {
		const struct plan_condition *condition = &p->plan->conditions[i];
		const char *rung = p->plan->instances[condition->cast[0].instance].rung;
		const struct interval *o = &p->looks[i].overhead;
		size_t used = strlen(text);

		if (!isfinite(o->value) || plan_is_baseline(p->plan, condition) ||
		    condition->null >= 0)
			continue;
		snprintf(text + used, size - used, "  %s %+.*f%%", rung ? rung : condition->column,
			 fabs(o->value) < 10 ? 1 : 0, o->value);
		used = strlen(text);
		if (isfinite(o->low) && p->terminal.columns > 100)
			snprintf(text + used, size - used, " [%+.1f %+.1f]", o->low, o->high);
	}
}

static void append_bar(const struct progress *p, char *text, size_t size, int block)
{
	int cells = block * BAR_CELLS / (p->plan->min_blocks > 0 ? p->plan->min_blocks : 1);

	for (int i = 0; i < BAR_CELLS; i++) {
		const char *full = p->terminal.utf8 ? "\u2588" : "#";
		const char *empty = p->terminal.utf8 ? "\u2591" : ".";
		size_t used = strlen(text);

		snprintf(text + used, size - used, "%s", i < cells ? full : empty);
	}
}

void progress_trial(struct progress *p, int comparison, int block, const char *column, double left)
{
	const struct plan *plan;
	char text[LINE_SIZE];
	size_t used;

	if (!p || !p->terminal.is_terminal)
		return;
	plan = p->plan;
	snprintf(text, sizeof(text), "%s ", plan_key(plan, comparison));
	append_bar(p, text, sizeof(text), block);
	used = strlen(text);
	snprintf(text + used, sizeof(text) - used, " block %d/%d  %.0f:%02.0f left", block + 1,
		 plan->min_blocks, floor(left / 60), floor(fmod(left, 60)));
	append_overheads(p, comparison, text, sizeof(text));
	used = strlen(text);
	snprintf(text + used, sizeof(text) - used, "  (%s)", column);
	show(p, text);
}

void progress_decided(struct progress *p, int comparison, int blocks, const char *why)
{
	char text[LINE_SIZE] = "";

	if (!p)
		return;
	append_overheads(p, comparison, text, sizeof(text));
	print_line(p, "%-18s %3d blocks, ended by %s%s", plan_key(p->plan, comparison), blocks, why,
		   text);
}

void progress_warn(struct progress *p, const char *message)
{
	if (p)
		print_line(p, "tare: %s", message);
	else
		fprintf(stderr, "tare: %s\n", message);
}
