/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Curves: a workload that the study measures at several settings of one parameter (named
 * WORKLOAD:PARAMETER=VALUE): throughput and p99 against queue depth, latency against the working
 * set, response time against load. One panel for each metric, one curve for each environment. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "plots/facets.h"
#include "plots/shown_text.h"

#define SETTINGS_LEAST 3
#define METRICS_MOST 2 /* the headline and p99 */

/* A workload's name taken apart. */
struct setting {
	char base[128];     /* "disk.randread" */
	char parameter[64]; /* "depth" */
	double value;
	/* The parameter is a load in percent of the headline, the peak that the same trials
	 * measured: the curve is of response time over the load offered. */
	bool of_peak;
};

/* A size as the command line takes it: 8k, 16M, 4m. */
static double value_of(const char *text)
{
	static const char suffixes[] = "kmgt";
	char *end;
	double value = strtod(text, &end);
	const char *suffix = *end ? strchr(suffixes, *end | 0x20) : NULL;

	if (end == text)
		return NAN;
	return suffix ? value * pow(1024, (double)(suffix - suffixes + 1)) : value;
}

/* Where "depth=4" begins in "disk.randread:block=4k,depth=4": the workload's `sweep` parameter or,
 * in old runs, the last one. NULL: the name has none. */
static const char *swept(const struct record_workload *workload)
{
	const char *sweep = json_text(workload->entry, "sweep"), *last = NULL;
	const char *at = strchr(workload->name, ':');
	size_t length = sweep ? strlen(sweep) : 0;

	for (; at; at = strchr(at + 1, ',')) {
		last = at + 1;
		if (length && !strncmp(last, sweep, length) && last[length] == '=')
			return last;
	}
	return last;
}

/* The other parameters are part of the base. */
static bool take_apart(const struct record_workload *workload, struct setting *setting)
{
	const char *start = swept(workload), *equals = start ? strchr(start, '=') : NULL;
	const char *rest = equals ? strchr(equals, ',') : NULL;
	int before = start ? (int)(start - workload->name) : 0;

	if (!equals)
		return false;
	snprintf(setting->base, sizeof(setting->base), "%.*s%s", rest ? before : before - 1,
		 workload->name, rest ? rest + 1 : "");
	snprintf(setting->parameter, sizeof(setting->parameter), "%.*s", (int)(equals - start),
		 start);
	setting->value = value_of(equals + 1);
	setting->of_peak = json_is_true(json_object_get(workload->entry, "sweep_of_peak"));
	return setting->value > 0;
}

static bool same_curve(const struct setting *a, const struct setting *b)
{
	return !strcmp(a->base, b->base) && !strcmp(a->parameter, b->parameter);
}

/* The number of workloads on the curve of workload `w`; 0 if it is not the first of them. */
static int settings_of(const struct record *record, int w)
{
	struct setting first, other;
	int count = 0;

	if (!take_apart(&record->workloads[w], &first))
		return 0;
	for (int i = 0; i < record->workload_count; i++) {
		if (!take_apart(&record->workloads[i], &other) || !same_curve(&first, &other))
			continue;
		if (i < w)
			return 0;
		count++;
	}
	return count;
}

/* The headline (the mean for a load), then p99: the metric's index; -1: none. */
static int metric_of(const struct record_workload *workload, int which)
{
	struct setting setting;
	const char *name = which == 0 ? "mean" : "p99";

	if (which == 0 && !(take_apart(workload, &setting) && setting.of_peak))
		return 0;
	for (int m = 1; m < workload->metric_count; m++)
		if (!strcmp(workload->metrics[m].name, name))
			return m;
	return -1;
}

struct curve {
	int workload, metric;
};

static const struct summary_row *row_of(const struct summary *summary, int workload, int metric,
					int arm)
{
	const struct record *record = summary->record;

	for (int i = 0; i < summary->row_count; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (row->workload == &record->workloads[workload] &&
		    row->metric == &record->workloads[workload].metrics[metric] &&
		    row->arm == &record->arms[arm])
			return row;
	}
	return NULL;
}

