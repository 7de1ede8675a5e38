#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What install-packages.sh says where there is no apt: in a mount namespace with another
# /etc/os-release, and a PATH without dpkg.
. "$(dirname "$0")/lib.sh"

# elsewhere ID [ID_LIKE]: its words on such a system, in $WORK/said
elsewhere() {
	local tool
	mkdir -p bin
	for tool in bash sed awk printf cat dirname env; do ln -sf "$(command -v $tool)" bin/; done
	printf 'ID=%s\nID_LIKE="%s"\n' "$1" "${2:-}" >os-release
	unshare -m bash -c "mount --bind os-release $(readlink -f /etc/os-release) &&
		PATH=$WORK/bin $TOP/install-packages.sh" >said 2>&1
	[ $? = 1 ] || fail "status is not 1: $(cat said)"
}

the_list_of_other_names_has_a_line_for_each_package() {
	diff <(sed 's/#.*//' "$TOP/packages.txt" | awk '/^\[/ { next } NF { print $1 }' | sort) \
		<(sed 's/#.*//' "$TOP/packages-elsewhere.txt" | awk 'NF { print $1 }' | sort) ||
		fail "packages-elsewhere.txt and packages.txt differ"
	awk '!/^#/ && NF && NF != 4' "$TOP/packages-elsewhere.txt" | grep . && fail "not four columns"
	true
}

fedora_arch_and_opensuse_are_told_their_own_names() {
	need_root
	elsewhere fedora
	grep -q 'dnf install gcc make .*jansson-devel .*xz-devel xz-static ' said || fail "$(cat said)"
	elsewhere almalinux "rhel centos fedora"
	grep -q 'dnf install' said || fail "$(cat said)"
	elsewhere arch
	grep -q 'pacman -S --needed gcc make .*libvirt qemu-system-x86 ' said || fail "$(cat said)"
	grep -q "corresponds to Debian's libpfm4-dev" said || fail "$(cat said)"
	elsewhere opensuse-tumbleweed "opensuse suse"
	grep -q 'zypper install gcc make .*libjansson-devel ' said || fail "$(cat said)"
	true
}

an_unknown_system_is_told_debians_names() {
	need_root
	elsewhere void
	grep -qx '  libjansson-dev' said || fail "$(cat said)"
}

run_tests the_list_of_other_names_has_a_line_for_each_package \
	fedora_arch_and_opensuse_are_told_their_own_names an_unknown_system_is_told_debians_names
