/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PID 1 of the Linux guest, a static program. It loads the modules in /modules of the initramfs in
 * the order of their names, mounts the scratch disk, configures the network card, and runs the
 * agent on the virtio port (in a container if the initramfs has one). The guest powers off when the
 * agent exits or the host closes its end of the port, so that a guest never outlives its harness.
 *
 * From the kernel command line:
 *	tare.scratch=vda                      the device with the scratch file system; none without
 *	tare.address=10.77.1.7 tare.gateway=10.77.1.1    of eth0, in a network of 24 bits
 *	tare.tick=11000                       microseconds in a tick of the clock; right is 10000
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/route.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/guest/container.h"
#include "drivers/guest/guest.h"
#include "base/cleanup.h"

#define DEVICE_WAIT_MS 5000
#define CLOCK_WAIT_MS 5000
#define CLOCK_SOURCE "/sys/devices/system/clocksource/clocksource0/current_clocksource"
#define PORTS "/sys/class/virtio-ports"

/* Logs to the console, which the driver reads when the guest does not answer. */
void complain(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	dprintf(2, "tare init: %s\n", text);
}

static void mount_all(void)
{
	static const struct {
		const char *type, *where;
	} mounts[] = {
		{"proc", "/proc"},     {"sysfs", "/sys"}, {"devtmpfs", "/dev"},
		{"tmpfs", "/dev/shm"}, {"tmpfs", "/tmp"},
	};

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].where, 0755);
		if (mount(mounts[i].type, mounts[i].where, mounts[i].type, 0, NULL) < 0 &&
		    errno != EBUSY)
			complain("mounting %s: %s", mounts[i].where, strerror(errno));
	}
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void load_modules(void)
{
	struct dirent **names;
	int count = scandir(GUEST_MODULES, &names, visible, alphasort);

	for (int i = 0; i < count; i++) {
		char path[sizeof(GUEST_MODULES) + 256 + 1];
		int fd;

		snprintf(path, sizeof(path), "%s/%s", GUEST_MODULES, names[i]->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) < 0 && errno != EEXIST))
			complain("loading %s: %s", names[i]->d_name, strerror(errno));
		close(fd);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

/* The value of `key` on the kernel command line; false: not found. */
static bool parameter(const char *key, char *value, size_t size)
{
	char line[4096] = " ";
	cleanup_close int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, line + 1, sizeof(line) - 2);
	char *found, wanted[64];

	if (n < 0)
		return false;
	line[n + 1] = 0;
	snprintf(wanted, sizeof(wanted), " %s=", key);
	found = strstr(line, wanted);
	if (!found)
		return false;
	found += strlen(wanted);
	snprintf(value, size, "%.*s", (int)strcspn(found, " \n"), found);
	return true;
}

