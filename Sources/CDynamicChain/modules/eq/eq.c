/* Parametric equaliser (`common_eq_v1`): control and table.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "eq.h"

/** What a copy on the audio thread may move. */
#define EQ_COPY_LIMIT 65536u

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

/* ---- layout ---- */

/* Cuts channels into groups. A vector is filled with repeated channels where that costs less than a smaller group. */
static void eq_group_channels(EqState *state, uint32_t channels, uint32_t maxWidth) {
    uint32_t first = 0, lane = 0;
    state->channels = channels;
    state->numGroups = 0;
    while (first < channels) {
        uint32_t left = channels - first, width = left;
        if (left >= 3) width = left >= 7 && maxWidth >= 8 ? 8 : 4;
        uint32_t used = left < width ? left : width;
        state->group[state->numGroups++] = (EqGroup){
            .width = (uint8_t)width, .channels = (uint8_t)used, .firstChannel = (uint8_t)first,
            .firstLane = (uint8_t)lane};
        first += used;
        lane += width;
    }
    state->lanes = lane;
}

static size_t eq_state_bytes(const EqState *state) {
    return eq_round(sizeof(EqState)) + eq_round(state->channels * EQ_BANDS * sizeof(EqBand)) +
           (size_t)state->lanes * EQ_BANDS * EQ_ARRAYS * sizeof(double);
}

static uint32_t eq_mem_size(const ModuleInstance *self) {
    EqState layout;
    eq_group_channels(&layout, Module_In(self, 0)->channels, dynchain_eq_max_width(dynchain_eq_isa()));
    return (uint32_t)eq_state_bytes(&layout);
}

/* Doubles of one array that kernels read now. */
static uint32_t eq_used(const EqGroup *group, uint32_t numSlots) {
    return eq_lead(group->width, numSlots) + numSlots * group->width;
}

static uint32_t eq_stride(const EqGroup *group) { return EQ_BANDS * group->width; }

/* ---- coefficients ---- */

static void eq_write_identity(double *lane, size_t stride) {
    for (uint32_t a = 0; a < EQ_ARRAYS; a++) lane[a * stride] = a == EQ_B0 ? 1.0 : 0.0;
}

static void eq_write_identities(double *lanes, size_t stride, uint32_t count) {
    for (uint32_t lane = 0; lane < count; lane++) eq_write_identity(lanes + lane, stride);
}

static void eq_write_section(const EqBand *band, uint32_t sampleRate, double *lane, uint32_t stride) {
    double c[5];
    if (DynChain_DesignBiquad(band->type, band->frequency, band->gainDb, band->q, sampleRate, c) != DYNCHAIN_OK) {
        eq_write_identity(lane, stride);
        return;
    }
    lane[EQ_B0 * stride] = c[0];
    lane[EQ_D1 * stride] = c[1] - c[0] * c[3];
    lane[EQ_D2 * stride] = c[2] - c[0] * c[4];
    lane[EQ_A1 * stride] = c[3];
    lane[EQ_A2 * stride] = c[4];
}

/* Gives slots to the bands of `active`: moves what stays, makes the rest identities. */
static void eq_assign_slots(EqState *state, uint32_t active) {
    uint8_t oldBands[EQ_BANDS];
    uint32_t oldSlots = state->numSlots;
    memcpy(oldBands, state->bandOfSlot, sizeof oldBands);
    state->numSlots = 0;
    for (uint32_t b = 0; b < EQ_BANDS; b++) {
        if (active >> b & 1) state->bandOfSlot[state->numSlots++] = (uint8_t)b;
    }
    for (uint32_t g = 0; g < state->numGroups; g++) {
        const EqGroup *group = &state->group[g];
        uint32_t width = group->width, stride = eq_stride(group);
        double *lanes = eq_lanes(state, group);
        for (uint32_t c = 0; c < width; c++) {
            double kept[EQ_BANDS][EQ_ARRAYS];
            uint32_t keptBands = 0;
            for (uint32_t s = 0; s < oldSlots; s++) {
                const double *lane = lanes + eq_lead(width, oldSlots) + s * width + c;
                for (uint32_t a = 0; a < EQ_ARRAYS; a++) kept[oldBands[s]][a] = lane[a * stride];
                keptBands |= UINT32_C(1) << oldBands[s];
            }
            uint32_t lead = eq_lead(width, state->numSlots);
            for (uint32_t lane = c; lane < lead; lane += width) eq_write_identity(lanes + lane, stride);
            for (uint32_t s = 0; s < state->numSlots; s++) {
                double *lane = lanes + lead + s * width + c;
                uint32_t b = state->bandOfSlot[s];
                if (keptBands >> b & 1) {
                    for (uint32_t a = 0; a < EQ_ARRAYS; a++) lane[a * stride] = kept[b][a];
                } else {
                    eq_write_identity(lane, stride);
                }
            }
        }
    }
}

