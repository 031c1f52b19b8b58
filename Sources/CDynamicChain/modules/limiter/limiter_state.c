/* Look-ahead limiter: memory, settings that rearrange the state, and hand-over.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "limiter_state.h"

#include <math.h>

/* ---- memory: the state, a delay ring a channel, a ring of ceilings, a lane a channel ---- */

static uint32_t limiter_align(uint32_t bytes) {
    return (bytes + DYNCHAIN_ALIGN - 1) / DYNCHAIN_ALIGN * DYNCHAIN_ALIGN;
}

uint32_t dynchain_limiter_max_latency(const ModuleInstance *self) {
    return dynchain_ms_to_samples(LIMITER_MAX_LOOKAHEAD_MS, self->sampleRate);
}

static uint32_t limiter_ring_size(uint32_t maxLookahead) {
    uint32_t size = 512;
    while (size < maxLookahead + DYNCHAIN_CHUNK) size *= 2;
    return size;
}

/** Entries of each average's ring, and floats of the hold buffer, for the longest look-ahead. */
static uint32_t limiter_average_capacity(uint32_t maxLookahead) { return maxLookahead / 2 + 2; }
static uint32_t limiter_hold_capacity(uint32_t maxLookahead) { return maxLookahead + 2; }

static uint32_t limiter_lane_bytes(uint32_t maxLookahead) {
    uint32_t averages = limiter_average_capacity(maxLookahead) * (uint32_t)(sizeof(int64_t) + sizeof(int32_t));
    uint32_t hold = limiter_hold_capacity(maxLookahead) * (uint32_t)sizeof(float);
    return limiter_align((uint32_t)sizeof(LimiterLane) + averages + hold);
}

uint32_t dynchain_limiter_mem_size(const ModuleInstance *self) {
    uint32_t channels = Module_In(self, 0)->channels;
    uint32_t maxLookahead = dynchain_limiter_max_latency(self);
    uint32_t rings = (channels + 1) * limiter_ring_size(maxLookahead) * (uint32_t)sizeof(float);
    return limiter_align(sizeof(LimiterState)) + rings + channels * limiter_lane_bytes(maxLookahead);
}

float *dynchain_limiter_ring(const LimiterState *state, uint32_t index) DYNCHAIN_NONBLOCKING {
    char *base = (char *)(uintptr_t)state + limiter_align(sizeof(LimiterState));
    return (float *)base + (size_t)index * state->ringSize;
}

LimiterLane *dynchain_limiter_lane(const LimiterState *state, uint32_t index) DYNCHAIN_NONBLOCKING {
    char *base = (char *)dynchain_limiter_ring(state, state->channels + 1);
    return (LimiterLane *)(base + (size_t)index * limiter_lane_bytes(state->laneCapacity));
}

uint32_t dynchain_limiter_lane_count(const LimiterState *state) DYNCHAIN_NONBLOCKING {
    return state->linked ? 1 : state->channels;
}

/* ---- control ---- */

static LimiterTiming limiter_timing(uint32_t lookahead) {
    LimiterTiming timing = {.lookahead = lookahead, .window = lookahead + 1};
    timing.first = (lookahead + 2) / 2;
    timing.second = lookahead + 2 - timing.first;
    timing.scale = 1.0 / (LIMITER_ONE * (double)timing.first * (double)timing.second);
    return timing;
}

/** Empties a lane except for the reduction it goes on releasing. */
static void limiter_clear_lane(const LimiterState *state, LimiterLane *lane, double reduction) {
    lane->reduction = reduction;
    lane->carried = reduction;
    lane->local = 0.0;
    lane->firstSum = 0;
    lane->secondSum = 0;
    lane->phase = 0;
    lane->firstAt = 0;
    lane->secondAt = 0;
    lane->holding = 0;
    lane->newest = 0.0f;
    lane->active = reduction > 0.0;
    memset(lane->secondRing, 0, limiter_average_capacity(state->laneCapacity) * sizeof(int64_t));
    memset(lane->firstRing, 0, limiter_average_capacity(state->laneCapacity) * sizeof(int32_t));
    memset(lane->hold, 0, limiter_hold_capacity(state->laneCapacity) * sizeof(float));
}

void dynchain_limiter_set_lookahead(const ModuleInstance *self, LimiterState *state,
                                    float milliseconds) DYNCHAIN_NONBLOCKING {
    uint32_t lookahead = dynchain_ms_to_samples((double)milliseconds, self->sampleRate);
    if (lookahead == state->timing.lookahead) return;
    state->timing = limiter_timing(dynchain_min_u32(lookahead, state->laneCapacity));
    for (uint32_t k = 0; k < dynchain_limiter_lane_count(state); k++) {
        LimiterLane *lane = dynchain_limiter_lane(state, k);
        limiter_clear_lane(state, lane, lane->reduction);
    }
}

/** Unlinked channels start from the reduction they had in common, linked ones from the deepest. */
void dynchain_limiter_set_linked(LimiterState *state, uint32_t linked) DYNCHAIN_NONBLOCKING {
    if (linked == state->linked) return;
    LimiterLane *common = dynchain_limiter_lane(state, 0);
    for (uint32_t k = 1; k < state->channels; k++) {
        LimiterLane *lane = dynchain_limiter_lane(state, k);
        if (!linked) {
            limiter_clear_lane(state, lane, common->reduction);
        } else if (lane->reduction > common->reduction) {
            common->reduction = lane->reduction;
            common->carried = lane->reduction;
            common->active = 1;
        }
    }
    state->linked = linked;
}

