/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/guest/kernel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "drivers/guest/modules.h"
#include "base/cleanup.h"
#include "base/command.h"
#include "base/file.h"

#define LOOK_UP_MS 30000
#define DOWNLOAD_MS 300000
#define UNPACK_MS 60000
#define PACKAGE_PREFIX "linux-image-"

/* The version string inside a bzImage (Documentation/arch/x86/boot.rst: kernel_version), or "". */
static void read_version(const char *image, char *version, size_t size)
{
	cleanup_close int fd = open(image, O_RDONLY | O_CLOEXEC);
	char text[128] = "", magic[4];
	uint16_t offset;

	version[0] = 0;
	if (fd < 0 || pread(fd, magic, 4, 0x202) != 4 || memcmp(magic, "HdrS", 4) != 0 ||
	    pread(fd, &offset, 2, 0x20e) != 2)
		return;
	if (pread(fd, text, sizeof(text) - 1, offset + 0x200) > 0)
		snprintf(version, size, "%.*s", (int)strcspn(text, " "), text);
}

/* An image without a version inside (vmlinux) has it in its name: "vmlinux-6.1.0-56-cloud-amd64" */
static void name_version(const char *image, char *version, size_t size)
{
	const char *name = strrchr(image, '/'), *dash = strchr(name ? name : image, '-');

	snprintf(version, size, "%s", dash ? dash + 1 : "unknown");
}

static bool holds_modules(const char *directory)
{
	static const char *const lists[] = {"modules.order", "modules.dep"};
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (snprintf(path, sizeof(path), "%s/%s", directory, lists[i]) < PATH_MAX &&
		    access(path, R_OK) == 0)
			return true;
	return false;
}

/* In the image's directory (/lib/modules/VERSION/vmlinuz), next to it as in an unpacked package,
 * then in the host's own place. */
static void find_modules(struct guest_kernel *kernel)
{
	static const char *const beside[] = {".", "lib/modules/VERSION", "../lib/modules/VERSION",
					     "../usr/lib/modules/VERSION"};
	const char *slash = strrchr(kernel->image, '/');
	int length = slash ? (int)(slash - kernel->image) : 0;

	for (size_t i = 0; slash && i < sizeof(beside) / sizeof(beside[0]); i++) {
		const char *version = strstr(beside[i], "VERSION");

		if (snprintf(kernel->modules, sizeof(kernel->modules), "%.*s/%.*s%s", length,
			     kernel->image, (int)strcspn(beside[i], "V"), beside[i],
			     version ? kernel->version : "") < PATH_MAX &&
		    holds_modules(kernel->modules))
			return;
	}
	snprintf(kernel->modules, sizeof(kernel->modules), "/lib/modules/%s", kernel->version);
	if (!holds_modules(kernel->modules))
		kernel->modules[0] = 0;
}

static int use_image(const char *image, const char *source, struct guest_kernel *kernel,
		     struct error *err)
{
	if (snprintf(kernel->image, sizeof(kernel->image), "%s", image) >= PATH_MAX)
		return error_errno(err, -ENAMETOOLONG, "the guest kernel");
	snprintf(kernel->source, sizeof(kernel->source), "%s", source);
	read_version(image, kernel->version, sizeof(kernel->version));
	if (!kernel->version[0])
		name_version(image, kernel->version, sizeof(kernel->version));
	find_modules(kernel);
	return file_sha256(image, kernel->sha256, err);
}

/* Whether all of them exist or are built in. */
static bool modules_fit(const struct guest_kernel *kernel, bool full)
{
	static const char *const names[] = {"virtio_pci",     "virtio_blk", "virtio_net",
					    "virtio_console", "ext4",       "ata_piix",
					    "e1000"};
	struct module_list list = {.count = 0};
	size_t count = sizeof(names) / sizeof(names[0]) - (full ? 0 : 2);
	int rc = 0;

	for (size_t i = 0; i < count && rc == 0; i++)
		rc = module_list_add(&list, kernel->modules, names[i], NULL);
	module_list_finish(&list);
	return rc == 0;
}

/* Debian, Ubuntu, openSUSE and others keep it in /boot; Fedora and Arch also keep it with its
 * modules. */
static bool use_host(bool full, struct guest_kernel *kernel)
{
	static const char *const places[] = {"/boot/vmlinuz-%s", "/lib/modules/%s/vmlinuz"};
	char image[PATH_MAX];
	struct utsname host;

	if (uname(&host) < 0)
		return false;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(image, sizeof(image), places[i], host.release);
		if (access(image, R_OK) == 0 &&
		    use_image(image, "the host's own", kernel, NULL) == 0 && kernel->modules[0] &&
		    modules_fit(kernel, full))
			return true;
	}
	return false;
}

