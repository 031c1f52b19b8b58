/* Level meter (`level_meter_v1`): control and table.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "meter.h"

#include <math.h>

static const DynChainPortSchema meterPorts[] = {
    {.id = "in", .isOutput = 0, .required = 1, .channels = -1},
    {.id = "out", .isOutput = 1, .required = 1, .channels = -1},
};

static const DynChainParamSchema meterParams[] = {
    {
        .name = "rmsTimeMs",
        .unit = "ms",
        .paramTypeId = METER_RMS_TIME,
        .dataType = DYNCHAIN_TYPE_FLOAT,
        .role = DYNCHAIN_ROLE_SYSTEM,
        .change = DYNCHAIN_CHANGE_RAMPED,
        .minValue = 10.0f,
        .maxValue = 10000.0f,
        .defaultValue = 300.0f,
    },
};

static uint32_t meter_mem_size(const ModuleInstance *self) {
    return (uint32_t)(sizeof(MeterState) + Module_In(self, 0)->channels * sizeof(MeterChannel));
}

/** The mean square falls to 1/e, the peak to 1/10, within the time. */
static void meter_set_time(const ModuleInstance *self, MeterState *state, float milliseconds) {
    double segments = (double)milliseconds * (double)self->sampleRate / (1000.0 * METER_SEGMENT);
    state->squareFactor = exp(-1.0 / segments);
    state->peakFactor = pow(10.0, -1.0 / segments);
}

static void meter_clear(MeterState *state) {
    state->place = 0;
    memset(state->channel, 0, state->channels * sizeof(MeterChannel));
}

static int32_t meter_init(ModuleInstance *self) {
    MeterState *state = self->state;
    state->channels = Module_In(self, 0)->channels;
    meter_set_time(self, state, 300.0f);
    meter_clear(state);
    return DYNCHAIN_OK;
}

static int32_t meter_reset(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    meter_clear(self->state);
    return DYNCHAIN_OK;
}

static int32_t meter_set_param(ModuleInstance *self, uint16_t paramTypeId, uint16_t index, const void *data,
                               uint32_t size, uint8_t immediate) DYNCHAIN_NONBLOCKING {
    (void)immediate; /* heard by nobody */
    if (paramTypeId != METER_RMS_TIME) return DYNCHAIN_ERR_UNKNOWN;
    if (index != 0 || size != sizeof(float)) return DYNCHAIN_ERR_ARGUMENT;
    meter_set_time(self, self->state, dynchain_read_f32(data));
    return DYNCHAIN_OK;
}

static float meter_segment_peak(const MeterSegment *segment) {
    float peak = 0.0f;
    for (uint32_t lane = 0; lane < METER_LANES; lane++) {
        peak = segment->peak[lane] > peak ? segment->peak[lane] : peak;
    }
    return peak;
}

static void meter_finish_segment(const MeterState *state, MeterChannel *channel) {
    double sum = 0.0;
    for (uint32_t lane = 0; lane < METER_LANES; lane++) sum += channel->segment.square[lane];
    double newest = sum / METER_SEGMENT;
    double meanSquare = newest + (channel->meanSquare - newest) * state->squareFactor;
    channel->meanSquare = meanSquare > METER_SILENCE * METER_SILENCE ? meanSquare : 0.0;
    double fallen = channel->peak * state->peakFactor;
    double peak = (double)meter_segment_peak(&channel->segment);
    channel->peak = peak > fallen ? peak : fallen > METER_SILENCE ? fallen : 0.0;
    memset(&channel->segment, 0, sizeof channel->segment);
}

static void meter_measure(const MeterState *state, MeterChannel *channel, const float *in, uint32_t blockSize,
                          uint8_t plain) {
    uint32_t place = state->place;
    for (uint32_t done = 0, count; done < blockSize; done += count) {
        count = dynchain_min_u32(blockSize - done, METER_SEGMENT - place);
        if (count == METER_SEGMENT) {
            dynchain_meter_accumulate_whole(&channel->segment, in + done, plain);
        } else {
            dynchain_meter_accumulate(&channel->segment, in + done, place, count);
        }
        place = (place + count) % METER_SEGMENT;
        if (place == 0) meter_finish_segment(state, channel);
    }
}

static int32_t meter_process(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    MeterState *state = self->state;
    const WireInstance *in = Module_In(self, 0);
    WireInstance *out = Module_Out(self, 0);
    for (uint32_t c = 0; c < state->channels; c++) {
        memcpy(out->channel[c], in->channel[c], in->blockSize * sizeof(float));
        meter_measure(state, &state->channel[c], in->channel[c], in->blockSize, self->plainKernels);
    }
    state->place = (state->place + in->blockSize) % METER_SEGMENT;
    return DYNCHAIN_OK;
}

static int32_t meter_levels(const ModuleInstance *self, uint32_t channel, float *peak,
                            float *rms) DYNCHAIN_NONBLOCKING {
    const MeterState *state = self->state;
    if (channel >= state->channels) return DYNCHAIN_ERR_ARGUMENT;
    const MeterChannel *levels = &state->channel[channel];
    float newest = meter_segment_peak(&levels->segment);
    *peak = (double)newest > levels->peak ? newest : (float)levels->peak;
    *rms = (float)sqrt(levels->meanSquare);
    return DYNCHAIN_OK;
}

const ModuleFuncTable dynchain_meter_table = {
    .abiVersion = DYNCHAIN_ABI_VERSION,
    .structSize = sizeof(ModuleFuncTable),
    .typeNumId = 0x16671201u,
    .typeName = "level_meter_v1",
    .instanceName = "meter",
    .ports = meterPorts,
    .numPorts = sizeof meterPorts / sizeof meterPorts[0],
    .params = meterParams,
    .numParams = sizeof meterParams / sizeof meterParams[0],
    .getMemSize = meter_mem_size,
    .init = meter_init,
    .reset = meter_reset,
    .process = meter_process,
    .setParam = meter_set_param,
    .levels = meter_levels,
};
