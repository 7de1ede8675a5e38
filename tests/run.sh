#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the test programs named on the command line one after the other, shows what they print,
# and ends with "N passed, N failed, N skipped". Status 1 if any failed.
passed=0 failed=0 skipped=0
cd "$(dirname "$0")/.." || exit 2
for program in "$@"; do
	echo "== $program"
	before=$((passed + failed + skipped)) start=$SECONDS
	while IFS= read -r line; do
		echo "$line"
		case $line in
		"not ok "*) failed=$((failed + 1)) ;;
		"ok "*"# SKIP"*) skipped=$((skipped + 1)) ;;
		"ok "*) passed=$((passed + 1)) ;;
		esac
	done < <("./$program" 2>&1; echo "# status $?")
	echo "# $((SECONDS - start)) s"
	if [ $((passed + failed + skipped)) = "$before" ]; then
		echo "not ok - $program ran no test"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
