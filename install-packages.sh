#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# install-packages.sh [check|machines|bench|lint]: installs what is missing of packages.txt (with a word
# also what only the tests, only `make bench`, or only `make lint` and `make analyze` need). On
# Debian and its kin by apt-get; on Fedora, Arch and openSUSE it names what to install.
# Asks first where there is a terminal to answer on and CI is not set. Starts no service, and
# disables again what the packages would start at the next boot: libvirt is used embedded.
set -eu
cd "$(dirname "$0")"
log=build/packages.log

list() { # the packages of one part of the list; "": those that all need
	sed -e 's/#.*//' packages.txt | awk -v part="$1" \
		'/^\[/ { if ($1 == "[" part "]") print $2; next } NF && part == "" { print $1 }'
}
needed=$(list "")
extra=$([ -z "${1:-}" ] || list "$1")

# The names of one column of packages-elsewhere.txt, for those that have one there.
elsewhere() {
	sed -e 's/#.*//' packages-elsewhere.txt |
		awk -v column="$1" 'NF && $column !~ /^[.?]$/ { gsub(/\+/, " ", $column); print $column }'
}

# What is not Debian's kin: names alone.
name_packages() {
	local kin column command
	kin=" $(. /etc/os-release 2>/dev/null && echo "${ID:-} ${ID_LIKE:-}") "
	case $kin in
	*" fedora "* | *" rhel "*) column=2 command="dnf install" ;;
	*" arch "*) column=3 command="pacman -S --needed" ;;
	*" suse "* | *" opensuse "*) column=4 command="zypper install" ;;
	*)
		echo "tare: this is no Debian system: install what corresponds to these Debian packages,"
		echo "then run 'make' again:"
		printf '  %s\n' $needed
		return
		;;
	esac
	echo "tare: this is no Debian system, and Tare has not been tried here. Install, then run 'make' again:"
	echo "  $command" $(elsewhere $column)
	unsure=$(sed -e 's/#.*//' packages-elsewhere.txt | awk -v c=$column '$c == "?" { print $1 }')
	[ -z "$unsure" ] || echo "and what corresponds to Debian's" $unsure
	echo "The agent is linked statically: libjansson.a, liblzma.a, liburing.a and libnettle.a are needed as"
	echo "well. What your distribution does not ship of them must be built, or tare-agent taken from a"
	echo "Debian system: it is one static file."
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	command -v pkg-config >/dev/null && pkg-config --exists jansson gsl hwloc libvirt libzstd && exit 0
	name_packages >&2
	exit 1
fi

missing=
for package in $needed $extra; do
	[ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null)" = "ii " ] ||
		missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "missing packages:$missing"
if [ "$(id -u)" != 0 ]; then
	echo "tare: installing needs root: sudo apt-get install$missing" >&2
	exit 1
fi
if grep -qs '^ID=ubuntu' /etc/os-release; then
	echo "note: the package names are Debian's; Tare has not been tried on Ubuntu" >&2
fi
if [ -t 0 ] && [ -t 1 ] && [ -z "${CI:-}" ]; then
	printf 'install them with apt-get? [Y/n] '
	read -r answer
	case $answer in [nN]*) exit 1 ;; esac
fi

enabled_units() {
	find /etc/systemd/system -type l 2>/dev/null | sort
}

# Debian starts a package's services when it installs it; policy-rc.d answers "not allowed" (101).
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
	printf '#!/bin/sh\nexit 101\n' >$policy
	chmod 755 $policy
	trap 'rm -f $policy' EXIT
fi
mkdir -p build
before=$(enabled_units)
export DEBIAN_FRONTEND=noninteractive
apt-get -q update >$log 2>&1 </dev/null || { tail -n 20 $log >&2; exit 1; }
# What a distribution does not have of the tests' tools leaves out those tests, and no more.
available=
for package in $missing; do
	if apt-cache show "$package" >/dev/null 2>&1; then
		available="$available $package"
	elif [[ " $(echo $extra) " = *" $package "* ]]; then
		echo "not in this system's lists, left out: $package" >&2
	else
		echo "tare: this system's lists have no $package, which Tare needs" >&2
		exit 1
	fi
done
missing=$available
[ -n "$missing" ] || exit 0
if ! apt-get -q -y install --no-install-recommends $missing >>$log 2>&1 </dev/null; then
	tail -n 20 $log >&2
	echo "tare: apt-get could not install:$missing (the whole log: $log)" >&2
	exit 1
fi
comm -13 <(echo "$before") <(enabled_units) | while read -r unit; do
	systemctl disable "$(basename "$unit")" >>$log 2>&1 || true
done
echo "installed:$missing"
