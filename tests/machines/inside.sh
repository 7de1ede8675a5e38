#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs once in an emulated machine, as root, in what tests/machines/build.sh compiled for it: the
# checks that the machine's description names, a test line each. Standard output are the lines,
# what is left in $OUT comes out of the machine.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh >/dev/null
parameter() { sed -n "s/.*tare\\.$1=\\([^ ]*\\).*/\\1/p" /proc/cmdline; }
machine=$(parameter machine)
expect="container: container (runc)
	vm: VM (KVM: kvm_amd, NPT
	microvm: microVM (KVM
	nested: KVM: kvm_amd, NPT"
. "tests/machines/$machine.machine"
mapfile -t expected < <(echo "$expect" | sed 's/^[[:space:]]*//' | grep .)
checks=$(parameter checks | tr , ' ')
trap 'echo "# ended by a signal"; exit 1' HUP INT TERM
export OUT=/root/out HOME=/root TARE_STATE=/var/lib/tare
mkdir -p "$OUT"

# The packages of this machine alone, then the devices that a host with KVM has loaded.
tar xf /dev/vdd -C / 2>/dev/null
modprobe -a tun vhost_net 2>/dev/null
grep -qw svm /proc/cpuinfo && modprobe kvm_amd nested=1
ip link set lo up
ls /sys/kernel/debug/tracing >/dev/null 2>&1 # mounted when it is first used: not by a run, then
[ -z "${locale:-}" ] || export LC_ALL=$locale

# test_line WHAT COMMAND...: ok where the command succeeds
test_line() {
	local what=$1
	shift
	if "$@" >"$OUT/.line" 2>&1; then
		echo "ok - $what"
	else
		echo "not ok - $what"
		tail -n 5 "$OUT/.line" | sed 's/^/#   /'
	fi
}

# measure NAME EXPECTATION... -- OPTION...: a run of these options into $OUT/NAME, judged (judge.py),
# and the machine as before. Small sizes: what is timed here is the emulator.
measure() {
	local name=$1 expectations=() status
	shift
	while [ "$1" != -- ]; do expectations+=("$1"); shift; done
	shift
	machine_state >"$OUT/$name.before"
	timeout "${RUN_LIMIT:-600}" ./tare run --out "$OUT/$name" --time "${RUN_TIME:-20}" "$@" >"$OUT/$name.txt" 2>&1
	status=$?
	[ $status -le 1 ] && echo "ok - $name: tare run ends by itself" || {
		echo "not ok - $name: tare run ends by itself (status $status)"
		tail -n 5 "$OUT/$name.txt" | sed 's/^/#   /'
	}
	/usr/bin/python3 tests/machines/judge.py run "$OUT/$name" "${expectations[@]}"
	nothing_left "$name"
}

# nothing_left NAME: links, namespaces, mounts, cgroups, processes and files as in $OUT/NAME.before
nothing_left() {
	local end=$((SECONDS + 30))
	machine_state >"$OUT/$1.after"
	until cmp -s "$OUT/$1.before" "$OUT/$1.after" || [ $SECONDS -ge $end ]; do # a process that is ending may still be there
		sleep 0.2
		machine_state >"$OUT/$1.after"
	done
	ls -A /run/tare 2>/dev/null >"$OUT/$1.run"
	if cmp -s "$OUT/$1.before" "$OUT/$1.after" && [ ! -s "$OUT/$1.run" ]; then
		echo "ok - $1: nothing is left"
	else
		echo "not ok - $1: nothing is left"
		{ diff "$OUT/$1.before" "$OUT/$1.after"; cat "$OUT/$1.run"; } | head -n 20 | sed 's/^/#   /'
	fi
}

for check in $checks; do
	. "tests/machines/check_$check.sh"
done
for check in $checks; do
	start=$SECONDS
	echo "# check $check"
	"check_$check" 2>"$OUT/$check.err"
	echo "# $check: $((SECONDS - start)) s of the machine's time"
done
systemd-analyze blame >"$OUT/boot" 2>&1
dmesg >"$OUT/dmesg"
tar cf /dev/vde -C "$OUT" .
sync
echo "# done"
