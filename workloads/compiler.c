/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/compiler.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "workloads/compiler_code.h"

#define NODES_MAX 4096 /* of one function */

enum token { TOKEN_END, TOKEN_NUMBER, TOKEN_NAME, TOKEN_OPERATOR, TOKEN_MARK };

struct name {
	const char *text;
	size_t length;
};

struct node {
	enum { NODE_NUMBER, NODE_VARIABLE, NODE_UNARY, NODE_BINARY } kind;
	enum operation operation;
	uint32_t number; /* or the variable's */
	struct node *left, *right;
};

struct compiler {
	const char *at, *end;
	int line, depth;
	enum token token;
	struct name name;
	uint32_t number;
	enum operation operation;
	char mark;
	struct name variables[VARIABLES_MAX];
	uint32_t variable_count;
	struct node nodes[NODES_MAX];
	size_t node_count;
	struct object *object;
	struct error *err;
	int failed;
};

static void fail(struct compiler *c, const char *what)
{
	if (!c->failed)
		c->failed = error_set(c->err, -EINVAL, "line %d: %s", c->line, what);
	c->token = TOKEN_END;
	c->at = c->end;
}

static void skip_space(struct compiler *c)
{
	while (c->at < c->end) {
		if (*c->at == '\n') {
			c->line++;
			c->at++;
		} else if (isspace((unsigned char)*c->at)) {
			c->at++;
		} else if (c->end - c->at > 1 && c->at[0] == '/' && c->at[1] == '*') {
			const char *close =
				memmem(c->at + 2, (size_t)(c->end - c->at - 2), "*/", 2);

			if (!close) {
				fail(c, "an unterminated comment");
				return;
			}
			for (; c->at < close; c->at++)
				c->line += *c->at == '\n';
			c->at = close + 2;
		} else {
			return;
		}
	}
}

static bool scan_operator(struct compiler *c)
{
	size_t left = (size_t)(c->end - c->at);

	for (int i = 0; i < OPERATOR_COUNT; i++) { /* longer ones first */
		size_t length = operators[i].length;

		if (length > left || memcmp(c->at, operators[i].text, length))
			continue;
		c->at += length;
		c->operation = (enum operation)i;
		c->token = TOKEN_OPERATOR;
		return true;
	}
	return false;
}

static void next(struct compiler *c)
{
	const char *start;

	skip_space(c);
	start = c->at;
	if (c->at >= c->end) {
		c->token = TOKEN_END;
	} else if (isdigit((unsigned char)*c->at)) {
		for (c->number = 0; c->at < c->end && isdigit((unsigned char)*c->at); c->at++)
			c->number = c->number * 10 + (uint32_t)(*c->at - '0');
		c->token = TOKEN_NUMBER;
	} else if (isalpha((unsigned char)*c->at) || *c->at == '_') {
		while (c->at < c->end && (isalnum((unsigned char)*c->at) || *c->at == '_'))
			c->at++;
		c->name = (struct name){start, (size_t)(c->at - start)};
		c->token = TOKEN_NAME;
	} else if (strchr("(){},;", *c->at) || (*c->at == '=' && c->at[1] != '=')) {
		c->mark = *c->at++;
		c->token = TOKEN_MARK;
	} else if (!scan_operator(c)) {
		fail(c, "an unknown character");
	}
}

static bool is_word(const struct compiler *c, const char *word)
{
	return c->token == TOKEN_NAME && c->name.length == strlen(word) &&
	       !memcmp(c->name.text, word, c->name.length);
}

static bool is_mark(const struct compiler *c, char mark)
{
	return c->token == TOKEN_MARK && c->mark == mark;
}

static void want(struct compiler *c, char mark)
{
	if (!is_mark(c, mark))
		fail(c, "a missing bracket, comma or semicolon");
	else
		next(c);
}

