/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "workloads/patience.h"
#include "workloads/random.h"
#include "workloads/server.h"
#include "workloads/web_site.h"

#define RESPONSE_MAX 16384
#define SPIN_NS 200000 /* a sleep may end this late, so the last part is spent spinning */
#define CONNECTION_LIMIT_NS (NETWORK_LIMIT_SECONDS * NSEC_PER_SEC)

struct service {
	struct web_site *site;
	struct event_server *server;
	double told; /* requests of the trials before */
};

static int serve(struct trial *trial, struct error *err)
{
	struct service *s = calloc(1, sizeof(*s));
	int listener, rc = -ENOMEM;

	if (!s)
		return error_set(err, rc, "no memory for network.web");
	s->site = web_site_create();
	if (!s->site) {
		error_set(err, rc, "no memory for the catalogue");
	} else {
		listener = rc = server_listen(trial, SOCK_STREAM, err);
		if (listener >= 0)
			rc = event_server_start(listener, web_site_consume, s->site, &s->server,
						err);
	}
	if (rc) {
		web_site_destroy(s->site);
		free(s);
		return rc;
	}
	trial->state = s;
	return 0;
}

static int finish(struct trial *trial, struct error *err)
{
	struct service *s = trial->state;

	(void)err;
	trial->operations = event_server_stop(s->server);
	web_site_destroy(s->site);
	free(s);
	trial->state = NULL;
	return 0;
}

static int served(struct trial *trial, struct error *err)
{
	struct service *s = trial->state;
	double all = event_server_served(s->server);

	(void)err;
	trial->operations = all - s->told;
	s->told = all;
	return 0;
}

enum page { PAGE_BROWSE, PAGE_ITEM, PAGE_BID };

/* A connection and its outstanding request. */
struct call {
	bool busy;
	enum page page;
	uint32_t number, amount, known; /* known: the minimum highest bid */
	uint64_t intended, started;
	size_t used;
	char response[RESPONSE_MAX + 1];
};

/* As the metrics name their histograms. */
enum { RESPONSE, SERVICE };

struct state {
	struct call *calls;
	struct pollfd *polls;
	int connections, busy;
	bool closed_loop; /* a response is followed immediately by the next request */
	struct patience patience;
	double bids;
	uint32_t *highest; /* of each item, as confirmed by the site */
	struct random_state random;
	struct histogram *const *histograms;
	double completed;
};

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;

	s->connections = (int)trial_integer(trial, "connections");
	s->bids = trial_real(trial, "bids");
	s->calls = calloc((size_t)s->connections, sizeof(*s->calls));
	s->polls = calloc((size_t)s->connections, sizeof(*s->polls));
	s->highest = calloc(WEB_ITEMS, sizeof(*s->highest));
	for (int i = 0; s->polls && i < s->connections; i++)
		s->polls[i] = (struct pollfd){.fd = -1, .events = POLLIN};
	if (!s->calls || !s->polls || !s->highest)
		return error_set(err, -ENOMEM, "no memory for network.web");
	for (int i = 0; i < s->connections; i++) {
		s->polls[i].fd = peer_connect(trial, SOCK_STREAM, err);
		if (s->polls[i].fd < 0)
			return s->polls[i].fd;
	}
	return 0;
}

static int send_request(struct state *s, int connection, uint64_t intended, struct error *err)
{
	struct call *c = &s->calls[connection];
	double kind = random_share(&s->random);
	char request[256];
	int n, rc;

	c->number = (uint32_t)random_below(&s->random, WEB_ITEMS);
	c->known = s->highest[c->number];
	c->amount = 0;
	if (kind < s->bids) {
		c->page = PAGE_BID;
		c->amount = (uint32_t)random_below(&s->random, 1 << 30);
		n = snprintf(request, sizeof(request), "POST /bid?id=%u&amount=%u", c->number,
			     c->amount);
	} else if (kind < s->bids + (1 - s->bids) / 2) {
		c->page = PAGE_ITEM;
		n = snprintf(request, sizeof(request), "GET /item?id=%u", c->number);
	} else {
		c->page = PAGE_BROWSE;
		c->number %= WEB_CATEGORIES;
		n = snprintf(request, sizeof(request), "GET /browse?category=%u", c->number);
	}
	n += snprintf(request + n, sizeof(request) - (size_t)n,
		      " HTTP/1.1\r\nHost: tare\r\nAccept: text/html\r\n\r\n");
	c->used = 0;
	c->busy = true;
	s->busy++;
	c->intended = intended;
	c->started = clock_now();
	rc = send_whole(s->polls[connection].fd, request, (size_t)n);
	return rc ? error_errno(err, rc, "sending a request") : 0;
}

