/* Soundpost DynamicChain: one chain of modules on one (simulated or real) core.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Order of calls: Init, LoadLinkFrame (parse and check), optionally SetStage and structural parameters, Rebuild (takes
 * memory from what Init was given; the only call that does), SetParam (values before the first frame apply without
 * smoothing), Process … Nothing here allocates; the caller owns all memory. Unless a function says (RT) it must not be
 * called from the audio thread, and no two functions may run on one chain at once unless stated.
 */
#ifndef DYNCHAIN_H
#define DYNCHAIN_H

#include "dynchain_module.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct DynChain DynChain;

/** A set of module tables. Plain memory of DynChain_RegistrySize() bytes, 8-aligned, owned by the caller, and read-only
 *  while chains that use it are built; tables are referenced, not copied. */
typedef struct DynChainRegistry DynChainRegistry;

DYNCHAIN_API uint32_t DynChain_RegistrySize(void);
/** Empties the registry and adds the built-in modules. */
DYNCHAIN_API int32_t DynChain_RegistryInit(DynChainRegistry *registry);
/** Adds a table after checking it. ARGUMENT: malformed, or type id or name already taken; MEMORY: registry full (256). */
DYNCHAIN_API int32_t DynChain_RegisterModule(DynChainRegistry *registry, const ModuleFuncTable *table);
DYNCHAIN_API int32_t DynChain_UnregisterModule(DynChainRegistry *registry, uint32_t typeNumId);
DYNCHAIN_API uint32_t DynChain_RegistryCount(const DynChainRegistry *registry);
DYNCHAIN_API const ModuleFuncTable *DynChain_RegistryGet(const DynChainRegistry *registry, uint32_t index);
DYNCHAIN_API const ModuleFuncTable *DynChain_RegistryFind(const DynChainRegistry *registry, uint32_t typeNumId);
/** The parameter every module has: 0 `enable`. */
DYNCHAIN_API const DynChainParamSchema *DynChain_EnableSchema(void) DYNCHAIN_NONBLOCKING;

typedef struct DynChainConfig {
    uint32_t abiVersion, structSize;
    const DynChainRegistry *registry;
    uint32_t sampleRate; /* Hz, 8000…384000 */
    uint32_t frameSize;  /* samples a Process call takes at most, 1…DYNCHAIN_MAX_FRAME */
    uint32_t numInputs;  /* external input ports, and the channels of each */
    const uint16_t *inputChannels;
    uint32_t numOutputs;
    const uint16_t *outputChannels;
    uint8_t plainKernels; /* 1 = plain path of every kernel */
    uint8_t reserved[7];
    uint64_t (*now)(void *context) DYNCHAIN_NONBLOCKING; /* monotonic nanoseconds, or NULL: no times are measured */
    void *nowContext;
} DynChainConfig;

/** Link frame versions: DATA of CMD 0x02 (v3) and of CMD 0x09 (v4). */
#define DYNCHAIN_LINK_V3 3u
#define DYNCHAIN_LINK_V4 4u

/** Memory that Init needs for this frame, all structural parameters at their largest. */
DYNCHAIN_API int32_t DynChain_GetMemSize(const DynChainConfig *config, uint32_t version, const uint8_t *frame,
                                         uint32_t length, size_t *size);
DYNCHAIN_API int32_t DynChain_Init(void *memory, size_t size, const DynChainConfig *config, DynChain **chain);
/** Ends the use of the memory; frees nothing. */
DYNCHAIN_API int32_t DynChain_Destroy(DynChain *chain);
/** Parses and checks the frame; a bad one leaves the chain empty. FRAME: malformed, dangling, cyclic, or wires whose
 *  channels or rates disagree; UNKNOWN: a module type that is not registered; MEMORY. */
DYNCHAIN_API int32_t DynChain_LoadLinkFrame(DynChain *chain, uint32_t version, const uint8_t *frame, uint32_t length);
/** Makes the module start `frames` Process calls late (a multi-core plan's stage). After LoadLinkFrame, before Rebuild. */
DYNCHAIN_API int32_t DynChain_SetStage(DynChain *chain, uint32_t module, uint32_t frames);
/** Takes memory, initialises every module, applies parameter values given so far. */
DYNCHAIN_API int32_t DynChain_Rebuild(DynChain *chain);

