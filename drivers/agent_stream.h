/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the drivers that start the agent as a process of the host. */
#pragma once

#include "drivers/driver.h"

/* The environment variables of every agent. */
#define AGENT_ENVIRONMENT                                                                          \
	{                                                                                          \
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "TZ=UTC", NULL               \
	}

/* The agent's three standard descriptors and our two ends of its stream. -1: not open. */
struct agent_stream {
	int child_in, child_out, child_error; /* become its 0, 1 and 2 */
	int in, out;                          /* ours: read from, write to */
};

/* Opens both pipes, and the instance's log for its standard error: memory that can neither grow nor
 * shrink, so that nobody can write beyond its end. */
int agent_stream_open(struct agent_stream *stream, struct instance *instance, struct error *err);
/* Runs a program, which passes the agent's three descriptors on to what it starts, to completion.
 * The reason of a failure is the last line of the log. -ETIMEDOUT after `timeout_ms`: it was
 * killed. */
int agent_stream_spawn(const struct agent_stream *stream, const char *const argv[],
		       struct instance *instance, int timeout_ms, struct error *err);
/* After the start: closes the child's ends and gives ours to the instance. */
void agent_stream_hand_over(struct agent_stream *stream, struct instance *instance);
/* After a failed start. */
void agent_stream_close(struct agent_stream *stream);
/* Closes the instance's ends: the agent exits when its stream ends. */
void instance_close_stream(struct instance *instance);

/* The instance's directory on the host, with all its files: `<scratch_dir>/<run id>-<id>`. */
void instance_scratch_path(const struct instance *instance, char *path, size_t size);
/* Enters it in the resource journal and creates it; `path` gets its path. */
int instance_make_scratch(struct instance *instance, char *path, size_t size, struct error *err);
void instance_remove_scratch(struct instance *instance, const char *path);

/* The last lines of the instance's log; the caller frees; NULL: none. */
char *instance_log_tail(struct instance *instance);
/* The whole log, NUL-terminated; the caller frees; NULL: none. */
char *instance_log_read(const struct instance *instance, size_t *length);
/* At the end of stop: sets instance->cut if the output called `name` was cut off. */
void instance_log_close(struct instance *instance, const char *name);

/* "0-1,4" as the kernel and OCI write CPU sets. */
void cpu_list(const int *cpus, int count, char *text, size_t size);

/* The value of FIELD in /proc/PID/status as a new JSON string, or null. */
json_t *process_status_field(pid_t pid, const char *field);
/* The target of /proc/PID/ns/NAME as a new JSON string, or null. */
json_t *process_namespace(pid_t pid, const char *name);
/* The type of the file system of `path` ("ext4") as a new JSON string, or null. */
json_t *file_system_type(const char *path);
