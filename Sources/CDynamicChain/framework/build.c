/* Life of a chain: size, init, load, rebuild. All memory is taken here, from what the caller gave.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "internal.h"

#define FADE_SECONDS 0.02

uint32_t dynchain_fade_length(uint32_t sampleRate) { return (uint32_t)(FADE_SECONDS * sampleRate + 0.5); }

void dynchain_log(const DynChain *chain, int32_t level, const char *message) {
    if (chain->log != NULL) chain->log(chain->logContext, level, message);
}

static int configIsGood(const DynChainConfig *config) {
    if (config == NULL || config->abiVersion != DYNCHAIN_ABI_VERSION || config->structSize < sizeof(DynChainConfig) ||
        config->registry == NULL)
        return 0;
    if (config->sampleRate < 8000 || config->sampleRate > 384000) return 0;
    if (config->frameSize == 0 || config->frameSize > DYNCHAIN_MAX_FRAME) return 0;
    if (config->numInputs > DYNCHAIN_MAX_EXTERNAL || config->numOutputs > DYNCHAIN_MAX_EXTERNAL) return 0;
    if ((config->numInputs > 0 && config->inputChannels == NULL) ||
        (config->numOutputs > 0 && config->outputChannels == NULL))
        return 0;
    for (uint32_t p = 0; p < config->numInputs; p++)
        if (config->inputChannels[p] == 0 || config->inputChannels[p] > DYNCHAIN_MAX_CHANNELS) return 0;
    for (uint32_t p = 0; p < config->numOutputs; p++)
        if (config->outputChannels[p] == 0 || config->outputChannels[p] > DYNCHAIN_MAX_CHANNELS) return 0;
    return 1;
}

static uint32_t sum(const uint16_t *counts, uint32_t n) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < n; i++) total += counts[i];
    return total;
}

static uint32_t fnv1a(const char *text) {
    uint32_t hash = 2166136261u;
    for (; *text != '\0'; text++) hash = (hash ^ (uint8_t)*text) * 16777619u;
    return hash;
}

/* Samples from one channel's buffer to the next: whole cache lines, and one more so that frames of a power of two do
 * not put all channels into the same cache sets. */
static size_t channelStride(const DynChainConfig *config) { return ((config->frameSize + 15u) & ~15u) + 16u; }

static float **takeChannels(Arena *arena, const DynChainConfig *config, uint32_t channels) {
    float **pointers = dynchain_arena_take(arena, channels * sizeof(float *));
    float *samples = dynchain_arena_take(arena, channels * channelStride(config) * sizeof(float));
    if (pointers != NULL && samples != NULL)
        for (uint32_t ch = 0; ch < channels; ch++) pointers[ch] = samples + ch * channelStride(config);
    return pointers;
}

/* ---- one module ---- */

/* The structural values a module is sized and made with: largest when only sizing, else what was set. */
static void fillStructural(ModuleInstance *instance, const ModuleFuncTable *table, const uint32_t *values,
                           const uint32_t *paramBase) {
    uint32_t next = 0;
    for (uint32_t p = 0; p < table->numParams && next < 4; p++) {
        const DynChainParamSchema *schema = &table->params[p];
        if (!(schema->flags & DYNCHAIN_PARAM_STRUCTURAL)) continue;
        float value = schema->maxValue;
        if (values != NULL) {
            uint32_t bits = values[paramBase[p + 1]];
            int32_t integer;
            memcpy(&integer, &bits, sizeof integer);
            if (schema->dataType == DYNCHAIN_TYPE_FLOAT)
                memcpy(&value, &bits, sizeof value);
            else
                value = (float)integer;
        }
        instance->structural[next++] = value;
    }
}

static int needsTwin(const ModuleFuncTable *table) {
    if (table->flags & DYNCHAIN_MODULE_OWN_SWITCHING) return 0;
    for (uint32_t p = 0; p < table->numParams; p++)
        if (table->params[p].change == DYNCHAIN_CHANGE_SWITCHED &&
            !(table->params[p].flags & DYNCHAIN_PARAM_STRUCTURAL))
            return 1;
    return 0;
}

