#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Seeds and found cases of every fuzz target; `make fuzz` searches for more.
. "$(dirname "$0")/lib.sh"
LIMIT=300

every_seed_and_every_found_case_is_survived() {
	cd "$TOP" || fail "no $TOP"
	local target files count=0
	for target in tests/fuzz/fuzz_*.c; do
		target=$(basename "$target" .c) target=${target#fuzz_}
		files=$(find tests/fuzz/seeds/"$target" tests/fuzz/found/"$target" -type f 2>/dev/null)
		[ -n "$files" ] || continue
		# shellcheck disable=SC2086
		timeout 60 build/fuzz/replay_"$target" $files >/dev/null || fail "$target: status $?"
		count=$((count + 1))
	done
	[ "$count" -ge 9 ] || fail "only $count targets have seeds"
}

run_tests every_seed_and_every_found_case_is_survived
