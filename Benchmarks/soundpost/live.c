/* Plays the benchmark's chain live (paced driver, real-time scheduling where allowed) and gives the distribution of the
 * time a block takes, idle or while a control thread makes 1,000 parameter changes a second.
 * SPDX-License-Identifier: Apache-2.0
 *
 *   live FRAME EDITS_A_SECOND SECONDS [CHANNELS]      one JSON object
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "series.h"

typedef struct Durations {
    uint32_t *ns;
    uint32_t count, capacity;
} Durations;

static int ascending(const void *left, const void *right) {
    uint32_t l = *(const uint32_t *)left, r = *(const uint32_t *)right;
    return (l > r) - (l < r);
}

static void *run_driver(void *driver) {
    bench_flush_denormals();
    DynDriver_RunPaced(driver, 60);
    return NULL;
}

static void sleep_until(uint64_t ns) {
    struct timespec at = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

static void collect(DynHost *host, Durations *durations) {
    static DynHostRecord records[4096];
    uint32_t count;
    while ((count = DynHost_ReadTelemetry(host, records, 4096)) != 0) {
        for (uint32_t n = 0; n < count; n++) {
            if (records[n].kind == DYNHOST_RECORD_BLOCK && durations->count < durations->capacity)
                durations->ns[durations->count++] = records[n].ns;
        }
    }
}

/** Keeps the driver's input ring full of the test signal. */
static void feed(DynRing *ring, uint32_t channels) {
    static uint32_t at;
    const uint32_t frames = 480;
    while (DynRing_Writable(ring) >= frames) {
        const float *in[BENCH_MAX_CHANNELS];
        for (uint32_t c = 0; c < channels; c++) in[c] = bench_signal(c) + at;
        if (DynRing_Write(ring, in, frames) == 0) break;
        at = (at + frames) % BENCH_RATE;
    }
}

/** Edit number n: in turn the gain, the delay, a band's gain and its frequency, and the ceiling. */
static DynHostEvent edit(uint32_t n, uint32_t channels) {
    DynHostEvent event = {.kind = DYNHOST_PARAM, .valueSize = 4};
    uint32_t channel = n / 5 % channels, band = n / 7 % BENCH_BANDS;
    float turn = (float)(n * 2654435761u >> 8) / 16777216.0f;
    event.index = (uint16_t)channel;
    switch (n % 5) {
    case 0: event.handle = 0, event.paramTypeId = 1, event.value.f32 = -12.0f * turn; break;
    case 1: event.handle = 1, event.paramTypeId = 1, event.value.i32 = (int32_t)(960.0f * turn); break;
    case 2: event.handle = 2, event.paramTypeId = 3, event.value.f32 = 12.0f * turn - 6.0f; break;
    case 3: event.handle = 2, event.paramTypeId = 2, event.value.f32 = bench_frequency[band] * (0.8f + 0.4f * turn); break;
    default: event.handle = 3, event.paramTypeId = 1, event.value.f32 = -1.0f - 3.0f * turn, event.index = 0; break;
    }
    if (event.handle == 2) event.index = (uint16_t)(channel << 8 | band);
    return event;
}

static void control(DynHost *host, DynRing *input, uint32_t rate, uint32_t seconds, uint32_t channels,
                    Durations *durations) {
    uint64_t start = bench_now_ns();
    uint32_t made = 0;
    for (uint64_t millisecond = 1; millisecond <= (uint64_t)seconds * 1000; millisecond++) {
        sleep_until(start + millisecond * 1000000u);
        for (; (uint64_t)made * 1000 < millisecond * rate; made++) {
            DynHostEvent event = edit(made, channels);
            series_check(DynHost_PushEvents(host, &event, 1), "DynHost_PushEvents");
        }
        if (millisecond % 20 == 0) collect(host, durations);
        feed(input, channels);
    }
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: %s FRAME EDITS_A_SECOND SECONDS [CHANNELS]\n", argv[0]);
        return 64;
    }
    uint32_t frame = (uint32_t)atoi(argv[1]), rate = (uint32_t)atoi(argv[2]), seconds = (uint32_t)atoi(argv[3]);
    uint32_t channels = argc > 4 ? (uint32_t)atoi(argv[4]) : 2;
    Series series = series_benchmark_chain(channels, frame);
    SeriesHost host = series_host(&series, 1, frame, 1);
    DynRing *input = DynRing_Create(channels, 2 * BENCH_RATE);
    series_check(input == NULL ? DYNCHAIN_ERR_MEMORY : DYNCHAIN_OK, "DynRing_Create");
    feed(input, channels);
    DynDriverConfig config = {
        .abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof config, .host = host.host, .sampleRate = BENCH_RATE,
        .frameSize = frame, .numInputs = channels, .numOutputs = channels,
        .input = input,
    };
    DynDriver *driver = DynDriver_Create(&config);
    series_check(driver == NULL ? DYNCHAIN_ERR_MEMORY : DYNCHAIN_OK, "DynDriver_Create");
    Durations durations = {.capacity = seconds * BENCH_RATE / frame + 64};
    durations.ns = bench_alloc(durations.capacity * sizeof(uint32_t));
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_driver, driver) != 0) return 1;
    control(host.host, input, rate, seconds, channels, &durations);
    DynDriver_Stop(driver);
    pthread_join(thread, NULL);
    collect(host.host, &durations);

    DynDriverCounters counters;
    DynHostCounters hostCounters;
    DynDriver_GetCounters(driver, &counters);
    DynHost_GetCounters(host.host, &hostCounters);
    qsort(durations.ns, durations.count, sizeof durations.ns[0], ascending);
    if (durations.count == 0) return 1;
    double last = durations.count - 1;
    printf("{\"frame\": %u, \"edits\": %u, \"blocks\": %u, \"us\": [%.2f, %.2f, %.2f, %.2f], \"dropped\": %llu, "
           "\"latenessUs\": %.1f, \"realtime\": %u, \"refused\": %llu, \"missedInput\": %llu}\n",
           frame, rate, durations.count, durations.ns[(size_t)(0.5 * last)] * 1e-3,
           durations.ns[(size_t)(0.99 * last)] * 1e-3, durations.ns[(size_t)(0.999 * last)] * 1e-3,
           durations.ns[durations.count - 1] * 1e-3, (unsigned long long)counters.droppedFrames,
           (double)counters.maxLatenessNs * 1e-3, counters.realtime, (unsigned long long)hostCounters.refusedEvents,
           (unsigned long long)counters.missedInputFrames);
    DynDriver_Destroy(driver);
    DynRing_Destroy(input);
    return 0;
}
