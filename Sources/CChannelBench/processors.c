#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "channel_bench.h"

#include <errno.h>

#ifdef __linux__

#include <sched.h>
#include <string.h>

int bench_processors(void *mask, size_t bytes) {
    memset(mask, 0, bytes);
    return sched_getaffinity(0, bytes, mask) == 0 ? 0 : -errno;
}

int bench_choose_processors(const void *mask, size_t bytes) {
    return sched_setaffinity(0, bytes, mask) == 0 ? 0 : -errno;
}

#else

int bench_processors(void *mask, size_t bytes) {
    (void)mask;
    (void)bytes;
    return -ENOSYS;
}

int bench_choose_processors(const void *mask, size_t bytes) {
    (void)mask;
    (void)bytes;
    return -ENOSYS;
}

#endif
