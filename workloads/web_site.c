/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/web_site.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workloads/made_text.h"

#define NAME_BYTES 40
#define DESCRIPTION_BYTES 1024
#define BODY_MAX 8192
#define REQUEST_MAX 8192
#define IN_CATEGORY (WEB_ITEMS / WEB_CATEGORIES)

struct item {
	char name[NAME_BYTES];
	uint32_t highest, bids;
};

struct web_site {
	struct item items[WEB_ITEMS];
	char descriptions[WEB_ITEMS][DESCRIPTION_BYTES];
};

struct web_site *web_site_create(void)
{
	struct web_site *site = calloc(1, sizeof(*site));

	if (!site)
		return NULL;
	text_generate(site->descriptions[0], sizeof(site->descriptions), 2);
	for (int i = 0; i < WEB_ITEMS; i++) {
		struct item *item = &site->items[i];

		/* one text for all: generating one for each would take seconds */
		memcpy(item->name, site->descriptions[i], NAME_BYTES - 1);
		for (char *p = item->name; *p; p++)
			if (*p == '\n')
				*p = ' ';
		item->highest = 1;
	}
	return site;
}

void web_site_destroy(struct web_site *site)
{
	free(site);
}

/* Pages are assembled without printf, which would dominate the work. */
static char *put(char *at, const char *text, size_t length)
{
	memcpy(at, text, length);
	return at + length;
}

static char *put_number(char *at, uint32_t number)
{
	char digits[10];
	size_t n = 0;

	do
		digits[n++] = (char)('0' + number % 10);
	while (number /= 10);
	while (n)
		*at++ = digits[--n];
	return at;
}

#define PUT(at, literal) put(at, literal, sizeof(literal) - 1)

static void respond(struct event_output *output, const char *status, const char *body,
		    size_t length)
{
	char head[160], *at = head;

	at = PUT(at, "HTTP/1.1 ");
	at = put(at, status, strlen(status));
	at = PUT(at, "\r\nServer: tare\r\nContent-Type: text/html\r\nContent-Length: ");
	at = put_number(at, (uint32_t)length);
	at = PUT(at, "\r\n\r\n");
	event_output_add(output, head, (size_t)(at - head));
	event_output_add(output, body, length);
}

static char *put_item(char *at, const struct web_site *site, uint32_t id)
{
	const struct item *item = &site->items[id];

	at = PUT(at, "<tr><td><a href=\"/item?id=");
	at = put_number(at, id);
	at = PUT(at, "\">");
	at = put(at, item->name, NAME_BYTES - 1);
	at = PUT(at, "</a></td><td>");
	at = put_number(at, item->highest);
	at = PUT(at, "</td><td>");
	at = put_number(at, item->bids);
	return PUT(at, "</td></tr>\n");
}

static char *put_browse(char *at, const struct web_site *site, uint32_t category)
{
	at = PUT(at, "<html><body><h1>Category ");
	at = put_number(at, category);
	at = PUT(at, "</h1><table>\n");
	for (uint32_t i = 0; i < IN_CATEGORY; i++)
		at = put_item(at, site, category * IN_CATEGORY + i);
	return PUT(at, "</table></body></html>\n");
}

static char *put_page(char *at, const struct web_site *site, uint32_t id)
{
	at = PUT(at, "<html><body><h1>Item</h1><table>\n");
	at = put_item(at, site, id);
	at = PUT(at, "</table><p>");
	at = put(at, site->descriptions[id], DESCRIPTION_BYTES);
	return PUT(at, "</p></body></html>\n");
}

static char *put_bid(char *at, struct web_site *site, uint32_t id, uint32_t amount)
{
	struct item *item = &site->items[id];

	item->bids++;
	if (amount > item->highest)
		item->highest = amount;
	at = PUT(at, "<html><body><h1>Bid</h1><table>\n");
	at = put_item(at, site, id);
	return PUT(at, "</table></body></html>\n");
}

/* The number after `head` if the request begins with `head`, otherwise UINT32_MAX. *rest: what
 * follows the number. */
static uint32_t match(const char *data, const char *end, const char *head, const char **rest)
{
	size_t length = strlen(head);
	uint64_t number = 0;
	const char *p;

	if ((size_t)(end - data) <= length || memcmp(data, head, length))
		return UINT32_MAX;
	for (p = data + length; p < end && *p >= '0' && *p <= '9' && number < UINT32_MAX; p++)
		number = number * 10 + (uint64_t)(*p - '0');
	*rest = p;
	return p > data + length && number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

static void serve(struct web_site *site, const char *data, const char *end,
		  struct event_output *output)
{
	char body[BODY_MAX], *at = body;
	uint32_t category, item, bid, amount = UINT32_MAX;
	const char *rest = data;

	if ((category = match(data, end, "GET /browse?category=", &rest)) < WEB_CATEGORIES)
		at = put_browse(at, site, category);
	else if ((item = match(data, end, "GET /item?id=", &rest)) < WEB_ITEMS)
		at = put_page(at, site, item);
	else if ((bid = match(data, end, "POST /bid?id=", &rest)) < WEB_ITEMS &&
		 (amount = match(rest, end, "&amount=", &rest)) != UINT32_MAX)
		at = put_bid(at, site, bid, amount);
	respond(output, at == body ? "404 Not Found" : "200 OK", body, (size_t)(at - body));
}

/* Requests have no body: a bid is in the request target. */
long web_site_consume(void *state, const char *data, size_t length, struct event_output *output)
{
	const char *end = memmem(data, length, "\r\n\r\n", 4);

	if (!end)
		return length > REQUEST_MAX ? -EMSGSIZE : 0;
	serve(state, data, end, output);
	return end - data + 4;
}
