/* Soundpost DynamicChain: small inline helpers for writing modules.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_KERNELS_H
#define DYNCHAIN_KERNELS_H

#include <math.h>
#include <string.h>

#include "dynchain_module.h"

/* Kernels are compiled for several instruction sets; the loader picks one. Put this on a static function that is
 * called through a plain wrapper; what it calls must be always_inline. */
#if defined(__x86_64__) && defined(__linux__) && !defined(DYNCHAIN_BARE_METAL) && !defined(DYNCHAIN_NO_CLONES)
#define DYNCHAIN_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DYNCHAIN_CLONES
#endif
#define DYNCHAIN_INLINE static inline __attribute__((always_inline))

/** 10^(db/20); at or below -120 dB: 0 (the scale's bottom is silence). Not per sample. */
static inline float dynchain_db_to_linear(float db) {
    return db <= -120.0f ? 0.0f : (float)pow(10.0, (double)db / 20.0);
}

#endif
