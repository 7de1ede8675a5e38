#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The container driver with the real runc, driven by tests/driver_probe.c.
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

# probe ENVIRONMENT [OPTION...]: runs it as $PROBED, the report in $WORK/report; skips where it is
# unavailable
probe() {
	local environment=$1 status; shift
	"$PROBE" -a "$AGENT" -s "$WORK" "$@" "$environment" >"$WORK/report" 2>"$WORK/error" &
	PROBED=$!; wait $PROBED; status=$?
	[ $status = 77 ] && skip "$(cat "$WORK/error")"
	[ $status = 0 ] || fail "$environment: $(cat "$WORK/error")"
}

# keep ENVIRONMENT [OPTION...]: leaves it running as $KEPT, until its standard input ($WORK/hold) ends
keep() {
	local environment=$1; shift
	mkfifo "$WORK/hold"
	"$PROBE" -a "$AGENT" -s "$WORK" -k "$@" "$environment" <"$WORK/hold" >"$WORK/report" 2>"$WORK/error" &
	KEPT=$!
	exec 8>"$WORK/hold"
	for _ in $(seq 400); do
		grep -q '^ready' "$WORK/error" && return
		kill -0 $KEPT 2>/dev/null || break
		sleep 0.05
	done
	grep -q 'not installed' "$WORK/error" && skip "$(cat "$WORK/error")"
	fail "$environment: $(cat "$WORK/error")"
}
release() { exec 8>&-; wait "$KEPT"; }

