/* Look-ahead limiter (`limiter_v1`): control and processing.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "limiter_state.h"

static const DynChainPortSchema limiterPorts[] = {
    {.id = "in", .isOutput = 0, .required = 1, .channels = -1},
    {.id = "out", .isOutput = 1, .required = 1, .channels = -1},
};

static const DynChainParamSchema limiterParams[] = {
    {
        .name = "ceilingDb",
        .unit = "dBFS",
        .paramTypeId = LIMITER_CEILING_DB,
        .dataType = DYNCHAIN_TYPE_FLOAT,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_RAMPED,
        .minValue = -40.0f,
        .maxValue = 0.0f,
        .defaultValue = -0.3f,
    },
    {
        .name = "releaseMs",
        .unit = "ms",
        .paramTypeId = LIMITER_RELEASE_MS,
        .dataType = DYNCHAIN_TYPE_FLOAT,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_RAMPED,
        .minValue = 1.0f,
        .maxValue = 2000.0f,
        .defaultValue = 80.0f,
    },
    {
        .name = "lookaheadMs",
        .unit = "ms",
        .paramTypeId = LIMITER_LOOKAHEAD_MS,
        .dataType = DYNCHAIN_TYPE_FLOAT,
        .role = DYNCHAIN_ROLE_SYSTEM,
        .change = DYNCHAIN_CHANGE_SWITCHED,
        .minValue = 0.0f,
        .maxValue = (float)LIMITER_MAX_LOOKAHEAD_MS,
        .defaultValue = 1.5f,
    },
    {
        .name = "linkChannels",
        .unit = "",
        .paramTypeId = LIMITER_LINK_CHANNELS,
        .dataType = DYNCHAIN_TYPE_BOOL,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_SWITCHED,
        .minValue = 0.0f,
        .maxValue = 1.0f,
        .defaultValue = 1.0f,
    },
};

/* ---- control ---- */

static int32_t limiter_set_param(ModuleInstance *self, uint16_t paramTypeId, uint16_t index, const void *data,
                                 uint32_t size, uint8_t immediate) DYNCHAIN_NONBLOCKING {
    LimiterState *state = self->state;
    if (paramTypeId < LIMITER_CEILING_DB || paramTypeId > LIMITER_LINK_CHANNELS) return DYNCHAIN_ERR_UNKNOWN;
    if (index != 0 || size != (paramTypeId == LIMITER_LINK_CHANNELS ? 1 : sizeof(float))) return DYNCHAIN_ERR_ARGUMENT;
    if (paramTypeId == LIMITER_LINK_CHANNELS) {
        dynchain_limiter_set_linked(state, dynchain_read_bool(data));
        return DYNCHAIN_OK;
    }
    float value = dynchain_read_f32(data);
    if (paramTypeId == LIMITER_RELEASE_MS) {
        state->wantedRelease = dynchain_limiter_release(self, value);
        if (immediate) state->release = state->wantedRelease;
    } else if (paramTypeId == LIMITER_LOOKAHEAD_MS) {
        dynchain_limiter_set_lookahead(self, state, value);
    } else if (immediate) {
        dynchain_limiter_jump_to_ceiling(state, dynchain_db_to_linear(value));
    } else {
        dynchain_glide_from_rest(&state->ceiling, dynchain_db_to_linear(value), state->ceilingGlideLength);
    }
    return DYNCHAIN_OK;
}

static uint32_t limiter_latency(const ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    return ((const LimiterState *)self->state)->timing.lookahead;
}

/* ---- processing ---- */

static void limiter_ring_write(float *ring, uint32_t size, uint32_t position, const float *in, uint32_t count) {
    uint32_t start = position & (size - 1);
    uint32_t first = dynchain_min_u32(count, size - start);
    memcpy(ring + start, in, first * sizeof(float));
    memcpy(ring, in + first, (count - first) * sizeof(float));
}

static void limiter_ring_read(float *out, const float *ring, uint32_t size, uint32_t position, uint32_t count) {
    uint32_t start = position & (size - 1);
    uint32_t first = dynchain_min_u32(count, size - start);
    memcpy(out, ring + start, first * sizeof(float));
    memcpy(out + first, ring, (count - first) * sizeof(float));
}

