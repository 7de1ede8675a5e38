#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The shape of the source tree.
. "$(dirname "$0")/lib.sh"

includes_follow_the_allowed_arrows() {
	"$TOP/tests/check_include_arrows.sh" || fail "an include points where it may not"
}

a_forbidden_include_is_found() {
	mkdir -p base workloads drivers results plots harness tests
	cp "$TOP/tests/include_arrows" tests/
	touch workloads/w.h base/b.h
	echo '#include "base/b.h"' >results/r.c
	"$TOP/tests/check_include_arrows.sh" . || fail "an allowed include was refused"
	echo '#include "workloads/w.h"' >results/r.c
	"$TOP/tests/check_include_arrows.sh" . >out && fail "results may include workloads"
	grep -q '^results/r.c:1: workloads/w.h: results may not include workloads' out || fail "$(cat out)"
	echo '#include "base/missing.h"' >results/r.c
	"$TOP/tests/check_include_arrows.sh" . >out && fail "a file that is not there was included"
	rm results/r.c; mkdir results/new; echo '#include "base/b.h"' >results/new/r.c
	"$TOP/tests/check_include_arrows.sh" . >out && fail "a folder without a line may include"
	true
}

schemas_and_tables_follow_the_field_tables() {
	mkdir -p tree/docs tree/results
	cp "$TOP/docs/data.md" tree/docs/ && cp -r "$TOP/results/schema" tree/results/
	"$TOP/tests/fields.py" tree || fail "the tables cannot be written"
	diff -r "$TOP/results/schema" tree/results/schema && diff "$TOP/docs/data.md" tree/docs/data.md ||
		fail "make fields was not run"
}

# The change exercises of CONTRIBUTING.md: each in a copy of the tree, built and run.
copy_tree() {
	mkdir tree
	tar -C "$TOP" --exclude=./.git --exclude=./build/tests --exclude=./build/fuzz --exclude=./build/sanitize \
		--exclude=./results/examples -cf - . | tar -C tree -xf - || fail "cannot copy $TOP"
	cd tree || fail "no copy"
}

# add_line FILE PATTERN LINE: LINE, after the one line that matches PATTERN.
add_line() {
	[ "$(grep -c -- "$2" "$1")" = 1 ] || fail "$1: $2 does not match one line"
	sed -i "/$2/a\\
$3" "$1"
}

build_tree() {
	env -u MAKEFLAGS -u MFLAGS make -j2 all >../make.log 2>&1 || fail "does not build: $(tail -5 ../make.log)"
	grep 'warning:' ../make.log && fail "builds with warnings"
	true
}

a_workload_is_one_file_and_one_line() {
	copy_tree
	cat >workloads/cpu_add.c <<-'C'
	#include <errno.h>

	#include "workloads/workload.h"

	#define ADDITIONS 100000

	static int run(struct trial *trial, struct error *err);
	static int verify(struct trial *trial, struct error *err);

	const struct workload cpu_add = {
		.name = "cpu.add",
		.version = 1,
		.panel = PANEL_CPU,
		.summary = "additions",
		.operation = "100,000 additions",
		.stands_for = "nothing published",
		.metrics = (const struct metric[]){{"throughput", "operations/s", BETTER_HIGHER, .kind = METRIC_RATE}, {0}},
		.needs = {.cpus = 1},
		.run = run,
		.verify = verify,
	};

	static volatile double sum;

	static int run(struct trial *trial, struct error *err)
	{
		(void)err;
		for (sum = 0; trial_continue(trial); trial->operations++)
			for (int i = 0; i < ADDITIONS; i++)
				sum = sum + 1;
		trial_value(trial, "throughput", trial->operations / trial_elapsed(trial));
		return 0;
	}

	static int verify(struct trial *trial, struct error *err)
	{
		return sum == trial->operations * ADDITIONS ? 0 : error_set(err, -EIO, "wrong sum");
	}
	C
	add_line workloads/registry.c '^#define WORKLOADS' '	X(cpu_add) \\'
	build_tree
	./tare list cpu.add | grep -q '^operation: 100,000 additions' || fail "list: $(./tare list cpu.add)"
	./tare run -w cpu.add -e sim:overhead=100% --seed 1 --out simulated || fail "sim: status $?"
	[ "$(column verdict simulated/summary.csv | grep -c overhead)" -ge 1 ] || fail "$(cat simulated/summary.csv)"
	./tare run aa -w cpu.add --time 10 --out real || fail "bare: status $?"
	[ "$(column value real/summary.csv | sed -n 1p | cut -d. -f1)" -gt 100 ] || fail "$(cat real/summary.csv)"
}

