/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "plots/figure.h"
#include "plots/gnuplot.h"
#include "plots/plots.h"
#include "plots/svg.h"
#include "plots/shown_text.h"
#include "tests/synthetic.h"

#define TEXTS_MOST 4000

struct text_box {
	double left, top, right, bottom;
	char text[160];
};

struct drawn {
	struct text_box boxes[TEXTS_MOST];
	int count;
	double width, height;
};

/* Draws the SVG of every figure that the run allows; returns how many. */
static int draw_all(const struct synthetic *run, enum language language)
{
	struct directory figures_directory;
	struct sheet sheets[16] = {0};
	struct drawing drawings[16];
	struct picture picture;
	struct error err = {0};
	char name[64];
	int count = 0;

	ck_assert_int_eq(directory_below(&run->files, "figures", &figures_directory, &err), 0);
	ck_assert_int_eq(picture_create(run->summary, language, &picture, &err), 0);
	for (int i = 0; figures[i]; i++) {
		if (!figure_possible(figures[i], &picture))
			continue;
		picture.sheet = &sheets[count];
		ck_assert_msg(!figure_write(figures[i], &picture, &err), "%s", err.message);
		drawings[count] = (struct drawing){
			.sheet = &sheets[count], .name = figures[i]->name, .format = "svg"};
		count++;
	}
	ck_assert_msg(!gnuplot_draw(drawings, count, &err), "%s", err.message);
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%s.svg", drawings[i].name);
		ck_assert_int_eq(directory_replace(&figures_directory, name, drawings[i].bytes,
						   drawings[i].size, &err),
				 0);
		snprintf(name, sizeof(name), "%s.dat", drawings[i].name);
		ck_assert_int_eq(directory_replace(&figures_directory, name, sheets[i].data,
						   sheets[i].data_size, &err),
				 0);
		free(drawings[i].bytes);
		sheet_finish(&sheets[i]);
	}
	directory_close(&figures_directory);
	picture_destroy(&picture);
	return count;
}

static char *read_svg(const struct synthetic *run, const char *name)
{
	char path[PATH_MAX], *text;
	struct error err = {0};

	snprintf(path, sizeof(path), "%s/figures/%s.svg", run->directory, name);
	ck_assert_msg(!file_read(path, 1 << 24, &text, NULL, &err), "%s", err.message);
	return text;
}

static bool was_drawn(const struct synthetic *run, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/figures/%s.svg", run->directory, name);
	return access(path, R_OK) == 0;
}

/* The box that a text takes at most: DejaVu Sans' letters are 0.56 of the size wide in the mean
 * over names and numbers, its bold ones 0.64; digits 0.64 and 0.70. */
static struct text_box box_of(const char *group, const char *text, size_t length)
{
	struct text_box box = {0};
	double x, y, size,
		wide = strstr(group, ":Bold") && strstr(group, ":Bold") < text ? 0.66 : 0.58;
	const char *anchor = strstr(group, "text-anchor=\"") + strlen("text-anchor=\"");
	double width;

	ck_assert_int_eq(sscanf(group, "<g transform=\"translate(%lf,%lf)", &x, &y), 2);
	ck_assert_int_eq(sscanf(strstr(group, "font-size=\""), "font-size=\"%lf", &size), 1);
	snprintf(box.text, sizeof(box.text), "%.*s", (int)length, text);
	width = (double)text_width(box.text) * size * wide;
	box.left = *anchor == 's' ? x : *anchor == 'e' ? x - width : x - width / 2;
	box.right = box.left + width;
	box.top = y - size * 0.76;
	box.bottom = y + size * 0.2;
	return box;
}

static void read_boxes(const char *svg, struct drawn *drawn)
{
	const char *group, *text, *end;

	drawn->count = 0;
	ck_assert_int_eq(sscanf(strstr(svg, "viewBox=\""), "viewBox=\"0 0 %lf %lf", &drawn->width,
				&drawn->height),
			 2);
	for (group = strstr(svg, "<g transform"); group;
	     group = strstr(group + 1, "<g transform")) {
		text = strstr(group, "<text>");
		end = text ? strstr(text, "</text>") : NULL;
		if (!end || end == text + strlen("<text>"))
			continue;
		text += strlen("<text>");
		ck_assert_int_lt(drawn->count, TEXTS_MOST);
		drawn->boxes[drawn->count++] = box_of(group, text, (size_t)(end - text));
	}
}

