#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Faults in the middle of a run, with the real thing: what fails is said with its reason and
# started again a few times at most; the rest goes on; nothing hangs, nothing is left.
# FAULTS=all adds those that take long or touch the clock of the host.
LIMIT=${LIMIT:-120}
. "$(dirname "$0")/lib.sh"

# A directory with tare and an agent that tells LIE for the next SECONDS (tests/lying_agent.c).
lying() { # LIE SECONDS
	mkdir bin && cp "$TARE" "$TOP/tare-microvm" bin/
	local until=$(($(date +%s) + $2))
	LC_ALL=C sed "s/LIE=none UNTIL=0 \{$((${#1} - 4 + ${#until} - 1))\}/LIE=$1 UNTIL=$until/" \
		"$TOP/build/tests/lying_agent" >bin/tare-agent
	chmod 755 bin/tare-agent
	TARE=$PWD/bin/tare
}

begin() { # [OPTION...]: a short study in the background, its directory `run`
	"$TARE" run --time 8 --out run "$@" >run.log 2>&1 &
	RUN=$!
}

# Until the arm has made COUNT trials.
wait_trials() { # ARM COUNT
	for _ in $(seq 1800); do
		[ "$(grep -s '"record":"trial"' run/trials.jsonl | grep -c "\"arm\":\"$1\"")" -ge "$2" ] &&
			return
		kill -0 $RUN 2>/dev/null || break
		sleep 0.05
	done
	fail "$1 made no $2 trials: $(tail -n 5 run.log)"
}

id_of_run() { python3 -c 'import json; print(json.load(open("run/run.json"))["id"])'; }

# The agent's process id on the host, of a container.
container_pid() { cat /sys/fs/cgroup/{,*/}"tare-$(id_of_run)-container"*/cgroup.procs 2>/dev/null | head -n 1; }
qemu_pid() { pgrep -f "guest=tare-$(id_of_run)-vm" | head -n 1; }

# The run ends in order, ARM failed for a reason with WORDS and was restarted at most 3 times; it
# `recovered` (status 0), is `given_up` (status 1), or was `restarted` and may have come out of it
# either way (on a slow host a fault outlasts the restarts). All other arms have a result, which
# takes 3 blocks (a run keeps its time, and a busy host has no time for 12); the report tells.
ends() { # ARM WORDS recovered|given_up|restarted
	local id status
	wait $RUN; status=$?
	case $3:$status in
	recovered:0 | given_up:1 | restarted:[01]) ;;
	*) fail "status $status: $(tail -n 5 run.log)" ;;
	esac
	python3 - "$1" "$2" "$3" <<-'PY' || fail "see above: $(tail -n 5 run.log)"
	import csv, html, json, re, sys
	arm, words, outcome = sys.argv[1:]
	run = json.load(open("run/run.json"))
	lines = [json.loads(line) for line in open("run/trials.jsonl")]
	mine = [l for l in lines if arm in (l.get("arm"), l.get("instance"))]
	failures = [l["message"] for l in mine if l.get("event") == "failed"]
	failures += [l["error"]["message"] for l in mine if "error" in l]
	restarts = sum(l.get("event") == "restarted" for l in mine)
	print("failures:", set(failures), "restarts:", restarts)
	assert run["status"] == "complete", run["status"]
	# each instance but a failed one is stopped, also one that is replaced
	count = lambda event: sum(l.get("event") == event for l in mine)
	assert restarts <= 3 and count("started") - count("stopped") <= 4
	rows = list(csv.DictReader(open("run/summary.csv")))
	for row in rows:
	    if row["environment"] != arm: assert int(row["blocks"]) >= 3, row
	report = html.unescape(re.sub("<[^>]*>", "", open("run/report.html").read()))
	found = [f for f in failures if re.search(words, f)]
	assert found, "no failure with these words"
	assert re.search(words, report), "the report does not say it"
	if outcome in ("recovered", "restarted"): assert 1 <= restarts, "it was not restarted"
	if outcome == "recovered":
	    assert all(int(r["blocks"]) >= 3 for r in rows), "too few blocks"
	elif outcome == "given_up":
	    mine = [r for r in rows if r["environment"] == arm]
	    assert not mine or all(r["verdict"] == "unavailable" or int(r["blocks"]) < 3 for r in mine), mine
	PY
	nothing_is_left "$(id_of_run)"
}

