/* SPDX-License-Identifier: Apache-2.0 */
#include "histogram.h"

#include <stddef.h>

/* Octave 0 holds 0…63 one by one; octave k > 0 holds 64·2^(k−1) … 64·2^k − 1 in 64 steps of 2^(k−1). */
static size_t bucket_of(uint64_t value) {
    if (value < HISTOGRAM_STEPS) return (size_t)value;
    unsigned octave = 63u - (unsigned)__builtin_clzll(value) - 5u;
    if (octave >= HISTOGRAM_OCTAVES) return (size_t)HISTOGRAM_STEPS * HISTOGRAM_OCTAVES - 1;
    return (size_t)octave * HISTOGRAM_STEPS + (size_t)((value >> (octave - 1)) & (HISTOGRAM_STEPS - 1));
}

static uint64_t highest_in(size_t bucket) {
    uint64_t octave = bucket / HISTOGRAM_STEPS, step = bucket % HISTOGRAM_STEPS;
    if (octave == 0) return step;
    return ((HISTOGRAM_STEPS + step + 1) << (octave - 1)) - 1;
}

void histogram_add(struct histogram *histogram, uint64_t value) {
    histogram->counts[bucket_of(value)]++;
    histogram->total++;
    if (value > histogram->max) histogram->max = value;
}

uint64_t histogram_at(const struct histogram *histogram, double share) {
    uint64_t wanted = (uint64_t)(share * (double)histogram->total);
    uint64_t seen = 0;
    if (wanted < 1) wanted = 1;
    for (size_t bucket = 0; bucket < (size_t)HISTOGRAM_STEPS * HISTOGRAM_OCTAVES; bucket++) {
        seen += histogram->counts[bucket];
        if (seen >= wanted) {
            uint64_t value = highest_in(bucket);
            return value < histogram->max ? value : histogram->max;
        }
    }
    return 0;
}
