# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by inside.sh: a guest with all that makes it fast, one with none of it, and the microVM; exits
# are counted by their reason.
check_tuned() {
	measure tuned "vm:tuned: KVM: kvm_amd, NPT" "vm:untuned: KVM: kvm_amd, NPT" \
		"microvm: microVM (KVM" -- -e vm:tuned -e vm:untuned -e microvm \
		-w disk.randread -w network.rr --counters kvm-exits-by-reason --set disk.randread.size=67108864
	/usr/bin/python3 tests/machines/judge.py tuned "$OUT/tuned"
}
