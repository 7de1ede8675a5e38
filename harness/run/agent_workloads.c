/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/run/agent_workloads.h"

#include "base/cleanup.h"
#include "harness/procedure/agent_link.h"
#include "harness/procedure/procedure.h"
#include "harness/run/run_private.h"

int catalogue_ask(json_t **catalogue, struct error *err)
{
	cleanup_free char *path = run_agent_path(err);
	struct agent_place place = {.path = path, .namespace_fd = -1};
	struct agent agent;
	int rc;

	*catalogue = NULL;
	if (!path)
		return err->code;
	rc = agent_spawn(&agent, &place, err);
	if (rc)
		return rc;
	rc = agent_catalogue(&agent, catalogue, err);
	agent_finish(&agent);
	if (rc)
		return error_prefix(err, "asking %s for its workloads", path);
	procedures_describe(*catalogue);
	return 0;
}