nothing_is_left() { # RUN-ID
	local left
	left=$({ ip netns; awk '{print $5}' /proc/self/mountinfo; ls -d run/scratch 2>/dev/null
		ls /run/tare "$TARE_STATE" 2>/dev/null; find /sys/fs/cgroup -type d -name "tare-$1*"
		pgrep -af -- "$1" | grep -v grep; } | grep -F -e "$1" -e run/scratch)
	[ -z "$left" ] || fail "left: $left"
}

# A small file system of its own for --scratch: DIRECTORY of SIZE MiB on a loop device.
small_disk() {
	truncate -s "$1M" disk.img
	mkfs.ext4 -q -F -m 0 -E lazy_itable_init=0,lazy_journal_init=0 disk.img
	mkdir small
	mount -o loop disk.img small 2>/dev/null || skip "no loop device"
	trap 'umount -l small 2>/dev/null' EXIT
}

# A program of this name first in PATH, with this text.
instead_of() {
	mkdir -p path
	printf '#!/bin/sh\n%s\n' "$2" >"path/$1"
	chmod 755 "path/$1"
	PATH=$PWD/path:$PATH
}

# ---- the agent ----

# Its lines are cut, the environment is measured as ever, and no file of the host grows.
noise_on_the_standard_error_or_console_is_cut_and_said() {
	lying noise 1000
	begin -e container -e microvm -e vm:accel=tcg -w cpu.prime --time 14
	local large=
	while kill -0 $RUN 2>/dev/null; do
		[ -e run/run.json ] && large=$large$(find /run/tare/"$(id_of_run)" -path '*/scratch' -prune -o \
			-size +1100k ! -name tare-agent -print 2>/dev/null)
		sleep 0.5
	done
	wait $RUN
	local status=$?
	[ $status -le 1 ] || fail "status $status: $(tail -n 5 run.log)" # 1: too much else goes on
	[ -z "$large" ] || fail "more than is kept: $large"
	python3 - <<-'PY' || fail "see above"
	import json
	run = json.load(open("run/run.json"))
	said = " | ".join(str(w) for w in run["warnings"])
	print(said)
	assert run["status"] == "complete" and "failed" not in open("run/trials.jsonl").read()
	for words in ("container: its standard error was cut", "microvm: its standard error was cut", "vm:accel=tcg: its console was cut"):
	    assert words in said, words
	PY
	nothing_is_left "$(id_of_run)"
}

# What QEMU itself says (here by our hand) goes into a file system that holds 1 MiB.
qemus_own_output_is_bounded_and_said_too() {
	begin -e vm:accel=tcg -w cpu.prime --time 12
	wait_trials vm:accel=tcg 1
	local pid; pid=$(qemu_pid)
	yes "a line of QEMU's" | head -c 3000000 >>/proc/"$pid"/fd/2 2>/dev/null && fail "all of 3 MB was taken"
	[ "$(stat -Lc %s /proc/"$pid"/fd/2)" -le 1048576 ] || fail "$(stat -Lc %s /proc/"$pid"/fd/2) bytes"
	wait $RUN; local status=$?
	[ $status -le 1 ] || fail "status $status: $(tail -n 5 run.log)"
	grep -q "vm:accel=tcg: its emulator's output was cut" run/run.json || fail "not said: $(grep -i cut run/run.json)"
	nothing_is_left "$(id_of_run)"
}

