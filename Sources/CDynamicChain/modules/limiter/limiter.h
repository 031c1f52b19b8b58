/* Look-ahead limiter: state and kernels.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_LIMITER_H
#define DYNCHAIN_LIMITER_H

#include "../shared/glide.h"

extern const ModuleFuncTable dynchain_limiter_table;

enum { LIMITER_CEILING_DB = 1, LIMITER_RELEASE_MS = 2, LIMITER_LOOKAHEAD_MS = 3, LIMITER_LINK_CHANNELS = 4 };

#define LIMITER_MAX_LOOKAHEAD_MS 20.0
#define LIMITER_CEILING_GLIDE_MS 20.0
/** A reduction below this is gone: 1 minus half of it rounds to 1 as f32, so letting go cannot be heard or seen. */
#define LIMITER_NEGLIGIBLE 0x1p-25
/** Reductions are summed as integers of this scale, exactly, in any order. */
#define LIMITER_ONE 0x1p30
/** Bytes that copyTail may move on the audio thread. */
#define LIMITER_TAIL_BYTES 65536u

/** Lengths that follow from the look-ahead of `lookahead` samples. The two averages together are as long as the hold
 *  window, so a reduction held over the window has its full depth when the sample that asked for it comes out. */
typedef struct LimiterTiming {
    uint32_t lookahead;
    uint32_t window; /* lookahead + 1 */
    uint32_t first, second; /* lengths of the averages; first + second - 1 = window */
    double scale;    /* sum of sums to reduction */
} LimiterTiming;

/** Powers 1…4 of the factor by which a reduction falls a sample. */
typedef struct LimiterRelease {
    double power[4];
} LimiterRelease;

/** What decides the gain of one channel, or of all when linked. While `active` is 0 all of it is zero. */
typedef struct LimiterLane {
    double reduction;  /* 1 - gain after hold and release, of the last sample */
    double carried;    /* the same at the end of the last group of four samples */
    double local;      /* the same for the present group by itself */
    int64_t firstSum, secondSum;
    uint32_t phase;    /* in the block of `window` samples that the sliding maximum works on */
    uint32_t firstAt, secondAt;
    uint32_t holding;  /* 1 while the window holds a request */
    float newest;      /* largest request in the present block */
    uint32_t active;
    int64_t *secondRing;
    int32_t *firstRing;
    float *hold; /* window + 1: requests of the present block, then the suffix maxima of the last one, then 0 */
} LimiterLane;

typedef struct LimiterState {
    uint32_t channels;
    uint32_t ringSize;     /* of the delay of each channel and of the ceiling; a power of two */
    uint32_t laneCapacity; /* longest look-ahead in samples */
    uint32_t write;        /* samples written, modulo 2^32 */
    uint32_t filled;       /* samples of history that count; older ones read as zeros */
    uint32_t linked;
    uint32_t ceilingGlideLength;
    DynChainGlide ceiling;
    LimiterRelease release;
    LimiterRelease wantedRelease; /* taken over where a group of four samples begins */
    LimiterTiming timing;
} LimiterState;

/** (RT) peak[i] = max |channel[c][offset + i]| over the channels; returns whether any exceeds its ceiling. */
uint32_t dynchain_limiter_peaks(float *restrict peak, const float *const *channel, uint32_t channels, uint32_t offset,
                                const float *restrict ceiling, uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING;
/** (RT) Peak to requested reduction, in place: 1 - ceiling / peak above the ceiling, else 0. */
void dynchain_limiter_requests(float *restrict peak, const float *restrict ceiling, uint32_t count,
                               uint8_t plain) DYNCHAIN_NONBLOCKING;
/** (RT) Hold, release and smoothing: at most DYNCHAIN_CHUNK requests to gains, from sample `position` on. NULL = no
 *  requests, only on a lane that holds none. */
void dynchain_limiter_gains(LimiterLane *lane, const LimiterTiming *timing, const LimiterRelease *release,
                            uint32_t position, const float *requests, float *gains, uint32_t count,
                            uint8_t plain) DYNCHAIN_NONBLOCKING;
/** (RT) inOut = inOut * gains, kept within +-ceiling. */
void dynchain_limiter_apply(float *restrict inOut, const float *restrict gains, const float *restrict ceiling,
                            uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING;

#endif
