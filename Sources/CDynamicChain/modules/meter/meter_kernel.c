/* Level meter: kernels.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "meter.h"

DYNCHAIN_INLINE void whole_body(MeterSegment *restrict segment, const float *restrict in) {
    double square[METER_LANES] = {0};
    float peak[METER_LANES] = {0};
    for (uint32_t i = 0; i < METER_SEGMENT; i += METER_LANES) {
        for (uint32_t lane = 0; lane < METER_LANES; lane++) {
            float magnitude = __builtin_fabsf(in[i + lane]);
            square[lane] += (double)in[i + lane] * (double)in[i + lane];
            peak[lane] = magnitude > peak[lane] ? magnitude : peak[lane];
        }
    }
    memcpy(segment->square, square, sizeof square);
    memcpy(segment->peak, peak, sizeof peak);
}
DYNCHAIN_TWO_PATHS(whole, (MeterSegment *restrict segment, const float *restrict in), (segment, in))

void dynchain_meter_accumulate_whole(MeterSegment *restrict segment, const float *restrict in,
                                     uint8_t plain) DYNCHAIN_NONBLOCKING {
    DYNCHAIN_RUN(plain, whole, (segment, in));
}

void dynchain_meter_accumulate(MeterSegment *restrict segment, const float *restrict in, uint32_t place,
                               uint32_t count) DYNCHAIN_NONBLOCKING {
    for (uint32_t i = 0; i < count; i++) {
        uint32_t lane = (place + i) % METER_LANES;
        float magnitude = __builtin_fabsf(in[i]);
        segment->square[lane] += (double)in[i] * (double)in[i];
        segment->peak[lane] = magnitude > segment->peak[lane] ? magnitude : segment->peak[lane];
    }
}
