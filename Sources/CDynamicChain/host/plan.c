/* An execution plan in memory: cores, the frame slots between them, and the running of one frame.
 * SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

static uint32_t strideOf(uint32_t frameSize) { return ((frameSize + 15u) & ~15u) + 16u; }

static int coreRange(const DynHostPlanConfig *config, uint8_t core, uint32_t first, uint32_t channels, int isSource) {
    uint32_t total;
    if (core == DYNHOST_IO)
        total = isSource ? config->numInputs : config->numOutputs;
    else if (core < config->numCores)
        total = isSource ? config->coreOutputs[core] : config->coreInputs[core];
    else
        return 0;
    return channels > 0 && first + channels <= total;
}

static int overlaps(uint8_t coreA, uint32_t firstA, uint32_t channelsA, uint8_t coreB, uint32_t firstB,
                    uint32_t channelsB) {
    return coreA == coreB && firstA < firstB + channelsB && firstB < firstA + channelsA;
}

static int edgesAreGood(const DynHostPlanConfig *config) {
    for (uint32_t e = 0; e < config->numEdges; e++) {
        const DynHostEdge *edge = &config->edges[e];
        if (!coreRange(config, edge->fromCore, edge->fromChannel, edge->channels, 1) ||
            !coreRange(config, edge->toCore, edge->toChannel, edge->channels, 0) || edge->delayFrames > 0xFFFF)
            return 0;
        if (edge->fromCore != DYNHOST_IO && edge->toCore != DYNHOST_IO && edge->delayFrames == 0) return 0;
        for (uint32_t o = 0; o < e; o++) {
            const DynHostEdge *other = &config->edges[o];
            if (overlaps(edge->toCore, edge->toChannel, edge->channels, other->toCore, other->toChannel,
                         other->channels))
                return 0; /* one writer a channel */
            if (edge->fromCore != DYNHOST_IO && overlaps(edge->fromCore, edge->fromChannel, edge->channels,
                                                         other->fromCore, other->fromChannel, other->channels))
                return 0; /* a core writes each of its outputs into one place */
        }
    }
    return 1;
}

static int configIsGood(const DynHostPlanConfig *config) {
    if (config == NULL || config->abiVersion != DYNCHAIN_ABI_VERSION || config->structSize < sizeof *config) return 0;
    if (config->numCores == 0 || config->numCores > DYNCHAIN_MAX_CORES || config->cores == NULL) return 0;
    if (config->frameSize == 0 || config->frameSize > DYNCHAIN_MAX_FRAME || config->coreInputs == NULL ||
        config->coreOutputs == NULL)
        return 0;
    if ((config->numEdges > 0 && config->edges == NULL) || (config->numModules > 0 && config->modules == NULL)) return 0;
    for (uint32_t c = 0; c < config->numCores; c++) {
        const DynChain *chain = config->cores[c];
        if (chain == NULL || chain->magic != DYNCHAIN_MAGIC || !chain->built ||
            chain->config.frameSize != config->frameSize || chain->config.sampleRate != config->sampleRate ||
            chain->totalIn != config->coreInputs[c] || chain->totalOut != config->coreOutputs[c])
            return 0;
    }
    for (uint32_t m = 0; m < config->numModules; m++) {
        const DynHostModule *module = &config->modules[m];
        if (module->core >= config->numCores || module->module >= config->cores[module->core]->numSlots) return 0;
        if (config->cores[module->core]->slots[module->module].stage != module->stage) return 0;
    }
    return edgesAreGood(config);
}

static uint32_t depthOf(const DynHostEdge *edge) {
    int outside = edge->fromCore == DYNHOST_IO || edge->toCore == DYNHOST_IO;
    return outside && edge->delayFrames == 0 ? 0 : edge->delayFrames + 1;
}

static uint32_t highestStage(const DynHostPlanConfig *config) {
    uint32_t stage = 0;
    for (uint32_t m = 0; m < config->numModules; m++)
        if (config->modules[m].stage > stage) stage = config->modules[m].stage;
    return stage;
}

