/* Test rig: link frames, chains, plans and hosts from a short description. Single core unless a module says otherwise.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_TEST_RIG_H
#define DYNCHAIN_TEST_RIG_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../include/dynchain_host.h"

enum { RIG_GAIN = 0x16673001, RIG_DELAY = 0x16672001, RIG_EQ = 0x16676001, RIG_MIXER = 0x16674001,
       RIG_LIMITER = 0x16678001, RIG_GENERATOR = 0x16671101, RIG_METER = 0x16671201 };
enum { RIG_IO = 0xFF, RIG_MAX = 64 };

typedef struct RigModule {
    const char *id;
    uint32_t type;
    int16_t outChannels; /* 0 = inherited */
} RigModule;

/** Ports count through the module type's own list (inputs, then outputs); RIG_IO with port 0 is the chain's outside. */
typedef struct RigWire {
    uint8_t from, fromPort, to, toPort;
} RigWire;

typedef struct RigChain {
    RigModule modules[RIG_MAX];
    uint32_t numModules;
    RigWire wires[RIG_MAX];
    uint32_t numWires;
} RigChain;

typedef struct Rig {
    DynChainRegistry *registry;
    uint32_t sampleRate, frameSize, channels;
    uint8_t plainKernels;
    DynHost *host;
    void *hostMemory;
} Rig;

typedef struct RigPlan {
    DynChain *chain;
    DynHostPlan *plan;
    void *chainMemory, *planMemory;
} RigPlan;

static inline void rig_check(int32_t result, const char *what) {
    if (result >= 0) return;
    fprintf(stderr, "rig: %s failed with %d\n", what, result);
    abort();
}

static inline uint32_t rig_put(uint8_t *to, uint32_t value, uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; i++) to[i] = (uint8_t)(value >> (8 * i));
    return bytes;
}

/** DATA of a v4 link frame. `out` must hold 16 KiB. */
static inline uint32_t rig_frame(const Rig *rig, const RigChain *chain, uint8_t *out) {
    uint32_t at = rig_put(out, chain->numModules, 2);
    for (uint32_t m = 0; m < chain->numModules; m++) {
        const RigModule *module = &chain->modules[m];
        const ModuleFuncTable *table = DynChain_RegistryFind(rig->registry, module->type);
        if (table == NULL) rig_check(DYNCHAIN_ERR_UNKNOWN, module->id);
        at += rig_put(out + at, module->type, 4);
        at += rig_put(out + at, (uint32_t)strlen(module->id), 1);
        memcpy(out + at, module->id, strlen(module->id));
        at += (uint32_t)strlen(module->id);
        at += rig_put(out + at, table->numPorts, 1);
        for (uint32_t p = 0; p < table->numPorts; p++) {
            const char *id = table->ports[p].id;
            at += rig_put(out + at, (uint32_t)strlen(id), 1);
            memcpy(out + at, id, strlen(id));
            at += (uint32_t)strlen(id);
            at += rig_put(out + at, table->ports[p].isOutput, 1);
            int stated = table->ports[p].isOutput && module->outChannels > 0;
            at += rig_put(out + at, stated ? (uint32_t)module->outChannels : 0xFFFFu, 2);
            at += rig_put(out + at, 0xFFFFFFFFu, 4);
        }
    }
    at += rig_put(out + at, chain->numWires, 2);
    for (uint32_t w = 0; w < chain->numWires; w++) {
        const RigWire *wire = &chain->wires[w];
        out[at++] = wire->from;
        out[at++] = wire->fromPort;
        out[at++] = wire->to;
        out[at++] = wire->toPort;
        at += rig_put(out + at, 0xFFFFu, 2);
        at += rig_put(out + at, 0xFFFFFFFFu, 4);
    }
    return at;
}

/** A chain of modules one after the other. */
static inline RigChain rig_series(const RigModule *modules, uint32_t count) {
    RigChain chain = {.numModules = count};
    uint8_t last = RIG_IO, lastPort = 0;
    for (uint32_t m = 0; m < count; m++) {
        chain.modules[m] = modules[m];
        uint8_t outPort = 1;
        if (modules[m].type == RIG_GENERATOR) {
            outPort = 0;
        } else {
            chain.wires[chain.numWires++] = (RigWire){last, lastPort, (uint8_t)m, 0};
        }
        last = (uint8_t)m;
        lastPort = outPort;
    }
    chain.wires[chain.numWires++] = (RigWire){last, lastPort, RIG_IO, 0};
    return chain;
}

static inline Rig rig_make(uint32_t sampleRate, uint32_t frameSize, uint32_t channels) {
    Rig rig = {.sampleRate = sampleRate, .frameSize = frameSize, .channels = channels};
    rig.registry = malloc(DynChain_RegistrySize());
    rig_check(DynChain_RegistryInit(rig.registry), "RegistryInit");
    return rig;
}

static inline void rig_free(Rig *rig) {
    free(rig->registry);
    free(rig->hostMemory);
}