static void check_boxes(const struct drawn *drawn, const char *name)
{
	ck_assert_int_gt(drawn->count, 5);
	for (int i = 0; i < drawn->count; i++) {
		const struct text_box *a = &drawn->boxes[i];

		ck_assert_msg(a->left >= -1 && a->right <= drawn->width + 1 && a->top >= -1 &&
				      a->bottom <= drawn->height + 1,
			      "%s: \"%s\" leaves the canvas", name, a->text);
		for (int j = 0; j < i; j++) {
			const struct text_box *b = &drawn->boxes[j];

			ck_assert_msg(a->right <= b->left || b->right <= a->left ||
					      a->bottom <= b->top || b->bottom <= a->top,
				      "%s: \"%s\" meets \"%s\"", name, a->text, b->text);
		}
	}
}

static void check_run(const char *options, enum language language, int count)
{
	static struct drawn drawn;
	struct synthetic run;

	synthetic_make(&run, options);
	ck_assert_int_eq(draw_all(&run, language), count);
	for (int i = 0; figures[i]; i++) {
		cleanup_free char *svg = NULL;

		if (!was_drawn(&run, figures[i]->name))
			continue;
		svg = read_svg(&run, figures[i]->name);

		read_boxes(svg, &drawn);
		check_boxes(&drawn, figures[i]->name);
	}
	synthetic_remove(&run);
}

START_TEST(no_two_texts_meet_for_1_to_8_environments_with_40_letter_names)
{
	char options[64];

	for (int subjects = 1; subjects <= 8; subjects++) {
		snprintf(options, sizeof(options), "subjects=%d long=1 blocks=12 fast=1", subjects);
		check_run(options, subjects % 2 ? LANGUAGE_EN : LANGUAGE_PT_BR, 5);
	}
}
END_TEST

START_TEST(no_two_texts_meet_when_an_environment_is_1000_times_slower_or_faster)
{
	check_run("subjects=3 slowest=1000 extra=1 fast=1", LANGUAGE_EN, 5);
	check_run("subjects=3 slowest=1000 long=1 fast=1", LANGUAGE_PT_BR, 5);
	check_run("subjects=3 slowest=0.001 fast=1", LANGUAGE_PT_BR, 5);
	check_run("subjects=3 slowest=30 fast=1", LANGUAGE_EN, 5);
}
END_TEST

START_TEST(no_two_texts_meet_in_ladders_and_curves_of_8_environments)
{
	check_run("subjects=8 figure=ladder depths=7 fast=1", LANGUAGE_EN, 7);
	check_run("subjects=8 figure=ladder long=1 slowest=1000 fast=1", LANGUAGE_PT_BR, 6);
	check_run("subjects=1 depths=3 study=felter2015 metric=triad fast=1", LANGUAGE_PT_BR, 6);
}
END_TEST

/* How many lines of the data file hold the arm. */
static int lines_of_arm(const char *data, int arm)
{
	int count = 0;

	for (const char *line = data; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		count += *line >= '0' && *line <= '9' && atoi(line) == arm;
		if (!*line)
			break;
	}
	return count;
}

START_TEST(a_missing_environment_and_a_broken_panel_are_said_and_draw_no_mark)
{
	cleanup_free char *svg = NULL, *data = NULL;
	char path[PATH_MAX];
	struct synthetic run;

	synthetic_make(&run, "missing=vm broken=disk");
	draw_all(&run, LANGUAGE_EN);
	svg = read_svg(&run, "overhead");
	ck_assert_ptr_nonnull(strstr(svg, "<text>unavailable</text>"));
	ck_assert_ptr_nonnull(strstr(svg, "bare metal: no valid value"));
	snprintf(path, sizeof(path), "%s/figures/overhead.dat", run.directory);
	ck_assert_int_eq(file_read(path, 1 << 20, &data, NULL, NULL), 0);
	ck_assert_int_eq(lines_of_arm(data, 2), 3); /* container: three panels of four */
	ck_assert_int_eq(lines_of_arm(data, 3), 0); /* vm */
	/* A panel's marks are its own: the empty third block must not shift the fourth. */
	ck_assert_ptr_nonnull(strstr(
		strstr(strstr(strstr(data, "# arm") + 1, "# arm") + 1, "# arm") + 1, "network.rr"));
	synthetic_remove(&run);
}
END_TEST

/* Of the first block of blocks.dat: lines of the arm, trials that they stand for, rings. */
static void count_points(const char *data, int arm, int *points, int *trials, int *rings)
{
	const char *end = strstr(data, "\n\n\n");

	*points = *trials = *rings = 0;
	for (const char *line = strchr(data, '\n'); line && line < end;
	     line = strchr(line + 1, '\n')) {
		int own, flagged, count;
		double share;

		if (sscanf(line, "%d %*f %lf %d %d", &own, &share, &flagged, &count) != 4 ||
		    own != arm)
			continue;
		++*points;
		*rings += flagged;
		*trials += flagged ? 0 : count;
	}
}