# The reason is its last words: no control character of theirs, and no half of a character, gets anywhere.
last_words_are_cleaned_and_cut_between_characters() {
	lying words 1000
	begin -e container -w cpu.prime
	wait $RUN; local status=$?
	[ $status -le 1 ] || fail "status $status: $(tail -n 5 run.log)"
	python3 - <<-'PY' || fail "see above"
	import json, sys
	for name in ("run.log", "run/run.json", "run/trials.jsonl", "run/summary.json", "run/summary.csv", "run/report.html"):
	    text = open(name, "rb").read()
	    text.decode("utf-8")
	    assert not any(byte < 32 and byte not in b"\n\r\t" for byte in text), name
	    assert b"\\u001b" not in text and b"\\u0007" not in text and b"\xef\xbf\xbd" not in text, name
	said = [json.loads(line) for line in open("run/trials.jsonl")]
	assert any("\u20ac" * 100 in json.dumps(line, ensure_ascii=False) for line in said), "the words are not there"
	PY
}

an_agent_that_sends_garbage_is_given_up_after_3_restarts() {
	lying garbage 1000
	begin -e container -w cpu.prime; ends container 'not a JSON object' given_up
}

a_line_of_1_gb_is_cut_off_at_its_limit() {
	lying long 1000
	begin -e container -w cpu.prime; ends container 'line longer than' given_up
}

an_absurd_trial_is_an_error_of_its_environment_and_not_of_the_run() {
	lying absurd 1000
	begin -e container -w cpu.prime; ends container 'report of a trial.*too many values' given_up
}

a_stream_of_stale_messages_is_cut_off_at_once() {
	lying stale 1000
	local before; before=$(date +%s)
	begin -e container -w cpu.prime; ends container 'floods' given_up
	[ $(($(date +%s) - before)) -le 75 ] || fail "it took $(($(date +%s) - before)) s"
}

an_endless_stream_of_messages_is_cut_off() {
	lying endless 1000
	begin -e container -w cpu.prime; ends container 'floods' given_up
}

half_a_line_and_then_silence_ends_in_a_restart() {
	lying half 15
	begin -e container -w cpu.prime; ends container 'does not answer' recovered
}

an_agent_of_another_hash_is_refused() {
	lying hash 1000
	begin -e container -w cpu.prime; ends container 'hash 0123456789ab' given_up
}

impossible_numbers_never_reach_the_summary() {
	lying numbers 1000
	begin -e container -w cpu.prime
	wait $RUN
	[ $? = 1 ] || fail "an environment without one valid trial is a success"
	grep -q ',container,.*,0,0,,,,,,,,,,,unavailable,"throughput is -1e+300' run/summary.csv ||
		fail "$(cat run/summary.csv)"
}

an_agent_that_dies_is_started_again() {
	begin -e container -w cpu.prime
	wait_trials container 3
	kill -KILL "$(container_pid)"
	ends container 'stream was closed|Broken pipe|reset' recovered
}

# After its tenth pong, the last of its start: nobody may wait for what it was never asked.
an_agent_that_dies_before_it_is_asked_to_prepare_is_started_again() {
	lying idle 1000
	begin -e container -w cpu.prime; ends container 'stream was closed|Broken pipe|reset' restarted
}

a_stopped_agent_is_started_again() {
	begin -e container -w cpu.prime
	wait_trials container 3
	kill -STOP "$(container_pid)"
	ends container 'does not answer' recovered
}

a_container_at_its_memory_limit_is_started_again() {
	lying memory 8
	begin -e container -w cpu.prime; ends container 'stream was closed|Broken pipe|memory' restarted
}

