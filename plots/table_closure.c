/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plots/tables.h"

#include <math.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "results/closure.h"

static void print_row(const struct closure_row *row, FILE *out)
{
	double exits = closure_percent(row, row->by_exits);

	fprintf(out,
		"  %-16s %s: %.2f exits per operation, %+.1f us; its calls %+.1f us; predicted "
		"%+.1f us, measured %+.1f us [%+.1f, %+.1f]; unexplained %+.1f us [%+.1f, %+.1f]",
		row->workload, row->label, row->exits, row->by_exits * 1e6, row->by_calls * 1e6,
		row->predicted * 1e6, row->added.value * 1e6, row->added.low * 1e6,
		row->added.high * 1e6, row->unexplained.value * 1e6, row->unexplained.low * 1e6,
		row->unexplained.high * 1e6);
	if (!isnan(exits))
		fprintf(out, ": exits explain %.0f %%, both %.0f %%", exits,
			closure_percent(row, row->predicted));
	fputc('\n', out);
}

void closure_print(const struct record *record, FILE *out)
{
	int count;
	cleanup_free struct closure_row *rows = closure_rows(record, &count);

	if (!rows)
		return;
	fprintf(out,
		"\nDo exits explain it? Exits per operation x cost of an exit (%.1f us, "
		"from " CLOSURE_WORKLOAD "), plus the longer calls, against the added time.\n",
		rows[0].exit_cost * 1e6);
	for (int i = 0; i < count; i++)
		print_row(&rows[i], out);
}