/* Makes the coefficients of everything that changed since the last block. */
static void eq_update(EqState *state, uint32_t sampleRate) {
    uint32_t active = 0, running = 0;
    for (uint32_t c = 0; c < state->channels; c++) active |= state->enabled[c];
    for (uint32_t s = 0; s < state->numSlots; s++) running |= UINT32_C(1) << state->bandOfSlot[s];
    if (active != running) eq_assign_slots(state, active);
    for (uint32_t g = 0; g < state->numGroups; g++) {
        const EqGroup *group = &state->group[g];
        double *lanes = eq_lanes(state, group) + eq_lead(group->width, state->numSlots);
        for (uint32_t i = 0; i < group->channels; i++) {
            uint32_t channel = group->firstChannel + i;
            uint32_t work = state->dirty[channel] & active;
            for (uint32_t s = 0; work != 0 && s < state->numSlots; s++) {
                uint32_t band = state->bandOfSlot[s];
                if (!(work >> band & 1)) continue;
                double *lane = lanes + s * group->width + i;
                if (state->enabled[channel] >> band & 1) {
                    eq_write_section(&eq_bands(state, channel)[band], sampleRate, lane, eq_stride(group));
                } else {
                    eq_write_identity(lane, eq_stride(group));
                }
            }
            state->dirty[channel] &= ~active;
        }
    }
    state->changed = 0;
}

/* ---- table ---- */

static int32_t eq_init(ModuleInstance *self) {
    EqState *state = self->state;
    EqIsa isa = dynchain_eq_isa();
    memset(state, 0, sizeof *state);
    state->isa = (uint8_t)isa;
    eq_group_channels(state, Module_In(self, 0)->channels, dynchain_eq_max_width(isa));
    for (uint32_t c = 0; c < state->channels; c++) {
        for (uint32_t b = 0; b < EQ_BANDS; b++) {
            eq_bands(state, c)[b] =
                (EqBand){.frequency = 1000.0f, .gainDb = 0.0f, .q = 0.7071f, .type = DYNCHAIN_PEAKING};
        }
    }
    return DYNCHAIN_OK;
}

static int32_t eq_reset(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    EqState *state = self->state;
    for (uint32_t g = 0; g < state->numGroups; g++) {
        const EqGroup *group = &state->group[g];
        double *lanes = eq_lanes(state, group);
        size_t bytes = eq_used(group, state->numSlots) * sizeof(double);
        memset(lanes + EQ_S1 * eq_stride(group), 0, bytes);
        memset(lanes + EQ_S2 * eq_stride(group), 0, bytes);
    }
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
    if (state->changed) eq_update(state, self->sampleRate);
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

/* Copies what the enabled bands need. Where that is more than a copy may move (64 channels with more than 11 bands),
 * coefficients stay behind and are made anew from the values. */
static int32_t eq_copy_tail(ModuleInstance *self, const ModuleInstance *from) DYNCHAIN_NONBLOCKING {
    EqState *to = self->state;
    const EqState *source = from->state;
    if (to->channels != source->channels || to->isa != source->isa || self->sampleRate != from->sampleRate)
        return DYNCHAIN_ERR_STATE;
    size_t bandBytes = source->channels * EQ_BANDS * sizeof(EqBand), laneBytes = 0;
    for (uint32_t g = 0; g < source->numGroups; g++)
        laneBytes += eq_used(&source->group[g], source->numSlots) * sizeof(double);
    memcpy(to, source, sizeof *to);
    memcpy(eq_bands(to, 0), eq_bands(source, 0), bandBytes);
    int whole = sizeof *to + bandBytes + EQ_ARRAYS * laneBytes <= EQ_COPY_LIMIT;
    for (uint32_t g = 0; g < source->numGroups; g++) {
        const EqGroup *group = &source->group[g];
        double *lanes = eq_lanes(to, group);
        size_t bytes = eq_used(group, source->numSlots) * sizeof(double), stride = eq_stride(group);
        if (!whole) eq_write_identities(lanes, stride, eq_used(group, source->numSlots));
        for (uint32_t a = whole ? EQ_B0 : EQ_S1; a < EQ_ARRAYS; a++)
            memcpy(lanes + a * stride, eq_lanes(source, group) + a * stride, bytes);
    }
    if (!whole) {
        for (uint32_t c = 0; c < to->channels; c++) to->dirty[c] = UINT32_MAX;
        to->changed = 1;
    }
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
