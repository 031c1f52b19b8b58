/* What a host may ask of a chain: names, latencies, metrics, capture hooks.
 * SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

uint32_t DynChain_ModuleCount(const DynChain *chain) {
    return chain != NULL && chain->magic == DYNCHAIN_MAGIC && chain->loaded ? chain->numSlots : 0;
}

const char *DynChain_ModuleId(const DynChain *chain, uint32_t module) {
    return module < DynChain_ModuleCount(chain) ? chain->slots[module].id : NULL;
}

int32_t DynChain_FindModule(const DynChain *chain, const char *instanceId) {
    if (chain == NULL || instanceId == NULL) return DYNCHAIN_ERR_ARGUMENT;
    for (uint32_t m = 0; m < DynChain_ModuleCount(chain); m++)
        if (strcmp(chain->slots[m].id, instanceId) == 0) return (int32_t)m;
    return DYNCHAIN_ERR_UNKNOWN;
}

const ModuleInstance *DynChain_Module(const DynChain *chain, uint32_t module) {
    const ModuleSlot *slot = dynchain_slot(chain, module);
    return slot != NULL ? &slot->instance[dynchain_slot_current(slot)] : NULL;
}

uint32_t DynChain_ModuleLatency(const DynChain *chain, uint32_t module) DYNCHAIN_NONBLOCKING {
    const ModuleSlot *slot = dynchain_slot(chain, module);
    return slot != NULL ? dynchain_slot_latency(slot, dynchain_slot_current(slot)) : 0;
}

int32_t DynChain_SetMeasure(DynChain *chain, uint32_t module, uint32_t what) DYNCHAIN_NONBLOCKING {
    ModuleSlot *slot = dynchain_slot(chain, module);
    if (slot == NULL) return DYNCHAIN_ERR_UNKNOWN;
    if (what & ~(DYNCHAIN_MEASURE_TIME | DYNCHAIN_MEASURE_LEVEL)) return DYNCHAIN_ERR_ARGUMENT;
    slot->measure = (uint8_t)what;
    return DYNCHAIN_OK;
}

int32_t DynChain_GetMetrics(const DynChain *chain, uint32_t module, DynChainModuleMetrics *metrics) DYNCHAIN_NONBLOCKING {
    const ModuleSlot *slot = dynchain_slot(chain, module);
    if (slot == NULL) return DYNCHAIN_ERR_UNKNOWN;
    if (metrics == NULL || metrics->structSize < sizeof *metrics) return DYNCHAIN_ERR_ARGUMENT;
    uint32_t size = metrics->structSize;
    memset(metrics, 0, sizeof *metrics);
    metrics->abiVersion = DYNCHAIN_ABI_VERSION;
    metrics->structSize = size;
    metrics->latencySamples = dynchain_slot_latency(slot, dynchain_slot_current(slot));
    metrics->nonFiniteCount = slot->nonFiniteCount;
    if (slot->measure & DYNCHAIN_MEASURE_TIME) metrics->processTimeNs = slot->processNs;
    if (slot->numOutputs == 0) return DYNCHAIN_OK;
    metrics->channels = slot->wires[0][slot->numInputs].channels;
    if (slot->measure & DYNCHAIN_MEASURE_LEVEL) {
        memcpy(metrics->peak, slot->peak, metrics->channels * sizeof(float));
        memcpy(metrics->square, slot->square, metrics->channels * sizeof(float));
    }
    return DYNCHAIN_OK;
}

int32_t DynChain_SetCaptureHook(DynChain *chain, uint32_t module, uint32_t point, DynChainCaptureFn callback,
                                void *context) DYNCHAIN_NONBLOCKING {
    ModuleSlot *slot = dynchain_slot(chain, module);
    if (slot == NULL) return DYNCHAIN_ERR_UNKNOWN;
    if (point > DYNCHAIN_CAPTURE_OUTPUT) return DYNCHAIN_ERR_ARGUMENT;
    slot->capture[point] = callback;
    slot->captureContext[point] = context;
    return DYNCHAIN_OK;
}
