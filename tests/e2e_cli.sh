#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The command line as its user meets it: help, lists, and refusals of one line and status 2.
. tests/lib.sh

# refused WORDS ARGUMENT...: status 2, one line that holds WORDS, nothing on stdout, nothing made
refused() {
	local words=$1 status
	shift
	"$TARE" "$@" >out 2>err </dev/null
	status=$?
	[ $status = 2 ] || fail "tare $*: status $status"
	[ "$(wc -l <err)" = 1 ] || fail "tare $*: $(wc -l <err) lines: $(cat err)"
	grep -qF -- "$words" err || fail "tare $*: no '$words' in: $(cat err)"
	[ ! -s out ] || fail "tare $*: wrote to stdout"
	[ ! -e tare-runs ] || fail "tare $*: made tare-runs"
}

wrong_command_lines_are_refused_with_what_is_valid() {
	refused "valid commands: doctor"
	refused "valid commands: doctor" nonsense
	refused "valid studies: overhead" run nonsense
	refused "unexpected argument" run aa bb
	refused "container" run -e nonsense
	refused "container" run --baseline nonsense
	refused "valid values: bridge" run -e container:net=nonsense
	refused "valid options:" run -e container:nonsense=1
	refused "valid workloads: cpu." run -w 'nonsense*'
	refused "whole number" run --seed x
	refused "whole number" run --seed -1
	refused "whole number" run --seed 99999999999999999999
	refused "quick standard thorough" run --preset nonsense
	refused "seconds from 1" run --time 0
	refused "seconds from 1" run --time nan
	refused "--environment" run --nonsense
	refused "is ambiguous" run --s
	refused "--environment" run -Z
	refused "needs a value" run --seed
	refused "needs a value" run -e
	refused "takes no value" run --dry-run=yes
	refused "en pt-BR" run --lang nonsense
	refused "tare list counters" run --counters nonsense
	refused "WORKLOAD.PARAMETER" run -e sim --set nonsense
	refused "valid parameters" run -e sim --set cpu.compress.nonsense=1
	refused "from 0 to 9" run -e sim --set cpu.compress.preset=77
	refused "not in this run" run -e sim --set nonsense.size=1
	refused "share" run -e sim --set slow=x
	refused "vm disk -50%" run -e sim --predict nonsense
	refused "environment" run -e sim --predict 'nonsense disk -50%'
	refused "cannot resume" run --resume /nonexistent
	refused "its own plan" run --resume /nonexistent --seed 1
	refused "no run given" report
	refused "is not a run: No such file or directory; " report /nonexistent
	refused "is not a run" report /
	refused "unexpected argument" report a b
	refused "latest" report latest
	refused "takes two" compare
	refused "takes two" compare a
	refused "is not a run" compare /nonexistent /nonexistent
	refused "csv hgrm" export --format nonsense latest
	refused "no run given" export
	refused "is not a run" export /nonexistent
	refused "unknown name" list nonsense
	refused "list takes one name" list a b
	refused "unexpected argument" doctor a
	refused "unexpected argument" clean a
	refused "sharma2016 felter2015" reproduce overhead
	refused "sharma2016 felter2015" reproduce
}

a_scratch_directory_must_be_empty_and_ones_own() {
	mkdir foreign && touch foreign/diary
	refused "is a system directory" run --scratch /etc
	refused "a device" run --scratch /dev/null
	refused "diary" run --scratch foreign
	refused "No such file" run --scratch /nonexistent
}

an_output_directory_that_exists_is_refused_and_stays_as_it_was() {
	mkdir there && touch there/file
	refused "already exists" run -e sim --out there
	[ "$(ls there)" = file ] || fail "there: $(ls there)"
	refused "No such file" run -e sim --out /nonexistent/directory
}

help_and_version_end_with_status_0() {
	local command
	"$TARE" --help >out || fail "--help"
	grep -q "Exit status" out || fail "no exit status in --help"
	"$TARE" --version | grep -q '^tare [0-9]' || fail "--version"
	for command in doctor list run reproduce report compare export clean; do
		grep -q "^  $command " out || fail "$command is not in --help"
		"$TARE" $command --help >help || fail "$command --help"
		grep -q "Usage: tare $command" help || fail "$command --help: $(head -1 help)"
	done
}

