/* Delay: kernels.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "delay.h"

DYNCHAIN_INLINE void fade_body(float *restrict inOut, const float *restrict from, const float *restrict weights,
                               uint32_t count) {
    for (uint32_t i = 0; i < count; i++) inOut[i] = from[i] + (inOut[i] - from[i]) * weights[i];
}
DYNCHAIN_TWO_PATHS(fade,
                   (float *restrict inOut, const float *restrict from, const float *restrict weights, uint32_t count),
                   (inOut, from, weights, count))

void dynchain_delay_write(float *restrict ring, uint32_t position, const float *restrict in,
                          uint32_t count) DYNCHAIN_NONBLOCKING {
    uint32_t start = position & (DELAY_RING - 1);
    uint32_t first = dynchain_min_u32(count, DELAY_RING - start);
    memcpy(ring + start, in, first * sizeof(float));
    memcpy(ring, in + first, (count - first) * sizeof(float));
}

void dynchain_delay_read(float *restrict out, const float *restrict ring, uint32_t position,
                         uint32_t count) DYNCHAIN_NONBLOCKING {
    uint32_t start = position & (DELAY_RING - 1);
    uint32_t first = dynchain_min_u32(count, DELAY_RING - start);
    memcpy(out, ring + start, first * sizeof(float));
    memcpy(out + first, ring, (count - first) * sizeof(float));
}

void dynchain_delay_fade(float *restrict inOut, const float *restrict from, const float *restrict weights,
                         uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING {
    DYNCHAIN_RUN(plain, fade, (inOut, from, weights, count));
}
