#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The schedule of real runs, as the journal shows it: fresh instances, what stays, and the time.
LIMIT=${LIMIT:-240}
. tests/lib.sh

need_container() {
	need_root
	command -v runc >/dev/null || skip "no runc"
}

# on_run RUN: a Python program on standard input, with the run's `run`, `trials` and `timed`
on_run() {
	python3 -c "
import json, statistics, sys
run = json.load(open('$1/run.json'))
lines = [json.loads(l) for l in open('$1/trials.jsonl')]
trials = [l for l in lines if l['record'] == 'trial']
for t in trials: t['instance'] = t['cast'][0]['number']
timed = [t for t in trials if not t['warmup']]
def of(arm, field, among=timed): return [t[field] for t in among if t['arm'] == arm]
$(cat)" || fail "$1: $(tail -3 log)"
}

measure() {
	"$TARE" run --out run "$@" >log 2>&1
	[ $? -le 1 ] || fail "$(tail -3 log)"
}

fresh_instances_replace_each_other_and_each_trial_names_its_own() {
	need_container
	measure -e container -w cpu.prime --time 20
	on_run run <<-'PY'
	for arm in "bare", "bare#null", "container":
	    numbers = of(arm, "instance")
	    assert numbers == sorted(numbers), (arm, numbers)
	    assert len(set(numbers)) >= 2, (arm, numbers)
	    started = [l for l in lines if l.get("event") == "started" and l["instance"] == arm]
	    assert len(started) >= len(set(numbers)), (arm, len(started))
	PY
	column starts run/summary.csv | sort -n | tail -1 | awk '{ exit $1 < 2 }' ||
		fail "starts: $(column starts run/summary.csv)"
}

a_fresh_container_is_reached_at_once() {
	need_container
	measure -e container -w network.rr --time 20
	on_run run <<-'PY'
	assert not [t["error"] for t in trials if t.get("error")]
	assert len(set(of("container", "instance"))) >= 2, of("container", "instance")
	PY
}

a_server_stays_as_long_as_its_instance() {
	need_container
	measure -e container -w network.web --time 15
	on_run run <<-'PY'
	for arm in "bare", "container":
	    seen, first, later = set(), [], []
	    for t in trials:
	        if t["arm"] == arm and not t.get("error"):
	            (later if t["instance"] in seen else first).append(t["preparing_seconds"])
	            seen.add(t["instance"])
	    assert statistics.median(later) < statistics.median(first) / 3, (arm, first, later)
	PY
}

the_time_that_was_given_is_kept_or_refused() {
	"$TARE" run -e bare -w 'cpu.*' -w 'memory.*' --time 2 --out none >log 2>&1
	[ $? = 2 ] || fail "a time that is too short was accepted: $(tail -3 log)"
	grep -qE 'give --time [0-9]+' log || fail "$(cat log)"
	[ ! -e none ] || fail "made a directory"
	measure -e bare -w cpu.compress -w memory.stream --time 10
	on_run run <<-'PY'
	why = {l["workload"]: l["message"] for l in lines if l.get("event") == "decided"}
	assert len(why) == 2, why
	blocks = {w: len(of("bare", "block", [t for t in timed if t["workload"] == w])) for w in why}
	for w in why:
	    assert blocks[w] >= (3 if why[w] == "time" else run["plan"]["min_blocks"]), (blocks, why)
	# Where others have the CPUs, an estimate's least number of trials may take longer.
	late = run["time"]["total"] - run["plan"]["budget_seconds"]
	assert late <= 1 or min(blocks.values()) == 3, (late, blocks)
	PY
}

a_resumed_run_begins_with_instances_of_its_own() {
	need_container
	"$TARE" run --out run -e container -w cpu.prime --time 60 >log 2>&1 &
	local pid=$!
	for _ in $(seq 300); do
		grep -q '"block":6,' run/trials.jsonl 2>/dev/null && break
		sleep 0.1
	done
	kill -INT $pid
	wait $pid
	[ $? = 130 ] || fail "status is not 130: $(cat log)"
	local kept=$(grep -c . run/trials.jsonl)
	sed -i 's/"budget_seconds": [0-9.]*/"budget_seconds": 20/' run/run.json
	"$TARE" run --resume run >log 2>&1
	[ $? -le 1 ] || fail "$(tail -3 log)"
	KEPT=$kept on_run run <<-'PY'
	import os
	before = [l for l in lines[:int(os.environ["KEPT"])] if l["record"] == "trial"]
	after = [l for l in lines[int(os.environ["KEPT"]):] if l["record"] == "trial"]
	assert after, "nothing was measured"
	for arm in "bare", "bare#null", "container":
	    last, first = max(of(arm, "instance", before)), min(of(arm, "instance", after))
	    assert first > last, (arm, last, first)
	PY
}

run_tests fresh_instances_replace_each_other_and_each_trial_names_its_own \
	a_fresh_container_is_reached_at_once a_server_stays_as_long_as_its_instance \
	the_time_that_was_given_is_kept_or_refused a_resumed_run_begins_with_instances_of_its_own
