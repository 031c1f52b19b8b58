/* Parameters of a running chain: addresses, checks, and how a change reaches the module.
 * SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

static uint32_t firstOutputChannels(const ModuleFuncTable *table, const uint16_t *portChannels) {
    for (uint32_t p = 0; p < table->numPorts; p++)
        if (table->ports[p].isOutput) return portChannels[p];
    return 0;
}

uint32_t dynchain_extent(const DynChainParamSchema *schema, uint32_t dimension, const uint16_t *portChannels,
                         const ModuleFuncTable *table) {
    if (schema->dims[dimension] == 0) return 1;
    if (schema->extents[dimension] != 0) return schema->extents[dimension];
    int hasInput = table->numPorts > 0 && !table->ports[0].isOutput;
    if (schema->dims[dimension] == 'o' || !hasInput) return firstOutputChannels(table, portChannels);
    return portChannels[0];
}

uint32_t dynchain_elements(const DynChainParamSchema *schema, const uint16_t *portChannels,
                           const ModuleFuncTable *table) {
    if (schema->dataType == DYNCHAIN_TYPE_FLOAT_ARRAY) return 0;
    return dynchain_extent(schema, 0, portChannels, table) * dynchain_extent(schema, 1, portChannels, table);
}

uint32_t dynchain_default_bits(const DynChainParamSchema *schema, uint32_t d0, uint32_t d1) {
    float value = schema->defaultValue;
    if (schema->defaultTable != NULL && d0 < schema->numDefaults) value = schema->defaultTable[d0];
    if (schema->flags & DYNCHAIN_PARAM_DIAGONAL && d0 != d1) value = schema->defaultElsewhere;
    uint32_t bits;
    if (schema->dataType == DYNCHAIN_TYPE_FLOAT) {
        memcpy(&bits, &value, sizeof bits);
    } else {
        int32_t integer = (int32_t)value;
        memcpy(&bits, &integer, sizeof bits);
    }
    return bits;
}

/* Slots exist from LoadLinkFrame on; structural values are set before Rebuild. */
static ModuleSlot *loadedSlot(const DynChain *chain, uint32_t module) {
    return chain != NULL && chain->magic == DYNCHAIN_MAGIC && chain->loaded && module < chain->numSlots
               ? &chain->slots[module]
               : NULL;
}

static const ModuleFuncTable *tableOf(const DynChain *chain, uint32_t module) {
    return chain->link.modules[module].table;
}

static const uint16_t *channelsOf(const DynChain *chain, uint32_t module) {
    return &chain->topology->channels[chain->topology->firstPort[module]];
}

/* Element number of an index, or UINT32_MAX. */
static uint32_t elementOf(const DynChain *chain, uint32_t module, const DynChainParamSchema *schema, uint16_t index) {
    const uint16_t *channels = channelsOf(chain, module);
    const ModuleFuncTable *table = tableOf(chain, module);
    uint32_t outer = dynchain_extent(schema, 0, channels, table);
    if (schema->dims[1] == 0) return index < outer ? index : UINT32_MAX;
    uint32_t inner = dynchain_extent(schema, 1, channels, table);
    uint32_t d0 = index >> 8, d1 = index & 0xFFu;
    return d0 < outer && d1 < inner ? d0 * inner + d1 : UINT32_MAX;
}

typedef struct Address {
    ModuleSlot *slot;
    const DynChainParamSchema *schema;
    uint32_t number, element;
} Address;

static int32_t locate(const DynChain *chain, uint32_t module, uint16_t paramTypeId, uint16_t index, Address *address) {
    address->slot = loadedSlot(chain, module);
    if (address->slot == NULL) return chain != NULL && chain->loaded ? DYNCHAIN_ERR_UNKNOWN : DYNCHAIN_ERR_STATE;
    const ModuleFuncTable *table = tableOf(chain, module);
    int32_t number = -1;
    if (paramTypeId == 0) number = 0;
    for (uint32_t p = 0; p < table->numParams && number < 0; p++)
        if (table->params[p].paramTypeId == paramTypeId) number = (int32_t)p + 1;
    if (number < 0) return DYNCHAIN_ERR_UNKNOWN;
    address->number = (uint32_t)number;
    address->schema = number == 0 ? DynChain_EnableSchema() : &table->params[number - 1];
    if (address->schema->dataType == DYNCHAIN_TYPE_FLOAT_ARRAY) return DYNCHAIN_ERR_ARGUMENT;
    address->element = elementOf(chain, module, address->schema, index);
    return address->element == UINT32_MAX ? DYNCHAIN_ERR_ARGUMENT : DYNCHAIN_OK;
}

