#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What crosses a trust boundary, and what checks it: docs/security.md.
LIMIT=${LIMIT:-600}
. "$(dirname "$0")/lib.sh"
OTHER=61234 # not nobody (65534): the microvm becomes that one, and its directories are root's to remove
AS_OTHER="setpriv --reuid=$OTHER --regid=$OTHER --clear-groups"

made_up() { python3 "$TOP/tests/synthetic_run.py" "$@" >/dev/null || fail "no run was made"; }

# A run directory that another user owns, in a directory of that user's.
others_run() {
	chmod 711 "$WORK"; mkdir theirs; made_up theirs/run; chown -R $OTHER:$OTHER theirs
}

# Exchanges scripts, links and directories in the run as fast as it can, until it is killed.
race() {
	$AS_OTHER python3 - <<-'PY'
	import os
	evil = b"system 'touch /tmp/tare-evil-%d; id > evil'\n" % os.getppid()
	os.chdir("theirs/run")
	names = ["figures/overhead.gp", "figures/forest.gp", "figures/overhead.dat", "summary.csv.new",
	         "report.html.new", "figures/overhead.svg.new", "summary.json"]
	def quietly(call, *arguments):
	    try: call(*arguments)
	    except OSError: pass
	def script(name):
	    with open(name + ".evil", "wb") as file: file.write(evil)
	    os.rename(name + ".evil", name)
	while True:
	    for name in names:
	        quietly(script, name)
	        quietly(os.unlink, name)
	        quietly(os.symlink, "../../../victim", name)
	    quietly(os.rename, "figures", "figures.real")
	    quietly(os.symlink, "../../elsewhere", "figures")
	    quietly(os.unlink, "figures")
	    quietly(os.rename, "figures.real", "figures")
	PY
}

root_reports_in_a_racing_users_directory_and_gives_nothing_away() {
	need_root
	others_run
	mkdir -m 755 elsewhere; echo precious >victim; chmod 600 victim
	race & local racer=$!
	for _ in 1 2 3 4 5 6; do "$TARE" report theirs/run >/dev/null 2>&1; done
	kill $racer; pkill -P $racer; wait $racer 2>/dev/null
	find theirs -user 0 >roots
	[ ! -s roots ] || fail "made as root: $(cat roots)"
	[ "$(cat victim)" = precious ] && [ "$(stat -c '%u %a' victim)" = "0 600" ] || fail "the victim was touched"
	[ -z "$(ls elsewhere)" ] || fail "written outside: $(ls elsewhere)"
	[ -z "$(find . /tmp -maxdepth 1 \( -name evil -o -name 'tare-evil-*' \))" ] || fail "a script was run"
}

a_report_as_root_is_derived_as_the_directorys_owner() {
	need_root
	others_run
	"$TARE" report theirs/run >/dev/null || fail "status $?"
	find theirs ! -user $OTHER >others
	[ ! -s others ] || fail "not the owner's: $(cat others)"
	[ -s theirs/run/figures/overhead.png ] || fail "no figure"
}

# gnuplot runs as the owner, who can trace it: what it can do, the owner can.
what_runs_as_the_owner_has_neither_roots_terminal_nor_its_environment() {
	need_root
	others_run
	mkdir -m 755 bin; mkdir -m 777 seen
	cat >bin/gnuplot <<-SH
		#!/bin/sh
		(: </dev/tty) 2>/dev/null && echo terminal >$WORK/seen/terminal
		env >$WORK/seen/environment
		exec /usr/bin/gnuplot "\$@"
	SH
	chmod 755 bin/gnuplot
	TOKEN=secret-of-root PATH="$WORK/bin:$PATH" script -qec "$TARE report theirs/run" /dev/null >said 2>&1 ||
		fail "status $?: $(tail -n 3 said)"
	grep -q '^PATH=' seen/environment || fail "gnuplot did not run"
	[ ! -e seen/terminal ] || fail "root's terminal is its own"
	! grep secret-of-root seen/environment || fail "it has root's environment"
}

