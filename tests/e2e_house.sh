#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The shape of the source tree.
. "$(dirname "$0")/lib.sh"

includes_follow_the_allowed_arrows() {
	"$TOP/tests/check_include_arrows.sh" || fail "an include points where it may not"
}

a_forbidden_include_is_found() {
	mkdir -p base workloads drivers results plots harness tests
	cp "$TOP/tests/include_arrows" tests/
	touch workloads/w.h base/b.h
	echo '#include "base/b.h"' >results/r.c
	"$TOP/tests/check_include_arrows.sh" . || fail "an allowed include was refused"
	echo '#include "workloads/w.h"' >results/r.c
	"$TOP/tests/check_include_arrows.sh" . >out && fail "results may include workloads"
	grep -q '^results/r.c:1: workloads/w.h: results may not include workloads' out || fail "$(cat out)"
	echo '#include "base/missing.h"' >results/r.c
	"$TOP/tests/check_include_arrows.sh" . >out && fail "a file that is not there was included"
	rm results/r.c; mkdir results/new; echo '#include "base/b.h"' >results/new/r.c
	"$TOP/tests/check_include_arrows.sh" . >out && fail "a folder without a line may include"
	true
}

schemas_and_tables_follow_the_field_tables() {
	mkdir -p tree/docs tree/results
	cp "$TOP/docs/data.md" tree/docs/ && cp -r "$TOP/results/schema" tree/results/
	"$TOP/tests/fields.py" tree || fail "the tables cannot be written"
	diff -r "$TOP/results/schema" tree/results/schema && diff "$TOP/docs/data.md" tree/docs/data.md ||
		fail "make fields was not run"
}

run_tests schemas_and_tables_follow_the_field_tables includes_follow_the_allowed_arrows a_forbidden_include_is_found
