/* What every in-process benchmark shares: the chain's settings, the test signal, the clock, the loop that is timed.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BENCH_RATE 48000u
#define BENCH_MAX_CHANNELS 8u

/* gain -> delay -> 10-band EQ -> limiter. Every peer gets these figures. */
#define BENCH_GAIN_DB 3.0f
#define BENCH_DELAY_SAMPLES 480u
#define BENCH_BANDS 10u
#define BENCH_Q 1.41f
#define BENCH_CEILING_DB (-1.0f)
#define BENCH_RELEASE_MS 80.0f
#define BENCH_LOOKAHEAD_MS 1.5f
extern const float bench_frequency[BENCH_BANDS];
extern const float bench_band_gain_db[BENCH_BANDS];

/** One second of noise and tones per channel that repeats without a seam; peak near -1 dBFS, so that the limiter works.
 *  Owned by the library. */
const float *bench_signal(uint32_t channel);

/** Processes `frames` samples of planar channels. */
typedef void (*BenchProcess)(void *context, const float *const *in, float *const *out, uint32_t frames);

typedef struct BenchPeer {
    const char *name;
    /** Returns the context of a chain of `channels`, ready to run blocks of up to `block` samples, or NULL after having
     *  said on stderr why not. */
    void *(*create)(uint32_t channels, uint32_t block);
    BenchProcess process;
} BenchPeer;

/** The main function of a peer: `PROGRAM CHANNELS BLOCK SECONDS [OUTPUT.f32]`. Runs one untimed second, then SECONDS of
 *  audio, and prints `{"cpu": seconds, "audio": seconds}`: CPU time of the whole process, so that helper threads count
 *  and other people's load does not. With OUTPUT the interleaved samples of the timed part are written after it. */
int bench_main(const BenchPeer *peer, int argc, char **argv);

/** CPU seconds of the process and of the thread, wall-clock nanoseconds. */
double bench_process_seconds(void);
double bench_thread_seconds(void);
uint64_t bench_now_ns(void);

/** Flushes denormals to zero on this thread, as audio hosts do. */
void bench_flush_denormals(void);

/** Memory on a cache line, zeroed; ends the program when there is none. */
void *bench_alloc(size_t size);

#ifdef __cplusplus
}
#endif
#endif
