/* Worker threads that share the cores of a tick. The frame barrier is their only synchronisation: a claim word handed
 * out by compare-and-swap, a count of unfinished tasks, and semaphores for those who have spun long enough.
 * SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "internal.h"

/* Unnamed POSIX semaphores do not exist on macOS; libdispatch's do the same there. Posting never blocks. */
#ifdef __APPLE__
#include <dispatch/dispatch.h>
typedef dispatch_semaphore_t Semaphore;
static int semaphoreInit(Semaphore *s) { return (*s = dispatch_semaphore_create(0)) == NULL; }
static void semaphoreDestroy(Semaphore *s) { dispatch_release(*s); }
static void semaphorePost(Semaphore *s) { dispatch_semaphore_signal(*s); }
static void semaphoreWait(Semaphore *s) { dispatch_semaphore_wait(*s, DISPATCH_TIME_FOREVER); }
#else
#include <errno.h>
#include <semaphore.h>
typedef sem_t Semaphore;
static int semaphoreInit(Semaphore *s) { return sem_init(s, 0, 0); }
static void semaphoreDestroy(Semaphore *s) { sem_destroy(s); }
static void semaphorePost(Semaphore *s) { sem_post(s); }
static void semaphoreWait(Semaphore *s) {
    while (sem_wait(s) != 0 && errno == EINTR) {
    }
}
#endif

typedef struct Worker {
    DynPool *pool;
    pthread_t thread;
    _Atomic uint32_t sleeping;
    Semaphore wake;
} Worker;

struct DynPool {
    uint32_t workers; /* threads beside the caller */
    uint64_t spinNs;
    int32_t priority;
    Worker *members;
    void (*task)(void *argument, uint32_t index) DYNCHAIN_NONBLOCKING;
    void *argument;
    /* generation (32) | count (16) | next index (16): a worker that is late for a tick cannot claim from the next */
    _Alignas(64) _Atomic uint64_t claim;
    _Alignas(64) _Atomic uint32_t unfinished;
    _Atomic uint32_t callerWaits;
    _Atomic uint32_t stopping;
    Semaphore finished;
};

#ifdef __clang__
/* Waking a sleeper and, after the bounded spin, waiting at the frame barrier are the pool's two calls into the kernel;
 * docs/decisions says why they are allowed here and nowhere else. */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#pragma clang diagnostic ignored "-Wfunction-effects"
#endif

static void wake(Semaphore *s) DYNCHAIN_NONBLOCKING { semaphorePost(s); }
static void sleepOn(Semaphore *s) DYNCHAIN_NONBLOCKING { semaphoreWait(s); }

#ifdef __clang__
#pragma clang diagnostic pop
#endif

/* Runs tasks of `generation` until none is left to claim. */
static void work(DynPool *pool, uint32_t generation) DYNCHAIN_NONBLOCKING {
    uint64_t claim = atomic_load_explicit(&pool->claim, memory_order_acquire);
    for (;;) {
        uint32_t index = (uint32_t)(claim & 0xFFFFu), count = (uint32_t)(claim >> 16) & 0xFFFFu;
        if ((uint32_t)(claim >> 32) != generation || index >= count) return;
        if (!atomic_compare_exchange_weak_explicit(&pool->claim, &claim, claim + 1, memory_order_acq_rel,
                                                   memory_order_acquire))
            continue;
        pool->task(pool->argument, index);
        /* In one total order with the caller's store and load: one of the two sees the other. */
        if (atomic_fetch_sub_explicit(&pool->unfinished, 1, memory_order_seq_cst) == 1 &&
            atomic_exchange_explicit(&pool->callerWaits, 0, memory_order_seq_cst))
            wake(&pool->finished);
        claim = atomic_load_explicit(&pool->claim, memory_order_acquire);
    }
}

static uint32_t generationOf(const DynPool *pool) {
    return (uint32_t)(atomic_load_explicit(&pool->claim, memory_order_seq_cst) >> 32);
}

