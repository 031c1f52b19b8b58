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
/** Throws away all that waits. Reading thread, or any one thread while nobody reads. */
DYNCHAIN_API void DynRing_Clear(DynRing *ring) DYNCHAIN_NONBLOCKING;
/** The same with interleaved samples (sound cards, files). */
DYNCHAIN_API uint32_t DynRing_WriteInterleaved(DynRing *ring, const float *samples, uint32_t frames) DYNCHAIN_NONBLOCKING;
DYNCHAIN_API uint32_t DynRing_ReadInterleaved(DynRing *ring, float *samples, uint32_t frames) DYNCHAIN_NONBLOCKING;

/** A tap that writes into a ring of `frames` frames, for one other thread to read: the audio thread writes, the reading
 *  thread takes. Channels that the tapped point lacks are silent. What finds no room is lost, and so is what follows
 *  until the ring is empty: frames that wait together follow one another. */
typedef struct DynTap DynTap;
/** `frameSize`: the host's, at most `frames`. NULL without memory. Any thread but the audio thread. */
DYNCHAIN_API DynTap *DynTap_Create(uint32_t channels, uint32_t frames, uint32_t frameSize);
/** When the audio thread no longer writes (DynHostTap says when that is) and nobody reads. Any thread but the audio
 *  thread. */
DYNCHAIN_API void DynTap_Destroy(DynTap *tap);
/** What the host is given; lives as long as the tap. Any thread. */
DYNCHAIN_API const DynHostTap *DynTap_Tap(const DynTap *tap);
/** Frames that wait. Reading thread. */
DYNCHAIN_API uint32_t DynTap_Readable(const DynTap *tap);
/** Takes exactly `frames` frames, interleaved, or nothing and returns 0. Reading thread. */
DYNCHAIN_API uint32_t DynTap_Read(DynTap *tap, float *samples, uint32_t frames);
/** Frames lost, since the start, before those that wait: with the frames read so far, the place in the stream of the
 *  next frame to be read. A loss that nothing has followed yet is not in it. Reading thread. */
DYNCHAIN_API uint64_t DynTap_Lost(const DynTap *tap);

/** Highest sample and mean square of each channel of interleaved samples. Any thread but the audio thread: the time it
 *  takes grows with `frames`. */
DYNCHAIN_API void DynLevels_Measure(const float *samples, uint32_t channels, uint32_t frames, float *peaks,
                                    float *squares);

/** Power spectrum of the last samples of a wire. Not for the audio thread; one thread at a time. */
typedef struct DynSpectrum DynSpectrum;
/** `length`: samples of a stretch, a power of two from 64 to 2^20. */
DYNCHAIN_API DynSpectrum *DynSpectrum_Create(uint32_t length);
DYNCHAIN_API void DynSpectrum_Destroy(DynSpectrum *spectrum);
DYNCHAIN_API void DynSpectrum_Clear(DynSpectrum *spectrum);
/** Adds the power of `length` samples, every `stride`th of those given, times `weight`. */
DYNCHAIN_API void DynSpectrum_Add(DynSpectrum *spectrum, const float *samples, uint32_t stride, double weight);
/** The sum as levels at `points` frequencies from minHz to maxHz, equally far apart on a logarithmic scale: dB of a sine's
 *  amplitude (a full-scale sine reads 0), never below floorDb. A point that stands for several bins shows the strongest. */
DYNCHAIN_API void DynSpectrum_Read(const DynSpectrum *spectrum, double sampleRate, double minHz, double maxHz,
                                   float *decibels, uint32_t points, float floorDb);

/** Live driving of a host from rings. A missing input frame is silence, a full output ring loses the frame; both are
 *  counted. `input` or `output` may be NULL. */
typedef struct DynDriver DynDriver;
typedef struct DynDriverConfig {
    uint32_t abiVersion, structSize;
    DynHost *host;
    uint32_t sampleRate, frameSize, numInputs, numOutputs;
    DynRing *input;  /* channels = numInputs */
    DynRing *output; /* channels = numOutputs */
    /* The card's channel, from 0, that input i hears and output i goes to; DYNDRIVER_NO_CHANNEL = none. NULL = in
     * order. Copied. Where two outputs share a channel, the later one is heard. */
    const uint16_t *inputMap, *outputMap;
} DynDriverConfig;
#define DYNDRIVER_NO_CHANNEL 0xFFFFu
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
/** Opens or closes the way from the input ring to the host. Closing fades the input out over 20 ms, then nothing is read
 *  from the ring and the host hears silence; opening fades in. Starts open. Any thread. */