what_runs_as_the_owner_has_the_owners_group_and_none_of_roots_descriptors() {
	need_root
	others_run
	chgrp -R 0 theirs; mkdir -m 755 bin; mkdir -m 777 seen
	echo secret >descriptor
	printf '#!/bin/sh\nid -g >>%s/seen/groups; id -G >>%s/seen/groups\ncat <&9 >%s/seen/secret' "$WORK" "$WORK" "$WORK" >bin/gnuplot
	chmod 755 bin/gnuplot
	PATH="$WORK/bin:$PATH" "$TARE" report theirs/run >said 2>&1 9<descriptor
	[ "$(sort -u seen/groups)" = "$(id -g nobody)" ] || fail "groups: $(sort -u seen/groups)"
	[ ! -s seen/secret ] || fail "what root's shell has open is read"
}

a_report_whose_process_its_owner_stops_ends_and_says_so() {
	need_root
	others_run
	mkdir -m 755 bin
	printf '#!/bin/sh\nkill -STOP $PPID\n' >bin/gnuplot; chmod 755 bin/gnuplot
	PATH="$WORK/bin:$PATH" timeout 60 "$TARE" report theirs/run >said 2>&1
	[ $? = 1 ] && grep -q 'stopped' said || fail "$(tail -n 3 said)"
}

# What only root can read in another user's run is not read: nor is it root who parses the rest.
everything_that_reads_another_users_run_does_so_as_that_user() {
	need_root
	others_run; made_up mine
	"$TARE" compare mine theirs/run >/dev/null 2>said || fail "compare: $(cat said)"
	mkdir -m 777 open
	"$TARE" export theirs/run --format hgrm --out open/export >said 2>&1 || fail "export: $(cat said)"
	[ -n "$(ls open/export)" ] && [ -z "$(find open/export ! -user $OTHER)" ] || fail "$(ls -l open/export)"
	mkdir -m 711 tare-runs; cp -a theirs/run tare-runs/run; chown $OTHER tare-runs
	"$TARE" list runs >said 2>&1 && grep -q overhead said || fail "list: $(cat said)"
	chown 0:0 theirs/run/run.json tare-runs/run/run.json
	chmod 600 theirs/run/run.json tare-runs/run/run.json
	for command in "report theirs/run" "compare mine theirs/run" "compare theirs/run mine" "export theirs/run" \
		"export theirs/run --format hgrm --out open/more"; do
		"$TARE" $command >said 2>&1 && fail "$command: read as root"
		grep -q 'Permission denied' said || fail "$command: $(cat said)"
	done
	"$TARE" list runs | grep -q overhead && fail "list: read as root"
	return 0
}

# Exchanges the run directory, and all above the scratch directory with it, for one of root's.
swap() {
	$AS_OTHER python3 - <<-'PY'
	import os, time
	os.chdir("theirs")
	while True:
	    try:
	        os.rename("run", "away"); os.symlink("../elsewhere", "run"); time.sleep(0.002)
	        os.unlink("run"); os.rename("away", "run"); time.sleep(0.002)
	    except OSError: time.sleep(0.001)
	PY
}

root_makes_and_removes_scratch_in_a_racing_users_directory_and_nothing_outside() {
	need_root
	chmod 711 "$WORK"; mkdir theirs; chown $OTHER:$OTHER theirs
	mkdir -m 755 elsewhere elsewhere/scratch; echo precious >elsewhere/scratch/file
	find elsewhere -printf '%p %u %m %s\n' >before
	local all='-e container'; [ -w /dev/kvm ] && all+=' -e microvm'
	"$TARE" run $all -w disk.seqwrite --time 12 --out theirs/run >log 2>&1 & local pid=$!
	for _ in $(seq 200); do [ -e theirs/run/run.json ] && break; sleep 0.05; done
	swap & local racer=$!
	wait $pid; local status=$?
	kill $racer; pkill -P $racer; wait $racer 2>/dev/null
	[ -L theirs/run ] && { rm theirs/run; mv theirs/away theirs/run; }
	[ $status -le 1 ] || fail "status $status: $(tail -n 5 log)"
	find elsewhere -printf '%p %u %m %s\n' | diff before - || fail "something outside was changed"
	grep -c '"record":"trial"' theirs/run/trials.jsonl >count && grep -q '"values"' theirs/run/trials.jsonl || fail "no trials: $(tail -n 5 log)"
	[ ! -e theirs/run/scratch ] || fail "left: $(find theirs/run/scratch)"
	[ -z "$(ls "$TARE_STATE" 2>/dev/null)$(grep "$WORK" /proc/self/mountinfo)" ] || fail "left in the registry or mounted"
}

