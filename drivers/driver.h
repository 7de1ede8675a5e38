/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The interface of a driver: the code that starts, feeds and stops one kind of environment, in one
 * file (or a small family of files) with one `const struct driver`. A driver knows nothing about
 * workloads and statistics: it provides a byte stream to an agent and reports the instance's cost.
 *
 * Order of calls: probe (any number of times, cheap after the first), then for each instance start,
 * any number of stats, stop. stop is legal after a failed start. Instances of a run may be started
 * from several threads at the same time.
 *
 * Whatever a driver creates on the host is entered in the resource journal (resources.h) BEFORE it
 * is created, so that `tare clean` can remove it after any crash, and struck out once it is gone.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/check.h"
#include "base/error.h"
#include "base/vocabulary.h"

struct driver;
struct network;
struct resources;

/* One row of a driver's option table, which drives parsing, `tare list`, labels and docs. */
struct option_spec {
	const char *name;
	const char *fallback; /* the default, as text */
	const char *summary;
	const char *const *choices; /* NULL-terminated; NULL: free text, see `check` */
	const char *placeholder;    /* free text: "PATH", "COUNT" */
	int (*check)(const char *value, struct error *err); /* optional, for free text */
};

#define ENVIRONMENT_OPTIONS_MAX 32

/* A well-known set-up under one name: "vm:tuned" stands for the options in `options`. */
struct preset {
	const char *name;
	const char *options; /* "net=nat,storage=overlay"; "": the defaults */
	const char *summary; /* the origin of the set-up */
};

/* "container:net=host,seccomp=off", parsed. Immutable; owned by whoever parsed it. */
struct environment {
	char *name; /* canonical: driver, preset, then the options given, in table order */
	const struct driver *driver;
	const char **values; /* one for each row of driver->options, resolved; never NULL */
};

/* Parses "DRIVER[:[PRESET][,NAME=VALUE]...]". -EINVAL with the valid ones for a wrong driver,
 * preset, option or value. An option overrides the preset's. */
int environment_parse(const char *text, struct environment **env, struct error *err);
void environment_destroy(struct environment *env);
/* The resolved value of option `name`, which must be in the driver's table. */
const char *environment_option(const struct environment *env, const char *name);

/* What all instances of a run share. Immutable while instances exist. */
struct site {
	const char *run_id;
	const char *state_dir;   /* 0700, of the run's own: sockets, bundles, logs */
	const char *scratch_dir; /* on the file system under test; each instance has its own
				  * directory in it */
	const char *agent_path;  /* the static agent binary */
	char agent_hash[65];
	const int *trial_cpus; /* the CPU set of every trial, host numbering */
	int trial_cpu_count;
	const int *other_cpus; /* for the harness, samplers, load generators; may be empty */
	int other_cpu_count;
	int memory_node;         /* for all memory of a trial; -1: any */
	uint64_t memory_bytes;   /* limit of every environment with a limit */
	uint64_t scratch_bytes;  /* that each instance may write */
	struct network *network; /* NULL: no root, so network workloads cannot run */
	struct resources *resources;
};

/* Where counters and evidence are read on the host. */
enum target_kind { TARGET_PROCESS_TREE, TARGET_CGROUP, TARGET_THREADS, TARGET_NONE };

struct target {
	enum target_kind kind;
	pid_t pid;         /* root of the tree; the VMM */
	char cgroup[256];  /* path below each cgroup mount, "/tare/..."; "" if there is none */
	pid_t threads[64]; /* vCPU threads */
	int thread_count;
};

/* Capacity for an instance's standard error or console. */
#define OUTPUT_LIMIT (1u << 20)

struct instance {
	const struct environment *environment;
	const struct site *site;
	char id[64];         /* unique in the run, a valid file and domain name: "vm-2-1" */
	int in, out;         /* the agent's stream: read from in, write to out; may be equal; -1 */
	const char *scratch; /* the scratch directory as the agent sees it */
	char address[46];    /* address of a server in it, for the load generator; "": no network */
	struct target target;
	int log;         /* its standard error or console, of at most OUTPUT_LIMIT bytes; 0: none */
	const char *cut; /* after stop: which of them was cut off; NULL: none */
	bool unpinned;   /* the agent gets no CPU set: it is limited from outside */
	void *state;     /* the driver's own */
};

/* Cost since the start, measured from outside; negative: unknown. */
struct instance_cost {
	double cpu_seconds;   /* of everything that serves the instance: agent, VMM, its threads */
	double guest_seconds; /* of that, spent running guest code (vCPU) */
	double memory_bytes;  /* resident now: agent, or VMM with its guest */
	double exits;         /* KVM exits */
	double call_seconds;  /* in its system calls if each is an exit, including waiting */
};

struct availability {
	bool usable;
	char label[96];   /* for every chart and table: "VM (emulated, TCG)" */
	bool no_network;  /* its instances cannot be reached, so workloads with a peer cannot run */
	bool emulated;    /* its CPU is emulated in software, about ten times slower */
	bool comparable;  /* comparable with published figures of its kind */
	char reason[512]; /* unusable: value, consequence, command that fixes it;
			     not comparable: why */
};

/* A program that a driver runs; its version is recorded in run.json. */
struct driver_program {
	const char *name; /* in run.json: "qemu" */
	const char *path; /* "qemu-system-x86_64", found by PATH */
	const char *version_option;
};

struct driver {
	const char *name;
	const char *summary;
	enum arm_style style; /* of its arms in figures; STYLE_ANY: no preference */
	const struct driver_program *programs; /* ends with a NULL name; NULL: none */
	const struct check *checks;            /* for doctor, besides the machine's; likewise */
	const struct option_spec *options;     /* ends with a NULL name; NULL: none */
	const struct preset *presets;          /* ends with a NULL name; NULL: none */
	bool needs_root;
	bool no_fork; /* it cannot fork: workloads with needs.fork are unavailable */

	int (*probe)(const struct environment *env, const struct site *site,
		     struct availability *availability); /* site may be NULL (doctor, --dry-run) */
	int (*start)(struct instance *instance, struct error *err);
	int (*stop)(struct instance *instance, struct error *err);
	int (*stats)(struct instance *instance, struct instance_cost *cost);
	/* Everything needed to judge the environment: versions, XML or OCI config, pinning, cache
	 * mode, read back if possible. A new reference. Call it after start. */
	json_t *(*describe)(struct instance *instance);
	/* The last output of a broken instance (console, log), at most a few lines; NULL: none. The
	 * caller frees. Optional. */
	char *(*last_words)(struct instance *instance);
	/* sim only: answers a `run` message by itself, without stream or waiting. The message has
	 * two members more: "moment", the number of the trial in the run (the simulated machine's
	 * clock, the same for all its instances), and "metrics", as the plan's workload has them.
	 * The trial has "host_cpu_seconds" besides. Optional. */
	int (*simulate)(struct instance *instance, json_t *request, json_t **trial,
			struct error *err);
};

/* The pointer table; ends with NULL (registry.c). */
extern const struct driver *const drivers[];
/* NULL: there is no such driver; `name` may be NULL. */
const struct driver *driver_find(const char *name);