/* Fills wire headers (channels, rate) of both instances; pointers are set when a frame is processed. */
static void takeWires(Arena *arena, const DynChainConfig *config, ModuleSlot *slot, const uint16_t *channels) {
    uint32_t total = 0;
    for (uint32_t p = 0; p < slot->numPorts; p++) total += channels[p];
    slot->basePointers = dynchain_arena_take(arena, slot->numPorts * sizeof(float **));
    slot->segmentPointers = dynchain_arena_take(arena, 2 * total * sizeof(float *));
    slot->frameChannels = dynchain_arena_take(arena, total * sizeof(float *));
    float **next = slot->segmentPointers;
    for (uint32_t i = 0; i < 2; i++) {
        slot->wires[i] = dynchain_arena_take(arena, slot->numPorts * sizeof(WireInstance));
        slot->wireList[i] = dynchain_arena_take(arena, slot->numPorts * sizeof(WireInstance *));
        if (arena->base == NULL || arena->exhausted) continue;
        for (uint32_t p = 0; p < slot->numPorts; p++) {
            slot->wires[i][p] = (WireInstance){0, channels[p], config->sampleRate, next};
            slot->wireList[i][p] = &slot->wires[i][p];
            next += channels[p];
        }
    }
}

static int32_t takeSlot(Arena *arena, const DynChainConfig *config, const ModuleFuncTable *table, const char *id,
                        uint32_t stage, const uint16_t *channels, const uint32_t *values, const uint32_t *paramBase,
                        uint32_t fadeLength, const float *fade, ModuleSlot *slot) {
    slot->table = table;
    slot->id = id;
    slot->stage = stage;
    slot->numPorts = (uint8_t)table->numPorts;
    for (uint32_t p = 0; p < table->numPorts; p++)
        if (table->ports[p].isOutput) slot->numOutputs++;
    slot->numInputs = (uint8_t)(slot->numPorts - slot->numOutputs);
    slot->hasTwin = (uint8_t)needsTwin(table);
    slot->enableTarget = 1;
    takeWires(arena, config, slot, channels);

    /* While only counting there are no wires in memory: modules are asked with a stand-in on the stack. */
    WireInstance standIn[DYNCHAIN_MAX_PORTS];
    WireInstance *standInList[DYNCHAIN_MAX_PORTS];
    for (uint32_t p = 0; p < slot->numPorts; p++) {
        standIn[p] = (WireInstance){0, channels[p], config->sampleRate, NULL};
        standInList[p] = &standIn[p];
    }
    uint32_t instances = slot->hasTwin ? 2 : 1;
    uint32_t maxLatency = 0;
    for (uint32_t i = 0; i < instances; i++) {
        ModuleInstance *instance = &slot->instance[i];
        *instance = (ModuleInstance){
            .abiVersion = DYNCHAIN_ABI_VERSION,
            .structSize = sizeof(ModuleInstance),
            .table = table,
            .instanceId = id,
            .seed = fnv1a(id),
            .sampleRate = config->sampleRate,
            .maxFrame = config->frameSize,
            .fadeLength = fadeLength,
            .fade = fade,
            .plainKernels = config->plainKernels,
            .numInputs = slot->numInputs,
            .numOutputs = slot->numOutputs,
            .wires = arena->base != NULL && !arena->exhausted ? slot->wireList[i] : standInList,
        };
        fillStructural(instance, table, values, paramBase);
        if (i == 0 && table->maxLatency != NULL) maxLatency = table->maxLatency(instance);
        slot->stateSize = table->getMemSize(instance);
        instance->state = dynchain_arena_take(arena, slot->stateSize);
    }

    uint32_t outChannels = slot->numOutputs > 0 ? channels[slot->numInputs] : 0;
    slot->peak = dynchain_arena_take(arena, outChannels * sizeof(float));
    slot->square = dynchain_arena_take(arena, outChannels * sizeof(float));
    for (uint32_t p = slot->numInputs; p < slot->numPorts; p++) {
        float **buffer = takeChannels(arena, config, channels[p]);
        if (arena->base != NULL && !arena->exhausted) slot->basePointers[p] = buffer;
    }
    if (maxLatency > 0 && slot->numInputs > 0) {
        slot->bypassLength = maxLatency + config->frameSize;
        slot->bypassRing = dynchain_arena_take(arena, (size_t)slot->bypassLength * channels[0] * sizeof(float));
    }
    return arena->exhausted ? DYNCHAIN_ERR_MEMORY : DYNCHAIN_OK;
}

