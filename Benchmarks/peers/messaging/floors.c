/* What no channel can be faster than on this machine: `PROGRAM`. Prints one JSON object a line.
 *
 * A cache line's way from one core to the other, a futex wake, a copy of memory, and writing and summing a payload.
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "exchange.h"

#include <channel_bench.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOP_BATCHES 200u
#define HOPS_A_BATCH 1000u
#define WAKES 10000u
#define COPIES 15u

typedef struct Table {
    _Alignas(64) _Atomic uint32_t ball;
} Table;

static void print(const char *floor, const char *unit, uint64_t *values, size_t count, double scale)
{
    exchange_sort(values, count);
    printf("{\"floor\":\"%s\",\"unit\":\"%s\",\"p50\":%.4f,\"p99\":%.4f,\"max\":%.4f}\n", floor, unit,
           (double)exchange_percentile(values, count, 0.5) * scale,
           (double)exchange_percentile(values, count, 0.99) * scale, (double)values[count - 1] * scale);
}

/* Waits until the ball is `value`, by polling. A process that does not get it yields after a while: no floor then, but
 * no standstill on a busy machine either. */
static void spin_until(_Atomic uint32_t *ball, uint32_t value)
{
    for (unsigned poll = 0; atomic_load_explicit(ball, memory_order_acquire) != value; ++poll) {
        if (poll % (1u << 22) == (1u << 22) - 1) usleep(0);
    }
}

static void sleep_until(_Atomic uint32_t *ball, uint32_t value)
{
    uint32_t now;
    while ((now = atomic_load_explicit(ball, memory_order_acquire)) != value) {
        syscall(SYS_futex, ball, FUTEX_WAIT, now, NULL, NULL, 0);
    }
}

static void throw_and_wake(_Atomic uint32_t *ball, uint32_t value)
{
    atomic_store_explicit(ball, value, memory_order_release);
    syscall(SYS_futex, ball, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

/* Throws the ball forth and back between two processes on two cores; 0 is this side's, 1 the other's, 2 the end. */
static pid_t start_other(Table *table, void (*other)(Table *))
{
    fflush(stdout);
    pid_t child = fork();
    if (child < 0) exchange_fail("fork");
    exchange_pin(child == 0);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        alarm(20);
        other(table);
        _exit(0);
    }
    return child;
}

static void hop_back(Table *table)
{
    for (size_t i = 0; i < (HOP_BATCHES + 1) * HOPS_A_BATCH; ++i) {
        spin_until(&table->ball, 1);
        atomic_store_explicit(&table->ball, 0, memory_order_release);
    }
}

static void wake_back(Table *table)
{
    for (size_t i = 0; i < WAKES; ++i) {
        sleep_until(&table->ball, 1);
        throw_and_wake(&table->ball, 0);
    }
}

static void cache_line(Table *table)
{
    static uint64_t times[HOP_BATCHES];
    pid_t child = start_other(table, hop_back);
    for (size_t batch = 0; batch < HOP_BATCHES + 1; ++batch) {
        uint64_t start = exchange_now_ns();
        for (size_t i = 0; i < HOPS_A_BATCH; ++i) {
            atomic_store_explicit(&table->ball, 1, memory_order_release);
            spin_until(&table->ball, 0);
        }
        /* The first waits for the other process to start. */
        if (batch > 0) times[batch - 1] = exchange_now_ns() - start;
    }
    waitpid(child, NULL, 0);
    print("cache line to the other core, one way", "ns", times, HOP_BATCHES, 0.5 / HOPS_A_BATCH);
}

static void futex_wake(Table *table)
{
    static uint64_t times[WAKES];
    pid_t child = start_other(table, wake_back);
    for (size_t i = 0; i < WAKES; ++i) {
        uint64_t start = exchange_now_ns();
        throw_and_wake(&table->ball, 1);
        sleep_until(&table->ball, 0);
        times[i] = exchange_now_ns() - start;
    }
    waitpid(child, NULL, 0);
    print("futex wake on the other core, one way", "µs", times + WAKES / 10, WAKES - WAKES / 10, 0.5 / 1000);
}

static void copies(const char *floor, size_t size, size_t repeats)
{
    uint64_t times[COPIES];
    unsigned char *from = malloc(size), *to = malloc(size);
    if (from == NULL || to == NULL) exchange_fail("memory to copy");
    bench_payload_fill(from, size, 1);
    bench_payload_fill(to, size, 2);
    for (size_t i = 0; i < COPIES; ++i) {
        uint64_t start = exchange_now_ns();
        for (size_t j = 0; j < repeats; ++j) {
            memcpy(to, from, size);
            __asm__ volatile("" : : "r"(to), "r"(from) : "memory");
        }
        times[i] = exchange_now_ns() - start;
    }
    exchange_sort(times, COPIES);
    printf("{\"floor\":\"%s\",\"unit\":\"GB/s\",\"p50\":%.2f}\n", floor,
           (double)(size * repeats) / (double)exchange_percentile(times, COPIES, 0.5));
    free(from);
    free(to);
}

static void payload(size_t size)
{
    uint64_t times[COPIES];
    unsigned char *bytes = malloc(size);
    if (bytes == NULL) exchange_fail("memory for a payload");
    size_t repeats = ((size_t)4 << 20) / size < 100000 ? ((size_t)4 << 20) / size : 100000;
    for (size_t i = 0; i < COPIES; ++i) {
        uint64_t start = exchange_now_ns();
        for (size_t j = 0; j < repeats; ++j) {
            uint64_t written = bench_payload_fill(bytes, size, j);
            __asm__ volatile("" : : "r"(bytes) : "memory");
            if (bench_payload_sum(bytes, size) != written) exchange_fail("the sum of a payload");
        }
        times[i] = exchange_now_ns() - start;
    }
    char floor[80];
    snprintf(floor, sizeof floor, "payload of %zu B written and summed, C", size);
    print(floor, "µs", times, COPIES, 1.0 / (double)repeats / 1000);
    free(bytes);
}

int main(void)
{
    Table *table = mmap(NULL, sizeof *table, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (table == MAP_FAILED) exchange_fail("mmap");
    alarm(20);
    cache_line(table);
    futex_wake(table);
    copies("memcpy from memory, 128 MiB", (size_t)128 << 20, 1);
    copies("memcpy, 1 MiB again and again", (size_t)1 << 20, 100);
    copies("memcpy, 64 KiB again and again", (size_t)64 << 10, 1000);
    const size_t sizes[] = {18, 64, 1024, 65536, 1048576};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) payload(sizes[i]);
    return 0;
}
