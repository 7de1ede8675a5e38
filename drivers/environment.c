/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "DRIVER[:[PRESET][,NAME=VALUE]...]" to a struct environment. The driver's tables define what is
 * valid, and error messages list it. */
#include "drivers/driver.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define NAME_SHOWN 64 /* bytes shown of a wrong name, so that the valid ones fit in the message */

/* What the text contains, before defaults are filled in. */
struct given {
	const struct preset *preset;
	char *values[ENVIRONMENT_OPTIONS_MAX]; /* NULL: not given; owned */
};

static void given_finish(struct given *given)
{
	for (int i = 0; i < ENVIRONMENT_OPTIONS_MAX; i++)
		free(given->values[i]);
}

/* Appends ", "-separated words to a text of fixed size; truncates. */
static void list_word(char *list, size_t size, const char *word)
{
	size_t used = strlen(list);

	snprintf(list + used, size - used, "%s%s", used ? ", " : "", word);
}

static const struct driver *find_driver(const char *name, size_t length, struct error *err)
{
	char known[256] = "";

	for (int i = 0; drivers[i]; i++) {
		if (strlen(drivers[i]->name) == length && !strncmp(drivers[i]->name, name, length))
			return drivers[i];
		list_word(known, sizeof(known), drivers[i]->name);
	}
	error_set(err, -EINVAL, "unknown environment \"%.*s\"; valid environments: %s",
		  (int)(length < NAME_SHOWN ? length : NAME_SHOWN), name, known);
	return NULL;
}

static int option_count(const struct driver *driver)
{
	int count = 0;

	while (driver->options && driver->options[count].name)
		count++;
	assert(count <= ENVIRONMENT_OPTIONS_MAX);
	return count;
}

static int find_option(const struct driver *driver, const char *name)
{
	int count = option_count(driver);

	for (int i = 0; i < count; i++)
		if (!strcmp(driver->options[i].name, name))
			return i;
	return -1;
}

static int refuse_word(const struct driver *driver, const char *word, struct error *err)
{
	char presets[256] = "", options[512] = "";

	for (const struct preset *p = driver->presets; p && p->name; p++)
		list_word(presets, sizeof(presets), p->name);
	for (int i = 0; i < option_count(driver); i++)
		list_word(options, sizeof(options), driver->options[i].name);
	if (!*options)
		return error_set(err, -EINVAL, "\"%s\": the environment \"%s\" has no options",
				 word, driver->name);
	if (strchr(word, '='))
		return error_set(err, -EINVAL, "%s has no option \"%.*s\"; valid options: %s",
				 driver->name, (int)strcspn(word, "="), word, options);
	return error_set(
		err, -EINVAL,
		"\"%s\" is neither a preset of %s (%s) nor NAME=VALUE with one of its options: %s",
		word, driver->name, *presets ? presets : "none", options);
}

static int check_value(const struct driver *driver, const struct option_spec *option,
		       const char *value, struct error *err)
{
	char valid[512] = "";
	int rc;

	if (!option->choices) {
		if (!*value)
			return error_set(err, -EINVAL, "%s:%s= needs a %s", driver->name,
					 option->name, option->placeholder);
		rc = option->check ? option->check(value, err) : 0;
		if (rc)
			error_prefix(err, "%s:%s=%s", driver->name, option->name, value);
		return rc;
	}
	for (int i = 0; option->choices[i]; i++) {
		if (!strcmp(option->choices[i], value))
			return 0;
		list_word(valid, sizeof(valid), option->choices[i]);
	}
	return error_set(err, -EINVAL, "invalid value %s:%s=%s; valid values: %s", driver->name,
			 option->name, value, valid);
}

static int take_option(const struct driver *driver, struct given *given, char *word,
		       struct error *err)
{
	char *equals = strchr(word, '=');
	int at, rc;

