/* Example module: state and kernels.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_EXAMPLE_H
#define DYNCHAIN_EXAMPLE_H

#include "../shared/glide.h"

extern const ModuleFuncTable dynchain_example_table;

enum { EXAMPLE_GAIN_DB = 1 };

#define EXAMPLE_GLIDE_MS 20.0

/** Flat memory without pointers: the framework copies it whole when a chain is swapped. */
typedef struct ExampleState {
    uint32_t channels;
    uint32_t glideLength;
    DynChainGlide gain[]; /* linear, a channel each */
} ExampleState;

/** (RT) out = in * gains, sample by sample. */
void dynchain_example_multiply(float *restrict out, const float *restrict in, const float *restrict gains,
                               uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING;

#endif