# Kills the container's agent at once after each start, until cpu.prime is left out there.
kill_each_start() {
	python3 - $RUN <<-'PY'
	import glob, json, os, signal, sys, time
	kills, events, end = 0, [], time.monotonic() + 60
	def is_left_out(): return any(e["event"] == "failed" and e.get("workload") == "cpu.prime" for e in events)
	def pids(mark):
	    for name in glob.glob(f"/sys/fs/cgroup/**/{mark}*/cgroup.procs", recursive=True):
	        yield from map(int, open(name).read().split())
	while not is_left_out() and time.monotonic() < end and os.path.exists(f"/proc/{sys.argv[1]}"):
	    time.sleep(0.005)
	    if not os.path.exists("run/run.json") or not os.path.exists("run/trials.jsonl"): continue
	    lines = open("run/trials.jsonl").read().split("\n")[:-1]
	    events = [e for e in map(json.loads, lines) if e["record"] == "event" and e.get("instance") == "container"]
	    # twice in a row is enough; a third time, where a trial came in between
	    if kills < min(3, sum(e["event"] == "started" for e in events)):
	        for pid in set(pids(f"tare-{json.load(open('run/run.json'))['id']}-container")):
	            os.kill(pid, signal.SIGKILL)
	        kills += 1
	print(kills, "kills")
	sys.exit(kills < 2 or not is_left_out())
	PY
}

a_workload_that_breaks_its_environment_is_left_out_and_the_next_is_measured() {
	begin -e container -w cpu.prime -w cpu.syscall
	kill_each_start || fail "it was not left out: $(tail -n 5 run.log)"
	wait $RUN; local status=$?
	[ $status = 1 ] || fail "status $status: $(tail -n 5 run.log)"
	python3 - <<-'PY' || fail "see above: $(tail -n 5 run.log)"
	import csv
	rows = {r["workload"]: r for r in csv.DictReader(open("run/summary.csv")) if r["environment"] == "container"
	        and r["metric"] in ("throughput", "call")}
	print(rows)
	assert rows["cpu.prime"]["verdict"] == "unavailable"
	assert rows["cpu.syscall"]["verdict"] != "unavailable" and int(rows["cpu.syscall"]["blocks"]) >= 3
	PY
	nothing_is_left "$(id_of_run)"
}

# ---- the container's runtime ----

runc_failing_at_each_stage_leaves_the_rest_whole() {
	local real stage; real=$(command -v runc)
	for stage in create start; do
		instead_of runc "case \" \$* \" in *' $stage '*) echo 'made to fail at $stage' >&2; exit 1;; esac
exec $real \"\$@\""
		begin -e container -w cpu.prime; ends container "made to fail at $stage" given_up
		rm -rf run
	done
}

runc_failing_to_delete_is_said_and_cleaned_up() {
	local real; real=$(command -v runc)
	instead_of runc "case \" \$* \" in *' delete '*) [ -e $WORK/mended ] || exit 1;; esac
exec $real \"\$@\""
	begin -e container -w cpu.prime
	wait $RUN
	grep -q 'delet' run/run.json || fail "run.json does not say that deleting failed"
	touch mended
	"$TARE" clean >clean.log || fail "$(cat clean.log)"
	nothing_is_left "$(id_of_run)"
}

a_runtime_that_hangs_is_killed() {
	local real; real=$(command -v runc)
	instead_of runc "case \" \$* \" in *' create '*) exec sleep 1000;; esac; exec $real \"\$@\""
	begin -e container -w cpu.prime; ends container 'did not end within' given_up
}

# ---- the virtual machine ----

a_killed_qemu_is_started_again() {
	begin --time 12 -e vm -w cpu.prime
	wait_trials vm 3
	kill -KILL "$(qemu_pid)"
	ends vm 'stream was closed|reset|Broken pipe' recovered
}

a_kernel_panic_in_the_guest_is_told_by_its_last_words() {
	lying panic 1000
	begin --time 12 -e vm -w cpu.prime; ends vm 'panic|Kernel Offset|</TASK>' given_up
}

a_guest_out_of_memory_is_started_again() {
	lying memory 30
	begin --time 12 -e vm:memory=256M -w cpu.prime
	ends vm:memory=256M 'stream was closed|emory|reset|does not answer' restarted
}

libvirt_refusing_is_told_in_its_words() {
	begin --time 12 -e vm:cpu=no-such-model -w cpu.prime
	ends vm:cpu=no-such-model 'no-such-model|CPU' given_up
}

