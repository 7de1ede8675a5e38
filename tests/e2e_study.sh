#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Whole runs: real containers, the real guest; interrupted, killed, resumed.
LIMIT=${LIMIT:-240}
. tests/lib.sh

SMALL="--set disk.randomrw.size=32m --set memory.stream.size=96m"
FOUR="-w cpu.compress -w memory.stream -w disk.randomrw -w network.rr"

# Each row has the blocks that the plan wants, or the workload was ended by its time: then, on a busy
# host, at least the trials that an estimate needs, in an arm of every second block, too.
assert_enough_blocks() {
	python3 - "$1" <<-'PY' || fail "too few blocks, and time was left"
	import csv, json, sys
	plan = json.load(open(sys.argv[1] + "/run.json"))["plan"]
	every = {c["column"]: c["every"] for c in plan["conditions"]}
	lines = [json.loads(l) for l in open(sys.argv[1] + "/trials.jsonl")]
	why = {l["workload"]: l["message"] for l in lines if l.get("event") == "decided"}
	rows = [r for r in csv.DictReader(open(sys.argv[1] + "/summary.csv")) if r["value"]]
	assert rows, "no row"
	for row in rows:
	    wanted = plan["min_blocks"] // every[row["environment"]]
	    least = 3 if why[row["workload"]] == "time" else wanted
	    assert int(row["blocks"]) >= least, (least, why, row)
	PY
}

# Every panel holds a measured value and an estimate for each environment named.
assert_measured() {
	local run=$1
	shift
	python3 - "$run/summary.csv" "$@" <<-'PY' || fail "not all panels are measured"
	import csv, sys
	rows = list(csv.DictReader(open(sys.argv[1])))
	for environment in sys.argv[2:]:
	    for panel in "cpu", "memory", "disk", "network":
	        of = [r for r in rows if r["panel"] == panel and r["environment"] == environment]
	        assert of, (panel, environment, "no row")
	        assert float(of[0]["value"]) > 0, of[0]
	        assert environment == "bare" or float(of[0]["relative_low"]) > 0, of[0]
	PY
	assert_enough_blocks "$run"
}

a_study_measures_all_four_panels_in_bare_and_container_and_guest() {
	need_root
	local environments="container"
	command -v runc >/dev/null || skip "no runc"
	command -v qemu-system-x86_64 >/dev/null && environments="container vm"
	at_most 1 "$TARE" run $(printf -- "-e %s " $environments) --time 30 --seed 1 --out run $FOUR $SMALL
	assert_measured run bare $environments
	[ -s run/figures/overhead.svg ] || fail "no figure"
	[ -s run/report.html ] || fail "no report"
	grep -q '<object type="Machine"' run/topology.xml || fail "no topology beside run.json"
	assert_gone run
	python3 - run <<-'PY' || fail "run.json"
	import json, sys
	run = json.load(open("run/run.json"))
	assert run["status"] == "complete", run["status"]
	assert run["plan"]["seed"] == 1
	times = run["time"]
	parts = sum(times[k] for k in ("trials", "between", "warming", "starting", "preparing", "renewing", "other"))
	assert abs(parts - times["total"]) < 0.01, times
	every = {c["column"]: c["every"] for c in run["plan"]["conditions"]}
	orders, blocks = set(), {}
	for line in open("run/trials.jsonl"):
	    t = json.loads(line)
	    if t["record"] == "trial" and not t["warmup"]:
	        blocks.setdefault((t["workload"], t["block"]), []).append(t["arm"])
	for (_, number), block in blocks.items():
	    assert sorted(block) == sorted(a for a in every if number % every[a] == 0), (number, block)
	    orders.add(tuple(block))
	assert len(orders) > 3, "the order of arms does not change"
	PY
}

# Nothing of this run is on the host: neither under its name nor in its journal of resources.
# (Other things of this host may come and go meanwhile.)
assert_gone() {
	local id rest
	id=$(python3 -c 'import json; print(json.load(open("'"$1"'/run.json"))["id"])')
	rest=$(machine_state | grep -F "$id"; ps -eo pid,args | grep -F "$id" | grep -v grep;
	       ls "$TARE_STATE" 2>/dev/null; ls -d "$1/scratch" 2>/dev/null)
	[ -z "$rest" ] || fail "left behind: $rest"
}

