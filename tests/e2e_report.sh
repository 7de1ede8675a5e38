#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The report of made-up runs, through `tare report`, and in a real browser.
. "$(dirname "$0")/lib.sh"
LIMIT=240

made_up() { python3 "$TOP/tests/synthetic_run.py" run "$@" || fail "no run was made"; }
need_chromium() { command -v chromium >/dev/null || skip "needs chromium"; }
browser_finds_nothing() {
	python3 "$TOP/tests/browser_report.py" "$1" >found || fail "$1: $(head -5 found)"
}

# costs SECONDS: `tare report run` takes no more of CPU time, which other work of the machine does not
# lengthen as it does the wall's (all but the drawing is on one CPU), and no more than 200 MB.
costs() {
	python3 - "$1" "$TARE" report run >took <<-'PY' || fail "tare report: $(cat took)"
	import resource, subprocess, sys
	status = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL).returncode
	children = resource.getrusage(resource.RUSAGE_CHILDREN)
	cpu, peak = children.ru_utime + children.ru_stime, children.ru_maxrss // 1024
	print(f'status {status}, {cpu:.1f} s of CPU, {peak} MB')
	sys.exit(status != 0 or cpu > float(sys.argv[1]) or peak > 200)
	PY
}

the_whole_report_is_derived_in_under_3_seconds() {
	made_up subjects=4 extra=1
	costs 3
	for name in overhead forest latency cost blocks; do
		for format in gp dat svg png; do
			[ -s "run/figures/$name.$format" ] || fail "figures/$name.$format is missing"
		done
	done
}

# Reading alone is what `export --format hgrm` does; machines differ, the ratio hardly does.
a_journal_of_100000_trials_takes_3_times_its_reading_at_most_and_200_MB() {
	sanitized && skip "sanitizers take memory of their own"
	made_up fast=1 extra=1 blocks=3125
	[ "$(wc -l <run/trials.jsonl)" -ge 100000 ] || fail "the journal is shorter than that"
	python3 - "$TARE" >took <<-'PY' || fail "$(cat took)"
	import resource, subprocess, sys
	def cost(*arguments):
	    before = resource.getrusage(resource.RUSAGE_CHILDREN)
	    subprocess.run([sys.argv[1], *arguments], stdout=subprocess.DEVNULL, check=True)
	    after = resource.getrusage(resource.RUSAGE_CHILDREN)
	    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss // 1024
	pairs = [(cost("export", "run", "--format", "hgrm", "--out", f"h{i}")[0], *cost("report", "run")) for i in range(3)]
	ratio, peak = min(report / reading for reading, report, _ in pairs), max(p[2] for p in pairs)
	print(f"{ratio:.1f} times the CPU time of reading, {peak} MB")
	sys.exit(ratio > 3 or peak > 200)
	PY
	[ "$(stat -c %s run/figures/blocks.svg)" -lt 2000000 ] || fail "blocks.svg is huge"
}

a_second_derivation_gives_the_same_bytes() {
	made_up subjects=3 nan=1
	"$TARE" report run --lang pt-BR >/dev/null || fail "tare report: status $?"
	find run -type f | sort | xargs sha256sum >first
	"$TARE" report run --lang pt-BR >/dev/null
	find run -type f | sort | xargs sha256sum | cmp - first || fail "files differ"
}

the_figure_can_be_drawn_again_by_its_script() {
	made_up
	"$TARE" report run --pdf >/dev/null || fail "tare report: status $?"
	[ -s run/figures/overhead.pdf ] || fail "no PDF"
	(cd run/figures && rm overhead.svg && gnuplot -d overhead.gp) || fail "the script does not run"
	[ -s run/figures/overhead.svg ] || fail "the script drew nothing"
}

