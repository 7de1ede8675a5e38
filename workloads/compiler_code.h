/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the compiler and the stack machine: operators on unsigned 32-bit numbers, codes,
 * limits. */
#pragma once

#include <stdint.h>

#define VARIABLES_MAX 64 /* of a function */
#define DEPTH_MAX 200    /* of an expression */

enum code {
	CODE_NUMBER,
	CODE_LOAD,
	CODE_STORE,
	CODE_JUMP_IF_ZERO,
	CODE_JUMP,
	CODE_RETURN,
	CODE_OPERATOR,
	CODE_FUNCTION = 0x80
};

enum operation {
	OPERATOR_LEFT,
	OPERATOR_RIGHT,
	OPERATOR_EQUAL,
	OPERATOR_LESS,
	OPERATOR_PLUS,
	OPERATOR_MINUS,
	OPERATOR_TIMES,
	OPERATOR_AND,
	OPERATOR_XOR,
	OPERATOR_OR,
	OPERATOR_NOT,
	OPERATOR_COUNT
};

static const struct {
	const char *text;
	unsigned length;
	int level; /* higher binds tighter */
} operators[OPERATOR_COUNT] = {
	[OPERATOR_LEFT] = {"<<", 2, 5},  [OPERATOR_RIGHT] = {">>", 2, 5},
	[OPERATOR_EQUAL] = {"==", 2, 3}, [OPERATOR_LESS] = {"<", 1, 4},
	[OPERATOR_PLUS] = {"+", 1, 6},   [OPERATOR_MINUS] = {"-", 1, 6},
	[OPERATOR_TIMES] = {"*", 1, 7},  [OPERATOR_AND] = {"&", 1, 2},
	[OPERATOR_XOR] = {"^", 1, 1},    [OPERATOR_OR] = {"|", 1, 0},
	[OPERATOR_NOT] = {"~", 1, 8},
};

static inline uint32_t operator_unary(enum operation operation, uint32_t value)
{
	return operation == OPERATOR_NOT ? ~value : -value;
}

static inline uint32_t operator_binary(enum operation operation, uint32_t a, uint32_t b)
{
	switch (operation) {
	case OPERATOR_LEFT:
		return a << (b & 31);
	case OPERATOR_RIGHT:
		return a >> (b & 31);
	case OPERATOR_EQUAL:
		return a == b;
	case OPERATOR_LESS:
		return a < b;
	case OPERATOR_PLUS:
		return a + b;
	case OPERATOR_MINUS:
		return a - b;
	case OPERATOR_TIMES:
		return a * b;
	case OPERATOR_AND:
		return a & b;
	case OPERATOR_XOR:
		return a ^ b;
	default:
		return a | b;
	}
}