START_TEST(thousands_of_trials_are_drawn_as_means_and_flagged_ones_stay_visible)
{
	cleanup_free char *data = NULL, *svg = NULL;
	int points, trials, rings;
	char path[PATH_MAX];
	struct synthetic run;

	synthetic_make(&run, "subjects=1 blocks=2000 fast=1");
	draw_all(&run, LANGUAGE_EN);
	snprintf(path, sizeof(path), "%s/figures/blocks.dat", run.directory);
	ck_assert_int_eq(file_read(path, 1 << 24, &data, NULL, NULL), 0);
	for (int arm = 0; arm < 3; arm++) {
		count_points(data, arm, &points, &trials, &rings);
		ck_assert_int_eq(trials, 2000);
		ck_assert_int_eq(points - rings, 250);
		ck_assert_int_ge(rings, 40); /* 4 % of the trials are flagged */
		ck_assert_int_le(rings, 100);
	}
	svg = read_svg(&run, "blocks");
	ck_assert_int_lt((int)strlen(svg), 1 << 20);
	synthetic_remove(&run);
}
END_TEST

START_TEST(one_block_draws_figures_without_intervals)
{
	struct synthetic run;

	synthetic_make(&run, "blocks=1 nan=1");
	ck_assert_int_ge(draw_all(&run, LANGUAGE_EN), 1);
	synthetic_remove(&run);
}
END_TEST

START_TEST(a_run_without_any_valid_trial_says_so)
{
	cleanup_free char *svg = NULL;
	struct synthetic run;

	synthetic_make(&run, "blocks=0");
	ck_assert_int_eq(draw_all(&run, LANGUAGE_EN), 1);
	svg = read_svg(&run, "overhead");
	ck_assert_ptr_nonnull(strstr(svg, "no valid value"));
	synthetic_remove(&run);
}
END_TEST

START_TEST(an_environment_has_the_same_colour_and_mark_whatever_runs_beside_it)
{
	struct record_arm alone[] = {{.environment = "bare"}, {.environment = "vm"}};
	struct record_arm many[] = {{.environment = "container"},
				    {.environment = "container"},
				    {.environment = "container:net=host"},
				    {.environment = "vm"},
				    {.environment = "bare"}};
	json_t *run = json_pack("{s:{s:i, s:i, s:i, s:i}}", "styles", "bare", STYLE_BLACK_SQUARE,
				"vm", STYLE_VERMILLION_TRIANGLE, "container", STYLE_BLUE_CIRCLE,
				"container:net=host", STYLE_BLUE_CIRCLE);
	struct record_condition alone_in[] = {{.null = -1}, {.arm = 1, .null = -1}};
	struct record_condition many_in[] = {{.null = -1},
					     {.arm = 1},
					     {.arm = 2, .null = -1},
					     {.arm = 3, .null = -1},
					     {.arm = 4, .null = -1}};
	struct record first = {.run = run,
			       .arms = alone,
			       .arm_count = 2,
			       .workload_count = 1,
			       .conditions = alone_in},
		      second = {.run = run,
				.arms = many,
				.arm_count = 5,
				.workload_count = 1,
				.conditions = many_in};
	struct style *a = style_assign(&first), *b = style_assign(&second);

	ck_assert_str_eq(a[1].colour, b[3].colour);
	ck_assert_int_eq(a[1].filled, b[3].filled);
	ck_assert_str_eq(a[0].colour, b[4].colour);
	ck_assert_str_eq(b[0].colour, "#0072b2");
	for (int i = 0; i < 5; i++)
		for (int j = 0; j < i; j++)
			ck_assert_str_ne(b[i].colour, b[j].colour);
	free(a);
	free(b);
	json_decref(run);
}
END_TEST

