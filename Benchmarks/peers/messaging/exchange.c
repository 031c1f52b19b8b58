/* The loops that measure a messaging peer.
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "exchange.h"

#include <channel_bench.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A control message: a letter, then three numbers of 16 hexadecimal digits. It is told from data by its size, which is
 * none of the sizes that are measured. */
#define CONTROL_SIZE 49u
#define BEGIN_ROUND_TRIPS 'r'
#define BEGIN_ONE_WAY 'o'
#define END 'e'
#define QUIT 'q'

/* The sender looks at the clock once in so many bytes or messages, whichever comes first. */
#define CLOCK_BYTES 65536u
#define CLOCK_MESSAGES 64u

#define WARM_ROUND_TRIPS 1000u
#define WARM_MESSAGES 20000u
#define WARM_SECONDS 0.05

typedef struct Control {
    char letter;
    uint64_t sent_sum;
    uint64_t received_sum;
    uint64_t processor_ns;
} Control;

typedef struct Phase {
    bool one_way;
    size_t messages;
    double seconds;
    /** Nanoseconds of each round trip; NULL if they are not kept. */
    uint64_t *round_trips;
} Phase;

typedef struct Measured {
    size_t messages;
    double seconds;
    double processor_seconds;
} Measured;

void exchange_fail(const char *what)
{
    fprintf(stderr, "messaging: %s: %s\n", what, strerror(errno));
    _exit(1);
}

uint64_t exchange_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void exchange_pin(bool last)
{
    cpu_set_t allowed, one;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) exchange_fail("sched_getaffinity");
    int chosen = -1;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(cpu, &allowed) && (last || chosen < 0)) chosen = cpu;
    }
    CPU_ZERO(&one);
    CPU_SET(chosen, &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) exchange_fail("sched_setaffinity");
}

