/* Soundpost DynamicChain: runs one module outside a chain, with wires and memory of its own.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A harness plays the framework's part of the module contract: zeroed aligned state, planar wires, a fade table, a
 * stream position. Channel pointers advance through a signal, so a module sees sample-aligned wires as in a chain.
 */
#ifndef DYNCHAIN_TESTS_HARNESS_H
#define DYNCHAIN_TESTS_HARNESS_H

#include <stdlib.h>

#include "check.h"
#include "dynchain_kernels.h"

/** Channels 0 = the module has no port on that side. Only modules with at most one port a side are run. */
typedef struct HarnessConfig {
    const ModuleFuncTable *table;
    uint32_t inChannels, outChannels;
    uint32_t sampleRate; /* 0 = 48000 */
    uint32_t maxFrame;   /* 0 = 256 */
    const char *id;      /* NULL = "test#1" */
    uint8_t plain;
} HarnessConfig;

typedef struct Harness {
    ModuleInstance instance;
    WireInstance in, out;
    WireInstance *wires[2];
    float *inPointers[DYNCHAIN_MAX_CHANNELS], *outPointers[DYNCHAIN_MAX_CHANNELS];
    float *fade;
    uint32_t stateSize;
} Harness;

/** Planar test signal: `channels` runs of `frames` samples. */
typedef struct Signal {
    uint32_t channels, frames;
    float *samples;
} Signal;

static inline void *harness_memory(size_t size) {
    size_t rounded = (size + DYNCHAIN_ALIGN - 1) / DYNCHAIN_ALIGN * DYNCHAIN_ALIGN;
    void *memory = aligned_alloc(DYNCHAIN_ALIGN, rounded);
    if (memory == NULL) {
        fprintf(stderr, "out of memory (%zu bytes)\n", rounded);
        exit(2);
    }
    memset(memory, 0, rounded);
    return memory;
}

static inline Signal signal_make(uint32_t channels, uint32_t frames) {
    Signal signal = {channels, frames, harness_memory((size_t)channels * frames * sizeof(float))};
    return signal;
}

static inline void signal_free(Signal *signal) { free(signal->samples); }

static inline float *signal_channel(const Signal *signal, uint32_t channel) {
    return signal->samples + (size_t)channel * signal->frames;
}

/** xorshift32: the tests' own source of chance. */
static inline uint32_t harness_random(uint32_t *seed) {
    uint32_t x = *seed;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *seed = x;
}

/** Uniform in [-1, 1). */
static inline float harness_noise(uint32_t *seed) { return (float)(int32_t)harness_random(seed) * 0x1p-31f; }

static inline void signal_fill_noise(Signal *signal, uint32_t seed, float amplitude) {
    for (size_t i = 0; i < (size_t)signal->channels * signal->frames; i++) {
        signal->samples[i] = amplitude * harness_noise(&seed);
    }
}

static inline void signal_fill_sine(Signal *signal, double frequency, double sampleRate, float amplitude) {
    for (uint32_t c = 0; c < signal->channels; c++) {
        for (uint32_t i = 0; i < signal->frames; i++) {
            double phase = 2.0 * 3.14159265358979323846 * frequency * (double)i / sampleRate;
            signal_channel(signal, c)[i] = amplitude * (float)sin(phase);
        }
    }
}

static inline void harness_init(Harness *harness, HarnessConfig config) {
    memset(harness, 0, sizeof *harness);
    ModuleInstance *self = &harness->instance;
    self->abiVersion = DYNCHAIN_ABI_VERSION;
    self->structSize = sizeof *self;
    self->table = config.table;
    self->instanceId = config.id != NULL ? config.id : "test#1";
    self->seed = 2166136261u;
    for (const char *c = self->instanceId; *c != 0; c++) self->seed = (self->seed ^ (uint8_t)*c) * 16777619u;
    self->sampleRate = config.sampleRate != 0 ? config.sampleRate : 48000;
    self->maxFrame = config.maxFrame != 0 ? config.maxFrame : 256;
    self->fadeLength = (self->sampleRate + 25) / 50;
    self->plainKernels = config.plain;
    self->numInputs = config.inChannels != 0;
    self->numOutputs = config.outChannels != 0;
    harness->fade = harness_memory(self->fadeLength * sizeof(float));
    for (uint32_t i = 0; i < self->fadeLength; i++) {
        double angle = 3.14159265358979323846 * ((double)i + 0.5) / (double)self->fadeLength;
        harness->fade[i] = (float)(0.5 - 0.5 * cos(angle));
    }
    self->fade = harness->fade;
    harness->in = (WireInstance){0, config.inChannels, self->sampleRate, harness->inPointers};
    harness->out = (WireInstance){0, config.outChannels, self->sampleRate, harness->outPointers};
    harness->wires[0] = self->numInputs != 0 ? &harness->in : &harness->out;
    harness->wires[1] = &harness->out;
    self->wires = harness->wires;
    harness->stateSize = config.table->getMemSize(self);
    self->state = harness_memory(harness->stateSize);
    CHECK(config.table->init(self) == DYNCHAIN_OK);
}

