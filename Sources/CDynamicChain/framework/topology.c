/* From a parsed link to channel counts, sources of inputs and an order of processing.
 * SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

static int32_t fail(const char **problem, const char *text) {
    *problem = text;
    return DYNCHAIN_ERR_FRAME;
}

static uint32_t portIndex(const Topology *topology, uint32_t module, uint32_t tablePort) {
    return topology->firstPort[module] + tablePort;
}

/* What the frame states for a table port; NULL when it does not list the port. */
static const LinkPort *statedPort(const ParsedLink *link, uint32_t module, uint32_t tablePort) {
    const LinkModule *m = &link->modules[module];
    for (uint32_t p = 0; p < m->numPorts; p++)
        if (link->ports[m->firstPort + p].tablePort == tablePort) return &link->ports[m->firstPort + p];
    return NULL;
}

/* Resolves one end of a connection to a source or a destination; `direction` is the one the end must have. */
static int32_t endPort(const ParsedLink *link, uint32_t module, uint32_t port, uint8_t direction, uint32_t *tablePort,
                       const char **problem) {
    if (module >= link->counts.modules) return fail(problem, "connection names a module that is not there");
    const LinkModule *m = &link->modules[module];
    if (port >= m->numPorts) return fail(problem, "connection names a port that is not there");
    const LinkPort *stated = &link->ports[m->firstPort + port];
    if (stated->isOutput != direction) return fail(problem, "connection runs against a port's direction");
    *tablePort = stated->tablePort;
    return DYNCHAIN_OK;
}

static int32_t connect(const DynChainConfig *config, const ParsedLink *link, Topology *topology, int *usesIo,
                       const char **problem) {
    for (uint32_t c = 0; c < link->counts.connections; c++) {
        const LinkConnection *connection = &link->connections[c];
        PortSource source;
        uint32_t tablePort = 0;
        if (connection->fromModule == DYNCHAIN_IO) {
            *usesIo = 1;
            if (connection->fromPort >= config->numInputs)
                return fail(problem, "connection names an external input that is not there");
            source.module = DYNCHAIN_EXTERNAL;
            source.port = connection->fromPort;
        } else {
            int32_t result = endPort(link, connection->fromModule, connection->fromPort, 1, &tablePort, problem);
            if (result != DYNCHAIN_OK) return result;
            source.module = connection->fromModule;
            source.port = (uint16_t)tablePort;
        }
        PortSource *destination;
        if (connection->toModule == DYNCHAIN_IO) {
            *usesIo = 1;
            if (connection->toPort >= config->numOutputs)
                return fail(problem, "connection names an external output that is not there");
            destination = &topology->outputs[connection->toPort];
        } else {
            int32_t result = endPort(link, connection->toModule, connection->toPort, 0, &tablePort, problem);
            if (result != DYNCHAIN_OK) return result;
            destination = &topology->source[portIndex(topology, connection->toModule, tablePort)];
        }
        if (destination->module != DYNCHAIN_UNCONNECTED) return fail(problem, "two connections lead to one port");
        *destination = source;
    }
    return DYNCHAIN_OK;
}

/* A frame without $io entries binds by position: unconnected required inputs to the external inputs, unconnected
 * required outputs to the external outputs, in module order. */
static void bindByPosition(const DynChainConfig *config, const ParsedLink *link, Topology *topology) {
    uint32_t nextInput = 0, nextOutput = 0;
    for (uint32_t m = 0; m < link->counts.modules; m++) {
        const ModuleFuncTable *table = link->modules[m].table;
        for (uint32_t p = 0; p < table->numPorts; p++) {
            if (!table->ports[p].required) continue;
            if (!table->ports[p].isOutput) {
                PortSource *source = &topology->source[portIndex(topology, m, p)];
                if (source->module != DYNCHAIN_UNCONNECTED || nextInput >= config->numInputs) continue;
                source->module = DYNCHAIN_EXTERNAL;
                source->port = (uint16_t)nextInput++;
            } else if (nextOutput < config->numOutputs) {
                int used = 0;
                for (uint32_t i = 0; i < topology->firstPort[link->counts.modules] && !used; i++)
                    used = topology->source[i].module == m && topology->source[i].port == p;
                if (used) continue;
                topology->outputs[nextOutput].module = (uint16_t)m;
                topology->outputs[nextOutput++].port = (uint16_t)p;
            }
        }
    }
}

/* Kahn's algorithm, lowest index first: the order is stable and says which chains have a cycle. */
static int32_t sort(const ParsedLink *link, Topology *topology, const char **problem) {
    uint8_t placed[DYNCHAIN_MAX_MODULES] = {0};
    uint32_t count = 0;
    while (count < link->counts.modules) {
        uint32_t before = count;
        for (uint32_t m = 0; m < link->counts.modules; m++) {
            if (placed[m]) continue;
            int ready = 1;
            for (uint32_t i = topology->firstPort[m]; i < topology->firstPort[m + 1] && ready; i++) {
                uint32_t from = topology->source[i].module;
                ready = from >= DYNCHAIN_EXTERNAL || placed[from];
            }
            if (!ready) continue;
            placed[m] = 1;
            topology->order[count++] = (uint16_t)m;
            break;
        }
        if (count == before) return fail(problem, "the connections form a cycle");
    }
    return DYNCHAIN_OK;
}

