#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Guests whose clock is made to run 10 % fast and slow by adjtimex: found, said, and mended.
LIMIT=${LIMIT:-240}
. tests/lib.sh

a_guest_whose_clock_is_wrong_is_caught_and_its_rates_are_by_the_hosts_time() {
	need_root
	command -v qemu-system-x86_64 >/dev/null || skip "no QEMU"
	"$TARE" run -e vm:clock=fast -e vm:clock=slow -w cpu.prime -w disk.randomrw --set disk.randomrw.size=32m \
		--time 20 --out run >log 2>&1
	[ $? -le 1 ] || fail "$(tail -3 log)"
	python3 - <<-'PY' || fail "$(tail -20 log)"
	import collections, csv, json, math, re
	# within 1 %: an emulated guest also calibrates its clock at boot, a little off at times
	truth = {"vm:clock=fast": 1.1, "vm:clock=slow": 0.9}
	run = json.load(open("run/run.json"))
	for arm, rate in truth.items():
	    clock = run["environments"][arm]["clock"]
	    assert abs(clock["rate"] - rate) < 0.01, clock
	    assert any(arm in w and "the host's time" in w for w in run["warnings"]), run["warnings"]
	assert abs(run["environments"]["bare"]["clock"]["rate"] - 1) < 0.002
	by_host = collections.defaultdict(list)
	for line in open("run/trials.jsonl"):
	    t = json.loads(line)
	    if t["record"] != "trial" or t["warmup"] or "error" in t:
	        continue
	    if t["arm"] in truth:
	        assert "clock" in t["flags"] and abs(t["clock_rate"] - truth[t["arm"]]) < 0.01, t["clock_reason"]
	    else:
	        assert "clock_rate" not in t, t["clock_rate"]
	    if t["workload"] == "cpu.prime":
	        own = t["inside_seconds"] / truth.get(t["arm"], 1)
	        by_host[t["arm"]].append(math.log(t["operations"] / own))
	seen = 0
	for row in csv.DictReader(open("run/summary.csv")):
	    if row["workload"] == "cpu.prime" and row["metric"] == "throughput":
	        of = by_host[row["environment"]]
	        assert abs(math.log(float(row["value"])) - sum(of) / len(of)) < 0.01, row
	        seen += 1
	    if row["metric"] == "p99" and row["environment"] in truth:
	        assert not row["value"] and re.search(r"clock runs (9|10)[.]\d %", row["reason"]), row
	        seen += 1
	assert seen >= 6, seen
	PY
	grep -qE "runs (9|10)[.][0-9] % fast" run/report.html || fail "the report does not tell"
}

run_tests a_guest_whose_clock_is_wrong_is_caught_and_its_rates_are_by_the_hosts_time
