/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>

#include "base/clock.h"
#include "harness/observe/evidence.h"
#include "harness/observe/evidence_device.h"
#include "harness/observe/procfs.h"
#include "tests/fake_host.h"

#define PSI(total)                                                                                 \
	"some avg10=0.00 avg60=0.21 avg300=0.54 total=" total "\nfull avg10=0.00 total=0\n"

static const int cpus_0_and_1[] = {0, 1};

/* One trial of 0.5 s on CPUs 0 and 1 (or CPU 1 alone) of a host that is made up. */
struct trial_case {
	struct fake_host host;
	struct evidence *evidence;
	struct target target;
	struct evidence_site site;
	struct evidence_claim claim;
	json_t *result, *flags;
};

static void case_init(struct trial_case *c)
{
	memset(c, 0, sizeof(*c));
	fake_host_init(&c->host);
	c->target.kind = TARGET_PROCESS_TREE;
	c->target.pid = 77;
	c->site = (struct evidence_site){
		.root = c->host.root, .trial_cpus = cpus_0_and_1, .trial_cpu_count = 2};
	c->claim = (struct evidence_claim){.seconds = 0.5, .cpu_seconds = -1, .switches = -1};
}

static void case_begin(struct trial_case *c)
{
	struct error err;

	ck_assert_msg(evidence_create(&c->site, &c->target, &c->evidence, &err) == 0, "%s",
		      err.message);
	evidence_begin(c->evidence);
}

static void case_end(struct trial_case *c)
{
	evidence_end(c->evidence);
	c->flags = json_array();
	c->result = evidence_result(c->evidence, &c->claim, c->flags);
}

static void case_finish(struct trial_case *c)
{
	json_decref(c->result);
	json_decref(c->flags);
	evidence_destroy(c->evidence);
	fake_host_finish(&c->host);
}

static double number(const struct trial_case *c, const char *name)
{
	const json_t *value = json_object_get(c->result, name);

	ck_assert_msg(json_is_number(value), "%s is no number", name);
	return json_number_value(value);
}

static bool is_na(const struct trial_case *c, const char *name)
{
	const char *text = json_string_value(json_object_get(c->result, name));

	return text && !strncmp(text, "n/a (", 5);
}

static bool has_flag(const struct trial_case *c, const char *name)
{
	const json_t *item;
	size_t i;

	json_array_foreach (c->flags, i, item)
		if (!strcmp(json_string_value(item), name))
			return json_is_string(
				json_object_get(json_object_get(c->result, "reasons"), name));
	return false;
}

START_TEST(steal_is_counted_on_the_trial_cpus_alone)
{
	struct trial_case c;

	case_init(&c);
	c.site.trial_cpus = &cpus_0_and_1[1];
	c.site.trial_cpu_count = 1;
	fake_host_file(&c.host, "/proc/stat",
		       "cpu  100 0 50 900 5 0 1 10 0 0\ncpu0 50 0 25 450 5 0 1 6 0 0\n"
		       "cpu1 50 0 25 450 0 0 0 4 0 0\nintr 1000 3 4\nctxt 500\nprocesses 7\n");
	case_begin(&c);
	fake_host_file(&c.host, "/proc/stat",
		       "cpu  150 0 50 900 5 0 1 30 0 0\ncpu0 50 0 25 450 5 0 1 25 0 0\n"
		       "cpu1 100 0 25 450 0 0 0 5 0 0\nintr 1100 3 4\nctxt 540\nprocesses 9\n");
	case_end(&c);
	ck_assert_double_eq_tol(number(&c, "steal_seconds"), 0.01, 1e-9);
	ck_assert(has_flag(&c, "steal"));
	ck_assert_double_eq_tol(number(&c, "interrupts"), 100, 1e-9);
	ck_assert_double_eq_tol(number(&c, "host_context_switches"), 40, 1e-9);
	ck_assert_double_eq_tol(evidence_host_cpu(c.evidence), 0.5, 1e-9);
	ck_assert(is_na(&c, "psi_cpu_seconds"));
	ck_assert(is_na(&c, "frequency_mhz"));
	case_finish(&c);
}
END_TEST

