/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

const float bench_frequency[BENCH_BANDS] = {31.25f, 62.5f, 125.0f, 250.0f, 500.0f, 1000.0f, 2000.0f, 4000.0f, 8000.0f,
                                            16000.0f};
const float bench_band_gain_db[BENCH_BANDS] = {4.0f, -3.0f, 2.0f, -2.5f, 3.0f, -4.0f, 2.5f, -2.0f, 3.0f, -3.0f};

static double seconds_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double bench_process_seconds(void) { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }
double bench_thread_seconds(void) { return seconds_of(CLOCK_THREAD_CPUTIME_ID); }

uint64_t bench_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void bench_flush_denormals(void) {
#if defined(__x86_64__)
    _mm_setcsr(_mm_getcsr() | 0x8040u);
#elif defined(__aarch64__)
    uint64_t fpcr;
    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
    __asm__ volatile("msr fpcr, %0" : : "r"(fpcr | 1u << 24));
#endif
}

void *bench_alloc(size_t size) {
    size = (size + 63u) & ~(size_t)63u;
    void *memory = aligned_alloc(64, size);
    if (memory == NULL) {
        fprintf(stderr, "out of memory: %zu bytes\n", size);
        exit(1);
    }
    return memset(memory, 0, size);
}

const float *bench_signal(uint32_t channel) {
    static float *signals[BENCH_MAX_CHANNELS];
    if (signals[channel] != NULL) return signals[channel];
    float *signal = bench_alloc(BENCH_RATE * sizeof(float));
    uint32_t state = 12345u + channel * 7919u;
    for (uint32_t n = 0; n < BENCH_RATE; n++) {
        state = state * 1664525u + 1013904223u;
        double noise = (double)(int32_t)state / 2147483648.0;
        double tones = 0.0;
        for (uint32_t t = 0; t < 4; t++) {
            double cycles = (double)((55u << t) + channel * 3u) * n / BENCH_RATE;
            tones += sin(6.283185307179586 * cycles);
        }
        signal[n] = (float)(0.4 * noise + 0.12 * tones);
    }
    return signals[channel] = signal;
}

static void run(const BenchPeer *peer, void *context, uint32_t channels, uint32_t block, uint64_t from, uint64_t count,
                float *record) {
    static float silence[8192];
    const float *in[BENCH_MAX_CHANNELS];
    float *out[BENCH_MAX_CHANNELS];
    for (uint32_t c = 0; c < BENCH_MAX_CHANNELS; c++) {
        in[c] = silence;
        out[c] = bench_alloc(block * sizeof(float));
    }
    for (uint64_t done = 0; done < count;) {
        uint32_t offset = (uint32_t)((from + done) % BENCH_RATE);
        uint32_t frames = block;
        if (frames > BENCH_RATE - offset) frames = BENCH_RATE - offset;
        if (frames > count - done) frames = (uint32_t)(count - done);
        for (uint32_t c = 0; c < channels; c++) in[c] = bench_signal(c) + offset;
        peer->process(context, in, out, frames);
        if (record != NULL) {
            for (uint32_t n = 0; n < frames; n++)
                for (uint32_t c = 0; c < channels; c++) record[(done + n) * channels + c] = out[c][n];
        }
        done += frames;
    }
    for (uint32_t c = 0; c < BENCH_MAX_CHANNELS; c++) free(out[c]);
}

static int write_samples(const char *path, const float *samples, size_t count) {
    FILE *file = fopen(path, "wb");
    int ok = file != NULL && fwrite(samples, sizeof(float), count, file) == count;
    if (file != NULL && fclose(file) != 0) ok = 0;
    if (!ok) perror(path);
    return ok;
}

int bench_main(const BenchPeer *peer, int argc, char **argv) {
    uint32_t channels = argc > 1 ? (uint32_t)atoi(argv[1]) : 0, block = argc > 2 ? (uint32_t)atoi(argv[2]) : 0;
    uint32_t seconds = argc > 3 ? (uint32_t)atoi(argv[3]) : 0;
    if (channels == 0 || channels > BENCH_MAX_CHANNELS || block == 0 || block > 8192 || seconds == 0) {
        fprintf(stderr, "usage: %s CHANNELS BLOCK SECONDS [OUTPUT.f32]\n", argv[0]);
        return 64;
    }
    bench_flush_denormals();
    void *context = peer->create(channels, block);
    if (context == NULL) return 1;
    uint64_t count = (uint64_t)seconds * BENCH_RATE;
    float *record = argc > 4 ? bench_alloc(count * channels * sizeof(float)) : NULL;
    run(peer, context, channels, block, 0, BENCH_RATE, NULL);
    double start = bench_process_seconds();
    run(peer, context, channels, block, BENCH_RATE, count, record);
    double cpu = bench_process_seconds() - start;
    printf("{\"cpu\": %.6f, \"audio\": %u}\n", cpu, seconds);
    return record == NULL || write_samples(argv[4], record, count * channels) ? 0 : 1;
}
