/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An auction site over HTTP/1.1: a catalogue in memory, three kinds of page.
 *   GET /browse?category=N   20 items of a category
 *   GET /item?id=N           one item, its description and highest bid
 *   POST /bid?id=N&amount=M  a bid: the highest one stays
 * Everything else is 404. Connections stay open.
 */
#pragma once

#include <stdint.h>

#include "workloads/event_server.h"

#define WEB_ITEMS 10000
#define WEB_CATEGORIES 500 /* of 20 items each: item i is in category i / 20 */

struct web_site;

struct web_site *web_site_create(void);
/* NULL is legal. */
void web_site_destroy(struct web_site *site);

/* An event_consume: `state` is the site. */
long web_site_consume(void *state, const char *data, size_t length, struct event_output *output);
