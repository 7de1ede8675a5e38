/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contract of a driver: the code that starts, feeds and stops one kind of environment.
 * One file (or one small family of files), one `const struct driver`. A driver knows no
 * workload and no statistics: it hands out a byte stream to an agent and says what it costs.
 *
 * Order of calls: probe (any number of times, cheap after the first), then for each instance
 * start, any number of stats, stop. stop is legal after a failed start. Instances of one run may
 * be started from several threads at once.
 *
 * Whatever a driver makes on the host is entered in the resource journal (resources.h) BEFORE it
 * is made, so that `tare clean` can remove it after any death, and taken out after it is gone.
 */
#ifndef TARE_DRIVER_H
#define TARE_DRIVER_H

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

/* One row of a driver's option table: it drives parsing, --help, labels and docs. */
struct option_spec {
	const char *name;
	const char *fallback; /* the default, as text */
	const char *summary;
	const char *const *choices; /* NULL-terminated; NULL: free text, see `check` */
	const char *placeholder;    /* free text: "PATH", "COUNT" */
	int (*check)(const char *value, struct error *err); /* optional, for free text */
};

#define ENVIRONMENT_OPTIONS_MAX 32

/* A published set-up under one name: "vm:tuned" stands for the options in `options`. */
struct preset {
	const char *name;
	const char *options; /* "net=nat,storage=overlay"; "": the defaults */
	const char *summary; /* whose set-up it is */
};

/* "container:net=host,seccomp=off", parsed. Immutable; owned by whoever parsed it. */
struct environment {
	char *name; /* canonical: driver, preset, then the options given, in table order */
	const struct driver *driver;
	const char **values; /* one for each row of driver->options, resolved; never NULL */
};

/* Parses "DRIVER[:[PRESET][,NAME=VALUE]...]"; a wrong driver, preset, option or value is refused
 * (-EINVAL) with the valid ones. An option given beside a preset overrides it. */
int environment_parse(const char *text, struct environment **env, struct error *err);
void environment_destroy(struct environment *env);
/* The resolved value of option `name`, which the driver's table must have. */
const char *environment_option(const struct environment *env, const char *name);

/* What a run gives to all its instances. Immutable while instances exist. */
struct site {
	const char *run_id;
	const char *state_dir;   /* 0700, of the run's own: sockets, bundles, logs */
	const char *scratch_dir; /* on the file system under test; each has its own in it */
	const char *agent_path;  /* the static agent binary */
	char agent_hash[65];
	const int *trial_cpus; /* the CPU set of every trial, host numbering */
	int trial_cpu_count;
	const int *other_cpus; /* for the harness, samplers, load generators; may be empty */
	int other_cpu_count;
	int memory_node;         /* all memory of a trial is from it; -1: from anywhere */
	uint64_t memory_bytes;   /* limit of every environment that has one */
	uint64_t scratch_bytes;  /* that each instance can write */
	struct network *network; /* NULL: no namespaces (no root): networked workloads cannot run */
	struct resources *resources;
};

/* What counters and evidence are read from, on the host. */
enum target_kind { TARGET_PROCESS_TREE, TARGET_CGROUP, TARGET_THREADS, TARGET_NONE };

struct target {
	enum target_kind kind;
	pid_t pid;         /* root of the tree; the VMM */
	char cgroup[256];  /* path below each cgroup mount, "/tare/..."; "" where there is none */
	pid_t threads[64]; /* vCPU threads */
	int thread_count;
};

/* What is kept of an instance's standard error or console. There is no room for more. */
#define OUTPUT_LIMIT (1u << 20)

struct instance {
	const struct environment *environment;
	const struct site *site;
	char id[64];         /* unique in the run, a valid file and domain name: "vm-2-1" */
	int in, out;         /* the agent's stream: read from in, write to out; may be equal; -1 */
	const char *scratch; /* the scratch directory as the agent sees it */
	char address[46];    /* where the far side reaches a server in it; "": no network */
	struct target target;
	int log;         /* its standard error or console, of at most OUTPUT_LIMIT bytes; 0: none */
	const char *cut; /* which of them was longer, once it is stopped; NULL: none */
	bool unpinned;   /* the agent gets no CPU set: what limits it acts from outside */
	void *state;     /* the driver's own */
};

/* Cost since start, seen from outside; negative: unknown. */
struct instance_cost {
	double cpu_seconds;   /* of everything that serves the instance: agent, VMM, its threads */
	double guest_seconds; /* of that, spent running guest code (vCPU) */
	double memory_bytes;  /* resident now, of agent or VMM with its guest */
	double exits;         /* KVM exits */
	double call_seconds;  /* its system calls took where each is an exit, waiting included */
};

struct availability {
	bool usable;
	char label[96];   /* for every chart and table: "VM (emulated, TCG)" */
	bool no_network;  /* nothing reaches its instances: workloads with a peer cannot run */
	bool emulated;    /* its CPU is emulated in software: some ten times slower */
	bool comparable;  /* may stand beside published figures of its kind */
	char reason[512]; /* unusable: value, consequence, command that fixes it;
			     not comparable: why */
};

/* A program that a driver runs; its version goes into run.json. */
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
	const struct check *checks;            /* of doctor, beside the machine's; likewise */
	const struct option_spec *options;     /* ends with a NULL name; NULL: none */
	const struct preset *presets;          /* ends with a NULL name; NULL: none */
	bool needs_root;
	bool no_fork; /* nothing in it can fork: workloads with needs.fork are unavailable there */

	int (*probe)(const struct environment *env, const struct site *site,
		     struct availability *availability); /* site may be NULL (doctor, --dry-run) */
	int (*start)(struct instance *instance, struct error *err);
	int (*stop)(struct instance *instance, struct error *err);
	int (*stats)(struct instance *instance, struct instance_cost *cost);
	/* Everything that makes a fair reader believe or doubt: versions, XML or OCI config,
	 * pinning, cache mode, read back where they can be. A new reference. After start. */
	json_t *(*describe)(struct instance *instance);
	/* The last words of a broken instance (console, log), at most a few lines; NULL: none.
	 * The caller frees. Optional. */
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
/* NULL: there is no driver of this name; `name` may be NULL. */
const struct driver *driver_find(const char *name);

#endif
