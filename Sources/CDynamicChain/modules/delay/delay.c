/* Delay per channel (`ut_delay_20ch_v1`): control, history hand-over and table.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "delay.h"

static const DynChainPortSchema delayPorts[] = {
    {.id = "in", .isOutput = 0, .required = 1, .channels = -1},
    {.id = "out", .isOutput = 1, .required = 1, .channels = -1},
};

static const DynChainParamSchema delayParams[] = {
    {
        .name = "delaySamples",
        .unit = "samples",
        .paramTypeId = DELAY_SAMPLES,
        .dataType = DYNCHAIN_TYPE_INT32,
        .role = DYNCHAIN_ROLE_TUNABLE,
        .change = DYNCHAIN_CHANGE_SWITCHED,
        .dims = {'c', 0},
        .minValue = 0.0f,
        .maxValue = (float)DELAY_MAX,
        .defaultValue = 0.0f,
    },
};

static uint32_t delay_ring_offset(uint32_t channels) {
    uint32_t header = (uint32_t)(sizeof(DelayState) + channels * sizeof(DelayChannel));
    return (header + DYNCHAIN_ALIGN - 1) / DYNCHAIN_ALIGN * DYNCHAIN_ALIGN;
}

static uint32_t delay_mem_size(const ModuleInstance *self) {
    uint32_t channels = Module_In(self, 0)->channels;
    return delay_ring_offset(channels) + channels * DELAY_STRIDE * (uint32_t)sizeof(float);
}

static int32_t delay_init(ModuleInstance *self) {
    DelayState *state = self->state;
    state->channels = Module_In(self, 0)->channels;
    state->maxFrame = self->maxFrame;
    state->ringOffset = delay_ring_offset(state->channels);
    state->valid = 0;
    state->bulkWritten = 0;
    state->bulkValid = 0;
    atomic_store_explicit(&state->written, 0, memory_order_relaxed);
    memset(state->channel, 0, state->channels * sizeof(DelayChannel));
    return DYNCHAIN_OK;
}

static void delay_settle(DelayChannel *channel, uint32_t delay) {
    channel->current = delay;
    channel->next = delay;
    channel->fading = 0;
    channel->fadeIndex = 0;
}

/** Starts the fade to the newest value, if that is not what is heard. */
static void delay_start_fade(DelayChannel *channel) {
    if (channel->fading || channel->wanted == channel->current) return;
    channel->next = channel->wanted;
    channel->fadeIndex = 0;
    channel->fading = 1;
}

static int32_t delay_reset(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    DelayState *state = self->state;
    state->valid = 0;
    for (uint32_t c = 0; c < state->channels; c++) delay_settle(&state->channel[c], state->channel[c].wanted);
    return DYNCHAIN_OK;
}

static int32_t delay_set_param(ModuleInstance *self, uint16_t paramTypeId, uint16_t index, const void *data,
                               uint32_t size, uint8_t immediate) DYNCHAIN_NONBLOCKING {
    DelayState *state = self->state;
    if (paramTypeId != DELAY_SAMPLES) return DYNCHAIN_ERR_UNKNOWN;
    if (index >= state->channels || size != sizeof(int32_t)) return DYNCHAIN_ERR_ARGUMENT;
    int32_t value = dynchain_read_i32(data);
    if (value < 0 || value > (int32_t)DELAY_MAX) return DYNCHAIN_ERR_ARGUMENT;
    DelayChannel *channel = &state->channel[index];
    channel->wanted = (uint32_t)value;
    if (immediate) {
        delay_settle(channel, channel->wanted);
    } else {
        delay_start_fade(channel);
    }
    return DYNCHAIN_OK;
}

/** Samples [offset, offset + count) of the block that starts at `position`, `delay` samples late. */
static void delay_tap(float *out, const float *ring, uint32_t position, uint32_t offset, uint32_t count,
                      uint32_t delay, uint32_t valid) {
    uint32_t missing = delay > valid ? delay - valid : 0; /* leading samples of the block that have no history */
    uint32_t zeros = missing > offset ? dynchain_min_u32(missing - offset, count) : 0;
    memset(out, 0, zeros * sizeof(float));
    dynchain_delay_read(out + zeros, ring, position + offset + zeros - delay, count - zeros);
}

static void delay_channel(const ModuleInstance *self, const DelayState *state, DelayChannel *channel,
                          const float *ring, uint32_t position, float *out, uint32_t blockSize) {
    float old[DYNCHAIN_CHUNK];
    uint32_t done = 0;
    while (done < blockSize && channel->fading) {
        uint32_t left = self->fadeLength - channel->fadeIndex;
        uint32_t count = dynchain_min_u32(blockSize - done, dynchain_min_u32(left, DYNCHAIN_CHUNK));
        delay_tap(old, ring, position, done, count, channel->current, state->valid);
        delay_tap(out + done, ring, position, done, count, channel->next, state->valid);
        dynchain_delay_fade(out + done, old, self->fade + channel->fadeIndex, count, self->plainKernels);
        channel->fadeIndex += count;
        done += count;
        if (channel->fadeIndex == self->fadeLength) {
            delay_settle(channel, channel->next);
            delay_start_fade(channel);
        }
    }
    if (done < blockSize) {
        delay_tap(out + done, ring, position, done, blockSize - done, channel->current, state->valid);
    }
}