a_tap_removed_during_a_trial_fails_that_trial_alone() {
	begin --time 14 -e vm -w network.rr
	wait_trials vm 3
	local host; host=tare-$(id_of_run)-host
	ip -n "$host" -o link | awk -F'[ :@]+' '/tap/ {print $2}' | while read -r tap; do
		ip -n "$host" link del "$tap"
	done
	wait $RUN; local status=$?
	[ $status = 0 ] || [ $status = 1 ] || fail "status $status: $(tail -n 5 run.log)"
	grep '"arm":"vm"' run/trials.jsonl | grep -q '"error"' || fail "no trial of the VM has failed"
	nothing_is_left "$(id_of_run)"
}

# ---- the disk ----

a_full_scratch_disk_fails_with_its_reason() {
	small_disk 400
	begin --time 14 -e container:storage=volume -w cpu.prime -w disk.seqwrite -w cpu.syscall --scratch small
	wait_trials container:storage=volume 1
	dd if=/dev/zero of=small/filler bs=1M 2>/dev/null
	wait $RUN; local status=$?
	[ $status = 1 ] || fail "status $status: $(tail -n 5 run.log)"
	grep '"error"' run/trials.jsonl | grep -qi 'no space' || fail "$(grep error run/trials.jsonl)"
	grep '^[^,]*,cpu,cpu.syscall' run/summary.csv | grep ',container' | grep -qv unavailable ||
		fail "cpu.syscall was not measured afterwards"
	nothing_is_left "$(id_of_run)"
}

io_errors_of_the_disk_are_told() {
	small_disk 2000
	begin --time 14 -w disk.randread -w cpu.prime --scratch small --set disk.randread.size=64M
	wait_trials bare 2
	truncate -s 10M disk.img
	losetup -c "$(findmnt -no SOURCE small)" # the device ends where its file does, now
	until grep -q '"error"' run/trials.jsonl || ! kill -0 $RUN; do sleep 0.05; done
	mount -o remount,abort small # what ext4 does on an error of its own: nothing can be removed
	wait $RUN; local status=$?
	[ $status = 1 ] || fail "status $status: $(tail -n 5 run.log)"
	grep '"error"' run/trials.jsonl | grep -qi 'input/output error\|EIO' || fail "no I/O error"
	# what a broken disk does not let go of is told, and stays in the resource journal until the
	# disk is gone
	local told="removing .*: some resources could not be removed from this host; \`tare clean' tries again"
	grep -q "$told" run.log || fail "what stays is not told: $(grep '^tare:' run.log)"
	grep -q "some resources could not be removed" run/run.json || fail "run.json does not tell it"
	umount small
	"$TARE" clean
	nothing_is_left "$(id_of_run)"
}

# A QEMU that is told the rest by a monitor of the test's own, and a blkdebug node before the disk.
qemu_with_a_monitor() {
	local real; real=$(command -v qemu-system-x86_64)
	instead_of qemu-system-x86_64 "case \"\$*\" in *guest=tare-*)
set -- \"\$@\" -qmp unix:$WORK/monitor/socket,server=on,wait=off;; esac
exec $real \"\$@\""
	mkdir monitor
	chmod 711 "$WORK" && chmod 777 monitor # QEMU is another user
}

insert_blkdebug() { # the disk's reads fail with EIO from here on, all of them
	python3 - <<-'PY' || fail "see above"
	import json, socket
	monitor = socket.socket(socket.AF_UNIX)
	monitor.settimeout(20)
	monitor.connect("monitor/socket")
	lines = monitor.makefile("rw")
	def ask(command, **arguments):
	    lines.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
	    lines.flush()
	    while True:
	        answer = json.loads(lines.readline())
	        assert "error" not in answer, answer
	        if "return" in answer: return answer["return"]
	lines.readline()
	ask("qmp_capabilities")
	disk, = [b for b in ask("query-block") if b.get("inserted")]
	rule = {"event": "none", "iotype": "read", "errno": 5, "once": False}
	ask("blockdev-add", **{"driver": "blkdebug", "node-name": "broken",
	    "image": disk["inserted"]["node-name"], "inject-error": [rule]})
	device = disk["qdev"].removesuffix("/virtio-backend")
	ask("qom-set", path=device, property="drive", value="broken")
	PY
}

