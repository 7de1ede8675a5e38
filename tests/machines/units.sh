#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# units.sh native|machine: the unit tests, compiled by this system's compiler, on this system's libraries; a
# test line each. `machine`: those that ask the kernel, in the emulated machine. `native`: all others,
# which only compute, in a chroot of the same tree: emulated they would take minutes.
# units.sh names: make's names of those for the machine.
cd "$(dirname "$0")/../.." || exit 1
out=${OUT:-build/units}
kernel="clocks command container counters domain_xml environment evidence host initramfs microvm placement resources"
[ "$1" != names ] || { printf 'build/tests/unit_%s\n' $kernel; exit; }
mkdir -p "$out"
export CK_TIMEOUT_MULTIPLIER=5 # an emulated CPU, and others beside it

# These assert times, which here are the emulator's or those of a machine that builds beside them: shown, not counted.
timed="begin_and_end_cost_under_one_percent_of_a_200_ms_trial a_trial_slowed_by_half_spins_for_half_of_its_work"

asks_kernel() { case " $kernel " in *" ${1#unit_} "*) ;; *) return 1 ;; esac; }

# failures FILE: the names of the tests that failed, but for those that assert times
failures() {
	grep -a '^not ok' "$1" | while read -r line; do
		for test in $timed; do
			case $line in *":$test:"*) echo "# not counted: $line" >&2; continue 2 ;; esac
		done
		echo "$line"
	done
}

run() {
	local name=${1##*/} status
	timeout 600 "$1" >"$out/$name" 2>&1
	status=$?
	failures "$out/$name" >"$out/$name.failed" 2>"$out/$name.timed"
	if [ ! -s "$out/$name.failed" ] && { [ $status = 0 ] || [ -s "$out/$name.timed" ]; }; then
		echo "ok - $name"
	else
		echo "not ok - $name (status $status)"
		cut -c1-300 "$out/$name.failed" | head -n 5 | sed 's/^/#   /'
	fi
	sed 's/^/#   /' "$out/$name.timed" | cut -c1-200
}

for source in tests/unit_*.c; do # a program may have outlived its source
	program=build/${source%.c}
	if asks_kernel "${program##*/}"; then
		[ "$1" = machine ] && run "$program"
	else
		[ "$1" = native ] && run "$program"
	fi
done
true
