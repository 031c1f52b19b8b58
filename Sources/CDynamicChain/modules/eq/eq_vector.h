/* Parametric equaliser: vector types and arithmetic that the kernels share.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Fused products. A section takes 5 operations with fused multiply-add and 9 without, so kernels ask for it by name,
 * operation by operation; the compiler never contracts anything. Every kernel of a build that runs on a machine with
 * fused multiply-add uses it, the plain path included, therefore all of them give equal bits. Processors without it
 * round after each product; their samples differ from others' below -250 dB.
 */
#ifndef DYNCHAIN_EQ_VECTOR_H
#define DYNCHAIN_EQ_VECTOR_H

#include "eq.h"

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

#define EQ_INLINE static inline __attribute__((always_inline))

typedef float EqF4 __attribute__((vector_size(16), may_alias));
typedef float EqF4u __attribute__((vector_size(16), aligned(4), may_alias));
typedef double EqV4 __attribute__((vector_size(32), may_alias));
typedef int64_t EqM4 __attribute__((vector_size(32), may_alias));
typedef float EqF8 __attribute__((vector_size(32), may_alias));
typedef float EqF8u __attribute__((vector_size(32), aligned(4), may_alias));
typedef double EqV8 __attribute__((vector_size(64), may_alias));
typedef int64_t EqM8 __attribute__((vector_size(64), may_alias));

#define EQ_SHUFFLE __builtin_shufflevector

/** Samples converted, filtered and converted back at a time: what a level-1 cache holds beside the rest. */
#define EQ_TILE 64u
#define EQ_WAVE_TILE 512u

/** States below this have faded away: kept from becoming denormal, which would cost time where the host cannot flush
 *  them. No f32 sample can tell. */
#define EQ_FADED 1e-290

#define EQ_SIGNLESS INT64_C(0x7FFFFFFFFFFFFFFF)

/* Sections in front of or behind each other that one pass takes: enough independent recurrences to fill the
 * multipliers, few enough for their states to stay in registers. */
#define EQ_PASS 4u

/** Length of the next pass when `left` slots remain: passes of nearly equal length. */
static inline uint32_t eq_pass_length(uint32_t left, uint32_t longest) {
    uint32_t passes = (left + longest - 1) / longest;
    return (left + passes - 1) / passes;
}

#endif
