#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Bad command lines and bad files: the table is tests/bad_input.py.
. "$(dirname "$0")/lib.sh"
LIMIT=240

every_bad_input_is_refused_in_one_line_and_writes_nothing() {
	python3 "$TOP/tests/bad_input.py" "$TARE" >refused.log || fail "$(tail -n 20 refused.log)"
	local count; count=$(sed -n 's/^\([0-9]*\) refused of .*/\1/p' refused.log)
	[ "$count" -ge 150 ] || fail "only $count cases"
	cat refused.log
}

run_tests every_bad_input_is_refused_in_one_line_and_writes_nothing
