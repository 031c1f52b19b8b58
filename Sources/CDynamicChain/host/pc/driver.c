/* Live driving of a host: from rings by an absolute clock, or from a sound card's call-back.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <errno.h>
#include <time.h>

#include "internal.h"

#define GATE_SECONDS 0.02f
#define LATE_FRAMES 4u /* later than this, frames are dropped */

struct DynDriver {
    DynDriverConfig config;
    float **in, **out; /* one frame each */
    float *samples;
    DynRing *cardIn, *cardOut;
    uint16_t *inputMap, *outputMap;
    _Atomic uint32_t stopping;
    _Atomic uint64_t frames, dropped, missedInput, lostOutput, maxLatenessNs;
    _Atomic uint32_t realtime, reblock;
    uint32_t cardPrimed;
    float gate; /* 1 = open, 0 = shut; the audio thread's, once it runs */
    /* What is wanted: bit 0 = closed, the bits above count the changes. Shut is the gate for the one wish that the
     * audio thread names in `gateShutFor`: what it says late about an earlier one means nothing. */
    _Atomic uint32_t gateWanted, gateShutFor;
};

static void count(_Atomic uint64_t *counter, uint64_t add) DYNCHAIN_NONBLOCKING {
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + add, memory_order_relaxed);
}

static uint16_t *copyMap(const uint16_t *map, uint32_t count) {
    uint16_t *copy = calloc(count > 0 ? count : 1, sizeof *copy);
    for (uint32_t ch = 0; copy != NULL && ch < count; ch++) copy[ch] = map != NULL ? map[ch] : (uint16_t)ch;
    return copy;
}

DynDriver *DynDriver_Create(const DynDriverConfig *config) {
    if (config == NULL || config->abiVersion != DYNCHAIN_ABI_VERSION || config->structSize < sizeof *config ||
        config->host == NULL || config->frameSize == 0 || config->sampleRate == 0)
        return NULL;
    DynDriver *driver = calloc(1, sizeof *driver);
    if (driver == NULL) return NULL;
    driver->config = *config;
    driver->gate = 1.0f;
    /* The card's rings have a channel even where the host has none, and need somewhere to point. */
    uint32_t inputs = config->numInputs > 0 ? config->numInputs : 1;
    uint32_t outputs = config->numOutputs > 0 ? config->numOutputs : 1;
    driver->in = calloc(inputs, sizeof(float *));
    driver->out = calloc(outputs, sizeof(float *));
    driver->samples = calloc((size_t)(inputs + outputs) * config->frameSize, sizeof(float));
    /* A card's block is at most 16384 frames here; three blocks fit whatever the ratio of block and frame. */
    driver->cardIn = DynRing_Create(inputs, 65536);
    driver->cardOut = DynRing_Create(outputs, 65536);
    driver->inputMap = copyMap(config->inputMap, config->numInputs);
    driver->outputMap = copyMap(config->outputMap, config->numOutputs);
    driver->config.inputMap = driver->config.outputMap = NULL; /* the caller's */
    if (driver->in == NULL || driver->out == NULL || driver->samples == NULL || driver->cardIn == NULL ||
        driver->cardOut == NULL || driver->inputMap == NULL || driver->outputMap == NULL) {
        DynDriver_Destroy(driver);
        return NULL;
    }
    for (uint32_t ch = 0; ch < inputs; ch++) driver->in[ch] = driver->samples + (size_t)ch * config->frameSize;
    for (uint32_t ch = 0; ch < outputs; ch++)
        driver->out[ch] = driver->samples + (size_t)(inputs + ch) * config->frameSize;
    return driver;
}

void DynDriver_Destroy(DynDriver *driver) {
    if (driver == NULL) return;
    DynRing_Destroy(driver->cardIn);
    DynRing_Destroy(driver->cardOut);
    free(driver->inputMap);
    free(driver->outputMap);
    free(driver->samples);
    free(driver->in);
    free(driver->out);
    free(driver);
}

static void process(DynDriver *driver) DYNCHAIN_NONBLOCKING {
    DynHost_Process(driver->config.host, (const float *const *)driver->in, driver->out);
    count(&driver->frames, 1);
}

/* The gate's weight goes along a line from frame to frame, smoothed by its cubic: no step, no corner. */
static void fadeInput(DynDriver *driver, float from, float to) DYNCHAIN_NONBLOCKING {
    uint32_t n = driver->config.frameSize;
    for (uint32_t ch = 0; ch < driver->config.numInputs; ch++)
        for (uint32_t i = 0; i < n; i++) {
            float at = from + (to - from) * (float)(i + 1) / (float)n;
            driver->in[ch][i] *= at * at * (3.0f - 2.0f * at);
        }
}

