/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workloads/stream_kernels.h"

#define STORE(to, value) (*(to) = (value))

/* One set of kernels: `name`, bytes of a vector, required CPU feature, how a vector is stored. */
#define KERNELS(name, bytes, features, store)                                                      \
	typedef double vector_##name __attribute__((vector_size(bytes), may_alias));               \
	KERNEL(name, copy, vector_##name, features, store, c, va[i])                               \
	KERNEL(name, scale, vector_##name, features, store, b, s *vc[i])                           \
	KERNEL(name, add, vector_##name, features, store, c, va[i] + vb[i])                        \
	KERNEL(name, triad, vector_##name, features, store, a, vb[i] + s * vc[i])                  \
	static stream_function *const kernels_##name[] = {copy_##name, scale_##name, add_##name,   \
							  triad_##name};

#define KERNEL(name, kernel, type, features, store, target, value)                                 \
	features static void kernel##_##name(double *a, double *b, double *c, size_t count,        \
					     double s)                                             \
	{                                                                                          \
		type *va = (type *)a, *vb = (type *)b, *vc = (type *)c;                            \
		(void)va, (void)vb, (void)vc, (void)s;                                             \
		_Pragma("GCC unroll 4") for (size_t i = 0;                                         \
					     i < count * sizeof(double) / sizeof(type); i++)       \
			store(&((type *)(target))[i], value);                                      \
	}

KERNELS(baseline, 16, , STORE)

#ifdef __x86_64__
#define STREAM16(to, value) __builtin_ia32_movntpd((double *)(to), value)
#define STREAM32(to, value) __builtin_ia32_movntpd256((double *)(to), value)
#define STREAM64(to, value) __builtin_ia32_movntpd512((double *)(to), value)
#define AVX2 __attribute__((target("avx2,fma")))
#define AVX512 __attribute__((target("avx512f,fma")))

KERNELS(baseline_around, 16, , STREAM16)
KERNELS(avx2, 32, AVX2, STORE)
KERNELS(avx2_around, 32, AVX2, STREAM32)
KERNELS(avx512, 64, AVX512, STORE)
KERNELS(avx512_around, 64, AVX512, STREAM64)
#endif

stream_function *stream_kernel(enum vector vector, bool nontemporal, enum stream_kernel kernel)
{
#ifdef __x86_64__
	static stream_function *const *const all[][2] = {
		[VECTOR_BASELINE] = {kernels_baseline, kernels_baseline_around},
		[VECTOR_AVX2] = {kernels_avx2, kernels_avx2_around},
		[VECTOR_AVX512] = {kernels_avx512, kernels_avx512_around},
	};

	return all[vector][nontemporal][kernel];
#else
	(void)vector;
	return nontemporal ? NULL : kernels_baseline[kernel];
#endif
}
