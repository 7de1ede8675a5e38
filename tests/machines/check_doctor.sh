# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by inside.sh: `tare doctor` says what this machine is, compared with what the system itself says.
check_doctor() {
	./tare doctor >"$OUT/doctor.txt" 2>&1
	./tare doctor --json >"$OUT/doctor.json"
	/usr/bin/python3 tests/machines/judge.py doctor "$OUT/doctor.json"
}
