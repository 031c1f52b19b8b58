/* Look-ahead limiter: what control and processing share of the state's layout.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_LIMITER_STATE_H
#define DYNCHAIN_LIMITER_STATE_H

#include "limiter.h"

uint32_t dynchain_limiter_mem_size(const ModuleInstance *self);
uint32_t dynchain_limiter_max_latency(const ModuleInstance *self);
int32_t dynchain_limiter_init(ModuleInstance *self);
int32_t dynchain_limiter_reset(ModuleInstance *self) DYNCHAIN_NONBLOCKING;
int32_t dynchain_limiter_copy_tail(ModuleInstance *self, const ModuleInstance *from) DYNCHAIN_NONBLOCKING;

/** (RT) Rings 0…channels - 1 delay the channels, ring `channels` holds the ceilings. */
float *dynchain_limiter_ring(const LimiterState *state, uint32_t index) DYNCHAIN_NONBLOCKING;
/** (RT) Lane 0 serves all channels when linked, otherwise lane n serves channel n. */
LimiterLane *dynchain_limiter_lane(const LimiterState *state, uint32_t index) DYNCHAIN_NONBLOCKING;
uint32_t dynchain_limiter_lane_count(const LimiterState *state) DYNCHAIN_NONBLOCKING;

/** (RT) Each takes a new value at once. */
void dynchain_limiter_set_lookahead(const ModuleInstance *self, LimiterState *state,
                                    float milliseconds) DYNCHAIN_NONBLOCKING;
void dynchain_limiter_set_linked(LimiterState *state, uint32_t linked) DYNCHAIN_NONBLOCKING;
void dynchain_limiter_jump_to_ceiling(LimiterState *state, float ceiling) DYNCHAIN_NONBLOCKING;
LimiterRelease dynchain_limiter_release(const ModuleInstance *self, float milliseconds) DYNCHAIN_NONBLOCKING;

#endif