static inline void harness_free(Harness *harness) {
    free(harness->instance.state);
    free(harness->fade);
}

static inline void harness_set_float(Harness *harness, uint16_t param, uint16_t index, float value, uint8_t immediate) {
    ModuleInstance *self = &harness->instance;
    CHECK(self->table->setParam(self, param, index, &value, sizeof value, immediate) == DYNCHAIN_OK);
}

static inline void harness_set_int(Harness *harness, uint16_t param, uint16_t index, int32_t value, uint8_t immediate) {
    ModuleInstance *self = &harness->instance;
    CHECK(self->table->setParam(self, param, index, &value, sizeof value, immediate) == DYNCHAIN_OK);
}

static inline void harness_set_bool(Harness *harness, uint16_t param, uint16_t index, uint8_t value,
                                    uint8_t immediate) {
    ModuleInstance *self = &harness->instance;
    CHECK(self->table->setParam(self, param, index, &value, sizeof value, immediate) == DYNCHAIN_OK);
}

/** One process call over samples [first, first + count) of the signals; a missing side is NULL. */
static inline void harness_block(Harness *harness, const Signal *in, Signal *out, uint32_t first, uint32_t count) {
    ModuleInstance *self = &harness->instance;
    harness->in.blockSize = harness->out.blockSize = count;
    for (uint32_t c = 0; in != NULL && c < in->channels; c++) harness->inPointers[c] = signal_channel(in, c) + first;
    for (uint32_t c = 0; out != NULL && c < out->channels; c++) {
        harness->outPointers[c] = signal_channel(out, c) + first;
    }
    CHECK(self->table->process(self) == DYNCHAIN_OK);
    self->position += count;
}

/** Processes samples [first, last), cut into blocks at random (`cuts` != 0 is the seed) or of the largest size. */
static inline void harness_run(Harness *harness, const Signal *in, Signal *out, uint32_t first, uint32_t last,
                               uint32_t cuts) {
    while (first < last) {
        uint32_t count = harness->instance.maxFrame;
        if (cuts != 0) count = 1 + harness_random(&cuts) % count;
        if (count > last - first) count = last - first;
        harness_block(harness, in, out, first, count);
        first += count;
    }
}

/** Carries the state as the framework does at a swap. Returns copyTail's answer. */
static inline int32_t harness_copy(Harness *to, const Harness *from) {
    const ModuleFuncTable *table = from->instance.table;
    if (table->copyTail) return table->copyTail(&to->instance, &from->instance);
    memcpy(to->instance.state, from->instance.state, from->stateSize);
    return DYNCHAIN_OK;
}

/** Checks that a scenario gives the same bits in whole and in randomly cut blocks, on the vector and the plain path.
 *  The scenario runs `harness` from start to end; whatever it changes, it changes at the same samples. */
typedef void (*HarnessScenario)(Harness *harness, const Signal *in, Signal *out, uint32_t cuts);

static inline void harness_check_equal_runs(HarnessConfig config, const Signal *in, uint32_t frames,
                                            HarnessScenario scenario) {
    Signal expected = signal_make(config.outChannels, frames);
    for (uint32_t run = 0; run < 6; run++) {
        Signal actual = signal_make(config.outChannels, frames);
        Harness harness;
        config.plain = run & 1;
        harness_init(&harness, config);
        scenario(&harness, in, run == 0 ? &expected : &actual, run < 2 ? 0 : 0x9E3779B9u * run);
        if (run != 0) CHECK_SAME_BITS(actual.samples, expected.samples, config.outChannels * frames);
        harness_free(&harness);
        signal_free(&actual);
    }
    signal_free(&expected);
}

#endif
