#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The agent by itself, over pipes.
. "$(dirname "$0")/lib.sh"

# ask LINE...: what the agent answers to these lines before it ends with the stream
ask() { printf '%s\n' "$@" | timeout 30 "$AGENT"; }

# field PATH: of each JSON line on stdin, the value at a dotted path, where it is there
field() {
	python3 -c '
import json, sys
for line in sys.stdin:
    value = json.loads(line)
    for key in sys.argv[1].split("."): value = value.get(key) if isinstance(value, dict) else None
    if value is not None: print(value)' "$1"
}

run_line() { # ID WORKLOAD PARAMETERS [MORE]
	echo "{\"op\":\"run\",\"id\":$1,\"workload\":\"$2\",\"parameters\":$3,\"seed\":1,\"seconds\":0.05,\"scratch\":\"$WORK\"${4:+,$4}}"
}

it_is_one_static_file_under_4_MiB() {
	file -b "$AGENT" | grep -q 'statically linked' || fail "$(file -b "$AGENT")"
	[ "$(stat -c %s "$AGENT")" -lt 4194304 ] || fail "$(stat -c %s "$AGENT") bytes"
}

its_hello_carries_the_hash_of_its_own_file() {
	local said; said=$(ask '{"op":"hello"}' | field hash)
	[ "$said" = "$(sha256sum <"$AGENT" | cut -d' ' -f1)" ] || fail "it said $said"
}

its_hello_says_what_the_environment_is() {
	ask '{"op":"hello"}' >hello
	ask "{\"op\":\"facts\",\"scratch\":\"$WORK\"}" >facts
	[ "$(field kernel <hello)" = "$(uname -r)" ] || fail "kernel $(field kernel <hello)"
	[ "$(field cpus <hello)" = "$(nproc)" ] || fail "cpus $(field cpus <hello)"
	[ "$(field facts.scratch_filesystem <facts)" = "$(stat -fc %T "$WORK" | sed 's/ext2.ext3/ext4/')" ] ||
		fail "file system $(field facts.scratch_filesystem <facts)"
	python3 -c 'import json; c = json.load(open("facts"))["clock"]; assert 1 < c["read_ns"] < 1e6, c' ||
		fail "the clock"
}

it_runs_as_process_1_and_ends_with_its_stream() {
	need_root
	printf '{"op":"hello"}\n' | timeout 20 unshare --pid --fork --mount-proc "$AGENT" >hello || fail "status $?"
	[ "$(field pid <hello)" = 1 ] || fail "pid $(field pid <hello)"
}

what_it_does_not_understand_is_an_error_and_it_goes_on() {
	ask 'garbage' '[]' '{}' '{"op":"dance"}' '{"op":"go","id":5}' '{"op":"finish"}' '{"op":"run","id":6}' \
		'{"op":"run","id":7,"workload":"cpu.prime","seconds":-1}' '{"op":"ping"}' >answers || fail "status $?"
	[ "$(field type <answers | sort | uniq -c | xargs)" = "8 error 1 pong" ] || fail "$(cat answers)"
	[ "$(field id <answers | xargs)" = "5 6 7" ] || fail "ids $(field id <answers | xargs)"
}

a_line_over_4_MiB_ends_it_with_no_crash() {
	head -c 5000000 /dev/zero | tr '\0' 'x' | timeout 20 "$AGENT" >answers
	[ $? = 0 ] || fail "status $?"
}

a_trial_ends_before_it_is_verified_and_holds_what_it_must() {
	# a slow prepare says that it lives: docs/protocol.md allows any number of such lines before `ready`
	ask "$(run_line 3 cpu.compress '{"size":"1m"}')" '{"op":"go","id":3}' >all
	sed '/"ready"/,$!{/"type":"progress"/d}' all >answers
	[ "$(field type <answers | xargs)" = "ready ended trial" ] || fail "$(cat answers)"
	python3 - <<-'PY' || fail "$(cat answers)"
	import json
	t = [json.loads(l) for l in open("answers")][-1]
	seconds = (t["t_end"] - t["t_start"]) / 1e9
	assert t["id"] == 3 and 0.05 <= seconds < 0.2, seconds
	assert abs(t["operations"] / seconds / t["values"]["throughput"] - 1) < 0.01
	assert t["usage"]["user"] > 0 and float(t["notes"]["ratio"]) < 0.7
	PY
}

