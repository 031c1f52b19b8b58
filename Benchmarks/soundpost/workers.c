/* One worker against two, off-line: two simulated cores with equal work, from short frames to long ones. The break-even
 * is the work a frame from which the second worker pays.
 * SPDX-License-Identifier: Apache-2.0
 *
 *   workers      one JSON object a line: {"frame", "modules", "oneUs", "twoUs"}: wall-clock time of a tick, medians
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "series.h"

#define CHANNELS 8u
#define TICKS 400
#define ROUNDS 9

static int ascending(const void *left, const void *right) {
    double l = *(const double *)left, r = *(const double *)right;
    return (l > r) - (l < r);
}

static double tick_microseconds(DynHost *host, uint32_t frame, uint32_t outputs) {
    const float *in[CHANNELS];
    float *out[2 * CHANNELS];
    static double times[TICKS];
    for (uint32_t c = 0; c < CHANNELS; c++) in[c] = bench_signal(c);
    for (uint32_t c = 0; c < outputs; c++) out[c] = bench_alloc(frame * sizeof(float));
    for (int t = 0; t < TICKS; t++) {
        uint64_t start = bench_now_ns();
        series_check(DynHost_Process(host, in, out), "DynHost_Process");
        times[t] = (double)(bench_now_ns() - start) * 1e-3;
    }
    for (uint32_t c = 0; c < outputs; c++) free(out[c]);
    qsort(times, TICKS, sizeof times[0], ascending);
    return times[TICKS / 2];
}

static SeriesHost make(uint32_t frame, uint32_t modules, uint32_t workers) {
    const uint32_t types[] = {SERIES_EQ, SERIES_EQ, SERIES_EQ, SERIES_EQ, SERIES_EQ, SERIES_EQ, SERIES_EQ, SERIES_EQ};
    Series rows[2];
    for (int core = 0; core < 2; core++) {
        rows[core] = series_create(types, modules, CHANNELS, frame);
        for (uint32_t m = 0; m < modules; m++) series_set_bands(rows[core], m, 20);
    }
    return series_host(rows, 2, frame, workers);
}

int main(void) {
    const struct {
        uint32_t frame, modules;
    } loads[] = {{16, 1}, {32, 1}, {64, 1}, {64, 2}, {64, 4}, {240, 2}, {240, 4}, {240, 8}, {1024, 4}};
    bench_flush_denormals();
    for (size_t l = 0; l < sizeof loads / sizeof loads[0]; l++) {
        double one[ROUNDS], two[ROUNDS];
        SeriesHost single = make(loads[l].frame, loads[l].modules, 1), pair = make(loads[l].frame, loads[l].modules, 2);
        for (int round = 0; round < ROUNDS; round++) {
            one[round] = tick_microseconds(single.host, loads[l].frame, 2 * CHANNELS);
            two[round] = tick_microseconds(pair.host, loads[l].frame, 2 * CHANNELS);
        }
        DynPool_Destroy(pair.pool);
        qsort(one, ROUNDS, sizeof one[0], ascending);
        qsort(two, ROUNDS, sizeof two[0], ascending);
        printf("{\"frame\": %u, \"modules\": %u, \"oneUs\": %.2f, \"twoUs\": %.2f}\n", loads[l].frame, loads[l].modules,
               one[ROUNDS / 2], two[ROUNDS / 2]);
        fflush(stdout);
    }
    return 0;
}