/** A rebuilt chain with one external input and one external output of the rig's channels. */
static inline RigPlan rig_chain(const Rig *rig, const RigChain *description) {
    RigPlan made = {0};
    uint16_t channels = (uint16_t)rig->channels;
    DynChainConfig config = {.abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof config,
                             .registry = rig->registry, .sampleRate = rig->sampleRate, .frameSize = rig->frameSize,
                             .numInputs = 1, .inputChannels = &channels, .numOutputs = 1, .outputChannels = &channels,
                             .plainKernels = rig->plainKernels};
    static uint8_t frame[16384];
    uint32_t length = rig_frame(rig, description, frame);
    size_t size = 0;
    rig_check(DynChain_GetMemSize(&config, DYNCHAIN_LINK_V4, frame, length, &size), "GetMemSize");
    made.chainMemory = malloc(size);
    rig_check(DynChain_Init(made.chainMemory, size, &config, &made.chain), "Init");
    rig_check(DynChain_LoadLinkFrame(made.chain, DYNCHAIN_LINK_V4, frame, length), "LoadLinkFrame");
    rig_check(DynChain_Rebuild(made.chain), "Rebuild");
    return made;
}

/** The FNV-1a hash of an id serves as its handle. */
static inline uint32_t rig_handle(const char *id) {
    uint32_t hash = 2166136261u;
    for (; *id != '\0'; id++) hash = (hash ^ (uint8_t)*id) * 16777619u;
    return hash;
}

static inline RigPlan rig_plan(const Rig *rig, const RigChain *description) {
    RigPlan made = rig_chain(rig, description);
    uint16_t channels = (uint16_t)rig->channels;
    DynHostEdge edges[2] = {{DYNHOST_IO, 0, 0, 0, channels, 0}, {0, DYNHOST_IO, 0, 0, channels, 0}};
    DynHostModule modules[RIG_MAX];
    for (uint32_t m = 0; m < description->numModules; m++)
        modules[m] = (DynHostModule){rig_handle(description->modules[m].id), 0, (uint8_t)m, 0};
    DynHostPlanConfig config = {.abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof config,
                                .sampleRate = rig->sampleRate, .frameSize = rig->frameSize,
                                .numInputs = rig->channels, .numOutputs = rig->channels, .numCores = 1,
                                .cores = &made.chain, .coreInputs = &channels, .coreOutputs = &channels,
                                .numEdges = 2, .edges = edges, .numModules = description->numModules,
                                .modules = modules};
    size_t size = 0;
    rig_check(DynHostPlan_GetMemSize(&config, &size), "HostPlan_GetMemSize");
    made.planMemory = malloc(size);
    rig_check(DynHostPlan_Init(made.planMemory, size, &config, &made.plan), "HostPlan_Init");
    return made;
}

static inline void rig_plan_free(RigPlan *plan) {
    free(plan->chainMemory);
    free(plan->planMemory);
    *plan = (RigPlan){0};
}

static inline void rig_tapped_host(Rig *rig, DynHostPlan *first, const DynHostTap *input, const DynHostTap *output) {
    DynHostConfig config = {.abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof config,
                            .sampleRate = rig->sampleRate, .frameSize = rig->frameSize, .numInputs = rig->channels,
                            .numOutputs = rig->channels, .eventCapacity = 4096, .telemetryCapacity = 4096,
                            .maxBypassDelay = rig->sampleRate, .inputTap = input, .outputTap = output};
    size_t size = 0;
    rig_check(DynHost_GetMemSize(&config, &size), "Host_GetMemSize");
    free(rig->hostMemory);
    rig->hostMemory = malloc(size);
    rig_check(DynHost_Init(rig->hostMemory, size, &config, first, &rig->host), "Host_Init");
}

static inline void rig_host(Rig *rig, DynHostPlan *first) { rig_tapped_host(rig, first, NULL, NULL); }

static inline DynHostEvent rig_float(const char *id, uint16_t param, uint16_t index, float value) {
    DynHostEvent event = {.kind = DYNHOST_PARAM, .handle = rig_handle(id), .paramTypeId = param, .index = index,
                          .valueSize = 4};
    event.value.f32 = value;
    return event;
}

static inline DynHostEvent rig_int(const char *id, uint16_t param, uint16_t index, int32_t value) {
    DynHostEvent event = rig_float(id, param, index, 0);
    event.value.i32 = value;
    return event;
}

static inline DynHostEvent rig_bool(const char *id, uint16_t param, uint16_t index, uint8_t value) {
    DynHostEvent event = rig_float(id, param, index, 0);
    event.value.i32 = 0;
    event.value.u8 = value;
    event.valueSize = 1;
    return event;
}

static inline void rig_push(Rig *rig, DynHostEvent event) {
    rig_check(DynHost_PushEvents(rig->host, &event, 1), "PushEvents");
}

/** Carries state from `running` and swaps to `plan`. */
static inline void rig_swap(Rig *rig, RigPlan *plan, const RigPlan *running, uint8_t mode) {
    rig_check(DynHostPlan_Carry(plan->plan, running->plan), "Carry");
    DynHostEvent event = {.kind = DYNHOST_SWAP, .plan = plan->plan};
    event.value.u8 = mode;
    rig_push(rig, event);
}

/** Numbers from 0 to 1, the same on every machine. */
static inline double rig_random(uint64_t *state) {
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return (double)(*state >> 11) * 0x1p-53;
}

#endif
