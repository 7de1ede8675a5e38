/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs are passed on, so they must not contain paths of the machine that made them. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "harness/run/run_private.h"

struct place {
	const char *name;
	char path[PATH_MAX];
};

/* `text` with the path of each place replaced by its name. The caller frees. */
static char *rename_places(const char *text, const struct place *places, size_t count)
{
	char *renamed = NULL;
	size_t size;
	FILE *out = open_memstream(&renamed, &size);

	while (out && *text) {
		size_t i = 0, length = 0;

		for (; i < count; i++) {
			length = strlen(places[i].path);
			if (length > 1 && !strncmp(text, places[i].path, length) &&
			    (text[length] == '/' || text[length] == '\0' || text[length] == '\''))
				break;
		}
		if (i < count)
			fputs(places[i].name, out);
		else
			fputc(*text, out);
		text += i < count ? length : 1;
	}
	return out && !fclose(out) ? renamed : NULL;
}

static json_t *renamed(json_t *json, const struct place *places, size_t count)
{
	cleanup_free char *text = NULL;
	json_t *copy, *value;
	const char *key;
	size_t i;

	if (json_is_string(json)) {
		text = rename_places(json_string_value(json), places, count);
		return text ? json_string(text) : json_null();
	}
	if (json_is_array(json)) {
		copy = json_array();
		json_array_foreach (json, i, value)
			json_array_append_new(copy, renamed(value, places, count));
		return copy;
	}
	if (!json_is_object(json))
		return json_incref(json);
	copy = json_object();
	json_object_foreach (json, key, value)
		json_object_set_new(copy, key, renamed(value, places, count));
	return copy;
}

static void set_place(struct place *place, const char *name, const char *path)
{
	place->name = name;
	if (!path || !realpath(path, place->path))
		place->path[0] = '\0';
}

json_t *run_without_paths(const struct run_setup *setup, json_t *json)
{
	struct place places[3];
	char *slash;

	set_place(&places[0], "$RUN", setup->directory);
	set_place(&places[1], "$SCRATCH", setup->scratch_dir);
	set_place(&places[2], "$TARE", setup->agent_path);
	slash = strrchr(places[2].path, '/');
	if (slash)
		*slash = '\0';
	return renamed(json, places, 3);
}
