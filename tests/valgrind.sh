#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs unit test programs under valgrind; status 1 if it finds anything or a test fails.
cd "$(dirname "$0")/.." || exit 2
failed=0
for program in "$@"; do
	if CK_FORK=no UNDER_VALGRIND=1 valgrind --quiet --leak-check=full --show-leak-kinds=definite \
		--errors-for-leak-kinds=definite --error-exitcode=9 --child-silent-after-fork=yes \
		"./$program" >build/valgrind.log 2>&1; then
		echo "ok - $program"
	else
		echo "not ok - $program: status $?"
		grep -v '^ok ' build/valgrind.log | head -n 40 | sed 's/^/#   /'
		failed=1
	fi
done
exit $failed
