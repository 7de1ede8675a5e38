#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Guests whose clock is made to run 10 % fast and slow by adjtimex: found, said, and mended.
LIMIT=${LIMIT:-240}
. tests/lib.sh

a_guest_whose_clock_is_wrong_is_caught_and_its_rates_are_by_the_hosts_time() {
	need_root
	command -v qemu-system-x86_64 >/dev/null || skip "no QEMU"
	"$TARE" run -e vm:clock=fast -e vm:clock=slow -w cpu.prime -w disk.randomrw --set disk.randomrw.size=32m \
		--time 24 --out run >log 2>&1
	[ $? -le 1 ] || fail "$(tail -3 log)"
	python3 - <<-'PY' || fail "$(tail -20 log)"
	import collections, csv, json, math, re, statistics
	truth = {"vm:clock=fast": 1.1, "vm:clock=slow": 0.9}
	run = json.load(open("run/run.json"))
	for arm, rate in truth.items():
	    clock = run["environments"][arm]["clock"]
	    assert abs(clock["rate"] - rate) < 0.002, clock
	    assert any(arm in w and "the host's clock" in w for w in run["warnings"]), run["warnings"]
	assert abs(run["environments"]["bare"]["clock"]["rate"] - 1) < 0.002
	by_host = collections.defaultdict(lambda: collections.defaultdict(list))
	def place(logs): # Hodges and Lehmann's, or of few the mean
	    pairs = [(a + b) / 2 for i, a in enumerate(logs) for b in logs[i:]]
	    return statistics.median(pairs) if len(logs) >= 6 else statistics.mean(logs)
	def estimate(instances):
	    logs = [log for instance in instances for log in instance]
	    return place(logs) if len(instances) in (1, len(logs)) else statistics.mean(map(place, instances))
	for line in open("run/trials.jsonl"):
	    t = json.loads(line)
	    if t["record"] != "trial" or t["warmup"] or "error" in t:
	        continue
	    if t["arm"] in truth:
	        # a short trial knows the rate as well as its round trips allow, and says how well
	        stated = float(re.search(r"\+- ([0-9.]+)", t["clock_reason"])[1])
	        off = abs(t["clock_rate"] - truth[t["arm"]])
	        assert "clock" in t["flags"] and off < 0.001 + stated, t["clock_reason"]
	    else:
	        assert "clock_rate" not in t, t["clock_rate"]
	    if t["workload"] == "cpu.prime":
	        own = t["inside_seconds"] / truth.get(t["arm"], 1)
	        by_host[t["arm"]][t["start"], t["cast"][0]["number"]].append(math.log(t["operations"] / own))
	seen = 0
	for row in csv.DictReader(open("run/summary.csv")):
	    if row["workload"] == "cpu.prime" and row["metric"] == "throughput":
	        of = estimate(list(by_host[row["environment"]].values()))
	        assert abs(math.log(float(row["value"])) - of) < 0.01, (row, of)
	        seen += 1
	    if row["metric"] == "p99" and row["environment"] in truth:
	        assert not row["value"] and "clock runs 10.0 %" in row["reason"], row
	        seen += 1
	assert seen >= 6, seen
	PY
	grep -q "runs 10.0 % fast" run/report.html || fail "the report does not tell"
}

run_tests a_guest_whose_clock_is_wrong_is_caught_and_its_rates_are_by_the_hosts_time
