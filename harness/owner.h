/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_OWNER_H
#define TARE_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/directory.h"

/*
 * Does `work`, which reads and writes below `directory`, with no more rights than the directory's
 * owner has: as root, for a directory of another user's, in a child process that has become that
 * user for good (the user's primary group and no other, no way back) in a session without a
 * terminal and with none of root's environment but path, language and time zone; else here. What
 * the owner puts in the way can then do no more than the owner can. Returns what `work` returns, an
 * exit status (subcommand.h), or STATUS_PARTLY with a line on standard error where the child cannot
 * become the owner, dies, is stopped or does not end within 10 minutes.
 */
int owner_does(const struct directory *directory, int (*work)(void *argument), void *argument);

/* Whether owner_does would use a child. */
bool owner_is_another(const struct directory *directory);

/* The user behind sudo: true as root where SUDO_UID and SUDO_GID name one who is not root. */
bool owner_behind_sudo(uid_t *uid, gid_t *gid);

/* A new directory that belongs to that user from the beginning; as mkdir, where there is none. */
int owner_makes_directory(const char *path, mode_t mode);

#endif
