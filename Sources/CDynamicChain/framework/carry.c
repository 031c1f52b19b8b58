/* State that survives an edit: a module of a new chain goes on where the same module of the old one stands.
 * SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

static int sameStructure(const ModuleSlot *a, const ModuleSlot *b) {
    if (a->table != b->table || a->numValues != b->numValues || a->stateSize != b->stateSize) return 0;
    if (a->instance[0].sampleRate != b->instance[0].sampleRate || a->bypassLength != b->bypassLength) return 0;
    for (uint32_t p = 0; p < a->numPorts; p++)
        if (a->wires[0][p].channels != b->wires[0][p].channels) return 0;
    return memcmp(a->instance[0].structural, b->instance[0].structural, sizeof a->instance[0].structural) == 0;
}

int32_t DynChain_CarryBulk(DynChain *chain, uint32_t to, const DynChain *fromChain, uint32_t from) {
    ModuleSlot *slot = dynchain_slot(chain, to);
    const ModuleSlot *old = dynchain_slot(fromChain, from);
    if (slot == NULL || old == NULL) return DYNCHAIN_ERR_UNKNOWN;
    if (slot->started || !sameStructure(slot, old)) return DYNCHAIN_ERR_STATE;
    if (slot->table->copyBulk == NULL) return DYNCHAIN_OK;
    /* Only modules without a twin hold bulk history, so the instance is the same before and after a switch. */
    return slot->table->copyBulk(&slot->instance[0], &old->instance[0]);
}

/* Values given to the new chain before the carry are its targets; those in which the carried state differs are set
 * again, smoothly this time. */
static void reconcile(ModuleSlot *slot, const ModuleSlot *old) {
    for (uint32_t p = 1; p <= slot->table->numParams; p++) {
        const DynChainParamSchema *schema = &slot->table->params[p - 1];
        int switched = schema->change == DYNCHAIN_CHANGE_SWITCHED && slot->hasTwin;
        for (uint32_t e = 0; e < slot->paramCount[p]; e++) {
            uint32_t at = slot->paramBase[p] + e;
            if (slot->values[at] == old->values[at] && !old->dirty[at]) continue;
            if (!switched) {
                dynchain_slot_deliver(slot, 0, p, e, 0);
            } else if (!slot->dirty[at]) {
                slot->dirty[at] = 1;
                slot->dirtyCount += 1;
            }
        }
    }
}

int32_t DynChain_CarryState(DynChain *chain, uint32_t to, const DynChain *fromChain, uint32_t from, uint8_t joined) DYNCHAIN_NONBLOCKING {
    ModuleSlot *slot = dynchain_slot(chain, to);
    const ModuleSlot *old = dynchain_slot(fromChain, from);
    if (slot == NULL || old == NULL) return DYNCHAIN_ERR_UNKNOWN;
    if (slot->started || !sameStructure(slot, old)) return DYNCHAIN_ERR_STATE;
    if (!old->started) return DYNCHAIN_OK; /* nothing to carry: both begin */
    uint32_t current = dynchain_slot_current(old);
    int32_t result = dynchain_instance_copy(&slot->instance[0], &old->instance[current], slot->stateSize);
    if (result != DYNCHAIN_OK) {
        dynchain_slot_reset(slot, 0);
        for (uint32_t p = 1; p <= slot->table->numParams; p++)
            for (uint32_t e = 0; e < slot->paramCount[p]; e++) dynchain_slot_deliver(slot, 0, p, e, 1);
        return DYNCHAIN_ERR_STATE;
    }
    const Path *heard = old->phase == PHASE_IDLE ? &old->from : &old->to;
    slot->from = (Path){.bypass = heard->bypass, .instance = 0, .latency = heard->latency};
    slot->position = old->position;
    slot->started = 1;
    if (slot->bypassLength > 0) {
        memcpy(slot->bypassRing, old->bypassRing,
               (size_t)slot->bypassLength * slot->wires[0][0].channels * sizeof(float));
        slot->bypassWrite = old->bypassWrite;
    }
    if (joined && slot->table->join) slot->table->join(&slot->instance[0]);
    reconcile(slot, old);
    return DYNCHAIN_OK;
}

int32_t DynChain_BlendInput(DynChain *chain, uint32_t to, const DynChain *fromChain, uint32_t from,
                            uint32_t holdSamples) DYNCHAIN_NONBLOCKING {
    ModuleSlot *slot = dynchain_slot(chain, to);
    if (slot == NULL) return DYNCHAIN_ERR_UNKNOWN;
    const ModuleSlot *old = NULL;
    if (fromChain != NULL) {
        old = dynchain_slot(fromChain, from);
        if (old == NULL) return DYNCHAIN_ERR_UNKNOWN;
        if (!sameStructure(slot, old)) return DYNCHAIN_ERR_STATE;
    }
    slot->blendFrom = old;
    slot->blendHold = holdSamples;
    slot->blendPosition = 0;
    slot->blending = slot->numInputs > 0;
    return DYNCHAIN_OK;
}
