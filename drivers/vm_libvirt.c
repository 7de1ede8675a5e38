/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/vm_libvirt.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libvirt/virterror.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/process.h"
#include "drivers/vm.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/hypervisor.h"

#define REAP_INTERVAL_US 3000
#define ARGUMENTS_BYTES_MAX (1u << 20)
#define KILL_MS 2000

int vm_user(char name[64], uid_t *uid, gid_t *gid, struct error *err)
{
	static const char *const names[] = {"libvirt-qemu", "qemu"}; /* Debian's, Fedora's */

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char buffer[4096];
		struct passwd entry, *found;

		if (getpwnam_r(names[i], &entry, buffer, sizeof(buffer), &found) || !found)
			continue;
		snprintf(name, 64, "%s", names[i]);
		*uid = entry.pw_uid;
		*gid = entry.pw_gid;
		return 0;
	}
	return error_set(
		err, -ENOENT,
		"user libvirt-qemu, as whom QEMU runs, does not exist, so no VM can start: apt-get "
		"install libvirt-daemon-system");
}

void vm_embedded_uri(const char *root, char *uri, size_t size)
{
	size_t used = (size_t)snprintf(uri, size, "qemu:///embed?root=");

	for (; *root && used + 4 < size; root++)
		if (isalnum((unsigned char)*root) || strchr("/-_.", *root))
			used += (size_t)snprintf(uri + used, size - used, "%c", *root);
		else
			used += (size_t)snprintf(uri + used, size - used, "%%%02X",
						 (unsigned char)*root);
}

static void *run_events(void *unused)
{
	(void)unused;
	for (;;)
		virEventRunDefaultImpl();
	return NULL;
}

/* Errors are returned, not printed. */
static void quiet(void *unused, virErrorPtr error)
{
	(void)unused;
	(void)error;
}

static void start_library(void)
{
	sigset_t all, before;
	pthread_t thread;

	setenv("LIBVIRT_DEBUG", "4", 0); /* only errors: warnings would go to the terminal */
	virInitialize();
	virSetErrorFunc(NULL, quiet);
	virEventRegisterDefaultImpl();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before); /* the main thread handles signals */
	if (pthread_create(&thread, NULL, run_events, NULL) == 0)
		pthread_detach(thread);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* libvirt has one state per process, and so does this file. */
static void ensure_library(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, start_library);
}

/* A dead QEMU, which is a session leader; other children belong to whoever started them. */
static bool is_dead_qemu(pid_t pid)
{
	char path[64], line[512], comm[32], state;
	int session;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	return file_line(path, line, sizeof(line)) == 0 &&
	       sscanf(line, "%*d (%31[^)]) %c %*d %*d %d", comm, &state, &session) == 3 &&
	       strncmp(comm, "qemu-system", strlen("qemu-system")) == 0 && state == 'Z' &&
	       session != getsid(0);
}

/* The kernel gives orphans to the first thread. Nothing is allocated here: libvirt forks at the
 * same time and allocates before exec, and with some allocators (a sanitizer's) the child hangs if
 * another thread was in the allocator during the fork. */
static void reap_children(void)
{
	char path[64], pids[4096], *at = pids, *end;
	long pid;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	file_line(path, pids, sizeof(pids));
	for (; (pid = strtol(at, &end, 10)) > 0; at = end)
		if (is_dead_qemu((pid_t)pid))
			waitpid((pid_t)pid, NULL, WNOHANG);
}

struct reaper {
	pthread_t thread;
	atomic_bool stop;
	bool runs;
};

static void *reap(void *argument)
{
	struct reaper *reaper = argument;

	while (!atomic_load(&reaper->stop)) {
		reap_children();
		usleep(REAP_INTERVAL_US);
	}
	return NULL;
}

static void reaper_start(struct reaper *reaper)
{
	atomic_init(&reaper->stop, false);
	reaper->runs = pthread_create(&reaper->thread, NULL, reap, reaper) == 0;
}

static void reaper_stop(struct reaper *reaper)
{
	atomic_store(&reaper->stop, true);
	if (reaper->runs)
		pthread_join(reaper->thread, NULL);
}

