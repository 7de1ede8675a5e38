#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The short form of `make torture`.
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

run_tests a_killed_run_leaves_nothing_and_can_be_gone_on_with \
	a_run_killed_with_its_virtual_machine_leaves_nothing