/* ---- the parts of a chain's memory ---- */

static void takeInit(Arena *arena, const DynChainConfig *config, DynChain **chain, uint16_t **in, uint16_t **out) {
    *chain = dynchain_arena_take(arena, sizeof(DynChain));
    *in = dynchain_arena_take(arena, config->numInputs * sizeof(uint16_t));
    *out = dynchain_arena_take(arena, config->numOutputs * sizeof(uint16_t));
}

typedef struct LoadMemory {
    ParsedLink link;
    Topology *topology;
    ModuleSlot *slots;
    char *ids;
} LoadMemory;

static void takeLoad(Arena *arena, const LinkCounts *counts, LoadMemory *memory) {
    memory->link.counts = *counts;
    memory->link.modules = dynchain_arena_take(arena, counts->modules * sizeof(LinkModule));
    memory->link.ports = dynchain_arena_take(arena, counts->ports * sizeof(LinkPort));
    memory->link.connections = dynchain_arena_take(arena, counts->connections * sizeof(LinkConnection));
    memory->topology = dynchain_arena_take(arena, sizeof(Topology));
    memory->slots = dynchain_arena_take(arena, counts->modules * sizeof(ModuleSlot));
    memory->ids = dynchain_arena_take(arena, counts->idBytes);
}

typedef struct Shared {
    float *fade;
    float **externalIn, **zero, **outScratch, **inScratch;
} Shared;

static void takeShared(Arena *arena, const DynChainConfig *config, uint32_t fadeLength, uint32_t widestIn,
                       uint32_t widestOut, Shared *shared) {
    shared->fade = dynchain_arena_take(arena, fadeLength * sizeof(float));
    shared->externalIn =
        dynchain_arena_take(arena, sum(config->inputChannels, config->numInputs) * sizeof(float *));
    shared->zero = dynchain_arena_take(arena, DYNCHAIN_MAX_CHANNELS * sizeof(float *));
    float *zeros = dynchain_arena_take(arena, channelStride(config) * sizeof(float));
    if (shared->zero != NULL && zeros != NULL)
        for (uint32_t ch = 0; ch < DYNCHAIN_MAX_CHANNELS; ch++) shared->zero[ch] = zeros;
    shared->inScratch = takeChannels(arena, config, widestIn);
    shared->outScratch = takeChannels(arena, config, widestOut);
}

static void widths(const ParsedLink *link, const Topology *topology, uint32_t *widestIn, uint32_t *widestOut) {
    *widestIn = *widestOut = 1;
    for (uint32_t m = 0; m < link->counts.modules; m++) {
        uint32_t in = 0, out = 0;
        for (uint32_t p = 0; p < link->modules[m].table->numPorts; p++) {
            uint32_t channels = topology->channels[topology->firstPort[m] + p];
            if (link->modules[m].table->ports[p].isOutput)
                out += channels;
            else
                in += channels;
        }
        if (in > *widestIn) *widestIn = in;
        if (out > *widestOut) *widestOut = out;
    }
}

