#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a host or a caller may be short of: memory, descriptors, file size, disk space, /proc, /sys,
# cgroups, a plain name, an ordinary umask; and signals. Each row of a table is one run of tare: it
# ends by itself with a status of its own (no signal), in bounded time, says why where something
# failed, and leaves nothing on the host.
LIMIT=${LIMIT:-400}
. "$(dirname "$0")/lib.sh"

RUN_BARE="run -e bare -w cpu.prime --time 3"

# All that a run makes on the host is in its registry until it is gone, and carries the run's id.
nothing_is_left() { # NAME
	local left id
	[ -z "${CLEANED:-}" ] || "$TARE" clean >/dev/null
	left=$(ls "$TARE_STATE" 2>/dev/null)
	for id in $(sed -n 's/^  "id": "\(.*\)",$/\1/p' ./*/run.json ./*/run/run.json 2>/dev/null); do
		left+=$({ ip netns; awk '{print $5}' /proc/self/mountinfo; ls /run/tare
			find /sys/fs/cgroup -type d -name "tare-$id*"; pgrep -af -- "$id"; } 2>/dev/null | grep -F -- "$id")
	done
	[ -z "$left" ] && return
	echo "$1: left: $left" >&2
	"$TARE" clean >&2
	return 1
}

# Rows of a table on standard input: NAME | shell command | statuses that are right | words of the output where the status is not 0. An empty line and one that begins with # are none.
try_rows() {
	local name before statuses words bad=0 count=0
	while IFS='|' read -r name before statuses words; do
		name=$(echo $name); statuses=$(echo $statuses); words=$(echo $words)
		case $name in '' | '#'*) continue ;; esac
		count=$((count + 1))
		mkdir "case-$count"; chmod 755 "case-$count"
		( cd "case-$count" && timeout -k 5 60 bash -c "$before" 2>&1 </dev/null ) | cat >out
		local status=${PIPESTATUS[0]}
		if ! [[ " $statuses " == *" $status "* ]]; then
			echo "$name: status $status, not one of: $statuses: $(tail -n 3 out)" >&2; bad=1
		elif [ $status != 0 ] && [ -n "$words" ] && ! grep -qiE "$words" out; then
			echo "$name: status $status, and does not say '$words': $(tail -n 3 out)" >&2; bad=1
		fi
		nothing_is_left "$name" || bad=1
		rm -rf "case-$count"
	done
	[ $count -gt 0 ] || fail "no rows"
	[ $bad = 0 ] || fail "see above"
	echo "$count rows" >&2
}

export TARE RUN_BARE
# a run that came out may still have found the machine too noisy: then it says where its report is
words_of_memory='memory|cannot allocate|cannot map|report:'
words_of_files='too many open files|descriptor|cannot open|netlink|the link|report:'

too_little_memory_is_said() {
	sanitized && skip "the sanitizer itself does not start in little address space"
	try_rows <<-ROWS
	120 MB of address space | ulimit -v 120000; exec \$TARE $RUN_BARE --out run | 0 1 2 127 | $words_of_memory
	160 MB | ulimit -v 160000; exec \$TARE $RUN_BARE --out run | 0 1 2 127 | $words_of_memory
	200 MB | ulimit -v 200000; exec \$TARE $RUN_BARE --out run | 0 1 2 127 | $words_of_memory
	300 MB | ulimit -v 300000; exec \$TARE $RUN_BARE --out run | 0 1 2 127 | $words_of_memory
	600 MB | ulimit -v 600000; exec \$TARE $RUN_BARE --out run | 0 1 2 127 | $words_of_memory
	a stack of 256 KiB | ulimit -s 256; exec \$TARE $RUN_BARE --out run | 0 1 2 |
	list in 160 MB | ulimit -v 160000; exec \$TARE list | 0 1 2 127 | $words_of_memory
	ROWS
}

# With hardly any it cannot clean up either: that is left to `tare clean`.
too_few_descriptors_are_said() {
	local rows= n CLEANED=1
	for n in 5 6 7 8 10 12 14 16 20 24 32 48 64; do
		rows+="$n descriptors | ulimit -n $n; exec \$TARE $RUN_BARE --out run | 0 1 2 127 | $words_of_files"$'\n'
	done
	try_rows <<<"$rows"
}

files_that_may_not_grow_are_said() {
	local rows= n
	for n in 0 1 4 16 64 256; do
		rows+="files of $n KiB | ulimit -f $n; exec \$TARE $RUN_BARE --out run | 0 1 2 | too large"$'\n'
	done
	try_rows <<<"$rows"
}

