/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/directory.h"

/* Does `work`, which reads and writes below `directory`, with no more rights than the directory's
 * owner has. Root does it for another user's directory in a child process that has become that user
 * for good (with only the user's primary group), in a session without a terminal, and with only
 * path, language and time zone of root's environment; otherwise it is done in this process.
 * Whatever the owner plants there can then do no more than the owner can. Returns what `work`
 * returns, an exit status (subcommand.h), or STATUS_PARTLY with a line on standard error if the
 * child cannot become the owner, dies, is stopped or does not finish within 10 minutes. */
int owner_does(const struct directory *directory, int (*work)(void *argument), void *argument);

/* Whether owner_does would use a child. */
bool owner_is_another(const struct directory *directory);

/* The user who called sudo: true if this process is root and SUDO_UID and SUDO_GID name another
 * user. */
bool owner_behind_sudo(uid_t *uid, gid_t *gid);

/* Creates a directory that belongs to that user from the beginning; if there is none, like mkdir.
 */
int owner_makes_directory(const char *path, mode_t mode);
