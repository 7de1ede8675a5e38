# SPDX-License-Identifier: GPL-3.0-or-later
# For end-to-end tests: sourced first thing by tests/e2e_*.sh, run from the top of the tree.
# A test is a function whose name says what it proves; `run_tests f g h` runs each in a fresh
# directory $WORK and prints one TAP line for it. A test fails with `fail WHY`, and skips with
# `skip WHY` (only where the host lacks what it needs).
set -u
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TARE=$TOP/tare
AGENT=$TOP/tare-agent
LIMIT=${LIMIT:-120} # seconds for one test
export TARE_STATE=${TARE_STATE:-$(mktemp -d)}
export TARE_HOST=${TARE_HOST:-test-$$} # suites that run side by side disturb each other on purpose

fail() { echo "# $*" >&2; echo "$*" >"$WORK/.fail"; exit 1; }
skip() { echo "$*" >"$WORK/.skip"; exit 77; }
need_root() { [ "$(id -u)" = 0 ] || skip "needs root"; }

# at_most STATUS COMMAND...: runs it, and fails beyond that status
at_most() {
	local most=$1 status
	shift
	"$@" >log 2>&1
	status=$?
	[ $status -le "$most" ] || fail "status $status: $* ($(tail -3 log))"
}

# column NAME FILE: that column of a summary.csv, header left out (no quoted commas in ours before it)
column() {
	python3 - "$1" "$2" <<-'PY'
	import csv, sys
	for row in csv.DictReader(open(sys.argv[2])): print(row[sys.argv[1]])
	PY
}

# Simulated runs write thousands of lines to the disk, each awaited; what they prove needs no disk.
in_memory() { [ ! -w /dev/shm ] || export TMPDIR=/dev/shm; }

# What a run must not change: links, namespaces, mounts, cgroups, and processes of ours.
machine_state() {
	{ ip -o link | sed 's/^[0-9]*: //' | awk '{print $1}'; ip netns; awk '{print $5}' /proc/self/mountinfo
	  find /sys/fs/cgroup -type d -name '*tare*' 2>/dev/null
	  # a dead process that init has not reaped yet does not count, and a tare of others is not ours
	  ps -eo pid=,stat=,comm= | awk '$2 !~ /^Z/ && $3 ~ /^(tare|qemu-system|runc|runsc|crun)/ { print $1, $3 }' |
		while read -r pid name; do
			case $name in tare*) grep -qzx "TARE_HOST=$TARE_HOST" "/proc/$pid/environ" || continue ;; esac
			echo "$name"
		done 2>/dev/null
	  ls "$TARE_STATE" 2>/dev/null; } | sort
}

# Of a test that has ended: a run that it left would refuse all others.
end_group() {
	kill -TERM -- "-$1" 2>/dev/null || return
	for _ in $(seq 100); do
		kill -0 -- "-$1" 2>/dev/null || return
		sleep 0.1
	done
	kill -KILL -- "-$1" 2>/dev/null
}

# Built by `make check SANITIZE=1`: the sanitizers take time and memory of their own.
sanitized() { nm "$TARE" 2>/dev/null | grep -q __asan_init; }

run_tests() {
	local name status start n=0
	sanitized && LIMIT=$((LIMIT * 4))
	for name in "$@"; do
		n=$((n + 1)) WORK=$(mktemp -d) start=$SECONDS
		export WORK
		# a new shell for each: its limit must hold for all that it starts
		# in a process group of its own: the limit holds for all that it starts, and for no more
		set -m
		( set +m; cd "$WORK" && "$name" ) >"$WORK/.log" 2>&1 </dev/null &
		local pid=$!
		set +m
		( sleep "$LIMIT" && echo "over $LIMIT s" >"$WORK/.fail" && kill -TERM -- "-$pid" &&
			sleep 10 && kill -KILL -- "-$pid" ) 2>/dev/null &
		local watch=$!
		wait "$pid"; status=$?
		end_group "$pid"
		pkill -P "$watch" 2>/dev/null; kill "$watch" 2>/dev/null; wait "$watch" 2>/dev/null
		if [ -e "$WORK/.skip" ] && [ $status = 77 ]; then
			echo "ok $n - $name # SKIP $(cat "$WORK/.skip")"
		elif [ $status = 0 ] && [ ! -e "$WORK/.fail" ]; then
			echo "ok $n - $name"
		else
			echo "not ok $n - $name: $(cat "$WORK/.fail" 2>/dev/null || echo "status $status")"
			tail -n 30 "$WORK/.log" | sed 's/^/#   /'
			# what it made stands in the registry still: the next test finds the host clean
			"$TOP/tare" clean 2>&1 | sed 's/^/#   /'
		fi
		[ $((SECONDS - start)) -lt 5 ] || echo "# $((SECONDS - start)) s $name"
		rm -rf "$WORK"
	done
	rmdir "$TARE_STATE" 2>/dev/null # as a run leaves it; a test without one found it empty
	true
}