static uint32_t sourceChannels(const DynChainConfig *config, const Topology *topology, const PortSource *source) {
    return source->module == DYNCHAIN_EXTERNAL ? config->inputChannels[source->port]
                                               : topology->channels[portIndex(topology, source->module, source->port)];
}

static int32_t resolveChannels(const DynChainConfig *config, const ParsedLink *link, Topology *topology,
                               const char **problem) {
    uint32_t fallback = config->numInputs > 0    ? config->inputChannels[0]
                        : config->numOutputs > 0 ? config->outputChannels[0]
                                                 : 1;
    for (uint32_t i = 0; i < link->counts.modules; i++) {
        uint32_t m = topology->order[i];
        const ModuleFuncTable *table = link->modules[m].table;
        uint32_t inherited = 0;
        for (uint32_t p = 0; p < table->numPorts; p++) {
            const LinkPort *stated = statedPort(link, m, p);
            int32_t channels = stated != NULL ? stated->channels : -1;
            int32_t fixed = table->ports[p].channels;
            if (stated != NULL && stated->rate != 0 && stated->rate != config->sampleRate)
                return fail(problem, "a port states another sample rate than the chain's");
            if (fixed > 0) {
                if (channels > 0 && channels != fixed)
                    return fail(problem, "a port states another channel count than its module type has");
                channels = fixed;
            }
            const PortSource *source = &topology->source[portIndex(topology, m, p)];
            if (!table->ports[p].isOutput) {
                if (source->module != DYNCHAIN_UNCONNECTED) {
                    int32_t wire = (int32_t)sourceChannels(config, topology, source);
                    if (channels > 0 && channels != wire)
                        return fail(problem, "a wire and the input it leads to differ in channels");
                    channels = wire;
                }
                if (channels < 0) channels = (int32_t)(inherited > 0 ? inherited : fallback);
                if (inherited == 0) inherited = (uint32_t)channels;
            } else if (channels < 0) {
                channels = (int32_t)(inherited > 0 ? inherited : fallback);
            } else if (fixed == DYNCHAIN_CHANNELS_INHERIT && inherited > 0 && channels != (int32_t)inherited) {
                return fail(problem, "an output states another channel count than it inherits");
            }
            topology->channels[portIndex(topology, m, p)] = (uint16_t)channels;
        }
    }
    return DYNCHAIN_OK;
}

static int32_t checkConnections(const DynChainConfig *config, const ParsedLink *link, const Topology *topology,
                                const char **problem) {
    for (uint32_t c = 0; c < link->counts.connections; c++) {
        const LinkConnection *connection = &link->connections[c];
        if (connection->rate != 0 && connection->rate != config->sampleRate)
            return fail(problem, "a connection states another sample rate than the chain's");
        if (connection->channels < -1 || connection->channels == 0)
            return fail(problem, "a connection states a channel count out of range");
        if (connection->channels == -1) continue;
        PortSource source = {DYNCHAIN_EXTERNAL, connection->fromPort};
        if (connection->fromModule != DYNCHAIN_IO) {
            const LinkModule *m = &link->modules[connection->fromModule];
            source.module = connection->fromModule;
            source.port = link->ports[m->firstPort + connection->fromPort].tablePort;
        }
        if ((uint32_t)connection->channels != sourceChannels(config, topology, &source))
            return fail(problem, "a connection states another channel count than its source has");
    }
    for (uint32_t o = 0; o < config->numOutputs; o++) {
        const PortSource *source = &topology->outputs[o];
        if (source->module != DYNCHAIN_UNCONNECTED &&
            sourceChannels(config, topology, source) != config->outputChannels[o])
            return fail(problem, "a wire and the external output it leads to differ in channels");
    }
    return DYNCHAIN_OK;
}

int32_t dynchain_resolve(const DynChainConfig *config, const ParsedLink *link, Topology *topology,
                         const char **problem) {
    uint32_t ports = 0;
    for (uint32_t m = 0; m < link->counts.modules; m++) {
        topology->firstPort[m] = (uint16_t)ports;
        ports += link->modules[m].table->numPorts;
        if (ports > DYNCHAIN_MAX_LINK_PORTS) return fail(problem, "too many ports");
    }
    topology->firstPort[link->counts.modules] = (uint16_t)ports;
    const PortSource unconnected = {DYNCHAIN_UNCONNECTED, 0};
    for (uint32_t p = 0; p < ports; p++) topology->source[p] = unconnected;
    for (uint32_t o = 0; o < DYNCHAIN_MAX_EXTERNAL; o++) topology->outputs[o] = unconnected;

    int usesIo = 0;
    int32_t result = connect(config, link, topology, &usesIo, problem);
    if (result != DYNCHAIN_OK) return result;
    if (!usesIo) bindByPosition(config, link, topology);
    if ((result = sort(link, topology, problem)) != DYNCHAIN_OK) return result;
    if ((result = resolveChannels(config, link, topology, problem)) != DYNCHAIN_OK) return result;
    return checkConnections(config, link, topology, problem);
}
