/* What every messaging peer in C shares: the interface of a peer and the loops that measure it.
 *
 * A program starts two processes, the initiator and the responder, which open the two ends of one connection. Every
 * message is written by its sender word by word and summed by its receiver; the sums are compared at the end. The payload
 * is that of `soundpost channel bench`, Sources/CChannelBench/payload.c.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** How often a spinning peer looks before it waits in the kernel after all. Without a bound two spinning processes on a
 *  busy machine take the processor from each other for whole time slices. */
#define EXCHANGE_POLLS 20000u

typedef struct ExchangeOptions {
    /** The responder listens or creates; the initiator connects, and tries until the other end is there. */
    bool is_responder;
    /** Busy polling up to EXCHANGE_POLLS instead of waiting in the kernel at once. */
    bool spins;
    /** A path of this run's own, in a folder of its own. */
    const char *path;
    /** Size of the largest message. */
    size_t largest;
} ExchangeOptions;

/** One way to move messages between two processes. Functions end the program by `exchange_fail` when they fail. */
typedef struct Exchange {
    const char *name;
    bool can_spin;
    void *(*open)(const ExchangeOptions *options);
    /** Memory into which the next message is written. */
    void *(*reserve)(void *self, size_t size);
    /** Sends what was written into the memory of `reserve`, all of it. */
    void (*send)(void *self, size_t size);
    /** The next message; its bytes stay until `release`. */
    const void *(*receive)(void *self, size_t *size);
    void (*release)(void *self);
    void (*close)(void *self);
} Exchange;

/** The main function of a peer: `PROGRAM NAME block|spin SIZE ROUND-TRIPS MESSAGES SECONDS`. Measures at most
 *  ROUND-TRIPS round trips and then at most MESSAGES one way, each for at most SECONDS, and prints one JSON object with
 *  the names of `soundpost channel bench`. */
int exchange_main(const Exchange *peers, size_t count, int argc, char **argv);

/** Says on stderr what failed, with errno, and ends the process. */
_Noreturn void exchange_fail(const char *what);

/** Monotonic clock, nanoseconds. */
uint64_t exchange_now_ns(void);

/** Runs this thread on the first or the last processor that the process may use. */
void exchange_pin(bool last);

/** Nearest-rank percentile of sorted values. */
uint64_t exchange_percentile(const uint64_t *sorted, size_t count, double fraction);

/** Sorts ascending. */
void exchange_sort(uint64_t *values, size_t count);

/** Tells the processor that this thread polls. */
static inline void exchange_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