# in_the_background OPTION...: starts a run of bare and waits for its fifth trial
in_the_background() {
	"$TARE" run --out run -w cpu.compress --time 100 "${@:--ebare}" >log 2>&1 &
	pid=$!
	for _ in $(seq 300); do
		[ -e run/trials.jsonl ] && [ "$(grep -c '"trial"' run/trials.jsonl)" -ge 5 ] && return
		sleep 0.1
	done
	fail "no fifth trial: $(cat log)"
}

an_interrupted_run_is_kept_and_resumed() {
	local kept
	in_the_background
	kill -INT $pid
	wait $pid
	[ $? = 130 ] || fail "status is not 130: $(cat log)"
	assert_gone run
	kept=$(wc -l <run/trials.jsonl)
	at_most 1 "$TARE" report run
	cp run/trials.jsonl before.jsonl
	sed -i 's/"budget_seconds": [0-9.]*/"budget_seconds": 8/' run/run.json
	at_most 1 "$TARE" run --resume run
	[ "$(head -n "$kept" run/trials.jsonl | cmp - before.jsonl 2>&1)" = "" ] || fail "trials were lost"
	python3 -c 'import json; assert json.load(open("run/run.json"))["status"] == "complete"' ||
		fail "not complete"
	assert_enough_blocks run
	"$TARE" run --resume run >out 2>err
	[ $? = 2 ] || fail "a complete run was resumed"
}

a_changed_agent_is_not_resumed_with() {
	in_the_background
	kill -TERM $pid
	wait $pid
	[ $? = 130 ] || fail "status is not 130"
	sed -i 's/"hash": "[0-9a-f]*"/"hash": "00"/' run/run.json
	"$TARE" run --resume run >out 2>err
	[ $? = 2 ] || fail "status $?"
	grep -q "the agent's hash" err || fail "$(cat err)"
}

a_killed_run_is_cleaned_and_only_that() {
	need_root
	command -v runc >/dev/null || skip "no runc"
	in_the_background -e container
	kill -KILL $pid
	wait $pid 2>/dev/null
	"$TARE" clean >out || fail "clean: $(cat out)"
	grep -q "removed" out || fail "nothing was removed"
	assert_gone run
	"$TARE" clean | grep -q "nothing to clean" || fail "still something to clean"
}

a_second_run_is_refused_and_names_the_first() {
	in_the_background
	"$TARE" run -e bare -w cpu.compress --out second >out 2>err
	[ $? = 1 ] || fail "status $?: $(cat err)"
	grep -q "process $pid" err || fail "$(cat err)"
	[ ! -e second ] || fail "made a directory"
	kill -INT $pid
	wait $pid
	return 0
}

an_agent_that_dies_is_started_again_and_the_run_goes_on() {
	local agent
	"$TARE" run --out run -e bare -w cpu.compress --time 8 >log 2>&1 &
	pid=$!
	for _ in $(seq 100); do
		agent=$(pgrep -P $pid tare-agent | head -1)
		[ -n "$agent" ] && [ -s run/trials.jsonl ] && break
		sleep 0.1
	done
	sleep 1
	kill -KILL "$agent" || fail "no agent to kill"
	wait $pid
	[ $? -le 1 ] || fail "status $?: $(cat log)"
	grep -q '"event":"restarted"' run/trials.jsonl || fail "no restart in the journal"
	assert_enough_blocks run
}

without_root_bare_runs_and_the_rest_says_what_is_missing() {
	need_root
	chmod 755 . && mkdir work && chown 65534:65534 work && cd work || fail "no directory"
	setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=$PWD TARE_STATE=$PWD/state \
		"$TARE" run -e bare -w cpu.compress -w network.rr --time 8 --out run >log 2>&1
	[ $? = 1 ] || fail "status is not 1: $(cat log)"
	column value run/summary.csv | head -1 | grep -qE '^[0-9.]+$' || fail "no value"
	grep -q "root" log || fail "root is not named: $(cat log)"
}

run_tests a_study_measures_all_four_panels_in_bare_and_container_and_guest \
	an_interrupted_run_is_kept_and_resumed a_changed_agent_is_not_resumed_with \
	a_killed_run_is_cleaned_and_only_that a_second_run_is_refused_and_names_the_first \
	an_agent_that_dies_is_started_again_and_the_run_goes_on \
	without_root_bare_runs_and_the_rest_says_what_is_missing
