/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"

/*
 * Removes what a dead run left: `uri_and_uuid` is the name of a RESOURCE_DOMAIN, a libvirt URI
 * (with no space in it), a space and the domain's UUID. 0 also where it is gone already.
 */
int vm_remove_domain(const char *uri_and_uuid, struct error *err);
