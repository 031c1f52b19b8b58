/* Matrix mixer (`matrix_mixer_v1`): control and table.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "mixer.h"

static const DynChainPortSchema mixerPorts[] = {
    {.id = "in", .isOutput = 0, .required = 1, .channels = -1},
    {.id = "out", .isOutput = 1, .required = 1, .channels = DYNCHAIN_CHANNELS_FREE},
};

static const DynChainParamSchema mixerParams[] = {
    {
        .name = "gainDb",
        .unit = "dB",
        .paramTypeId = MIXER_GAIN_DB,
        .dataType = DYNCHAIN_TYPE_FLOAT,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_RAMPED,
        .flags = DYNCHAIN_PARAM_DIAGONAL,
        .dims = {'o', 'i'},
        .minValue = -120.0f,
        .maxValue = 24.0f,
        .defaultValue = 0.0f,
        .defaultElsewhere = -120.0f,
    },
    {
        .name = "mute",
        .unit = "",
        .paramTypeId = MIXER_MUTE,
        .dataType = DYNCHAIN_TYPE_BOOL,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_RAMPED,
        .dims = {'o', 'i'},
        .minValue = 0.0f,
        .maxValue = 1.0f,
        .defaultValue = 0.0f,
    },
    {
        .name = "phase",
        .unit = "",
        .paramTypeId = MIXER_PHASE,
        .dataType = DYNCHAIN_TYPE_BOOL,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_RAMPED,
        .dims = {'o', 'i'},
        .minValue = 0.0f,
        .maxValue = 1.0f,
        .defaultValue = 0.0f,
    },
};

static uint32_t mixer_mem_size(const ModuleInstance *self) {
    uint32_t elements = Module_In(self, 0)->channels * Module_Out(self, 0)->channels;
    return (uint32_t)(sizeof(MixerState) + elements * (3 * sizeof(float) + sizeof(uint16_t) + sizeof(uint8_t)));
}

static MixerMatrix mixer_matrix(MixerState *state) {
    uint32_t elements = state->inputs * state->outputs;
    MixerMatrix matrix;
    matrix.magnitude = (float *)(state + 1);
    matrix.from = matrix.magnitude + elements;
    matrix.slope = matrix.from + elements;
    matrix.remaining = (uint16_t *)(matrix.slope + elements);
    matrix.flags = (uint8_t *)(matrix.remaining + elements);
    return matrix;
}

static float mixer_target(float magnitude, uint8_t flags) {
    if (flags & MIXER_MUTED) return 0.0f;
    return flags & MIXER_INVERTED ? -magnitude : magnitude;
}

static DynChainGlide mixer_glide(const MixerState *state, const MixerMatrix *matrix, uint32_t element) {
    DynChainGlide glide = {
        .from = matrix->from[element],
        .slope = matrix->slope[element],
        .target = mixer_target(matrix->magnitude[element], matrix->flags[element]),
        .length = state->glideLength,
        .remaining = matrix->remaining[element],
    };
    return glide;
}

static int32_t mixer_init(ModuleInstance *self) {
    MixerState *state = self->state;
    state->inputs = Module_In(self, 0)->channels;
    state->outputs = Module_Out(self, 0)->channels;
    state->glideLength = dynchain_ms_to_samples(MIXER_GLIDE_MS, self->sampleRate);
    state->gliding = 0;
    MixerMatrix matrix = mixer_matrix(state);
    for (uint32_t o = 0; o < state->outputs; o++) {
        for (uint32_t i = 0; i < state->inputs; i++) {
            uint32_t element = o * state->inputs + i;
            matrix.magnitude[element] = o == i ? 1.0f : 0.0f;
            matrix.remaining[element] = 0;
            matrix.flags[element] = 0;
        }
    }
    return DYNCHAIN_OK;
}

static int32_t mixer_reset(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    MixerState *state = self->state;
    memset(mixer_matrix(state).remaining, 0, state->inputs * state->outputs * sizeof(uint16_t));
    state->gliding = 0;
    return DYNCHAIN_OK;
}

static int32_t mixer_set_param(ModuleInstance *self, uint16_t paramTypeId, uint16_t index, const void *data,
                               uint32_t size, uint8_t immediate) DYNCHAIN_NONBLOCKING {
    MixerState *state = self->state;
    uint32_t output = index >> 8, input = index & 0xFFu;
    if (paramTypeId < MIXER_GAIN_DB || paramTypeId > MIXER_PHASE) return DYNCHAIN_ERR_UNKNOWN;
    if (output >= state->outputs || input >= state->inputs) return DYNCHAIN_ERR_ARGUMENT;
    if (size != (paramTypeId == MIXER_GAIN_DB ? sizeof(float) : 1)) return DYNCHAIN_ERR_ARGUMENT;

    MixerMatrix matrix = mixer_matrix(state);
    uint32_t element = output * state->inputs + input;
    DynChainGlide glide = mixer_glide(state, &matrix, element);
    if (paramTypeId == MIXER_GAIN_DB) {
        matrix.magnitude[element] = dynchain_db_to_linear(dynchain_read_f32(data));
    } else {
        uint8_t flag = paramTypeId == MIXER_MUTE ? MIXER_MUTED : MIXER_INVERTED;
        uint8_t rest = matrix.flags[element] & (uint8_t)~flag;
        matrix.flags[element] = dynchain_read_bool(data) ? rest | flag : rest;
    }
    uint32_t wasGliding = glide.remaining != 0;
    float target = mixer_target(matrix.magnitude[element], matrix.flags[element]);
    if (immediate) {
        dynchain_glide_jump(&glide, target);
    } else {
        dynchain_glide_toward(&glide, target, state->glideLength);
    }
    matrix.from[element] = glide.from;
    matrix.slope[element] = glide.slope;
    matrix.remaining[element] = (uint16_t)glide.remaining;
    state->gliding += (glide.remaining != 0) - wasGliding;
    return DYNCHAIN_OK;
}

/** Adds one input's share of samples [first, first + count) to an output; `started` tells whether the output holds
 *  anything yet. Returns whether it does now. */
