/* Level meter: state and kernels.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_METER_H
#define DYNCHAIN_METER_H

#include "../shared/glide.h"

extern const ModuleFuncTable dynchain_meter_table;

enum { METER_RMS_TIME = 1 };

/** Samples that are summed before peak and mean square move on; they lie on stream time. */
#define METER_SEGMENT 32u
#define METER_LANES 8u
/** Levels below this are zero: nothing dies away into denormal numbers. */
#define METER_SILENCE 1e-20

/** What a channel has heard of the present segment: lane n takes samples n, n + 8, n + 16, n + 24. */
typedef struct MeterSegment {
    double square[METER_LANES];
    float peak[METER_LANES];
} MeterSegment;

typedef struct MeterChannel {
    MeterSegment segment;
    double meanSquare; /* after the last full segment */
    double peak;
} MeterChannel;

typedef struct MeterState {
    uint32_t channels;
    uint32_t place;      /* samples of the present segment */
    double squareFactor; /* share of the mean square that a segment leaves */
    double peakFactor;
    MeterChannel channel[];
} MeterState;

/** (RT) Adds samples to a segment that has `place` of them; place + count <= METER_SEGMENT. */
void dynchain_meter_accumulate(MeterSegment *restrict segment, const float *restrict in, uint32_t place,
                               uint32_t count) DYNCHAIN_NONBLOCKING;
/** (RT) Adds one whole segment to an empty one: the same sums in the same order, eight samples at a time. */
void dynchain_meter_accumulate_whole(MeterSegment *restrict segment, const float *restrict in,
                                     uint8_t plain) DYNCHAIN_NONBLOCKING;

#endif
