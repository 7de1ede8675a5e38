/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/run/run_time.h"

#include "base/clock.h"

static const char *const phase_names[PHASES] = {
	[PHASE_OTHER] = "other",     [PHASE_STARTING] = "starting", [PHASE_PREPARING] = "preparing",
	[PHASE_WARMING] = "warming", [PHASE_RENEWING] = "renewing", [PHASE_TRIALS] = "trials",
	[PHASE_BETWEEN] = "between",
};

void time_begin(struct time_account *account)
{
	*account = (struct time_account){.phase = PHASE_OTHER};
	account->began = account->since = clock_now();
}

enum phase time_enter(struct time_account *account, enum phase phase)
{
	enum phase before = account->phase;
	uint64_t now = clock_now();

	account->seconds[account->renewing ? PHASE_RENEWING : before] +=
		seconds_of(now - account->since);
	account->since = now;
	account->phase = phase;
	return before;
}

void time_renewing(struct time_account *account, bool renewing)
{
	time_enter(account, account->phase);
	account->renewing = renewing;
}

void time_move(struct time_account *account, enum phase from, enum phase to, double seconds)
{
	account->seconds[from] -= seconds;
	account->seconds[to] += seconds;
}

double time_now(const struct time_account *account)
{
	return seconds_of(clock_now() - account->began) + account->simulated + account->earlier;
}

json_t *time_json(struct time_account *account)
{
	json_t *json = json_object();
	double total = 0;

	time_enter(account, account->phase);
	for (int i = 0; i < PHASES; i++) {
		json_object_set_new(json, phase_names[i], json_real(account->seconds[i]));
		total += account->seconds[i];
	}
	json_object_set_new(json, "total", json_real(total));
	if (account->earlier > 0)
		json_object_set_new(json, "earlier", json_real(account->earlier));
	if (account->simulated > 0)
		json_object_set_new(json, "simulated", json_real(account->simulated));
	return json;
}
