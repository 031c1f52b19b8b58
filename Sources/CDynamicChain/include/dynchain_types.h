/* Soundpost DynamicChain: types shared by hosts and modules.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_TYPES_H
#define DYNCHAIN_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Version of every struct in these headers. Those that are handed in to make something start with `abiVersion,
 *  structSize`; those without (events, records, counters) are covered by the version of what they are used with. It is
 *  raised by a release in which any of them, or a function, is not what it was in the release before. Version 1 is that
 *  of the first release, until which all of them may change. */
#define DYNCHAIN_ABI_VERSION 1u

/** Limits of the link frame and of the address space of a parameter. */
#define DYNCHAIN_MAX_MODULES 255u
#define DYNCHAIN_MAX_CHANNELS 64u
#define DYNCHAIN_MAX_PORTS 32u
#define DYNCHAIN_MAX_FRAME 8192u
#define DYNCHAIN_MAX_CORES 16u
/** Module index of the chain's own external ports in a link frame. */
#define DYNCHAIN_IO 0xFFu
/** Wires and module states are aligned to this many bytes. */
#define DYNCHAIN_ALIGN 64u

#if defined(_WIN32)
#define DYNCHAIN_API __declspec(dllexport)
#elif defined(__GNUC__)
#define DYNCHAIN_API __attribute__((visibility("default")))
#else
#define DYNCHAIN_API
#endif

/* Marks a function that the audio thread may call: it never locks, allocates, logs or calls the system.
 * Clang 20 and later check it at compile time (-Wfunction-effects) and at run time (-fsanitize=realtime). */
#if defined(__clang__) && defined(__has_attribute)
#if __has_attribute(nonblocking)
#define DYNCHAIN_NONBLOCKING __attribute__((nonblocking))
#endif
#endif
#ifndef DYNCHAIN_NONBLOCKING
#define DYNCHAIN_NONBLOCKING
#endif

/** Return codes of every function that returns int32_t. */
#define DYNCHAIN_OK 0
#define DYNCHAIN_ERR_ARGUMENT (-1) /* null pointer, wrong struct size or version, value out of range */
#define DYNCHAIN_ERR_MEMORY (-2)   /* the memory handed in is too small */
#define DYNCHAIN_ERR_UNKNOWN (-3)  /* unknown module type, instance or parameter */
#define DYNCHAIN_ERR_FRAME (-4)    /* malformed link frame */
#define DYNCHAIN_ERR_STATE (-5)    /* called in the wrong order */

/** Types of a value on the wire (valueType of set_param). */
#define DYNCHAIN_VALUE_F32 1u
#define DYNCHAIN_VALUE_I32 2u
#define DYNCHAIN_VALUE_U8 3u
#define DYNCHAIN_VALUE_F32_ARRAY 4u

/** One signal connection: planar f32, `channels` pointers, each DYNCHAIN_ALIGN-aligned at the start of a frame
 *  (a process call may cover the later part of a frame, then pointers are only sample-aligned).
 *  `blockSize` is the number of samples of the current process call, 1…frame size. */
typedef struct WireInstance {
    uint32_t blockSize;
    uint32_t channels;
    uint32_t sampleRate;
    float **channel;
} WireInstance;

static inline uint32_t Wire_BlockSize(const WireInstance *wire) { return wire->blockSize; }
static inline uint32_t Wire_Channels(const WireInstance *wire) { return wire->channels; }
static inline float *Wire_ChanPtr(const WireInstance *wire, uint32_t ch) { return wire->channel[ch]; }

#ifdef __cplusplus
}
#endif
#endif
