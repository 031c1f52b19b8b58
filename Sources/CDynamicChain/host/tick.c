/* The tick: one frame of everything. Cleans the input, applies events, runs the plan (two while one replaces the
 * other), and hands their sound to output.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "internal.h"

/* ---- life ---- */

static int isPowerOfTwo(uint32_t n) { return n != 0 && (n & (n - 1)) == 0; }

static int configIsGood(const DynHostConfig *config) {
    return config != NULL && config->abiVersion == DYNCHAIN_ABI_VERSION && config->structSize >= sizeof *config &&
           config->sampleRate >= 8000 && config->sampleRate <= 384000 && config->frameSize > 0 &&
           config->frameSize <= DYNCHAIN_MAX_FRAME && isPowerOfTwo(config->eventCapacity) &&
           isPowerOfTwo(config->telemetryCapacity) && config->numInputs <= 0xFFFF && config->numOutputs <= 0xFFFF &&
           config->maxBypassDelay <= DYNHOST_MAX_BYPASS_DELAY;
}

static void take(Arena *arena, const DynHostConfig *config, DynHost **made) {
    uint32_t stride = ((config->frameSize + 15u) & ~15u) + 16u;
    DynHost *host = dynchain_arena_take(arena, sizeof *host);
    DynHost standIn;
    if (host == NULL) host = &standIn;
    host->fade = dynchain_arena_take(arena, dynchain_fade_length(config->sampleRate) * sizeof(float));
    host->glides = dynchain_arena_take(arena, config->numOutputs * sizeof(OutputGlide));
    host->events = dynchain_arena_take(arena, (size_t)config->eventCapacity * sizeof(DynHostEvent));
    host->records = dynchain_arena_take(arena, (size_t)config->telemetryCapacity * sizeof(DynHostRecord));
    host->bypass.length = config->maxBypassDelay + config->frameSize;
    host->bypass.history =
        dynchain_arena_take(arena, (size_t)host->bypass.length * config->numInputs * sizeof(float));
    host->audition.states = dynchain_arena_take(arena, config->numOutputs * sizeof(BandPassState));
    host->in = dynchain_arena_take(arena, config->numInputs * sizeof(float *));
    float *samples = dynchain_arena_take(arena, (size_t)config->numInputs * stride * sizeof(float));
    if (arena->base != NULL && !arena->exhausted)
        for (uint32_t ch = 0; ch < config->numInputs; ch++) host->in[ch] = samples + (size_t)ch * stride;
    if (made != NULL) *made = host;
}

int32_t DynHost_GetMemSize(const DynHostConfig *config, size_t *size) {
    if (size == NULL || !configIsGood(config)) return DYNCHAIN_ERR_ARGUMENT;
    Arena arena = {0};
    take(&arena, config, NULL);
    *size = arena.used + 2 * DYNCHAIN_ALIGN;
    return DYNCHAIN_OK;
}

int32_t DynHost_Init(void *memory, size_t size, const DynHostConfig *config, DynHostPlan *first, DynHost **host) {
    if (memory == NULL || host == NULL || !configIsGood(config)) return DYNCHAIN_ERR_ARGUMENT;
    *host = NULL;
    if (first != NULL &&
        (first->magic != DYNHOST_PLAN_MAGIC || first->config.frameSize != config->frameSize ||
         first->config.sampleRate != config->sampleRate || first->config.numInputs != config->numInputs ||
         first->config.numOutputs != config->numOutputs))
        return DYNCHAIN_ERR_ARGUMENT;
    uintptr_t start = ((uintptr_t)memory + (DYNCHAIN_ALIGN - 1)) & ~(uintptr_t)(DYNCHAIN_ALIGN - 1);
    size_t lost = start - (uintptr_t)memory;
    Arena counting = {0};
    take(&counting, config, NULL);
    if (size < lost || size - lost < counting.used) return DYNCHAIN_ERR_MEMORY;
    Arena arena = {.base = (uint8_t *)start, .size = size - lost};
    DynHost *made;
    take(&arena, config, &made);
    made->config = *config;
    made->fadeLength = dynchain_fade_length(config->sampleRate);
    for (uint32_t i = 0; i < made->fadeLength; i++)
        made->fade[i] = (float)(0.5 - 0.5 * cos(3.14159265358979323846 * ((double)i + 0.5) / made->fadeLength));
    made->current = first;
    if (first != NULL) dynhost_plan_start(first, 0);
    made->magic = DYNHOST_MAGIC;
    DynHost_SetOutputNow(made, 1.0f, 0);
    *host = made;
    return DYNCHAIN_OK;
}

/* ---- input ---- */

