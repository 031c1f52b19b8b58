/* Chains of our own library for the benchmarks: modules in a row, and hosts that run such rows on several cores.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_SERIES_H
#define BENCH_SERIES_H

#include "dynchain_pc.h"

#define SERIES_GAIN 0x16673001u
#define SERIES_DELAY 0x16672001u
#define SERIES_EQ 0x16676001u
#define SERIES_MIXER 0x16674001u
#define SERIES_LIMITER 0x16678001u
#define SERIES_GENERATOR 0x16671101u
#define SERIES_METER 0x16671201u

typedef struct Series {
    DynChain *chain;
    uint32_t channels;
    uint32_t inputs; /* channels, or 0 for a generator */
    uint32_t modules;
} Series;

/** A rebuilt chain of the given module types, one after the other, `channels` wide throughout; a generator, which has no
 *  input, must stand alone. Environment BENCH_PLAIN=1 forces the plain kernels. Ends the program on any error. */
Series series_create(const uint32_t *types, uint32_t count, uint32_t channels, uint32_t frame);

/** Sets a parameter on every channel (or once when it has no dimension). Values travel as the schema says. */
void series_set(Series series, uint32_t module, uint16_t parameter, double value);
/** Sets one element. */
void series_set_at(Series series, uint32_t module, uint16_t parameter, uint16_t index, double value);

/** Gives an eq module the first `bands` of the benchmark's bands, in turn, as peaking filters on every channel. */
void series_set_bands(Series series, uint32_t module, uint32_t bands);
/** The benchmark's chain: gain, delay, eq, limiter with the settings of bench.h. */
Series series_benchmark_chain(uint32_t channels, uint32_t frame);
/** Parameters of one module type to the benchmark's settings (used by series_benchmark_chain and the module table). */
void series_configure(Series series, uint32_t module, uint32_t type);

typedef struct SeriesHost {
    DynHost *host;
    DynPool *pool;
    uint32_t channels;
} SeriesHost;

/** A host whose `cores` cores each run one of `rows` on the same input; core n's output goes to channels
 *  n·channels …, so the host has cores·channels outputs. More than one worker starts a pool. Handles of core n's
 *  modules are n·16 + module. */
SeriesHost series_host(const Series *rows, uint32_t cores, uint32_t frame, uint32_t workers);

/** Ends the program with a message unless `status` is 0. */
void series_check(int32_t status, const char *what);

#endif
