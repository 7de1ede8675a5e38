#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the test programs named on the command line in two lanes. One begins with those that start
# environments, the other with the last of the others, until they meet. What a program prints is
# shown when it has ended; then come the slowest tests, and "N passed, N failed, N skipped". Status 1
# if any failed. LANES=1: all one after the other, in the order given.
cd "$(dirname "$0")/.." || exit 2
RESULTS=$(mktemp -d) || exit 2
trap 'rm -rf "$RESULTS"' EXIT

# Most of their time they wait for runs, and only one CPU is measured on.
starts_environments() {
	case ${1#tests/e2e_} in
	clocks.sh | container.sh | doctor.sh | faults.sh | isolation.sh | ladders.sh | limits.sh | \
		microvm.sh | network.sh | privilege.sh | schedule.sh | study.sh | trust.sh | vm.sh) ;;
	*) false ;;
	esac
}

# One PROGRAM: its output into a file, which is shown whole.
run() {
	local output=$RESULTS/${1//\//-} start=$SECONDS status
	"./$1" >"$output" 2>&1 </dev/null
	status=$?
	echo "# $((SECONDS - start)) s" >>"$output"
	if ! grep -qE '^(not )?ok ' "$output"; then
		echo "not ok - $1 ran no test" >>"$output"
	elif [ $status != 0 ] && ! grep -q '^not ok ' "$output"; then
		echo "not ok - $1 ended with status $status" >>"$output"
	fi
	flock "$RESULTS" cat <(echo "== $1") "$output"
}

# Each program is run by the lane that takes it first.
lane() {
	local program
	for program in "$@"; do
		mkdir "$RESULTS/.${program//\//-}" 2>/dev/null && run "$program"
	done
}

count() { cat "$RESULTS"/* 2>/dev/null | grep -cE "$1"; }

forward=() backward=() alone=()
for program in "$@"; do
	if [ "$program" = tests/e2e_torture.sh ]; then # it counts the processes of this tree
		alone=("$program")
	elif [ "${LANES:-2}" = 2 ] && starts_environments "$program"; then
		forward=("$program" "${forward[@]}")
		backward+=("$program")
	else
		forward+=("$program")
		backward=("$program" "${backward[@]}")
	fi
done
[ "${LANES:-2}" = 2 ] || backward=()
set -m # a process group of its own, which an interrupt reaches by us alone
lane "${backward[@]}" &
set +m
trap 'kill -- -$! 2>/dev/null; exit 130' INT TERM
lane "${forward[@]}"
wait
lane "${alone[@]}"
slow=$(cat "$RESULTS"/* 2>/dev/null | grep -E '^# [0-9]+ s ' | sort -rnk2 | head -n 10)
[ -z "$slow" ] || printf '== slowest tests\n%s\n' "$slow"
skipped=$(count '^ok .*# SKIP') failed=$(count '^not ok ')
echo "$(($(count '^ok ') - skipped)) passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
