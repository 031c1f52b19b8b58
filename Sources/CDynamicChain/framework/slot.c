/* One module in a running chain: bypass, switched changes, blended inputs, the guard and the measurements around the
 * module's own process function. Everything here lies on stream time: how a stream is cut into frames changes nothing.
 * SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

/* ---- instances ---- */

uint32_t dynchain_slot_latency(const ModuleSlot *slot, uint32_t instance) DYNCHAIN_NONBLOCKING {
    return slot->table->latency ? slot->table->latency(&slot->instance[instance]) : 0;
}

int32_t dynchain_slot_reset(ModuleSlot *slot, uint32_t instance) DYNCHAIN_NONBLOCKING {
    ModuleInstance *self = &slot->instance[instance];
    if (slot->table->reset) return slot->table->reset(self);
    return DYNCHAIN_OK;
}

int32_t dynchain_instance_copy(ModuleInstance *to, const ModuleInstance *from, uint32_t stateSize) DYNCHAIN_NONBLOCKING {
    to->position = from->position;
    if (to->table->copyTail) return to->table->copyTail(to, from);
    memcpy(to->state, from->state, stateSize);
    return DYNCHAIN_OK;
}

int32_t dynchain_slot_deliver(ModuleSlot *slot, uint32_t instance, uint32_t param, uint32_t element,
                              uint8_t immediate) DYNCHAIN_NONBLOCKING {
    const DynChainParamSchema *schema = &slot->table->params[param - 1];
    if (schema->flags & DYNCHAIN_PARAM_STRUCTURAL || schema->dataType == DYNCHAIN_TYPE_FLOAT_ARRAY) return DYNCHAIN_OK;
    uint32_t bits = slot->values[slot->paramBase[param] + element];
    uint32_t inner = slot->paramInner[param];
    uint16_t index = (uint16_t)(schema->dims[1] != 0 ? ((element / inner) << 8) | (element % inner) : element);
    uint32_t size = dynchain_value_size(schema);
    uint8_t byte = (uint8_t)bits;
    return slot->table->setParam(&slot->instance[instance], schema->paramTypeId, index,
                                 size == 1 ? (const void *)&byte : (const void *)&bits, size, immediate);
}

/* ---- bypass: the input, later by the module's latency ---- */

static void feedBypass(ModuleSlot *slot, float *const *input, uint32_t offset, uint32_t n) {
    if (slot->bypassLength == 0) return;
    uint32_t channels = slot->wires[0][0].channels;
    uint32_t first = slot->bypassLength - slot->bypassWrite < n ? slot->bypassLength - slot->bypassWrite : n;
    for (uint32_t ch = 0; ch < channels; ch++) {
        float *ring = slot->bypassRing + (size_t)ch * slot->bypassLength;
        memcpy(ring + slot->bypassWrite, input[ch] + offset, first * sizeof(float));
        memcpy(ring, input[ch] + offset + first, (n - first) * sizeof(float));
    }
    slot->bypassWrite = slot->bypassWrite + n >= slot->bypassLength ? slot->bypassWrite + n - slot->bypassLength
                                                                    : slot->bypassWrite + n;
}

/* After feedBypass of the same samples. */
static void readBypass(const ModuleSlot *slot, float *const *input, uint32_t offset, uint32_t latency,
                       float *const *output, uint32_t outOffset, uint32_t n) {
    uint32_t inChannels = slot->numInputs > 0 ? slot->wires[0][0].channels : 0;
    for (uint32_t p = slot->numInputs, out = 0; p < slot->numPorts; p++) {
        for (uint32_t ch = 0; ch < slot->wires[0][p].channels; ch++, out++) {
            float *to = output[out] + outOffset;
            if (p != slot->numInputs || ch >= inChannels) {
                memset(to, 0, n * sizeof(float));
            } else if (latency == 0 || slot->bypassLength == 0) {
                memcpy(to, input[ch] + offset, n * sizeof(float));
            } else {
                const float *ring = slot->bypassRing + (size_t)ch * slot->bypassLength;
                uint32_t start = (slot->bypassWrite + 2 * slot->bypassLength - n - latency) % slot->bypassLength;
                uint32_t first = slot->bypassLength - start < n ? slot->bypassLength - start : n;
                memcpy(to, ring + start, first * sizeof(float));
                memcpy(to + first, ring, (n - first) * sizeof(float));
            }
        }
    }
}

