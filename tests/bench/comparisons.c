/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is compared with what. */
#include "tests/bench/bench.h"

#define NOT_INFERIOR TARGET_AT_LEAST, 0.97
#define EQUAL(share) TARGET_WITHIN, share
#define HIGHER false
#define LOWER true

#define DISK(title, workload, rw, json, words)                                                     \
	{                                                                                          \
		title, "IO/s", HIGHER, NOT_INFERIOR,                                               \
			{&arm_agent, workload,                                                     \
			 "{\"engine\":\"io_uring\",\"size\":1073741824," json "}", "throughput",   \
			 1},                                                                       \
			{&arm_fio, rw,                                                             \
			 "tare-" workload " --ioengine=io_uring --direct=1 --size=1g " words,      \
			 "iops", 1},                                                               \
	}
#define DISK_ORDERED(title, workload, rw)                                                          \
	{                                                                                          \
		title, "MB/s", HIGHER, NOT_INFERIOR,                                               \
			{&arm_agent, workload,                                                     \
			 "{\"engine\":\"io_uring\",\"size\":1073741824,\"depth\":2}",              \
			 "throughput", 1},                                                         \
			{&arm_fio, rw,                                                             \
			 "tare-" workload " --ioengine=io_uring --direct=1 --size=1g"              \
			 " --bs=1m --iodepth=2",                                                   \
			 "MB/s", 1},                                                               \
	}
#define RR(title, workload, json, peer, words)                                                     \
	{                                                                                          \
		title, "us", LOWER, NOT_INFERIOR, {&arm_agent, workload, json, "latency:0", 1},    \
			{peer, words, NULL, NULL, 1},                                              \
	}
#define STREAM(title, json, kernel)                                                                \
	{                                                                                          \
		title, "GB/s", HIGHER, NOT_INFERIOR,                                               \
			{&arm_agent, "memory.stream",                                              \
			 "{\"vector\":\"avx2\",\"pages\":\"4k\",\"stores\":\"" json "\"}",         \
			 "triad", 1},                                                              \
			{&arm_likwid, kernel, NULL, NULL, 1},                                      \
	}
#define LATENCY(title, json, words)                                                                \
	{                                                                                          \
		title, "ns", LOWER, EQUAL(0.02),                                                   \
			{&arm_agent, "memory.latency", "{\"size\":" json "}", "load", 1},          \
			{&arm_chase, words, NULL, NULL, 1},                                        \
	}
#define KV(title, command, clients)                                                                \
	{                                                                                          \
		title, "operations/s", HIGHER, NOT_INFERIOR,                                       \
			{&arm_redis_ours, command, clients, NULL, 1},                              \
			{&arm_redis, command, clients, NULL, 1},                                   \
	}
#define START(environment)                                                                         \
	{                                                                                          \
		"start " environment, "ms", LOWER, TARGET_NONE, 0,                                 \
			{&arm_environment, environment, NULL, NULL, 0},                            \
		{                                                                                  \
			0                                                                          \
		}                                                                                  \
	}

