/* SPDX-License-Identifier: Apache-2.0 */
#include "series.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

typedef struct Writer {
    uint8_t bytes[4096];
    uint32_t length;
} Writer;

static void put(Writer *writer, uint32_t value, uint32_t bytes) {
    for (uint32_t n = 0; n < bytes; n++) writer->bytes[writer->length++] = (uint8_t)(value >> (8 * n));
}

static void put_text(Writer *writer, const char *text) {
    uint32_t length = (uint32_t)strlen(text);
    put(writer, length, 1);
    memcpy(writer->bytes + writer->length, text, length);
    writer->length += length;
}

void series_check(int32_t status, const char *what) {
    if (status >= 0) return;
    fprintf(stderr, "%s: status %d\n", what, status);
    exit(1);
}

static const DynChainRegistry *registry(void) {
    static DynChainRegistry *built_in;
    if (built_in == NULL) {
        built_in = bench_alloc(DynChain_RegistrySize());
        series_check(DynChain_RegistryInit(built_in), "DynChain_RegistryInit");
    }
    return built_in;
}

static void write_port(Writer *frame, const char *id, uint32_t isOutput, uint32_t channels) {
    put_text(frame, id);
    put(frame, isOutput, 1);
    put(frame, channels, 2);
    put(frame, 0xFFFFFFFFu, 4);
}

static void write_wire(Writer *frame, uint32_t from, uint32_t fromPort, uint32_t to, uint32_t toPort, uint32_t channels) {
    put(frame, from, 1);
    put(frame, fromPort, 1);
    put(frame, to, 1);
    put(frame, toPort, 1);
    put(frame, channels, 2);
    put(frame, 0xFFFFFFFFu, 4);
}

static void write_frame(Writer *frame, const uint32_t *types, uint32_t count, uint32_t channels) {
    int generator = types[0] == SERIES_GENERATOR;
    put(frame, count, 2);
    for (uint32_t m = 0; m < count; m++) {
        const ModuleFuncTable *table = DynChain_RegistryFind(registry(), types[m]);
        if (table == NULL) {
            fprintf(stderr, "module type 0x%08x is not in the library\n", types[m]);
            exit(1);
        }
        char id[64];
        snprintf(id, sizeof id, "%s#%u", table->instanceName, m + 1);
        put(frame, types[m], 4);
        put_text(frame, id);
        put(frame, generator ? 1 : 2, 1);
        if (!generator) write_port(frame, "in", 0, channels);
        write_port(frame, "out", 1, channels);
    }
    put(frame, generator ? 1 : count + 1, 2);
    if (!generator) write_wire(frame, DYNCHAIN_IO, 0, 0, 0, channels);
    for (uint32_t m = 1; m < count; m++) write_wire(frame, m - 1, 1, m, 0, channels);
    write_wire(frame, count - 1, generator ? 0 : 1, DYNCHAIN_IO, 0, channels);
}

Series series_create(const uint32_t *types, uint32_t count, uint32_t channels, uint32_t frame) {
    Writer link = {.length = 0};
    write_frame(&link, types, count, channels);
    const char *plain = getenv("BENCH_PLAIN");
    uint16_t ports[1] = {(uint16_t)channels};
    int generator = types[0] == SERIES_GENERATOR;
    DynChainConfig config = {
        .abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof config, .registry = registry(),
        .sampleRate = BENCH_RATE, .frameSize = frame, .numInputs = generator ? 0 : 1, .inputChannels = ports,
        .numOutputs = 1, .outputChannels = ports, .plainKernels = plain != NULL && strcmp(plain, "1") == 0,
    };
    size_t size = 0;
    Series series = {NULL, channels, generator ? 0 : channels, count};
    series_check(DynChain_GetMemSize(&config, DYNCHAIN_LINK_V4, link.bytes, link.length, &size), "DynChain_GetMemSize");
    series_check(DynChain_Init(bench_alloc(size), size, &config, &series.chain), "DynChain_Init");
    series_check(DynChain_LoadLinkFrame(series.chain, DYNCHAIN_LINK_V4, link.bytes, link.length), "LoadLinkFrame");
    for (uint32_t m = 0; m < count; m++) series_configure(series, m, types[m]);
    series_check(DynChain_Rebuild(series.chain), "DynChain_Rebuild");
    return series;
}

void series_set_at(Series series, uint32_t module, uint16_t parameter, uint16_t index, double value) {
    const DynChainParamSchema *schema = NULL;
    series_check(DynChain_ParamInfo(series.chain, module, parameter, index, &schema), "DynChain_ParamInfo");
    float f32 = (float)value;
    int32_t i32 = (int32_t)lround(value);
    uint8_t u8 = value != 0.0;
    const void *data = &i32;
    uint32_t size = 4;
    if (schema->dataType == DYNCHAIN_TYPE_FLOAT) data = &f32;
    if (schema->dataType == DYNCHAIN_TYPE_BOOL || schema->dataType == DYNCHAIN_TYPE_UINT8) data = &u8, size = 1;
    series_check(DynChain_SetParamIndexed(series.chain, module, parameter, index, data, size), schema->name);
}

