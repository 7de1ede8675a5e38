# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by inside.sh: the whole vm-ladder, no rung left out. Nine guests boot, most of them the full kernel: minutes each
# on a loaded host.
check_ladder() {
	RUN_TIME=60 RUN_LIMIT=1500 measure ladder -- vm-ladder --set disk.randomrw.size=67108864
	/usr/bin/python3 tests/machines/judge.py ladder "$OUT/ladder"
}
