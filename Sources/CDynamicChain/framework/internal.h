/* Soundpost DynamicChain: what the framework's files share. Nothing here is seen by hosts or modules.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_INTERNAL_H
#define DYNCHAIN_INTERNAL_H

#include <string.h>

#include "../include/dynchain.h"

/* Fades and levels must not be contracted either: equal samples from every build. */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

#define DYNCHAIN_MAGIC 0x314E4843u /* "CHN1" */
#define DYNCHAIN_REGISTRY_CAPACITY 256u
#define DYNCHAIN_MAX_LINK_PORTS 2048u
#define DYNCHAIN_MAX_CONNECTIONS 2048u
#define DYNCHAIN_MAX_PARAMS 64u
#define DYNCHAIN_MAX_EXTERNAL 256u /* a port index is one byte */
#define DYNCHAIN_UNCONNECTED 0xFFFFu
#define DYNCHAIN_EXTERNAL 0xFFFEu /* PortSource.module of an external input */

struct DynChainRegistry {
    uint32_t count;
    uint32_t reserved;
    const ModuleFuncTable *tables[DYNCHAIN_REGISTRY_CAPACITY];
};

/* ---- memory: a bump allocator over what the caller gave; with base == NULL it only counts ---- */

typedef struct Arena {
    uint8_t *base;
    size_t size;
    size_t used;
    uint8_t exhausted;
} Arena;

/** Zeroed, DYNCHAIN_ALIGN-aligned memory. NULL when counting or exhausted. */
void *dynchain_arena_take(Arena *arena, size_t bytes);

/* ---- the parsed link ---- */

typedef struct LinkPort {
    uint8_t tablePort; /* index into the table's ports */
    uint8_t isOutput;
    int16_t channels; /* as stated; -1 = inherit */
    uint32_t rate;    /* as stated; 0 = inherit */
} LinkPort;

typedef struct LinkModule {
    const ModuleFuncTable *table;
    const uint8_t *id; /* not terminated */
    uint16_t idLength;
    uint16_t firstPort, numPorts; /* into ports, frame order */
    uint16_t stage;
} LinkModule;

typedef struct LinkConnection {
    uint8_t fromModule, fromPort, toModule, toPort;
    int16_t channels;
    uint32_t rate;
} LinkConnection;

typedef struct LinkCounts {
    uint32_t modules, ports, connections, idBytes;
} LinkCounts;

typedef struct ParsedLink {
    LinkCounts counts;
    LinkModule *modules;
    LinkPort *ports;
    LinkConnection *connections;
} ParsedLink;

/** Counts what a frame holds and checks every length. */
int32_t dynchain_link_count(uint32_t version, const uint8_t *frame, uint32_t length, LinkCounts *counts);
/** Fills the arrays of `link`, sized by `link->counts`; ids point into `frame`. */
int32_t dynchain_link_parse(const DynChainConfig *config, uint32_t version, const uint8_t *frame, ParsedLink *link,
                            const char **problem);

/* ---- the resolved topology ---- */

typedef struct PortSource {
    uint16_t module; /* index, DYNCHAIN_EXTERNAL or DYNCHAIN_UNCONNECTED */
    uint16_t port;   /* table port of the module, or external port */
} PortSource;

/** Per module and table port: channels and where an input comes from. Per external output: its source. */
typedef struct Topology {
    uint16_t order[DYNCHAIN_MAX_MODULES];              /* processing order */
    uint16_t firstPort[DYNCHAIN_MAX_MODULES + 1];      /* into the port arrays, table order */
    uint16_t channels[DYNCHAIN_MAX_LINK_PORTS];
    PortSource source[DYNCHAIN_MAX_LINK_PORTS];
    PortSource outputs[DYNCHAIN_MAX_EXTERNAL];
} Topology;

int32_t dynchain_resolve(const DynChainConfig *config, const ParsedLink *link, Topology *topology,
                         const char **problem);

/* ---- a running module ---- */

typedef enum Phase { PHASE_IDLE = 0, PHASE_WARM = 1, PHASE_FADE = 2 } Phase;

/** What is heard: an instance (0 or 1), or the bypass at a latency. */
typedef struct Path {
    uint8_t bypass;
    uint8_t instance;
    uint32_t latency;
} Path;

typedef struct ModuleSlot {
    const ModuleFuncTable *table;
    const char *id;
    uint32_t stage;
    uint8_t numInputs, numOutputs, numPorts;
    uint8_t hasTwin; /* two instances for switched parameters */
    uint8_t started; /* has processed a sample: changes are smoothed from now on */
    uint8_t enableTarget;
    uint8_t fault; /* the last frame's output was not finite */
    uint8_t measure;
    uint32_t stateSize;

    ModuleInstance instance[2];
    WireInstance *wires[2];     /* one set an instance: inputs then outputs */
    WireInstance **wireList[2]; /* what ModuleInstance.wires points to */
    float ***basePointers;      /* per port: channel pointers at the start of the frame */
    float **segmentPointers;    /* storage of wires[…].channel for both instances */
    float **frameChannels;      /* the frame's channels of all ports, inputs first */

    uint64_t position;
    Phase phase;
    uint32_t phaseLeft;
    Path from, to; /* in PHASE_IDLE `from` is heard */

    uint32_t paramBase[DYNCHAIN_MAX_PARAMS];
    uint32_t paramCount[DYNCHAIN_MAX_PARAMS];
    uint32_t paramInner[DYNCHAIN_MAX_PARAMS]; /* extent of the second dimension, else 1 */
    uint32_t numValues;
    uint32_t *values; /* raw 32-bit values, element by element */
    uint8_t *dirty;   /* element waits for a switched change */
    uint32_t dirtyCount;

    float *bypassRing; /* inputs of port 0, bypassLength samples a channel */
    uint32_t bypassLength, bypassWrite;

    const struct ModuleSlot *blendFrom;
    uint8_t blending;
    uint32_t blendHold, blendPosition;

    DynChainCaptureFn capture[2];
    void *captureContext[2];
    uint32_t nonFiniteCount;
    uint32_t processNs;
    float *peak, *square; /* of the first output port's channels */
} ModuleSlot;

