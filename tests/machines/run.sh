#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh [--short] [MACHINE...]: Tare on emulated machines, each described by MACHINE.machine; without a name on all.
#
# Builds what they start from (tree.sh, build.sh), boots each, has inside.sh run its checks there, and
# prints their test lines, a table of what ran where, and "N passed, N failed". Status 1 if any failed.
# Two machines run side by side. A machine over its limit is ended, with the last lines of its console.
# --short: only the checks that a description calls short, for CI. JOBS=1: one machine at a time. CHECKS="doctor study":
# these checks in place of the description's. What a machine left stands in build/machines/run/MACHINE.
set -eu
jobs=${JOBS:-2}
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
machines=$top/build/machines
emulator=trixie # whose QEMU runs them all, in a chroot: that of Debian 12 cannot run the kernel of Debian 13
arguments='root=/dev/vda rw console=ttyS0 systemd.show_status=0 quiet loglevel=4 mitigations=off nokaslr tsc=reliable'

# All processes and mounts are in namespaces that end with this, however it ends.
if [ -z "${MACHINES_NAMESPACE:-}" ] && [ "$(id -u)" = 0 ]; then
	MACHINES_NAMESPACE=1 exec unshare --mount --pid --fork --kill-child --mount-proc --propagation private "$0" "$@"
