/* The benchmark's chain written once more, as plainly as a good compiler needs it to be fast: float biquads, channels
 * side by side in a vector, no parameters that could change, no events, no guards. What our library costs above this is
 * the price of double filters and of everything that makes it live. The algorithms are the library's (cookbook peaking
 * filters; limiter with sliding maximum, exponential release and two moving averages), the code is not.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define TILE 64u
#define WIDTH 8u
#define DELAY_RING 1024u /* a power of two above the delay and above look-ahead + tile */
#define LOOKAHEAD 72u    /* 1.5 ms */
#define WINDOW (LOOKAHEAD + 1u)
#define FIRST ((LOOKAHEAD + 2u) / 2u)
#define SECOND (LOOKAHEAD + 2u - FIRST)

typedef struct Biquad {
    float b0, b1, b2, a1, a2;
    float s1[WIDTH], s2[WIDTH];
} Biquad;

typedef struct Limiter {
    float hold[WINDOW + 1]; /* requests of the present block, then suffix maxima of the last one, then 0 */
    float newest, reduction, release, ceiling;
    uint32_t phase, first_at, second_at;
    double first_sum, second_sum;
    double first_ring[FIRST], second_ring[SECOND];
} Limiter;

typedef struct Reference {
    uint32_t channels, write;
    float gain;
    float delay[DELAY_RING][WIDTH];
    float ahead[DELAY_RING][WIDTH];
    Biquad band[BENCH_BANDS];
    Limiter limiter;
} Reference;

static void design(Biquad *biquad, double frequency, double gain_db) {
    double w = 6.283185307179586 * frequency / BENCH_RATE, a = pow(10.0, gain_db / 40.0);
    double alpha = sin(w) / (2.0 * (double)BENCH_Q), a0 = 1.0 + alpha / a;
    biquad->b0 = (float)((1.0 + alpha * a) / a0);
    biquad->b1 = (float)(-2.0 * cos(w) / a0);
    biquad->b2 = (float)((1.0 - alpha * a) / a0);
    biquad->a1 = biquad->b1;
    biquad->a2 = (float)((1.0 - alpha / a) / a0);
}

static void *create(uint32_t channels, uint32_t block) {
    (void)block;
    Reference *r = bench_alloc(sizeof *r);
    r->channels = channels;
    r->gain = powf(10.0f, BENCH_GAIN_DB / 20.0f);
    for (uint32_t b = 0; b < BENCH_BANDS; b++) design(&r->band[b], bench_frequency[b], bench_band_gain_db[b]);
    r->limiter.ceiling = powf(10.0f, BENCH_CEILING_DB / 20.0f);
    r->limiter.release = (float)exp(-1000.0 / ((double)BENCH_RELEASE_MS * BENCH_RATE));
    return r;
}

static float held(Limiter *l, float request) {
    l->newest = fmaxf(l->newest, request);
    l->hold[l->phase] = request;
    float result = fmaxf(l->newest, l->hold[l->phase + 1]);
    if (++l->phase == WINDOW) {
        for (uint32_t i = WINDOW - 1; i-- > 0;) l->hold[i] = fmaxf(l->hold[i], l->hold[i + 1]);
        l->newest = 0.0f;
        l->phase = 0;
    }
    return result;
}

static float smoothed(Limiter *l, double value) {
    l->first_sum += value - l->first_ring[l->first_at];
    l->first_ring[l->first_at] = value;
    if (++l->first_at == FIRST) l->first_at = 0;
    l->second_sum += l->first_sum - l->second_ring[l->second_at];
    l->second_ring[l->second_at] = l->first_sum;
    if (++l->second_at == SECOND) l->second_at = 0;
    return (float)(1.0 - l->second_sum * (1.0 / ((double)FIRST * SECOND)));
}

/** Peaks of all channels in, gains out. */
static void gains(Limiter *l, float *values, uint32_t frames) {
    for (uint32_t n = 0; n < frames; n++) {
        float request = values[n] > l->ceiling ? 1.0f - l->ceiling / values[n] : 0.0f;
        l->reduction = fmaxf(held(l, request), l->reduction * l->release);
        values[n] = smoothed(l, l->reduction);
    }
}

static inline __attribute__((always_inline)) void run_band(Biquad *band, float (*x)[WIDTH], uint32_t frames,
                                                           const uint32_t width) {
    float s1[WIDTH], s2[WIDTH];
    memcpy(s1, band->s1, sizeof s1);
    memcpy(s2, band->s2, sizeof s2);
    const float b0 = band->b0, b1 = band->b1, b2 = band->b2, a1 = band->a1, a2 = band->a2;
    for (uint32_t n = 0; n < frames; n++) {
        for (uint32_t c = 0; c < width; c++) {
            float in = x[n][c], y = b0 * in + s1[c];
            s1[c] = b1 * in - a1 * y + s2[c];
            s2[c] = b2 * in - a2 * y;
            x[n][c] = y;
        }
    }
    memcpy(band->s1, s1, sizeof s1);
    memcpy(band->s2, s2, sizeof s2);
}

static inline __attribute__((always_inline)) void run_tile(Reference *r, const float *const *in, float *const *out,
                                                           uint32_t at, uint32_t frames, const uint32_t width) {
    float x[TILE][WIDTH], gain[TILE];
    for (uint32_t n = 0; n < frames; n++)
        for (uint32_t c = 0; c < width; c++) r->delay[(r->write + n) % DELAY_RING][c] = in[c][at + n] * r->gain;
    for (uint32_t n = 0; n < frames; n++)
        memcpy(x[n], r->delay[(r->write + n - BENCH_DELAY_SAMPLES) % DELAY_RING], sizeof x[n]);
    for (uint32_t b = 0; b < BENCH_BANDS; b++) run_band(&r->band[b], x, frames, width);
    for (uint32_t n = 0; n < frames; n++) {
        float peak = 0.0f;
        for (uint32_t c = 0; c < width; c++) peak = fmaxf(peak, fabsf(x[n][c]));
        gain[n] = peak;
        memcpy(r->ahead[(r->write + n) % DELAY_RING], x[n], sizeof x[n]);
    }
    gains(&r->limiter, gain, frames);
    const float ceiling = r->limiter.ceiling;
    for (uint32_t n = 0; n < frames; n++) {
        const float *due = r->ahead[(r->write + n - LOOKAHEAD) % DELAY_RING];
        for (uint32_t c = 0; c < width; c++) out[c][at + n] = fmaxf(fminf(due[c] * gain[n], ceiling), -ceiling);
    }
    r->write += frames;
}

static void process(void *context, const float *const *in, float *const *out, uint32_t frames) {
    Reference *r = context;
    for (uint32_t at = 0; at < frames; at += TILE) {
        uint32_t count = frames - at < TILE ? frames - at : TILE;
        switch (r->channels) {
        case 1: run_tile(r, in, out, at, count, 1); break;
        case 2: run_tile(r, in, out, at, count, 2); break;
        case 8: run_tile(r, in, out, at, count, 8); break;
        default: run_tile(r, in, out, at, count, r->channels); break;
        }
    }
}

int main(int argc, char **argv) {
    const BenchPeer peer = {"reference", create, process};
    return bench_main(&peer, argc, argv);
}
