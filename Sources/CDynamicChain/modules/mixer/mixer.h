/* Matrix mixer: state and kernels.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_MIXER_H
#define DYNCHAIN_MIXER_H

#include "../shared/glide.h"

extern const ModuleFuncTable dynchain_mixer_table;

enum { MIXER_GAIN_DB = 1, MIXER_MUTE = 2, MIXER_PHASE = 3 };

#define MIXER_GLIDE_MS 20.0

#define MIXER_MUTED 1u
#define MIXER_INVERTED 2u

/** Followed by one array each of MixerMatrix' kinds, outputs * inputs long: a structure of arrays of 15 bytes an
 *  element, so that a 64 x 64 matrix is copied whole within the 64 KiB that the audio thread may move at a swap. */
typedef struct MixerState {
    uint32_t inputs, outputs;
    uint32_t glideLength; /* samples, below 65536 */
    uint32_t gliding;     /* coefficients under way */
} MixerState;

/** Element o * inputs + i is what output o takes of input i. */
typedef struct MixerMatrix {
    float *magnitude;    /* linear */
    float *from, *slope; /* of the glide under way, see DynChainGlide */
    uint16_t *remaining; /* samples of the glide; 0 = at rest */
    uint8_t *flags;      /* MIXER_MUTED, MIXER_INVERTED */
} MixerMatrix;

/** (RT) out = in * gain; gain 1 copies the bits. */
void dynchain_mixer_set(float *restrict out, const float *restrict in, float gain, uint32_t count,
                        uint8_t plain) DYNCHAIN_NONBLOCKING;
/** (RT) out += in * gain. */
void dynchain_mixer_add(float *restrict out, const float *restrict in, float gain, uint32_t count,
                        uint8_t plain) DYNCHAIN_NONBLOCKING;
/** (RT) The same with one gain a sample. */
void dynchain_mixer_set_varying(float *restrict out, const float *restrict in, const float *restrict gains,
                                uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING;
void dynchain_mixer_add_varying(float *restrict out, const float *restrict in, const float *restrict gains,
                                uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING;

#endif
