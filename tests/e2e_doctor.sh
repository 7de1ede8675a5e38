#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/lib.sh"

every_check_has_a_value_and_each_consequence_a_reason() {
	"$TARE" doctor --json >doctor.json
	python3 - <<-'PY' || fail "the table is not whole"
	import json
	doctor = json.load(open("doctor.json"))
	names = [check["name"] for check in doctor["checks"]]
	wanted = ("cpus memory machine kvm libvirt qemu runc cgroups counters gnuplot root disk namespaces").split()
	assert set(wanted) <= set(names), set(wanted) - set(names)
	for check in doctor["checks"]:
	    assert check["value"], check
	    assert check["state"] in ("good", "note", "unavailable"), check
	    assert (check["state"] == "good") == (check["consequence"] == ""), check
	    assert check["command"] == "" or check["consequence"], check
	assert doctor["unavailable"] == sum(c["state"] == "unavailable" for c in doctor["checks"])
	PY
}

the_status_is_one_exactly_where_something_is_unavailable() {
	"$TARE" doctor --json >doctor.json
	local status=$? expected
	expected=$(python3 -c 'import json; print(int(json.load(open("doctor.json"))["unavailable"] > 0))')
	[ "$status" = "$expected" ] || fail "status $status with $expected"
	"$TARE" doctor >/dev/null
	[ $? = "$expected" ] || fail "another status without --json"
}

a_missing_program_is_named_with_its_package() {
	need_root # tare looks into the directories of administration, whatever PATH says
	unshare --mount sh -c 'for d in /usr/local/sbin /usr/sbin /sbin; do
		[ ! -d $d ] || /bin/mount -t tmpfs none $d || exit 9; done
		PATH=/nowhere exec "$0" doctor' "$TARE" >doctor.txt
	local status=$?
	[ $status = 1 ] || fail "status is $status, not 1"
	for package in runc gnuplot-nox qemu-system-x86; do
		grep -q "apt-get install $package" doctor.txt || fail "no word of $package"
	done
}

without_root_it_says_what_follows() {
	need_root
	cp "$TARE" . && chmod 755 "$WORK" tare
	setpriv --reuid=65534 --regid=65534 --clear-groups ./tare doctor >doctor.txt
	[ $? = 1 ] || fail "status is not 1"
	grep -q "no (user 65534)" doctor.txt || fail "$(cat doctor.txt)"
	grep -q "sudo tare run" doctor.txt || fail "no command"
}

it_leaves_the_machine_as_it_was() {
	# what it left would be there after each try; what others start and end is not
	for _ in $(seq 20); do
		machine_state >before
		"$TARE" doctor >/dev/null
		machine_state >after
		diff before after && return
	done
	fail "the machine has changed"
}

run_tests every_check_has_a_value_and_each_consequence_a_reason \
	the_status_is_one_exactly_where_something_is_unavailable \
	a_missing_program_is_named_with_its_package without_root_it_says_what_follows \
	it_leaves_the_machine_as_it_was