/* ---- changes ---- */

static void deliverDirty(ModuleSlot *slot, uint32_t instance, uint8_t immediate) {
    if (slot->dirtyCount == 0) return;
    for (uint32_t p = 1; p <= slot->table->numParams; p++) {
        for (uint32_t e = 0; e < slot->paramCount[p]; e++) {
            if (!slot->dirty[slot->paramBase[p] + e]) continue;
            slot->dirty[slot->paramBase[p] + e] = 0;
            dynchain_slot_deliver(slot, instance, p, e, immediate);
        }
    }
    slot->dirtyCount = 0;
}

static void begin(ModuleSlot *slot, Path to, uint32_t warm) {
    slot->to = to;
    slot->phase = warm > 0 ? PHASE_WARM : PHASE_FADE;
    slot->phaseLeft = warm > 0 ? warm : slot->instance[0].fadeLength;
}

void dynchain_slot_advance(ModuleSlot *slot) DYNCHAIN_NONBLOCKING {
    if (slot->phase != PHASE_IDLE) return;
    uint32_t current = slot->from.instance;
    uint32_t warm = slot->instance[0].fadeLength;
    int runsDisabled = (slot->table->flags & DYNCHAIN_MODULE_RUN_WHEN_DISABLED) != 0;
    if (slot->from.bypass && slot->enableTarget) {
        deliverDirty(slot, current, 1);
        if (!runsDisabled) dynchain_slot_reset(slot, current);
        begin(slot, (Path){.instance = (uint8_t)current}, warm + dynchain_slot_latency(slot, current));
    } else if (!slot->from.bypass && !slot->enableTarget) {
        begin(slot, (Path){.bypass = 1, .instance = (uint8_t)current, .latency = dynchain_slot_latency(slot, current)},
              0);
    } else if (slot->dirtyCount > 0 && slot->from.bypass) {
        deliverDirty(slot, current, 1);
        uint32_t latency = dynchain_slot_latency(slot, current);
        if (latency != slot->from.latency)
            begin(slot, (Path){.bypass = 1, .instance = (uint8_t)current, .latency = latency}, 0);
    } else if (slot->dirtyCount > 0) {
        uint32_t next = current ^ 1u;
        slot->instance[current].position = slot->position;
        if (dynchain_instance_copy(&slot->instance[next], &slot->instance[current], slot->stateSize) != DYNCHAIN_OK)
            dynchain_slot_reset(slot, next);
        deliverDirty(slot, next, 1);
        begin(slot, (Path){.instance = (uint8_t)next}, warm + dynchain_slot_latency(slot, next));
    }
}

/* ---- one segment: no change of phase inside ---- */

typedef struct Segment {
    uint32_t offset, n;
    float *const *input; /* channels of all input ports */
    float *const *output; /* channels of all output ports, what the next module sees */
    float *const *scratch;
} Segment;

static void runInstance(ModuleSlot *slot, uint32_t index, const Segment *s, float *const *output) {
    uint32_t in = 0, out = 0;
    for (uint32_t p = 0; p < slot->numPorts; p++) {
        WireInstance *wire = &slot->wires[index][p];
        wire->blockSize = s->n;
        for (uint32_t ch = 0; ch < wire->channels; ch++)
            wire->channel[ch] = (p < slot->numInputs ? s->input[in++] : output[out++]) + s->offset;
    }
    slot->instance[index].position = slot->position;
    slot->table->process(&slot->instance[index]);
}

static void runPath(ModuleSlot *slot, const Path *path, const Segment *s, float *const *output) {
    if (path->bypass)
        readBypass(slot, s->input, s->offset, path->latency, output, s->offset, s->n);
    else
        runInstance(slot, path->instance, s, output);
}