static void *runWorker(void *argument) {
    Worker *self = argument;
    DynPool *pool = self->pool;
    DynPC_NameThread("dynchain-worker");
    DynPC_MakeRealtime(pool->priority);
    uint32_t seen = 0;
    while (!atomic_load_explicit(&pool->stopping, memory_order_acquire)) {
        uint64_t end = DynPC_Now(NULL) + pool->spinNs;
        while (generationOf(pool) == seen && DynPC_Now(NULL) < end) dynchain_cpu_pause();
        if (generationOf(pool) == seen) {
            atomic_store_explicit(&self->sleeping, 1, memory_order_seq_cst);
            if (generationOf(pool) == seen && !atomic_load_explicit(&pool->stopping, memory_order_seq_cst)) {
                semaphoreWait(&self->wake);
            } else if (!atomic_exchange_explicit(&self->sleeping, 0, memory_order_seq_cst)) {
                semaphoreWait(&self->wake); /* someone has posted already: take it */
            }
            continue;
        }
        seen = generationOf(pool);
        work(pool, seen);
    }
    DynPC_NameThread("audio-ended");
    return NULL;
}

static void wakeSleepers(DynPool *pool) DYNCHAIN_NONBLOCKING {
    for (uint32_t w = 0; w < pool->workers; w++)
        if (atomic_exchange_explicit(&pool->members[w].sleeping, 0, memory_order_seq_cst))
            wake(&pool->members[w].wake);
}

DynPool *DynPool_Create(uint32_t workers, uint32_t spinMicroseconds, int32_t priority) {
    if (workers == 0 || workers > 64) return NULL;
    DynPool *pool = aligned_alloc(64, (sizeof(DynPool) + 63) & ~(size_t)63);
    if (pool == NULL) return NULL;
    memset(pool, 0, sizeof *pool);
    pool->spinNs = (uint64_t)spinMicroseconds * 1000u;
    pool->priority = priority;
    pool->members = calloc(workers, sizeof(Worker));
    if (pool->members == NULL || semaphoreInit(&pool->finished) != 0) {
        free(pool->members);
        free(pool);
        return NULL;
    }
    for (uint32_t w = 0; w + 1 < workers; w++) {
        Worker *member = &pool->members[w];
        member->pool = pool;
        if (semaphoreInit(&member->wake) != 0) break;
        if (pthread_create(&member->thread, NULL, runWorker, member) != 0) {
            semaphoreDestroy(&member->wake);
            break;
        }
        pool->workers += 1;
    }
    return pool;
}

void DynPool_Destroy(DynPool *pool) {
    if (pool == NULL) return;
    atomic_store_explicit(&pool->stopping, 1, memory_order_seq_cst);
    wakeSleepers(pool);
    for (uint32_t w = 0; w < pool->workers; w++) {
        pthread_join(pool->members[w].thread, NULL);
        semaphoreDestroy(&pool->members[w].wake);
    }
    semaphoreDestroy(&pool->finished);
    free(pool->members);
    free(pool);
}

void DynPool_Execute(void *context, void (*task)(void *argument, uint32_t index) DYNCHAIN_NONBLOCKING, void *argument,
                     uint32_t count) DYNCHAIN_NONBLOCKING {
    DynPool *pool = context;
    if (pool->workers == 0 || count < 2 || count > 0xFFFF) {
        for (uint32_t i = 0; i < count; i++) task(argument, i);
        return;
    }
    pool->task = task;
    pool->argument = argument;
    atomic_store_explicit(&pool->unfinished, count, memory_order_relaxed);
    uint32_t generation = (uint32_t)(atomic_load_explicit(&pool->claim, memory_order_relaxed) >> 32) + 1;
    if (generation == 0) generation = 1;
    atomic_store_explicit(&pool->claim, (uint64_t)generation << 32 | (uint64_t)count << 16, memory_order_seq_cst);
    wakeSleepers(pool);
    work(pool, generation);

    uint64_t end = DynPC_Now(NULL) + pool->spinNs;
    while (atomic_load_explicit(&pool->unfinished, memory_order_acquire) != 0 && DynPC_Now(NULL) < end)
        dynchain_cpu_pause();
    if (atomic_load_explicit(&pool->unfinished, memory_order_acquire) == 0) return;
    atomic_store_explicit(&pool->callerWaits, 1, memory_order_seq_cst);
    if (atomic_load_explicit(&pool->unfinished, memory_order_seq_cst) != 0 ||
        !atomic_exchange_explicit(&pool->callerWaits, 0, memory_order_seq_cst))
        sleepOn(&pool->finished);
}