static int error_libvirt(struct error *err, const char *what)
{
	const virError *last = virGetLastError();
	char text[900];

	snprintf(text, sizeof(text), "%s", last && last->message ? last->message : "no reason");
	for (char *at = text; *at; at++)
		if (*at == '\n')
			*at = ' ';
	return error_set(err, -EIO, "%s: %s", what, text);
}

static int write_configuration(const char *root, struct error *err)
{
	static const char *const directories[] = {"", "/etc", "/log", "/log/qemu", NULL};
	char path[PATH_MAX], text[512], user[64];
	uid_t uid;
	gid_t gid;
	int rc = vm_user(user, &uid, &gid, err);

	if (rc < 0)
		return rc;
	for (int i = 0; directories[i]; i++) {
		snprintf(path, sizeof(path), "%s%s", root, directories[i]);
		/* QEMU's user passes through, whatever the umask */
		if ((mkdir(path, 0711) < 0 && errno != EEXIST) || chmod(path, 0711) < 0)
			return error_errno(err, -errno, "making %s", path);
	}
	snprintf(path, sizeof(path), "%s/etc/qemu.conf", root);
	if (access(path, F_OK) == 0)
		return 0;
	/* Files belong to QEMU's user before libvirt sees them; QEMU gets our mount namespace,
	 * because libvirt's fails inside a private one; pinning sets the limits. */
	snprintf(text, sizeof(text),
		 "user = \"%s\"\ndynamic_ownership = 0\nremember_owner = 0\n"
		 "security_driver = \"none\"\nseccomp_sandbox = 1\n"
		 "namespaces = [ ]\ncgroup_controllers = [ ]\nstdio_handler = \"file\"\n",
		 user);
	return file_replace(path, text, strlen(text), err);
}

/* Everything is done in a thread that exits with its namespaces. */
static int create(struct vm_creation *creation, struct error *err)
{
	int rc = 0;

	if (creation->root)
		rc = vm_enter_mounts(creation->root, creation->kvm, err);
	if (rc == 0 && creation->root && creation->console)
		rc = vm_mount_console(creation->console, creation->uid, creation->gid,
				      &creation->console_fd, err);
	if (rc == 0 && creation->root && creation->xml)
		rc = vm_mount_log(creation->root, &creation->log_fd, err);
	if (rc < 0)
		return rc;
	if (creation->bind_from &&
	    mount(creation->bind_from, creation->bind_to, NULL, MS_BIND, NULL) < 0)
		return error_errno(err, -errno, "bind-mounting %s on %s", creation->bind_from,
				   creation->bind_to);
	creation->connection = virConnectOpen(creation->uri);
	if (!creation->connection)
		return error_libvirt(err, "connecting to libvirt");
	if (!creation->xml)
		return 0;
	if (creation->namespace_fd >= 0 && setns(creation->namespace_fd, CLONE_NEWNET) < 0)
		return error_errno(err, -errno, "entering the run's network namespace");
	creation->domain = virDomainCreateXML(creation->connection, creation->xml, 0);
	return creation->domain ? 0 : error_libvirt(err, "starting the virtual machine");
}

struct creator {
	struct vm_creation *creation;
	struct error *err;
	int rc;
};

static void *run_creator(void *argument)
{
	struct creator *creator = argument;

	creator->rc = create(creator->creation, creator->err);
	return NULL;
}

int vm_create(struct vm_creation *creation, struct error *err)
{
	struct creator creator = {.creation = creation, .err = err};
	struct reaper reaper;
	pthread_t thread;
	int rc;

	creation->connection = NULL;
	creation->domain = NULL;
	ensure_library();
	rc = creation->root ? write_configuration(creation->root, err) : 0;
	if (rc < 0)
		return rc;
	reaper_start(&reaper);
	rc = pthread_create(&thread, NULL, run_creator, &creator);
	if (rc == 0)
		pthread_join(thread, NULL);
	reaper_stop(&reaper);
	return rc ? error_errno(err, -rc, "starting a thread") : creator.rc;
}