/* Whether the baseline has a value of the metric at enough settings to make a curve. */
static bool has_points(const struct picture *picture, const struct curve *curve)
{
	struct setting first, here;
	int count = 0;

	take_apart(&picture->record->workloads[curve->workload], &first);
	for (int w = 0; w < picture->record->workload_count; w++) {
		const struct summary_row *row;

		if (!take_apart(&picture->record->workloads[w], &here) ||
		    !same_curve(&first, &here) ||
		    curve->metric >= picture->record->workloads[w].metric_count)
			continue;
		row = row_of(picture->summary, w, curve->metric, 0);
		count += row && row->value.value > 0;
	}
	return count >= SETTINGS_LEAST;
}

static int curves_of(const struct picture *picture, struct curve *curves)
{
	const struct record *record = picture->record;
	int count = 0;

	for (int w = 0; w < record->workload_count; w++)
		for (int which = 0; which < METRICS_MOST && count < FACETS_MOST; which++) {
			struct curve curve = {w, metric_of(&record->workloads[w], which)};

			if (curve.metric >= 0 && settings_of(record, w) >= SETTINGS_LEAST &&
			    has_points(picture, &curve))
				curves[count++] = curve;
		}
	return count;
}

/* The geometric mean of an arm's peaks over all settings of a curve, so that the noise of a single
 * setting's peak does not shift its point. */
static double peak_of(const struct picture *picture, const struct setting *curve, int arm)
{
	struct setting here;
	double sum = 0;
	int count = 0;

	for (int w = 0; w < picture->record->workload_count; w++) {
		const struct summary_row *row = summary_headline(picture->summary, w, arm);

		if (!take_apart(&picture->record->workloads[w], &here) ||
		    !same_curve(curve, &here) || !row || !(row->value.value > 0))
			continue;
		sum += log(row->value.value);
		count++;
	}
	return count ? exp(sum / count) : NAN;
}

/* The place of a setting on the horizontal axis; NaN: none. */
static double across_of(const struct picture *picture, int arm, const struct setting *setting)
{
	if (!setting->of_peak)
		return setting->value;
	return setting->value / 100 * peak_of(picture, setting, arm);
}

/* The knee of an arm's curve: where load / mean response time is greatest (Kleinrock's power);
 * the workload, or -1. */
static int knee_of(const struct picture *picture, const struct curve *curve, int arm)
{
	struct setting first, here;
	double best = 0;
	int knee = -1;

	take_apart(&picture->record->workloads[curve->workload], &first);
	for (int w = 0; w < picture->record->workload_count && first.of_peak; w++) {
		const struct record_workload *workload = &picture->record->workloads[w];
		const struct summary_row *row;
		double power;

		if (!take_apart(workload, &here) || !same_curve(&first, &here))
			continue;
		row = row_of(picture->summary, w, metric_of(workload, 0), arm);
		power = row ? across_of(picture, arm, &here) / row->value.value : NAN;
		if (power > best) {
			best = power;
			knee = w;
		}
	}
	return knee;
}

static void put_curve(struct facets *facets, const struct curve *curve, int arm,
		      struct extent *across, struct extent *up)
{
	const struct picture *picture = facets->picture;
	struct setting first, here;
	int knee = knee_of(picture, curve, arm);

	take_apart(&picture->record->workloads[curve->workload], &first);
	for (int w = 0; w < picture->record->workload_count; w++) {
		const struct summary_row *row;
		struct interval value;
		double at;

		if (!take_apart(&picture->record->workloads[w], &here) ||
		    !same_curve(&first, &here) ||
		    curve->metric >= picture->record->workloads[w].metric_count)
			continue;
		row = row_of(picture->summary, w, curve->metric, arm);
		at = across_of(picture, arm, &here);
		if (!row || !(row->value.value > 0) || !(at > 0))
			continue;
		value = row->value;
		if (!(value.low > 0) || !isfinite(value.high))
			value.low = value.high = value.value;
		extent_add(across, at);
		/* a longer whisker would flatten all curves, so it is cut */
		extent_add(up, fmax(value.low, value.value / 3));
		extent_add(up, fmin(value.high, value.value * 3));
		fprintf(facets->canvas.dat, "%d %.9g %.9g %.9g %.9g %d\n", arm, at, value.value,
			value.low, value.high, w == knee);
	}
}

