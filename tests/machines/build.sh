#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Adds to the tree of a suite (tree.sh). Needs root.
#
#   build.sh tare SUITE            SUITE/tare.img: this checkout, compiled by that Debian's compiler
#   build.sh units SUITE           SUITE/units: the test lines of the unit tests that only compute, run in the tree
#   build.sh packages SUITE NAMES  SUITE/NAMES.tar: a tar of what these packages add to the tree
#
# Compiling happens in a chroot of the tree, at full speed: the same compiler and libraries as in the
# machine. What is mounted is mounted in a mount namespace of its own, so that nothing of it is left.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
action=$1 suite=$2
folder=$top/build/machines/$suite
root=$folder/root

if [ -z "${MACHINES_NAMESPACE:-}" ]; then
	MACHINES_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$@"
fi

fail() {
	[ ! -e "$2" ] || tail -n 20 "$2" >&2
	echo "machines: $1 (the whole log: $2)" >&2
	exit 1
}

# What git knows of the checkout, or all of it where it is no clone.
sources() {
	if git -C "$top" rev-parse --git-dir >/dev/null 2>&1; then
		git -C "$top" ls-files -co --exclude-standard
	else
		(cd "$top" && find . -path ./build -prune -o -type f -printf '%P\n')
	fi | while read -r file; do [ ! -e "$top/$file" ] || echo "$file"; done | sort
}

# Unchanged files keep their age for make; those that are gone go here, too.
copy_sources() {
	mkdir -p "$folder/tare"
	sources >"$folder/sources"
	(cd "$folder/tare" && find . -path ./build -prune -o -type f ! -path './tare*' -printf '%P\n') | sort |
		comm -13 "$folder/sources" - | (cd "$folder/tare" && xargs -r rm -f --)
	tar c -C "$top" -T "$folder/sources" | tar x -C "$folder/tare"
}

make_tare() {
	local commit wanted
	copy_sources
	wanted=$(cat "$folder/built" "$folder/sources" | cat - $(sed "s#^#$top/#" "$folder/sources") | sha256sum)
	[ "$(cat "$folder/tare.built" 2>/dev/null)" != "$wanted" ] || return 0
	commit=$(git -C "$top" rev-parse --short HEAD 2>/dev/null || true)
	mkdir -p "$root/srv/tare"
	mount --bind "$folder/tare" "$root/srv/tare"
	mount --bind /dev "$root/dev"
	chroot "$root" make --no-print-directory -C /srv/tare -j"$(nproc)" COMMIT="$commit" all build/tests/hostile_guest \
		$("$here/units.sh" names) >"$folder/tare.log" 2>&1 || fail "Tare does not build on $suite" "$folder/tare.log"
	umount "$root/dev" "$root/srv/tare"
	rm -f "$folder/tare.img"
	truncate -s 4G "$folder/tare.img"
	mke2fs -q -t ext4 -d "$folder/tare" "$folder/tare.img" >"$folder/disk.log" 2>&1 ||
		fail "mke2fs could not make the disk of Tare" "$folder/disk.log"
	echo "$wanted" >"$folder/tare.built"
}

run_units() {
	[ ! "$folder/units" -nt "$folder/tare.built" ] || return 0
	mount --bind "$folder/tare" "$root/srv/tare"
	mount --bind /dev "$root/dev"
	mount -t proc proc "$root/proc"
	chroot "$root" make --no-print-directory -C /srv/tare -j"$(nproc)" COMMIT="$(cat "$folder/tare/build/commit")" \
		unit-tests >"$folder/units.log" 2>&1 || fail "the unit tests do not build on $suite" "$folder/units.log"
	chroot "$root" /srv/tare/tests/machines/units.sh native >"$folder/units.new"
	umount "$root/proc" "$root/dev" "$root/srv/tare"
	mv "$folder/units.new" "$folder/units"
}

# The packages are installed above an overlay of the tree; its upper layer is what they add.
make_packages() {
	local names=$1 work=$folder/packages
	[ ! "$folder/$names.tar" -nt "$folder/built" ] || return 0
	rm -rf "$work"
	mkdir -p "$work"
	mount -t tmpfs tmpfs "$work"
	mkdir "$work/upper" "$work/work" "$work/merged"
	mount -t overlay overlay -o "lowerdir=$root,upperdir=$work/upper,workdir=$work/work" "$work/merged"
	cp /etc/resolv.conf "$work/merged/etc/resolv.conf"
	printf '#!/bin/sh\nexit 101\n' >"$work/merged/usr/sbin/policy-rc.d"
	chmod 755 "$work/merged/usr/sbin/policy-rc.d"
	{ chroot "$work/merged" apt-get -q update &&
		DEBIAN_FRONTEND=noninteractive chroot "$work/merged" apt-get -q -y install --no-install-recommends ${names//,/ }; } \
		>"$folder/packages.log" 2>&1 </dev/null || fail "apt-get could not install $names" "$folder/packages.log"
	umount "$work/merged"
	rm -rf "$work"/upper/var/cache/apt "$work"/upper/var/lib/apt "$work"/upper/usr/sbin/policy-rc.d
	tar cf "$folder/$names.tar" -C "$work/upper" .
	umount "$work"
	rmdir "$work"
}

case $action in
tare) make_tare ;;
units) run_units ;;
packages) make_packages "$3" ;;
esac