static void takeInput(DynHost *host, const float *const *in) {
    uint64_t replaced = 0;
    for (uint32_t ch = 0; ch < host->config.numInputs; ch++) {
        float *to = host->in[ch];
        const float *from = in[ch];
        uint32_t seen = 0;
        for (uint32_t i = 0; i < host->config.frameSize; i++) {
            uint32_t bits;
            memcpy(&bits, &from[i], sizeof bits);
            seen |= (bits & 0x7FFFFFFFu) + 0x00800000u;
            to[i] = from[i];
        }
        if (!(seen & 0x80000000u)) continue;
        for (uint32_t i = 0; i < host->config.frameSize; i++) {
            uint32_t bits;
            memcpy(&bits, &to[i], sizeof bits);
            if ((bits & 0x7F800000u) != 0x7F800000u) continue;
            to[i] = 0.0f;
            replaced += 1;
        }
    }
    dynhost_count(&host->nonFiniteInputs, replaced);
}

/* ---- swapping ---- */

/* Latencies may follow one another; one after all others is the longest way. */
static uint32_t latencyBound(const DynHostPlan *plan) DYNCHAIN_NONBLOCKING {
    uint32_t sum = 0;
    for (uint32_t m = 0; m < plan->config.numModules; m++)
        sum += DynChain_ModuleLatency(plan->cores[plan->modules[m].core], plan->modules[m].module);
    return sum;
}

/* Samples from a plan's first frame until it may be heard. */
static uint32_t holdOf(const DynHost *host, const DynHostPlan *plan) {
    return plan->maxStage * plan->config.frameSize + host->fadeLength + latencyBound(plan);
}

static int retiredHasRoom(const DynHost *host) {
    return atomic_load_explicit(&host->retiredTail, memory_order_relaxed) -
               atomic_load_explicit(&host->retiredHead, memory_order_acquire) <
           DYNHOST_RETIRED_CAPACITY;
}

static void retire(DynHost *host, DynHostPlan *plan) {
    uint32_t tail = atomic_load_explicit(&host->retiredTail, memory_order_relaxed);
    host->retired[tail % DYNHOST_RETIRED_CAPACITY] = plan;
    atomic_store_explicit(&host->retiredTail, tail + 1, memory_order_release);
}

static void enter(DynHost *host, SwapPhase phase, uint32_t samples) {
    host->phase = phase;
    host->phaseLeft = samples;
    atomic_store_explicit(&host->swapping, phase != SWAP_NONE, memory_order_release);
}

static void beginSwap(DynHost *host, uint64_t position) {
    uint64_t index = 0;
    const DynHostEvent *event = dynhost_next_swap(host, position, &index);
    if (event == NULL || host->phase != SWAP_NONE || !retiredHasRoom(host)) return;
    host->hostCursor = index + 1;
    DynHostPlan *plan = event->plan;
    dynhost_plan_start(plan, index + 1);
    host->hold = holdOf(host, plan);
    if (host->current == NULL) {
        host->current = plan;
    } else {
        if (plan->carryFrom != host->current)
            for (uint32_t m = 0; m < plan->config.numModules; m++) plan->pairs[m] = -1;
        host->next = plan;
        if (event->value.u8 == DYNHOST_SWAP_DIP)
            enter(host, SWAP_DIP_OUT, host->fadeLength);
        else
            enter(host, SWAP_WARM, host->hold);
    }
    atomic_fetch_sub_explicit(&host->pendingSwaps, 1, memory_order_release);
}

/* Mixes `to` into `from` along the fade (`rising`), or fades `from` alone when `to` is NULL. Handles phases that end
 * inside the frame; returns 1 when the fade is over. */
static int fadeFrame(DynHost *host, float *const *from, float *const *to, int rising) {
    uint32_t n = host->config.frameSize, first = host->fadeLength - host->phaseLeft;
    uint32_t fading = host->phaseLeft < n ? host->phaseLeft : n;
    for (uint32_t ch = 0; ch < host->config.numOutputs; ch++) {
        for (uint32_t i = 0; i < n; i++) {
            float w = i < fading ? host->fade[first + i] : 1.0f;
            float target = to != NULL ? to[ch][i] : 0.0f;
            from[ch][i] = rising ? (i < fading ? w * from[ch][i] : from[ch][i])
                                 : (i < fading ? from[ch][i] + w * (target - from[ch][i]) : target);
        }
    }
    host->phaseLeft -= fading;
    return host->phaseLeft == 0;
}

static void silence(DynHost *host, float *const *out) {
    for (uint32_t ch = 0; ch < host->config.numOutputs; ch++)
        memset(out[ch], 0, host->config.frameSize * sizeof(float));
}

static void copyOut(DynHost *host, float *const *out, float *const *from) {
    for (uint32_t ch = 0; ch < host->config.numOutputs; ch++)
        memcpy(out[ch], from[ch], host->config.frameSize * sizeof(float));
}

/* The part of the frame that is still a wait passes unheard; a fade starts with the frame in which the wait ends. */
static int waitFrame(DynHost *host) {
    uint32_t n = host->config.frameSize;
    host->phaseLeft = host->phaseLeft > n ? host->phaseLeft - n : 0;
    return host->phaseLeft == 0;
}

static void finishSwap(DynHost *host, DynHostPlan *old) {
    if (old != NULL) retire(host, old);
    enter(host, SWAP_NONE, 0);
}