read_only_and_full_file_systems_are_said() {
	need_root
	local small='exec unshare -m bash -c "mkdir d && mount -t tmpfs'
	try_rows <<-ROWS
	read-only | $small -o ro none d && exec \$TARE $RUN_BARE --out d/run" | 1 2 | read-only
	read-only scratch | $small -o ro none d && exec \$TARE $RUN_BARE --scratch d --out run" | 1 2 | read-only
	8 KiB | $small -o size=8k none d && exec \$TARE $RUN_BARE --out d/run" | 1 2 | no space
	32 KiB | $small -o size=32k none d && exec \$TARE $RUN_BARE --out d/run" | 1 2 | no space
	128 KiB | $small -o size=128k none d && exec \$TARE $RUN_BARE --out d/run" | 0 1 2 | no space
	no room for the files of a guest | $small -o size=10m none d && exec \$TARE run -e vm:accel=tcg -w cpu.prime --time 8 --scratch d --out run" | 1 | no space left
	4 inodes | $small -o nr_inodes=4 none d && exec \$TARE $RUN_BARE --out d/run" | 1 2 | no space
	12 inodes | $small -o nr_inodes=12 none d && exec \$TARE $RUN_BARE --out d/run" | 0 1 2 | no space
	no room for the registry | $small -o size=4k none d && TARE_STATE=d/state exec \$TARE $RUN_BARE --out run" | 0 1 2 | no space
	read-only registry | $small -o ro none d && TARE_STATE=d/state exec \$TARE $RUN_BARE --out run" | 1 2 | read-only
	/run read-only | exec unshare -m bash -c "mount -t tmpfs -o ro none /run && exec \$TARE $RUN_BARE --out run" | 1 2 | creating /run/tare
	ROWS
}

absent_proc_sys_and_cgroups_are_said() {
	need_root
	local hide='exec unshare -m bash -c "mount -t tmpfs none'
	try_rows <<-ROWS
	no /sys | $hide /sys && exec \$TARE $RUN_BARE --out run" | 0 1 2 |
	no /proc | $hide /proc && exec \$TARE $RUN_BARE --out run" | 0 1 2 | /proc
	no /proc/sys | $hide /proc/sys && exec \$TARE $RUN_BARE --out run" | 0 1 2 |
	no cgroups, container | $hide /sys/fs/cgroup && exec \$TARE run -e container -w cpu.prime --time 5 --out run" | 1 | cgroup
	no /sys, vm | $hide /sys && exec \$TARE run -e vm -w cpu.prime --time 8 --out run" | 0 1 |
	no /tmp | exec unshare -m bash -c "mount --bind \${TARE%/*} /mnt && mount -t tmpfs none /tmp && mkdir /tmp/d && cd /tmp/d && exec /mnt/tare $RUN_BARE --out run" | 0 1 |
	no /dev | $hide /dev && exec \$TARE $RUN_BARE --out run" | 0 1 2 |
	doctor without /sys | $hide /sys && exec \$TARE doctor" | 0 1 |
	doctor without /proc | $hide /proc && exec \$TARE doctor" | 0 1 2 |
	ROWS
}

# A run of all environments, each of which is measured.
measures_everywhere() { # SECONDS DIRECTORY
	local status all='-e container -e vm'
	[ -w /dev/kvm ] && all+=' -e microvm'
	"$TARE" run $all -w cpu.prime --time "$1" --out "$2" >out 2>&1
	status=$?
	[ $status -le 1 ] || fail "status $status: $(tail -n 3 out)"
	python3 - "$2" $all <<-'PY' || fail "see above: $(tail -n 5 out)"
	import csv, sys
	rows = list(csv.DictReader(open(sys.argv[1] + "/summary.csv")))
	for arm in sys.argv[3::2]:
	    mine = [r for r in rows if r["environment"] == arm]
	    assert mine and all(int(r["blocks"]) >= 1 for r in mine), (arm, mine)
	PY
}

# A name goes into mount options, XML, OCI bundles, scripts; one run for all of the names.
odd_names_of_directories_work() {
	need_root
	local name='comma,colon:back\slash "double" <&>/ä € %s%n $(touch EVIL) #;/a quote'"'s"
	mkdir -p "$name"
	measures_everywhere 10 "$name/run"
	[ -z "$(find . -name 'EVIL*')" ] || fail "a name was executed"
}

every_umask_gives_every_environment() {
	need_root
	local mask
	for mask in 027 777; do
		( umask $mask; measures_everywhere 10 run-$mask ) || exit 1
	done
}

signals_end_a_run_in_order() {
	local name environments
	for name in INT TERM HUP; do
		environments='-e container'
		[ $name = INT ] && environments= # the default study's: a virtual machine, too
		"$TARE" run $environments -w cpu.prime --time 20 --out "run-$name" >out 2>&1 &
		local run=$!
		for _ in $(seq 100); do [ -s "run-$name/trials.jsonl" ] && break; sleep 0.1; done
		kill -$name $run
		wait $run
		local status=$?
		[ $status = 130 ] || fail "SIG$name: status $status: $(tail -n 3 out)"
		nothing_is_left "SIG$name" || fail "see above"
	done
	( trap '' PIPE; "$TARE" list; echo $? >status ) | true
	"$TARE" list | true # and where SIGPIPE is not ignored it may end it
}

run_tests ${LIMITS_TESTS:-too_little_memory_is_said too_few_descriptors_are_said files_that_may_not_grow_are_said
	read_only_and_full_file_systems_are_said absent_proc_sys_and_cgroups_are_said odd_names_of_directories_work
	every_umask_gives_every_environment signals_end_a_run_in_order}
