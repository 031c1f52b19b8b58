/* Soundpost DynamicChain: the module ABI. A module is one `ModuleFuncTable`; built-in modules and module libraries
 * use the same table.
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the framework does for every module, so that a module need not:
 *   enable           parameter 0 belongs to the framework: bypass (a copy, later by the module's latency) and its fade.
 *   checks           type, range and index of a value are checked against the schema before setParam sees it.
 *   switched         a change of a `switched` parameter runs the old and the new state side by side (20 ms warm-up plus
 *                    the module's latency, then a 20 ms raised-cosine fade) on two copies of the state: made by init and
 *                    copyState, told apart by setParam. The module only has to be a pure function of (state, input).
 *   guards           a non-finite output mutes, resets and counts the module.
 *   metrics          time, peak and RMS of the output.
 *
 * What a module must hold to:
 *   - process() accepts any blockSize from 1 to maxFrame; samples must not depend on how a stream is cut into blocks.
 *   - input and output wires never overlap; every output sample of the block is written.
 *   - no allocation, lock, system call or logging in process, setParam, reset, copyTail, join, levels;
 *     no libm call per sample in process.
 *   - recursive filters keep coefficients and state in double; no denormal or non-finite value may stick in a state.
 *   - the plain and the vector path of a kernel give equal bits (no FMA contraction, same order of operations).
 */
#ifndef DYNCHAIN_MODULE_H
#define DYNCHAIN_MODULE_H

#include "dynchain_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How a value is stored: F32, ENUM and INT32, UINT8 and BOOL. Enumerations and integers travel as i32, booleans as u8. */
typedef enum DynChainDataType {
    DYNCHAIN_TYPE_FLOAT = 1,
    DYNCHAIN_TYPE_INT32 = 2,
    DYNCHAIN_TYPE_UINT8 = 3,
    DYNCHAIN_TYPE_BOOL = 4,
    DYNCHAIN_TYPE_ENUM = 5,
    DYNCHAIN_TYPE_FLOAT_ARRAY = 6
} DynChainDataType;

typedef enum DynChainRole { DYNCHAIN_ROLE_TUNABLE = 0, DYNCHAIN_ROLE_SYSTEM = 1 } DynChainRole;

/** RAMPED: the module smooths per sample. SWITCHED: the framework cross-fades two states. */
typedef enum DynChainChange { DYNCHAIN_CHANGE_RAMPED = 0, DYNCHAIN_CHANGE_SWITCHED = 1 } DynChainChange;

/** Parameter flags. */
#define DYNCHAIN_PARAM_STRUCTURAL 1u     /* set between LoadLinkFrame and Rebuild only; changes memory or latency layout */
#define DYNCHAIN_PARAM_MAX_IS_OF_RATE 2u /* maxValue is a fraction of the sample rate */
#define DYNCHAIN_PARAM_DIAGONAL 4u       /* two dims: defaultValue where d0 == d1, defaultElsewhere otherwise */

/** One parameter. `dims` holds up to two of 'c' channel, 'b' band, 'o' output, 'i' input, 'k' split; 0 = unused.
 *  `extents` gives the size of a dimension; 0 = the channels of the port (c: first input port, or the first output
 *  port of a module without inputs; i: first input port; o: first output port).
 *  A value's index is d0 with one dimension, (d0 << 8) | d1 with two, 0 with none. */
typedef struct DynChainParamSchema {
    const char *name; /* canonical, lowerCamel */
    const char *unit; /* "" when none */
    uint16_t paramTypeId;
    uint8_t dataType; /* DynChainDataType */
    uint8_t role;     /* DynChainRole */
    uint8_t change;   /* DynChainChange */
    uint8_t flags;    /* DYNCHAIN_PARAM_… */
    uint8_t dims[2];
    uint16_t extents[2];
    float minValue;
    float maxValue;
    float defaultValue;
    float defaultElsewhere;
    const char *const *values; /* names of an enumeration, lowerCamel */
    uint32_t numValues;
    const float *defaultTable; /* defaults along the first dimension, or NULL */
    uint32_t numDefaults;
} DynChainParamSchema;

/** Channels of a port: a number, or one of these two. */
#define DYNCHAIN_CHANNELS_INHERIT (-1) /* an input takes those of its wire, an output those of the first input port */
#define DYNCHAIN_CHANNELS_FREE (-2)    /* an output may state any number; unstated it inherits */

typedef struct DynChainPortSchema {
    const char *id;
    uint8_t isOutput;
    uint8_t required;
    int16_t channels;
} DynChainPortSchema;

struct ModuleFuncTable;

/** What the host tells a module about itself; constant from init on except `position` and the wires' contents. */
typedef struct ModuleInstance {
    uint32_t abiVersion;
    uint32_t structSize;
    const struct ModuleFuncTable *table;
    const char *instanceId;
    uint32_t seed;       /* FNV-1a 32 of the instance id: the only source of randomness */
    uint32_t sampleRate; /* Hz */
    uint32_t maxFrame;   /* largest blockSize of a process call */
    uint32_t fadeLength; /* samples of the raised-cosine fade (20 ms) */
    const float *fade;   /* fadeLength weights rising from 0 to 1: 0.5 - 0.5 cos(pi (i + 0.5) / fadeLength) */
    uint8_t plainKernels; /* 1 = use the plain path of every kernel */
    uint8_t numInputs;
    uint8_t numOutputs;
    uint8_t reserved;
    float structural[4]; /* values of the module's structural parameters, in the schema's order */
    uint64_t position; /* samples processed by this instance since its stream frame 0, at the start of a process call */
    WireInstance **wires; /* inputs in port order, then outputs; never NULL (an unconnected input carries zeros) */
    void *state;          /* getMemSize bytes, DYNCHAIN_ALIGN-aligned, zeroed before init */
} ModuleInstance;

