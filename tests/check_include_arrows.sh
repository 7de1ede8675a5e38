#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# check_include_arrows.sh [TREE]: prints every #include that tests/include_arrows does not allow,
# and every one of a file that is not there. Status 1 if there is one.
cd "${1:-$(dirname "$0")/..}" || exit 2
find base workloads drivers results plots harness -name '*.[ch]' | sort |
	xargs -r awk '
	function folder(path) { sub("/[^/]*$", "", path); return path }
	FILENAME == "tests/include_arrows" {
		if ($0 ~ /^[a-z]/) {
			from = $1; sub(":$", "", from); known[from] = 1
			for (i = 2; i <= NF; i++) allowed[from, $i] = 1
		}
		next
	}
	match($0, /^#[ \t]*include[ \t]*"[^"]*"/) {
		split($0, part, "\""); target = part[2]; from = folder(FILENAME); to = folder(target)
		if (!(from in known)) why = "no line in tests/include_arrows for " from
		else if ((getline unused < target) < 0) why = "no such file; paths start at the top of the tree"
		else if (from != to && !((from, to) in allowed)) why = from " may not include " to " (tests/include_arrows)"
		else why = ""
		close(target)
		if (why != "") { print FILENAME ":" FNR ": " target ": " why; bad = 1 }
	}
	END { exit bad }' tests/include_arrows
