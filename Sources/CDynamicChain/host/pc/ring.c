/* Ring of planar audio, single producer and single consumer.
 * SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

struct DynRing {
    uint32_t channels;
    uint32_t capacity; /* a power of two */
    float *samples;    /* channel by channel */
    _Alignas(64) _Atomic uint64_t written;
    _Alignas(64) _Atomic uint64_t taken;
};

DynRing *DynRing_Create(uint32_t channels, uint32_t frames) {
    if (channels == 0 || channels > 1024 || frames == 0 || frames > (1u << 26)) return NULL;
    uint32_t capacity = 1;
    while (capacity < frames) capacity *= 2;
    DynRing *ring = aligned_alloc(64, (sizeof(DynRing) + 63) & ~(size_t)63);
    if (ring == NULL) return NULL;
    memset(ring, 0, sizeof *ring);
    ring->channels = channels;
    ring->capacity = capacity;
    ring->samples = calloc((size_t)capacity * channels, sizeof(float));
    if (ring->samples == NULL) {
        free(ring);
        return NULL;
    }
    return ring;
}

void DynRing_Destroy(DynRing *ring) {
    if (ring == NULL) return;
    free(ring->samples);
    free(ring);
}

uint32_t DynRing_Readable(const DynRing *ring) DYNCHAIN_NONBLOCKING {
    return (uint32_t)(atomic_load_explicit(&ring->written, memory_order_acquire) -
                      atomic_load_explicit(&ring->taken, memory_order_relaxed));
}

uint32_t DynRing_Writable(const DynRing *ring) DYNCHAIN_NONBLOCKING {
    return ring->capacity - (uint32_t)(atomic_load_explicit(&ring->written, memory_order_relaxed) -
                                       atomic_load_explicit(&ring->taken, memory_order_acquire));
}

uint32_t dynring_channels(const DynRing *ring) DYNCHAIN_NONBLOCKING { return ring->channels; }

uint64_t dynring_written(const DynRing *ring) DYNCHAIN_NONBLOCKING {
    return atomic_load_explicit(&ring->written, memory_order_acquire);
}

uint64_t dynring_taken(const DynRing *ring) DYNCHAIN_NONBLOCKING {
    return atomic_load_explicit(&ring->taken, memory_order_acquire);
}

uint32_t DynRing_Write(DynRing *ring, const float *const *channels, uint32_t frames) DYNCHAIN_NONBLOCKING {
    if (DynRing_Writable(ring) < frames) return 0;
    uint64_t at = atomic_load_explicit(&ring->written, memory_order_relaxed);
    uint32_t start = (uint32_t)(at & (ring->capacity - 1));
    uint32_t first = ring->capacity - start < frames ? ring->capacity - start : frames;
    for (uint32_t ch = 0; ch < ring->channels; ch++) {
        float *base = ring->samples + (size_t)ch * ring->capacity;
        memcpy(base + start, channels[ch], first * sizeof(float));
        memcpy(base, channels[ch] + first, (frames - first) * sizeof(float));
    }
    atomic_store_explicit(&ring->written, at + frames, memory_order_release);
    return frames;
}

uint32_t DynRing_Read(DynRing *ring, float *const *channels, uint32_t frames) DYNCHAIN_NONBLOCKING {
    if (DynRing_Readable(ring) < frames) return 0;
    uint64_t at = atomic_load_explicit(&ring->taken, memory_order_relaxed);
    uint32_t start = (uint32_t)(at & (ring->capacity - 1));
    uint32_t first = ring->capacity - start < frames ? ring->capacity - start : frames;
    for (uint32_t ch = 0; ch < ring->channels; ch++) {
        const float *base = ring->samples + (size_t)ch * ring->capacity;
        memcpy(channels[ch], base + start, first * sizeof(float));
        memcpy(channels[ch] + first, base, (frames - first) * sizeof(float));
    }
    atomic_store_explicit(&ring->taken, at + frames, memory_order_release);
    return frames;
}

void DynRing_Clear(DynRing *ring) DYNCHAIN_NONBLOCKING {
    atomic_store_explicit(&ring->taken, atomic_load_explicit(&ring->written, memory_order_acquire),
                          memory_order_release);
}

uint32_t DynRing_WriteInterleaved(DynRing *ring, const float *samples, uint32_t frames) DYNCHAIN_NONBLOCKING {
    if (DynRing_Writable(ring) < frames) return 0;
    uint64_t at = atomic_load_explicit(&ring->written, memory_order_relaxed);
    for (uint32_t ch = 0; ch < ring->channels; ch++) {
        float *base = ring->samples + (size_t)ch * ring->capacity;
        for (uint32_t i = 0; i < frames; i++)
            base[(at + i) & (ring->capacity - 1)] = samples[(size_t)i * ring->channels + ch];
    }
    atomic_store_explicit(&ring->written, at + frames, memory_order_release);
    return frames;
}

uint32_t DynRing_ReadInterleaved(DynRing *ring, float *samples, uint32_t frames) DYNCHAIN_NONBLOCKING {
    if (DynRing_Readable(ring) < frames) return 0;
    uint64_t at = atomic_load_explicit(&ring->taken, memory_order_relaxed);
    for (uint32_t ch = 0; ch < ring->channels; ch++) {
        const float *base = ring->samples + (size_t)ch * ring->capacity;
        for (uint32_t i = 0; i < frames; i++)
            samples[(size_t)i * ring->channels + ch] = base[(at + i) & (ring->capacity - 1)];
    }
    atomic_store_explicit(&ring->taken, at + frames, memory_order_release);
    return frames;
}
