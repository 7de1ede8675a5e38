#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tree.sh SUITE: makes build/machines/SUITE/root, a Debian with all that Tare needs, and disk.img of it. Needs root.
# They are kept until packages.txt, files/ or this file change.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
suite=$1
folder=$top/build/machines/$suite
root=$folder/root

# What makes it a machine, beside what packages.txt lists for Tare.
system=linux-image-amd64,systemd,systemd-sysv,udev,dbus,kmod,util-linux,initramfs-tools,apparmor,sudo,locales
# Of the tests' packages all but those that only end-to-end tests use.
not_here=' chromium valgrind runsc crun qemu-user python3-jsonschema file '
packages=$(sed -e 's/#.*//' "$top/packages.txt" | awk -v not_here="$not_here" \
	'$1 == "[check]" { if (!index(not_here, " " $2 " ")) printf "%s,", $2; next } /^\[/ { next } NF { printf "%s,", $1 }')$system

fail() {
	[ ! -e "$2" ] || tail -n 20 "$2" >&2
	echo "machines: $1 (the whole log: $2)" >&2
	exit 1
}

make_root() {
	# an index of testing expires after a week, also where the mirror is a snapshot
	mmdebstrap --mode=root --variant=minbase --components=main --include="$packages" \
		--aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Languages "none"' \
		--dpkgopt=force-unsafe-io \
		--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
		--essential-hook='copy-in '"$here/files/etc"' /' \
		--customize-hook='chroot "$1" localedef -i pt_BR -f UTF-8 pt_BR.UTF-8' \
		"$suite" "$root" >"$folder/tree.log" 2>&1
}

# Services of the packages do not run: install-packages.sh would have disabled them. Nor does what only
# takes time: logins, timers, and what systemd does once when it finds /usr newer than /etc.
quiet_services() {
	local unit units=$root/etc/systemd/system
	find "$units" -type l \( -name 'libvirt*' -o -name 'virt*' -o -name '*.timer' \) -delete
	for unit in getty@tty1.service serial-getty@ttyS0.service e2scrub_reap.service systemd-hwdb-update.service; do
		ln -sf /dev/null "$units/$unit"
	done
	mkdir -p "$units/multi-user.target.wants" "$root/srv/tare"
	ln -sf ../machine.service "$units/multi-user.target.wants/"
	touch -d 'next year' "$root/etc/.updated" "$root/var/.updated"
}

# AppArmor is on, with the profiles of what Tare starts; compiling the others, of programs that are not
# here, would take the emulator most of a minute.
few_profiles() {
	find "$root/etc/apparmor.d" -maxdepth 1 -type f ! -name 'runc' ! -name 'crun' ! -name '*libvirt*' ! -name '*virt-aa*' -delete
}

make_tree() {
	rm -rf "$folder"
	mkdir -p "$folder"
	make_root || fail "mmdebstrap could not make $suite" "$folder/tree.log"
	quiet_services
	few_profiles
	truncate -s 12G "$folder/disk.img"
	mke2fs -q -t ext4 -E lazy_itable_init=1,lazy_journal_init=1 -d "$root" "$folder/disk.img" >"$folder/disk.log" 2>&1 ||
		fail "mke2fs could not make the disk of $suite" "$folder/disk.log"
}

wanted=$(echo "$suite $packages" | cat - "$here/tree.sh" $(find "$here/files" -type f | sort) | sha256sum)
if [ "$(cat "$folder/built" 2>/dev/null)" != "$wanted" ]; then
	make_tree
	echo "$wanted" >"$folder/built"
fi