/* Checks range and form; `bits` is the value as it is stored. */
static int32_t checkValue(const DynChain *chain, const DynChainParamSchema *schema, const void *data, uint32_t size,
                          uint32_t *bits) {
    if (data == NULL || size != dynchain_value_size(schema)) return DYNCHAIN_ERR_ARGUMENT;
    float highest = schema->flags & DYNCHAIN_PARAM_MAX_IS_OF_RATE
                        ? schema->maxValue * (float)chain->config.sampleRate
                        : schema->maxValue;
    float value;
    if (size == 1) {
        uint8_t byte;
        memcpy(&byte, data, 1);
        if (schema->dataType == DYNCHAIN_TYPE_BOOL && byte > 1) return DYNCHAIN_ERR_ARGUMENT;
        *bits = byte;
        value = (float)byte;
    } else if (schema->dataType == DYNCHAIN_TYPE_FLOAT) {
        memcpy(&value, data, 4);
        memcpy(bits, data, 4);
    } else {
        int32_t integer;
        memcpy(&integer, data, 4);
        memcpy(bits, data, 4);
        if (schema->dataType == DYNCHAIN_TYPE_ENUM && (integer < 0 || (uint32_t)integer >= schema->numValues))
            return DYNCHAIN_ERR_ARGUMENT;
        value = (float)integer;
    }
    if (schema->dataType == DYNCHAIN_TYPE_ENUM) return DYNCHAIN_OK;
    return value >= schema->minValue && value <= highest ? DYNCHAIN_OK : DYNCHAIN_ERR_ARGUMENT; /* NaN fails both */
}

static void setEnable(ModuleSlot *slot, uint8_t enabled) {
    slot->enableTarget = enabled;
    slot->values[slot->paramBase[0]] = enabled;
    if (!slot->started) slot->from.bypass = !enabled;
}

/* A changed value that the framework must switch: waits in `dirty` until the change under way has ended. */
static void markDirty(ModuleSlot *slot, uint32_t at) {
    if (slot->dirty[at]) return;
    slot->dirty[at] = 1;
    slot->dirtyCount += 1;
}

static int isRunning(const ModuleSlot *slot, const Path *path) {
    return !path->bypass || (slot->table->flags & DYNCHAIN_MODULE_RUN_WHEN_DISABLED) != 0;
}

static void deliverRamped(ModuleSlot *slot, const Address *address) {
    uint32_t first = slot->from.instance;
    int idle = slot->phase == PHASE_IDLE;
    int heard = isRunning(slot, &slot->from) || (!idle && slot->to.instance == first && isRunning(slot, &slot->to));
    dynchain_slot_deliver(slot, first, address->number, address->element, !heard);
    if (!idle && slot->to.instance != first)
        dynchain_slot_deliver(slot, slot->to.instance, address->number, address->element, !isRunning(slot, &slot->to));
}

int32_t DynChain_SetParamIndexed(DynChain *chain, uint32_t module, uint16_t paramTypeId, uint16_t index,
                                 const void *data, uint32_t size) DYNCHAIN_NONBLOCKING {
    Address address;
    uint32_t bits = 0;
    int32_t result = locate(chain, module, paramTypeId, index, &address);
    if (result != DYNCHAIN_OK) return result;
    if ((result = checkValue(chain, address.schema, data, size, &bits)) != DYNCHAIN_OK) return result;
    ModuleSlot *slot = address.slot;
    uint32_t at = slot->paramBase[address.number] + address.element;
    if (!chain->built) { /* Rebuild delivers it */
        slot->values[at] = bits;
        return DYNCHAIN_OK;
    }
    if (address.schema->flags & DYNCHAIN_PARAM_STRUCTURAL) return DYNCHAIN_ERR_STATE;
    if (address.number == 0) {
        setEnable(slot, (uint8_t)bits);
        return DYNCHAIN_OK;
    }
    if (slot->values[at] == bits) return DYNCHAIN_OK;
    slot->values[at] = bits;
    if (!slot->started) {
        result = dynchain_slot_deliver(slot, slot->from.instance, address.number, address.element, 1);
        slot->from.latency = dynchain_slot_latency(slot, slot->from.instance);
        return result;
    }
    if (address.schema->change == DYNCHAIN_CHANGE_SWITCHED && slot->hasTwin)
        markDirty(slot, at);
    else
        deliverRamped(slot, &address);
    return DYNCHAIN_OK;
}

