#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The vm driver with the real libvirt and QEMU, driven by tests/driver_probe.c.
LIMIT=${LIMIT:-240}
. "$(dirname "$0")/lib.sh"
PROBE=$TOP/build/tests/driver_probe

# field PATH FILE: the value at a dotted path of a JSON file
field() {
	python3 - "$1" "$2" <<-'PY'
	import json, sys
	value = json.load(open(sys.argv[2]))
	for key in sys.argv[1].split('.'): value = value[int(key) if key.isdigit() else key]
	print(value)
	PY
}

# probe ENVIRONMENT [OPTION...]: the report in $WORK/report; skips where it is unavailable
probe() {
	local environment=$1 status; shift
	"$PROBE" -a "$AGENT" -s "$WORK" "$@" "$environment" >"$WORK/report" 2>"$WORK/error" </dev/null &
	PROBED=$!; wait $PROBED; status=$?
	[ $status = 77 ] && skip "$(cat "$WORK/error")"
	[ $status = 0 ] || fail "$environment: $(cat "$WORK/error")"
}

# refused ENVIRONMENT WORDS: it is unavailable, and the reason has these words
refused() {
	"$PROBE" -a "$AGENT" -s "$WORK" "$1" >"$WORK/report" 2>"$WORK/error" </dev/null
	[ $? = 77 ] || fail "$1 is not refused"
	grep -q -- "$2" "$WORK/error" || fail "$1: $(cat "$WORK/error")"
}

# keep ENVIRONMENT: leaves it running as $KEPT, its QEMU as $QEMU
keep() {
	mkfifo "$WORK/hold"
	"$PROBE" -a "$AGENT" -s "$WORK" -k "$1" <"$WORK/hold" >"$WORK/report" 2>"$WORK/error" &
	KEPT=$!
	exec 8>"$WORK/hold"
	for _ in $(seq 1200); do
		if grep -q '^ready' "$WORK/error"; then
			QEMU=$(pgrep -f "guest=tare-probe-$KEPT-") || fail "there is no QEMU"
			return
		fi
		kill -0 $KEPT 2>/dev/null || break
		sleep 0.05
	done
	wait $KEPT; [ $? = 77 ] && skip "$(cat "$WORK/error")"
	fail "$1: $(cat "$WORK/error")"
}
release() { exec 8>&-; wait "$KEPT"; }

# What the probe of this process id has left, by its mark.
left_by() {
	{ ip netns; awk '{print $5}' /proc/self/mountinfo; ls -d /tmp/tare-* "$WORK"/* 2>/dev/null
	  ls "$TARE_STATE" 2>/dev/null; pgrep -af "^/usr/bin/qemu.*tare-probe-$1"; } | grep "probe-$1"
}

# A zombie whose parent is init is gone, but for init's own work.
is_gone() { ! grep -qsE '^State:[[:space:]]+[RSDTtI]' "/proc/$1/status"; }
wait_gone() { # PID SECONDS
	for _ in $(seq $(($2 * 20))); do is_gone "$1" && return; sleep 0.05; done
	return 1
}

# The report of one guest that worked on its disk, for the tests that read it.
SHARED=$(mktemp -d)
trap 'rm -rf "$SHARED"' EXIT
probe_once() {
	if [ ! -e "$SHARED/report" ]; then
		probe vm -w disk.randomrw -p '{"size":16777216}'
		echo $PROBED >"$SHARED/pid"
		cp "$WORK/report" "$SHARED/report"
	fi
	cp "$SHARED/report" "$WORK/report"
	PROBED=$(cat "$SHARED/pid")
}

the_guest_runs_the_same_agent_on_its_own_disk_and_is_gone_afterwards() {
	need_root
	probe_once
	[ "$(field hello.hash "$WORK/report")" = "$(sha256sum <"$AGENT" | cut -d' ' -f1)" ] ||
		fail "another agent"
	[ "$(field hello.kernel "$WORK/report")" = "$(field describe.kernel.version "$WORK/report")" ] ||
		fail "another kernel"
	python3 - "$WORK/report" <<-'PY' || fail "the trial"
	import json, sys
	trial = json.load(open(sys.argv[1]))["trial"]
	assert trial["values"]["throughput"] > 0, trial
	PY
	[ -z "$(left_by $PROBED)" ] || fail "left: $(left_by $PROBED)"
}

a_process_of_qemus_user_that_is_first_on_the_agents_socket_is_not_taken_for_it() {
	need_root
	local user; user=$(id -u libvirt-qemu 2>/dev/null) || user=$(id -u qemu 2>/dev/null) || skip "QEMU has no user of its own"
	"$PROBE" -a "$AGENT" -s "$WORK" vm >report 2>error </dev/null & local pid=$!
	python3 - "/tmp/tare-probe-$pid/*/agent" "$user" >intruder 2>&1 <<-'PY' & local intruder=$!
	import glob, os, socket, sys, time
	for _ in range(60000):
	    found = glob.glob(sys.argv[1])
	    if found: break
	    time.sleep(0.001)
	os.setuid(int(sys.argv[2]))
	stream = socket.socket(socket.AF_UNIX)
	for _ in range(1000): # it is given to that user in a moment
	    try: stream.connect(found[0]); break
	    except PermissionError: time.sleep(0.001)
	print("connected", flush=True)
	print("received", len(stream.recv(1)), flush=True)
	PY
	wait $pid; local status=$?
	kill $intruder 2>/dev/null; wait $intruder
	[ $status = 77 ] && skip "$(cat error)"
	grep -q connected intruder || fail "it was never there: $(cat intruder)"
	[ $status = 0 ] || fail "$(cat error)"
	[ "$(field pid report)" != $intruder ] || fail "it was taken for QEMU"
	grep -q 'received 0' intruder || fail "$(cat intruder)"
}

the_label_tells_emulation_from_kvm() {
	need_root
	probe vm:accel=tcg
	case $(field label "$WORK/report") in
	"VM (emulated, TCG)"*) ;;
	*) fail "$(field label "$WORK/report")" ;;
	esac
	grep -q "<domain type='qemu'" "$WORK/report" || fail "not emulated"
	[ "$(field cost.exits "$WORK/report")" = -1.0 ] || fail "exits under TCG"
}