/* The numbers in a row of the table: "<td>HIGHEST</td>" after the item's name. */
static bool check_row(struct state *s, const struct call *c)
{
	char link[32];
	const char *row, *cell;
	uint32_t highest;

	snprintf(link, sizeof(link), "id=%u\">", c->number);
	row = strstr(c->response, link);
	cell = row ? strstr(row, "</a></td><td>") : NULL;
	if (!cell)
		return false;
	highest = (uint32_t)strtoul(cell + strlen("</a></td><td>"), NULL, 10);
	if (highest < c->known || highest < c->amount)
		return false;
	if (highest > s->highest[c->number])
		s->highest[c->number] = highest;
	return true;
}

/* 1: the response is complete and correct; 0: incomplete; or a negative errno. */
static int check_response(struct state *s, struct call *c, struct error *err)
{
	static const char status[] = "HTTP/1.1 200 OK\r\n",
			  mark[] = "Content-Length: ", close[] = "</body></html>\n";
	const char *body, *length;
	char title[40];
	size_t must;

	c->response[c->used] = 0;
	body = strstr(c->response, "\r\n\r\n");
	if (!body)
		return 0;
	body += 4;
	length = strstr(c->response, mark);
	must = length ? strtoul(length + strlen(mark), NULL, 10) : 0;
	if (must < sizeof(close) || must > RESPONSE_MAX - (size_t)(body - c->response) ||
	    memcmp(c->response, status, strlen(status)))
		return error_set(err, -EIO, "the site answered %.60s", c->response);
	if (c->used < (size_t)(body - c->response) + must)
		return 0;
	snprintf(title, sizeof(title), "<h1>Category %u<", c->number);
	if (c->used != (size_t)(body - c->response) + must ||
	    memcmp(body + must - strlen(close), close, strlen(close)) ||
	    !(c->page == PAGE_BROWSE ? strstr(body, title) != NULL : check_row(s, c)))
		return error_set(err, -EIO, "wrong page for number %u", c->number);
	return 1;
}

static int receive(struct state *s, int connection, struct error *err)
{
	struct call *c = &s->calls[connection];
	ssize_t n = recv(s->polls[connection].fd, c->response + c->used, RESPONSE_MAX - c->used,
			 MSG_DONTWAIT);
	uint64_t now = clock_now();
	int rc;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0 || !c->busy)
		return error_errno(err, n < 0 ? -errno : -ECONNRESET, "reading a response");
	c->used += (size_t)n;
	rc = check_response(s, c, err);
	if (rc <= 0)
		return rc;
	c->busy = false;
	s->busy--;
	s->completed++;
	histogram_record(s->histograms[RESPONSE], now - c->intended);
	histogram_record(s->histograms[SERVICE], now - c->started);
	return 0;
}

static int take(struct state *s, struct error *err)
{
	int rc = 0;

	for (int i = 0; i < s->connections && !rc; i++) {
		if (!s->polls[i].revents)
			continue;
		rc = receive(s, i, err);
		if (!rc && s->closed_loop && !s->calls[i].busy)
			rc = send_request(s, i, clock_now(), err);
	}
	return rc;
}

static int look(void *state)
{
	struct state *s = state;

	return poll(s->polls, (nfds_t)s->connections, 0);
}

/* Waits for input, at most until `until` (ns), and reads it. */
static int wait_responses(struct state *s, uint64_t until, struct error *err)
{
	uint64_t now = clock_now(), left = until > now + SPIN_NS ? until - now - SPIN_NS : 0;
	struct timespec timeout = {.tv_sec = (time_t)(left / NSEC_PER_SEC),
				   .tv_nsec = (long)(left % NSEC_PER_SEC)};
	int n = s->closed_loop ? patience_wait(&s->patience, look, s) : 0;

	if (!n)
		n = ppoll(s->polls, (nfds_t)s->connections, &timeout, NULL);
	if (n < 0 && errno != EINTR)
		return error_errno(err, -errno, "waiting for responses");
	return n > 0 ? take(s, err) : 0;
}

static int idle_connection(const struct state *s)
{
	for (int i = 0; i < s->connections; i++)
		if (!s->calls[i].busy)
			return i;
	return -1;
}

static int drain(struct state *s, struct error *err)
{
	uint64_t limit = clock_now() + CONNECTION_LIMIT_NS;
	int rc = 0;

	while (s->busy && !rc) {
		if (clock_now() >= limit)
			return error_set(err, -ETIMEDOUT, "%d requests had no response within %d s",
					 s->busy, NETWORK_LIMIT_SECONDS);
		rc = wait_responses(s, limit, err);
	}
	return rc;
}

/* Closed loop: each connection always has a request outstanding, and the next is sent as soon as a
 * response has been checked. If all responses were read first, client and server would take turns,
 * and their waiting would be measured. */
