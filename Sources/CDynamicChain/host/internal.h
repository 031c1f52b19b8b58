/* Soundpost DynamicChain host: what its files share.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNHOST_INTERNAL_H
#define DYNHOST_INTERNAL_H

#include <stdatomic.h>

#include "../framework/internal.h"
#include "../include/dynchain_host.h"

#define DYNHOST_MAGIC 0x31534F48u      /* "HOS1" */
#define DYNHOST_PLAN_MAGIC 0x314E4C50u /* "PLN1" */
#define DYNHOST_RETIRED_CAPACITY 8u
#define DYNHOST_MAX_GAIN 1e6f /* behind the chain, linear */

/** An edge and the frames it holds. Frame t is written at t % depth and read delayFrames later. */
typedef struct Wire {
    DynHostEdge edge;
    uint32_t depth; /* delayFrames + 1; 0 = no memory needed (host to core or core to host without delay) */
    float *frames;  /* depth frames of `channels` channels, each plan->stride samples */
} Wire;

typedef struct HandleEntry {
    uint32_t handle;
    uint32_t module; /* index into DynHostPlan.modules */
} HandleEntry;

/** A tap of one module and point; the hook's context. */
typedef struct TapSlot {
    DynHost *host;
    const struct DynHostPlan *plan;
    const DynHostTap *tap;
} TapSlot;

struct DynHostPlan {
    uint32_t magic;
    DynHostPlanConfig config;
    DynChain **cores;
    uint16_t *coreInputs, *coreOutputs;
    Wire *wires;
    DynHostModule *modules;
    HandleEntry *handles; /* sorted by handle */
    uint32_t maxStage;
    uint32_t stride; /* samples from one channel to the next */

    const float **coreIn[DYNCHAIN_MAX_CORES];
    float **coreOut[DYNCHAIN_MAX_CORES];
    float **out; /* the plan's own output channels */
    float *zeros, *waste;
    uint32_t coreNs[DYNCHAIN_MAX_CORES];
    uint64_t (*now)(void *context) DYNCHAIN_NONBLOCKING;
    void *nowContext;

    const DynHostPlan *carryFrom; /* the plan the pairs refer to */
    int32_t *pairs;               /* per module: its index in carryFrom, or -1 */
    uint64_t tick;                /* frames this plan has run */
    uint64_t *cursors;            /* per stage: next event to look at */
    TapSlot *taps;                /* per module: input, output */

    _Atomic uint32_t *latencies;  /* per module; written by whoever owns the chains, read by the control thread */
};

typedef enum SwapPhase { SWAP_NONE = 0, SWAP_WARM, SWAP_FADE, SWAP_DIP_OUT, SWAP_DIP_WARM, SWAP_DIP_IN } SwapPhase;

/** The way of a number behind the chain (a gain, a weight, a filter's coefficient) from one value to another, along the
 *  host's fade. */
typedef struct OutputGlide {
    float from, to;
    uint32_t left; /* samples still to go; 0 = at `to` */
} OutputGlide;

/** Two-pole state-variable filter of one channel (trapezoidal integrators). */
typedef struct BandPassState {
    double s1, s2;
} BandPassState;

/** Whole-chain bypass: the input, held back, in place of the chain's output. */
typedef struct Bypass {
    float *history; /* per input channel `length` samples */
    uint32_t length;
    uint32_t delay;     /* in force */
    OutputGlide weight; /* 0 = the chain, 1 = the input */
    OutputGlide gain;
    _Atomic uint32_t wanted, gainBits, delayWanted;
} Bypass;

/** Band-pass solo behind chain and bypass. */
typedef struct Audition {
    BandPassState *states; /* per output channel */
    OutputGlide weight;
    OutputGlide g, k; /* tan(pi f / rate), 1/q */
    _Atomic uint64_t wanted; /* g in the high half, k in the low half, both as float bits; 0 = off */
} Audition;

struct DynHost {
    uint32_t magic;
    DynHostConfig config;
    uint32_t stride;
    uint32_t fadeLength;
    float *fade;
    float **in; /* cleaned copy of the input frame */
    OutputGlide *glides;
    Bypass bypass;
    Audition audition;

    DynHostPlan *current, *next;
    SwapPhase phase;
    uint32_t phaseLeft; /* samples */
    uint32_t hold;      /* samples from the new plan's first frame until it may be heard; fixed when the swap begins */
    uint64_t hostCursor;

    DynHostEvent *events;
    _Atomic uint64_t eventTail; /* written by the control thread */
    _Atomic uint64_t eventHead; /* written by the audio thread: events before it may be overwritten */
    uint64_t lastPosition;      /* control thread: positions never decrease */

    DynHostRecord *records;
    _Atomic uint64_t recordTail, recordHead;

    DynHostPlan *retired[DYNHOST_RETIRED_CAPACITY];
    _Atomic uint32_t retiredTail, retiredHead;

    _Atomic uint64_t position;
    _Atomic uint32_t swapping;
    _Atomic uint32_t pendingSwaps; /* pushed and not yet begun */
    _Atomic uint32_t gainBits, muteMask;
    _Atomic uint64_t nonFiniteInputs, nonFiniteOutputs, clippedSamples, refusedEvents, lostTelemetry;
};

/** Applies what is due to the plan's modules. `counts` = 1: refusals are counted (the plan is the newest). */
void dynhost_apply_events(DynHost *host, DynHostPlan *plan, uint64_t position, int counts) DYNCHAIN_NONBLOCKING;
/** The next swap event that is due, or NULL; `index` is its number. */
const DynHostEvent *dynhost_next_swap(DynHost *host, uint64_t position, uint64_t *index) DYNCHAIN_NONBLOCKING;
/** Lets the control thread reuse events every cursor has passed. */
void dynhost_release_events(DynHost *host) DYNCHAIN_NONBLOCKING;
void dynhost_plan_start(DynHostPlan *plan, uint64_t firstEvent) DYNCHAIN_NONBLOCKING;

/** One frame of a plan into plan->out. */
void dynhost_plan_run(DynHost *host, DynHostPlan *plan) DYNCHAIN_NONBLOCKING;
/** State of the modules that start with this frame. `dip` = 1: the old plan runs no more. */
void dynhost_plan_carry(DynHostPlan *plan, uint32_t holdSamples, int dip) DYNCHAIN_NONBLOCKING;

/** Behind the chain: bypass, audition, level and mutes of a frame. */
void dynhost_finish_output(DynHost *host, float *const *out) DYNCHAIN_NONBLOCKING;
/** Remembers a frame of the cleaned input, for the bypass. */
void dynhost_keep_input(DynHost *host, uint64_t position) DYNCHAIN_NONBLOCKING;
/** Attaches or detaches a tap of a plan's module. */
void dynhost_plan_tap(DynHost *host, DynHostPlan *plan, uint32_t module, uint32_t point,
                      const DynHostTap *tap) DYNCHAIN_NONBLOCKING;

void dynhost_record(DynHost *host, const DynHostRecord *record) DYNCHAIN_NONBLOCKING;
void dynhost_report(DynHost *host, const DynHostPlan *plan, uint64_t position, uint32_t blockNs) DYNCHAIN_NONBLOCKING;

/** `add` to a counter that only the audio thread writes. */
static inline void dynhost_count(_Atomic uint64_t *counter, uint64_t add) {
    if (add == 0) return;
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + add, memory_order_relaxed);
}

#endif