qemu_has_no_privilege_and_stays_on_the_trials_cpus() {
	need_root
	probe_once
	python3 - "$WORK/report" <<-'PY' || fail "see above"
	import json, os, sys
	process = json.load(open(sys.argv[1]))["describe"]["process"]
	assert process["uid"].split()[1] != "0", process["uid"]
	assert int(process["capabilities"], 16) == 0, process["capabilities"]
	assert process["no_new_privileges"] == "1" and process["seccomp"] == "2", process
	trial = max(os.sched_getaffinity(0))
	names = [t["name"] for t in process["threads"]]
	assert any(n.startswith("CPU 0/") for n in names), names
	for thread in process["threads"]: assert thread["cpus"] == [trial], thread
	PY
}

the_far_side_reaches_the_guest_which_ends_with_its_harness_and_clean_removes_the_rest() {
	need_root
	keep vm
	local report; report=$(ip netns exec "tare-probe-$KEPT-far" python3 - <<-'PY'
	import socket
	try: socket.create_connection(("10.77.1.10", 9), 5)
	except ConnectionRefusedError: print("reached")
	except OSError as e: print(e)
	PY
	)
	[ "$(field address "$WORK/report")" = 10.77.1.10 ] || fail "another address"
	[ "$report" = reached ] || fail "$report"
	kill -KILL $KEPT
	wait_gone "$QEMU" 15 || fail "QEMU $QEMU lives on"
	"$TARE" clean >clean.log 2>&1 || fail "$(cat clean.log)"
	[ -z "$(left_by $KEPT)" ] || fail "left: $(left_by $KEPT)"
}

clean_ends_a_virtual_machine_that_hangs() {
	need_root
	keep vm
	kill -STOP "$QEMU"
	kill -KILL $KEPT
	"$TARE" clean >clean.log 2>&1 || fail "$(cat clean.log)"
	wait_gone "$QEMU" 2 ||
		fail "process $QEMU lives on: $(tr "\n" " " </proc/$QEMU/status | cut -c1-200)"
	[ -z "$(left_by $KEPT)" ] || fail "left: $(left_by $KEPT)"
}

nothing_is_left_whenever_it_is_killed() {
	need_root
	local pid pids=
	for seconds in 0.2 0.3 0.4 0.5 0.6 0.8 1.0 1.4 2.0; do
		"$PROBE" -a "$AGENT" -s "$WORK" vm >/dev/null 2>"$WORK/error" </dev/null &
		pid=$! pids="$pids $!"
		sleep $seconds; kill -KILL $pid 2>/dev/null; wait $pid 2>/dev/null
		"$TARE" clean >clean.log 2>&1 || fail "clean: $(cat clean.log)"
		[ -z "$(left_by $pid)" ] || fail "killed after $seconds s: $(left_by $pid); $(cat clean.log)"
	done
	sleep 0.5
	for pid in $pids; do
		[ -z "$(left_by $pid)" ] || fail "came after the cleaning: $(left_by $pid)"
	done
}