an_environment_is_one_file_and_one_line() {
	copy_tree
	cat >drivers/mirror.c <<-'C'
	#include <stdio.h>

	#include "drivers/driver.h"

	extern const struct driver bare_driver;

	static void check_mirror(struct check_result *result) { say_value(result, "polished"); }

	static const struct check checks[] = {{"mirror", check_mirror}, {0}};

	static int probe(const struct environment *env, const struct site *site, struct availability *availability)
	{
		(void)env, (void)site;
		*availability = (struct availability){.usable = true, .label = "mirror metal", .reason = "an exercise"};
		return 0;
	}

	static int start(struct instance *instance, struct error *err) { return bare_driver.start(instance, err); }
	static int stop(struct instance *instance, struct error *err) { return bare_driver.stop(instance, err); }
	static int stats(struct instance *instance, struct instance_cost *cost) { return bare_driver.stats(instance, cost); }
	static json_t *describe(struct instance *instance) { return bare_driver.describe(instance); }

	const struct driver mirror_driver = {
		.name = "mirror",
		.summary = "a process of the host, seen in a mirror",
		.checks = checks,
		.probe = probe,
		.start = start,
		.stop = stop,
		.stats = stats,
		.describe = describe,
	};
	C
	add_line drivers/registry.c '^#define DRIVERS' '	X(mirror_driver) \\'
	build_tree
	./tare list environments | grep -q mirror || fail "list does not show it"
	./tare doctor | grep -q 'mirror  *polished' || fail "doctor does not run its check"
	./tare run -w cpu.prime -e mirror --time 10 --out run || [ $? = 1 ] || fail "run: status $?"
	grep -q 'mirror metal' run/figures/overhead.svg || fail "the figure does not show it"
	colour_of() { grep -o "(\$1==$1?[^']*'[^']*'" run/figures/blocks.gp | sed "s/.*rgb '//" | sort -u; }
	[ -n "$(colour_of 2)" ] && [ "$(colour_of 2)" != "$(colour_of 0)" ] || fail "it has no colour of its own"
}

a_figure_is_one_file_one_line_and_its_name_in_a_study() {
	copy_tree
	sed 's/_blocks/_again/g; s/"blocks"/"again"/g; s/Trials over time/Trials once more/' plots/figure_blocks.c >plots/figure_again.c
	add_line plots/figures.c '^#define FIGURES' '	X(figure_again) \\'
	sed -i '/^#define PANEL_FIGURES/s/"blocks"/"blocks", "again"/' harness/plan/study.c
	build_tree
	./tare run -w cpu.prime -e sim:overhead=5% --seed 1 --out run || fail "status $?"
	grep -q 'Trials once more' run/figures/again.svg || fail "no figure: $(ls run/figures)"
	grep -q 'id="figure-again"' run/report.html || fail "the report does not show it"
}

