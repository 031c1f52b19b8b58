/* Gain, mute and phase per channel: state and kernels.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_GAIN_H
#define DYNCHAIN_GAIN_H

#include "../shared/glide.h"

extern const ModuleFuncTable dynchain_gain_table;

enum { GAIN_DB = 1, GAIN_MUTE = 2, GAIN_PHASE = 3, GAIN_SMOOTH_TIME = 4 };

/** The shortest glide, whatever smoothTime says: at 5 ms even a phase flip stays far below the splatter limit. */
#define GAIN_SHORTEST_GLIDE_MS 5.0

typedef struct GainChannel {
    DynChainGlide glide; /* linear, signed */
    float magnitude;     /* 10^(gainDb/20), 0 at the bottom of the scale */
    uint8_t mute;
    uint8_t inverted;
} GainChannel;

typedef struct GainState {
    uint32_t glideLength; /* samples */
    uint32_t channels;
    GainChannel channel[];
} GainState;

/** (RT) out = in * gain. A gain of exactly 1 copies the bits, 0 writes zeros. */
void dynchain_gain_constant(float *restrict out, const float *restrict in, float gain, uint32_t count,
                            uint8_t plain) DYNCHAIN_NONBLOCKING;
/** (RT) out = in * gains, sample by sample. */
void dynchain_gain_varying(float *restrict out, const float *restrict in, const float *restrict gains, uint32_t count,
                           uint8_t plain) DYNCHAIN_NONBLOCKING;

#endif