START_TEST(hostile_labels_are_text_in_the_drawing)
{
	cleanup_free char *svg = NULL, *inlined = NULL;
	char path[PATH_MAX];
	struct synthetic run;
	struct error err = {0};
	struct directory drawn;
	size_t size = 0;
	FILE *out = open_memstream(&inlined, &size);

	synthetic_make(&run, "hostile=1");
	ck_assert_int_eq(figures_draw(run.summary, &run.files, false, "en", &err), 0);
	svg = read_svg(&run, "overhead");
	ck_assert_ptr_null(strstr(svg, "<script"));
	ck_assert_ptr_nonnull(strstr(svg, "&lt;script"));
	ck_assert_ptr_null(strstr(svg, "uid=")); /* `id` was not run */
	snprintf(path, sizeof(path), "%s/figures", run.directory);
	ck_assert_int_eq(directory_open(path, &drawn, &err), 0);
	ck_assert_msg(!svg_inline(&drawn, "overhead.svg", out, &err), "%s", err.message);
	directory_close(&drawn);
	fclose(out);
	ck_assert_int_gt((int)size, 1000);
	synthetic_remove(&run);
}
END_TEST

START_TEST(a_drawing_that_could_run_or_fetch_something_is_refused)
{
	static const char *const hostile[] = {
		"<svg><script>x</script></svg>",
		"<svg onload='x'><g/></svg>",
		"<svg><g/onclick=x></g></svg>",
		"<svg><use href='http://a/b'/></svg>",
		"<svg><use xlink:href='data:x'/></svg>",
		"<svg><foreignObject></foreignObject></svg>",
		"<svg><g style='background:url(//a)'/></svg>",
		"<svg><image href='#a'/></svg>",
		"<svg><!-- --></svg>",
		"<svg><g fill='>' onclick='x'/></svg>",
		"<svg><g fill=\">\" onclick='x'/></svg>",
		"<svg><g a\" b=\">\" onclick='x'/></svg>",
		"<svg><g fill='url(//a)'/></svg>",
		"<svg><g fill='url( #a) url(//b)'/></svg>",
		"no drawing",
	};
	char path[] = "/tmp/tare-svg-XXXXXX";
	struct directory directory;
	FILE *out = fopen("/dev/null", "w");

	ck_assert_ptr_nonnull(mkdtemp(path));
	ck_assert_int_eq(directory_open(path, &directory, NULL), 0);
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		ck_assert_int_eq(directory_replace(&directory, "x.svg", hostile[i],
						   strlen(hostile[i]), NULL),
				 0);
		ck_assert_msg(svg_inline(&directory, "x.svg", out, NULL) == -EINVAL, "%s",
			      hostile[i]);
	}
	ck_assert_int_eq(
		directory_replace(&directory, "x.svg", "<svg><g fill='#fff'/></svg>", 27, NULL), 0);
	ck_assert_int_eq(svg_inline(&directory, "x.svg", out, NULL), 0);
	directory_remove(&directory, "x.svg");
	directory_close(&directory);
	fclose(out);
	rmdir(path);
}
END_TEST

START_TEST(without_gnuplot_the_data_and_scripts_are_there_and_the_package_is_named)
{
	const char *path = getenv("PATH");
	char script[PATH_MAX];
	struct synthetic run;
	struct error err = {0};

	synthetic_make(&run, "");
	setenv("PATH", "/nonexistent", 1);
	ck_assert_int_eq(figures_draw(run.summary, &run.files, false, "en", &err), -ENOENT);
	setenv("PATH", path, 1);
	ck_assert_ptr_nonnull(strstr(err.message, "gnuplot-nox"));
	snprintf(script, sizeof(script), "%s/figures/overhead.gp", run.directory);
	ck_assert_int_eq(access(script, R_OK), 0);
	snprintf(script, sizeof(script), "%s/figures/overhead.svg", run.directory);
	ck_assert_int_ne(access(script, R_OK), 0);
	synthetic_remove(&run);
}
END_TEST

START_TEST(a_drawing_that_fails_has_no_bytes_and_the_others_are_drawn)
{
	static char bad[] = "set terminal svg\nplot nonsense\n";
	static char good[] = "set terminal svg\nplot data\n";
	static char data[] = "1 2\n3 4\n";
	const struct sheet sheets[] = {
		{.script = bad,
		 .script_size = strlen(bad),
		 .data = data,
		 .data_size = strlen(data)},
		{.script = good,
		 .script_size = strlen(good),
		 .data = data,
		 .data_size = strlen(data)},
	};
	struct drawing drawings[] = {{.sheet = &sheets[0], .name = "bad", .format = "svg"},
				     {.sheet = &sheets[1], .name = "good", .format = "svg"}};
	struct error err = {0};

	ck_assert_int_eq(gnuplot_draw(drawings, 2, &err), -EIO);
	ck_assert_ptr_nonnull(strstr(err.message, "bad.svg"));
	ck_assert_ptr_null(drawings[0].bytes);
	ck_assert_int_eq(drawings[1].code, 0);
	ck_assert_ptr_nonnull(strstr(drawings[1].bytes, "</svg>"));
	free(drawings[1].bytes);
}
END_TEST