static uint32_t find_variable(struct compiler *c)
{
	for (uint32_t i = 0; i < c->variable_count; i++)
		if (c->variables[i].length == c->name.length &&
		    !memcmp(c->variables[i].text, c->name.text, c->name.length))
			return i;
	return UINT32_MAX;
}

/* Limits the parser's recursion, whatever the source. */
static void go_deeper(struct compiler *c)
{
	if (++c->depth > DEPTH_MAX)
		fail(c, "an expression or a block nested too deeply");
}

static struct node *make(struct compiler *c, struct node node)
{
	if (c->node_count == NODES_MAX) {
		fail(c, "a function that is too long");
		c->node_count = 0; /* the object is discarded anyway */
	}
	c->nodes[c->node_count] = node;
	return &c->nodes[c->node_count++];
}

static struct node *number(struct compiler *c, uint32_t value)
{
	return make(c, (struct node){.kind = NODE_NUMBER, .number = value});
}

static struct node *parse_expression(struct compiler *c, int level);

static struct node *parse_unary(struct compiler *c)
{
	enum operation operation = c->operation;
	struct node *operand;
	uint32_t variable;

	if (c->token == TOKEN_OPERATOR &&
	    (operation == OPERATOR_MINUS || operation == OPERATOR_NOT)) {
		next(c);
		go_deeper(c);
		operand = parse_unary(c);
		c->depth--;
		if (operand->kind == NODE_NUMBER)
			return number(c, operator_unary(operation, operand->number));
		return make(
			c,
			(struct node){.kind = NODE_UNARY, .operation = operation, .left = operand});
	}
	if (c->token == TOKEN_NUMBER) {
		operand = number(c, c->number);
		next(c);
		return operand;
	}
	if (c->token == TOKEN_NAME && (variable = find_variable(c)) != UINT32_MAX) {
		next(c);
		return make(c, (struct node){.kind = NODE_VARIABLE, .number = variable});
	}
	if (!is_mark(c, '(')) {
		fail(c, "a missing expression, or an unknown name");
		return number(c, 0);
	}
	next(c);
	operand = parse_expression(c, 0);
	want(c, ')');
	return operand;
}

/* Precedence climbing; operators of the same level are left-associative. */
static struct node *parse_expression(struct compiler *c, int level)
{
	struct node *left;

	go_deeper(c);
	left = parse_unary(c);
	while (c->token == TOKEN_OPERATOR && operators[c->operation].level >= level &&
	       c->operation != OPERATOR_NOT) {
		enum operation operation = c->operation;
		struct node *right;

		next(c);
		right = parse_expression(c, operators[operation].level + 1);
		if (left->kind == NODE_NUMBER && right->kind == NODE_NUMBER)
			left = number(c, operator_binary(operation, left->number, right->number));
		else
			left = make(c, (struct node){.kind = NODE_BINARY,
						     .operation = operation,
						     .left = left,
						     .right = right});
	}
	c->depth--;
	return left;
}

static void emit(struct compiler *c, uint8_t byte)
{
	if (c->object->used < c->object->size)
		c->object->code[c->object->used++] = byte;
	else if (!c->failed)
		c->failed = error_set(c->err, -ENOSPC, "the object is full");
}

static void emit_number(struct compiler *c, enum code code, uint32_t value)
{
	emit(c, (uint8_t)code);
	for (int i = 0; i < 4; i++)
		emit(c, (uint8_t)(value >> (8 * i)));
}

static void emit_node(struct compiler *c, const struct node *node)
{
	switch (node->kind) {
	case NODE_NUMBER:
		emit_number(c, CODE_NUMBER, node->number);
		break;
	case NODE_VARIABLE:
		emit(c, CODE_LOAD);
		emit(c, (uint8_t)node->number);
		break;
	case NODE_UNARY:
		emit_node(c, node->left);
		emit(c, (uint8_t)(CODE_OPERATOR + node->operation));
		emit(c, 1);
		break;
	default:
		emit_node(c, node->left);
		emit_node(c, node->right);
		emit(c, (uint8_t)(CODE_OPERATOR + node->operation));
		emit(c, 2);
	}
}

