/* Reads the DATA of a link frame, v3 or v4. Every length is checked before a byte is used.
 * SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

typedef struct Reader {
    const uint8_t *bytes;
    uint32_t length, at;
    int bad;
} Reader;

static uint32_t takeNumber(Reader *r, uint32_t bytes) {
    if (r->bad || r->length - r->at < bytes) {
        r->bad = 1;
        return 0;
    }
    uint32_t value = 0;
    for (uint32_t i = 0; i < bytes; i++) value |= (uint32_t)r->bytes[r->at + i] << (8 * i);
    r->at += bytes;
    return value;
}

static const uint8_t *takeBytes(Reader *r, uint32_t count) {
    if (r->bad || r->length - r->at < count) {
        r->bad = 1;
        return NULL;
    }
    const uint8_t *start = r->bytes + r->at;
    r->at += count;
    return start;
}

static uint32_t takeRate(Reader *r, uint32_t version) {
    uint32_t rate = takeNumber(r, version == DYNCHAIN_LINK_V4 ? 4 : 2);
    uint32_t inherit = version == DYNCHAIN_LINK_V4 ? 0xFFFFFFFFu : 0xFFFFu;
    return rate == inherit ? 0 : rate == 0 ? 1 : rate; /* a stated rate of 0 agrees with no chain */
}

int32_t dynchain_link_count(uint32_t version, const uint8_t *frame, uint32_t length, LinkCounts *counts) {
    if (version != DYNCHAIN_LINK_V3 && version != DYNCHAIN_LINK_V4) return DYNCHAIN_ERR_ARGUMENT;
    Reader r = {.bytes = frame, .length = length};
    memset(counts, 0, sizeof *counts);
    counts->modules = takeNumber(&r, 2);
    if (r.bad || counts->modules > DYNCHAIN_MAX_MODULES) return DYNCHAIN_ERR_FRAME;
    for (uint32_t m = 0; m < counts->modules && !r.bad; m++) {
        takeNumber(&r, 4);
        uint32_t idLength = takeNumber(&r, 1);
        takeBytes(&r, idLength);
        counts->idBytes += idLength + 1;
        uint32_t ports = takeNumber(&r, 1);
        if (ports > DYNCHAIN_MAX_PORTS) return DYNCHAIN_ERR_FRAME;
        counts->ports += ports;
        for (uint32_t p = 0; p < ports && !r.bad; p++) {
            takeBytes(&r, takeNumber(&r, 1));
            takeBytes(&r, 3);
            takeRate(&r, version);
        }
    }
    counts->connections = takeNumber(&r, 2);
    takeBytes(&r, counts->connections * (version == DYNCHAIN_LINK_V4 ? 10u : 8u));
    if (r.bad || r.at != length || counts->ports > DYNCHAIN_MAX_LINK_PORTS ||
        counts->connections > DYNCHAIN_MAX_CONNECTIONS)
        return DYNCHAIN_ERR_FRAME;
    return DYNCHAIN_OK;
}

static int32_t tablePort(const ModuleFuncTable *table, const uint8_t *id, uint32_t length) {
    for (uint32_t p = 0; p < table->numPorts; p++)
        if (strlen(table->ports[p].id) == length && memcmp(table->ports[p].id, id, length) == 0) return (int32_t)p;
    return -1;
}

static int sameId(const LinkModule *a, const LinkModule *b) {
    return a->idLength == b->idLength && memcmp(a->id, b->id, a->idLength) == 0;
}

static int32_t fail(const char **problem, const char *text, int32_t code) {
    *problem = text;
    return code;
}

int32_t dynchain_link_parse(const DynChainConfig *config, uint32_t version, const uint8_t *frame, ParsedLink *link,
                            const char **problem) {
    Reader r = {.bytes = frame, .length = UINT32_MAX}; /* lengths were checked by dynchain_link_count */
    takeNumber(&r, 2);
    uint32_t nextPort = 0;
    for (uint32_t m = 0; m < link->counts.modules; m++) {
        LinkModule *module = &link->modules[m];
        module->table = DynChain_RegistryFind(config->registry, takeNumber(&r, 4));
        module->idLength = (uint16_t)takeNumber(&r, 1);
        module->id = takeBytes(&r, module->idLength);
        module->firstPort = (uint16_t)nextPort;
        module->numPorts = (uint16_t)takeNumber(&r, 1);
        module->stage = 0;
        if (module->table == NULL) return fail(problem, "module type is not registered", DYNCHAIN_ERR_UNKNOWN);
        if (module->idLength == 0 || memchr(module->id, 0, module->idLength) != NULL)
            return fail(problem, "instance id is empty or holds a zero byte", DYNCHAIN_ERR_FRAME);
        for (uint32_t other = 0; other < m; other++)
            if (sameId(module, &link->modules[other]))
                return fail(problem, "instance id occurs twice", DYNCHAIN_ERR_FRAME);
        uint32_t seen = 0;
        for (uint32_t p = 0; p < module->numPorts; p++, nextPort++) {
            LinkPort *port = &link->ports[nextPort];
            uint32_t idLength = takeNumber(&r, 1);
            const uint8_t *id = takeBytes(&r, idLength);
            uint32_t direction = takeNumber(&r, 1);
            port->channels = (int16_t)takeNumber(&r, 2);
            port->rate = takeRate(&r, version);
            int32_t index = tablePort(module->table, id, idLength);
            if (index < 0) return fail(problem, "module has no port of this id", DYNCHAIN_ERR_FRAME);
            if (seen & (1u << index)) return fail(problem, "port is listed twice", DYNCHAIN_ERR_FRAME);
            seen |= 1u << index;
            port->tablePort = (uint8_t)index;
            port->isOutput = (uint8_t)direction;
            if (direction > 1 || direction != module->table->ports[index].isOutput)
                return fail(problem, "port has the wrong direction", DYNCHAIN_ERR_FRAME);
            if (port->channels == 0 || port->channels < -1 || port->channels > (int)DYNCHAIN_MAX_CHANNELS)
                return fail(problem, "port states a channel count out of range", DYNCHAIN_ERR_FRAME);
        }
    }
    takeNumber(&r, 2);
    for (uint32_t c = 0; c < link->counts.connections; c++) {
        LinkConnection *connection = &link->connections[c];
        connection->fromModule = (uint8_t)takeNumber(&r, 1);
        connection->fromPort = (uint8_t)takeNumber(&r, 1);
        connection->toModule = (uint8_t)takeNumber(&r, 1);
        connection->toPort = (uint8_t)takeNumber(&r, 1);
        connection->channels = (int16_t)takeNumber(&r, 2);
        connection->rate = takeRate(&r, version);
    }
    return DYNCHAIN_OK;
}
