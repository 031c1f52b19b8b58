/* Soundpost DynamicChain host: the tick. Runs an execution plan (chains on up to 16 cores, frame slots between them)
 * one frame at a time, applies events at stream positions, and swaps plans without a click.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Threads: one audio thread calls DynHost_Process; one control thread at a time builds plans, pushes events, reads
 * telemetry and takes retired plans back. The two meet only in single-producer single-consumer rings. No threads are
 * made here; an executor may spread the cores of a tick over threads (dynchain_pc.h has one).
 */
#ifndef DYNCHAIN_HOST_H
#define DYNCHAIN_HOST_H

#include "dynchain.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct DynHost DynHost;
typedef struct DynHostPlan DynHostPlan;

/** Core index of the host's own inputs (as from) and outputs (as to). */
#define DYNHOST_IO 0xFFu
/** Longest delay of a bypassed signal, samples. */
#define DYNHOST_MAX_BYPASS_DELAY (1u << 20)

/** A wire between cores or to the outside: `channels` adjacent channels, `delayFrames` frames late. Channels count
 *  through a core's external channels in port order. Between cores, and back into a core, delayFrames is at least 1. */
typedef struct DynHostEdge {
    uint8_t fromCore, toCore;
    uint16_t fromChannel, toChannel;
    uint16_t channels;
    uint32_t delayFrames;
} DynHostEdge;

/** Where an instance lives. Handles are the host's own small numbers for instance ids: equal ids, equal handles, in
 *  every plan. The stage must be the one given to DynChain_SetStage. */
typedef struct DynHostModule {
    uint32_t handle;
    uint8_t core;
    uint8_t module;
    uint16_t stage;
} DynHostModule;

typedef struct DynHostPlanConfig {
    uint32_t abiVersion, structSize;
    uint32_t sampleRate, frameSize;
    uint32_t numInputs, numOutputs; /* channels of the host; equal in every plan of a host */
    uint32_t numCores;
    DynChain *const *cores; /* rebuilt chains, owned by the caller until the plan is retired */
    const uint16_t *coreInputs, *coreOutputs; /* external channels of each */
    uint32_t numEdges;
    const DynHostEdge *edges;
    uint32_t numModules;
    const DynHostModule *modules;
    void *owner; /* given back by DynHostPlan_Owner */
} DynHostPlanConfig;

DYNCHAIN_API int32_t DynHostPlan_GetMemSize(const DynHostPlanConfig *config, size_t *size);
DYNCHAIN_API int32_t DynHostPlan_Init(void *memory, size_t size, const DynHostPlanConfig *config, DynHostPlan **plan);
DYNCHAIN_API void *DynHostPlan_Owner(const DynHostPlan *plan);
/** (control thread, before a host runs the plan) To be called after values were set in its chains. */
DYNCHAIN_API int32_t DynHostPlan_Refresh(DynHostPlan *plan);
/** (any thread, also while the plan runs) Latency of the module with this handle in samples, as it was behind the plan's
 *  last frame, before the first at Init or Refresh. 0 for an unknown handle. */
DYNCHAIN_API uint32_t DynHostPlan_ModuleLatency(const DynHostPlan *plan, uint32_t handle);
/** (builder thread, `running` may run) Pairs instances of equal handle and structure with those of the running plan
 *  and copies their bulk history. Call right before pushing the swap. */
DYNCHAIN_API int32_t DynHostPlan_Carry(DynHostPlan *plan, const DynHostPlan *running);

/** Where samples leave the tick: `write` is called on the audio thread with each frame that passes. What it points to
 *  must live until no module can run with it any more. A module in stage s takes the event that detaches the tap s
 *  frames late; an event that is due at most a frame after the position at which it was pushed has reached all of a
 *  plan when DynHost_Position, read after the push, has moved on by as many frames as the plan has stages, and two
 *  more. */
typedef struct DynHostTap {
    void (*write)(void *context, const float *const *channels, uint32_t count, uint32_t frames,
                  uint64_t position) DYNCHAIN_NONBLOCKING;
    void *context;
} DynHostTap;

typedef enum DynHostEventKind {
    DYNHOST_PARAM = 1,   /* handle, paramTypeId, index, value */
    DYNHOST_ENABLE = 2,  /* handle, value.u8 */
    DYNHOST_MEASURE = 3, /* handle, value.i32 = DYNCHAIN_MEASURE_… */
    DYNHOST_SWAP = 4,    /* plan, value.u8 = mode; waits while another swap is under way */
    DYNHOST_TAP = 5      /* handle, index = DYNCHAIN_CAPTURE_…, tap (NULL detaches): one a module and point */
} DynHostEventKind;

#define DYNHOST_SWAP_CROSSFADE 0u /* both plans run for about 40 ms */
#define DYNHOST_SWAP_DIP 1u       /* fade out, swap, fade in: for plans too heavy to run twice */

typedef struct DynHostEvent {
    uint64_t position; /* stream position in samples; earlier than now = now. Never decreasing from event to event */
    uint32_t kind;
    uint32_t handle;
    uint16_t paramTypeId;
    uint16_t index;
    uint32_t valueSize;
    union {
        float f32;
        int32_t i32;
        uint8_t u8;
    } value;
    DynHostPlan *plan;
    const DynHostTap *tap;
} DynHostEvent;