static void take(Arena *arena, const DynHostPlanConfig *config, DynHostPlan **made) {
    uint32_t stride = strideOf(config->frameSize);
    DynHostPlan *plan = dynchain_arena_take(arena, sizeof *plan);
    DynHostPlan standIn; /* while counting */
    if (plan == NULL) plan = &standIn;
    plan->cores = dynchain_arena_take(arena, config->numCores * sizeof(DynChain *));
    plan->coreInputs = dynchain_arena_take(arena, config->numCores * sizeof(uint16_t));
    plan->coreOutputs = dynchain_arena_take(arena, config->numCores * sizeof(uint16_t));
    plan->wires = dynchain_arena_take(arena, config->numEdges * sizeof(Wire));
    plan->modules = dynchain_arena_take(arena, config->numModules * sizeof(DynHostModule));
    plan->handles = dynchain_arena_take(arena, config->numModules * sizeof(HandleEntry));
    plan->pairs = dynchain_arena_take(arena, config->numModules * sizeof(int32_t));
    plan->cursors = dynchain_arena_take(arena, (highestStage(config) + 1) * sizeof(uint64_t));
    plan->taps = dynchain_arena_take(arena, 2u * config->numModules * sizeof(TapSlot));
    plan->latencies = dynchain_arena_take(arena, config->numModules * sizeof *plan->latencies);
    plan->zeros = dynchain_arena_take(arena, stride * sizeof(float));
    plan->waste = dynchain_arena_take(arena, stride * sizeof(float));
    for (uint32_t c = 0; c < config->numCores; c++) {
        plan->coreIn[c] = dynchain_arena_take(arena, config->coreInputs[c] * sizeof(float *));
        plan->coreOut[c] = dynchain_arena_take(arena, config->coreOutputs[c] * sizeof(float *));
    }
    plan->out = dynchain_arena_take(arena, config->numOutputs * sizeof(float *));
    float *samples = dynchain_arena_take(arena, (size_t)config->numOutputs * stride * sizeof(float));
    for (uint32_t e = 0; e < config->numEdges; e++) {
        const DynHostEdge *edge = &config->edges[e];
        size_t floats = (size_t)depthOf(edge) * edge->channels * stride;
        float *frames = dynchain_arena_take(arena, floats * sizeof(float));
        if (arena->base != NULL && !arena->exhausted) plan->wires[e] = (Wire){*edge, depthOf(edge), frames};
    }
    if (arena->base != NULL && !arena->exhausted)
        for (uint32_t ch = 0; ch < config->numOutputs; ch++) plan->out[ch] = samples + (size_t)ch * stride;
    if (made != NULL) *made = plan;
}

int32_t DynHostPlan_GetMemSize(const DynHostPlanConfig *config, size_t *size) {
    if (size == NULL || !configIsGood(config)) return DYNCHAIN_ERR_ARGUMENT;
    Arena arena = {0};
    take(&arena, config, NULL);
    *size = arena.used + 2 * DYNCHAIN_ALIGN;
    return DYNCHAIN_OK;
}

static int32_t findHandle(const DynHostPlan *plan, uint32_t handle) {
    uint32_t low = 0, high = plan->config.numModules;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (plan->handles[middle].handle < handle)
            low = middle + 1;
        else
            high = middle;
    }
    return low < plan->config.numModules && plan->handles[low].handle == handle ? (int32_t)plan->handles[low].module
                                                                                : -1;
}

/* ---- latency ---- */

static void publishLatencies(DynHostPlan *plan) DYNCHAIN_NONBLOCKING {
    for (uint32_t m = 0; m < plan->config.numModules; m++) {
        const ModuleSlot *slot = &plan->cores[plan->modules[m].core]->slots[plan->modules[m].module];
        if (!slot->table->latency) continue; /* stays 0 */
        atomic_store_explicit(&plan->latencies[m], dynchain_slot_latency(slot, dynchain_slot_current(slot)),
                              memory_order_relaxed);
    }
}

int32_t DynHostPlan_Refresh(DynHostPlan *plan) {
    if (plan == NULL || plan->magic != DYNHOST_PLAN_MAGIC) return DYNCHAIN_ERR_ARGUMENT;
    publishLatencies(plan);
    return DYNCHAIN_OK;
}

uint32_t DynHostPlan_ModuleLatency(const DynHostPlan *plan, uint32_t handle) {
    if (plan == NULL || plan->magic != DYNHOST_PLAN_MAGIC) return 0;
    int32_t m = findHandle(plan, handle);
    return m < 0 ? 0 : atomic_load_explicit(&plan->latencies[m], memory_order_relaxed);
}

