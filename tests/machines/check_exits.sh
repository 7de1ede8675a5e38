# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by inside.sh: what an exit costs, each kind, and what exits explain.
check_exits() {
	measure exits "bare: bare metal" -- exits
	measure closure "microvm: microVM (KVM" -- closure \
		--set disk.randread.size=67108864 --set disk.randwrite.size=67108864 --set disk.seqread.size=67108864
	/usr/bin/python3 tests/machines/judge.py closure "$OUT/closure"
}
