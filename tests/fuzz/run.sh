#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the fuzz targets that are named, FUZZ_SECONDS each, and prints one line for each. What is
# found goes to tests/fuzz/found/TARGET, where `make test` replays it from then on.
set -u
cd "$(dirname "$0")/../.." || exit 2
seconds=${FUZZ_SECONDS:-600} failed=0
for target in "$@"; do
	corpus=build/fuzz/corpus/$target found=tests/fuzz/found/$target
	mkdir -p "$corpus" "$found"
	seeds=tests/fuzz/seeds/$target
	[ -d "$seeds" ] || seeds=
	ASAN_OPTIONS=allocator_may_return_null=1 build/fuzz/fuzz_"$target" "$corpus" \
		$seeds "$found" -max_total_time="$seconds" -timeout=10 \
		-rss_limit_mb=2048 -max_len=65536 -artifact_prefix="$found/" -print_final_stats=1 \
		>build/fuzz/"$target".log 2>&1
	status=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' build/fuzz/"$target".log)
	if [ $status = 0 ]; then
		echo "ok - $target: ${runs:-?} inputs in $seconds s, nothing found"
	else
		echo "not ok - $target: see build/fuzz/$target.log"
		tail -n 25 build/fuzz/"$target".log | sed 's/^/#   /'
		failed=1
	fi
	rmdir "$found" 2>/dev/null
done
exit $failed
