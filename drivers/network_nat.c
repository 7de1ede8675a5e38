/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Docker's NAT for one container, in nftables: a published port range is redirected to the
 * container (DNAT), outgoing traffic is masqueraded, and forwarding consults the connection tracker
 * first. Docker's userland proxy serves only traffic from the host itself, so it is left out. */
#include <errno.h>
#include <nftables/libnftables.h>
#include <stdio.h>
#include <string.h>

#include "drivers/network_private.h"

/* 1: table number; 2: address outside; 3: address inside. */
#define RULES                                                                                      \
	"table ip tare%1$d {\n"                                                                    \
	"	chain prerouting {\n"                                                                    \
	"		type nat hook prerouting priority dstnat;\n"                                            \
	"		ip daddr %2$s meta l4proto { tcp, udp } th dport 1024-65535 dnat to "                   \
	"%3$s\n"                                                                                   \
	"	}\n"                                                                                     \
	"	chain postrouting {\n"                                                                   \
	"		type nat hook postrouting priority srcnat;\n"                                           \
	"		ip saddr %3$s oifname != \"" NETWORK_BRIDGE "\" masquerade\n"              \
	"	}\n"                                                                                     \
	"	chain forward {\n"                                                                       \
	"		type filter hook forward priority filter;\n"                                            \
	"		oifname \"" NETWORK_BRIDGE "\" ct state related,established accept\n"      \
	"		ip daddr %3$s meta l4proto { tcp, udp } th dport 1024-65535 accept\n"                   \
	"	}\n"                                                                                     \
	"}\n"

static int run(const char *commands, struct error *err)
{
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	const char *why;
	int rc = 0;

	if (!nft)
		return error_errno(err, -ENOMEM, "nftables");
	nft_ctx_buffer_output(nft);
	nft_ctx_buffer_error(nft);
	if (nft_run_cmd_from_buffer(nft, commands)) {
		why = nft_ctx_get_error_buffer(nft);
		rc = error_set(err, -EOPNOTSUPP, "nftables rejects the NAT rules: %.*s",
			       (int)strcspn(why, "\n"), why);
	}
	nft_ctx_free(nft);
	return rc;
}

int nat_add(int slot, const char *outside, const char *inside, struct error *err)
{
	char commands[2048];

	snprintf(commands, sizeof(commands), RULES, slot, outside, inside);
	return run(commands, err);
}

void nat_remove(int slot)
{
	char command[64];

	snprintf(command, sizeof(command), "delete table ip tare%d\n", slot);
	run(command, NULL);
}