io_errors_that_qemu_makes_are_told_and_the_rest_is_measured() {
	qemu_with_a_monitor
	begin --time 20 -e vm -w disk.randread -w cpu.prime --set disk.randread.size=64M
	wait_trials vm 4
	insert_blkdebug
	wait $RUN; local status=$?
	[ $status = 1 ] || fail "status $status: $(tail -n 5 run.log)"
	python3 - <<-'PY' || fail "see above: $(tail -n 5 run.log)"
	import csv, html, json, re
	trials = [json.loads(l) for l in open("run/trials.jsonl") if '"trial"' in l]
	failed = [t for t in trials if "error" in t]
	assert failed and all((t["arm"], t["workload"]) == ("vm", "disk.randread") for t in failed), failed
	assert all("Input/output error" in t["error"]["message"] for t in failed), failed
	report = html.unescape(re.sub("<[^>]*>", "", open("run/report.html").read()))
	assert "Input/output error" in report, "the report does not say it"
	for row in csv.DictReader(open("run/summary.csv")):
	    hit = (row["environment"], row["workload"]) == ("vm", "disk.randread")
	    assert hit or int(row["blocks"]) >= 3, row
	PY
	nothing_is_left "$(id_of_run)"
}

# ---- the harness and its surroundings ----

a_harness_stopped_for_5_seconds_flags_the_trial() {
	begin -e container -w cpu.prime
	wait_trials container 3
	kill -STOP $RUN; sleep 5; kill -CONT $RUN
	wait $RUN; local status=$?
	[ $status = 0 ] || fail "status $status: $(tail -n 5 run.log)"
	python3 - <<-'PY' || fail "the long trial carries no flag"
	import json
	trials = [json.loads(l) for l in open("run/trials.jsonl") if '"trial"' in l]
	long = [t for t in trials if t.get("outside_seconds", 0) > 4]
	assert all("clock" in t["flags"] for t in long), long
	PY
	nothing_is_left "$(id_of_run)"
}

a_second_run_is_refused_with_a_clear_message() {
	begin -e container -w cpu.prime
	wait_trials container 1
	"$TARE" run -w cpu.prime --out second >second.log 2>&1
	local status=$?
	[ $status = 1 ] || fail "status $status"
	[ "$(wc -l <second.log)" = 1 ] || fail "more than a line: $(cat second.log)"
	grep -q "another run is in progress (process $RUN" second.log || fail "$(cat second.log)"
	[ ! -e second ] || fail "it made a directory: $(ls -R second)"
	wait $RUN || fail "the first run: status $?"
}

# Another user's run, or one with a registry of its own, is not kept out; both say it.
runs_of_root_and_a_user_at_the_same_time_both_say_so() {
	need_root
	local user=65534
	mkdir bin state user-run && cp "$TARE" "$AGENT" bin/ && chmod 755 . bin && chown $user state user-run
	begin -e bare -w cpu.prime
	wait_trials bare 1
	TARE_STATE=$PWD/state setpriv --reuid $user --regid $user --clear-groups \
		bin/tare run -e bare -w cpu.prime --time 4 --out user-run/run >user.log 2>&1
	local status=$?
	[ $status -le 1 ] || fail "the user's: status $status: $(tail -n 3 user.log)"
	wait $RUN || fail "root's: status $?: $(tail -n 3 run.log)"
	grep -q "shared host: another run of tare (process $RUN of user 0)" user-run/run/run.json ||
		fail "the user's run: $(grep -i warn user.log)"
	grep -q "shared host: another run of tare (process [0-9]* of user $user)" run/run.json ||
		fail "root's run does not say it"
}

