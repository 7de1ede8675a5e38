/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness/procedure/interrupt.h"

#include <signal.h>

/* The only state that the signal handler accesses. */
static volatile sig_atomic_t asked;

static void note(int signal_number)
{
	(void)signal_number;
	asked = 1;
}

void interrupt_catch(void)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	/* Writing to a dead agent returns EPIPE. */
	signal(SIGPIPE, SIG_IGN);
}

bool interrupted(void)
{
	return asked;
}