void series_set(Series series, uint32_t module, uint16_t parameter, double value) {
    const DynChainParamSchema *schema = NULL;
    series_check(DynChain_ParamInfo(series.chain, module, parameter, 0, &schema), "DynChain_ParamInfo");
    uint32_t count = schema->dims[0] == 'c' ? series.channels : 1;
    for (uint32_t c = 0; c < count; c++) series_set_at(series, module, parameter, (uint16_t)c, value);
}

void series_set_bands(Series series, uint32_t module, uint32_t bands) {
    for (uint32_t c = 0; c < series.channels; c++) {
        for (uint32_t b = 0; b < bands; b++) {
            uint16_t index = (uint16_t)(c << 8 | b);
            series_set_at(series, module, 2, index, bench_frequency[b % BENCH_BANDS]);
            series_set_at(series, module, 3, index, bench_band_gain_db[b % BENCH_BANDS]);
            series_set_at(series, module, 4, index, BENCH_Q);
            series_set_at(series, module, 5, index, 1.0);
        }
    }
}

void series_configure(Series series, uint32_t module, uint32_t type) {
    switch (type) {
    case SERIES_GAIN: series_set(series, module, 1, BENCH_GAIN_DB); break;
    case SERIES_DELAY: series_set(series, module, 1, BENCH_DELAY_SAMPLES); break;
    case SERIES_EQ: series_set_bands(series, module, BENCH_BANDS); break;
    case SERIES_LIMITER:
        series_set(series, module, 1, BENCH_CEILING_DB);
        series_set(series, module, 2, BENCH_RELEASE_MS);
        series_set(series, module, 3, BENCH_LOOKAHEAD_MS);
        break;
    default: break;
    }
}

Series series_benchmark_chain(uint32_t channels, uint32_t frame) {
    const uint32_t types[] = {SERIES_GAIN, SERIES_DELAY, SERIES_EQ, SERIES_LIMITER};
    return series_create(types, 4, channels, frame);
}

static DynHostPlan *make_plan(const Series *rows, uint32_t cores, uint32_t frame) {
    uint32_t channels = rows[0].channels;
    DynChain *chains[DYNCHAIN_MAX_CORES];
    uint16_t widths[DYNCHAIN_MAX_CORES];
    DynHostEdge edges[2 * DYNCHAIN_MAX_CORES];
    DynHostModule modules[16 * DYNCHAIN_MAX_CORES];
    uint32_t count = 0;
    for (uint32_t core = 0; core < cores; core++) {
        chains[core] = rows[core].chain;
        widths[core] = (uint16_t)channels;
        edges[2 * core] = (DynHostEdge){DYNHOST_IO, (uint8_t)core, 0, 0, (uint16_t)channels, 0};
        edges[2 * core + 1] =
            (DynHostEdge){(uint8_t)core, DYNHOST_IO, 0, (uint16_t)(core * channels), (uint16_t)channels, 0};
        for (uint32_t m = 0; m < rows[core].modules; m++)
            modules[count++] = (DynHostModule){core * 16 + m, (uint8_t)core, (uint8_t)m, 0};
    }
    DynHostPlanConfig config = {
        .abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof config, .sampleRate = BENCH_RATE, .frameSize = frame,
        .numInputs = channels, .numOutputs = cores * channels, .numCores = cores, .cores = chains,
        .coreInputs = widths, .coreOutputs = widths, .numEdges = 2 * cores, .edges = edges, .numModules = count,
        .modules = modules,
    };
    size_t size = 0;
    DynHostPlan *plan = NULL;
    series_check(DynHostPlan_GetMemSize(&config, &size), "DynHostPlan_GetMemSize");
    series_check(DynHostPlan_Init(bench_alloc(size), size, &config, &plan), "DynHostPlan_Init");
    return plan;
}

SeriesHost series_host(const Series *rows, uint32_t cores, uint32_t frame, uint32_t workers) {
    SeriesHost result = {NULL, NULL, rows[0].channels};
    if (workers > 1) {
        result.pool = DynPool_Create(workers, 200, 50);
        series_check(result.pool == NULL ? DYNCHAIN_ERR_MEMORY : DYNCHAIN_OK, "DynPool_Create");
    }
    DynHostConfig config = {
        .abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof config, .sampleRate = BENCH_RATE, .frameSize = frame,
        .numInputs = rows[0].channels, .numOutputs = cores * rows[0].channels, .eventCapacity = 4096,
        .telemetryCapacity = 65536, .now = DynPC_Now, .execute = workers > 1 ? DynPool_Execute : NULL,
        .executeContext = result.pool,
    };
    size_t size = 0;
    series_check(DynHost_GetMemSize(&config, &size), "DynHost_GetMemSize");
    series_check(DynHost_Init(bench_alloc(size), size, &config, make_plan(rows, cores, frame), &result.host),
                 "DynHost_Init");
    DynHost_SetOutputNow(result.host, 1.0f, 0);
    return result;
}