	if (!equals)
		return refuse_word(driver, word, err);
	*equals = 0;
	at = find_option(driver, word);
	*equals = '=';
	if (at < 0)
		return refuse_word(driver, word, err);
	if (given->values[at])
		return error_set(err, -EINVAL, "%s:%s is given twice", driver->name,
				 driver->options[at].name);
	rc = check_value(driver, &driver->options[at], equals + 1, err);
	if (rc)
		return rc;
	given->values[at] = strdup(equals + 1);
	return given->values[at] ? 0 : error_errno(err, -ENOMEM, "%s", driver->name);
}

static const struct preset *find_preset(const struct driver *driver, const char *name)
{
	for (const struct preset *p = driver->presets; p && p->name; p++)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

/* A comma-separated list of options; the first may be a preset if `presets` is allowed. */
static int take_list(const struct driver *driver, struct given *given, const char *text,
		     bool presets, struct error *err)
{
	cleanup_free char *copy = strdup(text);
	char *rest = copy;
	int rc = 0;

	if (!copy)
		return error_errno(err, -ENOMEM, "%s", driver->name);
	for (char *word = strsep(&rest, ","); word && !rc; word = strsep(&rest, ",")) {
		const struct preset *preset = presets ? find_preset(driver, word) : NULL;

		presets = false;
		if (preset)
			given->preset = preset;
		else
			rc = take_option(driver, given, word, err);
	}
	return rc;
}

static char *canonical_name(const struct driver *driver, const struct given *given)
{
	char separator = ':';
	char *name = NULL;
	size_t size;
	FILE *text = open_memstream(&name, &size);

	if (!text)
		return NULL;
	fputs(driver->name, text);
	if (given->preset) {
		fprintf(text, ":%s", given->preset->name);
		separator = ',';
	}
	for (int i = 0; i < option_count(driver); i++) {
		if (!given->values[i])
			continue;
		fprintf(text, "%c%s=%s", separator, driver->options[i].name, given->values[i]);
		separator = ',';
	}
	fclose(text);
	return name;
}

/* Given values override the preset's, which override defaults. Takes ownership of given values. */
static int resolve(struct environment *env, struct given *given, struct error *err)
{
	const struct driver *driver = env->driver;
	struct given preset = {0};
	int count = option_count(driver), rc = 0;

	if (given->preset)
		rc = take_list(driver, &preset, given->preset->options, false, err);
	env->values = calloc((size_t)count + 1, sizeof(*env->values));
	if (!env->values)
		rc = error_errno(err, -ENOMEM, "%s", driver->name);
	for (int i = 0; i < count && !rc; i++) {
		char **from = given->values[i] ? &given->values[i] : &preset.values[i];

		env->values[i] = *from ? *from : strdup(driver->options[i].fallback);
		*from = NULL;
		if (!env->values[i])
			rc = error_errno(err, -ENOMEM, "%s", driver->name);
	}
	given_finish(&preset);
	return rc;
}

int environment_parse(const char *text, struct environment **env, struct error *err)
{
	const char *colon = strchrnul(text, ':');
	struct environment *made;
	struct given given = {0};
	int rc;

	*env = NULL;
	made = calloc(1, sizeof(*made));
	if (!made)
		return error_errno(err, -ENOMEM, "%s", text);
	made->driver = find_driver(text, (size_t)(colon - text), err);
	rc = made->driver ? 0 : -EINVAL;
	if (!rc && *colon)
		rc = take_list(made->driver, &given, colon + 1, true, err);
	if (!rc) {
		made->name = canonical_name(made->driver, &given);
		rc = made->name ? resolve(made, &given, err)
				: error_errno(err, -ENOMEM, "%s", text);
	}
	given_finish(&given);
	if (rc)
		environment_destroy(made);
	else
		*env = made;
	return rc;
}

void environment_destroy(struct environment *env)
{
	if (!env)
		return;
	if (env->values)
		for (int i = 0; i < option_count(env->driver); i++)
			free((char *)env->values[i]);
	free(env->values);
	free(env->name);
	free(env);
}

const char *environment_option(const struct environment *env, const char *name)
{
	int at = find_option(env->driver, name);

	assert(at >= 0);
	return env->values[at];
}
