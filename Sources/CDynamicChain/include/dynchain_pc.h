/* Soundpost DynamicChain on a computer: worker threads, audio rings, the paced driver. Not part of bare-metal builds.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_PC_H
#define DYNCHAIN_PC_H

#include "dynchain_host.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Monotonic nanoseconds (vDSO); fits the `now` of the configurations. */
DYNCHAIN_API uint64_t DynPC_Now(void *context) DYNCHAIN_NONBLOCKING;
/** Gives the calling thread SCHED_FIFO at `priority` (1…99) and locks memory where permitted. Returns bit 0 = real-time
 *  scheduling granted, bit 1 = memory locked. */
DYNCHAIN_API uint32_t DynPC_MakeRealtime(int32_t priority);

/** Names the calling thread for debuggers and profilers; at most 15 bytes are shown. */
DYNCHAIN_API void DynPC_NameThread(const char *name);

/** Worker threads for `DynHostConfig.execute`: the caller and `workers - 1` threads share the tasks of a tick. A worker
 *  that finds nothing spins for at most `spinMicroseconds`, then sleeps. */
typedef struct DynPool DynPool;
DYNCHAIN_API DynPool *DynPool_Create(uint32_t workers, uint32_t spinMicroseconds, int32_t priority);
DYNCHAIN_API void DynPool_Destroy(DynPool *pool);
DYNCHAIN_API void DynPool_Execute(void *pool, void (*task)(void *argument, uint32_t index) DYNCHAIN_NONBLOCKING,
                                  void *argument, uint32_t count) DYNCHAIN_NONBLOCKING;

/** Ring of planar audio frames, single producer, single consumer, either of which may be the audio thread. */
typedef struct DynRing DynRing;
DYNCHAIN_API DynRing *DynRing_Create(uint32_t channels, uint32_t frames);
DYNCHAIN_API void DynRing_Destroy(DynRing *ring);
DYNCHAIN_API uint32_t DynRing_Readable(const DynRing *ring) DYNCHAIN_NONBLOCKING;
DYNCHAIN_API uint32_t DynRing_Writable(const DynRing *ring) DYNCHAIN_NONBLOCKING;
/** Writes or reads exactly `frames`, or nothing and returns 0. `channels` pointers of `frames` samples. */
DYNCHAIN_API uint32_t DynRing_Write(DynRing *ring, const float *const *channels, uint32_t frames) DYNCHAIN_NONBLOCKING;
DYNCHAIN_API uint32_t DynRing_Read(DynRing *ring, float *const *channels, uint32_t frames) DYNCHAIN_NONBLOCKING;
/** The same with interleaved samples (sound cards, files). */
DYNCHAIN_API uint32_t DynRing_WriteInterleaved(DynRing *ring, const float *samples, uint32_t frames) DYNCHAIN_NONBLOCKING;
DYNCHAIN_API uint32_t DynRing_ReadInterleaved(DynRing *ring, float *samples, uint32_t frames) DYNCHAIN_NONBLOCKING;

/** Live driving of a host from rings. A missing input frame is silence, a full output ring loses the frame; both are
 *  counted. `input` or `output` may be NULL. */
typedef struct DynDriver DynDriver;
typedef struct DynDriverConfig {
    uint32_t abiVersion, structSize;
    DynHost *host;
    uint32_t sampleRate, frameSize, numInputs, numOutputs;
    DynRing *input;  /* channels = numInputs */
    DynRing *output; /* channels = numOutputs */
} DynDriverConfig;
typedef struct DynDriverCounters {
    uint64_t frames, droppedFrames, missedInputFrames, lostOutputFrames;
    uint64_t maxLatenessNs;
    uint32_t realtime;       /* DynPC_MakeRealtime's answer on the driver's thread */
    uint32_t reblockSamples; /* latency added because a card's blocks differ from the host's frames */
} DynDriverCounters;
DYNCHAIN_API DynDriver *DynDriver_Create(const DynDriverConfig *config);
DYNCHAIN_API void DynDriver_Destroy(DynDriver *driver);
/** (RT) One frame through the rings: what each driver calls. */
DYNCHAIN_API void DynDriver_Step(DynDriver *driver) DYNCHAIN_NONBLOCKING;
/** Paced driver: blocks the calling thread until DynDriver_Stop; frames at absolute deadlines; more than 4 frames late =
 *  the missed frames are dropped and counted. */
DYNCHAIN_API void DynDriver_RunPaced(DynDriver *driver, int32_t priority);
DYNCHAIN_API void DynDriver_Stop(DynDriver *driver);
/** (RT) Card call-back: any block length, interleaved; re-blocks to the host's frames (adds one frame of latency when
 *  the lengths differ). `in` NULL = silence, `out` NULL = discard. */
DYNCHAIN_API void DynDriver_CardBlock(DynDriver *driver, const float *in, uint32_t inChannels, float *out,
                                      uint32_t outChannels, uint32_t frames) DYNCHAIN_NONBLOCKING;
DYNCHAIN_API void DynDriver_GetCounters(const DynDriver *driver, DynDriverCounters *counters);

#ifdef __cplusplus
}
#endif
#endif
