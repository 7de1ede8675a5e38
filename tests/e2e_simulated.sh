#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The whole path from plan to report on the simulated machine, whose truth is known.
LIMIT=${LIMIT:-600}
. "$(dirname "$0")/lib.sh"
in_memory

SUBJECT=sim:overhead=100%,noise=2%

simulate() { "$TARE" run -e "$SUBJECT" -w 'cpu.compress' -w 'network.rr' --seed 3 --out run "$@"; }

validate() {
	/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || skip "needs python3-jsonschema"
	/usr/bin/python3 "$TOP/tests/validate_run.py" "$1" || fail "the run does not fit its schemas"
}

the_truth_of_the_simulation_comes_out() {
	simulate || fail "status $?"
	/usr/bin/python3 - <<-'PY' || fail "wrong summary"
	import csv
	rows = [r for r in csv.DictReader(open("run/summary.csv")) if r["metric"] == "throughput"]
	assert len(rows) == 6, rows
	for r in rows:
	    if r["environment"].startswith("sim:"):
	        assert r["verdict"] == "overhead", r
	        assert float(r["overhead_low"]) < 100 < float(r["overhead_high"]), r
	    elif r["environment"] == "sim#null":
	        assert r["verdict"] == "" and r["overhead_pct"] == r["null_pct"], r # no verdict: it is in the others' intervals
	        assert float(r["overhead_low"]) < 0 < float(r["overhead_high"]), r
	PY
}

what_a_run_writes_fits_its_schemas() {
	simulate --predict "$SUBJECT cpu -50%" || fail "status $?"
	validate run
}

what_a_resumed_run_writes_fits_its_schemas() {
	simulate --time 30 || fail "status $?"
	sed -i 's/"status": "complete"/"status": "running"/' run/run.json
	sed -i '$d' run/trials.jsonl
	"$TARE" run --resume run || fail "status $?"
	grep -q '"event": *"resumed"' run/trials.jsonl || fail "no event tells of it"
	validate run
}

# Of a tree without .git, as from a tarball, it is "unknown".
a_run_names_the_commit_that_was_built() {
	simulate || fail "status $?"
	grep -q "\"commit\": *\"$(cat "$TOP/build/commit")\"" run/run.json ||
		fail "$(grep commit run/run.json) is not $(cat "$TOP/build/commit")"
	grep -qE '^(unknown|[0-9a-f]{7,40}(-dirty)?)$' "$TOP/build/commit" || fail "$(cat "$TOP/build/commit")"
}

a_journal_cut_in_its_last_line_still_reports() {
	simulate || fail "status $?"
	truncate -s -20 run/trials.jsonl
	"$TARE" report run >out 2>&1
	grep -q 'the last line was cut off' out run/summary.json || fail "not said"
}

a_prediction_is_sealed_and_scored() {
	simulate --predict "$SUBJECT cpu -50%" --predict "$SUBJECT network 0%" >out || fail "status $?"
	grep -q "Predicted '$SUBJECT cpu -50%'.*right" out && grep -q "Predicted '$SUBJECT network 0%'.*too high" out ||
		fail "$(grep Predicted out)"
	grep -q 'id="predictions"' run/report.html || fail "the report does not score them"
	/usr/bin/python3 - <<-'PY' || fail "wrong scores"
	import json
	run, summary = json.load(open("run/run.json")), json.load(open("run/summary.json"))
	assert len(run["predictions"]) == 2
	assert [p["outcome"] for p in summary["predictions"]] == ["right", "too high"], summary["predictions"]
	PY
}

a_predicted_environment_that_is_not_there_is_refused() {
	simulate --predict "lxc cpu -50%" && fail "status 0"
	[ ! -e run ] || fail "something was written"
}

