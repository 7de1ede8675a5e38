#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Bad command lines and bad files, and run directories that mean harm: the tables are tests/bad_input.py
# and tests/hostile_runs.py.
LIMIT=${LIMIT:-600}
. "$(dirname "$0")/lib.sh"

every_bad_input_is_refused_in_one_line_and_writes_nothing() {
	python3 "$TOP/tests/bad_input.py" "$TARE" >refused.log || fail "$(tail -n 20 refused.log)"
	local count; count=$(sed -n 's/^\([0-9]*\) refused of .*/\1/p' refused.log)
	[ "$count" -ge 150 ] || fail "only $count cases"
	cat refused.log
}

hostile_run_directories_end_in_order_within_time_and_memory() {
	mkdir table && cd table || fail "no directory"
	python3 "$TOP/tests/hostile_runs.py" "$TARE" || fail "see above"
}

run_tests every_bad_input_is_refused_in_one_line_and_writes_nothing \
	hostile_run_directories_end_in_order_within_time_and_memory