struct DynChain {
    uint32_t magic;
    uint8_t loaded, built;
    DynChainConfig config;
    Arena arena;      /* whole memory */
    size_t afterInit; /* arena.used right after Init, LoadLinkFrame restarts here */
    size_t afterLoad; /* and Rebuild here */

    ParsedLink link;
    Topology *topology;
    uint32_t numSlots;
    ModuleSlot *slots;
    uint32_t fadeLength;
    float *fade;
    float **externalIn; /* set by each Process */
    uint32_t totalIn, totalOut;
    float **zeroChannels; /* DYNCHAIN_MAX_CHANNELS pointers to one zero frame */
    float **outScratch;   /* second instance's outputs and bypass */
    float **inScratch;    /* blended inputs */
    uint64_t tick;

    DynChainLogFn log;
    void *logContext;
};

uint32_t dynchain_fade_length(uint32_t sampleRate);
/** Channels of the dimension `dim`, or the schema's own extent. */
uint32_t dynchain_extent(const DynChainParamSchema *schema, uint32_t dimension, const uint16_t *portChannels,
                         const ModuleFuncTable *table);
/** Number of elements of a parameter, and the element of an index (or UINT32_MAX). */
uint32_t dynchain_elements(const DynChainParamSchema *schema, const uint16_t *portChannels,
                           const ModuleFuncTable *table);
/** Bytes of one element. */
static inline uint32_t dynchain_value_size(const DynChainParamSchema *schema) {
    return schema->dataType == DYNCHAIN_TYPE_BOOL || schema->dataType == DYNCHAIN_TYPE_UINT8 ? 1 : 4;
}
uint32_t dynchain_default_bits(const DynChainParamSchema *schema, uint32_t d0, uint32_t d1);
void dynchain_log(const DynChain *chain, int32_t level, const char *message);

/** Gives the value of element `element` of parameter `param` to one instance. */
int32_t dynchain_slot_deliver(ModuleSlot *slot, uint32_t instance, uint32_t param, uint32_t element,
                              uint8_t immediate) DYNCHAIN_NONBLOCKING;
void dynchain_slot_process(DynChain *chain, ModuleSlot *slot, uint32_t numSamples) DYNCHAIN_NONBLOCKING;
int32_t dynchain_slot_reset(ModuleSlot *slot, uint32_t instance) DYNCHAIN_NONBLOCKING;
uint32_t dynchain_slot_latency(const ModuleSlot *slot, uint32_t instance) DYNCHAIN_NONBLOCKING;
/** Copies values and signal state from one instance to another of equal structure. */
int32_t dynchain_instance_copy(ModuleInstance *to, const ModuleInstance *from, uint32_t stateSize) DYNCHAIN_NONBLOCKING;
/** Starts the next change that waits, if none is under way. */
void dynchain_slot_advance(ModuleSlot *slot) DYNCHAIN_NONBLOCKING;

/** The instance that is, or is becoming, what is heard. */
static inline uint32_t dynchain_slot_current(const ModuleSlot *slot) {
    return slot->phase == PHASE_IDLE ? slot->from.instance : slot->to.instance;
}

static inline ModuleSlot *dynchain_slot(const DynChain *chain, uint32_t module) {
    return chain != NULL && chain->magic == DYNCHAIN_MAGIC && chain->built && module < chain->numSlots
               ? &chain->slots[module]
               : NULL;
}

/* ---- floating-point environment: flush denormals while processing ---- */

#if defined(__SSE__) || defined(__x86_64__)
#include <xmmintrin.h>
typedef uint32_t FpuState;
static inline FpuState dynchain_fpu_enter(void) {
    FpuState old = _mm_getcsr();
    _mm_setcsr(old | 0x8040u); /* FTZ and DAZ */
    return old;
}
static inline void dynchain_fpu_leave(FpuState old) { _mm_setcsr(old); }
#elif defined(__aarch64__)
typedef uint64_t FpuState;
static inline FpuState dynchain_fpu_enter(void) {
    FpuState old;
    __asm__ volatile("mrs %0, fpcr" : "=r"(old));
    __asm__ volatile("msr fpcr, %0" : : "r"(old | (1ull << 24)));
    return old;
}
static inline void dynchain_fpu_leave(FpuState old) { __asm__ volatile("msr fpcr, %0" : : "r"(old)); }
#else
typedef uint32_t FpuState;
static inline FpuState dynchain_fpu_enter(void) { return 0; }
static inline void dynchain_fpu_leave(FpuState old) { (void)old; }
#endif

#endif
