/* A tap into a ring, for a thread that is not the audio thread to read.
 * SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

struct DynTap {
    DynHostTap tap;
    DynRing *ring;
    uint32_t channels, capacity;
    const float **pointers;
    float *silence;
    uint32_t frameSize;
    uint64_t lost; /* the audio thread's: frames, since the start */
    int isLosing;  /* the audio thread's: a gap follows what waits */
    _Atomic uint64_t lostBefore; /* frames lost before those that wait */
};

static void writeTap(void *context, const float *const *channels, uint32_t count, uint32_t frames,
                     uint64_t position) DYNCHAIN_NONBLOCKING {
    (void)position;
    DynTap *tap = context;
    if (tap->isLosing && DynRing_Writable(tap->ring) == tap->capacity) {
        /* Nobody reads this number while nothing waits. */
        atomic_store_explicit(&tap->lostBefore, tap->lost, memory_order_relaxed);
        tap->isLosing = 0;
    }
    /* What waits has no gap in it, so that one number says where it lies. */
    if (!tap->isLosing && frames <= tap->frameSize) {
        for (uint32_t ch = 0; ch < tap->channels; ch++) tap->pointers[ch] = ch < count ? channels[ch] : tap->silence;
        if (DynRing_Write(tap->ring, tap->pointers, frames) == frames) return;
    }
    tap->isLosing = 1;
    tap->lost += frames;
}

DynTap *DynTap_Create(uint32_t channels, uint32_t frames, uint32_t frameSize) {
    if (channels == 0 || frameSize == 0 || frames < frameSize) return NULL;
    DynTap *tap = calloc(1, sizeof *tap);
    if (tap == NULL) return NULL;
    tap->tap = (DynHostTap){writeTap, tap};
    tap->channels = channels;
    tap->frameSize = frameSize;
    tap->ring = DynRing_Create(channels, frames);
    tap->pointers = calloc(channels, sizeof(float *));
    tap->silence = calloc(frameSize, sizeof(float));
    if (tap->ring == NULL || tap->pointers == NULL || tap->silence == NULL) {
        DynTap_Destroy(tap);
        return NULL;
    }
    tap->capacity = DynRing_Writable(tap->ring);
    return tap;
}

void DynTap_Destroy(DynTap *tap) {
    if (tap == NULL) return;
    DynRing_Destroy(tap->ring);
    free(tap->pointers);
    free(tap->silence);
    free(tap);
}

const DynHostTap *DynTap_Tap(const DynTap *tap) { return &tap->tap; }

uint32_t DynTap_Readable(const DynTap *tap) { return DynRing_Readable(tap->ring); }

uint32_t DynTap_Read(DynTap *tap, float *samples, uint32_t frames) {
    return DynRing_ReadInterleaved(tap->ring, samples, frames);
}

uint64_t DynTap_Lost(const DynTap *tap) { return atomic_load_explicit(&tap->lostBefore, memory_order_relaxed); }
