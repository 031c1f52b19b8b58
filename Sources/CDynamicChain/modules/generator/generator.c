/* Test signal generator (`generator_v1`): control and table.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "generator.h"

static const DynChainPortSchema generatorPorts[] = {
    {.id = "out", .isOutput = 1, .required = 1, .channels = -1},
};

static const char *const generatorWaveforms[] = {"sine", "whiteNoise", "pinkNoise", "sweep", "impulse"};

static const DynChainParamSchema generatorParams[] = {
    {
        .name = "waveform",
        .unit = "",
        .paramTypeId = GENERATOR_WAVEFORM,
        .dataType = DYNCHAIN_TYPE_ENUM,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_SWITCHED,
        .minValue = 0.0f,
        .maxValue = 4.0f,
        .defaultValue = 0.0f,
        .values = generatorWaveforms,
        .numValues = sizeof generatorWaveforms / sizeof generatorWaveforms[0],
    },
    {
        .name = "freq",
        .unit = "Hz",
        .paramTypeId = GENERATOR_FREQUENCY,
        .dataType = DYNCHAIN_TYPE_FLOAT,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_RAMPED,
        .minValue = 1.0f,
        .maxValue = 20000.0f,
        .defaultValue = 1000.0f,
    },
    {
        .name = "levelDb",
        .unit = "dBFS",
        .paramTypeId = GENERATOR_LEVEL_DB,
        .dataType = DYNCHAIN_TYPE_FLOAT,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_RAMPED,
        .minValue = -120.0f,
        .maxValue = 0.0f,
        .defaultValue = -20.0f,
    },
};

static uint32_t generator_mem_size(const ModuleInstance *self) {
    return (uint32_t)(sizeof(GeneratorState) + Module_Out(self, 0)->channels * sizeof(GeneratorChannel));
}

/** Everything that a waveform starts with. */
static void generator_restart(GeneratorState *state) {
    state->phase = 0;
    state->impulseAt = 0;
    state->sweepAt = 0;
    state->sweepFrequency = GENERATOR_SWEEP_FROM_HZ;
}

/** Next value of the SplitMix64 sequence: spreads seeds that differ in few bits. */
static uint64_t generator_split_mix(uint64_t *x) {
    *x += 0x9E3779B97F4A7C15u;
    uint64_t z = *x;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static int32_t generator_init(ModuleInstance *self) {
    GeneratorState *state = self->state;
    double rate = (double)self->sampleRate;
    state->channels = Module_Out(self, 0)->channels;
    state->waveform = GENERATOR_SINE;
    state->glideLength = dynchain_ms_to_samples(GENERATOR_GLIDE_MS, self->sampleRate);
    state->sampleRate = self->sampleRate;
    state->turn = 0x1p64 / rate;
    state->noiseAt = 0;
    double highest = GENERATOR_SWEEP_TO_OF_RATE * rate;
    if (highest > GENERATOR_SWEEP_TO_HZ) highest = GENERATOR_SWEEP_TO_HZ;
    state->sweepRatio = pow(highest / GENERATOR_SWEEP_FROM_HZ, 1.0 / (GENERATOR_SWEEP_SECONDS * rate));
    state->pink = dynchain_generator_design_pink(rate);
    dynchain_glide_jump(&state->level, dynchain_db_to_linear(-20.0f));
    dynchain_glide_jump(&state->frequency, 1000.0f);
    generator_restart(state);
    uint64_t seed = self->seed;
    for (uint32_t c = 0; c < state->channels; c++) {
        uint64_t key = generator_split_mix(&seed);
        state->channel[c].keys[0] = (uint32_t)key;
        state->channel[c].keys[1] = (uint32_t)(key >> 32);
        memset(state->channel[c].pink, 0, sizeof state->channel[c].pink);
    }
    return DYNCHAIN_OK;
}

static int32_t generator_reset(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    GeneratorState *state = self->state;
    generator_restart(state);
    state->noiseAt = 0;
    state->level.remaining = 0;
    state->frequency.remaining = 0;
    for (uint32_t c = 0; c < state->channels; c++) {
        memset(state->channel[c].pink, 0, sizeof state->channel[c].pink);
    }
    return DYNCHAIN_OK;
}

static void generator_glide(DynChainGlide *glide, float target, const GeneratorState *state, uint8_t immediate) {
    if (immediate) {
        dynchain_glide_jump(glide, target);
    } else {
        dynchain_glide_from_rest(glide, target, state->glideLength);
    }
}

static int32_t generator_set_param(ModuleInstance *self, uint16_t paramTypeId, uint16_t index, const void *data,
                                   uint32_t size, uint8_t immediate) DYNCHAIN_NONBLOCKING {
    GeneratorState *state = self->state;
    if (paramTypeId < GENERATOR_WAVEFORM || paramTypeId > GENERATOR_LEVEL_DB) return DYNCHAIN_ERR_UNKNOWN;
    if (index != 0 || size != 4) return DYNCHAIN_ERR_ARGUMENT;
    if (paramTypeId == GENERATOR_WAVEFORM) {
        int32_t waveform = dynchain_read_i32(data);
        if (waveform < GENERATOR_SINE || waveform > GENERATOR_IMPULSE) return DYNCHAIN_ERR_ARGUMENT;
        if ((uint32_t)waveform != state->waveform) generator_restart(state);
        state->waveform = (uint32_t)waveform;
    } else if (paramTypeId == GENERATOR_FREQUENCY) {
        float highest = (float)(GENERATOR_HIGHEST_OF_RATE * (double)self->sampleRate);
        float frequency = dynchain_read_f32(data);
        generator_glide(&state->frequency, frequency < highest ? frequency : highest, state, immediate);
    } else {
        generator_glide(&state->level, dynchain_db_to_linear(dynchain_read_f32(data)), state, immediate);
    }
    return DYNCHAIN_OK;
}

/** The phase of a sample is that of the sample before plus its own frequency, so it never jumps. */
static void generator_sine(GeneratorState *state, float *out, uint32_t count, uint8_t plain) {
    float frequencies[DYNCHAIN_CHUNK];
    uint32_t phases[DYNCHAIN_CHUNK];
    if (state->frequency.remaining == 0) {
        uint64_t step = (uint64_t)((double)state->frequency.target * state->turn);
        for (uint32_t i = 0; i < count; i++) phases[i] = (uint32_t)((state->phase + step * i) >> 32);
        state->phase += step * count;
    } else {
        dynchain_glide_fill(&state->frequency, frequencies, count, plain);
        for (uint32_t i = 0; i < count; i++) {
            phases[i] = (uint32_t)(state->phase >> 32);
            state->phase += (uint64_t)((double)frequencies[i] * state->turn);
        }
    }
    dynchain_generator_sine(out, phases, count, plain);
}

static void generator_sweep(const ModuleInstance *self, GeneratorState *state, float *out, uint32_t count) {
    float fades[DYNCHAIN_CHUNK];
    uint32_t phases[DYNCHAIN_CHUNK];
    uint32_t length = GENERATOR_SWEEP_SECONDS * state->sampleRate;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t left = length - 1 - state->sweepAt;
        uint32_t edge = state->sweepAt < left ? state->sweepAt : left;
        fades[i] = edge < self->fadeLength ? self->fade[edge] : 1.0f;
        phases[i] = (uint32_t)(state->phase >> 32);
        state->phase += (uint64_t)(state->sweepFrequency * state->turn);
        state->sweepFrequency *= state->sweepRatio;
        state->sweepAt += 1;
        if (state->sweepAt == length) {
            state->sweepAt = 0;
            state->sweepFrequency = GENERATOR_SWEEP_FROM_HZ;
            state->phase = 0;
        }
    }
    dynchain_generator_sine(out, phases, count, self->plainKernels);
    dynchain_generator_scale(out, fades, count, self->plainKernels);
}