a_host_without_fonts_draws_svg_and_says_what_is_missing() {
	made_up
	printf '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>' >none.conf
	FONTCONFIG_FILE=$PWD/none.conf "$TARE" report run >/dev/null 2>said
	[ $? = 1 ] || fail "status $?"
	grep -q 'fonts-dejavu-core' said || fail "it does not say which package: $(cat said)"
	for name in overhead forest latency cost blocks; do
		grep -q '<text>' run/figures/$name.svg || fail "$name.svg has no words"
		[ ! -e run/figures/$name.png ] || fail "$name.png is drawn without words"
	done
	grep -q 'id="figure-blocks"' run/report.html && grep -q '<text>' run/report.html ||
		fail "the report has no figures"
}

# on_terminal COLUMNS COMMAND...: its output, as a terminal of that width gets it
on_terminal() {
	local columns=$1; shift
	TERM=xterm script -qec "stty cols $columns; $*" /dev/null | tr -d '\r'
}

the_table_fits_80_and_200_columns_and_a_pipe() {
	made_up subjects=4
	for columns in 80 200; do
		NO_COLOR=1 on_terminal $columns "$TARE" report run >shown || fail "status $?"
		sed '/^Within one start/,$d' shown | LC_ALL=C.UTF-8 awk -v most=$columns \
			'length > most { exit 1 }' || fail "a line is wider than $columns"
		grep -q 'OVERHEAD \[95 %\]' shown || fail "$columns columns: no overhead"
		grep -q $'\x1b\[' shown && fail "colour in spite of NO_COLOR"
	done
	on_terminal 200 "$TARE" report run | grep -q $'\x1b\[' || fail "no colour on a terminal"
	LC_ALL=C.UTF-8 "$TARE" report run >piped
	grep -q $'\x1b' piped && fail "colour in a pipe"
	grep -q '^Disk: in disk.randomrw' piped || fail "no sentence"
}

without_utf8_the_terminal_gets_ascii() {
	made_up null=1.2
	LC_ALL=C "$TARE" report run --lang pt-BR >shown || fail "status $?"
	LC_ALL=C grep -q '[^ -~[:space:]]' shown && fail "$(LC_ALL=C grep -m1 '[^ -~[:space:]]' shown)"
	grep -q '^Memoria: ' shown || fail "the sentence lost its letters"
}

json_and_csv_are_what_stands_in_the_files() {
	made_up
	"$TARE" report run --json >shown.json && cmp shown.json run/summary.json || fail "--json differs"
	"$TARE" report run --csv >shown.csv && cmp shown.csv run/summary.csv || fail "--csv differs"
}

a_browser_finds_nothing_wrong_in_english() {
	need_chromium
	made_up
	"$TARE" report run >/dev/null || fail "tare report: status $?"
	browser_finds_nothing run/report.html
}

a_browser_finds_nothing_wrong_with_8_long_names_missing_arms_and_hostile_words() {
	need_chromium
	made_up subjects=8 long=1 hostile=1 missing=microvm broken=memory slowest=1000
	"$TARE" report run --lang pt-BR >/dev/null
	browser_finds_nothing run/report.html
}

the_check_in_the_browser_finds_what_is_wrong() {
	need_chromium
	made_up
	"$TARE" report run >/dev/null || fail "tare report: status $?"
	sed 's|</style>|.soft{color:#bbb!important}main{width:1500px}</style>|' run/report.html >wrong.html
	python3 "$TOP/tests/browser_report.py" wrong.html >found && fail "it found nothing"
	grep -q "contrast" found || fail "weak contrast was not found"
	grep -q "390: the page scrolls sideways" found || fail "the scroll was not found"
}

run_tests the_whole_report_is_derived_in_under_3_seconds \
	a_journal_of_100000_trials_takes_3_times_its_reading_at_most_and_200_MB \
	a_second_derivation_gives_the_same_bytes \
	the_figure_can_be_drawn_again_by_its_script a_host_without_fonts_draws_svg_and_says_what_is_missing \
	the_table_fits_80_and_200_columns_and_a_pipe \
	without_utf8_the_terminal_gets_ascii json_and_csv_are_what_stands_in_the_files \
	a_browser_finds_nothing_wrong_in_english \
	a_browser_finds_nothing_wrong_with_8_long_names_missing_arms_and_hostile_words \
	the_check_in_the_browser_finds_what_is_wrong
