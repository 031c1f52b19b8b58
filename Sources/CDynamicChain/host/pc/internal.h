/* Soundpost DynamicChain on a computer: what these files share.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_PC_INTERNAL_H
#define DYNCHAIN_PC_INTERNAL_H

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../../include/dynchain_pc.h"

static inline void dynchain_cpu_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

uint32_t dynring_channels(const DynRing *ring) DYNCHAIN_NONBLOCKING;
/* Frames since the ring was made. (RT) */
uint64_t dynring_written(const DynRing *ring) DYNCHAIN_NONBLOCKING;
uint64_t dynring_taken(const DynRing *ring) DYNCHAIN_NONBLOCKING;

#endif