/* ---- making ---- */

/* Insertion sort: at most 255 modules a core, and no allocation. */
static void sortHandles(HandleEntry *entries, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        HandleEntry entry = entries[i];
        uint32_t at = i;
        for (; at > 0 && entries[at - 1].handle > entry.handle; at--) entries[at] = entries[at - 1];
        entries[at] = entry;
    }
}

int32_t DynHostPlan_Init(void *memory, size_t size, const DynHostPlanConfig *config, DynHostPlan **plan) {
    if (memory == NULL || plan == NULL || !configIsGood(config)) return DYNCHAIN_ERR_ARGUMENT;
    *plan = NULL;
    uintptr_t start = ((uintptr_t)memory + (DYNCHAIN_ALIGN - 1)) & ~(uintptr_t)(DYNCHAIN_ALIGN - 1);
    size_t lost = start - (uintptr_t)memory;
    Arena counting = {0};
    take(&counting, config, NULL);
    if (size < lost || size - lost < counting.used) return DYNCHAIN_ERR_MEMORY;
    Arena arena = {.base = (uint8_t *)start, .size = size - lost};
    DynHostPlan *made;
    take(&arena, config, &made);
    made->config = *config;
    memcpy(made->cores, config->cores, config->numCores * sizeof(DynChain *));
    memcpy(made->coreInputs, config->coreInputs, config->numCores * sizeof(uint16_t));
    memcpy(made->coreOutputs, config->coreOutputs, config->numCores * sizeof(uint16_t));
    if (config->numModules > 0) memcpy(made->modules, config->modules, config->numModules * sizeof(DynHostModule));
    made->config.cores = made->cores;
    made->config.coreInputs = made->coreInputs;
    made->config.coreOutputs = made->coreOutputs;
    made->config.modules = made->modules;
    made->config.edges = NULL;
    made->stride = strideOf(config->frameSize);
    made->maxStage = highestStage(config);
    for (uint32_t m = 0; m < config->numModules; m++) {
        made->pairs[m] = -1;
        made->handles[m] = (HandleEntry){made->modules[m].handle, m};
    }
    sortHandles(made->handles, config->numModules);
    for (uint32_t m = 1; m < config->numModules; m++)
        if (made->handles[m].handle == made->handles[m - 1].handle) return DYNCHAIN_ERR_ARGUMENT;
    made->magic = DYNHOST_PLAN_MAGIC;
    publishLatencies(made);
    *plan = made;
    return DYNCHAIN_OK;
}

void *DynHostPlan_Owner(const DynHostPlan *plan) { return plan != NULL ? plan->config.owner : NULL; }

void dynhost_plan_start(DynHostPlan *plan, uint64_t firstEvent) DYNCHAIN_NONBLOCKING {
    for (uint32_t s = 0; s <= plan->maxStage; s++) plan->cursors[s] = firstEvent;
}

/* ---- carrying state ---- */

int32_t DynHostPlan_Carry(DynHostPlan *plan, const DynHostPlan *running) {
    if (plan == NULL || plan->magic != DYNHOST_PLAN_MAGIC) return DYNCHAIN_ERR_ARGUMENT;
    if (running != NULL && running->magic != DYNHOST_PLAN_MAGIC) return DYNCHAIN_ERR_ARGUMENT;
    plan->carryFrom = running;
    for (uint32_t m = 0; m < plan->config.numModules; m++) {
        const DynHostModule *module = &plan->modules[m];
        plan->pairs[m] = running != NULL ? findHandle(running, module->handle) : -1;
        if (plan->pairs[m] < 0) continue;
        const DynHostModule *old = &running->modules[plan->pairs[m]];
        if (DynChain_CarryBulk(plan->cores[module->core], module->module, running->cores[old->core], old->module) !=
            DYNCHAIN_OK)
            plan->pairs[m] = -1;
    }
    return DYNCHAIN_OK;
}