a_report_is_derived_again_byte_for_byte() {
	at_most 0 "$TARE" run -e sim:overhead=5%,noise=3% --seed 5 --out run
	grep -q 'would narrow this' run/report.html || fail "the report says not what would help"
	mkdir first && cp -r run/summary.csv run/summary.json run/report.html run/figures first
	rm -r run/summary.csv run/summary.json run/report.html run/figures
	at_most 0 "$TARE" report run
	for file in summary.csv summary.json report.html; do
		cmp "run/$file" "first/$file" || fail "$file is another"
	done
	for file in first/figures/*; do
		cmp "$file" "run/figures/$(basename "$file")" || fail "$file is another"
	done
}

the_same_seed_gives_the_same_simulated_run() {
	at_most 0 "$TARE" run -e sim:noise=3% --seed 5 --out a
	at_most 0 "$TARE" run -e sim:noise=3% --seed 5 --out b
	at_most 0 "$TARE" run -e sim:noise=3% --seed 6 --out c
	cmp a/summary.csv b/summary.csv || fail "another summary"
	cmp -s a/summary.csv c/summary.csv && fail "the seed does not matter"
	return 0
}

a_known_overhead_is_found_in_every_panel() {
	at_most 0 "$TARE" run -e sim:overhead=8%,noise=1% --seed 5 --out run
	python3 - <<-'PY' || fail "the known overhead was not found"
	import csv
	rows = [r for r in csv.DictReader(open("run/summary.csv")) if r["environment"].startswith("sim:")]
	heads = [r for r in rows if r["verdict"]]
	assert len(heads) >= 4, heads
	for r in heads:
	    assert r["verdict"] == "overhead", r
	    assert 6 < float(r["overhead_pct"]) < 10, r
	PY
}

fresh_starts_are_as_many_as_the_preset_says() {
	at_most 0 "$TARE" run -e sim:overhead=5%,noise=1%,starts=1% --preset standard --seed 5 --out run
	python3 - <<-'PY' || fail "starts"
	import json
	starts = {json.loads(l)["start"] for l in open("run/trials.jsonl")}
	assert len(starts) >= 5, starts
	PY
}

what_sudo_writes_belongs_to_the_user() {
	need_root
	SUDO_UID=65534 SUDO_GID=65534 at_most 0 "$TARE" run -e sim --out run
	[ -z "$(find run ! -uid 65534)" ] || fail "root's: $(find run ! -uid 65534)"
}

two_runs_are_compared_and_other_parameters_refused() {
	at_most 0 "$TARE" run -e sim:overhead=5% --seed 5 --out a
	at_most 0 "$TARE" run -e sim:overhead=5% --seed 6 --out b
	at_most 0 "$TARE" run -e sim:overhead=5% --seed 6 --set cpu.compress.preset=3 --out c
	at_most 0 "$TARE" compare a b
	"$TARE" compare a c >out 2>err
	[ $? = 2 ] || fail "other parameters were compared"
	grep -q "preset" err || fail "$(cat err)"
	at_most 0 "$TARE" compare --force a c
}

trials_and_latencies_are_exported() {
	at_most 0 "$TARE" run -e sim --seed 5 --out run
	"$TARE" export run >trials.csv || fail "csv"
	python3 - <<-'PY' || fail "trials.csv is not whole"
	import csv, json
	rows = list(csv.DictReader(open("trials.csv")))
	trials = [json.loads(l) for l in open("run/trials.jsonl")]
	trials = [t for t in trials if t["record"] == "trial"]
	assert len({(r["workload"], r["arm"], r["start"], r["block"], r["warmup"]) for r in rows}) == len(trials)
	PY
	at_most 0 "$TARE" export --format hgrm --out latencies run
	grep -q "^#\[Mean" latencies/disk.randomrw--sim--latency.hgrm || fail "$(ls latencies)"
}

ten_thousand_trials_stay_below_64_mib() {
	sanitized && skip "sanitizers take memory of their own"
	python3 - "$TARE" <<-'PY' || fail "see above"
	import resource, subprocess, sys
	run = [sys.argv[1], "run", "--baseline", "sim:noise=24%", "-e", "sim:noise=24%,overhead=5%", "--csv",
	       "--seed", "1", "--time", "604800", "--out", "run"]
	for workload in ("cpu.compress", "cpu.prime", "cpu.syscall", "memory.stream", "memory.kv", "memory.latency",
	                 "disk.randread", "disk.fsync", "network.rr", "network.web"): run += ["-w", workload]
	assert subprocess.run(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode in (0, 1)
	trials = sum('"record":"trial"' in line for line in open("run/trials.jsonl"))
	peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
	print(f"{trials} trials, {peak:.1f} MiB")
	assert trials >= 10000 and peak < 64
	PY
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

# The plan's conditions follow from its instances, also for the estimates during the run.
a_resumed_run_whose_conditions_were_removed_has_all_of_them() {
	"$TARE" run --baseline sim -e sim:overhead=5% -w cpu.prime --time 30 --seed 7 --out run >/dev/null 2>&1
	python3 - <<-'PY'
	import json
	run = json.load(open("run/run.json"))
	run["status"] = "running"
	run["environments"]["sim:overhead=5%"]["available"] = False
	run["plan"]["conditions"] = [c for c in run["plan"]["conditions"] if c["column"] != "sim:overhead=5%"]
	json.dump(run, open("run/run.json", "w"))
	lines = open("run/trials.jsonl").read().splitlines(keepends=True)
	open("run/trials.jsonl", "w").writelines(l for l in lines[:len(lines) // 2] if "overhead" not in l)
	PY
	"$TARE" run --resume run >log 2>&1
	[ $? = 1 ] || fail "$(tail -n 5 log)"
	python3 - <<-'PY' || fail "see above"
	import json
	run = json.load(open("run/run.json"))
	assert run["status"] == "complete", run["status"]
	assert [c["column"] for c in run["plan"]["conditions"]] == ["sim", "sim#null", "sim:overhead=5%"], run["plan"]
	PY
}

run_tests the_truth_of_the_simulation_comes_out what_a_run_writes_fits_its_schemas \
	what_a_resumed_run_writes_fits_its_schemas a_run_names_the_commit_that_was_built \
	a_report_is_derived_again_byte_for_byte a_journal_cut_in_its_last_line_still_reports \
	a_prediction_is_sealed_and_scored a_predicted_environment_that_is_not_there_is_refused \
	the_same_seed_gives_the_same_simulated_run a_known_overhead_is_found_in_every_panel \
	fresh_starts_are_as_many_as_the_preset_says what_sudo_writes_belongs_to_the_user \
	two_runs_are_compared_and_other_parameters_refused trials_and_latencies_are_exported \
	ten_thousand_trials_stay_below_64_mib \
	a_journal_cut_at_any_byte_never_yields_another_number a_resumed_run_ends_as_an_undisturbed_one \
	a_resumed_run_whose_conditions_were_removed_has_all_of_them
