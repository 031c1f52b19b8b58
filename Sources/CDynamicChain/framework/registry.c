/* The set of module tables a chain is built from, and the checks a table passes before it is taken.
 * SPDX-License-Identifier: Apache-2.0 */
#include "../modules/delay/delay.h"
#include "../modules/eq/eq.h"
#include "../modules/gain/gain.h"
#include "../modules/generator/generator.h"
#include "../modules/limiter/limiter.h"
#include "../modules/meter/meter.h"
#include "../modules/mixer/mixer.h"
#include "internal.h"

static const ModuleFuncTable *const builtIns[] = {
    &dynchain_gain_table,    &dynchain_delay_table,     &dynchain_eq_table,    &dynchain_mixer_table,
    &dynchain_limiter_table, &dynchain_generator_table, &dynchain_meter_table,
};

static const DynChainParamSchema enableSchema = {
    .name = "enable",
    .unit = "",
    .paramTypeId = 0,
    .dataType = DYNCHAIN_TYPE_BOOL,
    .role = DYNCHAIN_ROLE_SYSTEM,
    .change = DYNCHAIN_CHANGE_SWITCHED,
    .minValue = 0.0f,
    .maxValue = 1.0f,
    .defaultValue = 1.0f,
};

const DynChainParamSchema *DynChain_EnableSchema(void) DYNCHAIN_NONBLOCKING { return &enableSchema; }

uint32_t DynChain_RegistrySize(void) { return (uint32_t)sizeof(DynChainRegistry); }

int32_t DynChain_RegistryInit(DynChainRegistry *registry) {
    if (registry == NULL) return DYNCHAIN_ERR_ARGUMENT;
    memset(registry, 0, sizeof *registry);
    for (size_t i = 0; i < sizeof builtIns / sizeof builtIns[0]; i++) {
        int32_t result = DynChain_RegisterModule(registry, builtIns[i]);
        if (result != DYNCHAIN_OK) return result;
    }
    return DYNCHAIN_OK;
}

static int nameIsGood(const char *name) {
    if (name == NULL || name[0] == '\0') return 0;
    size_t n = 0;
    for (const char *c = name; *c != '\0'; c++, n++) {
        int letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_';
        int digit = *c >= '0' && *c <= '9';
        if (!letter && !(digit && n > 0)) return 0;
    }
    return n <= 64;
}

static int portsAreGood(const ModuleFuncTable *table) {
    if (table->numPorts == 0 || table->numPorts > DYNCHAIN_MAX_PORTS || table->ports == NULL) return 0;
    int seenOutput = 0;
    for (uint32_t p = 0; p < table->numPorts; p++) {
        const DynChainPortSchema *port = &table->ports[p];
        if (!nameIsGood(port->id)) return 0;
        if (port->channels == 0 || port->channels < DYNCHAIN_CHANNELS_FREE ||
            port->channels > (int)DYNCHAIN_MAX_CHANNELS)
            return 0;
        if (port->isOutput) {
            seenOutput = 1;
        } else if (seenOutput || port->channels == DYNCHAIN_CHANNELS_FREE) {
            return 0; /* inputs come first */
        }
        for (uint32_t q = 0; q < p; q++)
            if (strcmp(table->ports[q].id, port->id) == 0) return 0;
    }
    return 1;
}

static int paramsAreGood(const ModuleFuncTable *table) {
    if (table->numParams >= DYNCHAIN_MAX_PARAMS || (table->numParams > 0 && table->params == NULL)) return 0;
    for (uint32_t p = 0; p < table->numParams; p++) {
        const DynChainParamSchema *schema = &table->params[p];
        if (!nameIsGood(schema->name) || schema->unit == NULL || schema->paramTypeId == 0) return 0;
        if (schema->dataType < DYNCHAIN_TYPE_FLOAT || schema->dataType > DYNCHAIN_TYPE_FLOAT_ARRAY) return 0;
        if (schema->dataType == DYNCHAIN_TYPE_ENUM && (schema->values == NULL || schema->numValues == 0)) return 0;
        float lowestRate = schema->flags & DYNCHAIN_PARAM_MAX_IS_OF_RATE ? 8000.0f : 1.0f;
        if (!(schema->minValue <= schema->maxValue * lowestRate)) return 0;
        if (schema->dims[0] == 0 && schema->dims[1] != 0) return 0;
        for (int d = 0; d < 2; d++)
            if (schema->dims[d] != 0 && strchr("cboik", schema->dims[d]) == NULL) return 0;
        if (schema->extents[0] > 256 || schema->extents[1] > 256) return 0;
        for (uint32_t q = 0; q < p; q++)
            if (table->params[q].paramTypeId == schema->paramTypeId || strcmp(table->params[q].name, schema->name) == 0)
                return 0;
    }
    return 1;
}

int32_t DynChain_RegisterModule(DynChainRegistry *registry, const ModuleFuncTable *table) {
    if (registry == NULL || table == NULL) return DYNCHAIN_ERR_ARGUMENT;
    if (table->abiVersion != DYNCHAIN_ABI_VERSION || table->structSize < sizeof(ModuleFuncTable))
        return DYNCHAIN_ERR_ARGUMENT;
    if (table->typeNumId == 0 || !nameIsGood(table->typeName) || !nameIsGood(table->instanceName))
        return DYNCHAIN_ERR_ARGUMENT;
    if (!table->getMemSize || !table->init || !table->process || !table->setParam)
        return DYNCHAIN_ERR_ARGUMENT;
    if (!portsAreGood(table) || !paramsAreGood(table)) return DYNCHAIN_ERR_ARGUMENT;
    for (uint32_t i = 0; i < registry->count; i++) {
        const ModuleFuncTable *other = registry->tables[i];
        if (other->typeNumId == table->typeNumId || strcmp(other->typeName, table->typeName) == 0)
            return DYNCHAIN_ERR_ARGUMENT;
    }
    if (registry->count == DYNCHAIN_REGISTRY_CAPACITY) return DYNCHAIN_ERR_MEMORY;
    registry->tables[registry->count++] = table;
    return DYNCHAIN_OK;
}

int32_t DynChain_UnregisterModule(DynChainRegistry *registry, uint32_t typeNumId) {
    if (registry == NULL) return DYNCHAIN_ERR_ARGUMENT;
    for (uint32_t i = 0; i < registry->count; i++) {
        if (registry->tables[i]->typeNumId != typeNumId) continue;
        registry->count -= 1;
        memmove(&registry->tables[i], &registry->tables[i + 1], (registry->count - i) * sizeof registry->tables[0]);
        return DYNCHAIN_OK;
    }
    return DYNCHAIN_ERR_UNKNOWN;
}

uint32_t DynChain_RegistryCount(const DynChainRegistry *registry) { return registry == NULL ? 0 : registry->count; }

const ModuleFuncTable *DynChain_RegistryGet(const DynChainRegistry *registry, uint32_t index) {
    return registry != NULL && index < registry->count ? registry->tables[index] : NULL;
}

const ModuleFuncTable *DynChain_RegistryFind(const DynChainRegistry *registry, uint32_t typeNumId) {
    for (uint32_t i = 0; registry != NULL && i < registry->count; i++)
        if (registry->tables[i]->typeNumId == typeNumId) return registry->tables[i];
    return NULL;
}
