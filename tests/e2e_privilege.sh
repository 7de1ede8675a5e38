#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What runs with which privilege, who can reach it, and whose files are made: docs/security.md.
LIMIT=${LIMIT:-120}
. "$(dirname "$0")/lib.sh"
NOBODY="setpriv --reuid=65534 --regid=65534 --clear-groups"

field() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }

begin() { # [OPTION...]
	"$TARE" run --time 20 --out run "$@" >run.log 2>&1 &
	RUN=$!
	for _ in $(seq 900); do
		[ "$(cat run/trials.jsonl 2>/dev/null | grep -c '"record":"trial"')" -ge 4 ] && break
		kill -0 $RUN 2>/dev/null || fail "$(tail -n 3 run.log)"
		sleep 0.1
	done
	ID=$(python3 -c 'import json; print(json.load(open("run/run.json"))["id"])')
}

# What was looked at was a run, and it need not go on.
end() {
	kill -INT $RUN || fail "it ended too early: $(tail -n 5 run.log)"
	wait $RUN; local status=$?
	[ $status = 130 ] || fail "status $status: $(tail -n 5 run.log)"
}

# Processes of the run: what it has started and what started from there.
ours() { pgrep -f -- "$ID"; pgrep -P $RUN; cat /sys/fs/cgroup/{,*/}"tare-$ID"*/cgroup.procs 2>/dev/null; echo $RUN; }

nothing_listens_outside_of_the_runs_namespaces() {
	need_root
	begin -e container -e microvm -w network.rr
	ss -Hltnup >listening
	for pid in $(ours | sort -un); do grep -F "pid=$pid," listening; done >found
	grep -E 'tare|qemu' listening >>found
	local others; others=$(grep -v "$ID" found | grep -c .)
	end
	[ "$others" = 0 ] || fail "$(cat found)"
}

# It talks to environments over the network: what takes it over has nothing.
the_load_generator_is_a_user_of_its_own_without_privilege_or_terminal() {
	need_root
	begin -e container -w network.rr
	local pid; pid=$(pgrep -P $RUN -u 65533)
	grep -E '^(Uid|Gid|Groups|Cap(Eff|Prm|Inh|Amb)):' "/proc/$pid/status" | tr -s '\t ' ' ' >status
	# the sockets are its work
	ls -l "/proc/$pid/fd" | sed -n 's/.* -> //p' | grep -vE '^(pipe|socket):' >descriptors
	local name namespace; name=$(cat "/proc/$pid/comm"); namespace=$(readlink "/proc/$pid/ns/net")
	end
	[ "$(sort status)" = "$(printf 'CapAmb: 0000000000000000\nCapEff: 0000000000000000\nCapInh: 0000000000000000
		CapPrm: 0000000000000000\nGid: 65533 65533 65533 65533\nGroups: \nUid: 65533 65533 65533 65533' | tr -d '\t')" ] ||
		fail "$(cat status)"
	[ "$(cat descriptors)" = /dev/null ] || fail "it has $(cat descriptors)"
	[ "$name" = tare-agent ] || fail "it is called $name"
	[ -n "$namespace" ] && [ "$namespace" != "$(readlink /proc/self/ns/net)" ] || fail "it is in the host's network"
}

the_container_has_dockers_limits_and_more_on_demand() {
	need_root
	begin -e container:no_new_privs=on,readonly=on -w cpu.prime
	local pid; pid=$(cat /sys/fs/cgroup/{,*/}"tare-$ID"-container*/cgroup.procs 2>/dev/null | head -n 1)
	local capabilities no_new seccomp pids root
	capabilities=$(field "$pid" CapEff) no_new=$(field "$pid" NoNewPrivs) seccomp=$(field "$pid" Seccomp)
	pids=$(cat /sys/fs/cgroup/{,*/}"tare-$ID"-container*/pids.max 2>/dev/null | head -n 1)
	tr '\0' '\n' <"/proc/$pid/environ" >environment
	root=$(awk '$5 == "/" {print $6}' "/proc/$pid/mountinfo" | tail -n 1)
	end
	[ "$capabilities" = 00000000a80425fb ] || fail "capabilities $capabilities are not Docker's"
	[ "$no_new" = 1 ] && [ "$seccomp" = 2 ] || fail "no_new_privs $no_new, seccomp $seccomp"
	[ "$pids" -le 4096 ] || fail "pids.max is $pids"
	case ,$root, in *,ro,*) ;; *) fail "the image is writable: $root" ;; esac
	grep -vE '^(PATH|LANG|TZ|HOME)=' environment && fail "more in its environment than is written for it"
	return 0
}

qemu_is_an_unprivileged_user_in_its_sandbox() {
	need_root
	begin -e vm -w cpu.prime
	local pid; pid=$(pgrep -f "guest=tare-$ID-vm" | head -n 1)
	local uid capabilities no_new seccomp
	uid=$(field "$pid" Uid) capabilities=$(field "$pid" CapEff)
	no_new=$(field "$pid" NoNewPrivs) seccomp=$(field "$pid" Seccomp)
	tr '\0' ' ' <"/proc/$pid/cmdline" >arguments
	find "/run/tare/$ID" run -printf '%m %y %p\n' >modes
	end
	[ -n "$uid" ] && [ "${uid%%[!0-9]*}" != 0 ] || fail "QEMU runs as user '$uid'"
	[ "$((16#$capabilities))" = 0 ] || fail "capabilities $capabilities"
	[ "$no_new" = 1 ] && [ "$seccomp" = 2 ] || fail "no_new_privs $no_new, seccomp $seccomp"
	grep -q -- '-sandbox on' arguments || fail "no sandbox: $(cat arguments)"
	grep -qE -- 'virtfs|9p|virtiofs|-netdev user|hostfwd|-vnc|-spice' arguments && fail "$(cat arguments)"
	grep -E '^[0-7]*[2367] [^l]' modes && fail "others may write there"
	return 0
}

