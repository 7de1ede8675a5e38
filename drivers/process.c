/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/process.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"

#define TREE_DEPTH_MAX 32

/* The fields of /proc/PID/stat used here. */
struct process_stat {
	int parent;
	unsigned long long children_ticks; /* user and system time of reaped children */
	unsigned long long start_time;
	long long resident_pages;
};

static int read_stat(pid_t pid, struct process_stat *stat)
{
	cleanup_free char *text = NULL;
	unsigned long long user, system;
	char path[64], *after;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (file_read(path, 8192, &text, NULL, NULL))
		return -ESRCH;
	after = strrchr(text, ')'); /* the name may contain spaces and brackets */
	if (!after ||
	    sscanf(after + 1,
		   " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %llu %llu %*d"
		   " %*d %*d %*d %llu %*u %lld",
		   &stat->parent, &user, &system, &stat->start_time, &stat->resident_pages) != 5)
		return -ESRCH;
	stat->children_ticks = user + system;
	return 0;
}

uint64_t process_start_time(pid_t pid)
{
	struct process_stat stat;

	return read_stat(pid, &stat) ? 0 : stat.start_time;
}

pid_t process_parent(pid_t pid)
{
	struct process_stat stat;

	return read_stat(pid, &stat) ? 0 : stat.parent;
}

int process_kill(pid_t pid, uint64_t start_time, int timeout_ms)
{
	cleanup_close int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd pfd = {.fd = pidfd, .events = POLLIN};

	if (pidfd < 0)
		return errno == ESRCH ? 0 : -errno;
	if (process_start_time(pid) != start_time)
		return 0;
	if (syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) && errno != ESRCH)
		return -errno;
	return poll(&pfd, 1, timeout_ms) > 0 ? 0 : -ETIMEDOUT;
}

/* In nanoseconds, unlike /proc/PID/stat with its 10 ms. */
static double own_cpu_seconds(pid_t pid)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &ts))
		return 0;
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int add_tree(pid_t pid, int depth, double *cpu_seconds, double *memory_bytes);

/* Children are listed under the thread that created them. */
static void add_children(pid_t pid, int depth, double *cpu_seconds, double *memory_bytes)
{
	cleanup_dir DIR *tasks = NULL;
	char path[320];

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	for (struct dirent *task; tasks && (task = readdir(tasks));) {
		cleanup_file FILE *children = NULL;
		int child;

		snprintf(path, sizeof(path), "/proc/%d/task/%s/children", (int)pid, task->d_name);
		children = fopen(path, "re");
		while (children && fscanf(children, "%d", &child) == 1)
			add_tree(child, depth + 1, cpu_seconds, memory_bytes);
	}
}

static int add_tree(pid_t pid, int depth, double *cpu_seconds, double *memory_bytes)
{
	struct process_stat stat;

	if (depth > TREE_DEPTH_MAX || read_stat(pid, &stat))
		return -ESRCH;
	*cpu_seconds += own_cpu_seconds(pid);
	*cpu_seconds += (double)stat.children_ticks / (double)sysconf(_SC_CLK_TCK);
	*memory_bytes += (double)stat.resident_pages * (double)sysconf(_SC_PAGESIZE);
	add_children(pid, depth, cpu_seconds, memory_bytes);
	return 0;
}

int process_tree_cost(pid_t pid, double *cpu_seconds, double *memory_bytes)
{
	*cpu_seconds = *memory_bytes = 0;
	return add_tree(pid, 0, cpu_seconds, memory_bytes);
}
