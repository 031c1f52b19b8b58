/* Shows ThreadSanitizer what Swift's Mutex orders. Preloaded into a program that is built with it, on Linux.
 *
 * Synchronization.Mutex takes a free lock with an atomic operation that is compiled into the caller, where the sanitizer
 * sees it. A lock that is held goes through two functions of libswiftSynchronization, which let the kernel write the lock
 * word (FUTEX_LOCK_PI) and are not instrumented: the order between the two threads is invisible. These stand before the
 * library's, call them, and say what they do. docs/decisions/0007 has the whole story.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

/* _MutexHandle._lockSlow(_: UInt32) and _MutexHandle._unlockSlow(), part of the library's stable interface. */
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef SWIFT void Lock(uint32_t thread, SELF void *word);
typedef SWIFT void Unlock(SELF void *word);
typedef void Annotate(void *address);

/* Absent in programs without the sanitizer, such as the one that starts the tests. */
static Annotate *acquired, *releasing;
static Lock *libraryLock;
static Unlock *libraryUnlock;

__attribute__((constructor)) static void begin(void) {
    acquired = (Annotate *)dlsym(RTLD_DEFAULT, "__tsan_acquire");
    releasing = (Annotate *)dlsym(RTLD_DEFAULT, "__tsan_release");
    libraryLock = (Lock *)dlsym(RTLD_NEXT, LOCK_SLOW);
    libraryUnlock = (Unlock *)dlsym(RTLD_NEXT, UNLOCK_SLOW);
}

/* A program that gets here links the library, so only a library with other names can be missing them. */
static void require(int found) {
    if (found) return;
    fputs("mutex_annotations: this Swift library names its lock otherwise; see docs/decisions/0007\n", stderr);
    abort();
}

SWIFT void lockSlow(uint32_t thread, SELF void *word) __asm__(LOCK_SLOW);
SWIFT void lockSlow(uint32_t thread, SELF void *word) {
    require(libraryLock != NULL);
    libraryLock(thread, word);
    if (acquired != NULL) acquired(word);
}

SWIFT void unlockSlow(SELF void *word) __asm__(UNLOCK_SLOW);
SWIFT void unlockSlow(SELF void *word) {
    require(libraryUnlock != NULL);
    if (releasing != NULL) releasing(word);
    libraryUnlock(word);
}