typedef struct DynHostConfig {
    uint32_t abiVersion, structSize;
    uint32_t sampleRate, frameSize;
    uint32_t numInputs, numOutputs;
    uint32_t eventCapacity;     /* records, a power of two */
    uint32_t telemetryCapacity; /* records, a power of two */
    uint64_t (*now)(void *context) DYNCHAIN_NONBLOCKING; /* monotonic nanoseconds, or NULL */
    void *nowContext;
    /** Runs task(argument, 0…count-1), all done on return; NULL = one after the other on the audio thread. */
    void (*execute)(void *context, void (*task)(void *argument, uint32_t index) DYNCHAIN_NONBLOCKING, void *argument,
                    uint32_t count) DYNCHAIN_NONBLOCKING;
    void *executeContext;
    uint32_t maxBypassDelay;     /* samples that a bypassed signal can be held back; 0 = not at all */
    const DynHostTap *inputTap;  /* hears the host's input, cleaned; NULL = nobody */
    const DynHostTap *outputTap; /* hears the host's output, behind the level; NULL = nobody */
} DynHostConfig;

DYNCHAIN_API int32_t DynHost_GetMemSize(const DynHostConfig *config, size_t *size);
/** `first` becomes the running plan at frame 0 (NULL: silence until the first swap, which then starts at once). */
DYNCHAIN_API int32_t DynHost_Init(void *memory, size_t size, const DynHostConfig *config, DynHostPlan *first,
                                  DynHost **host);

/** (RT) One frame: `numInputs` and `numOutputs` planar channels of frameSize samples that do not overlap. */
DYNCHAIN_API int32_t DynHost_Process(DynHost *host, const float *const *in, float *const *out) DYNCHAIN_NONBLOCKING;
/** Stream position of the next frame, in samples; any thread. */
DYNCHAIN_API uint64_t DynHost_Position(const DynHost *host) DYNCHAIN_NONBLOCKING;

/** Appends a batch that acts as one event. MEMORY: no room now, nothing was taken. Control thread. */
DYNCHAIN_API int32_t DynHost_PushEvents(DynHost *host, const DynHostEvent *events, uint32_t count);
/** A plan the audio thread will not touch again, or NULL. Control thread. */
DYNCHAIN_API DynHostPlan *DynHost_TakeRetired(DynHost *host);
/** 1 while a swap is under way or waiting. */
DYNCHAIN_API uint32_t DynHost_IsSwapping(const DynHost *host) DYNCHAIN_NONBLOCKING;

/** Level behind the chain, linear, and a mask of muted output channels (bit n = channel n, from 32 on never muted);
 *  both glide over 20 ms. At rest a gain of exactly 1 leaves every sample as it is. Any thread. */
DYNCHAIN_API void DynHost_SetOutput(DynHost *host, float gain, uint32_t muteMask) DYNCHAIN_NONBLOCKING;
/** Start value of the glide, before the first frame (0 = soft start). */
DYNCHAIN_API void DynHost_SetOutputNow(DynHost *host, float gain, uint32_t muteMask);

/** Replaces what the chain gives by the host's input, or ends that, over a 20 ms cross-fade. Input channel i goes to output
 *  channel i, a single input channel to all; an output without an input is silent. The chain runs on unheard. At rest a
 *  gain of exactly 1 gives the input's samples. A gain that changes while bypassed glides. Control thread.
 *
 *  gain: linear, at most 10^6; a call with one that is negative or no number is ignored.
 *  delay: samples the input is held back, so that nothing moves in time; taken when the bypass begins, at most
 *  `maxBypassDelay`. */
DYNCHAIN_API void DynHost_SetBypass(DynHost *host, uint32_t isBypassed, float gain, uint32_t delay);

/** Lets only a band around a frequency be heard (state-variable band-pass, 0 dB at its centre, -3 dB bandwidth
 *  frequency/q), cross-faded over 20 ms; a frequency that moves glides as long. 0 Hz ends it, and so does what makes no
 *  filter: a frequency or q that is not positive and finite, or a q so small that 1/q is not. Control thread. */
DYNCHAIN_API void DynHost_SetAudition(DynHost *host, float frequency, float q);

typedef struct DynHostCounters {
    uint64_t frames;
    uint64_t nonFiniteInputs;  /* input samples replaced by zero */
    uint64_t nonFiniteOutputs; /* frames in which a module was muted */
    uint64_t clippedSamples;   /* output samples beyond ±1 */
    uint64_t refusedEvents;    /* events whose handle, parameter or value the plan did not take */
    uint64_t lostTelemetry;
} DynHostCounters;
DYNCHAIN_API void DynHost_GetCounters(const DynHost *host, DynHostCounters *counters);

typedef enum DynHostRecordKind {
    DYNHOST_RECORD_BLOCK = 1,  /* ns: whole tick */
    DYNHOST_RECORD_CORE = 2,   /* handle = core; ns */
    DYNHOST_RECORD_MODULE = 3, /* handle, ns, latency; a module with MEASURE_TIME */
    DYNHOST_RECORD_LEVEL = 4,  /* handle, channel, peak, square; a module with MEASURE_LEVEL */
    DYNHOST_RECORD_FAULT = 5   /* handle: output was not finite, the module was muted and reset */
} DynHostRecordKind;

typedef struct DynHostRecord {
    uint64_t position;
    uint32_t kind;
    uint32_t handle;
    uint32_t channel;
    uint32_t ns;
    uint32_t latency;
    float peak;   /* linear */
    float square; /* mean of squares */
} DynHostRecord;
/** Takes up to `capacity` records; returns how many. Control thread. */
DYNCHAIN_API uint32_t DynHost_ReadTelemetry(DynHost *host, DynHostRecord *records, uint32_t capacity);

#ifdef __cplusplus
}
#endif
#endif
