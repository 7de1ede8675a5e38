# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by inside.sh: the trial's CPUs, its memory and its vCPUs lie on one NUMA node, read back while they run.
check_numa() {
	local sampler
	sample_nodes >"$OUT/nodes" &
	sampler=$!
	measure numa "container: container (runc)" "vm: KVM: kvm_amd, NPT" "microvm: microVM (KVM" -- \
		-e container -e vm -e microvm -w memory.latency -w disk.randread \
		--set memory.latency.size=33554432 --set disk.randread.size=67108864
	kill $sampler
	wait $sampler 2>/dev/null
	/usr/bin/python3 tests/machines/judge.py numa "$OUT/numa" "$OUT/nodes"
}

# Every second, of each guest and agent: its name, the allowed CPUs of each thread, and its anonymous pages on each node.
sample_nodes() {
	local pid
	while sleep 1; do
		for pid in $(pgrep 'qemu-system|tare-agent|tare-microvm|^agent$'); do
			echo "$(cat /proc/"$pid"/comm 2>/dev/null) $pid" \
				"cpus=$(awk '/^Cpus_allowed_list/ {print $2}' /proc/"$pid"/task/*/status 2>/dev/null | sort -u | paste -sd+)" \
				"$(awk '/anon=/ { for (i = 1; i <= NF; i++) if ($i ~ /^N[0-9]+=/) { split($i, p, "="); n[p[1]] += p[2] } }
					END { printf "N0=%d N1=%d", n["N0"], n["N1"] }' /proc/"$pid"/numa_maps 2>/dev/null)"
		done
	done
}