/* Opens the port with the name set by the host; -1: it does not exist (yet). */
static int find_port(void)
{
	cleanup_dir DIR *ports = opendir(PORTS);
	struct dirent *entry;

	while (ports && (entry = readdir(ports))) {
		char path[sizeof(PORTS) + 256 + 8], name[64] = "";
		int fd;

		snprintf(path, sizeof(path), PORTS "/%s/name", entry->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (read(fd, name, sizeof(name) - 1) < 0)
			name[0] = 0;
		close(fd);
		name[strcspn(name, "\n")] = 0;
		if (strcmp(name, GUEST_PORT) != 0)
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		return open(path, O_RDWR | O_CLOEXEC);
	}
	return -1;
}

/* Waits until the port exists and the host's end is connected. */
static int open_port(void)
{
	int port = -1;

	for (int waited = 0; waited < DEVICE_WAIT_MS; waited++) {
		struct pollfd poller;

		if (port < 0)
			port = find_port();
		poller = (struct pollfd){.fd = port};
		if (port >= 0 && poll(&poller, 1, 0) == 0)
			return port;
		usleep(1000);
	}
	complain("no port " GUEST_PORT " connected to the host within %d ms", DEVICE_WAIT_MS);
	return -1;
}

static void mount_scratch(void)
{
	char name[32], device[64];

	mkdir(GUEST_SCRATCH, 0755);
	if (!parameter("tare.scratch", name, sizeof(name)))
		return;
	snprintf(device, sizeof(device), "/dev/%s", name);
	for (int waited = 0; access(device, F_OK) < 0 && waited < DEVICE_WAIT_MS; waited++)
		usleep(1000);
	if (mount(device, GUEST_SCRATCH, "ext4", 0, NULL) < 0)
		complain("mounting %s: %s", device, strerror(errno));
}

int raise_link(int fd, const char *name, const char *address)
{
	struct ifreq request = {0};
	struct sockaddr_in *in = (struct sockaddr_in *)&request.ifr_addr;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	in->sin_family = AF_INET;
	if (address) {
		inet_pton(AF_INET, address, &in->sin_addr);
		if (ioctl(fd, SIOCSIFADDR, &request) < 0)
			return -errno;
		inet_pton(AF_INET, "255.255.255.0", &in->sin_addr);
		if (ioctl(fd, SIOCSIFNETMASK, &request) < 0)
			return -errno;
	}
	if (ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		return -errno;
	request.ifr_flags |= IFF_UP | IFF_RUNNING;
	return ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;
}

int add_gateway(int fd, const char *gateway)
{
	struct rtentry route = {.rt_flags = RTF_UP | RTF_GATEWAY};
	struct sockaddr_in *to = (struct sockaddr_in *)&route.rt_gateway;

	route.rt_dst.sa_family = AF_INET;
	route.rt_genmask.sa_family = AF_INET;
	to->sin_family = AF_INET;
	inet_pton(AF_INET, gateway, &to->sin_addr);
	return ioctl(fd, SIOCADDRT, &route) < 0 ? -errno : 0;
}

/* The guest's card: for the agent, or as a port of the container's bridge. */
static void configure_network(bool container)
{
	cleanup_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char address[64] = "", gateway[64] = "";
	int rc;

	raise_link(fd, "lo", NULL);
	if (parameter("tare.address", address, sizeof(address)))
		for (int waited = 0; !if_nametoindex("eth0") && waited < DEVICE_WAIT_MS; waited++)
			usleep(1000);
	parameter("tare.gateway", gateway, sizeof(gateway));
	if (container)
		return container_network(address, gateway);
	if (!address[0])
		return;
	rc = raise_link(fd, "eth0", address);
	rc = rc ?: add_gateway(fd, gateway);
	if (rc < 0)
		complain("eth0 with %s by %s: %s", address, gateway, strerror(-rc));
}

static bool clock_is_provisional(void)
{
	cleanup_close int fd = open(CLOCK_SOURCE, O_RDONLY | O_CLOEXEC);
	char source[32] = "";

	return fd >= 0 && read(fd, source, sizeof(source) - 1) > 0 &&
	       strcmp(source, "tsc-early\n") == 0;
}

/* A wrong clock, to test that the harness detects it. One second after its start the kernel
 * switches from tsc-early to tsc and forgets the tick until the next timer interrupt; for those
 * milliseconds the rate would not be constant, so the tick is set after that. */
static void set_tick(void)
{
	struct timex clock = {.modes = ADJ_TICK};
	char tick[16];

	if (!parameter("tare.tick", tick, sizeof(tick)))
		return;
	for (int waited = 0; clock_is_provisional() && waited < CLOCK_WAIT_MS; waited += 10)
		usleep(10000);
	clock.tick = atol(tick);
	if (adjtimex(&clock) < 0)
		complain("a tick of %s us: %s", tick, strerror(errno));
}

static pid_t start_agent(int port)
{
	const char *const argv[] = {GUEST_AGENT, NULL};
	const char *const environment[] = {"PATH=/bin:/sbin", "HOME=/", NULL};
	pid_t pid = fork();
	sigset_t none;

	if (pid != 0)
		return pid;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(port, 0);
	dup2(port, 1);
	execve(argv[0], (char *const *)argv, (char *const *)environment);
	complain("running %s: %s", argv[0], strerror(errno));
	_exit(127);
}

/* True when the agent has exited; also reaps other children that were left to PID 1. */
static bool reap(pid_t agent)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == agent) {
			if (WIFSIGNALED(status))
				complain("the agent was killed by signal %d", WTERMSIG(status));
			return true;
		}
	return false;
}

static void run_agent(int port, bool container)
{
	cleanup_close int signals = -1;
	sigset_t child;
	pid_t agent;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	agent = container ? container_start(port) : start_agent(port);
	if (agent < 0)
		return complain("there is no agent");
	for (;;) {
		/* no events asked for: only the hang-up wakes */
		struct pollfd poller[] = {{.fd = port}, {.fd = signals, .events = POLLIN}};
		struct signalfd_siginfo info;

		poll(poller, 2, -1);
		while (read(signals, &info, sizeof(info)) > 0)
			continue;
		if (reap(agent) || (poller[0].revents & (POLLHUP | POLLERR)))
			return;
	}
}

int main(void)
{
	bool container = container_wanted();
	int port;

	if (getpid() != 1) {
		fprintf(stderr, "this is a guest's init, which runs only as process 1\n");
		return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	if (container)
		container_move_root();
	mount_all();
	set_tick();
	load_modules();
	mount_scratch();
	configure_network(container);
	port = open_port();
	if (port >= 0)
		run_agent(port, container);
	sync();
	reboot(RB_POWER_OFF);
	return 1;
}
