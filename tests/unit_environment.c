/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit.h"

#include <errno.h>
#include <string.h>

#include "drivers/driver.h"
#include "base/file.h"

static struct environment *parsed(const char *text)
{
	struct environment *env;
	struct error err = {0};

	ck_assert_msg(environment_parse(text, &env, &err) == 0, "%s: %s", text, err.message);
	return env;
}

static void refused(const char *text, const char *says)
{
	struct environment *env = (struct environment *)1;
	struct error err = {0};

	ck_assert_int_eq(environment_parse(text, &env, &err), -EINVAL);
	ck_assert_ptr_null(env);
	ck_assert_msg(strstr(err.message, says) != NULL, "%s: %s", text, err.message);
}

START_TEST(a_driver_alone_has_its_defaults)
{
	struct environment *env = parsed("container");

	ck_assert_str_eq(env->name, "container");
	ck_assert_str_eq(environment_option(env, "net"), "bridge");
	ck_assert_str_eq(environment_option(env, "seccomp"), "default");
	environment_destroy(env);
}
END_TEST

START_TEST(the_name_is_the_same_whatever_the_order_of_options)
{
	struct environment *a = parsed("container:seccomp=off,net=host");
	struct environment *b = parsed("container:net=host,seccomp=off");

	ck_assert_str_eq(a->name, b->name);
	ck_assert_str_eq(a->name, "container:net=host,seccomp=off");
	environment_destroy(a);
	environment_destroy(b);
}
END_TEST

START_TEST(a_preset_stands_for_its_options_and_what_is_given_beats_it)
{
	struct environment *env = parsed("container:host,storage=tmpfs");

	ck_assert_str_eq(env->name, "container:host,storage=tmpfs");
	ck_assert_str_eq(environment_option(env, "net"), "host");
	ck_assert_str_eq(environment_option(env, "storage"), "tmpfs");
	environment_destroy(env);
}
END_TEST

START_TEST(every_preset_of_every_driver_is_accepted)
{
	for (int i = 0; drivers[i]; i++)
		for (const struct preset *p = drivers[i]->presets; p && p->name; p++) {
			char text[128];

			snprintf(text, sizeof(text), "%s:%s", drivers[i]->name, p->name);
			environment_destroy(parsed(text));
		}
}
END_TEST

START_TEST(every_default_is_a_valid_value)
{
	for (int i = 0; drivers[i]; i++)
		for (const struct option_spec *o = drivers[i]->options; o && o->name; o++) {
			char text[256];

			if (!*o->fallback)
				continue;
			snprintf(text, sizeof(text), "%s:%s=%s", drivers[i]->name, o->name,
				 o->fallback);
			environment_destroy(parsed(text));
		}
}
END_TEST

START_TEST(every_option_says_what_it_takes_and_what_it_does)
{
	for (int i = 0; drivers[i]; i++)
		for (const struct option_spec *o = drivers[i]->options; o && o->name; o++) {
			ck_assert_ptr_nonnull(o->fallback);
			ck_assert_ptr_nonnull(o->summary);
			ck_assert_msg(o->choices || o->placeholder, "%s", o->name);
		}
}
END_TEST

START_TEST(an_unknown_driver_is_refused_with_those_there_are)
{
	refused("docker", "container");
	refused("", "bare");
	refused("contain", "container");
}
END_TEST

START_TEST(an_unknown_option_is_refused_with_those_there_are)
{
	refused("container:disk=ide", "storage");
	refused("container:fast", "preset");
	refused("container:net", "NAME=VALUE");
	refused("container:", "preset");
	refused("container:net=host,", "NAME=VALUE");
}
END_TEST

START_TEST(a_wrong_value_is_refused_with_the_valid_ones)
{
	refused("container:net=hst", "bridge, nat, host");
	refused("container:net=", "bridge, nat, host");
	refused("bare:slow=fast", "0%");
	refused("bare:slow=-1%", "0%");
	refused("container:namespaces=pid", "mount");
	refused("container:namespaces=mount+net", "cgroup");
}
END_TEST

START_TEST(an_option_given_twice_or_a_preset_in_second_place_is_refused)
{
	refused("container:net=host,net=nat", "twice");
	refused("container:net=host,docker", "docker");
}
END_TEST

/* Names and values are written as `word` there. */
static void must_be_told(const char *page, const char *heading, const char *word)
{
	const char *from = strstr(page, heading), *until;
	char quoted[96], *at;

	ck_assert_ptr_nonnull(from);
	until = strstr(from + 3, "\n## ");
	snprintf(quoted, sizeof(quoted), "`%s`", word);
	at = strstr(from, quoted);
	ck_assert_msg(at && (!until || at < until), "docs/environments.md does not tell %s of %s",
		      quoted, heading + 4);
}

START_TEST(the_page_on_environments_tells_every_option_value_and_preset)
{
	static const char *const told[] = {"bare", "container"};
	char *page, heading[64], preset[64];

	ck_assert_int_eq(file_read("docs/environments.md", 1 << 20, &page, NULL, NULL), 0);
	for (int i = 0; drivers[i]; i++) {
		const struct driver *driver = drivers[i];

		if (strcmp(driver->name, told[0]) && strcmp(driver->name, told[1]))
			continue;
		snprintf(heading, sizeof(heading), "\n## %s\n", driver->name);
		for (const struct option_spec *o = driver->options; o && o->name; o++) {
			must_be_told(page, heading, o->name);
			for (int c = 0; o->choices && o->choices[c]; c++)
				must_be_told(page, heading, o->choices[c]);
		}
		for (const struct preset *p = driver->presets; p && p->name; p++) {
			snprintf(preset, sizeof(preset), "%s:%s", driver->name, p->name);
			must_be_told(page, heading, preset);
		}
	}
	free(page);
}
END_TEST

UNIT("environment", a_driver_alone_has_its_defaults,
     the_name_is_the_same_whatever_the_order_of_options,
     a_preset_stands_for_its_options_and_what_is_given_beats_it,
     every_preset_of_every_driver_is_accepted, every_default_is_a_valid_value,
     every_option_says_what_it_takes_and_what_it_does,
     an_unknown_driver_is_refused_with_those_there_are,
     an_unknown_option_is_refused_with_those_there_are,
     a_wrong_value_is_refused_with_the_valid_ones,
     an_option_given_twice_or_a_preset_in_second_place_is_refused,
     the_page_on_environments_tells_every_option_value_and_preset)
