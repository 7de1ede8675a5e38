# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by inside.sh: one workload a panel in every environment; what the description expects of each; then nothing left.
check_study() {
	measure study "${expected[@]}" -- -e container -e vm -e microvm -e nested \
		-w cpu.prime -w memory.latency -w disk.randread -w network.rr \
		--set memory.latency.size=16777216 --set disk.randread.size=67108864
}