/* Carries one module that starts with this frame; 0 when it must start afresh. */
static int carryModule(DynHostPlan *plan, uint32_t m, uint32_t holdSamples, int dip) DYNCHAIN_NONBLOCKING {
    if (plan->pairs[m] < 0) return 0;
    const DynHostModule *module = &plan->modules[m];
    const DynHostModule *old = &plan->carryFrom->modules[plan->pairs[m]];
    DynChain *chain = plan->cores[module->core], *from = plan->carryFrom->cores[old->core];
    const ModuleSlot *slot = &chain->slots[module->module];
    int joined = dip || old->stage != module->stage;
    /* Where the input does not go on, only a long history is worth keeping; shorter states would pass the joint on to
     * the histories behind them. */
    int keep = !joined || slot->numInputs == 0 || (slot->table->flags & DYNCHAIN_MODULE_HISTORY) != 0;
    if (!keep) return 0;
    if (DynChain_CarryState(chain, module->module, from, old->module, (uint8_t)joined) != DYNCHAIN_OK) return 0;
    if (joined)
        DynChain_BlendInput(chain, module->module, NULL, 0, 0);
    else
        DynChain_BlendInput(chain, module->module, from, old->module,
                            holdSamples - module->stage * plan->config.frameSize);
    return 1;
}

void dynhost_plan_carry(DynHostPlan *plan, uint32_t holdSamples, int dip) DYNCHAIN_NONBLOCKING {
    for (uint32_t m = 0; m < plan->config.numModules; m++) {
        const DynHostModule *module = &plan->modules[m];
        if (dip ? plan->tick != 0 : module->stage != plan->tick) continue;
        if (!carryModule(plan, m, holdSamples, dip))
            DynChain_BlendInput(plan->cores[module->core], module->module, NULL, 0, 0);
    }
}

/* ---- one frame ---- */

static float *wireFrame(const DynHostPlan *plan, const Wire *wire, uint64_t tick, uint32_t channel) {
    size_t frame = (size_t)(tick % wire->depth) * wire->edge.channels + channel;
    return wire->frames + frame * plan->stride;
}

/* Points every core's inputs and outputs at this frame's places. */
static void aim(const DynHost *host, DynHostPlan *plan) {
    uint32_t bytes = plan->config.frameSize * (uint32_t)sizeof(float);
    for (uint32_t c = 0; c < plan->config.numCores; c++) {
        for (uint32_t ch = 0; ch < plan->coreInputs[c]; ch++) plan->coreIn[c][ch] = plan->zeros;
        for (uint32_t ch = 0; ch < plan->coreOutputs[c]; ch++) plan->coreOut[c][ch] = plan->waste;
    }
    for (uint32_t ch = 0; ch < plan->config.numOutputs; ch++) memset(plan->out[ch], 0, bytes);
    for (uint32_t e = 0; e < plan->config.numEdges; e++) {
        const Wire *wire = &plan->wires[e];
        const DynHostEdge *edge = &wire->edge;
        for (uint32_t ch = 0; ch < edge->channels; ch++) {
            float *write = wire->depth > 0 ? wireFrame(plan, wire, plan->tick, ch) : NULL;
            const float *read =
                wire->depth > 0 ? wireFrame(plan, wire, plan->tick + wire->depth - edge->delayFrames, ch) : NULL;
            if (edge->fromCore == DYNHOST_IO) {
                if (write != NULL)
                    memcpy(write, host->in[edge->fromChannel + ch], bytes);
                else
                    read = host->in[edge->fromChannel + ch];
            } else {
                plan->coreOut[edge->fromCore][edge->fromChannel + ch] =
                    write != NULL ? write : plan->out[edge->toChannel + ch];
            }
            if (edge->toCore != DYNHOST_IO) plan->coreIn[edge->toCore][edge->toChannel + ch] = read;
        }
    }
}

/* Moves what leaves through a slot (or straight from the input) to the plan's outputs. */
static void collect(const DynHost *host, DynHostPlan *plan) {
    uint32_t bytes = plan->config.frameSize * (uint32_t)sizeof(float);
    for (uint32_t e = 0; e < plan->config.numEdges; e++) {
        const Wire *wire = &plan->wires[e];
        const DynHostEdge *edge = &wire->edge;
        if (edge->toCore != DYNHOST_IO || (wire->depth == 0 && edge->fromCore != DYNHOST_IO)) continue;
        for (uint32_t ch = 0; ch < edge->channels; ch++) {
            const float *from = wire->depth > 0
                                    ? wireFrame(plan, wire, plan->tick + wire->depth - edge->delayFrames, ch)
                                    : host->in[edge->fromChannel + ch];
            memcpy(plan->out[edge->toChannel + ch], from, bytes);
        }
    }
}