nobody_else_writes_or_gets_in_whatever_the_umask() {
	need_root
	umask 0
	begin -e container -w disk.fsync --time 8
	find "/run/tare/$ID" "$TARE_STATE" run -xdev ! -path '*/rootfs/*' ! -path '*/scratch/*' ! -type l \
		-perm /022 -printf '%m %p\n' >open
	find run "$TARE_STATE" "/run/tare/$ID" -maxdepth 0 -perm /066 -printf '%m %p\n' >>open
	kill -0 $RUN || fail "it ended too early"
	wait $RUN || [ $? = 1 ] || fail "$(tail -n 5 run.log)"
	find run -perm /022 -printf '%m %p\n' >>open
	find run -maxdepth 0 -perm /077 -printf '%m %p\n' >>open
	[ ! -s open ] || fail "$(cat open)"
}

links_in_a_foreign_run_are_not_followed() {
	python3 "$TOP/tests/synthetic_run.py" run || fail "no run was made"
	echo precious >victim
	mkdir elsewhere run/figures
	for name in summary.csv summary.json report.html figures/overhead.gp figures/overhead.dat \
		figures/overhead.svg figures/overhead.png; do
		ln -sf "$PWD/victim" "run/$name"
	done
	"$TARE" report run >/dev/null || fail "tare report: status $?"
	[ "$(cat victim)" = precious ] || fail "a link was followed: $(head -c 200 victim)"
	rm -r run/figures && ln -s "$PWD/elsewhere" run/figures
	"$TARE" report run >/dev/null 2>&1
	[ -z "$(ls elsewhere)" ] || fail "a linked directory was written to: $(ls elsewhere)"
}

words_of_a_foreign_run_are_never_executed() {
	python3 "$TOP/tests/synthetic_run.py" run hostile=1 || fail "no run was made"
	python3 - <<-'PY'
	import json
	run = json.load(open("run/run.json"))
	evil = "'`touch EVIL`'\n\"; system('touch EVIL') $(touch EVIL) \\\" @x"
	for e in run["environments"].values(): e["label"] = evil[:90]
	run["study"]["title"] = evil
	json.dump(run, open("run/run.json", "w"))
	PY
	"$TARE" report run >/dev/null 2>&1
	[ -z "$(find . -name 'EVIL*')" ] || fail "it was executed"
}

no_shell_can_be_started() {
	for program in "$TARE" "$TOP/tare-microvm"; do
		nm -D --undefined-only "$program" 2>/dev/null | grep -wE 'system|popen|wordexp' && fail "$program calls a shell"
	done
	return 0
}

sudo_gives_the_run_to_the_user() {
	need_root
	SUDO_UID=12345 SUDO_GID=12346 "$TARE" run -w cpu.prime -e container --time 5 --out run >run.log 2>&1 ||
		fail "status $?: $(tail -n 3 run.log)"
	find run ! -uid 12345 -o ! -gid 12346 >others
	[ ! -s others ] || fail "not the user's: $(cat others)"
}

without_root_bare_runs_and_the_rest_says_what_is_missing() {
	need_root
	chmod 711 "$WORK"; mkdir home; chown 65534 home
	cp "$TARE" "$AGENT" "$TOP/tare-microvm" home/ && cd home || fail "cannot copy"
	HOME=$PWD TARE_STATE=$PWD/state $NOBODY ./tare run -e container -e vm -w cpu.prime \
		--time 4 --out run >run.log 2>&1
	local status=$?
	[ $status = 1 ] || fail "status $status: $(cat run.log)"
	grep ',container,' run/summary.csv | grep -q 'unavailable.*root' || fail "$(cat run/summary.csv)"
	grep ',vm,' run/summary.csv | grep -q 'unavailable.*root' || fail "$(cat run/summary.csv)"
	awk -F, '$7 == "bare#null" && $10 >= 3' run/summary.csv | grep -q . || fail "bare was not measured"
	for command in "report run" "compare run run" list "list environments" "export run" clean; do
		HOME=$PWD TARE_STATE=$PWD/state $NOBODY ./tare $command >out 2>&1 || fail "tare $command: $(cat out)"
	done
}

tests="nothing_listens_outside_of_the_runs_namespaces
	the_load_generator_is_a_user_of_its_own_without_privilege_or_terminal
	the_container_has_dockers_limits_and_more_on_demand
	qemu_is_an_unprivileged_user_in_its_sandbox
	nobody_else_writes_or_gets_in_whatever_the_umask
	links_in_a_foreign_run_are_not_followed
	words_of_a_foreign_run_are_never_executed
	no_shell_can_be_started
	sudo_gives_the_run_to_the_user
	without_root_bare_runs_and_the_rest_says_what_is_missing"
run_tests ${PRIVILEGE_TESTS:-$tests}