START_TEST(schedstat_is_preferred_and_finds_work_of_others)
{
	struct trial_case c;

	case_init(&c);
	c.claim.cpu_seconds = 0.3;
	fake_host_file(&c.host, "/proc/stat",
		       "cpu  1 0 1 1 0 0 0 0 0 0\ncpu0 1 0 1 1 0 0 0 0 0 0\n");
	fake_host_file(
		&c.host, "/proc/schedstat",
		"version 15\ntimestamp 4295\ncpu0 0 0 9 8 7 6 1000000000 5 9\ndomain0 3 0 0\n"
		"cpu1 0 0 9 8 7 6 2000000000 5 9\ncpu12 0 0 9 8 7 6 3000000000 5 9\n");
	case_begin(&c);
	fake_host_file(
		&c.host, "/proc/schedstat",
		"version 15\ntimestamp 4299\ncpu0 0 0 9 8 7 6 1400000000 5 9\ndomain0 3 0 0\n"
		"cpu1 0 0 9 8 7 6 2000000001 5 9\ncpu12 0 0 9 8 7 6 3500000000 5 9\n");
	case_end(&c);
	ck_assert_double_eq_tol(evidence_host_cpu(c.evidence), 0.900000001, 1e-12);
	ck_assert_double_eq_tol(number(&c, "others_cpu_seconds"), 0.100000001, 1e-12);
	ck_assert(has_flag(&c, "preempted"));
	case_finish(&c);
}
END_TEST

START_TEST(cpu_time_comes_from_cpuacct_on_v1_and_hybrid_hosts)
{
	const char *const paths[] = {"/sys/fs/cgroup/cpuacct/cpuacct.usage_percpu",
				     "/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage_percpu"};

	for (int i = 0; i < 2; i++) {
		struct trial_case c;

		case_init(&c);
		fake_host_file(&c.host, paths[i], "5000000000 7000000000 0 0 \n");
		case_begin(&c);
		fake_host_file(&c.host, paths[i], "5100000000 7000000005 0 0 \n");
		case_end(&c);
		ck_assert_double_eq_tol(evidence_host_cpu(c.evidence), 0.100000005, 1e-12);
		ck_assert_double_eq_tol(number(&c, "trial_cpu_seconds"), 0.100000005, 1e-12);
		case_finish(&c);
	}
}
END_TEST

START_TEST(a_cpu_limit_that_stops_the_target_is_a_flag_on_v1_and_v2)
{
	static const struct {
		const char *path, *before, *after;
	} hosts[] = {
		{"/sys/fs/cgroup/tare/a/cpu.stat",
		 "usage_usec 7\nnr_throttled 0\nthrottled_usec 1000\n",
		 "usage_usec 9\nnr_throttled 1\nthrottled_usec 41000\n"},
		{"/sys/fs/cgroup/cpu,cpuacct/tare/a/cpu.stat",
		 "nr_periods 0\nnr_throttled 0\nthrottled_time 1000000\n",
		 "nr_periods 5\nnr_throttled 1\nthrottled_time 41000000\n"},
		{"/sys/fs/cgroup/unified/tare/a/cpu.stat", "throttled_usec 0\n",
		 "throttled_usec 40000\n"},
	};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		struct trial_case c;

		case_init(&c);
		strcpy(c.target.cgroup, "/tare/a");
		fake_host_file(&c.host, hosts[i].path, hosts[i].before);
		case_begin(&c);
		fake_host_file(&c.host, hosts[i].path, hosts[i].after);
		case_end(&c);
		ck_assert_double_eq_tol(number(&c, "throttled_seconds"), 0.04, 1e-9);
		ck_assert(has_flag(&c, "throttled"));
		case_finish(&c);
	}
}
END_TEST