static void silenceInput(DynDriver *driver) DYNCHAIN_NONBLOCKING {
    for (uint32_t ch = 0; ch < driver->config.numInputs; ch++)
        memset(driver->in[ch], 0, driver->config.frameSize * sizeof(float));
}

static void readInput(DynDriver *driver) DYNCHAIN_NONBLOCKING {
    DynRing *ring = driver->config.input;
    uint32_t n = driver->config.frameSize;
    uint32_t wanted = atomic_load_explicit(&driver->gateWanted, memory_order_acquire);
    int isOpen = !(wanted & 1u);
    if (!isOpen && driver->gate == 0.0f) {
        silenceInput(driver);
        atomic_store_explicit(&driver->gateShutFor, wanted, memory_order_release);
        return;
    }
    float from = driver->gate, step = (float)n / (GATE_SECONDS * (float)driver->config.sampleRate);
    driver->gate = isOpen ? (from + step < 1.0f ? from + step : 1.0f) : (from > step ? from - step : 0.0f);
    if (ring != NULL && DynRing_Read(ring, driver->in, n) == n) {
        if (from < 1.0f || driver->gate < 1.0f) fadeInput(driver, from, driver->gate);
        return;
    }
    silenceInput(driver);
    if (ring != NULL) count(&driver->missedInput, 1);
}

void DynDriver_SetGate(DynDriver *driver, uint32_t isOpen) DYNCHAIN_NONBLOCKING {
    if (driver == NULL) return;
    uint32_t closed = isOpen == 0, before = atomic_load_explicit(&driver->gateWanted, memory_order_relaxed);
    while ((before & 1u) != closed &&
           !atomic_compare_exchange_weak_explicit(&driver->gateWanted, &before, ((before & ~1u) + 2u) | closed,
                                                  memory_order_acq_rel, memory_order_relaxed)) {
    }
}

void DynDriver_SetGateNow(DynDriver *driver, uint32_t isOpen) {
    if (driver == NULL) return;
    DynDriver_SetGate(driver, isOpen);
    driver->gate = isOpen ? 1.0f : 0.0f;
}

uint32_t DynDriver_GateIsShut(const DynDriver *driver) DYNCHAIN_NONBLOCKING {
    if (driver == NULL) return 0;
    uint32_t wanted = atomic_load_explicit(&driver->gateWanted, memory_order_relaxed);
    return (wanted & 1u) && atomic_load_explicit(&driver->gateShutFor, memory_order_acquire) == wanted;
}

static void writeOutput(DynDriver *driver) DYNCHAIN_NONBLOCKING {
    DynRing *ring = driver->config.output;
    uint32_t n = driver->config.frameSize;
    if (ring != NULL && DynRing_Write(ring, (const float *const *)driver->out, n) != n) count(&driver->lostOutput, 1);
}

void DynDriver_Step(DynDriver *driver) DYNCHAIN_NONBLOCKING {
    readInput(driver);
    process(driver);
    writeOutput(driver);
}

/* ---- paced ---- */

static void sleepUntil(uint64_t deadline) {
#ifdef __APPLE__
    uint64_t now = DynPC_Now(NULL);
    if (now >= deadline) return;
    uint64_t left = deadline - now;
    struct timespec wait = {(time_t)(left / 1000000000u), (long)(left % 1000000000u)};
    nanosleep(&wait, NULL);
#else
    struct timespec at = {(time_t)(deadline / 1000000000u), (long)(deadline % 1000000000u)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR) {
    }
#endif
}

void DynDriver_RunPaced(DynDriver *driver, int32_t priority) {
    DynPC_NameThread("dynchain-audio");
    atomic_store(&driver->realtime, DynPC_MakeRealtime(priority));
    uint64_t start = DynPC_Now(NULL), frame = 0;
    uint64_t framesPerPeriod = driver->config.frameSize, rate = driver->config.sampleRate;
    while (!atomic_load_explicit(&driver->stopping, memory_order_acquire)) {
        DynDriver_Step(driver);
        frame += 1;
        /* From the start, not from the last frame: rounding never adds up. */
        uint64_t deadline = start + (uint64_t)((__uint128_t)frame * framesPerPeriod * 1000000000u / rate);
        uint64_t now = DynPC_Now(NULL);
        if (now <= deadline) {
            sleepUntil(deadline);
            now = DynPC_Now(NULL);
        }
        uint64_t late = now > deadline ? now - deadline : 0;
        if (late > atomic_load_explicit(&driver->maxLatenessNs, memory_order_relaxed))
            atomic_store_explicit(&driver->maxLatenessNs, late, memory_order_relaxed);
        uint64_t missed = late * rate / (framesPerPeriod * 1000000000u);
        if (missed > LATE_FRAMES) {
            frame += missed;
            count(&driver->dropped, missed);
        }
    }
    DynPC_NameThread("audio-ended"); /* what the thread frees from here on is not the audio path */
}