static void runCore(void *argument, uint32_t core) DYNCHAIN_NONBLOCKING {
    DynHostPlan *plan = argument;
    uint64_t start = plan->now ? plan->now(plan->nowContext) : 0;
    DynChain_Process(plan->cores[core], plan->coreIn[core], plan->coreInputs[core], plan->coreOut[core],
                     plan->coreOutputs[core], plan->config.frameSize);
    plan->coreNs[core] = plan->now ? (uint32_t)(plan->now(plan->nowContext) - start) : 0;
}

void dynhost_plan_run(DynHost *host, DynHostPlan *plan) DYNCHAIN_NONBLOCKING {
    plan->now = host->config.now;
    plan->nowContext = host->config.nowContext;
    aim(host, plan);
    if (host->config.execute && plan->config.numCores > 1)
        host->config.execute(host->config.executeContext, runCore, plan, plan->config.numCores);
    else
        for (uint32_t c = 0; c < plan->config.numCores; c++) runCore(plan, c);
    collect(host, plan);
    publishLatencies(plan);
    plan->tick += 1;
}

/* ---- taps ---- */

/* While two plans run, the one that is heard is the one that is tapped. */
static void tapped(void *context, uint32_t module, uint32_t point, const float *const *channels, uint32_t count,
                   uint32_t frames, uint64_t position) DYNCHAIN_NONBLOCKING {
    (void)module;
    (void)point;
    const TapSlot *slot = context;
    if (slot->plan == slot->host->current) slot->tap->write(slot->tap->context, channels, count, frames, position);
}

void dynhost_plan_tap(DynHost *host, DynHostPlan *plan, uint32_t module, uint32_t point,
                      const DynHostTap *tap) DYNCHAIN_NONBLOCKING {
    TapSlot *slot = &plan->taps[2 * module + point];
    *slot = (TapSlot){host, plan, tap};
    const DynHostModule *placed = &plan->modules[module];
    DynChain_SetCaptureHook(plan->cores[placed->core], placed->module, point, tap != NULL ? tapped : NULL, slot);
}

/* ---- events of a plan ---- */

static int32_t apply(DynHost *host, DynHostPlan *plan, const DynHostEvent *event, uint32_t stage) {
    int32_t found = findHandle(plan, event->handle);
    /* A module that has gone has nothing to tap. */
    if (found < 0) return stage == 0 && event->kind != DYNHOST_TAP ? DYNCHAIN_ERR_UNKNOWN : DYNCHAIN_OK;
    const DynHostModule *module = &plan->modules[found];
    if (module->stage != stage) return DYNCHAIN_OK;
    DynChain *chain = plan->cores[module->core];
    switch (event->kind) {
    case DYNHOST_PARAM:
        return DynChain_SetParamIndexed(chain, module->module, event->paramTypeId, event->index, &event->value,
                                        event->valueSize);
    case DYNHOST_ENABLE:
        return DynChain_SetEnable(chain, module->module, event->value.u8);
    case DYNHOST_MEASURE:
        return DynChain_SetMeasure(chain, module->module, (uint32_t)event->value.i32);
    case DYNHOST_TAP:
        dynhost_plan_tap(host, plan, (uint32_t)found, event->index, event->tap);
        return DYNCHAIN_OK;
    default:
        return DYNCHAIN_ERR_ARGUMENT;
    }
}

void dynhost_apply_events(DynHost *host, DynHostPlan *plan, uint64_t position, int counts) DYNCHAIN_NONBLOCKING {
    uint64_t tail = atomic_load_explicit(&host->eventTail, memory_order_acquire);
    for (uint32_t stage = 0; stage <= plan->maxStage; stage++) {
        uint64_t late = (uint64_t)stage * plan->config.frameSize;
        while (plan->cursors[stage] < tail) {
            const DynHostEvent *event = &host->events[plan->cursors[stage] & (host->config.eventCapacity - 1)];
            if (event->position + late > position) break;
            if (event->kind != DYNHOST_SWAP && apply(host, plan, event, stage) != DYNCHAIN_OK && counts)
                dynhost_count(&host->refusedEvents, 1);
            plan->cursors[stage] += 1;
        }
    }
}
