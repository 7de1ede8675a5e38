/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"

/* Removes a domain that a crashed run left: `uri_and_uuid` is the name of a RESOURCE_DOMAIN, a
 * libvirt URI (without spaces), a space and the domain's UUID. 0 also if it is already gone. */
int vm_remove_domain(const char *uri_and_uuid, struct error *err);
