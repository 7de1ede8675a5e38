/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network.web and nginx, both under wrk: one page of the auction site and, from nginx, the same
 * bytes as a file. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "tests/bench/bench.h"

#define NGINX_PORT 18080
#define PAGE "/item?id=1234"
#define CONNECTIONS "8" /* as many as network.web's own client has */

struct site {
	struct served *ours;
	pid_t nginx;
	int port;
	char page[512], configuration[512], url[128];
};

static int begin_ours(const struct place *place, const struct job *job, void **state,
		      struct error *err)
{
	struct site *site = *state = calloc(1, sizeof(*site));
	int rc;

	if (!site)
		return error_set(err, -ENOMEM, "no memory");
	rc = served_create(place, job, "serve", &site->ours, &site->port, err);
	snprintf(site->url, sizeof(site->url), "http://127.0.0.1:%d" PAGE, site->port);
	return rc;
}

/* The body of one of our pages. */
static int fetch(int port, char *response, size_t size, const char **body, struct error *err)
{
	static const char request[] = "GET " PAGE " HTTP/1.1\r\nHost: bench\r\n\r\n";
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	cleanup_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t used = 0;
	double length;

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) != sizeof(request) - 1)
		return error_errno(err, -errno, "asking for a page");
	do {
		ssize_t n = recv(fd, response + used, size - 1 - used, 0);

		if (n <= 0)
			return error_set(err, -EPROTO, "the page ends after %zu bytes", used);
		used += (size_t)n;
		response[used] = 0;
		*body = strstr(response, "\r\n\r\n");
	} while (!*body || number_after(response, "Content-Length:", &length, NULL) ||
		 used < (size_t)(*body + 4 - response) + (size_t)length);
	*body += 4;
	return 0;
}

static int write_page(const struct place *place, const struct job *job, const char *path,
		      struct error *err)
{
	char response[16384];
	const char *body = "";
	void *state;
	int rc = begin_ours(place, job, &state, err);

	if (!rc)
		rc = fetch(((struct site *)state)->port, response, sizeof(response), &body, err);
	if (!rc)
		rc = file_write(path, body, err);
	if (state) {
		served_destroy(((struct site *)state)->ours);
		free(state);
	}
	return rc;
}

static int begin_nginx(const struct place *place, const struct job *job, void **state,
		       struct error *err)
{
	struct site *site = *state = calloc(1, sizeof(*site));
	cleanup_free char *text = NULL;
	int rc;

	if (!site || asprintf(&text,
			      "daemon off; user root; worker_processes 1; pid %s/nginx.pid;\n"
			      "error_log /dev/null;\n"
			      "events { worker_connections 64; }\n"
			      "http { access_log off; keepalive_requests 1000000000; sendfile on;\n"
			      "tcp_nopush on; tcp_nodelay on; open_file_cache max=16;\n"
			      "client_body_temp_path %s/nginx-1; proxy_temp_path %s/nginx-2;\n"
			      "fastcgi_temp_path %s/nginx-3; uwsgi_temp_path %s/nginx-4;\n"
			      "scgi_temp_path %s/nginx-5; default_type text/html;\n"
			      "server { listen 127.0.0.1:%d; root %s; } }\n",
			      place->scratch, place->scratch, place->scratch, place->scratch,
			      place->scratch, place->scratch, NGINX_PORT, place->scratch) < 0)
		return error_set(err, -ENOMEM, "no memory");
	snprintf(site->page, sizeof(site->page), "%s/page.html", place->scratch);
	snprintf(site->configuration, sizeof(site->configuration), "%s/nginx.conf", place->scratch);
	snprintf(site->url, sizeof(site->url), "http://127.0.0.1:%d/page.html", NGINX_PORT);
	rc = write_page(place, job, site->page, err);
	if (!rc)
		rc = file_write(site->configuration, text, err);
	if (!rc)
		rc = start_pinned(place->trial_cpu,
				  (const char *const[]){"nginx", "-c", site->configuration, NULL},
				  &site->nginx, err);
	return rc ? rc : wait_for_port(NGINX_PORT, err);
}

static int measure(const struct place *place, const struct job *job, void *state,
		   struct sample *sample, struct error *err)
{
	const struct site *site = state;
	char seconds[16];
	const char *const argv[] = {"wrk", "-t1", "-c" CONNECTIONS, seconds, site->url, NULL};
	cleanup_free char *output = NULL;
	int rc;

	snprintf(seconds, sizeof(seconds), "-d%.0fs", seconds_of_job(job));
	rc = run_pinned(place->other_cpu, argv, &output, err);
	if (!rc && strstr(output, "Non-2xx"))
		return error_set(err, -EPROTO, "wrk got no pages: %s", output);
	return rc ? rc : number_after(output, "Requests/sec:", &sample->value, err);
}

static void end(void *state)
{
	struct site *site = state;

	if (!site)
		return;
	served_destroy(site->ours);
	stop_process(site->nginx);
	free(site);
}

const struct arm arm_web_ours = {"network.web", begin_ours, measure, end};
const struct arm arm_nginx = {"nginx", begin_nginx, measure, end};
