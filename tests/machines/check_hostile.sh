# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by inside.sh: the guest that means harm, where KVM has a ring 0 that it could reach.
check_hostile() {
	MICROVM_TESTS=hostile LIMIT=300 tests/e2e_microvm.sh 2>&1 |
		sed 's/^\(not ok\|ok\) [0-9]* - /\1 - hostile guest: /'
}
