#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Ladders, options and curves with the real container runtime, in short form.
. "$(dirname "$0")/lib.sh"
PROBE=$TOP/build/tests/driver_probe

# Of runs under this test's own state directory.
marks() {
	local id
	for id in "$@"; do
		{ ip netns; awk '{print $5}' /proc/self/mountinfo; find /sys/fs/cgroup -type d -name '*tare*'
		  ls -d /run/tare/* "$TARE_STATE"/* 2>/dev/null; ps -eo args; } | grep -F -- "$id" | grep -v grep
	done
}

# The agent that the probe PID keeps: its child, or in a cgroup of its mark.
agent_of() {
	pgrep -P "$1" -f tare-agent ||
		find /sys/fs/cgroup -path "*probe-$1-*" -name cgroup.procs -exec cat {} + 2>/dev/null | head -1
}

each_environment_is_a_session_of_its_own() { # else the scheduler's autogroups would favour one
	need_root
	local environment sessions="" pid
	for environment in bare container:net=host; do
		rm -f hold; mkfifo hold
		"$PROBE" -a "$AGENT" -s "$WORK" -k "$environment" <hold >report 2>error &
		pid=$!; exec 8>hold
		for _ in $(seq 200); do grep -q '^ready' error && break; sleep 0.05; done
		sessions="$sessions $(ps -o sid= -p "$(agent_of $pid)")"
		exec 8>&-; wait $pid
	done
	sessions="$sessions $(ps -o sid= -p $$)"
	[ "$(printf '%s\n' $sessions | sort -u | wc -l)" = 3 ] || fail "sessions$sessions"
}

what_the_host_lacks_is_left_out_of_the_ladder_with_the_reason() {
	need_root
	[ -e /dev/vhost-net ] && skip "there is vhost here"
	"$TARE" run vm-ladder --dry-run >plan || fail "status $?"
	grep -q 'left out: + vhost: /dev/vhost-net' plan || fail "$(cat plan)"
}

too_little_space_is_said_before_the_run() {
	need_root
	mkdir small && mount -t tmpfs -o size=100m tmpfs small || skip "no tmpfs here"
	"$TARE" run container-ladder --scratch small --out run 2>said; local status=$?
	umount small
	[ $status = 2 ] || [ $status = 1 ] || fail "status $status"
	grep -q 'environments need' said || fail "$(cat said)"
	[ ! -e run ] || fail "a run was begun"
}

a_ladder_names_its_rungs_and_says_where_the_difference_lives() {
	need_root
	"$TARE" run container-ladder -w cpu.syscall --time 10 --out run >said 2>error || fail "$(tail -3 error)"
	/usr/bin/python3 - <<-'PY' || fail "the run"
	import json
	run = json.load(open("run/run.json"))
	rungs = [instance["rung"] for instance in run["plan"]["instances"][2:]]
	assert len(rungs) == 11 and rungs[4] == "+ seccomp filter", rungs
	said = open("said").read()
	assert "THIS STEP" in said and all(r in said for r in rungs), said
	assert "cpu.syscall: " in said.split("THIS STEP")[1], said
	report = open("run/report.html").read()
	assert 'id="ladder"' in report and "+ seccomp filter" in report
	assert "seccomp=off,caps=all" in report, "the rung's environment"
	rows = [l for l in open("run/figures/waterfall.dat") if l[0].isdigit()]
	assert len(rows) == 11, rows
	PY
	"$TARE" report run >again || fail "report"
	diff <(sed '/^report:/d' again) <(sed '/^report:/d' said) || fail "told otherwise the second time"
}

load_is_offered_in_shares_of_the_peak_and_each_curve_has_one_knee() {
	need_root
	"$TARE" run net-load -e container -w network.web:load=25 -w network.web:load=75 \
		-w network.web:load=120 --time 20 --out run >said 2>error || fail "$(tail -3 error)"
	/usr/bin/python3 - <<-'PY' || fail "$(head -40 run/figures/curves.dat)"
	panels, knees = 0, {}
	for line in open("run/figures/curves.dat"):
	    if line.startswith("#"): panels += 1
	    words = line.split()
	    if len(words) == 6 and words[0].isdigit():
	        knees.setdefault((panels, words[0]), []).append(int(words[5]))
	assert len(knees) >= 6, knees
	assert all(sum(k) == 1 for k in knees.values()), knees
	PY
}

a_killed_ladder_leaves_nothing_after_clean() {
	need_root
	"$TARE" run container-ladder -w disk.randomrw --out run >said 2>error &
	local pid=$! id
	for _ in $(seq 100); do [ -e run/run.json ] && break; sleep 0.1; done
	sleep 1
	id=$(/usr/bin/python3 -c 'import json; print(json.load(open("run/run.json"))["id"])') || fail "no run"
	kill -9 $pid; wait $pid 2>/dev/null
	"$TARE" clean >cleaned 2>&1 || fail "clean: $(cat cleaned)"
	sleep 0.2
	[ -z "$(marks "$id")" ] || fail "left: $(marks "$id")"
}

run_tests each_environment_is_a_session_of_its_own \
	what_the_host_lacks_is_left_out_of_the_ladder_with_the_reason \
	too_little_space_is_said_before_the_run \
	a_ladder_names_its_rungs_and_says_where_the_difference_lives \
	load_is_offered_in_shares_of_the_peak_and_each_curve_has_one_knee \
	a_killed_ladder_leaves_nothing_after_clean