static uint32_t mixer_share(MixerState *state, const MixerMatrix *matrix, uint32_t element, const float *in, float *out,
                            uint32_t count, uint32_t started, uint8_t plain) {
    if (matrix->remaining[element] == 0) {
        float gain = mixer_target(matrix->magnitude[element], matrix->flags[element]);
        if (gain == 0.0f) return started;
        if (started) {
            dynchain_mixer_add(out, in, gain, count, plain);
        } else {
            dynchain_mixer_set(out, in, gain, count, plain);
        }
        return 1;
    }
    float gains[DYNCHAIN_CHUNK];
    DynChainGlide glide = mixer_glide(state, matrix, element);
    dynchain_glide_fill(&glide, gains, count, plain);
    matrix->remaining[element] = (uint16_t)glide.remaining;
    if (glide.remaining == 0) state->gliding -= 1;
    if (started) {
        dynchain_mixer_add_varying(out, in, gains, count, plain);
    } else {
        dynchain_mixer_set_varying(out, in, gains, count, plain);
    }
    return 1;
}

/** Samples from now on in which no coefficient of the output arrives: only then is the set of inputs that count
 *  constant, and with it the order of additions and the sign of zeros. */
static uint32_t mixer_segment(const MixerState *state, const MixerMatrix *matrix, uint32_t output, uint32_t most) {
    if (state->gliding == 0) return most;
    uint32_t count = most < DYNCHAIN_CHUNK ? most : DYNCHAIN_CHUNK;
    for (uint32_t i = 0; i < state->inputs; i++) {
        uint32_t remaining = matrix->remaining[output * state->inputs + i];
        if (remaining != 0 && remaining < count) count = remaining;
    }
    return count;
}

static int32_t mixer_process(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    MixerState *state = self->state;
    const WireInstance *in = Module_In(self, 0);
    WireInstance *out = Module_Out(self, 0);
    MixerMatrix matrix = mixer_matrix(state);
    uint32_t blockSize = out->blockSize;
    for (uint32_t o = 0; o < state->outputs; o++) {
        uint32_t done = 0;
        while (done < blockSize) {
            uint32_t count = mixer_segment(state, &matrix, o, blockSize - done);
            float *target = out->channel[o] + done;
            uint32_t started = 0;
            for (uint32_t i = 0; i < state->inputs; i++) {
                started = mixer_share(state, &matrix, o * state->inputs + i, in->channel[i] + done, target, count,
                                      started, self->plainKernels);
            }
            if (!started) memset(target, 0, count * sizeof(float));
            done += count;
        }
    }
    return DYNCHAIN_OK;
}

const ModuleFuncTable dynchain_mixer_table = {
    .abiVersion = DYNCHAIN_ABI_VERSION,
    .structSize = sizeof(ModuleFuncTable),
    .typeNumId = 0x16674001u,
    .typeName = "matrix_mixer_v1",
    .instanceName = "mixer",
    .ports = mixerPorts,
    .numPorts = sizeof mixerPorts / sizeof mixerPorts[0],
    .params = mixerParams,
    .numParams = sizeof mixerParams / sizeof mixerParams[0],
    .getMemSize = mixer_mem_size,
    .init = mixer_init,
    .reset = mixer_reset,
    .process = mixer_process,
    .setParam = mixer_set_param,
};
