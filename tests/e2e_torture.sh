#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The short form of `make torture`, and a journal cut at any byte of its last lines.
LIMIT=${LIMIT:-400}
. "$(dirname "$0")/lib.sh"

a_killed_run_leaves_nothing_and_can_be_gone_on_with() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	"$TOP/tests/torture.py" --each 1 --random 2 --resume-every 4 --environments container,microvm \
		add-netns mount-done add-container posix_spawnp-done trial stopped drop-cgroup || fail "see above"
}

a_run_killed_with_its_virtual_machine_leaves_nothing() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	"$TOP/tests/torture.py" --each 1 --random 0 --resume-every 2 --environments vm \
		virDomainCreateXML-done libvirt-asks-qemu || fail "see above"
}

# Power loss: what is left of the journal is any first part of it.
a_journal_cut_at_any_byte_never_yields_another_number() {
	"$TARE" run --baseline sim -e sim:overhead=5% -w cpu.prime --time 30 --out run >/dev/null 2>&1
	python3 - "$TARE" <<-'PY' || fail "see above"
	import os, shutil, subprocess, sys
	tare = sys.argv[1]
	data = open("run/trials.jsonl", "rb").read()
	starts = [0] + [i + 1 for i, c in enumerate(data) if c == 10]
	first = starts[-4]  # the last three lines
	def rows(size):
	    with open("cut/trials.jsonl", "wb") as file: file.write(data[:size])
	    result = subprocess.run([tare, "export", "cut"], capture_output=True)
	    assert result.returncode == 0, result.stderr
	    return result.stdout
	os.mkdir("cut")
	shutil.copy("run/run.json", "cut")
	whole = {start: rows(start) for start in starts[-4:]}
	for size in range(first, len(data) + 1):
	    start = max(s for s in whole if s <= size)
	    assert rows(size) == whole[start], f"cut at byte {size}"
	print(len(data) - first + 1, "offsets")
	PY
}

# The same, resumed: what a resumed simulation yields is what an undisturbed one yields.
a_resumed_run_ends_as_an_undisturbed_one() {
	"$TARE" run --baseline sim -e sim:overhead=5% -w cpu.prime --time 30 --seed 7 --out run >/dev/null 2>&1
	python3 - "$TARE" <<-'PY' || fail "see above"
	import csv, json, os, subprocess, sys
	tare = sys.argv[1]
	lines = open("run/trials.jsonl", "rb").read().splitlines(keepends=True)
	run = json.load(open("run/run.json"))
	wanted = open("run/summary.csv").read()
	run["status"] = "running"
	trials = [i for i, l in enumerate(lines) if b'"record":"trial"' in l]
	for number, keep in enumerate((trials[0] + 1, trials[len(trials) // 2], trials[-1])):
	    for torn in (0, 1, len(lines[keep]) - 1):
	        name = f"cut{number}-{torn}"
	        os.mkdir(name)
	        json.dump(run, open(name + "/run.json", "w"))
	        open(name + "/trials.jsonl", "wb").write(b"".join(lines[:keep]) + lines[keep][:torn])
	        result = subprocess.run([tare, "run", "--resume", name], capture_output=True)
	        assert result.returncode == 0, result.stderr
	        rows = list(csv.DictReader(open(name + "/summary.csv")))
	        for row, other in zip(rows, csv.DictReader(wanted.splitlines())):
	            assert int(row["blocks"]) >= 12 and row["environment"] == other["environment"]
	            assert abs(float(row["relative"]) - float(other["relative"])) < 0.02, (row, other)
	PY
}

run_tests a_journal_cut_at_any_byte_never_yields_another_number \
	a_resumed_run_ends_as_an_undisturbed_one \
	a_killed_run_leaves_nothing_and_can_be_gone_on_with \
	a_run_killed_with_its_virtual_machine_leaves_nothing