a_label_that_begins_with_a_quote_draws_its_figure() {
	made_up run
	python3 - <<-'PY'
	import json
	run = json.load(open("run/run.json"))
	for environment in run["environments"].values(): environment["label"] = "'quoted' and 'more'"
	json.dump(run, open("run/run.json", "w"))
	PY
	rm -rf run/figures
	"$TARE" report run >/dev/null 2>said || fail "status $?: $(cat said)"
	[ -s run/figures/overhead.png ] || fail "no figure: $(cat said)"
	grep -q 'quoted' run/figures/overhead.svg || fail "the label is not in it"
}

sudo_hands_over_its_own_files_and_no_others() {
	need_root
	chmod 711 "$WORK"; mkdir theirs; chown $OTHER:$OTHER theirs; echo precious >victim; chmod 600 victim
	cd theirs || fail "cannot enter"
	SUDO_UID=$OTHER SUDO_GID=$OTHER "$TARE" run -e sim -w cpu.prime --baseline sim --time 4 >../log 2>&1 ||
		fail "status $?: $(tail -n 3 ../log)"
	find . ! -user $OTHER >../others
	[ ! -s ../others ] || fail "not the user's: $(cat ../others)"
	[ "$(stat -c %u ../victim)" = 0 ] || fail "given away"
}

a_uri_that_names_a_program_is_refused() {
	for uri in 'qemu+ext:///system?command=/bin/true' 'qemu:///system?command=/bin/true' 'qemu+ssh://host/system' \
		'qemu+libssh2://host/system' 'xen:///' 'qemu:///system#x' 'test:///default'; do
		"$TARE" run -e "vm:uri=$uri" -w cpu.prime --dry-run >said 2>&1
		[ $? = 2 ] || fail "$uri: $(cat said)"
		grep -q 'give embed' said || fail "$uri: $(cat said)"
	done
}

a_resumed_plan_names_no_file_that_the_command_line_does_not_repeat() {
	need_root
	"$TARE" run -e container -w cpu.prime --time 20 --out run >log 2>&1 & local pid=$!
	for _ in $(seq 300); do grep -qs '"record":"trial"' run/trials.jsonl && break; sleep 0.1; done
	kill -INT $pid; wait $pid
	python3 - <<-'PY'
	import json
	run = json.load(open("run/run.json"))
	name = "vm:kernel=/tmp/evil"
	run["plan"]["instances"].append(dict(run["plan"]["instances"][-1], id="vm", environment=name))
	run["environments"][name] = {"label": "VM", "available": True, "comparable": True, "reason": "", "driver": "vm"}
	json.dump(run, open("run/run.json", "w"))
	PY
	"$TARE" run --resume run >said 2>&1
	[ $? = 2 ] && grep -q 'names files or programs' said || fail "taken: $(cat said)"
	"$TARE" run --resume run -e microvm >said 2>&1
	[ $? = 2 ] || fail "another environment was taken: $(cat said)"
	sed -i 's/"limit": [0-9]*/"limit": 1099511627776/' run/run.json
	"$TARE" run --resume run >said 2>&1
	[ $? = 2 ] && grep -q 'cpu.prime.limit=' said || fail "the catalogue does not limit it: $(cat said)"
	sed -i 's/"limit": 1099511627776/"limit": 10000/' run/run.json
	for size in '"memory_bytes":1125899906842624' '"scratch_bytes":-1'; do
		python3 - "$size" <<-'PY'
		import json, sys
		run = json.load(open("run/run.json"))
		run["placement"].update(json.loads("{" + sys.argv[1] + "}"))
		json.dump(run, open("run/run.json", "w"))
		PY
		"$TARE" run --resume run >said 2>&1
		[ $? = 2 ] && grep -q "$(cut -d'"' -f2 <<<"$size").*this host allows" said || fail "$size: $(cat said)"
		sed -i 's/"memory_bytes": 1125899906842624/"memory_bytes": 268435456/' run/run.json
	done
}

