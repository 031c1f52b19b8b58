/* Times blocks of the C library: each module alone, the whole benchmark chain, and rows of biquads.
 * SPDX-License-Identifier: Apache-2.0
 *
 *   modules        one JSON object a line: {"what", "channels", "block", "microseconds": [p10, p50, p90], …}
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "series.h"

#define REPEATS 41

static int ascending(const void *left, const void *right) {
    double l = *(const double *)left, r = *(const double *)right;
    return (l > r) - (l < r);
}

/** CPU time of one block of `frames`, the spread over repeats of some milliseconds each. */
static void measure(const char *what, Series series, uint32_t frames) {
    const float *in[BENCH_MAX_CHANNELS];
    float *out[BENCH_MAX_CHANNELS];
    for (uint32_t c = 0; c < BENCH_MAX_CHANNELS; c++) out[c] = bench_alloc(frames * sizeof(float));
    uint32_t blocks = BENCH_RATE / 2 / frames;
    double times[REPEATS];
    for (int repeat = -2; repeat < REPEATS; repeat++) {
        double start = bench_thread_seconds();
        for (uint32_t b = 0; b < blocks; b++) {
            for (uint32_t c = 0; c < series.channels; c++) in[c] = bench_signal(c) + (size_t)b * frames;
            series_check(DynChain_Process(series.chain, in, series.inputs, out, series.channels, frames), what);
        }
        if (repeat >= 0) times[repeat] = (bench_thread_seconds() - start) / blocks * 1e6;
    }
    qsort(times, REPEATS, sizeof times[0], ascending);
    printf("{\"what\": \"%s\", \"channels\": %u, \"block\": %u, \"microseconds\": [%.4f, %.4f, %.4f]}\n", what,
           series.channels, frames, times[REPEATS / 10], times[REPEATS / 2], times[REPEATS * 9 / 10]);
    fflush(stdout);
    for (uint32_t c = 0; c < BENCH_MAX_CHANNELS; c++) free(out[c]);
}

static void each_module(uint32_t channels) {
    const struct {
        const char *name;
        uint32_t type;
    } modules[] = {{"gain", SERIES_GAIN},       {"delay", SERIES_DELAY},         {"eq, 10 bands", SERIES_EQ},
                   {"mixer", SERIES_MIXER},     {"limiter", SERIES_LIMITER},     {"generator, sine", SERIES_GENERATOR},
                   {"meter", SERIES_METER}};
    for (size_t m = 0; m < sizeof modules / sizeof modules[0]; m++) {
        Series series = series_create(&modules[m].type, 1, channels, 240);
        if (modules[m].type == SERIES_LIMITER) series_set(series, 0, 1, -4.0); /* low enough to work on the signal */
        measure(modules[m].name, series, 240);
    }
}

/** `filters` peaking bands on every channel, 20 a module at most. */
static void biquads(const char *what, uint32_t channels, uint32_t filters, uint32_t frames) {
    const uint32_t types[] = {SERIES_EQ, SERIES_EQ, SERIES_EQ, SERIES_EQ, SERIES_EQ};
    uint32_t modules = (filters + 19) / 20;
    Series series = series_create(types, modules, channels, frames);
    for (uint32_t m = 0; m < modules; m++) series_set_bands(series, m, filters - 20 * m < 20 ? filters - 20 * m : 20);
    measure(what, series, frames);
}

int main(void) {
    const uint32_t channels[] = {1, 2, 8}, blocks[] = {32, 64, 240, 1024};
    bench_flush_denormals();
    for (int c = 0; c < 3; c++) each_module(channels[c]);
    for (int c = 0; c < 3; c++)
        for (int b = 0; b < 4; b++) measure("chain", series_benchmark_chain(channels[c], blocks[b]), blocks[b]);
    biquads("96 biquads on 8 channels (12 each)", 8, 12, 1024);
    biquads("96 biquads on 2 channels (48 each)", 2, 48, 1024);
    return 0;
}
