#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tests/repeat.py on simulated machines of known truth.
. "$(dirname "$0")/lib.sh"
in_memory
REPEAT=$TOP/tests/repeat.py
MACHINE=noise=3%,starts=1%

run_with_seed() { # SEED DIRECTORY SUBJECT...
	local seed=$1 directory=$2; shift 2
	"$TARE" run --baseline "sim:$MACHINE" "${@/#/-esim:}" -w cpu.prime -w cpu.syscall -w memory.kv -w memory.latency \
		--seed "$seed" --time 30 --out "$directory" >said 2>error || fail "a run: $(tail -3 error)"
}

seven_runs() {
	local seed
	mkdir runs
	for seed in 1 2 3 4 5 6 7; do
		run_with_seed $seed runs/$seed "overhead=0%,$MACHINE" "overhead=20%,$MACHINE" "overhead=100%,$MACHINE"
	done
}

runs_of_one_machine_hold_each_other_and_hardly_contradict() {
	seven_runs
	"$REPEAT" runs/* >table || fail "$(grep -A6 Bounds table)"
	# of 28 verdicts about an equal environment one or two may be wrong
	grep -q '^| pairs of runs .* [0-5] of 252 .* yes |' table || fail "$(grep '^| pairs' table)"
	grep -q '^| sim:overhead=100%.* | 100.0 % | 0.0 % | 0.0 % | 0.0 % |' table || fail "$(grep '100%' table)"
	[ "$(grep -c '^| [1-7] | [0-9]' table)" = 7 ] || fail "not seven times"
}

a_run_that_says_the_opposite_is_counted_and_fails() {
	seven_runs
	/usr/bin/python3 - runs/7/summary.json <<-'PY'
	import json, sys
	summary = json.load(open(sys.argv[1]))
	for row in summary["rows"]:
	    if row["headline"] and "100%" in row["environment"]:
	        row["verdict"] = "speedup"
	        row["relative"] = {"value": 2, "low": 1.9, "high": 2.1}
	json.dump(summary, open(sys.argv[1], "w"))
	PY
	"$REPEAT" runs/* >table && fail "status 0: $(grep -A6 Bounds table)"
	grep -q '^| pairs of runs .* 2[4-9] of 252 .*NO' table || fail "$(grep '^| pairs' table)"
	grep -q '^| sim:overhead=100%.*24 of 84' table || fail "$(grep '100%' table)"
}

unlike_runs_and_what_is_no_run_are_refused() {
	seven_runs
	"$TARE" run --baseline "sim:$MACHINE" -e sim -w cpu.prime --time 10 --out other >said 2>error || fail "a run"
	"$REPEAT" runs/1 runs/2 other >table 2>error && fail "unlike runs: status 0"
	grep -q 'differ in study' error || fail "$(cat error)"
	"$REPEAT" runs/1 runs/2 nothing >table 2>error && fail "no run: status 0"
	grep -q 'nothing is no whole run' error || fail "$(cat error)"
	"$REPEAT" runs/1 runs/2 >table 2>error && fail "two runs: status 0"
	grep -q 'at least 3 runs' error || fail "$(cat error)"
}

it_makes_the_runs_itself_with_the_arguments_given() {
	"$REPEAT" --runs 3 --out made -- --baseline "sim:$MACHINE" -e "sim:overhead=20%,$MACHINE" -w cpu.prime -w memory.kv \
		--time 20 >table 2>error || [ $? = 1 ] || fail "$(tail -3 error)"
	[ -f made/run-3/summary.json ] || fail "no third run: $(cat error)"
	grep -q '^3 runs of `overhead`, preset quick' table || fail "$(head -1 table)"
}

run_tests runs_of_one_machine_hold_each_other_and_hardly_contradict \
	a_run_that_says_the_opposite_is_counted_and_fails unlike_runs_and_what_is_no_run_are_refused \
	it_makes_the_runs_itself_with_the_arguments_given