a_parameter_out_of_range_is_refused_with_its_range() {
	ask "$(run_line 1 disk.fsync '{"size":"8g"}')" | field message | grep -q 'disk.fsync.size=8g: give.*16 to 1m' ||
		fail "no refusal"
}

a_long_prepare_says_each_second_that_it_lives() {
	run_line 1 disk.randomrw '{"size":"4g"}' >request
	python3 - "$AGENT" <<-'PY' || fail "silent"
	import json, subprocess, sys, time
	p = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
	start = last = time.monotonic(); gap = progress = 0
	p.stdin.write(open("request", "rb").read()); p.stdin.flush()
	for line in p.stdout:
	    now = time.monotonic(); gap = max(gap, now - last); last = now
	    kind = json.loads(line)["type"]
	    progress += kind == "progress"
	    if kind != "progress": break
	p.stdin.close(); p.wait()
	print("# %d lines in %.1f s, longest silence %.2f s" % (progress, last - start, gap))
	sys.exit(kind != "ready" or gap > 1 or progress < int((last - start) / 0.6))
	PY
}

scratch_files_are_gone_after_release_and_after_the_stream_ends() {
	{ run_line 1 disk.randomrw '{"size":"1m"}'; sleep 0.5; ls "$WORK" >during; echo '{"op":"release"}'; sleep 0.5
	  ls "$WORK" >after; run_line 2 disk.metadata '{}'; } | timeout 30 "$AGENT" >answers
	grep -q tare-disk.randomrw during || fail "no file during the trial"
	! grep -q tare- after || fail "left after release: $(cat after)"
	! ls "$WORK" | grep tare- || fail "left after the end"
}

its_threads_stay_on_the_cpus_of_the_trial() {
	ask "$(run_line 1 cpu.prime '{}' '"cpus":[0]')" | field type | grep -q ready || fail "not ready"
	ask "$(run_line 1 cpu.prime '{}' '"cpus":[1023]')" | field message | grep -q 'pinning' || fail "CPU 1023 was taken"
}

# The baseline must run on any x86-64: none of its vector code may be needed to start.
it_runs_on_a_cpu_without_vector_extensions() {
	command -v qemu-x86_64-static qemu-x86_64 >/dev/null || skip "no user-mode QEMU (apt install qemu-user)"
	local qemu; qemu=$(command -v qemu-x86_64-static || command -v qemu-x86_64)
	{ run_line 1 memory.stream '{"size":"6m"}'; echo '{"op":"go","id":1}'; run_line 2 cpu.linpack '{"order":50}'
	  echo '{"op":"go","id":2}'; } | timeout 60 "$qemu" -cpu qemu64 "$AGENT" >answers
	[ "$(field type <answers | grep -c trial)" = 2 ] || fail "$(cat answers)"
	[ "$(field notes.vector <answers | sort -u)" = baseline ] || fail "$(field notes.vector <answers)"
}

run_tests it_is_one_static_file_under_4_MiB its_hello_carries_the_hash_of_its_own_file \
	its_hello_says_what_the_environment_is \
	it_runs_as_process_1_and_ends_with_its_stream what_it_does_not_understand_is_an_error_and_it_goes_on \
	a_line_over_4_MiB_ends_it_with_no_crash a_trial_ends_before_it_is_verified_and_holds_what_it_must \
	a_parameter_out_of_range_is_refused_with_its_range a_long_prepare_says_each_second_that_it_lives \
	scratch_files_are_gone_after_release_and_after_the_stream_ends its_threads_stay_on_the_cpus_of_the_trial \
	it_runs_on_a_cpu_without_vector_extensions
