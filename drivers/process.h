/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processes of the host, from /proc. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

/* Start time of a process in clock ticks since boot (field 22 of /proc/PID/stat), which with the
 * pid identifies a process uniquely. 0: no such process. */
uint64_t process_start_time(pid_t pid);

pid_t process_parent(pid_t pid); /* 0: no such process */

/* Kills (SIGKILL) the process with this pid and start time, and waits until it is gone, at most
 * `timeout_ms`. 0 if it was already gone. */
int process_kill(pid_t pid, uint64_t start_time, int timeout_ms);

/* CPU seconds (including exited threads and reaped children) and resident bytes of a process and
 * its living descendants. -ESRCH if the process is gone. */
int process_tree_cost(pid_t pid, double *cpu_seconds, double *memory_bytes);