/* A tic at each setting that has room for its label, rather than at round numbers. */
static void setting_tics(struct axis *axis, const struct record *record, const struct curve *curve,
			 double apart)
{
	struct setting first, here;

	axis->tic_count = 0;
	take_apart(&record->workloads[curve->workload], &first);
	for (int w = 0; w < record->workload_count && axis->tic_count < AXIS_TICS; w++) {
		bool room = true;

		if (!take_apart(&record->workloads[w], &here) || !same_curve(&first, &here))
			continue;
		for (int i = 0; i < axis->tic_count; i++)
			room &= fabs(axis_position(axis, axis->tics[i]) -
				     axis_position(axis, here.value)) >= apart;
		if (room)
			axis->tics[axis->tic_count++] = here.value;
	}
}

static struct number size_label(enum language language, double value)
{
	static const char *const units[] = {"", "k", "M", "G", "T"};
	size_t unit = 0;
	struct number number, label;

	while (value >= 1024 && unit + 1 < sizeof(units) / sizeof(*units)) {
		value /= 1024;
		unit++;
	}
	number = number_plain(language, value);
	snprintf(label.text, sizeof(label.text), "%.30s%s", number.text, units[unit]);
	return label;
}

static void draw_curve(struct facets *facets, int i, const struct curve *curve)
{
	const struct picture *picture = facets->picture;
	const struct record_workload *workload = &picture->record->workloads[curve->workload];
	const struct record_metric *metric = &workload->metrics[curve->metric];
	struct canvas *canvas = &facets->canvas;
	struct extent across = EXTENT_EMPTY, up = EXTENT_EMPTY;
	struct box box = facets_box(facets, i);
	int block = canvas_block(canvas, "arm setting value low high knee");
	struct setting setting;
	struct axis x, y;
	char text[256];

	for (int arm = 0; arm < picture->record->arm_count; arm++)
		put_curve(facets, curve, arm, &across, &up);
	take_apart(workload, &setting);
	axis_log(&x, across, box.width, 5 * LETTER);
	if (!setting.of_peak)
		setting_tics(&x, picture->record, curve, 5 * LETTER / box.width);
	axis_log(&y, up, box.height, 12);
	snprintf(text, sizeof(text), say(picture->language, WORD_CURVES_Y), metric->name,
		 unit_text(metric->unit),
		 say(picture->language, metric->lower_is_better ? WORD_LOWER : WORD_HIGHER));
	facets_words(facets, i, setting.base,
		     setting.of_peak ? say(picture->language, WORD_CURVES_LOAD) : setting.parameter,
		     text);
	canvas_panel_xy(canvas, box, &x, &y);
	if (across.high >= 65536 && !setting.of_peak)
		canvas_tics(canvas, &x, size_label);
	for (int arm = 0; arm < picture->record->arm_count; arm++) {
		const struct style *style = &picture->styles[arm];

		canvas_series(canvas, block, arm, "$2", "3", "lines linewidth 1.2", 0,
			      style->colour);
		canvas_series(canvas, block, arm, "$2", "3:4:5",
			      "yerrorbars pointsize 0.8 linewidth 1.2", style->filled,
			      style->colour);
		canvas_series(canvas, block, arm, "($6==1?$2:NaN)", "3",
			      "points pointsize 2.2 linewidth 1.4", 6, style->colour);
	}
	canvas_panel_end(canvas);
}

static int write_curves(const struct picture *picture, struct error *err)
{
	struct curve curves[FACETS_MOST];
	struct facets facets;
	int count = curves_of(picture, curves);
	int code = facets_open(&facets, picture, "curves", count, err);

	for (int i = 0; i < count && !code; i++)
		draw_curve(&facets, i, &curves[i]);
	return code ? code : facets_close(&facets, err);
}

static bool wanted_curves(const struct picture *picture)
{
	struct curve curves[FACETS_MOST];

	return curves_of(picture, curves) > 0;
}

const struct figure figure_curves = {
	.name = "curves",
	.title = {"Performance over a parameter", "Desempenho em função de um parâmetro"},
	.caption = {"Workloads measured at several settings of one parameter: one curve per "
		    "environment, with 95 % intervals. For load, a ring marks the knee, where load "
		    "divided by mean response time is greatest.",
		    "Cada carga medida com vários valores de um parâmetro: uma curva por ambiente, "
		    "com intervalos de 95 %. Sobre a carga, um anel marca o joelho: onde a carga "
		    "dividida pelo tempo médio de resposta é maior."},
	.wanted = wanted_curves,
	.write = write_curves,
};