static void crossfade(const float *restrict weight, float *restrict from, const float *restrict to, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) from[i] = from[i] + weight[i] * (to[i] - from[i]);
}

static void processSegment(ModuleSlot *slot, uint32_t outChannels, const Segment *s) {
    if (slot->numInputs > 0) {
        feedBypass(slot, s->input, s->offset, s->n);
    }
    int keepRunning = (slot->table->flags & DYNCHAIN_MODULE_RUN_WHEN_DISABLED) != 0;
    if (slot->from.bypass && (slot->phase == PHASE_IDLE || slot->to.bypass) && keepRunning)
        runInstance(slot, slot->from.instance, s, s->scratch);
    runPath(slot, &slot->from, s, s->output);
    if (slot->phase != PHASE_IDLE) {
        runPath(slot, &slot->to, s, s->scratch);
        if (slot->phase == PHASE_FADE) {
            const float *weight = slot->instance[0].fade + (slot->instance[0].fadeLength - slot->phaseLeft);
            for (uint32_t ch = 0; ch < outChannels; ch++)
                crossfade(weight, s->output[ch] + s->offset, s->scratch[ch] + s->offset, s->n);
        }
        slot->phaseLeft -= s->n;
        if (slot->phaseLeft == 0) {
            if (slot->phase == PHASE_WARM) {
                slot->phase = PHASE_FADE;
                slot->phaseLeft = slot->instance[0].fadeLength;
            } else {
                slot->from = slot->to;
                slot->phase = PHASE_IDLE;
            }
        }
    }
    slot->position += s->n;
}

/* ---- blended inputs ---- */


/* Writes the whole frame's blended input to `scratch`. */
static void blendInput(ModuleSlot *slot, float *const *input, float *const *scratch, uint32_t channels, uint32_t n) {
    uint32_t length = slot->instance[0].fadeLength;
    const float *fade = slot->instance[0].fade;
    uint32_t ch = 0;
    for (uint32_t p = 0; p < slot->numInputs; p++) {
        for (uint32_t c = 0; c < slot->wires[0][p].channels && ch < channels; c++, ch++) {
            const float *old = slot->blendFrom != NULL ? slot->blendFrom->basePointers[p][c] : NULL;
            uint32_t at = slot->blendPosition;
            for (uint32_t i = 0; i < n; i++, at++) {
                float from = old != NULL ? old[i] : 0.0f;
                float to = input[ch][i];
                if (at < slot->blendHold)
                    scratch[ch][i] = from;
                else if (at - slot->blendHold < length)
                    scratch[ch][i] = from + fade[at - slot->blendHold] * (to - from);
                else
                    scratch[ch][i] = to;
            }
        }
    }
    slot->blendPosition += n;
    if (slot->blendPosition >= slot->blendHold + length) {
        slot->blending = 0;
        slot->blendFrom = NULL;
    }
}

/* ---- guard and measurement ---- */

static uint32_t exponentOverflow(const float *restrict samples, uint32_t n) {
    uint32_t seen = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &samples[i], sizeof bits);
        seen |= (bits & 0x7FFFFFFFu) + 0x00800000u; /* infinities and NaNs carry into bit 31 */
    }
    return seen & 0x80000000u;
}

static void muteAndReset(ModuleSlot *slot, float *const *output, uint32_t channels, uint32_t n) {
    for (uint32_t ch = 0; ch < channels; ch++) memset(output[ch], 0, n * sizeof(float));
    if (slot->phase != PHASE_IDLE) {
        slot->from = slot->to;
        slot->phase = PHASE_IDLE;
    }
    dynchain_slot_reset(slot, 0);
    if (slot->hasTwin) dynchain_slot_reset(slot, 1);
    slot->nonFiniteCount += 1;
    slot->fault = 1;
}

#define LANES 8u

