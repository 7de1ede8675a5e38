/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/plan/study.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

#define PANEL_FIGURES LIST("overhead", "forest", "latency", "cost", "blocks")

/* First the paper's own kinds of work, then others from the literature. */
#define FOUR_PANELS                                                                                \
	LIST("cpu.compile", "cpu.compress", "memory.kv", "memory.stream",                          \
	     "disk.randomrw:cached=on", "disk.randomrw", "network.web", "network.rr")

const struct study studies[] = {
	{
		.name = "overhead",
		.title = "What do a container and a virtual machine cost on this machine?",
		.figures = PANEL_FIGURES,
		.baseline = "bare",
		.environments = LIST("container", "?microvm", "vm"),
		.workloads = FOUR_PANELS,
	},
	{
		.name = "aa",
		.title = "What can this machine resolve? The baseline against itself",
		.figures = PANEL_FIGURES,
		.baseline = "bare",
		.environments = (const char *const[]){NULL},
		.workloads = FOUR_PANELS,
	},
	{
		.name = "container-ladder",
		.title = "What does each of a container's techniques cost?",
		.figures = LIST("overhead", "waterfall", "forest", "latency", "cost", "blocks"),
		.baseline = "bare",
		/* each rung adds one technique to the one before; docs/environments.md */
		.environments =
			LIST("container:namespaces=mount,net=host,storage=volume,"
			     "cgroup=off,seccomp=off,caps=all",
			     "container:namespaces=mount+pid,net=host,storage=volume,"
			     "cgroup=off,seccomp=off,caps=all",
			     "container:net=host,storage=volume,cgroup=off,seccomp=off,"
			     "caps=all",
			     "container:net=host,storage=volume,seccomp=off,caps=all",
			     "container:net=host,storage=volume,caps=all",
			     "container:net=host,storage=volume", "container:net=host", "container",
			     "container:net=nat", "container:net=nat,no_new_privs=on",
			     "container:net=nat,no_new_privs=on,readonly=on"),
		.rungs = LIST("+ mount namespace", "+ pid namespace", "+ ipc, uts namespaces",
			      "+ cgroup", "+ seccomp filter", "\u2212 capabilities",
			      "+ overlay root", "+ veth and bridge", "+ NAT: Docker",
			      "+ no_new_privs", "+ read-only root"),
		.workloads = LIST("cpu.syscall", "disk.randomrw", "network.rr"),
	},
	{
		.name = "vm-ladder",
		.title = "How much of a virtual machine's I/O overhead does each technique remove?",
		.figures = LIST("overhead", "waterfall", "forest", "latency", "cost", "blocks"),
		.baseline = "bare",
		/* one kernel for all rungs: the old devices need the full one */
		.environments = LIST("vm:pin=off,disk=ide,cache=writethrough,aio=threads,net=e1000,"
				     "vhost=off,kernel=full",
				     "vm:pin=off,cache=writethrough,aio=threads,net=e1000,"
				     "vhost=off,kernel=full",
				     "vm:pin=off,cache=writethrough,aio=threads,vhost=off,"
				     "kernel=full",
				     "vm:pin=off,aio=threads,vhost=off,kernel=full",
				     "vm:pin=off,vhost=off,kernel=full",
				     "vm:pin=off,iothread=on,vhost=off,kernel=full",
				     "?vm:pin=off,iothread=on,vhost=on,kernel=full",
				     "vm:iothread=on,kernel=full",
				     "?vm:hugepages=on,iothread=on,kernel=full"),
		.rungs = LIST("IDE, e1000, writethrough", "+ virtio disk", "+ virtio network",
			      "+ cache=none", "+ aio=io_uring", "+ iothread", "+ vhost",
			      "+ pinned vCPUs", "+ huge pages: tuned"),
		.workloads = LIST("disk.randomrw", "network.rr"),
	},
	{
		.name = "disk-depth",
		.title = "How do throughput and latency of a disk grow with its queue?",
		.figures = LIST("overhead", "curves", "forest", "latency", "cost", "blocks"),
		.baseline = "bare",
		.environments = LIST("container", "?microvm", "vm"),
		.workloads = LIST("disk.randread:depth=1", "disk.randread:depth=2",
				  "disk.randread:depth=4", "disk.randread:depth=8",
				  "disk.randread:depth=16", "disk.randread:depth=32",
				  "disk.randread:depth=64"),
	},
	{
		.name = "net-load",
		.title = "How does the response time grow with the load?",
		.figures = LIST("overhead", "curves", "forest", "latency", "cost", "blocks"),
		.baseline = "bare",
		.environments = LIST("container", "?microvm", "vm"),
		/* percent of the peak that each trial measures first */
		.workloads =
			LIST("network.web:load=10", "network.web:load=25", "network.web:load=50",
			     "network.web:load=70", "network.web:load=85", "network.web:load=100",
			     "network.web:load=120"),
	},
	{
		.name = "memory-ladder",
		.title = "What does a load from memory cost, as the working set grows?",
		.figures = LIST("overhead", "curves", "forest", "latency", "cost", "blocks"),
		.baseline = "bare",
		.environments = LIST("container", "?microvm", "vm"),
		.workloads = LIST(
			"memory.latency:pages=4k,size=16k", "memory.latency:pages=4k,size=256k",
			"memory.latency:pages=4k,size=4m", "memory.latency:pages=4k,size=64m",
			"memory.latency:pages=4k,size=512m", "memory.latency:pages=thp,size=16k",
			"memory.latency:pages=thp,size=256k", "memory.latency:pages=thp,size=4m",
			"memory.latency:pages=thp,size=64m", "memory.latency:pages=thp,size=512m"),
	},
	{
		.name = "sharma2016",
		.title = "Does Figure 4 of Sharma et al. (Middleware 2016) hold on this machine?",
		.figures = PANEL_FIGURES,
		/* Figure 4 compares the virtual machine with the container, Figure 3 the container
		 * with bare metal, which is the inverse */
		.baseline = "container",
		.environments = LIST("bare", "vm"),
		.workloads =
			LIST("cpu.compile", "memory.kv", "disk.randomrw:cached=on", "network.web"),
	},
	{
		.name = "felter2015",
		.title = "Do the results of Felter et al. (ISPASS 2015) hold on this machine?",
		.figures = PANEL_FIGURES,
		.baseline = "bare",
		.environments =
			LIST("container:net=host", "container:net=nat", "vm:untuned", "vm:tuned"),
		.workloads = LIST("cpu.compress", "cpu.linpack", "memory.stream", "memory.gups",
				  "disk.seqread", "disk.seqwrite", "disk.randread:depth=16",
				  "disk.randread:depth=64", "disk.randwrite:depth=64", "network.rr",
				  "network.udp_rr", "network.stream"),
	},
	{
		.name = "isolation",
		.title = "How much does a neighbour slow a container or a virtual machine?",
		.figures = PANEL_FIGURES,
		.baseline = "bare",
		.environments = LIST("container", "?microvm", "vm"),
		.workloads = LIST("cpu.compile", "memory.kv", "disk.randomrw", "network.rr"),
		.scenes = (const struct scene[]){{"idle", NULL}, {"competing", SCENE_SAME}, {0}},
	},
	{
		.name = "exits",
		.title = "What does an exit of a KVM guest cost on this machine?",
		.figures = LIST("events", "overhead", "forest", "latency", "cost", "blocks"),
		.baseline = "bare",
		.environments = (const char *const[]){NULL},
		/* for scale a system call and a context switch of the host, then the guest's events
		 */
		.workloads = LIST("cpu.syscall", "cpu.switch", "cpu.exit:kind=pio",
				  "cpu.exit:kind=mmio", "cpu.exit:kind=pio-event",
				  "cpu.exit:kind=mmio-event", "cpu.exit:kind=cpuid",
				  "cpu.exit:kind=hypercall", "cpu.exit:kind=irqfd",
				  "cpu.exit:kind=touch-4k", "cpu.exit:kind=touch-2m",
				  "cpu.exit:kind=write", "cpu.exit:kind=write-logged"),
	},
	{
		.name = "closure",
		.title = "How much of a microVM's overhead do its exits explain?",
		.figures = PANEL_FIGURES,
		.baseline = "bare",
		.environments = LIST("microvm"),
		/* the first measures the cost of an exit; the others do one thing at a time */
		.workloads =
			LIST("cpu.syscall", "disk.randread", "disk.randwrite",
			     "disk.seqread:depth=1", "disk.fsync", "disk.metadata", "network.rr"),
	},
	{0},
};

int study_find(const char *name, const struct study **study, struct error *err)
{
	char valid[256] = "";

	for (*study = studies; (*study)->name; (*study)++) {
		size_t used = strlen(valid);

		if (!name || strcmp(name, (*study)->name) == 0)
			return 0;
		snprintf(valid + used, sizeof(valid) - used, " %s", (*study)->name);
	}
	*study = NULL;
	return error_set(err, -EINVAL, "unknown study '%s'; valid studies:%s", name, valid);
}
