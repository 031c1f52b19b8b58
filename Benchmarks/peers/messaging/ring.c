/* A ring in shared memory for one writer and one reader each way, as plainly as speed allows: the reference for
 * channels in shared memory. It knows nothing of peers that die, of names left behind or of more than two processes.
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LINE 64
#define SMALLEST_RING ((size_t)256 * 1024)
/* In place of a record's length: the rest of the ring is empty, the next record lies at its start. */
#define SKIP UINT64_MAX
#define RECORD_HEAD 8u
/* A spinning reader that has found several records at once lets the writer write some more, instead of taking the cache
 * line of its position from it after each. */
#define REST_PAUSES 32u

/* Positions count bytes since the start and never wrap. */
typedef struct Ring {
    _Alignas(LINE) _Atomic uint64_t written;
    _Alignas(LINE) _Atomic uint64_t read;
    /** 1 while the reader waits for more, or the writer for room. */
    _Alignas(LINE) _Atomic uint32_t reader_waits;
    _Alignas(LINE) _Atomic uint32_t writer_waits;
} Ring;

typedef struct Shared {
    _Alignas(LINE) _Atomic uint32_t is_ready;
    Ring rings[2];
    _Alignas(LINE) unsigned char bytes[];
} Shared;

typedef struct End {
    Shared *shared;
    size_t mapped;
    size_t capacity;
    unsigned polls;
    Ring *out, *in;
    unsigned char *out_bytes, *in_bytes;
    /** What this end knows: how far it has written and read itself, and how far the other had when it last looked. */
    uint64_t written, read, seen_read, seen_written;
    size_t taken;
    /** Records that were read since the reader looked last. */
    size_t found;
} End;

static size_t record_size(size_t size)
{
    return (RECORD_HEAD + size + 7) & ~(size_t)7;
}

static void wait_while(_Atomic uint32_t *word, uint32_t value)
{
    if (syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0) != 0 && errno != EAGAIN && errno != EINTR) {
        exchange_fail("futex");
    }
}

static void wake(_Atomic uint32_t *word)
{
    /* The position was stored before, and is read after the mark by who waits: one of the two sees the other. */
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load_explicit(word, memory_order_relaxed) == 0) return;
    atomic_store_explicit(word, 0, memory_order_relaxed);
    syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

/* Waits until the position differs from what it was, and returns it. */
static uint64_t changed(const End *self, _Atomic uint64_t *position, uint64_t old, _Atomic uint32_t *mark)
{
    for (unsigned poll = 0;; ++poll) {
        uint64_t now = atomic_load_explicit(position, memory_order_acquire);
        if (now != old) return now;
        if (poll < self->polls) {
            exchange_pause();
            continue;
        }
        atomic_store_explicit(mark, 1, memory_order_relaxed);
        atomic_thread_fence(memory_order_seq_cst);
        if (atomic_load_explicit(position, memory_order_acquire) == old) wait_while(mark, 1);
        atomic_store_explicit(mark, 0, memory_order_relaxed);
    }
}

static void *open_end(const ExchangeOptions *options)
{
    End *self = calloc(1, sizeof *self);
    if (self == NULL) exchange_fail("memory");
    self->polls = options->spins ? EXCHANGE_POLLS : 0;
    self->capacity = SMALLEST_RING;
    while (self->capacity < 4 * record_size(options->largest)) self->capacity *= 2;
    self->mapped = sizeof(Shared) + 2 * self->capacity;

    /* The folder of the run names the segment too. */
    char name[64] = "/";
    const char *folder = strstr(options->path, "soundpost-messaging-");
    snprintf(name + 1, sizeof name - 1, "%.*s", (int)strcspn(folder, "/"), folder);
    int file;
    while ((file = shm_open(name, options->is_responder ? O_RDWR | O_CREAT | O_EXCL : O_RDWR, 0600)) < 0) {
        if (errno != ENOENT || options->is_responder) exchange_fail(name);
        usleep(1000);
    }
    if (options->is_responder && ftruncate(file, (off_t)self->mapped) != 0) exchange_fail("ftruncate");
    struct stat status = {0};
    while (fstat(file, &status) == 0 && (size_t)status.st_size < self->mapped) usleep(1000);
    self->shared = mmap(NULL, self->mapped, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
    if (self->shared == MAP_FAILED) exchange_fail("mmap");
    close(file);
    if (options->is_responder) {
        atomic_store(&self->shared->is_ready, 1);
    } else {
        while (atomic_load(&self->shared->is_ready) == 0) usleep(1000);
        shm_unlink(name);
    }

    int mine = options->is_responder ? 1 : 0;
    self->out = &self->shared->rings[mine];
    self->in = &self->shared->rings[1 - mine];
    self->out_bytes = self->shared->bytes + (size_t)mine * self->capacity;
    self->in_bytes = self->shared->bytes + (size_t)(1 - mine) * self->capacity;
    return self;
}

static void *reserve(void *context, size_t size)
{
    End *self = context;
    size_t record = record_size(size);
    size_t at = self->written % self->capacity;
    size_t skipped = at + record > self->capacity ? self->capacity - at : 0;
    while (self->capacity - (self->written - self->seen_read) < skipped + record) {
        self->seen_read = changed(self, &self->out->read, self->seen_read, &self->out->writer_waits);
    }
    if (skipped > 0) {
        uint64_t mark = SKIP;
        memcpy(self->out_bytes + at, &mark, sizeof mark);
        self->written += skipped;
        at = 0;
    }
    return self->out_bytes + at + RECORD_HEAD;
}

static void send_record(void *context, size_t size)
{
    End *self = context;
    uint64_t length = size;
    memcpy(self->out_bytes + self->written % self->capacity, &length, sizeof length);
    self->written += record_size(size);
    atomic_store_explicit(&self->out->written, self->written, memory_order_release);
    wake(&self->out->reader_waits);
}

static const void *receive(void *context, size_t *size)
{
    End *self = context;
    for (;;) {
        if (self->read == self->seen_written) {
            if (self->polls > 0 && self->found > 1) {
                for (unsigned i = 0; i < REST_PAUSES; ++i) exchange_pause();
            }
            self->found = 0;
            self->seen_written = changed(self, &self->in->written, self->seen_written, &self->in->reader_waits);
        }
        size_t at = self->read % self->capacity;
        uint64_t length;
        memcpy(&length, self->in_bytes + at, sizeof length);
        if (length != SKIP) {
            *size = length;
            self->taken = record_size(length);
            ++self->found;
            return self->in_bytes + at + RECORD_HEAD;
        }
        self->read += self->capacity - at;
    }
}

static void release(void *context)
{
    End *self = context;
    self->read += self->taken;
    atomic_store_explicit(&self->in->read, self->read, memory_order_release);
    wake(&self->in->writer_waits);
}

static void close_end(void *context)
{
    End *self = context;
    munmap(self->shared, self->mapped);
    free(self);
}

int main(int argc, char **argv)
{
    const Exchange peer = {"ring", true, open_end, reserve, send_record, receive, release, close_end};
    return exchange_main(&peer, 1, argc, argv);
}