START_TEST(the_ratio_axis_is_linear_near_1_and_logarithmic_beyond)
{
	struct axis axis;

	axis_ratio(&axis, (struct extent){0.9, 1.02}, 170, 27);
	ck_assert(!axis.log);
	ck_assert_double_eq(axis.low, 0);
	axis_ratio(&axis, (struct extent){0.03, 1}, 170, 27);
	ck_assert(axis.log);
	ck_assert_double_lt(axis.low, 0.03);
	ck_assert_double_gt(axis.high, 1);
}
END_TEST

START_TEST(tics_have_room_for_their_labels_over_any_range)
{
	for (double low = 1e-9; low < 1e9; low *= 7)
		for (double span = 1.01; span < 1e12; span *= 5) {
			struct axis axis;

			for (int kind = 0; kind < 3; kind++) {
				struct extent extent = {low, low * span};

				if (kind == 0)
					axis_log(&axis, extent, 170, 30);
				else if (kind == 1)
					axis_linear(&axis, extent, 170, 30);
				else
					axis_span(&axis, extent, 170, 30);
				ck_assert_int_ge(axis.tic_count, 1);
				for (int i = 1; i < axis.tic_count; i++)
					ck_assert_double_ge(
						170 * (axis_position(&axis, axis.tics[i]) -
						       axis_position(&axis, axis.tics[i - 1])),
						37.9);
			}
		}
}
END_TEST

START_TEST(numbers_are_written_as_each_language_does)
{
	ck_assert_str_eq(number_ratio(LANGUAGE_EN, 0.2049).text, "0.20");
	ck_assert_str_eq(number_ratio(LANGUAGE_PT_BR, 0.0331).text, "0,033");
	ck_assert_str_eq(number_percent(LANGUAGE_EN, 400).text, "+400\u00a0%");
	ck_assert_str_eq(number_percent(LANGUAGE_PT_BR, -0.41).text, "\u22120,4\u00a0%");
	ck_assert_str_eq(number_percent(LANGUAGE_EN, 0.01).text, "0\u00a0%");
	ck_assert_str_eq(number_value(LANGUAGE_EN, 18400).text, "18\u00a0400");
	ck_assert_str_eq(number_value(LANGUAGE_EN, 1234567).text, "1\u00a0234\u00a0567");
	ck_assert_str_eq(number_seconds(LANGUAGE_EN, 3.2e-6).text, "3.20\u00a0\u00b5s");
	ck_assert_str_eq(number_ratio(LANGUAGE_EN, NAN).text, "n/a");
}
END_TEST

START_TEST(long_names_break_into_two_lines_and_lose_nothing_that_fits)
{
	struct text_lines lines = text_wrap("VM (emulated, TCG, disk=ide)", 21);

	ck_assert_int_eq(lines.count, 2);
	ck_assert_str_eq(lines.line[0], "VM (emulated, TCG,");
	ck_assert_str_eq(lines.line[1], "disk=ide)");
	lines = text_wrap("one_word_of_forty_letters_without_a_spac", 21);
	ck_assert_int_eq((int)(strlen(lines.line[0]) + strlen(lines.line[1])), 40);
	lines = text_cut("\xff\xfe broken", 5);
	ck_assert_int_le((int)text_width(lines.line[0]), 5);
}
END_TEST

UNIT("figures", no_two_texts_meet_for_1_to_8_environments_with_40_letter_names,
     no_two_texts_meet_when_an_environment_is_1000_times_slower_or_faster,
     no_two_texts_meet_in_ladders_and_curves_of_8_environments,
     a_missing_environment_and_a_broken_panel_are_said_and_draw_no_mark,
     thousands_of_trials_are_drawn_as_means_and_flagged_ones_stay_visible,
     one_block_draws_figures_without_intervals, a_run_without_any_valid_trial_says_so,
     an_environment_has_the_same_colour_and_mark_whatever_runs_beside_it,
     hostile_labels_are_text_in_the_drawing, a_drawing_that_could_run_or_fetch_something_is_refused,
     without_gnuplot_the_data_and_scripts_are_there_and_the_package_is_named,
     a_drawing_that_fails_has_no_bytes_and_the_others_are_drawn,
     the_ratio_axis_is_linear_near_1_and_logarithmic_beyond,
     tics_have_room_for_their_labels_over_any_range, numbers_are_written_as_each_language_does,
     long_names_break_into_two_lines_and_lose_nothing_that_fits)