static int32_t delay_process(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    DelayState *state = self->state;
    const WireInstance *in = Module_In(self, 0);
    WireInstance *out = Module_Out(self, 0);
    uint32_t position = atomic_load_explicit(&state->written, memory_order_relaxed);
    for (uint32_t c = 0; c < state->channels; c++) {
        float *ring = dynchain_delay_ring(state, c);
        dynchain_delay_write(ring, position, in->channel[c], in->blockSize);
        delay_channel(self, state, &state->channel[c], ring, position, out->channel[c], in->blockSize);
    }
    state->valid = dynchain_min_u32(state->valid + in->blockSize, DELAY_MAX);
    atomic_store_explicit(&state->written, position + in->blockSize, memory_order_release);
    return DYNCHAIN_OK;
}

/** Reads only slots that the running instance will not write for at least 26880 samples less its frame, and checks
 *  afterwards that it indeed has not reached them. */
static int32_t delay_copy_bulk(ModuleInstance *self, const ModuleInstance *from) {
    DelayState *state = self->state;
    const DelayState *source = from->state;
    if (source->channels != state->channels) return DYNCHAIN_ERR_STATE;
    uint32_t end = atomic_load_explicit(&source->written, memory_order_acquire);
    uint32_t start = (end - DELAY_MAX) & (DELAY_RING - 1);
    uint32_t first = dynchain_min_u32(DELAY_MAX, DELAY_RING - start);
    for (uint32_t c = 0; c < state->channels; c++) {
        const float *old = dynchain_delay_ring(source, c);
        float *ring = dynchain_delay_ring(state, c);
        memcpy(ring + start, old + start, first * sizeof(float));
        memcpy(ring, old, (DELAY_MAX - first) * sizeof(float));
    }
    atomic_thread_fence(memory_order_acquire);
    uint32_t now = atomic_load_explicit(&source->written, memory_order_relaxed);
    state->bulkValid = 0;
    if (now - end > DELAY_RING - DELAY_MAX - source->maxFrame) return DYNCHAIN_ERR_STATE;
    state->bulkWritten = end;
    state->bulkValid = DELAY_MAX;
    return DYNCHAIN_OK;
}

static int32_t delay_copy_tail(ModuleInstance *self, const ModuleInstance *from) DYNCHAIN_NONBLOCKING {
    DelayState *state = self->state;
    const DelayState *source = from->state;
    if (source->channels != state->channels) return DYNCHAIN_ERR_STATE;
    uint32_t end = atomic_load_explicit(&source->written, memory_order_acquire);
    uint32_t since = state->bulkValid != 0 ? end - state->bulkWritten : source->valid;
    uint32_t tail = dynchain_min_u32(since, source->valid);
    if ((uint64_t)tail * state->channels * sizeof(float) > DELAY_TAIL_BYTES) return DYNCHAIN_ERR_STATE;
    uint32_t start = (end - tail) & (DELAY_RING - 1);
    uint32_t first = dynchain_min_u32(tail, DELAY_RING - start);
    for (uint32_t c = 0; c < state->channels; c++) {
        const float *old = dynchain_delay_ring(source, c);
        float *ring = dynchain_delay_ring(state, c);
        memcpy(ring + start, old + start, first * sizeof(float));
        memcpy(ring, old, (tail - first) * sizeof(float));
    }
    memcpy(state->channel, source->channel, state->channels * sizeof(DelayChannel));
    state->valid = source->valid;
    state->bulkValid = 0;
    atomic_store_explicit(&state->written, end, memory_order_relaxed);
    return DYNCHAIN_OK;
}

static void delay_join(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    DelayState *state = self->state;
    uint32_t newest = atomic_load_explicit(&state->written, memory_order_relaxed) - 1;
    uint32_t count = dynchain_min_u32(self->fadeLength, state->valid);
    for (uint32_t c = 0; c < state->channels; c++) {
        float *ring = dynchain_delay_ring(state, c);
        for (uint32_t age = 0; age < count; age++) ring[(newest - age) & (DELAY_RING - 1)] *= self->fade[age];
    }
}

const ModuleFuncTable dynchain_delay_table = {
    .abiVersion = DYNCHAIN_ABI_VERSION,
    .structSize = sizeof(ModuleFuncTable),
    .typeNumId = 0x16672001u,
    .flags = DYNCHAIN_MODULE_OWN_SWITCHING | DYNCHAIN_MODULE_RUN_WHEN_DISABLED | DYNCHAIN_MODULE_HISTORY,
    .typeName = "ut_delay_20ch_v1",
    .instanceName = "delay",
    .ports = delayPorts,
    .numPorts = sizeof delayPorts / sizeof delayPorts[0],
    .params = delayParams,
    .numParams = sizeof delayParams / sizeof delayParams[0],
    .getMemSize = delay_mem_size,
    .init = delay_init,
    .reset = delay_reset,
    .process = delay_process,
    .setParam = delay_set_param,
    .copyBulk = delay_copy_bulk,
    .copyTail = delay_copy_tail,
    .join = delay_join,
};