static int run_peak(struct trial *trial, struct state *s, uint64_t until, struct error *err)
{
	uint64_t last = clock_now();
	double completed = s->completed;
	int rc = 0;

	s->closed_loop = true;
	for (int i = 0; i < s->connections && !rc; i++)
		rc = send_request(s, i, clock_now(), err);
	while (!rc && clock_now() < until) {
		rc = wait_responses(s, until, err);
		if (s->completed > completed)
			last = clock_now();
		else if (!rc && clock_now() - last > CONNECTION_LIMIT_NS)
			rc = error_set(err, -ETIMEDOUT, "the site stopped answering");
		completed = s->completed;
		trial_continue(trial);
	}
	s->closed_loop = false;
	return rc;
}

/* Open loop: requests have intended starts from a Poisson process, whether or not the site keeps
 * up; all of them are sent in the end, so that none that waited is left out. */
static int run_load(struct trial *trial, struct state *s, double rate, struct error *err)
{
	uint64_t intended = clock_now(), limit = trial->deadline + CONNECTION_LIMIT_NS;
	int rc = 0, connection;

	while (!rc) {
		uint64_t now = clock_now();

		while (!rc && now >= intended && intended < trial->deadline &&
		       (connection = idle_connection(s)) >= 0) {
			rc = send_request(s, connection, intended, err);
			intended += (uint64_t)(-log(1 - random_share(&s->random)) / rate * 1e9);
		}
		if (intended >= trial->deadline)
			return rc;
		if (now >= limit)
			return error_set(
				err, -ETIMEDOUT,
				"rate=%g is more than the site can serve: choose a lower rate",
				rate);
		if (!rc)
			rc = wait_responses(s, idle_connection(s) >= 0 ? intended : limit, err);
		trial_continue(trial);
	}
	return rc;
}

static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	uint64_t half = trial->start + (trial->deadline - trial->start) / 2;
	double peak, load = trial_real(trial, "load") / 100;
	int rc;

	s->random = random_seeded(trial->seed);
	s->histograms = trial->histograms;
	s->completed = 0;
	rc = run_peak(trial, s, half, err);
	peak = s->completed / trial_elapsed(trial);
	trial_value(trial, "throughput", peak);
	rc = rc ?: drain(s, err);
	histogram_reset(s->histograms[RESPONSE]);
	histogram_reset(s->histograms[SERVICE]);
	if (!rc)
		rc = run_load(trial, s,
			      load > 0 ? fmax(load * peak, 1)
				       : (double)trial_integer(trial, "rate"),
			      err);
	rc = rc ?: drain(s, err);
	trial->operations = s->completed;
	return rc;
}

/* Each response was checked on arrival. */
static int verify(struct trial *trial, struct error *err)
{
	const struct state *s = trial->state;

	if (s->busy)
		return error_set(err, -EIO, "%d requests have no response", s->busy);
	return 0;
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	for (int i = 0; s->polls && i < s->connections; i++)
		if (s->polls[i].fd >= 0)
			close(s->polls[i].fd);
	free(s->calls);
	free(s->polls);
	free(s->highest);
}

const struct workload network_web = {
	.name = "network.web",
	.version = 3,
	.panel = PANEL_NETWORK,
	.summary = "an auction site over HTTP: its peak, then response times at a given load",
	.operation = "one request and its response",
	.stands_for = "RUBiS 1.4.3 (sharma2016, Figure 4d); one tier with its data in memory, "
		      "where RUBiS has Apache and PHP, MySQL and a client",
	.metrics =
		(const struct metric[]){
			RATE("throughput", "requests/s"),
			TIME_US("mean", "response", 0),
			TIME_US("p50", "response", 0.5),
			TIME_US("p99", "response", 0.99),
			TIME_US("service_p99", "service", 0.99),
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"rate", "requests/s in the second half, at random times",
			 PARAMETER_INTEGER, .fallback = 1000, .low = 1, .high = 1000000},
			{"load", "percent of the peak just measured, instead of rate; 0: use rate",
			 PARAMETER_REAL, .fallback = 0, .low = 0, .high = 1000},
			{"connections", "connections that the client keeps open", PARAMETER_INTEGER,
			 .fallback = 8, .low = 1, .high = 512},
			{"bids", "share of bids; RUBiS's bidding mix has 15 % writes",
			 PARAMETER_REAL, .fallback = 0.15, .low = 0, .high = 1},
			{0},
		},
	.sweep = "load",
	.sweep_of_peak = true,
	.needs = {.cpus = 1, .memory = 32 << 20, .peer = true},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
	.serve = serve,
	.finish = finish,
	.served = served,
};
