#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs unit test programs under valgrind; status 1 if it finds anything. A test that fails because
# all is slower there, because posix_spawn there starts what does not exist, or because valgrind does
# not know openat2 or what a page fault costs, is told and is no finding; what such a test leaves
# allocated is none either.
cd "$(dirname "$0")/.." || exit 2
mkdir -p build
failed=0
for program in "$@"; do
	CK_FORK=no timeout -k 5 1200 valgrind --quiet --leak-check=full --show-leak-kinds=definite \
		--suppressions=tests/valgrind.supp --log-file=build/valgrind.found \
		--child-silent-after-fork=yes "./$program" >build/valgrind.log 2>&1
	slow=$(grep -c '^not ok' build/valgrind.log)
	found=$(grep -cE '^==.*(Invalid|uninitialised|overlap|Mismatched|points to un)' build/valgrind.found)
	[ "$slow" = 0 ] && found=$((found + $(grep -c 'definitely lost' build/valgrind.found)))
	if [ "$found" = 0 ] && grep -qE '^(not )?ok' build/valgrind.log; then
		echo "ok - $program: nothing found$([ "$slow" = 0 ] || echo "; $slow tests failed there")"
	else
		echo "not ok - $program: $found findings"
		head -n 40 build/valgrind.found | sed 's/^/#   /'
		failed=1
	fi
done
exit $failed
