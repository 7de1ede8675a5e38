/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/vector.h"

#include <errno.h>
#include <string.h>

const char *const vector_choices[] = {"auto", "baseline", "avx2", "avx512", NULL};

enum vector vector_widest(void)
{
#ifdef __x86_64__
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma"))
		return VECTOR_AVX512;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return VECTOR_AVX2;
#endif
	return VECTOR_BASELINE;
}

const char *vector_name(enum vector vector)
{
	return vector_choices[vector + 1];
}

int vector_resolve(const struct trial *trial, enum vector *vector, struct error *err)
{
	const char *wanted = trial_choice(trial, "vector");
	enum vector widest = vector_widest();

	*vector = widest;
	for (int i = 1; vector_choices[i]; i++)
		if (!strcmp(wanted, vector_choices[i]))
			*vector = (enum vector)(i - 1);
	if (*vector > widest)
		return error_set(err, -ENOTSUP, "vector=%s: this CPU supports only %s", wanted,
				 vector_name(widest));
	return 0;
}