DYNCHAIN_API void DynDriver_SetGate(DynDriver *driver, uint32_t isOpen) DYNCHAIN_NONBLOCKING;
/** Where the gate starts, without a fade. Before the first frame. */
DYNCHAIN_API void DynDriver_SetGateNow(DynDriver *driver, uint32_t isOpen);
/** 1 once the gate is closed and the driver no longer touches the ring: its contents may be thrown away. A driver that
 *  runs no frame does not come to that. Any thread. */
DYNCHAIN_API uint32_t DynDriver_GateIsShut(const DynDriver *driver) DYNCHAIN_NONBLOCKING;
DYNCHAIN_API void DynDriver_GetCounters(const DynDriver *driver, DynDriverCounters *counters);

/** Converts `frames` interleaved frames at `ratio` (frames out per frame in) as the next part of one stream, all of them,
 *  into at most `room` frames; returns how many came out. (RT) */
typedef uint32_t (*DynConvert)(void *context, const float *in, uint32_t frames, double ratio, float *out,
                               uint32_t room) DYNCHAIN_NONBLOCKING;

/** Brings the input of one sound card to a driver that another card drives, when their clocks differ: keeps `target`
 *  frames waiting in the ring, which is the delay, by converting at a ratio that follows the clocks. The first quarter of
 *  a second is silent, then the input fades in. Two threads: the hearing card's and the playing card's. */
typedef struct DynFollower DynFollower;
typedef struct DynFollowerConfig {
    uint32_t abiVersion, structSize;
    uint32_t sampleRate, channels; /* of the ring */
    uint32_t cardChannels;
    /* Frames that wait when a block comes. To hold both cards' blocks and the jitter of their call-backs. */
    uint32_t target;
    DynRing *ring; /* empty, with room for twice the target and a second. The driver's input */
    /* The card's channel, from 0, of each of the ring's; DYNDRIVER_NO_CHANNEL = none. NULL = in order. Copied. */
    const uint16_t *map;
    DynConvert convert; /* DynFollower_Converted channels */
    void *context;
} DynFollowerConfig;
/** Farthest from 1 that the ratio goes. */
#define DYNFOLLOWER_RANGE 0.005
/** How many channels are converted: those of the map that the card has, and at least one.
 *  Any thread. */
DYNCHAIN_API uint32_t DynFollower_Converted(const DynFollowerConfig *config);
/** Fills the ring with `target` frames of silence. NULL for a configuration that cannot be, or without memory. Ring and
 *  context must outlive the follower. Any thread but the audio threads. */
DYNCHAIN_API DynFollower *DynFollower_Create(const DynFollowerConfig *config);
/** When neither card's call-back can run any more. Any thread but the audio threads. */
DYNCHAIN_API void DynFollower_Destroy(DynFollower *follower);
/** (RT) A block of the hearing card, which came at `now` (DynPC_Now). Until the other card first takes, nothing is
 *  kept. */
DYNCHAIN_API void DynFollower_CardBlock(DynFollower *follower, const float *in, uint32_t inChannels, uint32_t frames,
                                        uint64_t now) DYNCHAIN_NONBLOCKING;
/** (RT) The playing card has taken a block that it asked for at `now`. */
DYNCHAIN_API void DynFollower_Took(DynFollower *follower, uint64_t now) DYNCHAIN_NONBLOCKING;
/** (RT) The hearing card says that it lost something before its next block: the stream is centred anew, rather than
 *  drawn together over half a minute. */
DYNCHAIN_API void DynFollower_Lost(DynFollower *follower) DYNCHAIN_NONBLOCKING;
/** How many times the stream had to be centred anew, in silence: a card lost something, or stood still for longer than
 *  what waits. Any thread. */
DYNCHAIN_API uint64_t DynFollower_Resyncs(const DynFollower *follower) DYNCHAIN_NONBLOCKING;

#ifdef __cplusplus
}
#endif
#endif
