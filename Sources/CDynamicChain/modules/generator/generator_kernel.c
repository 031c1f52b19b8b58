/* Test signal generator: kernels.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "generator.h"

/* Least-maximum-error polynomial of sin(pi x / 2) / x in x^2 on [0, 1], Chebyshev fit; error 8e-14. */
DYNCHAIN_INLINE double quarter_sine(double x) {
    double t = x * x;
    double sum = 5.4625773499871973e-08;
    sum = sum * t - 3.5957065457707886e-06;
    sum = sum * t + 0.00016043905283670657;
    sum = sum * t - 0.004681753390448289;
    sum = sum * t + 0.07969262612214167;
    sum = sum * t - 0.6459640974984961;
    sum = sum * t + 1.570796326794818;
    return x * sum;
}

DYNCHAIN_INLINE void sine_body(float *restrict out, const uint32_t *restrict phases, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        double x = (double)(int32_t)phases[i] * 0x1p-30; /* quarter turns, -2 to 2 */
        x = x > 1.0 ? 2.0 - x : x;
        x = x < -1.0 ? -2.0 - x : x;
        out[i] = (float)quarter_sine(x);
    }
}
DYNCHAIN_TWO_PATHS(sine, (float *restrict out, const uint32_t *restrict phases, uint32_t count), (out, phases, count))

void dynchain_generator_sine(float *restrict out, const uint32_t *restrict phases, uint32_t count,
                             uint8_t plain) DYNCHAIN_NONBLOCKING {
    DYNCHAIN_RUN(plain, sine, (out, phases, count));
}

/* The "lowbias32" finaliser of Chris Wellons' hash-prospector (public domain). */
DYNCHAIN_INLINE uint32_t mix(uint32_t x) {
    x ^= x >> 16;
    x *= 0x7FEB352Du;
    x ^= x >> 15;
    x *= 0x846CA68Bu;
    x ^= x >> 16;
    return x;
}

DYNCHAIN_INLINE void white_body(float *restrict out, uint32_t key0, uint32_t key1, uint32_t first, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        uint32_t bits = mix(mix((first + i) ^ key0) + key1);
        out[i] = (float)(int32_t)bits * 0x1p-31f;
    }
}
DYNCHAIN_TWO_PATHS(white, (float *restrict out, uint32_t key0, uint32_t key1, uint32_t first, uint32_t count),
                   (out, key0, key1, first, count))

void dynchain_generator_white(float *restrict out, const uint32_t keys[2], uint32_t first, uint32_t count,
                              uint8_t plain) DYNCHAIN_NONBLOCKING {
    DYNCHAIN_RUN(plain, white, (out, keys[0], keys[1], first, count));
}

DYNCHAIN_INLINE void pink_body(float *restrict inOut, const GeneratorPink *restrict filter, double *restrict memory,
                               uint32_t count) {
    double state[GENERATOR_PINK_POLES];
    memcpy(state, memory, sizeof state);
    for (uint32_t i = 0; i < count; i++) {
        double white = (double)inOut[i];
        double sum[4] = {0.0, 0.0, 0.0, 0.0};
        for (uint32_t pole = 0; pole < GENERATOR_PINK_POLES; pole++) {
            state[pole] = state[pole] * filter->pole[pole] + white;
            sum[pole % 4] += state[pole] * filter->gain[pole];
        }
        double pink = ((sum[0] + sum[1]) + (sum[2] + sum[3])) + white * filter->direct;
        pink = pink > 1.0 ? 1.0 : pink;
        pink = pink < -1.0 ? -1.0 : pink;
        inOut[i] = (float)pink;
    }
    memcpy(memory, state, sizeof state);
}
DYNCHAIN_TWO_PATHS(pink,
                   (float *restrict inOut, const GeneratorPink *restrict filter, double *restrict memory,
                    uint32_t count),
                   (inOut, filter, memory, count))

void dynchain_generator_pink(float *restrict inOut, const GeneratorPink *restrict filter, double *restrict memory,
                             uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING {
    DYNCHAIN_RUN(plain, pink, (inOut, filter, memory, count));
}

DYNCHAIN_INLINE void scale_body(float *restrict inOut, const float *restrict factors, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) inOut[i] *= factors[i];
}
DYNCHAIN_TWO_PATHS(scale, (float *restrict inOut, const float *restrict factors, uint32_t count),
                   (inOut, factors, count))

void dynchain_generator_scale(float *restrict inOut, const float *restrict factors, uint32_t count,
                              uint8_t plain) DYNCHAIN_NONBLOCKING {
    DYNCHAIN_RUN(plain, scale, (inOut, factors, count));
}
