#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The whole path from plan to report on the simulated machine, whose truth is known.
. "$(dirname "$0")/lib.sh"

SUBJECT=sim:overhead=100%,noise=2%

simulate() { "$TARE" run -e "$SUBJECT" -w 'cpu.compress' -w 'network.rr' --seed 3 --out run "$@"; }

validate() {
	/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || skip "needs python3-jsonschema"
	/usr/bin/python3 "$TOP/tests/validate_run.py" "$1" || fail "the run does not fit its schemas"
}

the_truth_of_the_simulation_comes_out() {
	simulate || fail "status $?"
	/usr/bin/python3 - <<-'PY' || fail "wrong summary"
	import csv
	rows = [r for r in csv.DictReader(open("run/summary.csv")) if r["metric"] == "throughput"]
	assert len(rows) == 6, rows
	for r in rows:
	    if r["environment"].startswith("sim:"):
	        assert r["verdict"] == "overhead", r
	        assert float(r["overhead_low"]) < 100 < float(r["overhead_high"]), r
	    elif r["environment"] == "sim#null":
	        assert r["verdict"] == "" and r["overhead_pct"] == r["null_pct"], r # no verdict: it is in the others' intervals
	        assert float(r["overhead_low"]) < 0 < float(r["overhead_high"]), r
	PY
}

what_a_run_writes_fits_its_schemas() {
	simulate --predict "$SUBJECT cpu -50%" || fail "status $?"
	validate run
}

what_a_resumed_run_writes_fits_its_schemas() {
	simulate --time 30 || fail "status $?"
	sed -i 's/"status": "complete"/"status": "running"/' run/run.json
	sed -i '$d' run/trials.jsonl
	"$TARE" run --resume run || fail "status $?"
	grep -q '"event": *"resumed"' run/trials.jsonl || fail "no event tells of it"
	validate run
}

# Of a tree without .git, as from a tarball, it is "unknown".
a_run_names_the_commit_that_was_built() {
	simulate || fail "status $?"
	grep -q "\"commit\": *\"$(cat "$TOP/build/commit")\"" run/run.json ||
		fail "$(grep commit run/run.json) is not $(cat "$TOP/build/commit")"
	grep -qE '^(unknown|[0-9a-f]{7,40}(-dirty)?)$' "$TOP/build/commit" || fail "$(cat "$TOP/build/commit")"
}

a_report_made_again_is_the_same_byte_for_byte() {
	simulate || fail "status $?"
	cp run/summary.csv before.csv && cp run/summary.json before.json
	rm run/summary.csv run/summary.json
	"$TARE" report run || fail "report: status $?"
	cmp before.csv run/summary.csv && cmp before.json run/summary.json || fail "other bytes"
}

a_journal_cut_in_its_last_line_still_reports() {
	simulate || fail "status $?"
	truncate -s -20 run/trials.jsonl
	"$TARE" report run >out 2>&1
	grep -q 'the last line was cut off' out run/summary.json || fail "not said"
}

a_prediction_is_sealed_and_scored() {
	simulate --predict "$SUBJECT cpu -50%" --predict "$SUBJECT network 0%" >out || fail "status $?"
	grep -q 'id="predictions"' run/report.html || fail "the report does not score them"
	/usr/bin/python3 - <<-'PY' || fail "wrong scores"
	import json
	run, summary = json.load(open("run/run.json")), json.load(open("run/summary.json"))
	assert len(run["predictions"]) == 2
	assert [p["outcome"] for p in summary["predictions"]] == ["right", "too high"], summary["predictions"]
	PY
}

a_predicted_environment_that_is_not_there_is_refused() {
	simulate --predict "lxc cpu -50%" && fail "status 0"
	[ ! -e run ] || fail "something was written"
}

run_tests the_truth_of_the_simulation_comes_out what_a_run_writes_fits_its_schemas \
	what_a_resumed_run_writes_fits_its_schemas a_run_names_the_commit_that_was_built \
	a_report_made_again_is_the_same_byte_for_byte a_journal_cut_in_its_last_line_still_reports \
	a_prediction_is_sealed_and_scored a_predicted_environment_that_is_not_there_is_refused