# What the probe of this process id has left, by its mark.
left_by() {
	{ ip netns; awk '{print $5}' /proc/self/mountinfo; find /sys/fs/cgroup -type d -name '*tare*'
	  ls -d /tmp/tare-* "$WORK"/* 2>/dev/null; ls "$TARE_STATE" 2>/dev/null; } | grep "probe-$1"
}

# A zombie whose parent is init is gone, but for init's own work.
is_gone() { ! grep -qsE '^State:[[:space:]]+[RSDTtI]' "/proc/$1/status"; }

# cgroup_value FILE_V1 FILE_V2: of the kept container
cgroup_value() {
	local group; group=$(field cgroup "$WORK/report")
	cat /sys/fs/cgroup/*"$group/$1" /sys/fs/cgroup"$group/$2" 2>/dev/null | head -1
}

default_container_has_dockers_limits() {
	need_root; keep container
	[ "$(field hello.pid "$WORK/report")" = 1 ] || fail "the agent is not PID 1"
	[ "$(field hello.cpus "$WORK/report")" = 1 ] || fail "not limited to the trial's CPU"
	[ "$(field hello.facts.capabilities "$WORK/report")" = 00000000a80425fb ] || fail "capabilities are not Docker's"
	[ "$(field hello.facts.seccomp "$WORK/report")" = 2 ] || fail "no seccomp filter"
	[ "$(field hello.facts.io_uring "$WORK/report")" = no ] || fail "io_uring is not denied"
	[ "$(cgroup_value memory.limit_in_bytes memory.max)" = 2147483648 ] || fail "memory limit"
	[ "$(cgroup_value pids.max pids.max)" = 4096 ] || fail "process limit"
	release
}

hello_comes_within_150_ms() {
	need_root
	local best=9999 limit=150 ms
	sanitized && limit=600
	for _ in $(seq 20); do # others may be at work on this machine
		probe container
		ms=$(field hello_ms "$WORK/report"); ms=${ms%.*}
		[ "$ms" -lt $best ] && best=$ms
		[ $best -lt $limit ] && return
	done
	fail "hello after $best ms at best"
}

overlay_writes_reach_the_scratch_file_system() {
	need_root
	local seen=
	"$PROBE" -a "$AGENT" -s "$WORK" -t 1 -w disk.randomrw -p '{"size":16777216}' container >"$WORK/report" 2>"$WORK/error" &
	local pid=$!
	while kill -0 $pid 2>/dev/null; do
		[ -n "$(find "$WORK" -path '*/upper/scratch/*' -size +8M 2>/dev/null)" ] && seen=yes
		sleep 0.02
	done
	wait $pid || fail "$(cat "$WORK/error")"
	[ "$seen" ] || fail "no file of the workload in the overlay's upper directory"
}

nothing_is_left_after_stop() {
	need_root
	local before; before=$(ip -o link | awk '{print $2}')
	for environment in container container:docker container:host container:readonly=on container:cgroup=off; do
		probe "$environment"
		[ -z "$(left_by $PROBED)" ] || fail "$environment leaves $(left_by $PROBED)"
	done
	[ "$before" = "$(ip -o link | awk '{print $2}')" ] || fail "links are left"
	[ ! -e "$TARE_STATE" ] || fail "the registry is left"
}

nothing_is_left_by_clean_after_sigkill() {
	need_root
	local agent
	for environment in container container:docker; do
		rm -f "$WORK/hold"; keep "$environment"
		agent=$(field pid "$WORK/report")
		kill -KILL $KEPT; wait $KEPT 2>/dev/null
		[ -n "$(left_by $KEPT)" ] || fail "nothing was left: this test proves nothing"
		"$PROBE" -c >"$WORK/cleaned" || fail "clean: $(cat "$WORK/cleaned")"
		exec 8>&-
		is_gone "$agent" || fail "the agent lives"
		[ -z "$(left_by $KEPT)" ] || fail "clean leaves $(left_by $KEPT)"
	done
}

nothing_is_left_whenever_it_is_killed() {
	need_root
	local pid pids=
	for ms in 005 010 020 030 040 050 060 070 085 100 120 150; do
		"$PROBE" -a "$AGENT" -s "$WORK" container >/dev/null 2>"$WORK/error" &
		pid=$! pids="$pids $!"
		sleep 0.$ms; kill -KILL $pid 2>/dev/null; wait $pid 2>/dev/null
		"$PROBE" -c >"$WORK/cleaned" 2>&1 || fail "clean: $(cat "$WORK/cleaned")"
		[ -z "$(left_by $pid)" ] || fail "killed after $ms ms: $(left_by $pid); $(cat "$WORK/cleaned")"
	done
	sleep 0.3
	for pid in $pids; do
		[ -z "$(left_by $pid)" ] || fail "came after the cleaning: $(left_by $pid)"
	done
}

each_option_is_what_the_kernel_says() {
	need_root
	probe container:seccomp=off;      [ "$(field hello.facts.seccomp "$WORK/report")" = 0 ] || fail seccomp
	probe container:caps=all;         [ "$(field hello.facts.capabilities "$WORK/report")" = "$(awk '/^CapBnd/{print $2}' /proc/self/status)" ] || fail caps
	probe container:no_new_privs=on;  [ "$(field hello.facts.no_new_privileges "$WORK/report")" = 1 ] || fail no_new_privs
	probe container:namespaces=mount; [ "$(field hello.pid "$WORK/report")" != 1 ] || fail namespaces
	probe container:net=host;         [ "$(field address "$WORK/report")" = 10.77.0.2 ] || fail net=host
	probe container:cgroup=off;       [ -z "$(field cgroup "$WORK/report")" ] || fail cgroup=off
	[ "$(field hello.facts.capabilities "$WORK/report")" = 00000000a00425fb ] || fail "it can make device nodes"
	[ "$(field describe.read_back.status.Cpus_allowed_list "$WORK/report")" = "$(field hello.cpus "$WORK/report")" ] \
		|| [ "$(field hello.cpus "$WORK/report")" = 1 ] || fail "not pinned without a cgroup"
	probe container:cpu=quota;        [ "$(field hello.cpus "$WORK/report")" = "$(nproc)" ] || fail cpu=quota
	probe container:storage=tmpfs -w disk.randomrw -p '{"size":1048576}'
	[ "$(field trial.type "$WORK/report")" = trial ] || fail storage=tmpfs
	probe container:readonly=on -w disk.randomrw -p '{"size":1048576}'
	[ "$(field trial.type "$WORK/report")" = trial ] || fail "no scratch beside a read-only root"
}

runsc_runs_and_says_that_it_is_not_a_container() {
	need_root; probe container:runtime=runsc
	grep -q runsc "$WORK/report" || fail "no label"
	[ -z "$(field address "$WORK/report")" ] || fail "it has no network, but an address"
}

crun_runs_or_says_why_not() {
	need_root
	"$PROBE" -a "$AGENT" -s "$WORK" container:runtime=crun >"$WORK/report" 2>"$WORK/error"
	case $? in
	0) ;;
	77) grep -qE 'hybrid|apt-get install crun' "$WORK/error" || fail "$(cat "$WORK/error")" ;;
	*) fail "$(cat "$WORK/error")" ;;
	esac
}

a_missing_runtime_is_unavailable_with_the_command_that_mends_it() {
	PATH=/nowhere "$PROBE" -a "$AGENT" -s "$WORK" container >/dev/null 2>"$WORK/error"
	[ $? = 77 ] || fail "status $?"
	grep -q 'apt-get install runc' "$WORK/error" || fail "$(cat "$WORK/error")"
}

two_runs_at_once_are_refused() {
	need_root; keep bare
	"$PROBE" -a "$AGENT" -s "$WORK" bare >/dev/null 2>"$WORK/second" && fail "the second run was let in"
	grep -q "another run is in progress (process $KEPT" "$WORK/second" || fail "$(cat "$WORK/second")"
	release
}

run_tests default_container_has_dockers_limits hello_comes_within_150_ms \
	overlay_writes_reach_the_scratch_file_system nothing_is_left_after_stop \
	nothing_is_left_by_clean_after_sigkill \
	nothing_is_left_whenever_it_is_killed each_option_is_what_the_kernel_says \
	runsc_runs_and_says_that_it_is_not_a_container crun_runs_or_says_why_not \
	a_missing_runtime_is_unavailable_with_the_command_that_mends_it two_runs_at_once_are_refused
