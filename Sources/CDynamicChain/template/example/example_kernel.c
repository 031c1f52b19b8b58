/* Example module: kernels.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "example.h"

DYNCHAIN_INLINE void multiply_body(float *restrict out, const float *restrict in, const float *restrict gains,
                                   uint32_t count) {
    for (uint32_t i = 0; i < count; i++) out[i] = in[i] * gains[i];
}
DYNCHAIN_TWO_PATHS(multiply,
                   (float *restrict out, const float *restrict in, const float *restrict gains, uint32_t count),
                   (out, in, gains, count))

void dynchain_example_multiply(float *restrict out, const float *restrict in, const float *restrict gains,
                               uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING {
    DYNCHAIN_RUN(plain, multiply, (out, in, gains, count));
}