int vm_destroy(virDomainPtr domain, struct error *err)
{
	struct reaper reaper;
	int rc, code;

	reaper_start(&reaper);
	rc = virDomainDestroy(domain);
	reaper_stop(&reaper);
	if (rc == 0)
		return 0;
	/* a guest that has just powered off: no such domain, or no monitor */
	code = virGetLastErrorCode();
	if (code == VIR_ERR_NO_DOMAIN || code == VIR_ERR_OPERATION_INVALID ||
	    code == VIR_ERR_SYSTEM_ERROR)
		return 0;
	return error_libvirt(err, "stopping the virtual machine");
}

static int remove_by_uuid(virConnectPtr connection, const char *uuid, struct error *err)
{
	virDomainPtr domain = virDomainLookupByUUIDString(connection, uuid);
	int rc;

	if (!domain)
		return virGetLastErrorCode() == VIR_ERR_NO_DOMAIN
			       ? 0
			       : error_libvirt(err, "looking for the virtual machine");
	rc = vm_destroy(domain, err);
	virDomainFree(domain);
	return rc;
}

/* "qemu:///embed?root=/x" -> "/x"; NULL: another URI. Modifies the text. */
static char *decode_root(char *uri)
{
	char *root = strstr(uri, "embed?root="), *to;

	if (!root)
		return NULL;
	root += strlen("embed?root=");
	to = root;
	for (char *from = root; *from; from++) {
		unsigned int byte;

		if (*from == '%' && sscanf(from + 1, "%2x", &byte) == 1) {
			*to++ = (char)byte;
			from += 2;
		} else {
			*to++ = *from;
		}
	}
	*to = 0;
	return root;
}

/* Only QEMU runs as this user; root's QEMU has not yet changed to it. */
static bool is_of_user(pid_t pid, uid_t uid)
{
	struct stat st;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	return !stat(path, &st) && (st.st_uid == uid || st.st_uid == 0);
}

/* QEMUs without a domain: libvirt starts some to query capabilities. They run as QEMU's user and
 * have the run's directory on their command line. */
static void kill_by_root(const char *root)
{
	cleanup_dir DIR *processes = opendir("/proc");
	struct dirent *entry;
	char below[PATH_MAX + 2], user[64];
	uid_t uid;
	gid_t gid;

	if (vm_user(user, &uid, &gid, NULL))
		return;
	snprintf(below, sizeof(below), "%s/", root);
	while (processes && (entry = readdir(processes))) {
		cleanup_free char *arguments = NULL;
		char path[300], name[32];
		pid_t pid = atoi(entry->d_name);
		uint64_t start_time = pid > 1 ? process_start_time(pid) : 0;
		size_t length;

		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		if (!start_time || !is_of_user(pid, uid) ||
		    file_line(path, name, sizeof(name)) < 0 ||
		    strncmp(name, "qemu-system", strlen("qemu-system")) != 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%s/cmdline", entry->d_name);
		if (file_read(path, ARGUMENTS_BYTES_MAX, &arguments, &length, NULL) == 0 &&
		    memmem(arguments, length, below, strlen(below)))
			process_kill(pid, start_time, host_limit_ms(KILL_MS));
	}
}

int vm_remove_domain(const char *uri_and_uuid, struct error *err)
{
	const char *space = strchr(uri_and_uuid, ' ');
	size_t length = space ? (size_t)(space - uri_and_uuid) : 0;
	cleanup_free char *uri = space ? strndup(uri_and_uuid, length) : NULL;
	cleanup_free char *copy = uri ? strdup(uri) : NULL;
	struct vm_creation connect = {.uri = uri, .kvm = true, .namespace_fd = -1};
	int rc;

	if (!copy)
		return error_set(err, -EBADMSG, "\"%s\" is not a valid domain name", uri_and_uuid);
	connect.root = decode_root(copy);
	if (connect.root && access(connect.root, F_OK) < 0)
		return 0; /* libvirt's state is gone with that directory */
	rc = vm_create(&connect, err);
	rc = rc ?: remove_by_uuid(connect.connection, space + 1, err);
	if (connect.connection)
		virConnectClose(connect.connection);
	if (connect.root)
		kill_by_root(connect.root);
	return rc;
}