/* The target of a jump is known later. */
static void patch(struct compiler *c, size_t jump)
{
	uint32_t target = (uint32_t)c->object->used;

	for (int i = 0; i < 4 && jump + 5 <= c->object->used; i++)
		c->object->code[jump + 1 + (size_t)i] = (uint8_t)(target >> (8 * i));
}

static void parse_block(struct compiler *c);

/* A branch that cannot be taken is parsed, and its code discarded. */
static void parse_if(struct compiler *c)
{
	const struct node *condition;
	size_t start, jump, over;
	bool constant;

	next(c);
	want(c, '(');
	condition = parse_expression(c, 0);
	want(c, ')');
	constant = condition->kind == NODE_NUMBER;
	if (!constant)
		emit_node(c, condition);
	start = jump = c->object->used;
	if (!constant)
		emit_number(c, CODE_JUMP_IF_ZERO, 0);
	parse_block(c);
	if (constant && !condition->number)
		c->object->used = start;
	over = c->object->used;
	if (!is_word(c, "else")) {
		if (!constant)
			patch(c, jump);
		return;
	}
	next(c);
	if (!constant) {
		emit_number(c, CODE_JUMP, 0);
		patch(c, jump);
	}
	parse_block(c);
	if (!constant)
		patch(c, over);
	else if (condition->number)
		c->object->used = over;
}

static void parse_assignment(struct compiler *c)
{
	bool declares = is_word(c, "unsigned");
	uint32_t variable;

	if (declares)
		next(c);
	if (c->token != TOKEN_NAME) {
		fail(c, "a missing statement");
		return;
	}
	variable = find_variable(c);
	if (declares ? variable != UINT32_MAX || c->variable_count == VARIABLES_MAX
		     : variable == UINT32_MAX) {
		fail(c, declares ? "a variable declared twice, or too many variables"
				 : "an unknown variable");
		return;
	}
	if (declares) {
		variable = c->variable_count++;
		c->variables[variable] = c->name;
	}
	next(c);
	want(c, '=');
	emit_node(c, parse_expression(c, 0));
	emit(c, CODE_STORE);
	emit(c, (uint8_t)variable);
	want(c, ';');
}

static void parse_block(struct compiler *c)
{
	go_deeper(c);
	want(c, '{');
	while (!c->failed && !is_mark(c, '}')) {
		if (is_word(c, "if")) {
			parse_if(c);
		} else if (is_word(c, "return")) {
			next(c);
			emit_node(c, parse_expression(c, 0));
			emit(c, CODE_RETURN);
			want(c, ';');
		} else {
			parse_assignment(c);
		}
	}
	want(c, '}');
	c->depth--;
}

static void parse_function(struct compiler *c)
{
	c->node_count = 0;
	c->variable_count = 0;
	emit(c, CODE_FUNCTION);
	if (!is_word(c, "unsigned"))
		fail(c, "a missing function");
	next(c);
	next(c); /* its name */
	want(c, '(');
	for (int i = 0; i < 2; i++) {
		if (!is_word(c, "unsigned"))
			fail(c, "a function without exactly two numbers");
		next(c);
		c->variables[c->variable_count++] = c->name;
		next(c);
		want(c, i ? ')' : ',');
	}
	parse_block(c);
}

int compile_source(const char *text, size_t length, struct object *object, struct error *err)
{
	cleanup_free struct compiler *c = malloc(sizeof(*c));

	if (!c)
		return error_set(err, -ENOMEM, "no memory for a compiler");
	c->at = text;
	c->end = text + length;
	c->line = 1;
	c->depth = c->failed = 0;
	c->object = object;
	c->err = err;
	object->used = 0;
	next(c);
	while (!c->failed && c->token != TOKEN_END)
		parse_function(c);
	return c->failed;
}