fi
trap 'exit 130' INT TERM # the first process of a namespace ignores what it does not handle
[ "$(id -u)" = 0 ] || { echo "machines: building Debian trees needs root: sudo make check-machines" >&2; exit 1; }
form=checks
[ "${1:-}" != --short ] || { form=short; shift; }
[ $# -gt 0 ] || set -- $(cd "$here" && ls -- *.machine | sed 's/\.machine$//')
for name in "$@"; do
	[ -e "$here/$name.machine" ] || { echo "machines: no machine is called '$name'" >&2; exit 2; }
done

# of NAME VARIABLE: what the description says; a line NAME=VALUE each, read by the shell
of() (
	cpus=2 sockets=1 nodes=1 memory=4096 cpu=EPYC,+svm,+npt kernel='' packages='' checks='doctor units study' limit=1800
	. "$here/$1.machine"
	eval "echo \"\${$2-}\""
)

# checks_of NAME: what is run in it
checks_of() { echo "${CHECKS:-$(of "$1" $form)}"; }

# all_units NAME: are the unit tests that only compute run, too? Not in the short form: they are those of make check.
all_units() { [[ $form = checks && " $(checks_of "$1") " = *" units "* ]]; }

say() { echo "machines: $*"; }

# ---- what they start from -----------------------------------------------------------------------

# build_suite SUITE NAME...: its tree, and in it what those of the machines need that are of this suite
build_suite() {
	local suite=$1 name mine=()
	shift
	"$here/tree.sh" "$suite"
	for name in "$@"; do
		[ "$(of "$name" suite)" != "$suite" ] || mine+=("$name")
	done
	[ ${#mine[@]} -gt 0 ] || return 0
	"$here/build.sh" tare "$suite"
	for name in "${mine[@]}"; do
		! all_units "$name" || "$here/build.sh" units "$suite"
		[ -z "$(of "$name" packages)" ] || "$here/build.sh" packages "$suite" "$(of "$name" packages)"
	done
}

# The suites beside each other: much of the time goes into waiting for packages and into dpkg.
build() {
	local suite name building=()
	mkdir -p "$machines"
	for suite in $(for name in "$@"; do of "$name" suite; done | cat - <(echo $emulator) | sort -u); do
		build_suite "$suite" "$@" &
		building+=($!)
	done
	for name in "${building[@]}"; do wait "$name"; done
}

# ---- one machine --------------------------------------------------------------------------------

# topology NAME: QEMU's arguments for CPUs, sockets, memory and its nodes
topology() {
	local cpus sockets nodes memory node
	cpus=$(of "$1" cpus) sockets=$(of "$1" sockets) nodes=$(of "$1" nodes) memory=$(of "$1" memory)
	echo "-smp $cpus,sockets=$sockets,cores=$((cpus / sockets)),threads=1 -m ${memory}M"
	[ "$nodes" -gt 1 ] || return 0
	for node in $(seq 0 $((nodes - 1))); do
		echo "-object memory-backend-ram,id=m$node,size=$((memory / nodes))M -numa node,nodeid=$node,memdev=m$node" \
			"-numa cpu,node-id=$node,socket-id=$node"
	done
}

# boot NAME FOLDER: until the machine powers itself off, or its limit ends it
boot() {
	local name=$1 folder=$2 suite packages root=$machines/$emulator/root image
	suite=$(of "$name" suite)
	for image in disk tare; do
		qemu-img create -q -u -f qcow2 -b "/mnt/$suite/$image.img" -F raw "$folder/$image.qcow2" \
			"$(stat -c %s "$machines/$suite/$image.img")"
	done
	truncate -s 256M "$folder/out.tar"
	tar cf "$folder/checks.tar" -C "$top" tests/machines tests/lib.sh
	packages=$machines/$suite/$(of "$name" packages).tar
	[ -e "$packages" ] && cp "$packages" "$folder/packages.tar" || tar cf "$folder/packages.tar" -T /dev/null
	timeout --kill-after=5 "$(of "$name" limit)" chroot "$root" qemu-system-x86_64 \
		-machine q35 -accel tcg,thread=multi,tb-size=1024 -cpu "$(of "$name" cpu)" $(topology "$name") \
		-nodefaults -display none -no-reboot -monitor none -d cpu_reset -D "/mnt/run/$name/resets" \
		-serial "file:/mnt/run/$name/console" -serial "file:/mnt/run/$name/lines" \
		-kernel "/mnt/$suite/root/boot/$(basename "$machines/$suite/root/boot/vmlinuz-"*)" \
		-initrd "/mnt/$suite/root/boot/$(basename "$machines/$suite/root/boot/initrd.img-"*)" \
		-append "$arguments tsc_early_khz=$tsc_khz tare.machine=$name tare.checks=$(checks_of "$name" | tr " " ,) $(of "$name" kernel)" \
		-drive "file=/mnt/run/$name/disk.qcow2,if=virtio,format=qcow2,cache=unsafe,aio=threads" \
		-drive "file=/mnt/run/$name/tare.qcow2,if=virtio,format=qcow2,cache=unsafe,aio=threads" \
		-drive "file=/mnt/run/$name/checks.tar,if=virtio,format=raw,readonly=on" \
		-drive "file=/mnt/run/$name/packages.tar,if=virtio,format=raw,readonly=on" \
		-drive "file=/mnt/run/$name/out.tar,if=virtio,format=raw,cache=unsafe" >"$folder/qemu" 2>&1 </dev/null
}

# try NAME: boots it and makes sure that the lines say how it ended; all it left is in its folder
try() {
	local name=$1 folder=$machines/run/$1 status=0 start=$SECONDS
	mkdir -p "$folder/out"
	boot "$name" "$folder" || status=$?
	tar xf "$folder/out.tar" -C "$folder/out" 2>/dev/null || true
	rm -f "$folder"/*.qcow2 "$folder"/*.tar
	grep -q '^# done' "$folder/lines" 2>/dev/null || {
		[ $status != 124 ] || echo "# ended after its limit of $(of "$name" limit) s"
		echo "not ok - the machine runs to the end of its checks (QEMU: status $status)"
		grep -v "TCG doesn't support" "$folder/qemu" | tail -n 3 | sed 's/^/#   /'
		grep -i 'triple fault' "$folder/resets" | sed 's/^/#   /' || true
		tail -n 20 "$folder/console" | tr -d '\r' | sed 's/^/#   console: /'
	} >>"$folder/lines"
	echo $((SECONDS - start)) >"$folder/seconds"
}

# ---- all of them --------------------------------------------------------------------------------

count=0 passed=0 failed=0

# show NAME: its lines, numbered
show() {
	local line
	echo "== $1: $(of "$1" title)"
	while IFS= read -r line; do
		case $line in
		"ok - "*) count=$((count + 1)) passed=$((passed + 1)); echo "ok $count - $1: ${line#ok - }" ;;
		"not ok - "*) count=$((count + 1)) failed=$((failed + 1)); echo "not ok $count - $1: ${line#not ok - }" ;;
		*) echo "$line" ;;
		esac
	done < <(
		if all_units "$1"; then cat "$machines/$(of "$1" suite)/units"; fi
		tr -d '\r' <"$machines/run/$1/lines")
	echo "# $(cat "$machines/run/$1/seconds") s"
}

table() {
	local name lines
	printf '\n| machine | what it is | what ran | failed | what is absent, and why |\n|---|---|---|---|---|\n'
	for name in "$@"; do
		lines=$machines/run/$name/lines
		printf '| %s | %s | %s | %s | %s |\n' "$name" "$(of "$name" title)" \
			"$(grep -a '^# check ' "$lines" | tr -d '\r' | awk '{printf "%s%s", sep, $3; sep = ", "}')" \
			"$(grep -ac '^not ok' "$lines")" "$(of "$name" absent)"
	done
	echo
}

# The QEMU of the emulator's tree sees the trees and images below /mnt.
ready_emulator() {
	mount --rbind /dev "$machines/$emulator/root/dev"
	mount -t proc proc "$machines/$emulator/root/proc"
	mount --bind "$machines" "$machines/$emulator/root/mnt"
}

for name in "$@"; do rm -rf "$machines/run/$name"; done
build "$@"
gcc -O2 -o "$machines/tsc_khz" "$here/tsc_khz.c"
tsc_khz=$("$machines/tsc_khz")
ready_emulator
say "trees, images and Tare after $SECONDS s"
for name in "$@"; do
	while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do sleep 0.5; done
	try "$name" &
done
for name in "$@"; do
	until [ -e "$machines/run/$name/seconds" ]; do sleep 0.5; done
	show "$name"
done
table "$@"
say "$SECONDS s"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
