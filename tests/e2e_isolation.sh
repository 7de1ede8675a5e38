#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Neighbours, with the real thing: a second instance of the environment works beside the subject for
# all of its timed part, and no subject is measured alone that was to be in company.
LIMIT=${LIMIT:-240}
. "$(dirname "$0")/lib.sh"

need_container() {
	need_root
	command -v runc >/dev/null || skip "no runc"
}

# Of a run: each trial in company has a neighbour that worked all the while, or an error.
# PROGRAM on standard input goes on from there: trials, good, failed, lines, rows.
judge() { # RUN
	/usr/bin/python3 -c "
import csv, json
lines = [json.loads(line) for line in open('$1/trials.jsonl')]
trials = [l for l in lines if l['record'] == 'trial']
company = [t for t in trials if t['arm'].endswith('+competing')]
good, failed = ([t for t in company if ('error' in t) == wrong] for wrong in (False, True))
for t in good:
    neighbour = [m for m in t['cast'] if m['role'] == 'neighbour']
    assert len(neighbour) == 1 and neighbour[0]['workload'] == t['workload'], t['cast']
    assert neighbour[0]['seconds'] >= t['outside_seconds'] > 0, (neighbour, t['outside_seconds'])
    assert neighbour[0]['operations'] > 0 or neighbour[0]['cpu_seconds'] > 0, neighbour
assert good, 'no trial in company'
rows = [r for r in csv.DictReader(open('$1/summary.csv'))]
$(cat)" || fail "$1: $(tail -n 5 log)"
}

each_environment_is_compared_with_itself_alone_and_the_neighbours_rate_is_in_the_journal() {
	need_container
	"$TARE" run isolation -e container -w cpu.compile -w network.rr --time 40 --out run >log 2>&1
	[ $? -le 1 ] || fail "$(tail -n 5 log)"
	/usr/bin/python3 "$TOP/tests/validate_run.py" run || fail "the run does not fit its schemas"
	judge run <<-'PY'
	assert not failed, failed[0]["error"]
	verdicts = {(r["workload"], r["environment"]): r["verdict"] for r in rows if r["verdict"]}
	assert set(verdicts) == {(w, e + "+competing") for w in ("cpu.compile", "network.rr") for e in ("bare", "container")}
	assert "unavailable" not in verdicts.values(), verdicts
	for row in rows:
	    if row["workload"] == "cpu.compile" and row["metric"] == "throughput":
	        # each its own baseline; the idle neighbour is the null
	        assert (row["relative"] == "1") == (row["environment"] in ("bare", "container")), row
	# a neighbour of a server has a load generator of its own
	assert all([m["role"] for m in t["cast"]] == ["subject", "load", "neighbour", "load"]
	           for t in good if t["workload"] == "network.rr")
	# one CPU for both: the subject cannot keep all of it, and its cost is told without the neighbour's
	alone = [t for t in trials if t["arm"] == "container" and t["workload"] == "cpu.compile"]
	mean = lambda values: sum(values) / len(values)
	both = [t for t in good if t["arm"] == "container+competing" and t["workload"] == "cpu.compile"]
	assert mean([t["operations"] for t in both]) < mean([t["operations"] for t in alone])
	PY
	grep -q 'competing neighbour' run/report.html || fail "the report does not name the scene"
}

# fault SIGNAL WORDS: to the neighbour's agent in the middle of the run
fault() {
	"$TARE" run isolation -e container -w cpu.prime --time 25 --out run >log 2>&1 &
	local run=$! id pid
	for _ in $(seq 600); do
		[ "$(grep -s '"record":"trial"' run/trials.jsonl | grep -c '"arm":"container+competing"')" -ge 8 ] && break
		kill -0 $run 2>/dev/null || break
		sleep 0.05
	done
	id=$(/usr/bin/python3 -c 'import json; print(json.load(open("run/run.json"))["id"])')
	# instances: bare, container, and the neighbours of both
	for pid in $(cat /sys/fs/cgroup/{,*/}"tare-$id-container-3-"*/cgroup.procs 2>/dev/null | sort -u); do
		kill -"$1" "$pid"
	done
	[ -n "${pid:-}" ] || fail "the neighbour's agent is not found"
	wait $run
	[ $? -le 1 ] || fail "$(tail -n 5 log)"
	WORDS=$2 judge run <<-'PY'
	import os, re
	assert failed, "no trial has failed"
	said = [t["error"]["message"] for t in failed]
	assert any(re.search(os.environ["WORDS"], s) and "the neighbour (cpu.prime)" in s for s in said), said
	assert [l for l in lines if l.get("event") == "restarted" and l["instance"] == "container#neighbour"], "not restarted"
	assert all(int(r["blocks"]) >= 3 for r in rows if r["metric"] == "throughput"), "the rest did not go on"
	PY
}

a_neighbour_that_dies_fails_the_trial_and_is_started_again() {
	need_container
	fault KILL 'stream was closed|Broken pipe|reset'
}

a_neighbour_that_does_not_stop_is_ended_with_its_instance() {
	need_container
	fault STOP 'did not stop within 10 s|does not answer'
}

a_simulated_neighbour_takes_nothing() {
	"$TARE" run isolation --baseline sim:noise=1% -e sim:overhead=5%,noise=1% -w cpu.prime --seed 3 --out run >log 2>&1 ||
		fail "$(tail -n 5 log)"
	[ "$(column verdict run/summary.csv | grep -c negligible)" = 2 ] || fail "$(cat run/summary.csv)"
	[ "$(column relative run/summary.csv | grep -c '^1$')" -ge 2 ] || fail "no environment is its own baseline"
}

run_tests a_simulated_neighbour_takes_nothing \
	each_environment_is_compared_with_itself_alone_and_the_neighbours_rate_is_in_the_journal \
	a_neighbour_that_dies_fails_the_trial_and_is_started_again \
	a_neighbour_that_does_not_stop_is_ended_with_its_instance
