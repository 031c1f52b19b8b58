/* Soundpost DynamicChain: smooth change of one value, and what module kernels share.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_MODULES_GLIDE_H
#define DYNCHAIN_MODULES_GLIDE_H

/* Holds to the end of every file that includes this header: the clones for newer instruction sets must not fuse. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

#include "dynchain_kernels.h"

/** Samples that modules work on at a time when they need scratch memory on the stack. */
#define DYNCHAIN_CHUNK 256u

#define DYNCHAIN_NOINLINE __attribute__((noinline))

/** Compiles `name_body` twice: `name_vector` for every instruction set of DYNCHAIN_CLONES and `name_plain` for the
 *  baseline one. Without contraction and reassociation both give equal bits. `params` and `args` are in parentheses. */
#define DYNCHAIN_TWO_PATHS(name, params, args)                                                                         \
    DYNCHAIN_CLONES static void name##_vector params { name##_body args; }                                             \
    DYNCHAIN_NOINLINE static void name##_plain params { name##_body args; }

/** Calls one of the two. */
#define DYNCHAIN_RUN(plain, name, args)                                                                                \
    do {                                                                                                               \
        if (plain) {                                                                                                   \
            name##_plain args;                                                                                         \
        } else {                                                                                                       \
            name##_vector args;                                                                                        \
        }                                                                                                              \
    } while (0)

/** A value that moves from one level to another along a cubic, per sample.
 *
 *  The cubic starts with the value and (after dynchain_glide_toward) the slope the glide has at the moment, and arrives
 *  with slope zero. It is a function of the sample's index alone, so it neither accumulates rounding errors nor depends
 *  on how a stream is cut into blocks. A linear ramp clicks at its kinks, and summed up in f32 misses its target by up
 *  to 0.5 % after a second at 192 kHz. */
typedef struct DynChainGlide {
    float from;         /* value at index 0 */
    float slope;        /* at index 0, per whole length */
    float target;       /* value from index `length` on */
    uint32_t length;    /* samples */
    uint32_t remaining; /* samples until the target; 0 = at rest */
} DynChainGlide;

/** The cubic's coefficients: value = c0 + u (c1 + u (c2 + u c3)), u = index * inverse. */
typedef struct DynChainGlideCurve {
    float c0, c1, c2, c3;
    float inverse;
} DynChainGlideCurve;

static inline DynChainGlideCurve dynchain_glide_curve(const DynChainGlide *glide) {
    float distance = glide->target - glide->from;
    DynChainGlideCurve curve = {
        .c0 = glide->from,
        .c1 = glide->slope,
        .c2 = 3.0f * distance - 2.0f * glide->slope,
        .c3 = glide->slope - 2.0f * distance,
        .inverse = 1.0f / (float)glide->length,
    };
    return curve;
}

/** Value of the sample processed last. */
static inline float dynchain_glide_value(const DynChainGlide *glide) {
    if (glide->remaining == 0) return glide->target;
    DynChainGlideCurve curve = dynchain_glide_curve(glide);
    float u = (float)(glide->length - glide->remaining) * curve.inverse;
    return curve.c0 + u * (curve.c1 + u * (curve.c2 + u * curve.c3));
}

/** Takes `value` at once. */
static inline void dynchain_glide_jump(DynChainGlide *glide, float value) {
    glide->from = value;
    glide->slope = 0.0f;
    glide->target = value;
    glide->length = 1;
    glide->remaining = 0;
}

static inline void dynchain_glide_start(DynChainGlide *glide, float target, uint32_t length, float slope) {
    float from = dynchain_glide_value(glide);
    glide->from = from;
    glide->slope = slope;
    glide->target = target;
    glide->length = length;
    glide->remaining = length;
}

/** Glides to `target` within `length` (at least 1) samples, keeping value and slope: no kink when a glide is turned
 *  round half way, at the price of running on for a moment in the old direction. */
static inline void dynchain_glide_toward(DynChainGlide *glide, float target, uint32_t length) {
    if (target == glide->target) return;
    float slope = 0.0f;
    if (glide->remaining != 0) {
        DynChainGlideCurve curve = dynchain_glide_curve(glide);
        float u = (float)(glide->length - glide->remaining) * curve.inverse;
        slope = (curve.c1 + u * (2.0f * curve.c2 + u * (3.0f * curve.c3))) * ((float)length * curve.inverse);
    }
    dynchain_glide_start(glide, target, length, slope);
}

/** Glides to `target` from rest: never leaves the range between the present value and the target. */
static inline void dynchain_glide_from_rest(DynChainGlide *glide, float target, uint32_t length) {
    if (target != glide->target) dynchain_glide_start(glide, target, length, 0.0f);
}

/** (RT) Writes the next `count` values and moves on; values after the arrival equal the target exactly. */
void dynchain_glide_fill(DynChainGlide *glide, float *values, uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING;

static inline uint32_t dynchain_min_u32(uint32_t a, uint32_t b) { return a < b ? a : b; }

/** Milliseconds to samples, to the nearest. */
static inline uint32_t dynchain_ms_to_samples(double milliseconds, uint32_t sampleRate) {
    return (uint32_t)(milliseconds * (double)sampleRate / 1000.0 + 0.5);
}

/** Values as setParam receives them. */
static inline float dynchain_read_f32(const void *data) {
    float value;
    memcpy(&value, data, sizeof value);
    return value;
}

static inline int32_t dynchain_read_i32(const void *data) {
    int32_t value;
    memcpy(&value, data, sizeof value);
    return value;
}

static inline uint8_t dynchain_read_bool(const void *data) { return *(const uint8_t *)data != 0; }

#endif