a_scratch_directory_that_was_there_is_not_removed_by_a_resumed_run() {
	need_root
	"$TARE" run -e container -w cpu.prime --time 20 --out run >log 2>&1 & local pid=$!
	for _ in $(seq 300); do grep -qs '"record":"trial"' run/trials.jsonl && break; sleep 0.1; done
	kill -INT $pid; wait $pid
	mkdir run/scratch; echo precious >run/scratch/mine
	"$TARE" run --resume run >said 2>&1 && fail "it went on in somebody's directory"
	"$TARE" clean >/dev/null
	[ "$(cat run/scratch/mine)" = precious ] || fail "it was removed"
	grep -q 'is not this run' said || fail "$(cat said)"
}

root_removes_no_directory_that_was_put_in_the_place_of_its_own() {
	need_root
	chmod 711 "$WORK"; mkdir theirs precious state; echo x >precious/file
	chown $OTHER:$OTHER theirs
	local boot; boot=$(cat /proc/sys/kernel/random/boot_id)
	mkdir -p theirs/a; chown $OTHER theirs/a
	# what was registered: theirs/b/scratch and theirs/a; b is a link now, a is the user's own
	ln -s "$PWD" theirs/b
	printf '{"run":"x","pid":1,"boot":"%s"}\n{"add":"directory","name":"%s/theirs/b/precious"}\n{"add":"directory","name":"%s/theirs/a"}\n{"add":"file","name":"%s/theirs/b/precious/file"}\n' \
		"$boot" "$PWD" "$PWD" "$PWD" >state/x.jsonl
	TARE_STATE=$PWD/state "$TARE" clean >said 2>&1
	[ -e precious/file ] || fail "a link on the way was followed: $(cat said)"
	[ -d theirs/a ] || fail "another user's directory was removed"
}

closed_standard_descriptors_do_not_become_the_journal() {

	"$TARE" run -e container -w cpu.prime --time 4 --out run <&- >&- 2>&-
	python3 - <<-'PY' || fail "$(head -c 300 run/trials.jsonl)"
	import json
	for line in open("run/trials.jsonl"): json.loads(line)
	PY
}

output_that_does_not_arrive_is_no_success() {
	made_up run
	for command in "report run" "report run --csv" "report run --json" "compare run run" "export run" list --version --help; do
		"$TARE" $command >/dev/full 2>said
		[ $? = 1 ] || fail "$command to /dev/full: status $?"
		grep -q 'cannot write to standard output' said || fail "$command: $(cat said)"
	done
	"$TARE" list >&- 2>/dev/null
	[ $? = 1 ] || fail "a closed standard output counts as success"
}

a_limit_of_file_size_is_an_error_and_not_a_signal() {
	made_up run
	(ulimit -f 8; "$TARE" report run >/dev/null 2>said)
	local status=$?
	[ $status = 1 ] || fail "status $status: $(cat said)"
	grep -q 'File too large' said || fail "$(cat said)"
}

a_journal_that_is_removed_or_exchanged_during_a_run_is_no_complete_run() {
	need_root
	for harm in 'rm run/trials.jsonl' 'cp run/trials.jsonl x; mv x run/trials.jsonl' 'truncate -s 10 run/trials.jsonl'; do
		rm -rf run
		"$TARE" run -e container -w cpu.prime --time 5 --out run >log 2>&1 & local pid=$!
		for _ in $(seq 300); do grep -qs '"record":"trial"' run/trials.jsonl && break; sleep 0.1; done
		eval "$harm"
		wait $pid && fail "$harm: status 0"
		grep -q '"status": "complete"' run/run.json && fail "$harm: called complete"
		grep -q 'during the run' log || fail "$harm: $(tail -n 3 log)"
	done
}

