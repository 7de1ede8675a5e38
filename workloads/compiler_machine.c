/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stack machine that runs the small compiler's objects, to verify them. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "workloads/compiler.h"
#include "workloads/compiler_code.h"

struct machine {
	uint32_t variables[VARIABLES_MAX], stack[DEPTH_MAX * 2];
	size_t depth, at;
};

static bool read_number(const struct object *o, struct machine *m, uint32_t *number)
{
	if (o->used - m->at < 4)
		return false;
	*number = 0;
	for (int i = 0; i < 4; i++)
		*number |= (uint32_t)o->code[m->at++] << (8 * i);
	return true;
}

static bool step_operator(const struct object *o, struct machine *m, uint8_t code)
{
	enum operation operation = (enum operation)(code - CODE_OPERATOR);
	uint8_t operands = m->at < o->used ? o->code[m->at++] : 0;

	if (operation >= OPERATOR_COUNT || operands < 1 || operands > 2 || m->depth < operands)
		return false;
	if (operands == 1) {
		m->stack[m->depth - 1] = operator_unary(operation, m->stack[m->depth - 1]);
		return true;
	}
	m->depth--;
	m->stack[m->depth - 1] =
		operator_binary(operation, m->stack[m->depth - 1], m->stack[m->depth]);
	return true;
}

/* One instruction; false: it is invalid. Jumps only go forward, so every run ends. */
static bool step(const struct object *o, struct machine *m, uint8_t code)
{
	uint32_t number = 0;

	if (code == CODE_NUMBER || code == CODE_JUMP || code == CODE_JUMP_IF_ZERO) {
		if (!read_number(o, m, &number))
			return false;
	} else if (code == CODE_LOAD || code == CODE_STORE) {
		if (m->at >= o->used || (number = o->code[m->at++]) >= VARIABLES_MAX)
			return false;
	}
	if (code == CODE_NUMBER || code == CODE_LOAD) {
		if (m->depth >= DEPTH_MAX * 2)
			return false;
		m->stack[m->depth++] = code == CODE_LOAD ? m->variables[number] : number;
		return true;
	}
	if (code == CODE_STORE || code == CODE_JUMP_IF_ZERO) {
		if (!m->depth)
			return false;
		m->depth--;
	}
	if (code == CODE_STORE)
		m->variables[number] = m->stack[m->depth];
	if (code == CODE_JUMP || (code == CODE_JUMP_IF_ZERO && !m->stack[m->depth])) {
		if (number < m->at || number > o->used)
			return false;
		m->at = number;
	}
	return code < CODE_OPERATOR || step_operator(o, m, code);
}

/* Runs the function at m->at to its return. */
static bool run_function(const struct object *o, struct machine *m, uint32_t *result)
{
	memset(m->variables, 0, sizeof(m->variables));
	m->variables[0] = 3;
	m->variables[1] = 5;
	m->depth = 0;
	while (m->at < o->used) {
		uint8_t code = o->code[m->at++];

		if (code == CODE_RETURN) {
			if (!m->depth)
				return false;
			*result = m->stack[m->depth - 1];
			return true;
		}
		if (code == CODE_FUNCTION || !step(o, m, code))
			return false;
	}
	return false;
}

int object_run(const struct object *object, uint32_t *result, struct error *err)
{
	struct machine m = {.at = 0};
	uint32_t one;

	*result = 0;
	while (m.at < object->used) {
		if (object->code[m.at++] != CODE_FUNCTION || !run_function(object, &m, &one))
			return error_set(err, -EINVAL, "an invalid object at byte %zu", m.at);
		*result = result_fold(*result, one);
	}
	return 0;
}
