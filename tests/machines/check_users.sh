# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by inside.sh: an ordinary user who may use sudo, and one who may not.
check_users() {
	sed -i '/pam_systemd/d' /etc/pam.d/common-session # it makes a /run/user for each login, which outlives it by seconds
	useradd -m -s /bin/bash ana
	useradd -m -s /bin/bash -G kvm bia
	echo 'ana ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/ana
	user_alone bia
	user_with_sudo ana
}

# as USER COMMAND: in a login of that user, in the home directory
as() { runuser -l "$1" -c "cd && $2"; }

user_alone() {
	as "$1" "/srv/tare/tare doctor --json" >"$OUT/user.json" 2>"$OUT/user.err"
	runuser -u "$1" -- /usr/bin/python3 tests/machines/judge.py doctor /dev/stdin <"$OUT/user.json"
	own_checkout "$1"
	as "$1" "make -C tare study STUDY='-w cpu.prime -w memory.latency --set memory.latency.size=16777216 --time 10 --out study'" \
		>"$OUT/user.txt" 2>&1
	cp -r "/home/$1/tare/study" "$OUT/user" 2>/dev/null
	/usr/bin/python3 tests/machines/judge.py run "$OUT/user" "bare: bare metal" "microvm: microVM (KVM" \
		"container: unavailable root" "vm: unavailable root"
	test_line "user: make study compiles and links" grep -q 'link tare$' "$OUT/user.txt"
	test_line "user: make study says what root adds" grep -q 'sudo make study' "$OUT/user.txt"
}

# own_checkout USER: a checkout of this user's, compiled except for what contains the commit: all would take minutes here.
own_checkout() {
	mkdir "/home/$1/tare"
	tar c --exclude=./build/tests . | tar x -C "/home/$1/tare"
	chown -R "$1:" "/home/$1/tare"
}

user_with_sudo() {
	machine_state >"$OUT/sudo.before"
	as "$1" "sudo -n /srv/tare/tare run -e container -w cpu.prime --time 10 --out study" >"$OUT/sudo.txt" 2>&1
	cp -r "/home/$1/study" "$OUT/sudo" 2>/dev/null
	/usr/bin/python3 tests/machines/judge.py run "$OUT/sudo" "container: container (runc)"
	test_line "sudo: the report can be read by the user who asked" as "$1" "test -r study/report.html && test -O study/report.html"
	nothing_left sudo
}