root_of_a_user_namespace_alone_leaves_nothing() {
	unshare -Ur true 2>/dev/null || skip "no user namespaces"
	unshare -Ur "$TARE" run -e container -w cpu.prime --time 4 --out run >log 2>&1
	[ $? = 1 ] || fail "status $?: $(tail -n 3 log)"
	[ ! -e run/scratch ] || fail "scratch is left"
	[ -z "$(ls "$TARE_STATE" 2>/dev/null)" ] || fail "left in the registry: $(ls "$TARE_STATE")"
}

odd_names_of_directories_are_no_options() {
	need_root
	mkdir 'a,b:c\d e' && cd 'a,b:c\d e' || fail "no such name"
	"$TARE" run -e container -w cpu.prime --time 4 --out run >../log 2>&1 || fail "status $?: $(tail -n 3 ../log)"
}

programs_in_sbin_are_found_without_it_in_path() {
	PATH=/usr/bin:/bin "$TARE" doctor >said 2>&1
	grep -q 'e2fsprogs' said && [ -x /usr/sbin/mkfs.ext4 ] && fail "$(grep e2fsprogs said)"
	return 0
}

# The root of a container can make set-user-ID programs and devices: they are for that container alone.
other_users_get_at_nothing_that_a_container_makes() {
	need_root
	chmod 711 . && mkdir -m 711 disk
	"$TARE" run --out run --scratch disk -e container -w cpu.prime --time 10 >log 2>&1 & local pid=$!
	for _ in $(seq 300); do grep -q '"record":"trial".*container' run/trials.jsonl 2>/dev/null && break; sleep 0.05; done
	local upper id; upper=$(echo disk/*/*-container-*/upper)
	id=$(cd disk && echo *)
	cp /usr/bin/id "/proc/$(cat /sys/fs/cgroup/{,*/}"tare-$id"-container*/cgroup.procs 2>/dev/null | head -n 1)/root/tmp/program"
	chmod 4755 "$upper/tmp/program"
	setpriv --reuid=65534 --regid=65534 --clear-groups ls -d "disk/$id/." >reached 2>&1
	setpriv --reuid=65534 --regid=65534 --clear-groups sh -c "'$upper/tmp/program'" >said 2>&1 && echo "it ran: $(cat said)" >>said
	[ -u "$upper/tmp/program" ] || echo "no program" >>said
	wait $pid; [ $? -le 1 ] || fail "$(tail -n 3 log)"
	[ "$(cat reached)" = "disk/$id/." ] || fail "not even the directory above: $(cat reached)"
	grep -E 'it ran|no program' said && fail "$(cat said)"
	return 0
}

run_tests ${TRUST_TESTS:-other_users_get_at_nothing_that_a_container_makes \
	root_makes_and_removes_scratch_in_a_racing_users_directory_and_nothing_outside a_label_that_begins_with_a_quote_draws_its_figure \
	root_reports_in_a_racing_users_directory_and_gives_nothing_away a_report_as_root_is_derived_as_the_directorys_owner \
	what_runs_as_the_owner_has_neither_roots_terminal_nor_its_environment \
	what_runs_as_the_owner_has_the_owners_group_and_none_of_roots_descriptors \
	a_report_whose_process_its_owner_stops_ends_and_says_so \
	everything_that_reads_another_users_run_does_so_as_that_user \
	sudo_hands_over_its_own_files_and_no_others a_uri_that_names_a_program_is_refused \
	a_resumed_plan_names_no_file_that_the_command_line_does_not_repeat \
	a_scratch_directory_that_was_there_is_not_removed_by_a_resumed_run \
	root_removes_no_directory_that_was_put_in_the_place_of_its_own closed_standard_descriptors_do_not_become_the_journal \
	output_that_does_not_arrive_is_no_success a_limit_of_file_size_is_an_error_and_not_a_signal \
	a_journal_that_is_removed_or_exchanged_during_a_run_is_no_complete_run root_of_a_user_namespace_alone_leaves_nothing \
	odd_names_of_directories_are_no_options programs_in_sbin_are_found_without_it_in_path}
