/* Evaluation of glides.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "glide.h"

DYNCHAIN_INLINE void glide_body(float *restrict values, const DynChainGlideCurve *restrict curve, uint32_t first,
                                uint32_t count) {
    DynChainGlideCurve c = *curve;
    for (uint32_t i = 0; i < count; i++) {
        float u = (float)(int32_t)(first + i) * c.inverse;
        values[i] = c.c0 + u * (c.c1 + u * (c.c2 + u * c.c3));
    }
}
DYNCHAIN_TWO_PATHS(glide, (float *values, const DynChainGlideCurve *curve, uint32_t first, uint32_t count),
                   (values, curve, first, count))

DYNCHAIN_INLINE void constant_body(float *values, float value, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) values[i] = value;
}
DYNCHAIN_TWO_PATHS(constant, (float *values, float value, uint32_t count), (values, value, count))

void dynchain_glide_fill(DynChainGlide *glide, float *values, uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING {
    uint32_t moving = dynchain_min_u32(count, glide->remaining);
    if (moving != 0) {
        DynChainGlideCurve curve = dynchain_glide_curve(glide);
        uint32_t first = glide->length - glide->remaining + 1;
        DYNCHAIN_RUN(plain, glide, (values, &curve, first, moving));
        glide->remaining -= moving;
        if (glide->remaining == 0) values[moving - 1] = glide->target;
    }
    if (moving < count) DYNCHAIN_RUN(plain, constant, (values + moving, glide->target, count - moving));
}
