/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The top level of run.json. */
#ifndef TARE_RUN_FIELDS_H
#define TARE_RUN_FIELDS_H

#include "base/fields.h"

extern const struct field run_fields[];

#endif
