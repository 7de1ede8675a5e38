/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/vm_libvirt.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libvirt/virterror.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/vm.h"
#include "harness/base/cleanup.h"
#include "harness/base/file.h"

#define REAP_INTERVAL_US 3000

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
	return error_set(err, -ENOENT,
			 "there is no user libvirt-qemu for QEMU to run as, so no VM can be "
			 "started: apt-get install libvirt-daemon-system");
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

	setenv("LIBVIRT_DEBUG", "4", 0); /* errors alone: warnings would go to the terminal */
	virInitialize();
	virSetErrorFunc(NULL, quiet);
	virEventRegisterDefaultImpl();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the main thread's */
	if (pthread_create(&thread, NULL, run_events, NULL) == 0)
		pthread_detach(thread);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* libvirt keeps its state a process: so does this. */
static void ensure_library(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, start_library);
}

/* A dead QEMU, which has a session of its own; anything else belongs to who started it. */
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

static void reap_children(const char *task)
{
	cleanup_file FILE *file = NULL;
	char path[300];
	int pid;

	snprintf(path, sizeof(path), "/proc/self/task/%s/children", task);
	file = fopen(path, "re");
	while (file && fscanf(file, "%d", &pid) == 1)
		if (is_dead_qemu(pid))
			waitpid(pid, NULL, WNOHANG);
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
		cleanup_dir DIR *tasks = opendir("/proc/self/task");
		struct dirent *entry;

		while (tasks && (entry = readdir(tasks)))
			if (entry->d_name[0] != '.')
				reap_children(entry->d_name);
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
	static const char *const directories[] = {"", "/etc", NULL};
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
	/*
	 * Files belong to QEMU's user before libvirt sees them; QEMU gets our mount namespace and
	 * not one of libvirt's (which fails inside a private one); limits are set by pinning.
	 */
	snprintf(text, sizeof(text),
		 "user = \"%s\"\ndynamic_ownership = 0\nremember_owner = 0\n"
		 "security_driver = \"none\"\nseccomp_sandbox = 1\n"
		 "namespaces = [ ]\ncgroup_controllers = [ ]\nstdio_handler = \"file\"\n",
		 user);
	return file_replace(path, text, strlen(text), err);
}

/* A node like the host's, for QEMU's user too; what the host has not is left out. */
static int copy_device(const char *directory, const char *name, gid_t group, struct error *err)
{
	char host[64], path[PATH_MAX + 16];
	struct stat info;

	snprintf(host, sizeof(host), "/dev/%s", name);
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (stat(host, &info) < 0)
		return 0;
	if (mknod(path, S_IFCHR | 0600, info.st_rdev) < 0 || chown(path, 0, group) < 0 ||
	    chmod(path, group ? 0660 : 0666) < 0)
		return error_errno(err, -errno, "making a private %s", host);
	return 0;
}

static int copy_devices(const char *directory, bool kvm, gid_t group, struct error *err)
{
	static const char *const names[] = {"null", "zero", "full", "random", "urandom", "ptmx"};
	int rc = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && rc == 0; i++)
		rc = copy_device(directory, names[i], 0, err);
	if (rc == 0)
		rc = copy_device(directory, "vhost-net", group, err);
	if (rc == 0 && kvm)
		rc = copy_device(directory, "kvm", group, err);
	if (rc == 0)
		rc = copy_device(directory, "net/tun", 0, err);
	return rc;
}

static int keep_mounts(const char *directory, struct error *err)
{
	static const char *const names[] = {"pts", "shm", "hugepages"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char host[64], path[PATH_MAX + 16];

		snprintf(host, sizeof(host), "/dev/%s", names[i]);
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		if (access(host, F_OK) < 0)
			continue;
		if (mkdir(path, 0755) < 0 || mount(host, path, NULL, MS_BIND, NULL) < 0)
			return error_errno(err, -errno, "keeping %s", host);
	}
	return 0;
}