/* Values belong to the load part: structural parameters are set before Rebuild. */
static void takeValues(Arena *arena, const ModuleFuncTable *table, const uint16_t *channels, ModuleSlot *slot) {
    uint32_t total = 0;
    for (uint32_t p = 0; p <= table->numParams; p++) {
        const DynChainParamSchema *schema = p == 0 ? DynChain_EnableSchema() : &table->params[p - 1];
        slot->paramBase[p] = total;
        slot->paramCount[p] = dynchain_elements(schema, channels, table);
        slot->paramInner[p] = dynchain_extent(schema, 1, channels, table);
        total += slot->paramCount[p];
    }
    slot->numValues = total;
    slot->values = dynchain_arena_take(arena, total * sizeof(uint32_t));
    slot->dirty = dynchain_arena_take(arena, total);
    if (slot->values == NULL) return;
    for (uint32_t p = 0; p <= table->numParams; p++) {
        const DynChainParamSchema *schema = p == 0 ? DynChain_EnableSchema() : &table->params[p - 1];
        uint32_t inner = slot->paramInner[p];
        for (uint32_t e = 0; e < slot->paramCount[p]; e++)
            slot->values[slot->paramBase[p] + e] = dynchain_default_bits(schema, e / inner, e % inner);
    }
}

int32_t DynChain_GetMemSize(const DynChainConfig *config, uint32_t version, const uint8_t *frame, uint32_t length,
                            size_t *size) {
    if (!configIsGood(config) || frame == NULL || size == NULL) return DYNCHAIN_ERR_ARGUMENT;
    LinkCounts counts;
    int32_t result = dynchain_link_count(version, frame, length, &counts);
    if (result != DYNCHAIN_OK) return result;
    LinkModule modules[DYNCHAIN_MAX_MODULES];
    LinkPort ports[DYNCHAIN_MAX_LINK_PORTS];
    LinkConnection connections[DYNCHAIN_MAX_CONNECTIONS];
    Topology topology;
    ParsedLink link = {counts, modules, ports, connections};
    const char *problem = NULL;
    if ((result = dynchain_link_parse(config, version, frame, &link, &problem)) != DYNCHAIN_OK) return result;
    if ((result = dynchain_resolve(config, &link, &topology, &problem)) != DYNCHAIN_OK) return result;

    Arena arena = {0};
    DynChain *chain;
    uint16_t *in, *out;
    LoadMemory load;
    Shared shared;
    takeInit(&arena, config, &chain, &in, &out);
    takeLoad(&arena, &counts, &load);
    uint32_t widestIn, widestOut;
    widths(&link, &topology, &widestIn, &widestOut);
    takeShared(&arena, config, dynchain_fade_length(config->sampleRate), widestIn, widestOut, &shared);
    for (uint32_t m = 0; m < counts.modules; m++) {
        ModuleSlot slot;
        memset(&slot, 0, sizeof slot);
        const uint16_t *channels = &topology.channels[topology.firstPort[m]];
        takeValues(&arena, modules[m].table, channels, &slot);
        takeSlot(&arena, config, modules[m].table, "", 0, channels, NULL, NULL,
                 dynchain_fade_length(config->sampleRate), NULL, &slot);
    }
    *size = arena.used + 2 * DYNCHAIN_ALIGN;
    return DYNCHAIN_OK;
}

int32_t DynChain_Init(void *memory, size_t size, const DynChainConfig *config, DynChain **chain) {
    if (memory == NULL || chain == NULL || !configIsGood(config)) return DYNCHAIN_ERR_ARGUMENT;
    *chain = NULL;
    uintptr_t start = ((uintptr_t)memory + (DYNCHAIN_ALIGN - 1)) & ~(uintptr_t)(DYNCHAIN_ALIGN - 1);
    size_t lost = start - (uintptr_t)memory;
    if (size <= lost) return DYNCHAIN_ERR_MEMORY;
    Arena arena = {.base = (uint8_t *)start, .size = size - lost};
    DynChain *made;
    uint16_t *in, *out;
    takeInit(&arena, config, &made, &in, &out);
    if (arena.exhausted) return DYNCHAIN_ERR_MEMORY;
    made->magic = DYNCHAIN_MAGIC;
    made->config = *config;
    if (config->numInputs > 0) memcpy(in, config->inputChannels, config->numInputs * sizeof *in);
    if (config->numOutputs > 0) memcpy(out, config->outputChannels, config->numOutputs * sizeof *out);
    made->config.inputChannels = in;
    made->config.outputChannels = out;
    made->totalIn = sum(in, config->numInputs);
    made->totalOut = sum(out, config->numOutputs);
    made->fadeLength = dynchain_fade_length(config->sampleRate);
    made->arena = arena;
    made->afterInit = arena.used;
    *chain = made;
    return DYNCHAIN_OK;
}

