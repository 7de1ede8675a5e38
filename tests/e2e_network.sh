#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The three namespaces of a run, driven by tests/driver_probe.c: who reaches whom, from where.
. "$(dirname "$0")/lib.sh"
PROBE=$TOP/build/tests/driver_probe

# keep ENVIRONMENT: leaves it running as $KEPT; $NETNS is what its namespaces' names begin with
keep() {
	mkfifo "$WORK/hold"
	"$PROBE" -a "$AGENT" -s "$WORK" -k "$1" <"$WORK/hold" >"$WORK/report" 2>"$WORK/error" &
	KEPT=$! NETNS=tare-probe-$!
	exec 8>"$WORK/hold"
	for _ in $(seq 400); do
		grep -q '^ready' "$WORK/error" && return
		kill -0 $KEPT 2>/dev/null || break
		sleep 0.05
	done
	grep -q 'not installed' "$WORK/error" && skip "$(cat "$WORK/error")"
	fail "$1: $(cat "$WORK/error")"
}
release() { exec 8>&-; wait "$KEPT"; }
address() { sed -n 's/^  "address": "\(.*\)",$/\1/p' "$WORK/report"; }

# serve NAMESPACE PORT: answers one connection with the address that it came from
serve() {
	: >"$WORK/serve" # what an earlier server said is no answer of this one
	ip netns exec "$1" python3 -c '
import socket, sys
server = socket.create_server(("", int(sys.argv[1])))
server.settimeout(10)
print("listening", flush=True)
connection, peer = server.accept()
connection.sendall(peer[0].encode())' "$2" >"$WORK/serve" 2>&1 8>&- &
	for _ in $(seq 100); do grep -q listening "$WORK/serve" && return; sleep 0.05; done
	fail "no server in $1: $(cat "$WORK/serve")"
}

# ask NAMESPACE ADDRESS PORT: the address that the server saw
ask() {
	ip netns exec "$1" python3 -c '
import socket, sys
print(socket.create_connection((sys.argv[1], int(sys.argv[2])), 3).recv(64).decode())' "$2" "$3" 2>&1
}

# reaches FROM TO ADDRESS SEEN: from one namespace the server in another is reached at ADDRESS
reaches() {
	local port=$((20000 + RANDOM % 10000)) seen
	serve "$2" $port
	seen=$(ask "$1" "$3" $port)
	[ "$seen" = "$4" ] || fail "from $1 to $3: the server saw ${seen:-nothing}, not $4"
}

far_side_reaches_bare_over_the_wire() {
	need_root; keep bare
	[ "$(address)" = 10.77.0.2 ] || fail "address $(address)"
	reaches "$NETNS-far" "$NETNS-host" "$(address)" 10.77.0.1
	release
}

far_side_reaches_the_container_over_the_bridge() {
	need_root; keep container
	reaches "$NETNS-far" "$NETNS-container-1-1" "$(address)" 10.77.0.1
	reaches "$NETNS-container-1-1" "$NETNS-far" 10.77.0.1 "$(address)"
	release
}

nat_publishes_at_the_hosts_address_and_masquerades() {
	need_root; keep container:net=nat
	case $(address) in 10.77.0.*) ;; *) fail "address $(address) is not the host's" ;; esac
	reaches "$NETNS-far" "$NETNS-container-1-1" "$(address)" 10.77.0.1
	reaches "$NETNS-container-1-1" "$NETNS-far" 10.77.0.1 10.77.0.2
	release
}

the_initial_namespace_has_no_part_in_it() {
	need_root
	local before; before=$(ip -o addr; ip route)
	keep container
	[ "$before" = "$(ip -o addr; ip route)" ] || fail "links, addresses or routes have changed"
	release
}

namespaces_go_with_the_run() {
	need_root; keep container:net=nat
	[ "$(ip netns | grep -c "$NETNS")" = 3 ] || fail "not three namespaces: $(ip netns)"
	release
	[ -z "$(ip netns | grep "$NETNS")" ] || fail "left: $(ip netns)"
}

run_tests far_side_reaches_bare_over_the_wire far_side_reaches_the_container_over_the_bridge \
	nat_publishes_at_the_hosts_address_and_masquerades the_initial_namespace_has_no_part_in_it \
	namespaces_go_with_the_run
