/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/microvm/space.h"

#include <errno.h>
#include <string.h>

void space_init(struct space *space, uint64_t low, uint64_t high)
{
	space->low = low;
	space->high = high;
	space->count = 0;
}

bool space_holds(const struct space *space, uint64_t start, uint64_t length)
{
	return length && start >= space->low && start < space->high &&
	       length <= space->high - start;
}

/* The first taken range that ends above `address`; count if there is none. */
static int first_above(const struct space *space, uint64_t address)
{
	int low = 0, high = space->count;

	while (low < high) {
		int middle = (low + high) / 2;

		if (space->taken[middle].end > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

bool space_is_free(const struct space *space, uint64_t start, uint64_t length)
{
	int i = first_above(space, start);

	return space_holds(space, start, length) &&
	       (i == space->count || space->taken[i].start >= start + length);
}

uint64_t space_find(const struct space *space, uint64_t length, uint64_t align)
{
	uint64_t end = space->high;

	if (!length || length > space->high - space->low)
		return 0;
	for (int i = space->count; i >= 0; i--) {
		uint64_t start = i ? space->taken[i - 1].end : space->low;

		if (end - start >= length) {
			uint64_t at = (end - length) & ~(align - 1);

			if (at >= start && at <= end - length)
				return at;
		}
		if (i)
			end = space->taken[i - 1].start;
	}
	return 0;
}

/* Replaces `removed` ranges from index `at` on by the `added` ones of `ranges`. */
static int splice(struct space *space, int at, int removed, const struct space_range *ranges,
		  int added)
{
	if (space->count - removed + added > SPACE_RANGES)
		return -ENOMEM;
	memmove(space->taken + at + added, space->taken + at + removed,
		(size_t)(space->count - at - removed) * sizeof(*space->taken));
	memcpy(space->taken + at, ranges, (size_t)added * sizeof(*ranges));
	space->count += added - removed;
	return 0;
}

int space_take(struct space *space, uint64_t start, uint64_t length)
{
	struct space_range range = {start, start + length};
	int at, end;

	if (!space_holds(space, start, length))
		return -EINVAL;
	at = first_above(space, start);
	if (at && space->taken[at - 1].end == start)
		at--;
	for (end = at; end < space->count && space->taken[end].start <= range.end; end++) {
		if (space->taken[end].start < range.start)
			range.start = space->taken[end].start;
		if (space->taken[end].end > range.end)
			range.end = space->taken[end].end;
	}
	return splice(space, at, end - at, &range, 1);
}

int space_give(struct space *space, uint64_t start, uint64_t length)
{
	struct space_range rest[2];
	uint64_t stop = start + length;
	int at, end, added = 0;

	if (!space_holds(space, start, length))
		return -EINVAL;
	at = first_above(space, start);
	for (end = at; end < space->count && space->taken[end].start < stop; end++)
		;
	if (end == at)
		return 0;
	if (space->taken[at].start < start)
		rest[added++] = (struct space_range){space->taken[at].start, start};
	if (space->taken[end - 1].end > stop)
		rest[added++] = (struct space_range){stop, space->taken[end - 1].end};
	return splice(space, at, end - at, rest, added);
}