# A name that somebody takes without running anything costs others a warning, no time.
a_squatter_of_the_runs_names_blocks_nobody() {
	python3 - "$TARE_HOST" <<-'PY' &
	import socket, sys, time
	held = []
	for i in range(100):
	    s = socket.socket(socket.AF_UNIX)
	    s.bind(f"\0tare-run-{sys.argv[1]}-{i}")
	    if i % 2: s.listen(0)
	    held.append(s)
	open("held", "w").close(); time.sleep(60)
	PY
	local squatter=$!
	until [ -e held ]; do sleep 0.1; done
	"$TARE" run -e bare -w cpu.prime --time 4 --out run >run.log 2>&1
	local status=$?
	kill $squatter
	[ $status = 0 ] || fail "status $status: $(tail -n 3 run.log)"
	[ "$(grep -o 'shared host: another run of tare (process '$squatter run/run.json | wc -l)" = 1 ] ||
		fail "$(grep -c shared run/run.json)"
}

a_crashing_gnuplot_costs_the_figures_alone() {
	instead_of gnuplot 'kill -SEGV $$'
	begin -e container -w cpu.prime
	wait $RUN; local status=$?
	[ $status = 1 ] || fail "status $status: $(tail -n 5 run.log)"
	grep -q 'gnuplot' run.log || fail "$(cat run.log)"
	[ -s run/summary.csv ] && [ -s run/report.html ] || fail "no summary or report"
}

a_stepped_clock_changes_no_result() {
	begin -e container -w cpu.prime
	wait_trials container 3
	date -s '+3 seconds' >/dev/null; sleep 1; date -s '-3 seconds' >/dev/null
	wait $RUN; local status=$?
	[ $status = 0 ] || fail "status $status: $(tail -n 5 run.log)"
	python3 - <<-'PY' || fail "a trial went by the wrong clock"
	import json
	for t in (json.loads(l) for l in open("run/trials.jsonl") if '"trial"' in l):
	    assert 0 < t["inside_seconds"] < 2, t
	PY
}

need_root_for_all() { [ "$(id -u)" = 0 ] || { echo "ok 1 - faults # SKIP needs root"; exit 0; }; }
need_root_for_all
tests="noise_on_the_standard_error_or_console_is_cut_and_said qemus_own_output_is_bounded_and_said_too
	last_words_are_cleaned_and_cut_between_characters an_agent_that_sends_garbage_is_given_up_after_3_restarts
	a_line_of_1_gb_is_cut_off_at_its_limit
	an_absurd_trial_is_an_error_of_its_environment_and_not_of_the_run \
	a_stream_of_stale_messages_is_cut_off_at_once \
	an_endless_stream_of_messages_is_cut_off
	an_agent_of_another_hash_is_refused
	impossible_numbers_never_reach_the_summary
	an_agent_that_dies_is_started_again
	an_agent_that_dies_before_it_is_asked_to_prepare_is_started_again
	a_container_at_its_memory_limit_is_started_again
	a_workload_that_breaks_its_environment_is_left_out_and_the_next_is_measured
	runc_failing_at_each_stage_leaves_the_rest_whole
	runc_failing_to_delete_is_said_and_cleaned_up
	a_killed_qemu_is_started_again
	a_kernel_panic_in_the_guest_is_told_by_its_last_words
	libvirt_refusing_is_told_in_its_words
	a_tap_removed_during_a_trial_fails_that_trial_alone
	a_full_scratch_disk_fails_with_its_reason
	io_errors_of_the_disk_are_told
	a_harness_stopped_for_5_seconds_flags_the_trial
	a_second_run_is_refused_with_a_clear_message
	runs_of_root_and_a_user_at_the_same_time_both_say_so
	a_squatter_of_the_runs_names_blocks_nobody
	a_crashing_gnuplot_costs_the_figures_alone"
[ "${FAULTS:-}" = all ] && tests="$tests
	half_a_line_and_then_silence_ends_in_a_restart
	a_stopped_agent_is_started_again
	a_runtime_that_hangs_is_killed
	a_guest_out_of_memory_is_started_again
	io_errors_that_qemu_makes_are_told_and_the_rest_is_measured
	a_stepped_clock_changes_no_result"
run_tests ${FAULT_TESTS:-$tests}
