#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "soundpost_shims.h"

#include <errno.h>
#include <limits.h>

#ifdef __linux__

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int soundpost_futex_wait(const uint32_t *word, uint32_t expected, int64_t timeout_ns, bool shared) {
    struct timespec timeout = {.tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000};
    int operation = shared ? FUTEX_WAIT : FUTEX_WAIT_PRIVATE;
    if (syscall(SYS_futex, word, operation, expected, timeout_ns < 0 ? NULL : &timeout, NULL, 0) == 0) return 0;
    return errno == ETIMEDOUT ? -ETIMEDOUT : 0;
}

void soundpost_futex_wake(const uint32_t *word, bool all, bool shared) {
    syscall(SYS_futex, word, shared ? FUTEX_WAKE : FUTEX_WAKE_PRIVATE, all ? INT_MAX : 1, NULL, NULL, 0);
}

#else

#include <os/clock.h>
#include <os/os_sync_wait_on_address.h>

int soundpost_futex_wait(const uint32_t *word, uint32_t expected, int64_t timeout_ns, bool shared) {
    os_sync_wait_on_address_flags_t flags =
        shared ? OS_SYNC_WAIT_ON_ADDRESS_SHARED : OS_SYNC_WAIT_ON_ADDRESS_NONE;
    void *address = (void *)(uintptr_t)word;
    int result;
    if (timeout_ns < 0) {
        result = os_sync_wait_on_address(address, expected, sizeof *word, flags);
    } else {
        // A time-out of 0 is refused by the system.
        result = os_sync_wait_on_address_with_timeout(
            address, expected, sizeof *word, flags, OS_CLOCK_MACH_ABSOLUTE_TIME, timeout_ns > 0 ? timeout_ns : 1);
    }
    return result < 0 && errno == ETIMEDOUT ? -ETIMEDOUT : 0;
}

void soundpost_futex_wake(const uint32_t *word, bool all, bool shared) {
    os_sync_wake_by_address_flags_t flags =
        shared ? OS_SYNC_WAKE_BY_ADDRESS_SHARED : OS_SYNC_WAKE_BY_ADDRESS_NONE;
    void *address = (void *)(uintptr_t)word;
    if (all) {
        os_sync_wake_by_address_all(address, sizeof *word, flags);
    } else {
        os_sync_wake_by_address_any(address, sizeof *word, flags);
    }
}

#endif