static void measureLevel(ModuleSlot *slot, float *const *output, uint32_t n) {
    uint32_t channels = slot->wires[0][slot->numInputs].channels;
    for (uint32_t ch = 0; ch < channels; ch++) {
        float peak[LANES] = {0}, square[LANES] = {0};
        uint32_t i = 0;
        for (; i + LANES <= n; i += LANES) {
            for (uint32_t l = 0; l < LANES; l++) {
                float x = output[ch][i + l];
                float magnitude = x < 0.0f ? -x : x;
                peak[l] = magnitude > peak[l] ? magnitude : peak[l];
                square[l] += x * x;
            }
        }
        for (; i < n; i++) {
            float x = output[ch][i];
            float magnitude = x < 0.0f ? -x : x;
            peak[0] = magnitude > peak[0] ? magnitude : peak[0];
            square[0] += x * x;
        }
        for (uint32_t l = 1; l < LANES; l++) {
            peak[0] = peak[l] > peak[0] ? peak[l] : peak[0];
            square[0] += square[l];
        }
        slot->peak[ch] = peak[0];
        slot->square[ch] = square[0] / (float)n;
        if (slot->table->levels && !slot->from.bypass) {
            float rms = 0.0f;
            if (slot->table->levels(&slot->instance[slot->from.instance], ch, &slot->peak[ch], &rms) == DYNCHAIN_OK)
                slot->square[ch] = rms * rms;
        }
    }
}

/* ---- the frame ---- */

void dynchain_slot_process(DynChain *chain, ModuleSlot *slot, uint32_t numSamples) DYNCHAIN_NONBLOCKING {
    uint64_t start = 0;
    if (slot->measure & DYNCHAIN_MEASURE_TIME && chain->config.now)
        start = chain->config.now(chain->config.nowContext);
    slot->fault = 0;
    slot->started = 1;

    uint32_t inChannels = 0, channels = 0;
    for (uint32_t p = 0; p < slot->numPorts; p++) {
        if (p == slot->numInputs) inChannels = channels;
        for (uint32_t ch = 0; ch < slot->wires[0][p].channels; ch++)
            slot->frameChannels[channels++] = slot->basePointers[p][ch];
    }
    if (slot->numOutputs == 0) inChannels = channels;
    uint32_t outChannels = channels - inChannels;
    float *const *input = slot->frameChannels;
    float *const *output = slot->frameChannels + inChannels;
    float *const *heardInput = input;
    if (slot->blending) {
        blendInput(slot, input, chain->inScratch, inChannels, numSamples);
        heardInput = chain->inScratch;
    }

    uint64_t framePosition = slot->position;
    Segment s = {.offset = 0, .input = heardInput, .output = output, .scratch = chain->outScratch};
    while (s.offset < numSamples) {
        dynchain_slot_advance(slot);
        s.n = numSamples - s.offset;
        if (slot->phase != PHASE_IDLE && slot->phaseLeft < s.n) s.n = slot->phaseLeft;
        processSegment(slot, outChannels, &s);
        s.offset += s.n;
    }

    uint32_t bad = 0;
    for (uint32_t ch = 0; ch < outChannels; ch++) bad |= exponentOverflow(output[ch], numSamples);
    if (bad) muteAndReset(slot, output, outChannels, numSamples);

    if (slot->capture[DYNCHAIN_CAPTURE_INPUT])
        slot->capture[DYNCHAIN_CAPTURE_INPUT](slot->captureContext[DYNCHAIN_CAPTURE_INPUT],
                                              (uint32_t)(slot - chain->slots), DYNCHAIN_CAPTURE_INPUT,
                                              (const float *const *)heardInput, inChannels, numSamples, framePosition);
    if (slot->capture[DYNCHAIN_CAPTURE_OUTPUT])
        slot->capture[DYNCHAIN_CAPTURE_OUTPUT](slot->captureContext[DYNCHAIN_CAPTURE_OUTPUT],
                                               (uint32_t)(slot - chain->slots), DYNCHAIN_CAPTURE_OUTPUT,
                                               (const float *const *)output, outChannels, numSamples, framePosition);
    if (slot->measure & DYNCHAIN_MEASURE_LEVEL && slot->numOutputs > 0) measureLevel(slot, output, numSamples);
    if (slot->measure & DYNCHAIN_MEASURE_TIME && chain->config.now)
        slot->processNs = (uint32_t)(chain->config.now(chain->config.nowContext) - start);
}