void DynDriver_Stop(DynDriver *driver) {
    if (driver != NULL) atomic_store_explicit(&driver->stopping, 1, memory_order_release);
}

/* ---- card ---- */

/* Takes a card's interleaved input; what the card lacks is silence. */
static void takeCard(DynDriver *driver, const float *in, uint32_t inChannels, uint32_t frames) DYNCHAIN_NONBLOCKING {
    uint32_t n = driver->config.frameSize;
    for (uint32_t done = 0; done < frames;) {
        uint32_t part = frames - done < n ? frames - done : n;
        for (uint32_t ch = 0; ch < driver->config.numInputs; ch++) {
            uint32_t from = driver->inputMap[ch];
            for (uint32_t i = 0; i < part; i++)
                driver->in[ch][i] = from < inChannels ? in[(size_t)(done + i) * inChannels + from] : 0.0f;
        }
        if (DynRing_Write(driver->cardIn, (const float *const *)driver->in, part) != part)
            count(&driver->missedInput, 1);
        done += part;
    }
}

static void giveCard(DynDriver *driver, float *out, uint32_t outChannels, uint32_t frames) DYNCHAIN_NONBLOCKING {
    uint32_t n = driver->config.frameSize;
    for (uint32_t done = 0; done < frames;) {
        uint32_t part = frames - done < n ? frames - done : n;
        int got = DynRing_Read(driver->cardOut, driver->out, part) == part;
        if (!got) count(&driver->lostOutput, 1);
        if (out != NULL) memset(out + (size_t)done * outChannels, 0, (size_t)part * outChannels * sizeof(float));
        for (uint32_t ch = 0; got && out != NULL && ch < driver->config.numOutputs; ch++) {
            uint32_t to = driver->outputMap[ch];
            for (uint32_t i = 0; to < outChannels && i < part; i++)
                out[(size_t)(done + i) * outChannels + to] = driver->out[ch][i];
        }
        done += part;
    }
}

static void stepCard(DynDriver *driver, int fromCard) DYNCHAIN_NONBLOCKING {
    if (fromCard)
        DynRing_Read(driver->cardIn, driver->in, driver->config.frameSize);
    else
        readInput(driver);
    process(driver);
    writeOutput(driver);
    DynRing_Write(driver->cardOut, (const float *const *)driver->out, driver->config.frameSize);
}

void DynDriver_CardBlock(DynDriver *driver, const float *in, uint32_t inChannels, float *out, uint32_t outChannels,
                         uint32_t frames) DYNCHAIN_NONBLOCKING {
    uint32_t n = driver->config.frameSize;
    int fromCard = in != NULL && driver->config.numInputs > 0;
    if (fromCard && !driver->cardPrimed && frames % n != 0) {
        /* Input and output flow at one rate; a frame of silence ahead makes every block find its output ready. */
        for (uint32_t ch = 0; ch < driver->config.numOutputs; ch++) memset(driver->out[ch], 0, n * sizeof(float));
        DynRing_Write(driver->cardOut, (const float *const *)driver->out, n);
        atomic_store_explicit(&driver->reblock, n, memory_order_relaxed);
        driver->cardPrimed = 1;
    }
    if (fromCard) {
        takeCard(driver, in, inChannels, frames);
        while (DynRing_Readable(driver->cardIn) >= n && DynRing_Writable(driver->cardOut) >= n) stepCard(driver, 1);
    } else {
        while (DynRing_Readable(driver->cardOut) < frames && DynRing_Writable(driver->cardOut) >= n)
            stepCard(driver, 0);
    }
    giveCard(driver, out, outChannels, frames);
}

void DynDriver_GetCounters(const DynDriver *driver, DynDriverCounters *counters) {
    if (driver == NULL || counters == NULL) return;
    counters->frames = atomic_load_explicit(&driver->frames, memory_order_relaxed);
    counters->droppedFrames = atomic_load_explicit(&driver->dropped, memory_order_relaxed);
    counters->missedInputFrames = atomic_load_explicit(&driver->missedInput, memory_order_relaxed);
    counters->lostOutputFrames = atomic_load_explicit(&driver->lostOutput, memory_order_relaxed);
    counters->maxLatenessNs = atomic_load_explicit(&driver->maxLatenessNs, memory_order_relaxed);
    counters->realtime = atomic_load_explicit(&driver->realtime, memory_order_relaxed);
    counters->reblockSamples = atomic_load_explicit(&driver->reblock, memory_order_relaxed);
}
