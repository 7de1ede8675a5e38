/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Generates sources for the small compiler. Each expression is evaluated as it is generated, so
 * that the result of the compiled code is known without the compiler. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "workloads/compiler.h"
#include "workloads/compiler_code.h"
#include "workloads/random.h"

#define FUNCTION_BYTES 8192 /* no function is longer */
#define LOCALS_MAX 24

struct writer {
	struct random_state random;
	char text[FUNCTION_BYTES];
	size_t used;
	uint32_t values[LOCALS_MAX];
	int locals; /* the two arguments among them */
};

static void put(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct writer *w, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	w->used += (size_t)vsnprintf(w->text + w->used, sizeof(w->text) - w->used, format, args);
	va_end(args);
	if (w->used >= sizeof(w->text))
		w->used = sizeof(w->text) - 1;
}

static uint32_t put_expression(struct writer *w, int depth)
{
	enum operation operation = (enum operation)random_below(&w->random, OPERATOR_NOT);
	uint64_t kind = random_below(&w->random, 8);
	uint32_t left, right, local;

	if (!depth || kind == 0) {
		right = (uint32_t)random_below(&w->random, 100000);
		put(w, "%u", right);
		return right;
	}
	if (kind <= 2) {
		local = (uint32_t)random_below(&w->random, (uint64_t)w->locals);
		put(w, "value_%u", local);
		return w->values[local];
	}
	if (kind == 3) {
		put(w, "~");
		return ~put_expression(w, 0);
	}
	put(w, "(");
	left = put_expression(w, depth - 1);
	put(w, " %s ", operators[operation].text);
	right = put_expression(w, depth - 1);
	put(w, ")");
	return operator_binary(operation, left, right);
}

static void put_assignment(struct writer *w, const char *indent)
{
	uint64_t local = random_below(&w->random, (uint64_t)w->locals);
	uint32_t value;

	put(w, "%svalue_%u = ", indent, (unsigned)local);
	value = put_expression(w, 2);
	put(w, ";\n");
	w->values[local] = value;
}

static void put_if(struct writer *w)
{
	uint32_t before[LOCALS_MAX], taken[LOCALS_MAX], condition;

	put(w, "\tif (");
	condition = put_expression(w, 2);
	put(w, ") {\n");
	memcpy(before, w->values, sizeof(before));
	put_assignment(w, "\t\t");
	memcpy(taken, w->values, sizeof(taken));
	memcpy(w->values, before, sizeof(before));
	put(w, "\t} else {\n");
	put_assignment(w, "\t\t");
	put(w, "\t}\n");
	if (condition)
		memcpy(w->values, taken, sizeof(taken));
}

static uint32_t put_function(struct writer *w, unsigned number)
{
	uint32_t value;

	w->used = 0;
	w->locals = 2;
	w->values[0] = 3;
	w->values[1] = 5;
	put(w, "/* Function number %u of this file; it has no purpose but to be compiled. */\n",
	    number);
	put(w, "unsigned function_%u(unsigned value_0, unsigned value_1)\n{\n", number);
	while (w->locals < LOCALS_MAX) {
		uint64_t kind = random_below(&w->random, 4);

		if (kind == 0) {
			put_if(w);
		} else if (kind == 1) {
			put_assignment(w, "\t");
		} else {
			put(w, "\tunsigned value_%d = ", w->locals);
			value = put_expression(w, 3);
			put(w, ";\n");
			w->values[w->locals++] = value;
		}
		if (w->used > FUNCTION_BYTES / 2)
			break;
	}
	put(w, "\treturn ");
	value = put_expression(w, 3);
	put(w, ";\n}\n\n");
	return value;
}

void source_generate(char *text, size_t length, uint64_t seed, uint32_t *result)
{
	struct writer w = {.random = random_seeded(seed)};
	size_t used = 0;

	*result = 0;
	for (unsigned number = 0;; number++) {
		uint32_t value = put_function(&w, number);

		if (w.used > length - used)
			break;
		memcpy(text + used, w.text, w.used);
		used += w.used;
		*result = result_fold(*result, value);
	}
	memset(text + used, '\n', length - used);
}