/* Root uses no kernel or module from a place that a user names or can write to. */
static int cache_directory(char path[PATH_MAX], struct error *err)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char *slash;

	if (geteuid() == 0 || !home)
		snprintf(path, PATH_MAX, "/var/cache/tare");
	else if (cache && cache[0] == '/')
		snprintf(path, PATH_MAX, "%s/tare", cache);
	else
		snprintf(path, PATH_MAX, "%s/.cache/tare", home);
	slash = strrchr(path, '/');
	*slash = 0; /* the common cache directory, which may not exist yet */
	mkdir(path, 0755);
	*slash = '/';
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return error_errno(err, -errno, "creating the cache of guest kernels %s", path);
	return 0;
}

/* Debian has two kernels, of which the cloud kernel lacks old devices; Ubuntu's serves for both. */
static bool serves(const char *package, bool full)
{
	bool cloud = strstr(package, "-cloud-");

	return full ? !cloud : cloud || strstr(package, "-generic");
}

/* The newest image in the cache, which has a directory for each unpacked package; false: there is
 * none. */
static bool find_cached(const char *cache, bool full, char image[PATH_MAX], char source[320])
{
	struct dirent **entries;
	int count = scandir(cache, &entries, NULL, versionsort);
	bool found = false;

	for (int i = count - 1; i >= 0; i--) {
		const char *name = entries[i]->d_name;

		if (!found && strncmp(name, PACKAGE_PREFIX, strlen(PACKAGE_PREFIX)) == 0 &&
		    serves(name, full) &&
		    snprintf(image, PATH_MAX, "%s/%s/boot/vmlinuz-%s", cache, name,
			     name + strlen(PACKAGE_PREFIX)) < PATH_MAX &&
		    access(image, R_OK) == 0) {
			snprintf(source, 320, "package %s", name);
			found = true;
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return found;
}

/* Without apt: the command that installs a kernel here, next to its modules in /lib/modules. */
static int name_command(struct error *err)
{
	static const char *const commands[][2] = {
		{"/usr/bin/dnf", "dnf install kernel-core kernel-modules"},
		{"/usr/bin/pacman", "pacman -S linux"},
		{"/usr/bin/zypper", "zypper install kernel-default"},
	};
	const char *command = "install your distribution's kernel";

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (access(commands[i][0], X_OK) == 0)
			command = commands[i][1];
	return error_set(err, -ENOTSUP,
			 "the host's own kernel cannot be used (no image in /boot or "
			 "/lib/modules/VERSION, or modules are missing) and there is no apt to "
			 "download one: %s; then boot it, or name it, as in "
			 "vm:kernel=/lib/modules/VERSION/vmlinuz",
			 command);
}

/* The newest package that a metapackage depends on. */
static int resolve_name(const char *name, char package[128], struct error *err)
{
	const char *argv[] = {"apt-cache", "depends", name, NULL};
	cleanup_free char *output = NULL;
	char *found;
	int rc = command_run(argv, NULL, LOOK_UP_MS, &output, err);

	if (rc < 0)
		return rc;
	found = strstr(output, "Depends: " PACKAGE_PREFIX);
	if (!found)
		return error_set(err, -ENOENT, "apt does not know %s", name);
	found += strlen("Depends: ");
	snprintf(package, 128, "%.*s", (int)strcspn(found, " \n"), found);
	return 0;
}

static int resolve_package(bool full, char package[128], struct error *err)
{
	/* Debian's, then Ubuntu's */
	static const char *const names[][2] = {{"linux-image-cloud-amd64", "linux-image-amd64"},
					       {"linux-image-virtual", "linux-image-generic"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int rc = resolve_name(names[i][full], package, err);

		if (rc == 0)
			return 0;
		if (rc == -ENOENT && access("/usr/bin/apt-cache", X_OK) < 0)
			return name_command(err);
	}
	return error_set(err, -ENOENT,
			 "apt has neither %s nor %s, so there is no guest kernel: apt-get update, "
			 "or name one, as in vm:kernel=/boot/vmlinuz",
			 names[0][full], names[1][full]);
}

/* The only .deb in a directory created for it. */
static int find_archive(const char *directory, char path[PATH_MAX], struct error *err)
{
	cleanup_dir DIR *dir = opendir(directory);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		size_t length = strlen(entry->d_name);

		if (length > 4 && strcmp(entry->d_name + length - 4, ".deb") == 0 &&
		    snprintf(path, PATH_MAX, "%s/%s", directory, entry->d_name) < PATH_MAX)
			return 0;
	}
	return error_set(err, -ENOENT, "apt-get download wrote no package to %s", directory);
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *level)
{
	(void)info;
	(void)type;
	(void)level;
	remove(path);
	return 0;
}

static int fetch_package(const char *work, const char *package, struct error *err)
{
	const char *download[] = {"apt-get", "download", "-q", package, NULL};
	char archive[PATH_MAX];
	const char *unpack[] = {"dpkg-deb", "-x", archive, work, NULL};
	int rc = command_run(download, work, DOWNLOAD_MS, NULL, err);

	if (rc < 0)
		return error_prefix(err, "downloading the guest kernel %s", package);
	rc = find_archive(work, archive, err);
	if (rc < 0)
		return rc;
	rc = command_run(unpack, NULL, UNPACK_MS, NULL, err);
	if (rc < 0)
		return error_prefix(err, "unpacking the guest kernel %s", package);
	unlink(archive);
	return 0;
}

/* Debian has the modules in the image's package, Ubuntu in a separate one. */
static bool has_modules(const char *work, const char *version)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/lib/modules/%s", work, version) < PATH_MAX &&
	    access(path, F_OK) == 0)
		return true;
	return snprintf(path, sizeof(path), "%s/usr/lib/modules/%s", work, version) < PATH_MAX &&
	       access(path, F_OK) == 0;
}

