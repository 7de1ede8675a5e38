# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by inside.sh: Docker runs beside Tare, and its firewall drops what is forwarded. The runs that
# follow have their own bridge in their own network namespace.
check_docker() {
	systemctl daemon-reload
	systemctl start docker >"$OUT/docker.txt" 2>&1
	test_line "docker: dockerd runs" docker info
	test_line "docker: the firewall drops forwarded packets" sh -c 'iptables -S FORWARD | grep -q -- "-P FORWARD DROP"'
	measure beside_docker "container:net=nat: container (runc, net=nat)" "${expected[@]}" -- \
		-e container:net=nat -e container -e vm -e microvm -e nested -w network.rr
	test_line "docker: dockerd still runs" docker info
}
