/* The two rings between the control thread and the audio thread: events in, telemetry and retired plans out.
 * SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

int32_t DynHost_PushEvents(DynHost *host, const DynHostEvent *events, uint32_t count) {
    if (host == NULL || host->magic != DYNHOST_MAGIC || (count > 0 && events == NULL)) return DYNCHAIN_ERR_ARGUMENT;
    for (uint32_t i = 0; i < count; i++) {
        if (events[i].kind < DYNHOST_PARAM || events[i].kind > DYNHOST_TAP) return DYNCHAIN_ERR_ARGUMENT;
        if (events[i].kind == DYNHOST_TAP &&
            (events[i].index > DYNCHAIN_CAPTURE_OUTPUT || (events[i].tap != NULL && !events[i].tap->write)))
            return DYNCHAIN_ERR_ARGUMENT;
        if (events[i].kind != DYNHOST_SWAP) continue;
        const DynHostPlan *plan = events[i].plan;
        if (plan == NULL || plan->magic != DYNHOST_PLAN_MAGIC || plan->config.frameSize != host->config.frameSize ||
            plan->config.sampleRate != host->config.sampleRate || plan->config.numInputs != host->config.numInputs ||
            plan->config.numOutputs != host->config.numOutputs)
            return DYNCHAIN_ERR_ARGUMENT;
    }
    uint64_t tail = atomic_load_explicit(&host->eventTail, memory_order_relaxed);
    uint64_t head = atomic_load_explicit(&host->eventHead, memory_order_acquire);
    if (count > host->config.eventCapacity - (tail - head)) return DYNCHAIN_ERR_MEMORY;
    for (uint32_t i = 0; i < count; i++) {
        DynHostEvent *slot = &host->events[(tail + i) & (host->config.eventCapacity - 1)];
        *slot = events[i];
        if (slot->position < host->lastPosition) slot->position = host->lastPosition;
        host->lastPosition = slot->position;
        if (slot->kind == DYNHOST_SWAP) atomic_fetch_add_explicit(&host->pendingSwaps, 1, memory_order_relaxed);
    }
    atomic_store_explicit(&host->eventTail, tail + count, memory_order_release);
    return DYNCHAIN_OK;
}

const DynHostEvent *dynhost_next_swap(DynHost *host, uint64_t position, uint64_t *index) DYNCHAIN_NONBLOCKING {
    uint64_t tail = atomic_load_explicit(&host->eventTail, memory_order_acquire);
    while (host->hostCursor < tail) {
        const DynHostEvent *event = &host->events[host->hostCursor & (host->config.eventCapacity - 1)];
        if (event->position > position) return NULL;
        if (event->kind == DYNHOST_SWAP) {
            *index = host->hostCursor;
            return event;
        }
        host->hostCursor += 1;
    }
    return NULL;
}

void dynhost_release_events(DynHost *host) DYNCHAIN_NONBLOCKING {
    uint64_t least = host->hostCursor;
    const DynHostPlan *plans[2] = {host->current, host->next};
    for (uint32_t p = 0; p < 2; p++)
        for (uint32_t s = 0; plans[p] != NULL && s <= plans[p]->maxStage; s++)
            if (plans[p]->cursors[s] < least) least = plans[p]->cursors[s];
    atomic_store_explicit(&host->eventHead, least, memory_order_release);
}

DynHostPlan *DynHost_TakeRetired(DynHost *host) {
    if (host == NULL || host->magic != DYNHOST_MAGIC) return NULL;
    uint32_t head = atomic_load_explicit(&host->retiredHead, memory_order_relaxed);
    if (head == atomic_load_explicit(&host->retiredTail, memory_order_acquire)) return NULL;
    DynHostPlan *plan = host->retired[head % DYNHOST_RETIRED_CAPACITY];
    atomic_store_explicit(&host->retiredHead, head + 1, memory_order_release);
    return plan;
}

void dynhost_record(DynHost *host, const DynHostRecord *record) DYNCHAIN_NONBLOCKING {
    uint64_t tail = atomic_load_explicit(&host->recordTail, memory_order_relaxed);
    uint64_t head = atomic_load_explicit(&host->recordHead, memory_order_acquire);
    if (tail - head >= host->config.telemetryCapacity) {
        dynhost_count(&host->lostTelemetry, 1);
        return;
    }
    host->records[tail & (host->config.telemetryCapacity - 1)] = *record;
    atomic_store_explicit(&host->recordTail, tail + 1, memory_order_release);
}

uint32_t DynHost_ReadTelemetry(DynHost *host, DynHostRecord *records, uint32_t capacity) {
    if (host == NULL || host->magic != DYNHOST_MAGIC || records == NULL) return 0;
    uint64_t head = atomic_load_explicit(&host->recordHead, memory_order_relaxed);
    uint64_t tail = atomic_load_explicit(&host->recordTail, memory_order_acquire);
    uint32_t count = tail - head < capacity ? (uint32_t)(tail - head) : capacity;
    for (uint32_t i = 0; i < count; i++)
        records[i] = host->records[(head + i) & (host->config.telemetryCapacity - 1)];
    atomic_store_explicit(&host->recordHead, head + count, memory_order_release);
    return count;
}

void dynhost_report(DynHost *host, const DynHostPlan *plan, uint64_t position, uint32_t blockNs) DYNCHAIN_NONBLOCKING {
    DynHostRecord record = {.position = position, .kind = DYNHOST_RECORD_BLOCK, .ns = blockNs};
    if (host->config.now) dynhost_record(host, &record);
    for (uint32_t c = 0; c < plan->config.numCores && host->config.now; c++) {
        record = (DynHostRecord){
            .position = position, .kind = DYNHOST_RECORD_CORE, .handle = c, .ns = plan->coreNs[c]};
        dynhost_record(host, &record);
    }
    for (uint32_t m = 0; m < plan->config.numModules; m++) {
        const DynHostModule *module = &plan->modules[m];
        const DynChain *chain = plan->cores[module->core];
        ModuleSlot *slot = &chain->slots[module->module];
        if (slot->fault) {
            record = (DynHostRecord){.position = position, .kind = DYNHOST_RECORD_FAULT, .handle = module->handle};
            dynhost_record(host, &record);
            dynhost_count(&host->nonFiniteOutputs, 1);
        }
        if (slot->measure & DYNCHAIN_MEASURE_TIME) {
            record = (DynHostRecord){.position = position,
                                     .kind = DYNHOST_RECORD_MODULE,
                                     .handle = module->handle,
                                     .ns = slot->processNs,
                                     .latency = DynChain_ModuleLatency(chain, module->module)};
            dynhost_record(host, &record);
        }
        if (slot->measure & DYNCHAIN_MEASURE_LEVEL && slot->numOutputs > 0) {
            for (uint32_t ch = 0; ch < slot->wires[0][slot->numInputs].channels; ch++) {
                record = (DynHostRecord){.position = position,
                                         .kind = DYNHOST_RECORD_LEVEL,
                                         .handle = module->handle,
                                         .channel = ch,
                                         .peak = slot->peak[ch],
                                         .square = slot->square[ch]};
                dynhost_record(host, &record);
            }
        }
    }
}