DYNCHAIN_API uint32_t DynChain_ModuleCount(const DynChain *chain);
DYNCHAIN_API const char *DynChain_ModuleId(const DynChain *chain, uint32_t module);
/** Index of an instance id, or DYNCHAIN_ERR_UNKNOWN. */
DYNCHAIN_API int32_t DynChain_FindModule(const DynChain *chain, const char *instanceId);
/** The running instance (read-only), for inspection. NULL before Rebuild. */
DYNCHAIN_API const ModuleInstance *DynChain_Module(const DynChain *chain, uint32_t module);
/** Latency the module reports now, in samples. Not beside Process; see DynHostPlan_ModuleLatency. */
DYNCHAIN_API uint32_t DynChain_ModuleLatency(const DynChain *chain, uint32_t module) DYNCHAIN_NONBLOCKING;

/** (RT) Sets one element by numeric address. The value is checked: UNKNOWN module or parameter, ARGUMENT index, size,
 *  range or non-finite. Before the module's first frame it applies at once, later it ramps or cross-fades. */
DYNCHAIN_API int32_t DynChain_SetParamIndexed(DynChain *chain, uint32_t module, uint16_t paramTypeId, uint16_t index,
                                              const void *data, uint32_t size) DYNCHAIN_NONBLOCKING;
/** (RT) The value last set (or the default), in the same form. */
DYNCHAIN_API int32_t DynChain_GetParamIndexed(const DynChain *chain, uint32_t module, uint16_t paramTypeId,
                                              uint16_t index, void *data, uint32_t size) DYNCHAIN_NONBLOCKING;
/** String forms of the two: instance id, and `name`, `name#d0` or `name#d0#d1`. */
DYNCHAIN_API int32_t DynChain_SetParam(DynChain *chain, const char *instanceId, const char *paramId, const void *data,
                                       uint32_t size);
DYNCHAIN_API int32_t DynChain_GetParam(const DynChain *chain, const char *instanceId, const char *paramId, void *data,
                                       uint32_t size);
/** (RT) Sets the effective `enable` (node.enabled and parameter enable), with a fade once running. */
DYNCHAIN_API int32_t DynChain_SetEnable(DynChain *chain, uint32_t module, uint8_t enabled) DYNCHAIN_NONBLOCKING;
/** Size in bytes of an element and whether the index exists; a helper for whoever forwards values. */
DYNCHAIN_API int32_t DynChain_ParamInfo(const DynChain *chain, uint32_t module, uint16_t paramTypeId, uint16_t index,
                                        const DynChainParamSchema **schema) DYNCHAIN_NONBLOCKING;

/** (RT) Processes `numSamples` (1…frameSize). `in` and `out` hold the channels of all external ports one after the
 *  other; they must not overlap. With stages set, every call must cover the same number of samples. */
DYNCHAIN_API int32_t DynChain_Process(DynChain *chain, const float *const *in, uint32_t inChannels, float *const *out,
                                      uint32_t outChannels, uint32_t numSamples) DYNCHAIN_NONBLOCKING;

/** (RT) Makes `chain`, not yet run, continue module `to` with the state of module `from` of another chain: both chains
 *  are between Process calls. Returns STATE when the instances differ in structure or history cannot be carried.
 *  `joined` = 1: the input does not continue where the state stopped (see ModuleFuncTable.join). */
DYNCHAIN_API int32_t DynChain_CarryState(DynChain *chain, uint32_t to, const DynChain *fromChain, uint32_t from,
                                         uint8_t joined) DYNCHAIN_NONBLOCKING;
/** (builder thread, while `fromChain` runs) The bulk part of CarryState. */
DYNCHAIN_API int32_t DynChain_CarryBulk(DynChain *chain, uint32_t to, const DynChain *fromChain, uint32_t from);
/** (RT) The module's input cross-fades from the input that module `from` of the other chain sees (`fromChain` NULL:
 *  from silence) after `holdSamples`, over 20 ms. The other chain must have processed the same frame just before. */