LimiterRelease dynchain_limiter_release(const ModuleInstance *self, float milliseconds) DYNCHAIN_NONBLOCKING {
    double samples = (double)milliseconds * (double)self->sampleRate / 1000.0;
    LimiterRelease release;
    for (uint32_t i = 0; i < 4; i++) release.power[i] = exp(-(double)(i + 1) / samples);
    return release;
}

void dynchain_limiter_jump_to_ceiling(LimiterState *state, float ceiling) DYNCHAIN_NONBLOCKING {
    float *ring = dynchain_limiter_ring(state, state->channels);
    dynchain_glide_jump(&state->ceiling, ceiling);
    for (uint32_t i = 0; i < state->ringSize; i++) ring[i] = ceiling;
}

int32_t dynchain_limiter_init(ModuleInstance *self) {
    LimiterState *state = self->state;
    state->channels = Module_In(self, 0)->channels;
    state->laneCapacity = dynchain_limiter_max_latency(self);
    state->ringSize = limiter_ring_size(state->laneCapacity);
    state->write = 0;
    state->filled = 0;
    state->linked = 1;
    state->ceilingGlideLength = dynchain_ms_to_samples(LIMITER_CEILING_GLIDE_MS, self->sampleRate);
    state->release = dynchain_limiter_release(self, 80.0f);
    state->wantedRelease = state->release;
    state->timing = limiter_timing(dynchain_ms_to_samples(1.5, self->sampleRate));
    for (uint32_t k = 0; k < state->channels; k++) {
        LimiterLane *lane = dynchain_limiter_lane(state, k);
        lane->secondRing = (int64_t *)(lane + 1);
        lane->firstRing = (int32_t *)(lane->secondRing + limiter_average_capacity(state->laneCapacity));
        lane->hold = (float *)(lane->firstRing + limiter_average_capacity(state->laneCapacity));
        limiter_clear_lane(state, lane, 0.0);
    }
    dynchain_limiter_jump_to_ceiling(state, dynchain_db_to_linear(-0.3f));
    return DYNCHAIN_OK;
}

int32_t dynchain_limiter_reset(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    LimiterState *state = self->state;
    state->filled = 0;
    state->ceiling.remaining = 0;
    for (uint32_t k = 0; k < dynchain_limiter_lane_count(state); k++) {
        LimiterLane *lane = dynchain_limiter_lane(state, k);
        if (lane->active) limiter_clear_lane(state, lane, 0.0);
    }
    return DYNCHAIN_OK;
}

/* ---- hand-over ---- */

static uint32_t limiter_lane_tail(const LimiterTiming *timing) {
    return timing->second * (uint32_t)sizeof(int64_t) + timing->first * (uint32_t)sizeof(int32_t) +
           (timing->window + 1) * (uint32_t)sizeof(float);
}

static void limiter_copy_lane(const LimiterState *state, LimiterLane *to, const LimiterLane *from) {
    if (to->active) limiter_clear_lane(state, to, 0.0);
    if (!from->active) return;
    LimiterLane copy = *from;
    copy.secondRing = to->secondRing;
    copy.firstRing = to->firstRing;
    copy.hold = to->hold;
    *to = copy;
    memcpy(to->secondRing, from->secondRing, state->timing.second * sizeof(int64_t));
    memcpy(to->firstRing, from->firstRing, state->timing.first * sizeof(int32_t));
    memcpy(to->hold, from->hold, (state->timing.window + 1) * sizeof(float));
}

int32_t dynchain_limiter_copy_tail(ModuleInstance *self, const ModuleInstance *from) DYNCHAIN_NONBLOCKING {
    LimiterState *state = self->state;
    const LimiterState *source = from->state;
    if (source->channels != state->channels || source->ringSize != state->ringSize) return DYNCHAIN_ERR_STATE;
    uint32_t history = dynchain_min_u32(source->filled, source->timing.lookahead);
    uint64_t bytes = (uint64_t)(source->channels + 1) * history * sizeof(float);
    for (uint32_t k = 0; k < dynchain_limiter_lane_count(source); k++) {
        if (dynchain_limiter_lane(source, k)->active) bytes += limiter_lane_tail(&source->timing);
    }
    *state = *source;
    if (bytes > LIMITER_TAIL_BYTES) {
        dynchain_limiter_reset(self);
        return DYNCHAIN_ERR_STATE;
    }
    uint32_t start = source->write - history;
    for (uint32_t c = 0; c <= state->channels; c++) {
        const float *old = dynchain_limiter_ring(source, c);
        uint32_t at = start & (state->ringSize - 1);
        uint32_t first = dynchain_min_u32(history, state->ringSize - at);
        memcpy(dynchain_limiter_ring(state, c) + at, old + at, first * sizeof(float));
        memcpy(dynchain_limiter_ring(state, c), old, (history - first) * sizeof(float));
    }
    state->filled = history;
    for (uint32_t k = 0; k < dynchain_limiter_lane_count(state); k++) {
        limiter_copy_lane(state, dynchain_limiter_lane(state, k), dynchain_limiter_lane(source, k));
    }
    return DYNCHAIN_OK;
}
