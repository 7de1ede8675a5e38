# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by inside.sh: the unit tests that ask the kernel; the others have run natively (units.sh).
check_units() {
	tests/machines/units.sh machine
}