list_explains_what_it_lists() {
	local name
	"$TARE" list >out || fail "list"
	for name in cpu.compress disk.randomrw bare container overhead aa; do
		grep -q "^  $name " out || fail "$name is not in the list"
		"$TARE" list $name | head -1 | grep -q "^$name" || fail "list $name"
	done
	"$TARE" list --json | python3 -c '
import json, sys
lists = json.load(sys.stdin)
assert {"workloads", "environments", "studies"} <= set(lists), lists.keys()
assert all(w["metrics"] for w in lists["workloads"])
' || fail "list --json"
}

studies_say_what_of_the_published_ones_they_cover() {
	"$TARE" list studies >out || fail "status $?"
	for figure in 'Fig 5' 'Fig 9a' 'Fig 10' 'Fig 11a' 'Fig 12' 'Table 2' 'Table 5'; do
		grep -A2 '^  sharma2016' out | grep 'not yet:' | grep -q "$figure[,]\|$figure\$" ||
			fail "$figure of sharma2016 is not said to be missing"
	done
	grep -A2 '^  sharma2016' out | grep -q 'covers: .*Fig 4a.*Fig 4d' || fail "Figure 4 is not covered"
	grep -A2 '^  felter2015' out | grep -q 'not yet: .*Fig 8' || fail "felter2015's Figure 8"
}

a_dry_run_prints_the_plan_and_makes_nothing() {
	"$TARE" run --dry-run -e bare -e sim >out || fail "status $?"
	grep -q "null arm" out || fail "no null arm in the plan"
	grep -q "^time: " out || fail "no time in the plan"
	[ -z "$(ls | grep -v '^out$')" ] || fail "made $(ls)"
}

every_option_and_value_is_taken_and_a_wrong_one_is_refused_with_the_valid_ones() {
	"$TARE" list environments --json >list.json || fail "list: status $?"
	/usr/bin/python3 - "$TARE" <<-'PY' || fail "an option"
	import json, subprocess, sys
	def dry(environment):
	    return subprocess.run([sys.argv[1], "run", "-w", "cpu.prime", "-e", environment, "--dry-run"],
	                          capture_output=True, text=True)
	count = 0
	drivers = json.load(open("list.json"))
	drivers = drivers.get("environments", drivers) if isinstance(drivers, dict) else drivers
	for driver in drivers:
	    for option in driver.get("options", []):
	        choices = option.get("choices") or []
	        for value in choices:
	            environment = f'{driver["name"]}:{option["name"]}={value}'
	            result = dry(environment)
	            assert result.returncode == 0, (environment, result.stderr)
	            count += 1
	        if choices:
	            result = dry(f'{driver["name"]}:{option["name"]}=wrong')
	            assert result.returncode == 2, option
	            assert all(c in result.stderr for c in choices), (option, result.stderr)
	assert count > 50, count
	PY
}

every_option_of_the_help_stands_in_the_man_page() {
	local option
	for option in $("$TARE" run --help | grep -o -- '--[a-z-]*' | sort -u); do
		case $option in --help | --usage) continue ;; esac
		sed 's/\\-/-/g' "$TOP/docs/tare.1" | grep -q -- "$option" || fail "$option is not in tare.1"
	done
}

run_tests wrong_command_lines_are_refused_with_what_is_valid \
	a_scratch_directory_must_be_empty_and_ones_own \
	an_output_directory_that_exists_is_refused_and_stays_as_it_was \
	help_and_version_end_with_status_0 list_explains_what_it_lists \
	studies_say_what_of_the_published_ones_they_cover \
	a_dry_run_prints_the_plan_and_makes_nothing \
	every_option_and_value_is_taken_and_a_wrong_one_is_refused_with_the_valid_ones \
	every_option_of_the_help_stands_in_the_man_page
