/* Clock and scheduling of a computer.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <time.h>

#include "internal.h"

#ifdef __clang__
/* clock_gettime on the monotonic clock is served by the vDSO: no system call, no lock. */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wfunction-effects"
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#endif
uint64_t DynPC_Now(void *context) DYNCHAIN_NONBLOCKING {
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
#ifdef __clang__
#pragma clang diagnostic pop
#endif

uint32_t DynPC_MakeRealtime(int32_t priority) {
    uint32_t granted = 0;
    if (priority > 0) {
        struct sched_param parameters = {.sched_priority = priority};
        if (pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0) granted |= 1u;
        if (mlockall(MCL_CURRENT) == 0) granted |= 2u;
    }
    return granted;
}

void DynPC_NameThread(const char *name) {
#ifdef __APPLE__
    pthread_setname_np(name);
#else
    char shown[16] = {0};
    for (size_t i = 0; i < sizeof shown - 1 && name[i] != '\0'; i++) shown[i] = name[i];
    pthread_setname_np(pthread_self(), shown);
#endif
}