/* clang-format off */
const struct comparison comparisons[] = {
	DISK("disk.randread depth 1", "disk.randread", "randread", "\"depth\":1",
	     "--bs=4k --iodepth=1 --norandommap"),
	DISK("disk.randread depth 32", "disk.randread", "randread", "\"depth\":32",
	     "--bs=4k --iodepth=32 --norandommap"),
	DISK("disk.randwrite depth 1", "disk.randwrite", "randwrite", "\"depth\":1",
	     "--bs=4k --iodepth=1 --norandommap"),
	DISK("disk.randwrite depth 32", "disk.randwrite", "randwrite", "\"depth\":32",
	     "--bs=4k --iodepth=32 --norandommap"),
	DISK_ORDERED("disk.seqread", "disk.seqread", "read"),
	DISK_ORDERED("disk.seqwrite", "disk.seqwrite", "write"),
	{"disk.fsync", "records/s", HIGHER, NOT_INFERIOR,
	 {&arm_agent, "disk.fsync", NULL, "throughput", 1},
	 {&arm_fio, "write", "fio-log --ioengine=sync --fdatasync=1 --bs=4k --size=64m --fallocate=none"
			     " --create_on_open=1", "iops", 1}},
	{"network.stream transmit", "Gbit/s", HIGHER, NOT_INFERIOR,
	 {&arm_agent, "network.stream", NULL, "transmit", 2}, {&arm_iperf3, "transmit", NULL, NULL, 1}},
	{"network.stream receive", "Gbit/s", HIGHER, NOT_INFERIOR,
	 {&arm_agent, "network.stream", NULL, "receive", 2}, {&arm_iperf3, "receive", NULL, NULL, 1}},
	RR("network.rr, sockperf", "network.rr", "{\"request\":14,\"response\":14}", &arm_sockperf, "tcp"),
	RR("network.rr, qperf", "network.rr", NULL, &arm_qperf, "tcp_lat"),
	RR("network.udp_rr, sockperf", "network.udp_rr", "{\"request\":14,\"response\":14}",
	   &arm_sockperf, "udp"),
	RR("network.udp_rr, qperf", "network.udp_rr", NULL, &arm_qperf, "udp_lat"),
	STREAM("memory.stream triad", "regular", "stream_avx_fma"),
	STREAM("memory.stream triad, non-temporal", "nontemporal", "stream_mem_avx_fma"),
	LATENCY("memory.latency 16 KiB", "16384", "16384"),
	LATENCY("memory.latency 1 MiB", "1048576", "1048576"),
	LATENCY("memory.latency 256 MiB", "268435456", "268435456"),
	{"cpu.linpack", "GFLOP/s", HIGHER, TARGET_AT_LEAST, 0.5,
	 {&arm_agent, "cpu.linpack", NULL, "rate", 1}, {&arm_openblas, "1000", NULL, NULL, 1}},
	{"cpu.syscall", "ns", LOWER, EQUAL(0.03),
	 {&arm_agent, "cpu.syscall", NULL, "call", 0.3}, /* as long as theirs takes */
	 {&arm_perf, "syscall basic", "4000000", NULL, 1}},
	{"cpu.switch", "us", LOWER, EQUAL(0.03),
	 {&arm_agent, "cpu.switch", NULL, "latency:0", 0.4}, {&arm_perf, "sched pipe", "150000", NULL, 1}},
	{"cpu.wakeup", "us", LOWER, NOT_INFERIOR,
	 {&arm_agent, "cpu.wakeup", "{\"priority\":80}", "latency:0.5", 1},
	 {&arm_cyclictest, "80", NULL, NULL, 1}},
	{"cpu.prime", "events/s", HIGHER, EQUAL(0.03),
	 {&arm_agent, "cpu.prime", NULL, "throughput", 1}, {&arm_sysbench, "10000", NULL, NULL, 1}},
	{"cpu.compress", "MB/s", HIGHER, EQUAL(0.03),
	 {&arm_agent, "cpu.compress", "{\"preset\":2,\"size\":8388608}", "throughput", 2},
	 {&arm_xz, "-2", "8388608", NULL, 2}},
	KV("memory.kv GET, 1 connection", "get", "1"),
	KV("memory.kv SET, 1 connection", "set", "1"),
	KV("memory.kv GET, 50 connections", "get", "50"),
	KV("memory.kv SET, 50 connections", "set", "50"),
	{"network.web", "requests/s", HIGHER, TARGET_AT_LEAST, 0.8,
	 {&arm_web_ours, "network.web", NULL, NULL, 1}, {&arm_nginx, "network.web", NULL, NULL, 1}},
	{"harness against by hand", "events/s", HIGHER, EQUAL(0.005),
	 {&arm_harness, "cpu.prime", NULL, "throughput", 6},
	 {&arm_agent, "cpu.prime", NULL, "throughput", 6}},
	{"recording a latency", "ns", LOWER, TARGET_BELOW, 5, {&arm_histogram, NULL, NULL, NULL, 0}, {0}},
	{"start of the agent", "ms", LOWER, TARGET_BELOW, 5, {&arm_agent_start, NULL, NULL, NULL, 0}, {0}},
	{"changing the environment", "ms", LOWER, TARGET_BELOW, 5,
	 {&arm_change, "cpu.prime", NULL, NULL, 6}, {0}},
	START("container"),
	START("microvm"),
	START("vm"),
	{0},
};
/* clang-format on */
