/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of struct summary_row. */
#ifndef TARE_SUMMARY_FIELDS_H
#define TARE_SUMMARY_FIELDS_H

#include "base/fields.h"

extern const struct field summary_fields[];

#endif