int32_t DynChain_Destroy(DynChain *chain) {
    if (chain == NULL || chain->magic != DYNCHAIN_MAGIC) return DYNCHAIN_ERR_ARGUMENT;
    chain->magic = 0;
    return DYNCHAIN_OK;
}

int32_t DynChain_SetLogCallback(DynChain *chain, DynChainLogFn callback, void *context) {
    if (chain == NULL || chain->magic != DYNCHAIN_MAGIC) return DYNCHAIN_ERR_ARGUMENT;
    chain->log = callback;
    chain->logContext = context;
    return DYNCHAIN_OK;
}

int32_t DynChain_LoadLinkFrame(DynChain *chain, uint32_t version, const uint8_t *frame, uint32_t length) {
    if (chain == NULL || chain->magic != DYNCHAIN_MAGIC || frame == NULL) return DYNCHAIN_ERR_ARGUMENT;
    chain->loaded = chain->built = 0;
    chain->numSlots = 0;
    chain->arena.used = chain->afterInit;
    chain->arena.exhausted = 0;
    LinkCounts counts;
    const char *problem = "link frame is malformed";
    int32_t result = dynchain_link_count(version, frame, length, &counts);
    if (result != DYNCHAIN_OK) {
        dynchain_log(chain, 3, problem);
        return result;
    }
    LoadMemory load;
    takeLoad(&chain->arena, &counts, &load);
    if (chain->arena.exhausted) return DYNCHAIN_ERR_MEMORY;
    result = dynchain_link_parse(&chain->config, version, frame, &load.link, &problem);
    if (result == DYNCHAIN_OK) result = dynchain_resolve(&chain->config, &load.link, load.topology, &problem);
    if (result != DYNCHAIN_OK) {
        dynchain_log(chain, 3, problem);
        return result;
    }
    char *id = load.ids;
    for (uint32_t m = 0; m < counts.modules; m++) {
        LinkModule *module = &load.link.modules[m];
        memcpy(id, module->id, module->idLength);
        module->id = (const uint8_t *)id;
        load.slots[m].id = id;
        id += module->idLength + 1u;
        takeValues(&chain->arena, module->table, &load.topology->channels[load.topology->firstPort[m]],
                   &load.slots[m]);
    }
    if (chain->arena.exhausted) return DYNCHAIN_ERR_MEMORY;
    chain->link = load.link;
    chain->topology = load.topology;
    chain->slots = load.slots;
    chain->numSlots = counts.modules;
    chain->afterLoad = chain->arena.used;
    chain->loaded = 1;
    return DYNCHAIN_OK;
}

int32_t DynChain_SetStage(DynChain *chain, uint32_t module, uint32_t frames) {
    if (chain == NULL || chain->magic != DYNCHAIN_MAGIC) return DYNCHAIN_ERR_ARGUMENT;
    if (!chain->loaded || chain->built) return DYNCHAIN_ERR_STATE;
    if (module >= chain->numSlots) return DYNCHAIN_ERR_UNKNOWN;
    if (frames > 0xFFFF) return DYNCHAIN_ERR_ARGUMENT;
    chain->link.modules[module].stage = (uint16_t)frames;
    return DYNCHAIN_OK;
}

