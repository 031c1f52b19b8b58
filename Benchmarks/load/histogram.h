/* SPDX-License-Identifier: Apache-2.0 */
/* Counts of microseconds in buckets that are 1/64 of their value wide, after HdrHistogram: exact below 64, 1.6 % above. */
#ifndef LOAD_HISTOGRAM_H
#define LOAD_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_STEPS = 64, HISTOGRAM_OCTAVES = 34 };

struct histogram {
    uint64_t counts[HISTOGRAM_STEPS * HISTOGRAM_OCTAVES];
    uint64_t total, max;
};

void histogram_add(struct histogram *histogram, uint64_t value);

/* The smallest value that at least this share (0…1) of all values does not exceed, to the width of a bucket. 0 when there is none. */
uint64_t histogram_at(const struct histogram *histogram, double share);

#endif
