/* The benchmark's chain through the C library, as a peer of the others.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench.h"
#include "series.h"

static Series chain;

static void *create(uint32_t channels, uint32_t block) {
    chain = series_benchmark_chain(channels, block);
    return &chain;
}

static void process(void *context, const float *const *in, float *const *out, uint32_t frames) {
    const Series *series = context;
    series_check(DynChain_Process(series->chain, in, series->inputs, out, series->channels, frames),
                 "DynChain_Process");
}

int main(int argc, char **argv) {
    const BenchPeer peer = {"soundpost", create, process};
    return bench_main(&peer, argc, argv);
}