int32_t DynChain_GetParamIndexed(const DynChain *chain, uint32_t module, uint16_t paramTypeId, uint16_t index,
                                 void *data, uint32_t size) DYNCHAIN_NONBLOCKING {
    Address address;
    int32_t result = locate(chain, module, paramTypeId, index, &address);
    if (result != DYNCHAIN_OK) return result;
    if (data == NULL || size != dynchain_value_size(address.schema)) return DYNCHAIN_ERR_ARGUMENT;
    uint32_t bits = address.slot->values[address.slot->paramBase[address.number] + address.element];
    uint8_t byte = (uint8_t)bits;
    if (size == 1)
        memcpy(data, &byte, 1);
    else
        memcpy(data, &bits, 4);
    return DYNCHAIN_OK;
}

int32_t DynChain_SetEnable(DynChain *chain, uint32_t module, uint8_t enabled) DYNCHAIN_NONBLOCKING {
    uint8_t value = enabled != 0;
    return DynChain_SetParamIndexed(chain, module, 0, 0, &value, 1);
}

int32_t DynChain_ParamInfo(const DynChain *chain, uint32_t module, uint16_t paramTypeId, uint16_t index,
                           const DynChainParamSchema **schema) DYNCHAIN_NONBLOCKING {
    Address address;
    if (schema == NULL) return DYNCHAIN_ERR_ARGUMENT;
    int32_t result = locate(chain, module, paramTypeId, index, &address);
    if (result == DYNCHAIN_OK) *schema = address.schema;
    return result;
}

/* ---- string forms ---- */

/* Reads "name", "name#d0" or "name#d0#d1". */
static int32_t parseParamId(const ModuleFuncTable *table, const char *text, uint16_t *paramTypeId, uint16_t *index) {
    size_t nameLength = strcspn(text, "#");
    uint32_t dims[2] = {0, 0}, count = 0;
    const char *at = text + nameLength;
    while (*at == '#') {
        if (count == 2 || at[1] < '0' || at[1] > '9') return DYNCHAIN_ERR_ARGUMENT;
        uint32_t value = 0;
        for (at += 1; *at >= '0' && *at <= '9'; at++) {
            value = value * 10 + (uint32_t)(*at - '0');
            if (value > 0xFFFF) return DYNCHAIN_ERR_ARGUMENT;
        }
        dims[count++] = value;
    }
    if (*at != '\0') return DYNCHAIN_ERR_ARGUMENT;
    const DynChainParamSchema *schema = NULL;
    for (uint32_t p = 0; p <= table->numParams && schema == NULL; p++) {
        const DynChainParamSchema *candidate = p == 0 ? DynChain_EnableSchema() : &table->params[p - 1];
        if (strlen(candidate->name) == nameLength && memcmp(candidate->name, text, nameLength) == 0) schema = candidate;
    }
    if (schema == NULL) return DYNCHAIN_ERR_UNKNOWN;
    uint32_t needed = schema->dims[1] != 0 ? 2 : schema->dims[0] != 0 ? 1 : 0;
    if (count != needed) return DYNCHAIN_ERR_ARGUMENT;
    if (needed == 2 && (dims[0] > 0xFF || dims[1] > 0xFF)) return DYNCHAIN_ERR_ARGUMENT;
    *paramTypeId = schema->paramTypeId;
    *index = (uint16_t)(needed == 2 ? (dims[0] << 8) | dims[1] : dims[0]);
    return DYNCHAIN_OK;
}

static int32_t locateByName(const DynChain *chain, const char *instanceId, const char *paramId, uint32_t *module,
                            uint16_t *paramTypeId, uint16_t *index) {
    if (instanceId == NULL || paramId == NULL) return DYNCHAIN_ERR_ARGUMENT;
    int32_t found = DynChain_FindModule(chain, instanceId);
    if (found < 0) return found;
    *module = (uint32_t)found;
    return parseParamId(tableOf(chain, *module), paramId, paramTypeId, index);
}

int32_t DynChain_SetParam(DynChain *chain, const char *instanceId, const char *paramId, const void *data,
                          uint32_t size) {
    uint32_t module;
    uint16_t paramTypeId, index;
    int32_t result = locateByName(chain, instanceId, paramId, &module, &paramTypeId, &index);
    return result == DYNCHAIN_OK ? DynChain_SetParamIndexed(chain, module, paramTypeId, index, data, size) : result;
}

int32_t DynChain_GetParam(const DynChain *chain, const char *instanceId, const char *paramId, void *data,
                          uint32_t size) {
    uint32_t module;
    uint16_t paramTypeId, index;
    int32_t result = locateByName(chain, instanceId, paramId, &module, &paramTypeId, &index);
    return result == DYNCHAIN_OK ? DynChain_GetParamIndexed(chain, module, paramTypeId, index, data, size) : result;
}