START_TEST(waiting_switches_pressure_and_swap_are_read)
{
	struct trial_case c;

	case_init(&c);
	c.target = (struct target){
		.kind = TARGET_THREADS, .pid = 77, .threads = {78, 79}, .thread_count = 2};
	fake_host_file(&c.host, "/proc/77/task/78/schedstat", "500 1000000 3\n");
	fake_host_file(&c.host, "/proc/77/task/79/schedstat", "500 2000000 3\n");
	fake_host_file(
		&c.host, "/proc/77/task/78/status",
		"Name:\tqemu\nvoluntary_ctxt_switches:\t5\nnonvoluntary_ctxt_switches:\t6\n");
	fake_host_file(&c.host, "/proc/77/task/79/status", "nonvoluntary_ctxt_switches:\t1\n");
	fake_host_file(&c.host, "/proc/pressure/memory", PSI("7000000"));
	fake_host_file(&c.host, "/proc/vmstat", "pgpgin 10\npgpgout 5\npswpin 0\npswpout 3\n");
	case_begin(&c);
	fake_host_file(&c.host, "/proc/77/task/78/schedstat", "900 1500000 3\n");
	fake_host_file(&c.host, "/proc/77/task/79/schedstat", "900 2500000 3\n");
	fake_host_file(&c.host, "/proc/77/task/78/status", "nonvoluntary_ctxt_switches:\t10\n");
	fake_host_file(&c.host, "/proc/pressure/memory", PSI("7100000"));
	fake_host_file(&c.host, "/proc/vmstat", "pgpgin 14\npgpgout 5\npswpin 0\npswpout 9\n");
	case_end(&c);
	ck_assert_double_eq_tol(number(&c, "run_queue_seconds"), 0.001, 1e-12);
	ck_assert_double_eq_tol(number(&c, "involuntary_switches"), 4, 1e-12);
	ck_assert_double_eq_tol(number(&c, "page_in_bytes"), 4096, 1e-12);
	ck_assert_double_eq_tol(number(&c, "psi_memory_seconds"), 0.1, 1e-9);
	ck_assert(has_flag(&c, "pressure"));
	ck_assert(has_flag(&c, "swap"));
	case_finish(&c);
}
END_TEST

START_TEST(a_hot_or_slow_processor_is_a_flag)
{
	struct trial_case c;
	json_t *again;

	case_init(&c);
	c.site.trial_cpu_count = 1;
	fake_host_file(&c.host, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq",
		       "3000000\n");
	fake_host_file(&c.host, "/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count",
		       "4\n");
	case_begin(&c);
	case_end(&c);
	ck_assert_double_eq_tol(number(&c, "frequency_mhz"), 3000, 1e-9);
	ck_assert_int_eq((int)json_array_size(c.flags), 0);
	fake_host_file(&c.host, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq",
		       "2000000\n");
	fake_host_file(&c.host, "/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count",
		       "6\n");
	evidence_end(c.evidence);
	again = evidence_result(c.evidence, &c.claim, c.flags);
	json_decref(c.result);
	c.result = again;
	ck_assert(has_flag(&c, "frequency"));
	ck_assert(has_flag(&c, "throttled"));
	case_finish(&c);
}
END_TEST

START_TEST(a_device_is_found_by_number_and_by_the_source_of_its_mount)
{
	struct evidence_device device;
	struct fake_host host;

	fake_host_init(&host);
	fake_host_link(&host, "/sys/dev/block/259:2",
		       "../../devices/pci0000:00/0000:00:1d.0/nvme/nvme0/nvme0n1/nvme0n1p2");
	ck_assert(evidence_device_of(host.root, 259, 2, "", &device));
	ck_assert_str_eq(device.name, "nvme0n1p2");
	ck_assert_str_eq(device.path, "/sys/dev/block/259:2/stat");
	ck_assert(!evidence_device_of(host.root, 0, 31, "36 35 0:31 / /tmp rw - tmpfs tmpfs rw\n",
				      &device));
	ck_assert_str_eq(device.reason, "tmpfs has no block device");
	ck_assert(!evidence_device_of(host.root, 0, 99, "36 35 0:31 / /tmp rw - tmpfs tmpfs rw\n",
				      &device));
	fake_host_finish(&host);
}
END_TEST

#define FILE_BLOCKS 128

/* 8 MiB, written through: the page cache holds them afterwards. */
static int cached_file(const char *path)
{
	static char block[1 << 16];
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR, 0600);

	ck_assert_int_ge(fd, 0);
	for (int i = 0; i < FILE_BLOCKS; i++)
		ck_assert_int_eq((int)write(fd, block, sizeof(block)), (int)sizeof(block));
	ck_assert_int_eq(fsync(fd), 0);
	return fd;
}

static double read_times(int fd, int times)
{
	static char block[1 << 16];
	double bytes = 0;

	for (int i = 0; i < times * FILE_BLOCKS; i++)
		bytes += (double)pread(fd, block, sizeof(block),
				       (i % FILE_BLOCKS) * (off_t)sizeof(block));
	return bytes;
}

