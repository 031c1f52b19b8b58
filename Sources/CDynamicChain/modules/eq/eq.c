/* Parametric equaliser (`common_eq_v1`): control and table.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "eq.h"

static const char *const eqTypes[EQ_TYPES] = {
    "peaking", "lowShelf", "highShelf", "lowPass", "highPass", "bandPass", "notch", "allPass", "lowPass1", "highPass1",
};

static const DynChainPortSchema eqPorts[] = {
    {.id = "in", .isOutput = 0, .required = 1, .channels = -1},
    {.id = "out", .isOutput = 1, .required = 1, .channels = -1},
};

static const DynChainParamSchema eqParams[] = {
    {
        .name = "type",
        .unit = "",
        .paramTypeId = EQ_TYPE,
        .dataType = DYNCHAIN_TYPE_ENUM,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_SWITCHED,
        .dims = {'c', 'b'},
        .extents = {0, EQ_BANDS},
        .minValue = 0.0f,
        .maxValue = (float)(EQ_TYPES - 1),
        .defaultValue = (float)DYNCHAIN_PEAKING,
        .values = eqTypes,
        .numValues = EQ_TYPES,
    },
    {
        .name = "freq",
        .unit = "Hz",
        .paramTypeId = EQ_FREQ,
        .dataType = DYNCHAIN_TYPE_FLOAT,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_SWITCHED,
        .flags = DYNCHAIN_PARAM_MAX_IS_OF_RATE,
        .dims = {'c', 'b'},
        .extents = {0, EQ_BANDS},
        .minValue = 10.0f,
        .maxValue = 0.49f,
        .defaultValue = 1000.0f,
    },
    {
        .name = "gainDb",
        .unit = "dB",
        .paramTypeId = EQ_GAIN_DB,
        .dataType = DYNCHAIN_TYPE_FLOAT,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_SWITCHED,
        .dims = {'c', 'b'},
        .extents = {0, EQ_BANDS},
        .minValue = -30.0f,
        .maxValue = 30.0f,
        .defaultValue = 0.0f,
    },
    {
        .name = "q",
        .unit = "",
        .paramTypeId = EQ_Q,
        .dataType = DYNCHAIN_TYPE_FLOAT,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_SWITCHED,
        .dims = {'c', 'b'},
        .extents = {0, EQ_BANDS},
        .minValue = 0.1f,
        .maxValue = 100.0f,
        .defaultValue = 0.7071f,
    },
    {
        .name = "bandEnable",
        .unit = "",
        .paramTypeId = EQ_BAND_ENABLE,
        .dataType = DYNCHAIN_TYPE_BOOL,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_SWITCHED,
        .dims = {'c', 'b'},
        .extents = {0, EQ_BANDS},
        .minValue = 0.0f,
        .maxValue = 1.0f,
        .defaultValue = 0.0f,
    },
};

static uint32_t eq_mem_size(const ModuleInstance *self) {
    EqState layout;
    dynchain_eq_group_channels(&layout, Module_In(self, 0)->channels, dynchain_eq_max_width(dynchain_eq_isa()));
    return (uint32_t)dynchain_eq_bytes(&layout);
}

static int32_t eq_init(ModuleInstance *self) {
    EqState *state = self->state;
    EqIsa isa = dynchain_eq_isa();
    memset(state, 0, sizeof *state);
    state->isa = (uint8_t)isa;
    dynchain_eq_group_channels(state, Module_In(self, 0)->channels, dynchain_eq_max_width(isa));
    for (uint32_t c = 0; c < state->channels; c++) {
        for (uint32_t b = 0; b < EQ_BANDS; b++) {
            eq_bands(state, c)[b] =
                (EqBand){.frequency = 1000.0f, .gainDb = 0.0f, .q = 0.7071f, .type = DYNCHAIN_PEAKING};
        }
    }
    return DYNCHAIN_OK;
}

static int32_t eq_reset(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    dynchain_eq_clear(self->state);
    return DYNCHAIN_OK;
}

static int32_t eq_set_param(ModuleInstance *self, uint16_t paramTypeId, uint16_t index, const void *data,
                            uint32_t size, uint8_t immediate) DYNCHAIN_NONBLOCKING {
    (void)immediate;
    EqState *state = self->state;
    uint32_t channel = index >> 8, number = index & 0xFFu;
    if (paramTypeId < EQ_TYPE || paramTypeId > EQ_BAND_ENABLE) return DYNCHAIN_ERR_UNKNOWN;
    if (channel >= state->channels || number >= EQ_BANDS) return DYNCHAIN_ERR_ARGUMENT;
    if (size != (paramTypeId == EQ_BAND_ENABLE ? 1u : 4u)) return DYNCHAIN_ERR_ARGUMENT;

    EqBand *band = &eq_bands(state, channel)[number];
    uint32_t bit = UINT32_C(1) << number;
    float *value = NULL;
    switch (paramTypeId) {
    case EQ_TYPE: {
        int32_t type;
        memcpy(&type, data, sizeof type);
        if (type < 0 || type >= (int32_t)EQ_TYPES) return DYNCHAIN_ERR_ARGUMENT;
        band->type = (uint8_t)type;
        break;
    }
    case EQ_FREQ: value = &band->frequency; break;
    case EQ_GAIN_DB: value = &band->gainDb; break;
    case EQ_Q: value = &band->q; break;
    default: {
        uint8_t enable;
        memcpy(&enable, data, sizeof enable);
        state->enabled[channel] = enable ? state->enabled[channel] | bit : state->enabled[channel] & ~bit;
        break;
    }
    }
    if (value != NULL) memcpy(value, data, sizeof *value);
    state->dirty[channel] |= bit;
    state->changed = 1;
    return DYNCHAIN_OK;
}

static int32_t eq_process(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    EqState *state = self->state;
    const WireInstance *in = Module_In(self, 0);
    WireInstance *out = Module_Out(self, 0);
    if (state->changed) dynchain_eq_update(state, self->sampleRate);
    if (state->numSlots == 0) {
        for (uint32_t c = 0; c < state->channels; c++) {
            memcpy(out->channel[c], in->channel[c], in->blockSize * sizeof(float));
        }
        return DYNCHAIN_OK;
    }
    for (uint32_t g = 0; g < state->numGroups; g++) {
        const EqGroup *group = &state->group[g];
        EqBlock block = {
            .lanes = eq_lanes(state, group), .width = group->width, .channels = group->channels,
            .slots = state->numSlots, .samples = in->blockSize};
        for (uint32_t i = 0; i < group->channels; i++) {
            block.in[i] = in->channel[group->firstChannel + i];
            block.out[i] = out->channel[group->firstChannel + i];
        }
        dynchain_eq_run(&block, (EqIsa)state->isa, self->plainKernels);
    }
    return DYNCHAIN_OK;
}

static int32_t eq_copy_tail(ModuleInstance *self, const ModuleInstance *from) DYNCHAIN_NONBLOCKING {
    EqState *to = self->state;
    const EqState *source = from->state;
    if (to->channels != source->channels || to->isa != source->isa || self->sampleRate != from->sampleRate)
        return DYNCHAIN_ERR_STATE;
    dynchain_eq_copy(to, source);
    return DYNCHAIN_OK;
}

const ModuleFuncTable dynchain_eq_table = {
    .abiVersion = DYNCHAIN_ABI_VERSION,
    .structSize = sizeof(ModuleFuncTable),
    .typeNumId = 0x16676001u,
    .typeName = "common_eq_v1",
    .instanceName = "eq",
    .ports = eqPorts,
    .numPorts = sizeof eqPorts / sizeof eqPorts[0],
    .params = eqParams,
    .numParams = sizeof eqParams / sizeof eqParams[0],
    .getMemSize = eq_mem_size,
    .init = eq_init,
    .reset = eq_reset,
    .process = eq_process,
    .setParam = eq_set_param,
    .copyTail = eq_copy_tail,
};