a_procedure_is_one_file_and_one_line_and_brings_its_own_metrics() {
	need_root
	copy_tree
	cat >harness/procedure/again.c <<-'C'
	/* From the request to the agent's hello, of one more instance of the subject's environment. */
	#include <stdio.h>

	#include "harness/procedure/timed.h"
	#include "base/cleanup.h"
	#include "base/clock.h"

	static int perform(struct stage *stage, json_t **trial, struct error *err)
	{
		const struct instance *subject = stage->cast[0].instance;
		const struct driver *driver = subject->environment->driver;
		struct instance fresh = {.environment = subject->environment, .site = subject->site, .in = -1, .out = -1};
		cleanup_json json_t *hello = NULL, *answer = NULL;
		struct agent agent = {0};
		uint64_t began = clock_now();
		double seconds;
		int rc;

		snprintf(fresh.id, sizeof(fresh.id), "%.40s-again", subject->id);
		rc = driver->start(&fresh, err);
		if (!rc) {
			agent_attach(&agent, fresh.in, fresh.out);
			rc = agent_hello(&agent, fresh.site->agent_hash, 60000, &hello, err);
		}
		seconds = seconds_of(clock_now() - began);
		agent_finish(&agent);
		driver->stop(&fresh, NULL);
		if (rc)
			return rc;
		answer = json_pack("{s:f, s:{s:f, s:f}}", "operations", 1.0, "values", "seconds", seconds, "failures", 0.0);
		*trial = trial_base(answer, seconds, seconds, 0);
		json_object_set_new(*trial, "host_cpu_seconds", json_null());
		json_object_set_new(*trial, "flags", json_array());
		return 0;
	}

	const struct procedure procedure_again = {
		.name = "again",
		.summary = "starts one more instance",
		.operation = "one start",
		.panel = PANEL_CPU,
		.metrics = (const struct metric[]){
			{"seconds", "s", BETTER_LOWER, .kind = METRIC_TIME},
			{"failures", "failures", BETTER_LOWER, .kind = METRIC_COUNT, .zero_valid = true},
			{0}},
		.perform = perform,
	};
	C
	add_line harness/procedure/registry.c '^#define PROCEDURES' '	X(procedure_again) \\'
	build_tree
	./tare list again | grep -q '^operation: one start' || fail "list: $(./tare list again)"
	./tare run -w again -e sim:overhead=100% --seed 1 --out simulated || fail "sim: status $?"
	[ "$(column verdict simulated/summary.csv | grep -c overhead)" -ge 1 ] || fail "$(cat simulated/summary.csv)"
	./tare run -w again -e container --time 15 --out run || [ $? = 1 ] || fail "run: status $?"
	python3 tests/validate_run.py run || fail "the run does not fit its schemas"
	[ "$(column unit run/summary.csv | sort -u | tr '\n' ' ')" = 'failures s ' ] || fail "$(cat run/summary.csv)"
	[ "$(column value run/summary.csv | grep -c '^0\.')" -ge 3 ] || fail "no start was measured: $(cat run/summary.csv)"
}

a_column_is_one_line() {
	copy_tree
	add_line results/summary_fields.c '"left_out", FIELD_INTEGER' \
		'	{"seconds_out", FIELD_INTEGER, IN_BOTH | REQUIRED, AT(left_out), .meaning = "an exercise"},'
	env -u MAKEFLAGS -u MFLAGS make -j2 all fields >../make.log 2>&1 || fail "does not build: $(tail -5 ../make.log)"
	./tare run -w cpu.prime -e sim:overhead=5% --seed 1 --out run || fail "status $?"
	[ "$(column seconds_out run/summary.csv | sort -u)" = 0 ] || fail "CSV: $(head -1 run/summary.csv)"
	grep -q '| `seconds_out` | integer |' docs/data.md || fail "docs/data.md has no row"
	python3 tests/validate_run.py run || fail "the run does not fit its schemas"
}

LIMIT=300 # each builds what its change concerns
run_tests schemas_and_tables_follow_the_field_tables includes_follow_the_allowed_arrows a_forbidden_include_is_found \
	a_workload_is_one_file_and_one_line an_environment_is_one_file_and_one_line \
	a_figure_is_one_file_one_line_and_its_name_in_a_study \
	a_procedure_is_one_file_and_one_line_and_brings_its_own_metrics a_column_is_one_line
