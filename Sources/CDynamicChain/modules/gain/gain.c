/* Gain, mute and phase per channel (`channel_gain_v1`): control and table.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "gain.h"

static const DynChainPortSchema gainPorts[] = {
    {.id = "in", .isOutput = 0, .required = 1, .channels = -1},
    {.id = "out", .isOutput = 1, .required = 1, .channels = -1},
};

static const DynChainParamSchema gainParams[] = {
    {
        .name = "gainDb",
        .unit = "dB",
        .paramTypeId = GAIN_DB,
        .dataType = DYNCHAIN_TYPE_FLOAT,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_RAMPED,
        .dims = {'c', 0},
        .minValue = -120.0f,
        .maxValue = 24.0f,
        .defaultValue = 0.0f,
    },
    {
        .name = "mute",
        .unit = "",
        .paramTypeId = GAIN_MUTE,
        .dataType = DYNCHAIN_TYPE_BOOL,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_RAMPED,
        .dims = {'c', 0},
        .minValue = 0.0f,
        .maxValue = 1.0f,
        .defaultValue = 0.0f,
    },
    {
        .name = "phase",
        .unit = "",
        .paramTypeId = GAIN_PHASE,
        .dataType = DYNCHAIN_TYPE_BOOL,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_RAMPED,
        .dims = {'c', 0},
        .minValue = 0.0f,
        .maxValue = 1.0f,
        .defaultValue = 0.0f,
    },
    {
        .name = "smoothTime",
        .unit = "ms",
        .paramTypeId = GAIN_SMOOTH_TIME,
        .dataType = DYNCHAIN_TYPE_FLOAT,
        .role = DYNCHAIN_ROLE_SYSTEM,
        .change = DYNCHAIN_CHANGE_RAMPED,
        .minValue = 0.0f,
        .maxValue = 1000.0f,
        .defaultValue = 20.0f,
    },
};

static uint32_t gain_mem_size(const ModuleInstance *self) {
    return (uint32_t)(sizeof(GainState) + Module_In(self, 0)->channels * sizeof(GainChannel));
}

static uint32_t gain_glide_length(const ModuleInstance *self, float milliseconds) {
    double length = milliseconds < (float)GAIN_SHORTEST_GLIDE_MS ? GAIN_SHORTEST_GLIDE_MS : (double)milliseconds;
    return dynchain_ms_to_samples(length, self->sampleRate);
}

static int32_t gain_init(ModuleInstance *self) {
    GainState *state = self->state;
    state->glideLength = gain_glide_length(self, 20.0f);
    state->channels = Module_In(self, 0)->channels;
    for (uint32_t c = 0; c < state->channels; c++) {
        GainChannel *channel = &state->channel[c];
        channel->magnitude = 1.0f;
        channel->mute = 0;
        channel->inverted = 0;
        dynchain_glide_jump(&channel->glide, 1.0f);
    }
    return DYNCHAIN_OK;
}

static int32_t gain_reset(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    GainState *state = self->state;
    for (uint32_t c = 0; c < state->channels; c++) state->channel[c].glide.remaining = 0;
    return DYNCHAIN_OK;
}

static int32_t gain_set_param(ModuleInstance *self, uint16_t paramTypeId, uint16_t index, const void *data,
                              uint32_t size, uint8_t immediate) DYNCHAIN_NONBLOCKING {
    GainState *state = self->state;
    if (paramTypeId == GAIN_SMOOTH_TIME) {
        if (size != sizeof(float)) return DYNCHAIN_ERR_ARGUMENT;
        state->glideLength = gain_glide_length(self, dynchain_read_f32(data));
        return DYNCHAIN_OK;
    }
    if (index >= state->channels) return DYNCHAIN_ERR_ARGUMENT;
    GainChannel *channel = &state->channel[index];
    switch (paramTypeId) {
    case GAIN_DB:
        if (size != sizeof(float)) return DYNCHAIN_ERR_ARGUMENT;
        channel->magnitude = dynchain_db_to_linear(dynchain_read_f32(data));
        break;
    case GAIN_MUTE:
        if (size != 1) return DYNCHAIN_ERR_ARGUMENT;
        channel->mute = dynchain_read_bool(data);
        break;
    case GAIN_PHASE:
        if (size != 1) return DYNCHAIN_ERR_ARGUMENT;
        channel->inverted = dynchain_read_bool(data);
        break;
    default: return DYNCHAIN_ERR_UNKNOWN;
    }
    float signedGain = channel->inverted ? -channel->magnitude : channel->magnitude;
    float target = channel->mute ? 0.0f : signedGain;
    if (immediate) {
        dynchain_glide_jump(&channel->glide, target);
    } else {
        dynchain_glide_toward(&channel->glide, target, state->glideLength);
    }
    return DYNCHAIN_OK;
}

static int32_t gain_process(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    GainState *state = self->state;
    const WireInstance *in = Module_In(self, 0);
    WireInstance *out = Module_Out(self, 0);
    float gains[DYNCHAIN_CHUNK];
    for (uint32_t c = 0; c < state->channels; c++) {
        DynChainGlide *glide = &state->channel[c].glide;
        const float *source = in->channel[c];
        float *target = out->channel[c];
        uint32_t done = 0;
        while (done < in->blockSize && glide->remaining != 0) {
            uint32_t count = dynchain_min_u32(in->blockSize - done, dynchain_min_u32(glide->remaining, DYNCHAIN_CHUNK));
            dynchain_glide_fill(glide, gains, count, self->plainKernels);
            dynchain_gain_varying(target + done, source + done, gains, count, self->plainKernels);
            done += count;
        }
        if (done < in->blockSize) {
            dynchain_gain_constant(target + done, source + done, glide->target, in->blockSize - done,
                                   self->plainKernels);
        }
    }
    return DYNCHAIN_OK;
}

const ModuleFuncTable dynchain_gain_table = {
    .abiVersion = DYNCHAIN_ABI_VERSION,
    .structSize = sizeof(ModuleFuncTable),
    .typeNumId = 0x16673001u,
    .typeName = "channel_gain_v1",
    .instanceName = "gain",
    .ports = gainPorts,
    .numPorts = sizeof gainPorts / sizeof gainPorts[0],
    .params = gainParams,
    .numParams = sizeof gainParams / sizeof gainParams[0],
    .getMemSize = gain_mem_size,
    .init = gain_init,
    .reset = gain_reset,
    .process = gain_process,
    .setParam = gain_set_param,
};