DYNCHAIN_API int32_t DynChain_BlendInput(DynChain *chain, uint32_t to, const DynChain *fromChain, uint32_t from,
                                         uint32_t holdSamples) DYNCHAIN_NONBLOCKING;

/** Counters and the last frame's measurements of one module. Times and levels only while switched on. */
typedef struct DynChainModuleMetrics {
    uint32_t abiVersion, structSize;
    uint32_t latencySamples;
    uint32_t nonFiniteCount; /* frames muted because the output was not finite */
    uint32_t processTimeNs;  /* last frame */
    uint32_t channels;       /* of the first output port */
    float peak[DYNCHAIN_MAX_CHANNELS];   /* last frame, linear */
    float square[DYNCHAIN_MAX_CHANNELS]; /* last frame, mean of squares, linear */
} DynChainModuleMetrics;

#define DYNCHAIN_MEASURE_TIME 1u
#define DYNCHAIN_MEASURE_LEVEL 2u
/** (RT) Chooses what Process measures on a module (DYNCHAIN_MEASURE_…, 0 = nothing). */
DYNCHAIN_API int32_t DynChain_SetMeasure(DynChain *chain, uint32_t module, uint32_t what) DYNCHAIN_NONBLOCKING;
/** (RT) `metrics->structSize` must be set. */
DYNCHAIN_API int32_t DynChain_GetMetrics(const DynChain *chain, uint32_t module,
                                         DynChainModuleMetrics *metrics) DYNCHAIN_NONBLOCKING;

/** level 0 debug, 1 info, 2 warning, 3 error. Called from LoadLinkFrame and Rebuild only, never from Process. */
typedef void (*DynChainLogFn)(void *context, int32_t level, const char *message);
DYNCHAIN_API int32_t DynChain_SetLogCallback(DynChain *chain, DynChainLogFn callback, void *context);

/** Called from Process with a module's input (point 0) or output (point 1) of the frame just processed: must be
 *  non-blocking. `position` is the module's stream position of the first sample. */
typedef void (*DynChainCaptureFn)(void *context, uint32_t module, uint32_t point, const float *const *channel,
                                  uint32_t channels, uint32_t numSamples, uint64_t position) DYNCHAIN_NONBLOCKING;
#define DYNCHAIN_CAPTURE_INPUT 0u
#define DYNCHAIN_CAPTURE_OUTPUT 1u
/** (RT) One hook per module and point; NULL removes it. */
DYNCHAIN_API int32_t DynChain_SetCaptureHook(DynChain *chain, uint32_t module, uint32_t point,
                                             DynChainCaptureFn callback, void *context) DYNCHAIN_NONBLOCKING;

/* Filter design, the one place where coefficients are made; used by eq, by `response` and by the API. */

typedef enum DynChainFilterType {
    DYNCHAIN_PEAKING = 0, DYNCHAIN_LOW_SHELF, DYNCHAIN_HIGH_SHELF, DYNCHAIN_LOW_PASS, DYNCHAIN_HIGH_PASS,
    DYNCHAIN_BAND_PASS, DYNCHAIN_NOTCH, DYNCHAIN_ALL_PASS, DYNCHAIN_LOW_PASS_1, DYNCHAIN_HIGH_PASS_1
} DynChainFilterType;

/** RBJ Audio EQ Cookbook forms in double (first-order types: bilinear transform), normalised by a0:
 *  out = {b0, b1, b2, a1, a2}, y = b0 x + b1 x' + b2 x'' - a1 y' - a2 y''. Parameters are taken as f32 (engine
 *  decision 8). ARGUMENT: unknown type, frequency outside (0, rate/2), q <= 0, non-finite. Not per sample. */
DYNCHAIN_API int32_t DynChain_DesignBiquad(uint32_t type, float frequency, float gainDb, float q, double sampleRate,
                                           double out[5]) DYNCHAIN_NONBLOCKING;

#ifdef __cplusplus
}
#endif
#endif