START_TEST(a_cache_that_answers_is_caught_on_this_host)
{
	const int cpu = 0;
	struct evidence_site site = {
		.root = "", .scratch_dir = "/var/tmp", .trial_cpus = &cpu, .trial_cpu_count = 1};
	struct target target = {.kind = TARGET_PROCESS_TREE, .pid = getpid()};
	struct trial_case c = {.site = site, .target = target};
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/var/tmp/tare-unit-evidence-%d", getpid());
	fd = cached_file(path);
	case_begin(&c);
	c.claim.seconds = 0.2;
	c.claim.read_bytes = read_times(fd, 100); /* more than anybody else reads meanwhile */
	case_end(&c);
	close(fd);
	unlink(path);
	ck_assert(has_flag(&c, "cache answered") != is_na(&c, "device"));
	json_decref(c.result);
	json_decref(c.flags);
	evidence_destroy(c.evidence);
}
END_TEST

START_TEST(host_cpu_seconds_of_a_busy_process_are_near_its_own)
{
	const int cpu = 0;
	struct evidence_site site = {.root = "", .trial_cpus = &cpu, .trial_cpu_count = 1};
	struct target target = {.kind = TARGET_PROCESS_TREE, .pid = getpid()};
	struct trial_case c = {.site = site, .target = target, .claim = {.seconds = 0.3}};
	uint64_t until;
	double used;

	case_begin(&c);
	usleep(1000); /* what was used until here is in the books once the process sleeps */
	until = clock_now() + 300 * NSEC_PER_MSEC;
	while (clock_now() < until)
		;
	usleep(1000);
	case_end(&c);
	used = evidence_host_cpu(c.evidence);
	/* at most what two or more CPUs could do meanwhile; less only where the time was stolen */
	ck_assert_double_ge(used + number(&c, "steal_seconds") + number(&c, "run_queue_seconds"),
			    0.27);
	ck_assert_double_le(used, 0.5 * (double)sysconf(_SC_NPROCESSORS_ONLN) + 0.1);
	json_decref(c.result);
	json_decref(c.flags);
	evidence_destroy(c.evidence);
}
END_TEST

START_TEST(begin_and_end_cost_under_one_percent_of_a_200_ms_trial)
{
	const int cpu = 0;
	struct evidence_site site = {
		.root = "", .scratch_dir = "/var/tmp", .trial_cpus = &cpu, .trial_cpu_count = 1};
	struct target target = {.kind = TARGET_PROCESS_TREE, .pid = getpid()};
	struct trial_case c = {.site = site, .target = target};
	uint64_t best = UINT64_MAX;

	case_begin(&c);
	for (int i = 0; i < 50; i++) {
		uint64_t start = clock_now(), took;

		evidence_begin(c.evidence);
		evidence_end(c.evidence);
		took = clock_now() - start;
		best = took < best ? took : best;
	}
	printf("# begin and end: %.0f us\n", (double)best / 1e3);
	ck_assert_uint_lt(best, 2 * NSEC_PER_MSEC);
	evidence_destroy(c.evidence);
}
END_TEST

START_TEST(numbers_are_found_in_the_texts_of_proc)
{
	double value;

	ck_assert(proc_number("cpu0 1 2\ncpu1 3 4\n", "cpu1", 2, &value) && value == 4);
	ck_assert(!proc_number("cpu10 1 2\n", "cpu1", 2, &value));
	ck_assert(!proc_number("cpu1 3\ncpu2 7 8\n", "cpu1", 2, &value));
	ck_assert(proc_number("  17 x 18\n", "", 3, &value) && value == 18);
	ck_assert(proc_number("some avg10=0.5 total=12\n", "some", 2, &value) && value == 12);
	ck_assert(!proc_number("some text\n", "some", 1, &value));
	ck_assert(!proc_number("", "", 1, &value));
}
END_TEST

UNIT("evidence", steal_is_counted_on_the_trial_cpus_alone,
     schedstat_is_preferred_and_finds_work_of_others,
     cpu_time_comes_from_cpuacct_on_v1_and_hybrid_hosts,
     a_cpu_limit_that_stops_the_target_is_a_flag_on_v1_and_v2,
     waiting_switches_pressure_and_swap_are_read, a_hot_or_slow_processor_is_a_flag,
     a_device_is_found_by_number_and_by_the_source_of_its_mount,
     a_cache_that_answers_is_caught_on_this_host,
     host_cpu_seconds_of_a_busy_process_are_near_its_own,
     begin_and_end_cost_under_one_percent_of_a_200_ms_trial, numbers_are_found_in_the_texts_of_proc)