/* Input ports take their channel pointers from the wire that feeds them. */
static void connectInputs(DynChain *chain) {
    for (uint32_t m = 0; m < chain->numSlots; m++) {
        ModuleSlot *slot = &chain->slots[m];
        for (uint32_t p = 0; p < slot->numInputs; p++) {
            const PortSource *source = &chain->topology->source[chain->topology->firstPort[m] + p];
            if (source->module == DYNCHAIN_UNCONNECTED) {
                slot->basePointers[p] = chain->zeroChannels;
            } else if (source->module == DYNCHAIN_EXTERNAL) {
                uint32_t first = sum(chain->config.inputChannels, source->port);
                slot->basePointers[p] = chain->externalIn + first;
            } else {
                slot->basePointers[p] = chain->slots[source->module].basePointers[source->port];
            }
        }
    }
}

int32_t DynChain_Rebuild(DynChain *chain) {
    if (chain == NULL || chain->magic != DYNCHAIN_MAGIC) return DYNCHAIN_ERR_ARGUMENT;
    if (!chain->loaded) return DYNCHAIN_ERR_STATE;
    chain->built = 0;
    chain->tick = 0;
    chain->arena.used = chain->afterLoad;
    chain->arena.exhausted = 0;
    uint32_t widestIn, widestOut;
    widths(&chain->link, chain->topology, &widestIn, &widestOut);
    Shared shared;
    takeShared(&chain->arena, &chain->config, chain->fadeLength, widestIn, widestOut, &shared);
    if (chain->arena.exhausted) return DYNCHAIN_ERR_MEMORY;
    chain->fade = shared.fade;
    chain->externalIn = shared.externalIn;
    chain->zeroChannels = shared.zero;
    chain->inScratch = shared.inScratch;
    chain->outScratch = shared.outScratch;
    const double pi = 3.14159265358979323846;
    for (uint32_t i = 0; i < chain->fadeLength; i++)
        chain->fade[i] = (float)(0.5 - 0.5 * cos(pi * ((double)i + 0.5) / (double)chain->fadeLength));

    for (uint32_t m = 0; m < chain->numSlots; m++) {
        ModuleSlot *slot = &chain->slots[m];
        ModuleSlot fresh;
        memset(&fresh, 0, sizeof fresh);
        memcpy(fresh.paramBase, slot->paramBase, sizeof fresh.paramBase);
        memcpy(fresh.paramCount, slot->paramCount, sizeof fresh.paramCount);
        memcpy(fresh.paramInner, slot->paramInner, sizeof fresh.paramInner);
        fresh.numValues = slot->numValues;
        fresh.values = slot->values;
        fresh.dirty = slot->dirty;
        const LinkModule *module = &chain->link.modules[m];
        const uint16_t *channels = &chain->topology->channels[chain->topology->firstPort[m]];
        int32_t result = takeSlot(&chain->arena, &chain->config, module->table, slot->id, module->stage, channels,
                                  fresh.values, fresh.paramBase, chain->fadeLength, chain->fade, &fresh);
        if (result != DYNCHAIN_OK) return result;
        *slot = fresh;
        for (uint32_t i = 0; i < (slot->hasTwin ? 2u : 1u); i++) {
            result = module->table->init(&slot->instance[i]);
            if (result != DYNCHAIN_OK) {
                dynchain_log(chain, 3, "a module refused to initialise");
                return result;
            }
        }
        memset(slot->dirty, 0, slot->numValues);
        for (uint32_t p = 1; p <= module->table->numParams; p++)
            for (uint32_t e = 0; e < slot->paramCount[p]; e++)
                dynchain_slot_deliver(slot, 0, p, e, 1);
        slot->enableTarget = (uint8_t)(slot->values[slot->paramBase[0]] & 0xFFu);
        slot->from = (Path){.bypass = !slot->enableTarget, .latency = dynchain_slot_latency(slot, 0)};
    }
    connectInputs(chain);
    chain->built = 1;
    return DYNCHAIN_OK;
}