static int ascending(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

void exchange_sort(uint64_t *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
}

uint64_t exchange_percentile(const uint64_t *sorted, size_t count, double fraction)
{
    size_t rank = (size_t)(fraction * (double)count + 0.999999);
    return sorted[rank == 0 ? 0 : rank > count ? count - 1 : rank - 1];
}

/* User and system time of this process, threads of a library included. */
static uint64_t processor_ns(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return ((uint64_t)usage.ru_utime.tv_sec + (uint64_t)usage.ru_stime.tv_sec) * 1000000000u +
           ((uint64_t)usage.ru_utime.tv_usec + (uint64_t)usage.ru_stime.tv_usec) * 1000u;
}

static void send_control(const Exchange *peer, void *end, Control control)
{
    char text[CONTROL_SIZE + 1];
    snprintf(text, sizeof text, "%c%016llx%016llx%016llx", control.letter, (unsigned long long)control.sent_sum,
             (unsigned long long)control.received_sum, (unsigned long long)control.processor_ns);
    memcpy(peer->reserve(end, CONTROL_SIZE), text, CONTROL_SIZE);
    peer->send(end, CONTROL_SIZE);
}

static Control parse_control(const void *message)
{
    char text[CONTROL_SIZE + 1] = {0};
    memcpy(text, message, CONTROL_SIZE);
    unsigned long long numbers[3];
    Control control;
    if (sscanf(text, "%c%16llx%16llx%16llx", &control.letter, &numbers[0], &numbers[1], &numbers[2]) != 4) {
        errno = EPROTO;
        exchange_fail("control message");
    }
    control.sent_sum = numbers[0];
    control.received_sum = numbers[1];
    control.processor_ns = numbers[2];
    return control;
}

static Control receive_control(const Exchange *peer, void *end)
{
    size_t size;
    const void *message = peer->receive(end, &size);
    if (size != CONTROL_SIZE) {
        errno = EPROTO;
        exchange_fail("data in place of a control message");
    }
    Control control = parse_control(message);
    peer->release(end);
    return control;
}

static uint64_t send_data(const Exchange *peer, void *end, size_t size, uint64_t number)
{
    uint64_t sum = bench_payload_fill(peer->reserve(end, size), size, number);
    peer->send(end, size);
    return sum;
}

/* The other end: sums what comes, answers each message while round trips are measured, and reports at the end. */
static void respond(const Exchange *peer, void *end, size_t expected)
{
    Control totals = {0};
    bool answers = false;
    uint64_t number = 0, start = 0;
    for (;;) {
        size_t size;
        const void *message = peer->receive(end, &size);
        if (size == expected) {
            totals.received_sum += bench_payload_sum(message, size);
            peer->release(end);
            if (answers) totals.sent_sum += send_data(peer, end, size, ~number++);
            continue;
        }
        if (size != CONTROL_SIZE) {
            errno = EPROTO;
            exchange_fail("message of an unexpected size");
        }
        Control control = parse_control(message);
        peer->release(end);
        if (control.letter == QUIT) return;
        if (control.letter == END) {
            totals.letter = END;
            totals.processor_ns = processor_ns() - start;
            send_control(peer, end, totals);
            continue;
        }
        answers = control.letter == BEGIN_ROUND_TRIPS;
        totals = (Control){.letter = control.letter};
        number = 0;
        send_control(peer, end, totals);
        start = processor_ns();
    }
}

static Measured run_phase(const Exchange *peer, void *end, size_t size, Phase phase)
{
    send_control(peer, end, (Control){.letter = phase.one_way ? BEGIN_ONE_WAY : BEGIN_ROUND_TRIPS});
    receive_control(peer, end);

    size_t between = size >= CLOCK_BYTES ? 1 : CLOCK_BYTES / size;
    if (between > CLOCK_MESSAGES) between = CLOCK_MESSAGES;
    Control totals = {.letter = END};
    uint64_t processor = processor_ns();
    uint64_t start = exchange_now_ns();
    uint64_t limit = start + (uint64_t)(phase.seconds * 1e9);
    size_t number = 0;
    if (phase.one_way) {
        while (number < phase.messages && (number % between != 0 || exchange_now_ns() < limit)) {
            totals.sent_sum += send_data(peer, end, size, number++);
        }
    } else {
        for (uint64_t before = start, after; number < phase.messages && before < limit; before = after) {
            totals.sent_sum += send_data(peer, end, size, number);
            size_t received;
            const void *message = peer->receive(end, &received);
            if (received != size) {
                errno = EPROTO;
                exchange_fail("answer of an unexpected size");
            }
            totals.received_sum += bench_payload_sum(message, received);
            peer->release(end);
            after = exchange_now_ns();
            if (phase.round_trips != NULL) phase.round_trips[number] = after - before;
            ++number;
        }
    }
    send_control(peer, end, totals);
    Control other = receive_control(peer, end);
    uint64_t stop = exchange_now_ns();
    processor = processor_ns() - processor;
    if (other.received_sum != totals.sent_sum || other.sent_sum != totals.received_sum) {
        errno = EBADMSG;
        exchange_fail("the sums of the two ends differ");
    }
    return (Measured){
        .messages = number,
        .seconds = (double)(stop - start) / 1e9,
        .processor_seconds = (double)(processor + other.processor_ns) / 1e9,
    };
}

typedef struct Limits {
    size_t trips, messages;
    double seconds;
} Limits;

static void initiate(const Exchange *peer, void *end, size_t size, bool spins, Limits limits)
{
    uint64_t *times = calloc(limits.trips, sizeof *times);
    if (times == NULL) exchange_fail("memory for the round trips");
    memset(times, 1, limits.trips * sizeof *times); /* no page fault later */

    const Phase trips = {.messages = limits.trips, .seconds = limits.seconds, .round_trips = times};
    const Phase one_way = {.one_way = true, .messages = limits.messages, .seconds = limits.seconds};
    run_phase(peer, end, size, (Phase){.messages = WARM_ROUND_TRIPS, .seconds = WARM_SECONDS});
    Measured both = run_phase(peer, end, size, trips);
    run_phase(peer, end, size, (Phase){.one_way = true, .messages = WARM_MESSAGES, .seconds = WARM_SECONDS});
    Measured way = run_phase(peer, end, size, one_way);
    send_control(peer, end, (Control){.letter = QUIT});

    exchange_sort(times, both.messages);
    const double fractions[] = {0.5, 0.99, 0.999, 1.0};
    const char *names[] = {"p50us", "p99us", "p999us", "maxus"};
    printf("{\"kind\":\"%s\",\"wait\":\"%s\",\"size\":%zu,\"encoding\":\"raw\",\"roundTrips\":%zu", peer->name,
           spins ? "spin" : "block", size, both.messages);
    for (size_t i = 0; i < 4; ++i) {
        printf(",\"%s\":%.3f", names[i], (double)exchange_percentile(times, both.messages, fractions[i]) / 1000.0);
    }
    double rate = (double)way.messages / way.seconds;
    printf(",\"messages\":%zu,\"perSecond\":%.0f,\"mbPerSecond\":%.3f,\"cpuSecondsPerMillion\":%.4f}\n", way.messages,
           rate, rate * (double)size / 1e6, way.processor_seconds / (double)way.messages * 1e6);
    free(times);
}

static const Exchange *find(const Exchange *peers, size_t count, const char *name)
{
    for (size_t i = 0; i < count; ++i) {
        if (strcmp(peers[i].name, name) == 0) return &peers[i];
    }
    return NULL;
}

int exchange_main(const Exchange *peers, size_t count, int argc, char **argv)
{
    const Exchange *peer = argc == 7 ? find(peers, count, argv[1]) : NULL;
    bool spins = peer != NULL && strcmp(argv[2], "spin") == 0;
    long size = peer == NULL ? 0 : atol(argv[3]), trips = peer == NULL ? 0 : atol(argv[4]);
    long messages = peer == NULL ? 0 : atol(argv[5]);
    double seconds = peer == NULL ? 0 : atof(argv[6]);
    if (size < 1 || size == CONTROL_SIZE || trips < 1 || messages < 1 || seconds <= 0 || (spins && !peer->can_spin)) {
        fprintf(stderr, "usage: %s NAME block|spin SIZE ROUND-TRIPS MESSAGES SECONDS, with NAME of:", argv[0]);
        for (size_t i = 0; i < count; ++i) fprintf(stderr, " %s%s", peers[i].name, peers[i].can_spin ? " (spin)" : "");
        fputc('\n', stderr);
        return 64;
    }

    /* A socket's path has room for about 100 bytes. */
    char folder[96], path[sizeof folder + 8];
    const char *place = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/soundpost-messaging-XXXXXX", place == NULL || place[0] == 0 ? "/tmp" : place);
    if (mkdtemp(folder) == NULL) exchange_fail(folder);
    snprintf(path, sizeof path, "%s/s", folder);
    ExchangeOptions options = {.spins = spins, .path = path};
    options.largest = (size_t)size > CONTROL_SIZE ? (size_t)size : CONTROL_SIZE;

    /* Before any library starts a thread. */
    pid_t child = fork();
    if (child < 0) exchange_fail("fork");
    /* No peer may hang: the two phases, their warm-up, and as much again. */
    alarm((unsigned)(4 * seconds) + 10);
    if (spins) exchange_pin(child == 0);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        options.is_responder = true;
        void *end = peer->open(&options);
        respond(peer, end, (size_t)size);
        peer->close(end);
        return 0;
    }
    void *end = peer->open(&options);
    initiate(peer, end, (size_t)size, spins, (Limits){(size_t)trips, (size_t)messages, seconds});
    int status;
    if (waitpid(child, &status, 0) != child || status != 0) {
        errno = ECHILD;
        exchange_fail("the responder did not end as it should");
    }
    peer->close(end);
    unlink(path);
    rmdir(folder);
    return 0;
}
