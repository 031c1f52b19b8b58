/* Gain: kernels.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "gain.h"

DYNCHAIN_INLINE void scale_body(float *restrict out, const float *restrict in, float gain, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) out[i] = in[i] * gain;
}
DYNCHAIN_TWO_PATHS(scale, (float *restrict out, const float *restrict in, float gain, uint32_t count),
                   (out, in, gain, count))

DYNCHAIN_INLINE void multiply_body(float *restrict out, const float *restrict in, const float *restrict gains,
                                   uint32_t count) {
    for (uint32_t i = 0; i < count; i++) out[i] = in[i] * gains[i];
}
DYNCHAIN_TWO_PATHS(multiply,
                   (float *restrict out, const float *restrict in, const float *restrict gains, uint32_t count),
                   (out, in, gains, count))

void dynchain_gain_constant(float *restrict out, const float *restrict in, float gain, uint32_t count,
                            uint8_t plain) DYNCHAIN_NONBLOCKING {
    if (gain == 1.0f) {
        memcpy(out, in, count * sizeof(float));
    } else if (gain == 0.0f) {
        memset(out, 0, count * sizeof(float));
    } else {
        DYNCHAIN_RUN(plain, scale, (out, in, gain, count));
    }
}

void dynchain_gain_varying(float *restrict out, const float *restrict in, const float *restrict gains, uint32_t count,
                           uint8_t plain) DYNCHAIN_NONBLOCKING {
    DYNCHAIN_RUN(plain, multiply, (out, in, gains, count));
}