a_container_inside_the_guest_is_dockers_and_reached_from_outside() {
	need_root
	keep nested
	local reached; reached=$(ip netns exec "tare-probe-$KEPT-far" python3 - <<-'PY'
	import socket
	try: socket.create_connection(("10.77.1.10", 9), 10)
	except ConnectionRefusedError: print("reached")
	except OSError as e: print(e)
	PY
	)
	release
	[ "$reached" = reached ] || fail "$reached"
	[ "$(field hello.pid "$WORK/report")" = 1 ] || fail "the agent is not process 1"
	[ "$(field hello.facts.seccomp "$WORK/report")" = 2 ] || fail "no seccomp filter"
	[ "$(field hello.facts.capabilities "$WORK/report")" = 00000000a80425fb ] || fail "capabilities"
	[ "$(field hello.kernel "$WORK/report")" = "$(field describe.kernel.version "$WORK/report")" ] ||
		fail "not in the guest"
	[ "$(field hello.hash "$WORK/report")" = "$(sha256sum <"$AGENT" | cut -d' ' -f1)" ] ||
		fail "another agent"
	[ -z "$(left_by $KEPT)" ] || fail "left: $(left_by $KEPT)"
}

several_virtual_machines_run_in_one_process() {
	need_root
	mkdir scratch
	"$TARE" run --baseline vm -e vm:pin=off -w cpu.prime --time 18 --scratch scratch --out run >run.log 2>&1
	[ "$(column environment run/summary.csv | sort -u | grep -c .)" -ge 2 ] || fail "$(tail run.log)"
	column verdict run/summary.csv | grep -q unavailable && fail "$(tail run.log)"
	return 0
}

scsi_and_qcow2_with_an_iothread_work() {
	need_root
	probe vm:virt-install,disk=scsi,format=qcow2,iothread=on \
		-w disk.randomrw -p '{"size":16777216}'
	grep -q 'cached by the host' "$WORK/report" || fail "the label hides the cache"
	grep -q 'IO iothread1' "$WORK/report" || fail "there is no iothread"
}

qemus_bare_defaults_run_with_the_full_kernel() {
	need_root
	probe vm:untuned -w disk.randomrw -p '{"size":16777216}'
	field describe.kernel.version "$WORK/report" | grep -q cloud && fail "the cloud kernel"
	grep -q "machine='pc-i440fx" "$WORK/report" || fail "another machine"
}

what_the_host_lacks_is_said_with_its_command() {
	need_root
	grep -q 'HugePages_Free: *0' /proc/meminfo && refused vm:hugepages=on 'sysctl vm.nr_hugepages=1024'
	[ -e /dev/vhost-net ] || refused vm:vhost=on 'modprobe vhost_net'
	[ -e /dev/kvm ] || refused vm:accel=kvm 'modprobe kvm'
	refused vm:cache=writeback,aio=native 'cache=none'
	refused vm:kernel=/no/such/kernel '/no/such/kernel'
}

a_kernel_that_is_none_fails_in_qemus_own_words() {
	need_root
	head -c 100000 /dev/zero >vmlinuz-broken
	"$PROBE" -a "$AGENT" -s "$WORK" "vm:kernel=$WORK/vmlinuz-broken" >"$WORK/report" 2>"$WORK/error" \
		</dev/null &
	local pid=$!; wait $pid
	[ $? = 1 ] || fail "status $?"
	grep -qi 'kernel' "$WORK/error" || fail "$(cat "$WORK/error")"
	[ -z "$(left_by $pid)" ] || fail "left: $(left_by $pid)"
}

run_tests \
	the_guest_runs_the_same_agent_on_its_own_disk_and_is_gone_afterwards \
	a_process_of_qemus_user_that_is_first_on_the_agents_socket_is_not_taken_for_it \
	the_label_tells_emulation_from_kvm \
	qemu_has_no_privilege_and_stays_on_the_trials_cpus \
	the_far_side_reaches_the_guest_which_ends_with_its_harness_and_clean_removes_the_rest \
	clean_ends_a_virtual_machine_that_hangs \
	nothing_is_left_whenever_it_is_killed \
	a_container_inside_the_guest_is_dockers_and_reached_from_outside \
	several_virtual_machines_run_in_one_process \
	scsi_and_qcow2_with_an_iothread_work \
	qemus_bare_defaults_run_with_the_full_kernel \
	what_the_host_lacks_is_said_with_its_command \
	a_kernel_that_is_none_fails_in_qemus_own_words
