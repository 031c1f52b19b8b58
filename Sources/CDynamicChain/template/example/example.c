/* Example module (`example_v1`): control and table.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "example.h"

static const DynChainPortSchema examplePorts[] = {
    {.id = "in", .isOutput = 0, .required = 1, .channels = -1},
    {.id = "out", .isOutput = 1, .required = 1, .channels = -1},
};

static const DynChainParamSchema exampleParams[] = {
    {
        .name = "gainDb",
        .unit = "dB",
        .paramTypeId = EXAMPLE_GAIN_DB,
        .dataType = DYNCHAIN_TYPE_FLOAT,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_RAMPED,
        .dims = {'c', 0},
        .minValue = -120.0f,
        .maxValue = 24.0f,
        .defaultValue = 0.0f,
    },
};

static uint32_t example_mem_size(const ModuleInstance *self) {
    return (uint32_t)(sizeof(ExampleState) + Module_In(self, 0)->channels * sizeof(DynChainGlide));
}

static int32_t example_init(ModuleInstance *self) {
    ExampleState *state = self->state;
    state->channels = Module_In(self, 0)->channels;
    state->glideLength = dynchain_ms_to_samples(EXAMPLE_GLIDE_MS, self->sampleRate);
    for (uint32_t c = 0; c < state->channels; c++) dynchain_glide_jump(&state->gain[c], 1.0f);
    return DYNCHAIN_OK;
}

static int32_t example_reset(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    ExampleState *state = self->state;
    for (uint32_t c = 0; c < state->channels; c++) state->gain[c].remaining = 0;
    return DYNCHAIN_OK;
}

static int32_t example_set_param(ModuleInstance *self, uint16_t paramTypeId, uint16_t index, const void *data,
                                 uint32_t size, uint8_t immediate) DYNCHAIN_NONBLOCKING {
    ExampleState *state = self->state;
    if (paramTypeId != EXAMPLE_GAIN_DB) return DYNCHAIN_ERR_UNKNOWN;
    if (index >= state->channels || size != sizeof(float)) return DYNCHAIN_ERR_ARGUMENT;
    float gain = dynchain_db_to_linear(dynchain_read_f32(data));
    if (immediate) {
        dynchain_glide_jump(&state->gain[index], gain);
    } else {
        dynchain_glide_toward(&state->gain[index], gain, state->glideLength);
    }
    return DYNCHAIN_OK;
}

static int32_t example_process(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    ExampleState *state = self->state;
    const WireInstance *in = Module_In(self, 0);
    WireInstance *out = Module_Out(self, 0);
    float gains[DYNCHAIN_CHUNK];
    for (uint32_t c = 0; c < state->channels; c++) {
        for (uint32_t done = 0, count; done < in->blockSize; done += count) {
            count = dynchain_min_u32(in->blockSize - done, DYNCHAIN_CHUNK);
            dynchain_glide_fill(&state->gain[c], gains, count, self->plainKernels);
            dynchain_example_multiply(out->channel[c] + done, in->channel[c] + done, gains, count,
                                      self->plainKernels);
        }
    }
    return DYNCHAIN_OK;
}

const ModuleFuncTable dynchain_example_table = {
    .abiVersion = DYNCHAIN_ABI_VERSION,
    .structSize = sizeof(ModuleFuncTable),
    .typeNumId = 0x16679000u,
    .typeName = "example_v1",
    .instanceName = "example",
    .ports = examplePorts,
    .numPorts = sizeof examplePorts / sizeof examplePorts[0],
    .params = exampleParams,
    .numParams = sizeof exampleParams / sizeof exampleParams[0],
    .getMemSize = example_mem_size,
    .init = example_init,
    .reset = example_reset,
    .process = example_process,
    .setParam = example_set_param,
};