static void runPlans(DynHost *host, uint64_t position, float *const *out) {
    if (host->phase == SWAP_WARM || host->phase == SWAP_FADE)
        dynhost_plan_carry(host->next, host->hold, 0);
    dynhost_apply_events(host, host->current, position, host->next == NULL);
    if (host->phase == SWAP_WARM || host->phase == SWAP_FADE) dynhost_apply_events(host, host->next, position, 1);

    dynhost_plan_run(host, host->current);
    copyOut(host, out, host->current->out);
    switch (host->phase) {
    case SWAP_NONE:
        break;
    case SWAP_WARM:
        dynhost_plan_run(host, host->next);
        if (waitFrame(host)) enter(host, SWAP_FADE, host->fadeLength);
        break;
    case SWAP_FADE:
        dynhost_plan_run(host, host->next);
        if (fadeFrame(host, out, host->next->out, 0)) {
            DynHostPlan *old = host->current;
            host->current = host->next;
            host->next = NULL;
            finishSwap(host, old);
        }
        break;
    case SWAP_DIP_OUT:
        if (fadeFrame(host, out, NULL, 0)) {
            dynhost_plan_carry(host->next, 0, 1);
            DynHostPlan *old = host->current;
            host->current = host->next;
            host->next = NULL;
            retire(host, old);
            enter(host, SWAP_DIP_WARM, host->hold);
        }
        break;
    case SWAP_DIP_WARM:
        silence(host, out);
        if (waitFrame(host)) enter(host, SWAP_DIP_IN, host->fadeLength);
        break;
    case SWAP_DIP_IN:
        if (fadeFrame(host, out, NULL, 1)) finishSwap(host, NULL);
        break;
    }
}

/* ---- the frame ---- */

static void tap(const DynHostTap *tap, const float *const *channels, uint32_t count, const DynHost *host,
                uint64_t position) DYNCHAIN_NONBLOCKING {
    if (tap != NULL) tap->write(tap->context, channels, count, host->config.frameSize, position);
}

int32_t DynHost_Process(DynHost *host, const float *const *in, float *const *out) DYNCHAIN_NONBLOCKING {
    if (host == NULL || host->magic != DYNHOST_MAGIC || (host->config.numInputs > 0 && in == NULL) ||
        (host->config.numOutputs > 0 && out == NULL))
        return DYNCHAIN_ERR_ARGUMENT;
    uint64_t start = host->config.now ? host->config.now(host->config.nowContext) : 0;
    FpuState fpu = dynchain_fpu_enter();
    uint64_t position = atomic_load_explicit(&host->position, memory_order_relaxed);
    takeInput(host, in);
    dynhost_keep_input(host, position);
    beginSwap(host, position);
    if (host->current != NULL)
        runPlans(host, position, out);
    else
        silence(host, out);
    dynhost_finish_output(host, out);
    tap(host->config.inputTap, (const float *const *)host->in, host->config.numInputs, host, position);
    tap(host->config.outputTap, (const float *const *)out, host->config.numOutputs, host, position);
    dynhost_release_events(host);
    atomic_store_explicit(&host->position, position + host->config.frameSize, memory_order_release);
    dynchain_fpu_leave(fpu);
    if (host->current != NULL) {
        uint32_t ns = host->config.now ? (uint32_t)(host->config.now(host->config.nowContext) - start) : 0;
        dynhost_report(host, host->current, position, ns);
    }
    return DYNCHAIN_OK;
}

uint64_t DynHost_Position(const DynHost *host) DYNCHAIN_NONBLOCKING {
    return host != NULL ? atomic_load_explicit(&host->position, memory_order_acquire) : 0;
}

uint32_t DynHost_IsSwapping(const DynHost *host) DYNCHAIN_NONBLOCKING {
    if (host == NULL) return 0;
    /* In this order: a swap that begins is first marked as in progress, then no longer as pending (`beginSwap`). Read the
     * other way round, one that begins between the two reads would be seen as neither. */
    return atomic_load_explicit(&host->pendingSwaps, memory_order_acquire) != 0 ||
           atomic_load_explicit(&host->swapping, memory_order_acquire) != 0;
}

void DynHost_GetCounters(const DynHost *host, DynHostCounters *counters) {
    if (host == NULL || counters == NULL) return;
    counters->frames = DynHost_Position(host) / host->config.frameSize;
    counters->nonFiniteInputs = atomic_load_explicit(&host->nonFiniteInputs, memory_order_relaxed);
    counters->nonFiniteOutputs = atomic_load_explicit(&host->nonFiniteOutputs, memory_order_relaxed);
    counters->clippedSamples = atomic_load_explicit(&host->clippedSamples, memory_order_relaxed);
    counters->refusedEvents = atomic_load_explicit(&host->refusedEvents, memory_order_relaxed);
    counters->lostTelemetry = atomic_load_explicit(&host->lostTelemetry, memory_order_relaxed);
}