/*
 * QEMU sees a /dev with what it needs and no more. /dev/kvm is there where it is to be used, and
 * then QEMU's user can open it, whoever may do so on the host: where libvirt sees one that this
 * user cannot open it asks QEMU for its capabilities again and again, seconds each time.
 */
static int make_private_dev(const struct vm_creation *creation, struct error *err)
{
	struct group entry, *kvm = NULL;
	char buffer[4096], path[PATH_MAX], net[PATH_MAX + 4];
	int rc;

	getgrnam_r("kvm", &entry, buffer, sizeof(buffer), &kvm);
	if (snprintf(path, sizeof(path), "%s/dev", creation->root) >= PATH_MAX)
		return error_errno(err, -ENAMETOOLONG, "%s/dev", creation->root);
	snprintf(net, sizeof(net), "%s/net", path);
	if (mkdir(path, 0711) < 0 && errno != EEXIST)
		return error_errno(err, -errno, "making %s", path);
	/* a file system of its own: on others device files may be disabled */
	if (mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755,size=64k") < 0 ||
	    mkdir(net, 0755) < 0)
		return error_errno(err, -errno, "mounting a private /dev on %s", path);
	rc = copy_devices(path, creation->kvm, kvm ? kvm->gr_gid : 0, err);
	if (rc == 0)
		rc = keep_mounts(path, err);
	if (rc == 0 && mount(path, "/dev", NULL, MS_BIND | MS_REC, NULL) < 0)
		rc = error_errno(err, -errno, "mounting a private /dev");
	return rc;
}

/* For the calling thread alone. */
static int enter_private_mounts(const struct vm_creation *creation, struct error *err)
{
	if (unshare(CLONE_NEWNS) < 0)
		return error_errno(err, -errno, "making a mount namespace (root is needed)");
	umask(022); /* this thread's own since unshare: QEMU's user passes libvirt's directories */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return error_errno(err, -errno, "making mounts private");
	return make_private_dev(creation, err);
}

/* All in a thread that ends with its namespaces. */
static int create(struct vm_creation *creation, struct error *err)
{
	int rc = 0;

	if (creation->root)
		rc = enter_private_mounts(creation, err);
	if (rc < 0)
		return rc;
	if (creation->bind_from &&
	    mount(creation->bind_from, creation->bind_to, NULL, MS_BIND, NULL) < 0)
		return error_errno(err, -errno, "binding %s to %s", creation->bind_from,
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
	/* a guest that has just ended by itself: no such domain, or no monitor to talk to */
	code = virGetLastErrorCode();
	if (code == VIR_ERR_NO_DOMAIN || code == VIR_ERR_OPERATION_INVALID ||
	    code == VIR_ERR_SYSTEM_ERROR)
		return 0;
	return error_libvirt(err, "ending the virtual machine");
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

/* "qemu:///embed?root=/x" -> "/x"; NULL: another URI. The text is changed in place. */
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

int vm_remove_domain(const char *uri_and_uuid, struct error *err)
{
	const char *space = strchr(uri_and_uuid, ' ');
	size_t length = space ? (size_t)(space - uri_and_uuid) : 0;
	cleanup_free char *uri = space ? strndup(uri_and_uuid, length) : NULL;
	cleanup_free char *copy = uri ? strdup(uri) : NULL;
	struct vm_creation connect = {.uri = uri, .kvm = true, .namespace_fd = -1};
	int rc;

	if (!copy)
		return error_set(err, -EBADMSG, "\"%s\" names no domain", uri_and_uuid);
	connect.root = decode_root(copy);
	if (connect.root && access(connect.root, F_OK) < 0)
		return 0; /* all that libvirt knew of it went with that directory */
	rc = vm_create(&connect, err);
	if (rc == 0)
		rc = remove_by_uuid(connect.connection, space + 1, err);
	if (connect.connection)
		virConnectClose(connect.connection);
	return rc;
}
