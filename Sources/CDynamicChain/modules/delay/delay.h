/* Delay per channel: state and kernels.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_DELAY_H
#define DYNCHAIN_DELAY_H

#include <stdatomic.h>

#include "../shared/glide.h"

extern const ModuleFuncTable dynchain_delay_table;

enum { DELAY_SAMPLES = 1 };

#define DELAY_MAX 96000u
/** Samples of a channel's ring: the longest delay, the largest frame (8192) and 26880 samples during which history
 *  older than the present frame stays in place while another thread copies it. */
#define DELAY_RING 131072u
/** Distance between rings; the odd cache lines keep channels out of each other's cache sets. */
#define DELAY_STRIDE (DELAY_RING + 272u)
/** Bytes that copyTail may move on the audio thread. */
#define DELAY_TAIL_BYTES 65536u

typedef struct DelayChannel {
    uint32_t current; /* heard now, or faded out */
    uint32_t next;    /* faded in */
    uint32_t wanted;  /* newest value; taken when the fade ends */
    uint32_t fadeIndex;
    uint8_t fading;
} DelayChannel;

typedef struct DelayState {
    /** Samples ever written, modulo 2^32; published after the samples are in the ring. */
    _Atomic uint32_t written;
    uint32_t valid; /* samples of history before `written` that count; older ones read as zeros */
    uint32_t channels;
    uint32_t maxFrame;
    uint32_t ringOffset; /* bytes from the state to the first ring */
    uint32_t bulkWritten; /* `written` of the instance whose history copyBulk copied */
    uint32_t bulkValid;   /* samples copied before that; 0 = no bulk */
    DelayChannel channel[];
} DelayState;

static inline float *dynchain_delay_ring(const DelayState *state, uint32_t channel) {
    return (float *)((char *)(uintptr_t)state + state->ringOffset) + (size_t)channel * DELAY_STRIDE;
}

/** (RT) Copies `count` samples into a ring from `position` on, or out of it. */
void dynchain_delay_write(float *restrict ring, uint32_t position, const float *restrict in,
                          uint32_t count) DYNCHAIN_NONBLOCKING;
void dynchain_delay_read(float *restrict out, const float *restrict ring, uint32_t position,
                         uint32_t count) DYNCHAIN_NONBLOCKING;
/** (RT) inOut = from + (inOut - from) * weights. */
void dynchain_delay_fade(float *restrict inOut, const float *restrict from, const float *restrict weights,
                         uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING;

#endif
