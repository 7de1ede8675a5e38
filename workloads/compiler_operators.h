/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operators of the small compiler's language, for unsigned 32-bit numbers. */
#ifndef TARE_COMPILER_OPERATORS_H
#define TARE_COMPILER_OPERATORS_H

#include <stdint.h>

enum operator{
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
	int level; /* binds tighter where it is higher */
} operators[OPERATOR_COUNT] = {
	[OPERATOR_LEFT] = {"<<", 2, 5},  [OPERATOR_RIGHT] = {">>", 2, 5},
	[OPERATOR_EQUAL] = {"==", 2, 3}, [OPERATOR_LESS] = {"<", 1, 4},
	[OPERATOR_PLUS] = {"+", 1, 6},   [OPERATOR_MINUS] = {"-", 1, 6},
	[OPERATOR_TIMES] = {"*", 1, 7},  [OPERATOR_AND] = {"&", 1, 2},
	[OPERATOR_XOR] = {"^", 1, 1},    [OPERATOR_OR] = {"|", 1, 0},
	[OPERATOR_NOT] = {"~", 1, 8},
};

static inline uint32_t operator_unary(enum operator operator, uint32_t value)
{
	return operator == OPERATOR_NOT ? ~value : - value;
}

static inline uint32_t operator_binary(enum operator operator, uint32_t a, uint32_t b)
{
	switch (operator) {
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

#endif
