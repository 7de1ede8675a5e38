/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of struct summary_row. */
#pragma once

#include "base/fields.h"

extern const struct field summary_fields[];
