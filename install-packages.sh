#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# install-packages.sh [check|machines|bench|lint]: installs what is missing of packages.txt (with a word
# also what only the tests, only `make bench`, or only `make lint` and `make analyze` need). On
# Debian and its kin by apt-get; elsewhere it names what to install.
# Asks first where there is a terminal to answer on and CI is not set. Starts no service, and
# disables again what the packages would start at the next boot: libvirt is used embedded.
set -eu
cd "$(dirname "$0")"
log=build/packages.log

wanted=$(sed -e 's/#.*//' packages.txt | awk -v extra="[${1:-}]" \
	'/^\[/ { if ($1 == extra) print $2; next } NF { print $1 }')

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	command -v pkg-config >/dev/null && pkg-config --exists jansson gsl hwloc libvirt && exit 0
	echo "tare: this is no Debian system: install what corresponds to these Debian 12 packages," >&2
	echo "then run 'make' again:" >&2
	printf '  %s\n' $wanted >&2
	exit 1
fi

missing=
for package in $wanted; do
	[ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null)" = "ii " ] ||
		missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "missing packages:$missing"
if [ "$(id -u)" != 0 ]; then
	echo "tare: installing needs root: sudo apt-get install$missing" >&2
	exit 1
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
if ! { apt-get -q update && apt-get -q -y install --no-install-recommends $missing; } \
	>$log 2>&1 </dev/null; then
	tail -n 20 $log >&2
	echo "tare: apt-get could not install:$missing (the whole log: $log)" >&2
	exit 1
fi
comm -13 <(echo "$before") <(enabled_units) | while read -r unit; do
	systemctl disable "$(basename "$unit")" >>$log 2>&1 || true
done
echo "installed:$missing"
