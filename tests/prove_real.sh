#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A known answer on the real machine: the agent spins for a stated share of each slice of work, so
# that `bare:slow=3%` costs 3 % by construction. The interval must hold the share and not 0.
#   prove_real.sh            3 % by the quick preset, 1 % by the thorough one: about 12 minutes
#   prove_real.sh quick      3 % alone: under a minute
cd "$(dirname "$0")/.." || exit 2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
failed=0

prove() { # SHARE PRESET
	local status
	./tare run -e "bare:slow=$1%" -w cpu.prime --preset "$2" --out "$directory/$1" >"$directory/log" 2>&1
	status=$?
	[ $status -le 1 ] || { cat "$directory/log"; exit $status; }
	python3 - "$directory/$1/summary.csv" "$1" "$2" <<-'PY'
	import csv, sys
	path, share, preset = sys.argv[1], float(sys.argv[2]), sys.argv[3]
	rows = [r for r in csv.DictReader(open(path)) if r["environment"].startswith("bare:slow")]
	row = rows[0]
	value, low, high = (float(row["overhead_" + k] or "nan") for k in ("pct", "low", "high"))
	held, told = low <= share <= high, low > 0
	print(f"| {share:g} % | {preset} | {value:+.2f} % [{low:+.2f}, {high:+.2f}] | {row['starts']} | {row['blocks']} |"
	      f" {'yes' if held else 'NO'} | {'yes' if told else 'NO'} |")
	sys.exit(0 if held and told else 1)
	PY
}

echo
echo "A known overhead on this machine (cpu.prime, slowed by the agent)"
echo
echo "| truth | preset | overhead found | starts | blocks | holds the truth | told from 0 |"
echo "|---|---|---|---|---|---|---|"
prove 3 quick || failed=1
[ "${1:-}" = quick ] || prove 1 thorough || failed=1
exit $failed