/* Downloads and unpacks in `work`, then moves it to the cache atomically. */
static int fetch_to(const char *work, const char *cache, const char *package, struct error *err)
{
	const char *version = package + strlen(PACKAGE_PREFIX);
	char modules[160], done[PATH_MAX];
	int rc = fetch_package(work, package, err);

	snprintf(modules, sizeof(modules), "linux-modules-%s", version);
	if (rc == 0 && !has_modules(work, version))
		rc = fetch_package(work, modules, err);
	if (rc < 0)
		return rc;
	if (snprintf(done, sizeof(done), "%s/%s", cache, package) >= PATH_MAX)
		return error_errno(err, -ENAMETOOLONG, "the cache of guest kernels");
	/* another run may have been faster: its copy is as good */
	if (rename(work, done) < 0 && errno != EEXIST && errno != ENOTEMPTY)
		return error_errno(err, -errno, "moving the guest kernel to %s", done);
	return 0;
}

static int fetch(const char *cache, bool full, struct error *err)
{
	char package[128], work[PATH_MAX];
	int rc = resolve_package(full, package, err);

	if (rc < 0)
		return rc;
	if (snprintf(work, sizeof(work), "%s/.fetch-XXXXXX", cache) >= PATH_MAX || !mkdtemp(work))
		return error_errno(err, -errno, "making a directory in %s", cache);
	chmod(work, 0755); /* QEMU's user reads the kernel */
	rc = fetch_to(work, cache, package, err);
	if (access(work, F_OK) == 0)
		nftw(work, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	return rc;
}

static int use_named(const char *path, const char *modules, struct guest_kernel *kernel,
		     struct error *err)
{
	int rc = use_image(path, "named by kernel=", kernel, err);

	if (rc < 0 || !modules)
		return rc;
	if (!holds_modules(modules))
		return error_set(err, -ENOENT,
				 "%s has neither modules.order nor modules.dep, so it is not a "
				 "kernel's module directory",
				 modules);
	snprintf(kernel->modules, sizeof(kernel->modules), "%s", modules);
	return 0;
}

int guest_kernel_find(const char *path, const char *modules, bool full, bool download,
		      struct guest_kernel *kernel, struct error *err)
{
	char cache[PATH_MAX], image[PATH_MAX], source[320];
	int rc;

	memset(kernel, 0, sizeof(*kernel));
	if (path) {
		if (access(path, R_OK) < 0)
			return error_errno(err, -errno, "the guest kernel %s", path);
		return use_named(path, modules, kernel, err);
	}
	if (use_host(full, kernel))
		return 0;
	memset(kernel, 0, sizeof(*kernel));
	rc = cache_directory(cache, err);
	if (rc < 0)
		return rc;
	if (!find_cached(cache, full, image, source)) {
		if (!download)
			return error_set(err, -ENOENT,
					 "no guest kernel in %s yet: the first run downloads it",
					 cache);
		rc = fetch(cache, full, err);
		if (rc < 0)
			return rc;
		if (!find_cached(cache, full, image, source))
			return error_set(err, -ENOENT, "the package contains no kernel for %s",
					 cache);
	}
	return use_image(image, source, kernel, err);
}
