/* One frame through a chain.
 * SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

static void copyOut(const DynChain *chain, float *const *out, uint32_t numSamples) {
    uint32_t next = 0;
    for (uint32_t o = 0; o < chain->config.numOutputs; o++) {
        const PortSource *source = &chain->topology->outputs[o];
        for (uint32_t ch = 0; ch < chain->config.outputChannels[o]; ch++, next++) {
            const float *from = NULL;
            if (source->module == DYNCHAIN_EXTERNAL) {
                uint32_t first = 0;
                for (uint32_t p = 0; p < source->port; p++) first += chain->config.inputChannels[p];
                from = chain->externalIn[first + ch];
            } else if (source->module != DYNCHAIN_UNCONNECTED) {
                from = chain->slots[source->module].basePointers[source->port][ch];
            }
            if (from == NULL)
                memset(out[next], 0, numSamples * sizeof(float));
            else
                memcpy(out[next], from, numSamples * sizeof(float));
        }
    }
}

int32_t DynChain_Process(DynChain *chain, const float *const *in, uint32_t inChannels, float *const *out,
                         uint32_t outChannels, uint32_t numSamples) DYNCHAIN_NONBLOCKING {
    if (chain == NULL || chain->magic != DYNCHAIN_MAGIC) return DYNCHAIN_ERR_ARGUMENT;
    if (!chain->built) return DYNCHAIN_ERR_STATE;
    if (inChannels != chain->totalIn || outChannels != chain->totalOut || (inChannels > 0 && in == NULL) ||
        (outChannels > 0 && out == NULL) || numSamples == 0 || numSamples > chain->config.frameSize)
        return DYNCHAIN_ERR_ARGUMENT;
    FpuState fpu = dynchain_fpu_enter();
    for (uint32_t ch = 0; ch < inChannels; ch++) chain->externalIn[ch] = (float *)in[ch];
    for (uint32_t i = 0; i < chain->numSlots; i++) {
        ModuleSlot *slot = &chain->slots[chain->topology->order[i]];
        if (slot->stage <= chain->tick) dynchain_slot_process(chain, slot, numSamples);
    }
    copyOut(chain, out, numSamples);
    chain->tick += 1;
    dynchain_fpu_leave(fpu);
    return DYNCHAIN_OK;
}