static void generator_impulse(GeneratorState *state, float *out, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        out[i] = state->impulseAt == 0 ? 1.0f : 0.0f;
        state->impulseAt = state->impulseAt + 1 == state->sampleRate ? 0 : state->impulseAt + 1;
    }
}

static void generator_noise(const ModuleInstance *self, const GeneratorState *state, GeneratorChannel *channel,
                            float *out, uint32_t count) {
    /* The upper half of the sample's number goes into the key: no period within the life of a node. */
    uint32_t keys[2] = {channel->keys[0], channel->keys[1] ^ (uint32_t)(state->noiseAt >> 32)};
    dynchain_generator_white(out, keys, (uint32_t)state->noiseAt, count, self->plainKernels);
    if (state->waveform == GENERATOR_PINK_NOISE) {
        dynchain_generator_pink(out, &state->pink, channel->pink, count, self->plainKernels);
    }
}

static int32_t generator_process(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    GeneratorState *state = self->state;
    WireInstance *out = Module_Out(self, 0);
    int isNoise = state->waveform == GENERATOR_WHITE_NOISE || state->waveform == GENERATOR_PINK_NOISE;
    float wave[DYNCHAIN_CHUNK], levels[DYNCHAIN_CHUNK];
    for (uint32_t done = 0, count; done < out->blockSize; done += count) {
        uint64_t untilKeyChange = 0x100000000u - (state->noiseAt & 0xFFFFFFFFu);
        count = dynchain_min_u32(out->blockSize - done, DYNCHAIN_CHUNK);
        if (count > untilKeyChange) count = (uint32_t)untilKeyChange;
        dynchain_glide_fill(&state->level, levels, count, self->plainKernels);
        switch (state->waveform) {
        case GENERATOR_SWEEP: generator_sweep(self, state, wave, count); break;
        case GENERATOR_IMPULSE: generator_impulse(state, wave, count); break;
        case GENERATOR_SINE: generator_sine(state, wave, count, self->plainKernels); break;
        default: break;
        }
        for (uint32_t c = 0; c < state->channels; c++) {
            float *target = out->channel[c] + done;
            if (isNoise) {
                generator_noise(self, state, &state->channel[c], target, count);
            } else {
                memcpy(target, wave, count * sizeof(float));
            }
            dynchain_generator_scale(target, levels, count, self->plainKernels);
        }
        if (isNoise) state->noiseAt += count;
    }
    return DYNCHAIN_OK;
}

const ModuleFuncTable dynchain_generator_table = {
    .abiVersion = DYNCHAIN_ABI_VERSION,
    .structSize = sizeof(ModuleFuncTable),
    .typeNumId = 0x16671101u,
    .flags = DYNCHAIN_MODULE_GENERATOR,
    .typeName = "generator_v1",
    .instanceName = "generator",
    .ports = generatorPorts,
    .numPorts = sizeof generatorPorts / sizeof generatorPorts[0],
    .params = generatorParams,
    .numParams = sizeof generatorParams / sizeof generatorParams[0],
    .getMemSize = generator_mem_size,
    .init = generator_init,
    .reset = generator_reset,
    .process = generator_process,
    .setParam = generator_set_param,
};
