/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The top level of run.json. */
#pragma once

#include "base/fields.h"

extern const struct field run_fields[];
