# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by inside.sh: the harness is killed while its guest runs; `tare clean` removes what it left.
check_killed() {
	local pid try
	machine_state >"$OUT/killed.before"
	./tare run -e vm -w cpu.prime --time 120 --out "$OUT/killed" >"$OUT/killed.txt" 2>&1 &
	pid=$!
	for try in $(seq 600); do
		grep -q '"event":"started","instance":"vm"' "$OUT/killed/trials.jsonl" 2>/dev/null && break
		kill -0 $pid 2>/dev/null || break
		sleep 0.2
	done
	if pgrep -f '^[^ ]*qemu-system' >/dev/null; then
		echo "ok - killed: a guest runs"
	else
		echo "not ok - killed: a guest runs"
		tail -n 5 "$OUT/killed.txt" | sed 's/^/#   /'
	fi
	kill -KILL $pid
	wait $pid 2>/dev/null
	./tare clean >"$OUT/killed.clean" 2>&1 && echo "ok - killed: tare clean succeeds" || {
		echo "not ok - killed: tare clean succeeds"
		sed 's/^/#   /' "$OUT/killed.clean"
	}
	rm -rf "$OUT/killed"
	nothing_left killed
}
