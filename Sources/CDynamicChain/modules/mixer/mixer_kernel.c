/* Matrix mixer: kernels.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "mixer.h"

DYNCHAIN_INLINE void set_body(float *restrict out, const float *restrict in, float gain, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) out[i] = in[i] * gain;
}
DYNCHAIN_TWO_PATHS(set, (float *restrict out, const float *restrict in, float gain, uint32_t count),
                   (out, in, gain, count))

DYNCHAIN_INLINE void add_body(float *restrict out, const float *restrict in, float gain, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) out[i] += in[i] * gain;
}
DYNCHAIN_TWO_PATHS(add, (float *restrict out, const float *restrict in, float gain, uint32_t count),
                   (out, in, gain, count))

DYNCHAIN_INLINE void set_varying_body(float *restrict out, const float *restrict in, const float *restrict gains,
                                      uint32_t count) {
    for (uint32_t i = 0; i < count; i++) out[i] = in[i] * gains[i];
}
DYNCHAIN_TWO_PATHS(set_varying,
                   (float *restrict out, const float *restrict in, const float *restrict gains, uint32_t count),
                   (out, in, gains, count))

DYNCHAIN_INLINE void add_varying_body(float *restrict out, const float *restrict in, const float *restrict gains,
                                      uint32_t count) {
    for (uint32_t i = 0; i < count; i++) out[i] += in[i] * gains[i];
}
DYNCHAIN_TWO_PATHS(add_varying,
                   (float *restrict out, const float *restrict in, const float *restrict gains, uint32_t count),
                   (out, in, gains, count))

void dynchain_mixer_set(float *restrict out, const float *restrict in, float gain, uint32_t count,
                        uint8_t plain) DYNCHAIN_NONBLOCKING {
    if (gain == 1.0f) {
        memcpy(out, in, count * sizeof(float));
    } else {
        DYNCHAIN_RUN(plain, set, (out, in, gain, count));
    }
}

void dynchain_mixer_add(float *restrict out, const float *restrict in, float gain, uint32_t count,
                        uint8_t plain) DYNCHAIN_NONBLOCKING {
    DYNCHAIN_RUN(plain, add, (out, in, gain, count));
}

void dynchain_mixer_set_varying(float *restrict out, const float *restrict in, const float *restrict gains,
                                uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING {
    DYNCHAIN_RUN(plain, set_varying, (out, in, gains, count));
}

void dynchain_mixer_add_varying(float *restrict out, const float *restrict in, const float *restrict gains,
                                uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING {
    DYNCHAIN_RUN(plain, add_varying, (out, in, gains, count));
}