static inline const WireInstance *Module_In(const ModuleInstance *self, uint32_t port) { return self->wires[port]; }
static inline WireInstance *Module_Out(const ModuleInstance *self, uint32_t port) {
    return self->wires[self->numInputs + port];
}

/** Module flags. */
#define DYNCHAIN_MODULE_RUN_WHEN_DISABLED 1u /* keep calling process while bypassed (long history) */
#define DYNCHAIN_MODULE_OWN_SWITCHING 2u     /* cross-fades its `switched` parameters itself: delivered like ramped ones */
#define DYNCHAIN_MODULE_HISTORY 4u           /* holds more past input than the warm-up covers: new instances get a faded input */
#define DYNCHAIN_MODULE_GENERATOR 8u         /* has no input; silent when disabled */

/** The module table. Functions marked (RT) may be called from the audio thread. A NULL optional function means:
 *  reset = nothing to clear; copyBulk = nothing; copyTail = memcpy of the whole state; join = nothing; levels = measured
 *  by the framework; latency = 0. States must therefore hold no pointers into themselves unless copyTail is given. */
typedef struct ModuleFuncTable {
    uint32_t abiVersion;
    uint32_t structSize;
    uint32_t typeNumId;
    uint32_t flags;              /* DYNCHAIN_MODULE_… */
    const char *typeName;        /* moduleType, "channel_gain_v1" */
    const char *instanceName;    /* "gain" of "gain#1" */
    const DynChainPortSchema *ports;
    uint32_t numPorts;
    const DynChainParamSchema *params; /* without parameter 0, which the framework adds */
    uint32_t numParams;

    /** Bytes of state for the instance's ports, rate and maxFrame. May be called before init; `self->state` is NULL. */
    uint32_t (*getMemSize)(const ModuleInstance *self);
    /** Writes defaults and clears all signal state. Returns DYNCHAIN_OK. */
    int32_t (*init)(ModuleInstance *self);
    /** (RT, optional) Clears signal state, keeps parameter values, finishes ramps. */
    int32_t (*reset)(ModuleInstance *self) DYNCHAIN_NONBLOCKING;
    /** (RT) Processes wires[…]->blockSize samples. */
    int32_t (*process)(ModuleInstance *self) DYNCHAIN_NONBLOCKING;
    /** (RT) Takes a checked value: f32 for FLOAT, i32 for INT32 and ENUM, u8 for UINT8 and BOOL.
     *  `immediate` = 1: no smoothing (before the first frame, and on the silent copy of a switched change). */
    int32_t (*setParam)(ModuleInstance *self, uint16_t paramTypeId, uint16_t index, const void *data,
                        uint32_t size, uint8_t immediate) DYNCHAIN_NONBLOCKING;
    /** (RT) Target value of a parameter in the same form. Optional: the framework remembers values. */
    int32_t (*getParam)(const ModuleInstance *self, uint16_t paramTypeId, uint16_t index, void *data,
                        uint32_t size) DYNCHAIN_NONBLOCKING;
    /** (RT, optional) Current latency in samples. */
    uint32_t (*latency)(const ModuleInstance *self) DYNCHAIN_NONBLOCKING;
    /** (optional) Largest latency this instance can report; sizes the bypass delay. */
    uint32_t (*maxLatency)(const ModuleInstance *self);

    /** (optional, builder thread, while `from` runs) Copies the bulk of the history that `from` will not overwrite soon. */
    int32_t (*copyBulk)(ModuleInstance *self, const ModuleInstance *from);
    /** (RT, optional) Completes the copy: everything but the bulk, at most 64 KiB. Values, ramps, signal state.
     *  Returns DYNCHAIN_ERR_STATE when the bulk is missing or too old; the instance is then reset by the caller. */
    int32_t (*copyTail)(ModuleInstance *self, const ModuleInstance *from) DYNCHAIN_NONBLOCKING;
    /** (RT, optional) The next input does not continue the history: fade the last `fadeLength` samples of history down. */
    void (*join)(ModuleInstance *self) DYNCHAIN_NONBLOCKING;
    /** (RT, optional) Peak (linear) and RMS (linear) of a channel as the module itself defines them. */
    int32_t (*levels)(const ModuleInstance *self, uint32_t channel, float *peak, float *rms) DYNCHAIN_NONBLOCKING;

    /** (optional) Large values (DYNCHAIN_TYPE_FLOAT_ARRAY), in two steps. prepare runs on the builder thread and fills
     *  `memory` (prepareSize bytes); commit (RT) swaps the pointer and returns the old one for freeing, or NULL. */
    uint32_t (*prepareSize)(const ModuleInstance *self, uint16_t paramTypeId, uint32_t count);
    int32_t (*prepare)(const ModuleInstance *self, uint16_t paramTypeId, uint16_t index, const float *values,
                       uint32_t count, void *memory);
    void *(*commit)(ModuleInstance *self, uint16_t paramTypeId, uint16_t index, void *memory) DYNCHAIN_NONBLOCKING;
} ModuleFuncTable;

/** Functions of the host, handed to a module library so that it need not link back to the executable. */
typedef struct DynChainHostTable {
    uint32_t abiVersion;
    uint32_t structSize;
    int32_t (*registerModule)(void *registry, const ModuleFuncTable *table);
    int32_t (*unregisterModule)(void *registry, uint32_t typeNumId);
} DynChainHostTable;

/** Entry point of a module library: registers its tables with `host->registerModule(registry, …)`. */
typedef int32_t (*DynChainRegisterModulesFn)(const DynChainHostTable *host, void *registry);

#ifdef __cplusplus
}
#endif
#endif
