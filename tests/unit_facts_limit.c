/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "harness/procedure/agent_link.h"

/* What agent_facts makes of an answer with a fact of `bytes`. */
static int facts_of(size_t bytes, json_t *hello, struct error *err)
{
	cleanup_close int in = memfd_create("answer", 0), out = open("/dev/null", O_WRONLY);
	cleanup_free char *fact = malloc(bytes + 1);
	struct agent agent;
	int rc;

	ck_assert_ptr_nonnull(fact);
	memset(fact, 'x', bytes);
	fact[bytes] = 0;
	dprintf(in, "{\"type\":\"facts\",\"facts\":{\"one\":\"%s\"}}\n", fact);
	lseek(in, 0, SEEK_SET);
	agent_attach(&agent, in, out);
	rc = agent_facts(&agent, NULL, hello, err);
	agent_finish(&agent);
	return rc;
}

/* It would take the budget that the readers of run.json have for all environments. */
START_TEST(facts_without_measure_are_that_environments_error)
{
	cleanup_json json_t *hello = json_object();
	struct error err = {0};

	ck_assert_int_eq(facts_of(70000, hello, &err), -EMSGSIZE);
	ck_assert_uint_eq(json_object_size(hello), 0);
	ck_assert_msg(!facts_of(5000, hello, &err), "%s", err.message);
	ck_assert_ptr_nonnull(json_object_get(hello, "facts"));
}
END_TEST

UNIT("agent link", facts_without_measure_are_that_environments_error)
