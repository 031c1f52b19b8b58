/* Parametric equaliser: state and kernels.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Only bands that are enabled on at least one channel run; such a band has a *slot*. Channels are cut into *groups* that
 * one kernel call processes together. A group's coefficients and states lie as seven arrays of EQ_BANDS * width doubles,
 * indexed by lane = lead + slot * width + channel. `lead` is 0 for groups of 4 and 8 channels, whose kernels take one
 * slot of all channels as a vector. Groups of 1 and 2 channels are processed with slots side by side in a vector
 * (a wavefront), so the lanes in front of the first slot are padded with identities to fill whole vectors.
 */
#ifndef DYNCHAIN_EQ_H
#define DYNCHAIN_EQ_H

#include "dynchain.h"
#include "dynchain_kernels.h"

extern const ModuleFuncTable dynchain_eq_table;

enum { EQ_TYPE = 1, EQ_FREQ = 2, EQ_GAIN_DB = 3, EQ_Q = 4, EQ_BAND_ENABLE = 5 };

#define EQ_BANDS 20u
#define EQ_TYPES 10u
/** 64 channels in groups of 4 at least, and smaller groups for a rest. */
#define EQ_MAX_GROUPS 17u
#define EQ_MAX_WIDTH 8u

/** A section is y = b0 x + s1, s1' = d1 x - a1 s1 + s2, s2' = d2 x - a2 s1, with d = b - b0 a: a transposed direct form
 *  whose state does not wait for its own output. */
typedef enum EqArray { EQ_B0, EQ_D1, EQ_D2, EQ_A1, EQ_A2, EQ_S1, EQ_S2, EQ_ARRAYS } EqArray;

/** Instruction sets that kernels are written for. All of them, and the plain path, give equal bits on one machine. */
typedef enum EqIsa {
    EQ_ISA_PORTABLE, /* what the compiler was told; products are fused where the target always can */
    EQ_ISA_AVX2,     /* fused, 4 lanes */
    EQ_ISA_AVX512    /* fused, 8 lanes */
} EqIsa;

typedef struct EqBand {
    float frequency, gainDb, q;
    uint8_t type;
} EqBand;

typedef struct EqGroup {
    uint8_t width; /* lanes: 1, 2, 4 or 8 */
    uint8_t channels; /* of them in use; the others repeat the first and are not written */
    uint8_t firstChannel;
    uint8_t firstLane; /* sum of the widths before */
} EqGroup;

/** Values first, then `EqBand[channels][EQ_BANDS]`, then the groups' arrays; see eq_bands() and eq_lanes(). */
typedef struct EqState {
    uint32_t channels;
    uint32_t lanes; /* sum of the groups' widths */
    uint8_t isa;    /* EqIsa */
    uint8_t numGroups;
    uint8_t numSlots;
    uint8_t changed;                        /* some `dirty` bit may need work */
    uint8_t bandOfSlot[EQ_BANDS];
    uint32_t enabled[DYNCHAIN_MAX_CHANNELS]; /* bit n = band n */
    uint32_t dirty[DYNCHAIN_MAX_CHANNELS];   /* bands whose coefficients are older than their values */
    EqGroup group[EQ_MAX_GROUPS];
} EqState;

static inline size_t eq_round(size_t bytes) { return (bytes + DYNCHAIN_ALIGN - 1) / DYNCHAIN_ALIGN * DYNCHAIN_ALIGN; }

static inline EqBand *eq_bands(const EqState *state, uint32_t channel) {
    return (EqBand *)((uint8_t *)state + eq_round(sizeof(EqState))) + (size_t)channel * EQ_BANDS;
}

/** First array of a group; the arrays lie EQ_BANDS * width apart. */
static inline double *eq_lanes(const EqState *state, const EqGroup *group) {
    size_t values = eq_round(sizeof(EqState)) + eq_round(state->channels * EQ_BANDS * sizeof(EqBand));
    return (double *)((uint8_t *)state + values) + (size_t)group->firstLane * EQ_BANDS * EQ_ARRAYS;
}

/** Identity lanes in front of the first slot. */
static inline uint32_t eq_lead(uint32_t width, uint32_t numSlots) {
    return width >= 4 ? 0 : (4 - numSlots * width % 4) % 4;
}

/** Cuts channels into groups of at most `maxWidth`. */
void dynchain_eq_group_channels(EqState *state, uint32_t channels, uint32_t maxWidth);
/** Bytes of a state whose channels are grouped. */
size_t dynchain_eq_bytes(const EqState *state);
/** (RT) Gives slots to the enabled bands and designs everything that changed. Bands that stay keep their signal. */
void dynchain_eq_update(EqState *state, uint32_t sampleRate) DYNCHAIN_NONBLOCKING;
/** (RT) Clears the signal of all sections. */
void dynchain_eq_clear(EqState *state) DYNCHAIN_NONBLOCKING;
/** (RT) Makes `to`, of equal structure, continue as `source` would. Moves what the enabled bands need; where that is
 *  more than 64 KiB (64 channels with more than 11 bands), coefficients stay behind and are made anew from the values. */
void dynchain_eq_copy(EqState *to, const EqState *source) DYNCHAIN_NONBLOCKING;

/** One kernel call: a group, and the samples of its channels. Lanes beyond `channels` may have NULL pointers. */
typedef struct EqBlock {
    double *lanes;
    uint32_t width, channels, slots;
    uint32_t samples;
    const float *in[EQ_MAX_WIDTH];
    float *out[EQ_MAX_WIDTH];
} EqBlock;

/** Best instruction set of this machine that this build has kernels for. Not for the audio thread. */
EqIsa dynchain_eq_isa(void);
/** Largest group that `isa` has a kernel for. */
uint32_t dynchain_eq_max_width(EqIsa isa);
/** (RT) Runs all slots of a group over a block. */
void dynchain_eq_run(const EqBlock *block, EqIsa isa, uint8_t plain) DYNCHAIN_NONBLOCKING;

#endif
