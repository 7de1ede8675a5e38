#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Replay: every recorded run in results/examples/ gives the summary and report that stand beside it.
. "$(dirname "$0")/lib.sh"

GNUPLOT="gnuplot 5.4 patchlevel 4" # that drew the figures in the recorded reports

examples() {
	ls -d "$TOP"/results/examples/*/ || fail "there is no example"
}

# Another gnuplot draws the same figure in other bytes: all around it must still be the same.
same_report() {
	cmp "$1" "$2" && return
	[ "$(gnuplot --version)" != "$GNUPLOT" ] || return
	cmp <(sed '/<svg/,/<\/svg>/d' "$1") <(sed '/<svg/,/<\/svg>/d' "$2")
}

each_recorded_run_gives_the_same_summary_and_report() {
	local example
	for example in $(examples); do
		rm -rf run && mkdir run
		cp "$example"/run.json "$example"/trials.jsonl run/
		"$TARE" report run >/dev/null || fail "$example: status $?"
		for name in summary.csv summary.json; do
			cmp "$example/$name" run/$name || fail "$example: $name differs"
		done
		same_report "$example/report.html" run/report.html || fail "$example: report.html differs"
	done
}

a_changed_number_in_the_journal_changes_the_summary() {
	local example=$(examples | head -1)
	mkdir run && cp "$example"/run.json run/
	sed '/"warmup":false/s/"throughput":[0-9]/"throughput":9/' "$example"/trials.jsonl >run/trials.jsonl
	cmp -s "$example"/trials.jsonl run/trials.jsonl && fail "nothing was changed"
	"$TARE" report run --csv >changed || fail "status $?"
	cmp -s "$example"/summary.csv changed && fail "the summary is the same"
	true
}

each_recorded_run_fits_the_schemas() {
	python3 -c 'import jsonschema' 2>/dev/null || skip "needs python3-jsonschema"
	local example
	for example in $(examples); do
		grep -q '^ "schema": 2,' "$example/run.json" || continue # results/schema is schema 2's
		python3 "$TOP/tests/validate_run.py" "$example" >wrong || fail "$example: $(head -3 wrong)"
	done
}

no_recorded_run_names_a_place_of_its_machine() {
	local example
	for example in $(examples); do
		grep -oE '"/(home|root|tmp|mnt|srv|usr/local)/[^"]*' "$example"/run.json \
			"$example"/trials.jsonl >places && fail "$(head -3 places)"
	done
	true
}

run_tests each_recorded_run_gives_the_same_summary_and_report \
	a_changed_number_in_the_journal_changes_the_summary \
	each_recorded_run_fits_the_schemas no_recorded_run_names_a_place_of_its_machine