static void limiter_delay(const LimiterState *state, uint32_t channel, const float *in, float *out, uint32_t count) {
    float *ring = dynchain_limiter_ring(state, channel);
    uint32_t lookahead = state->timing.lookahead;
    uint32_t missing = lookahead > state->filled ? lookahead - state->filled : 0;
    uint32_t zeros = dynchain_min_u32(missing, count);
    limiter_ring_write(ring, state->ringSize, state->write, in, count);
    memset(out, 0, zeros * sizeof(float));
    limiter_ring_read(out + zeros, ring, state->ringSize, state->write + zeros - lookahead, count - zeros);
}

/** A lane at rest: nothing to reduce now, and nothing left in the averages. A request in the window would show in the
 *  reduction. */
static uint32_t limiter_is_settled(const LimiterLane *lane) {
    return lane->reduction < LIMITER_NEGLIGIBLE && lane->firstSum == 0 && lane->secondSum == 0;
}

/** Samples to process in one go; a new release time waits for the end of the present group of four. */
static uint32_t limiter_chunk(LimiterState *state, uint32_t most) {
    uint32_t place = state->write & 3u;
    if (state->wantedRelease.power[0] != state->release.power[0]) {
        if (place != 0) return dynchain_min_u32(most, 4 - place);
        state->release = state->wantedRelease;
    }
    return dynchain_min_u32(most, DYNCHAIN_CHUNK);
}

static int32_t limiter_process(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    LimiterState *state = self->state;
    const WireInstance *in = Module_In(self, 0);
    WireInstance *out = Module_Out(self, 0);
    uint32_t perLane = state->linked ? state->channels : 1;
    float ceiling[DYNCHAIN_CHUNK], dueCeiling[DYNCHAIN_CHUNK], peak[DYNCHAIN_CHUNK], gains[DYNCHAIN_CHUNK];
    float *ceilings = dynchain_limiter_ring(state, state->channels);

    for (uint32_t done = 0, count; done < in->blockSize; done += count) {
        count = limiter_chunk(state, in->blockSize - done);
        dynchain_glide_fill(&state->ceiling, ceiling, count, self->plainKernels);
        limiter_ring_write(ceilings, state->ringSize, state->write, ceiling, count);
        limiter_ring_read(dueCeiling, ceilings, state->ringSize, state->write - state->timing.lookahead, count);
        for (uint32_t k = 0; k < dynchain_limiter_lane_count(state); k++) {
            LimiterLane *lane = dynchain_limiter_lane(state, k);
            float *const *channels = in->channel + k;
            uint32_t over = dynchain_limiter_peaks(peak, (const float *const *)channels, perLane, done, ceiling, count,
                                                   self->plainKernels);
            for (uint32_t c = 0; c < perLane; c++) {
                limiter_delay(state, k + c, channels[c] + done, out->channel[k + c] + done, count);
            }
            if (!over && !lane->active) continue;
            if (over) {
                dynchain_limiter_requests(peak, ceiling, count, self->plainKernels);
            } else {
                memset(peak, 0, sizeof peak);
            }
            dynchain_limiter_gains(lane, &state->timing, &state->release, state->write,
                                   over || lane->holding ? peak : NULL, gains, count, self->plainKernels);
            for (uint32_t c = 0; c < perLane; c++) {
                dynchain_limiter_apply(out->channel[k + c] + done, gains, dueCeiling, count, self->plainKernels);
            }
            if (limiter_is_settled(lane)) {
                lane->active = 0;
                lane->reduction = lane->carried = lane->local = 0.0;
            } else {
                lane->active = 1;
            }
        }
        state->write += count;
        state->filled = dynchain_min_u32(state->filled + count, state->laneCapacity);
    }
    return DYNCHAIN_OK;
}

const ModuleFuncTable dynchain_limiter_table = {
    .abiVersion = DYNCHAIN_ABI_VERSION,
    .structSize = sizeof(ModuleFuncTable),
    .typeNumId = 0x16678001u,
    .typeName = "limiter_v1",
    .instanceName = "limiter",
    .ports = limiterPorts,
    .numPorts = sizeof limiterPorts / sizeof limiterPorts[0],
    .params = limiterParams,
    .numParams = sizeof limiterParams / sizeof limiterParams[0],
    .getMemSize = dynchain_limiter_mem_size,
    .init = dynchain_limiter_init,
    .reset = dynchain_limiter_reset,
    .process = limiter_process,
    .setParam = limiter_set_param,
    .latency = limiter_latency,
    .maxLatency = dynchain_limiter_max_latency,
    .copyTail = dynchain_limiter_copy_tail,
};
