/* The tick: events at stream positions, batches, plans on several cores, swaps, output level, telemetry.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "check.h"
#include "rig.h"

#define FRAME 64u
#define CHANNELS 2u

static void process(Rig *rig, const float *in, float *out, uint32_t frames) {
    const float *i[CHANNELS];
    float *o[CHANNELS];
    for (uint32_t f = 0; f < frames; f++) {
        for (uint32_t ch = 0; ch < CHANNELS; ch++) {
            i[ch] = in + (size_t)(f * CHANNELS + ch) * rig->frameSize;
            o[ch] = out + (size_t)(f * CHANNELS + ch) * rig->frameSize;
        }
        CHECK(DynHost_Process(rig->host, i, o) == DYNCHAIN_OK);
    }
}

static void constant(float *x, uint32_t n, float value) {
    for (uint32_t i = 0; i < n; i++) x[i] = value;
}

static void eventsActAtTheirPosition(void) {
    Rig rig = rig_make(48000, FRAME, CHANNELS);
    RigModule gain = {"gain#1", RIG_GAIN, 0};
    RigChain chain = rig_series(&gain, 1);
    RigPlan plan = rig_plan(&rig, &chain);
    rig_host(&rig, plan.plan);
    static float in[40 * CHANNELS * FRAME], out[40 * CHANNELS * FRAME];
    constant(in, 40 * CHANNELS * FRAME, 0.5f);
    DynHostEvent event = rig_bool("gain#1", 2, 0, 1);
    event.position = 3 * FRAME - 10; /* acts at the next frame boundary */
    rig_push(&rig, event);
    process(&rig, in, out, 40);
    CHECK(out[2 * CHANNELS * FRAME + FRAME - 1] == 0.5f);
    CHECK(out[3 * CHANNELS * FRAME + FRAME - 1] < 0.5f);
    CHECK(out[39 * CHANNELS * FRAME] == 0.0f);
    CHECK(out[(39 * CHANNELS + 1) * FRAME] == 0.5f);
    CHECK(DynHost_Position(rig.host) == 40 * FRAME);
    rig_plan_free(&plan);
    rig_free(&rig);
}

static void refusalsAreCountedAndQueuesAreBounded(void) {
    Rig rig = rig_make(48000, FRAME, CHANNELS);
    RigModule gain = {"gain#1", RIG_GAIN, 0};
    RigChain chain = rig_series(&gain, 1);
    RigPlan plan = rig_plan(&rig, &chain);
    rig_host(&rig, plan.plan);
    static float in[CHANNELS * FRAME], out[CHANNELS * FRAME];
    rig_push(&rig, rig_float("gain#1", 1, 0, 99.0f));
    rig_push(&rig, rig_float("gain#9", 1, 0, 0.0f));
    rig_push(&rig, rig_float("gain#1", 77, 0, 0.0f));
    rig_push(&rig, rig_float("gain#1", 1, 0, -3.0f));
    process(&rig, in, out, 1);
    DynHostCounters counters;
    DynHost_GetCounters(rig.host, &counters);
    CHECK(counters.refusedEvents == 3);
    static DynHostEvent many[4096];
    for (int i = 0; i < 4096; i++) many[i] = rig_float("gain#1", 1, 0, -1.0f);
    CHECK(DynHost_PushEvents(rig.host, many, 4000) == DYNCHAIN_OK);
    CHECK(DynHost_PushEvents(rig.host, many, 97) == DYNCHAIN_ERR_MEMORY);
    CHECK(DynHost_PushEvents(rig.host, many, 96) == DYNCHAIN_OK);
    CHECK(DynHost_PushEvents(rig.host, many, 1) == DYNCHAIN_ERR_MEMORY);
    process(&rig, in, out, 1);
    CHECK(DynHost_PushEvents(rig.host, many, 4096) == DYNCHAIN_OK);
    DynHostEvent wrong = {.kind = 9};
    CHECK(DynHost_PushEvents(rig.host, &wrong, 1) == DYNCHAIN_ERR_ARGUMENT);
    DynHostEvent empty = {.kind = DYNHOST_SWAP};
    CHECK(DynHost_PushEvents(rig.host, &empty, 1) == DYNCHAIN_ERR_ARGUMENT);
    rig_plan_free(&plan);
    rig_free(&rig);
}

/* gain and delay on core 0, a second gain on core 1: the single-core samples, two frames later. */
static void twoCoresGiveTheSamplesOfOne(void) {
    Rig rig = rig_make(48000, FRAME, CHANNELS);
    RigModule all[] = {{"gain#1", RIG_GAIN, 0}, {"delay#1", RIG_DELAY, 0}, {"eq#1", RIG_EQ, 0}};
    RigChain whole = rig_series(all, 3), first = rig_series(all, 1), second = rig_series(all + 1, 1),
             third = rig_series(all + 2, 1);
    enum { FRAMES = 50 };
    static float in[FRAMES * CHANNELS * FRAME], one[FRAMES * CHANNELS * FRAME], out[FRAMES * CHANNELS * FRAME];
    uint64_t random = 8;
    for (uint32_t i = 0; i < FRAMES * CHANNELS * FRAME; i++) in[i] = (float)rig_random(&random) - 0.5f;
    RigPlan single = rig_plan(&rig, &whole);
    int32_t delay = 100;
    uint8_t on = 1;
    DynChain_SetParam(single.chain, "delay#1", "delaySamples#0", &delay, 4);
    DynChain_SetParam(single.chain, "eq#1", "bandEnable#1#0", &on, 1);
    rig_host(&rig, single.plan);
    process(&rig, in, one, FRAMES);

    /* gain on core 0 at stage 0, delay on core 1 at stage 1, eq back on core 0 at stage 2 */
    RigPlan gain = rig_chain(&rig, &first), middle = rig_chain(&rig, &second), last = rig_chain(&rig, &third);
    CHECK(DynChain_SetStage(middle.chain, 0, 1) == DYNCHAIN_ERR_STATE);
    uint8_t frame[1024];
    CHECK(DynChain_LoadLinkFrame(middle.chain, 4, frame, rig_frame(&rig, &second, frame)) == DYNCHAIN_OK);
    CHECK(DynChain_SetStage(middle.chain, 0, 1) == DYNCHAIN_OK);
    CHECK(DynChain_Rebuild(middle.chain) == DYNCHAIN_OK);
    CHECK(DynChain_LoadLinkFrame(last.chain, 4, frame, rig_frame(&rig, &third, frame)) == DYNCHAIN_OK);
    CHECK(DynChain_SetStage(last.chain, 0, 2) == DYNCHAIN_OK);
    CHECK(DynChain_Rebuild(last.chain) == DYNCHAIN_OK);
    DynChain_SetParam(middle.chain, "delay#1", "delaySamples#0", &delay, 4);
    DynChain_SetParam(last.chain, "eq#1", "bandEnable#1#0", &on, 1);
    DynChain *cores[3] = {gain.chain, middle.chain, last.chain};
    uint16_t channels[3] = {CHANNELS, CHANNELS, CHANNELS};
    DynHostEdge edges[4] = {{DYNHOST_IO, 0, 0, 0, CHANNELS, 0},
                            {0, 1, 0, 0, CHANNELS, 1},
                            {1, 2, 0, 0, CHANNELS, 1},
                            {2, DYNHOST_IO, 0, 0, CHANNELS, 0}};
    DynHostModule modules[3] = {{rig_handle("gain#1"), 0, 0, 0}, {rig_handle("delay#1"), 1, 0, 1},
                                {rig_handle("eq#1"), 2, 0, 2}};
    DynHostPlanConfig config = {.abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof config, .sampleRate = 48000,
                                .frameSize = FRAME, .numInputs = CHANNELS, .numOutputs = CHANNELS, .numCores = 3,
                                .cores = cores, .coreInputs = channels, .coreOutputs = channels, .numEdges = 4,
                                .edges = edges, .numModules = 3, .modules = modules};
    size_t size = 0;
    edges[1].delayFrames = 0;
    CHECK(DynHostPlan_GetMemSize(&config, &size) == DYNCHAIN_ERR_ARGUMENT);
    edges[1].delayFrames = 1;
    CHECK(DynHostPlan_GetMemSize(&config, &size) == DYNCHAIN_OK);
    void *memory = malloc(size);
    DynHostPlan *plan;
    CHECK(DynHostPlan_Init(memory, size / 2, &config, &plan) == DYNCHAIN_ERR_MEMORY);
    CHECK(DynHostPlan_Init(memory, size, &config, &plan) == DYNCHAIN_OK);
    rig_host(&rig, plan);
    process(&rig, in, out, FRAMES);
    CHECK_SAME_BITS(out + 2 * CHANNELS * FRAME, one, (FRAMES - 2) * CHANNELS * FRAME);
    for (uint32_t i = 0; i < 2 * CHANNELS * FRAME; i++) CHECK(out[i] == 0.0f);

    /* The same event for a module of any stage acts at its stream position. */
    DynHostEvent mute[2] = {rig_bool("gain#1", 2, 0, 1), rig_bool("eq#1", 0, 0, 0)};
    mute[0].position = mute[1].position = DynHost_Position(rig.host) + 5 * FRAME;
    CHECK(DynHost_PushEvents(rig.host, mute, 2) == DYNCHAIN_OK);
    process(&rig, in, out, FRAMES);
    CHECK(out[49 * CHANNELS * FRAME] == 0.0f);
    free(memory);
    rig_plan_free(&single);
    rig_plan_free(&gain);
    rig_plan_free(&middle);
    rig_plan_free(&last);
    rig_free(&rig);
}

static void swapToEqualChainIsInaudible(void) {
    Rig rig = rig_make(48000, FRAME, CHANNELS);
    RigModule all[] = {{"gain#1", RIG_GAIN, 0}, {"delay#1", RIG_DELAY, 0}, {"eq#1", RIG_EQ, 0}};
    RigChain chain = rig_series(all, 3);
    enum { FRAMES = 100 };
    static float in[FRAMES * CHANNELS * FRAME], still[FRAMES * CHANNELS * FRAME], out[FRAMES * CHANNELS * FRAME];
    uint64_t random = 9;
    for (uint32_t i = 0; i < FRAMES * CHANNELS * FRAME; i++) in[i] = (float)rig_random(&random) - 0.5f;
    for (int swap = 0; swap < 2; swap++) {
        RigPlan plans[2] = {rig_plan(&rig, &chain), rig_plan(&rig, &chain)};
        for (int p = 0; p < 2; p++) {
            int32_t delay = 3000;
            uint8_t on = 1;
            DynChain_SetParam(plans[p].chain, "delay#1", "delaySamples#0", &delay, 4);
            DynChain_SetParam(plans[p].chain, "eq#1", "bandEnable#0#0", &on, 1);
        }
        rig_host(&rig, plans[0].plan);
        process(&rig, in, swap ? out : still, 30);
        if (swap) rig_swap(&rig, &plans[1], &plans[0], DYNHOST_SWAP_CROSSFADE);
        process(&rig, in + 30 * CHANNELS * FRAME, (swap ? out : still) + 30 * CHANNELS * FRAME, FRAMES - 30);
        if (swap) CHECK(DynHost_TakeRetired(rig.host) == plans[0].plan);
        rig_plan_free(&plans[0]);
        rig_plan_free(&plans[1]);
    }
    CHECK_SAME_BITS(out, still, FRAMES * CHANNELS * FRAME);
    rig_free(&rig);
}

static void changesDuringASwapReachBothPlans(void) {
    Rig rig = rig_make(48000, FRAME, CHANNELS);
    RigModule all[] = {{"gain#1", RIG_GAIN, 0}, {"gain#2", RIG_GAIN, 0}};
    RigChain before = rig_series(all, 1), after = rig_series(all, 2);
    RigPlan old = rig_plan(&rig, &before), next = rig_plan(&rig, &after);
    rig_host(&rig, old.plan);
    static float in[100 * CHANNELS * FRAME], out[100 * CHANNELS * FRAME];
    constant(in, 100 * CHANNELS * FRAME, 0.5f);
    process(&rig, in, out, 5);
    rig_swap(&rig, &next, &old, DYNHOST_SWAP_CROSSFADE);
    process(&rig, in, out, 3);
    CHECK(DynHost_IsSwapping(rig.host));
    rig_push(&rig, rig_bool("gain#1", 2, 0, 1));
    rig_push(&rig, rig_bool("gain#2", 2, 1, 1));
    process(&rig, in, out, 100);
    CHECK(!DynHost_IsSwapping(rig.host));
    CHECK(out[99 * CHANNELS * FRAME] == 0.0f && out[(99 * CHANNELS + 1) * FRAME] == 0.0f);
    float back = 0;
    uint8_t muted = 0;
    CHECK(DynChain_GetParam(next.chain, "gain#1", "mute#0", &muted, 1) == DYNCHAIN_OK && muted == 1);
    CHECK(DynChain_GetParam(next.chain, "gain#1", "gainDb#0", &back, 4) == DYNCHAIN_OK && back == 0.0f);
    rig_plan_free(&old);
    rig_plan_free(&next);
    rig_free(&rig);
}

static void outputLevelGlidesAndRestsExactly(void) {
    Rig rig = rig_make(48000, FRAME, CHANNELS);
    RigModule gain = {"gain#1", RIG_GAIN, 0};
    RigChain chain = rig_series(&gain, 1);
    RigPlan plan = rig_plan(&rig, &chain);
    rig_host(&rig, plan.plan);
    static float in[60 * CHANNELS * FRAME], out[60 * CHANNELS * FRAME];
    constant(in, 60 * CHANNELS * FRAME, 0.7f);
    DynHost_SetOutputNow(rig.host, 0.0f, 0);
    DynHost_SetOutput(rig.host, 1.0f, 2);
    process(&rig, in, out, 60);
    CHECK(out[0] < 0.001f && out[59 * CHANNELS * FRAME] == 0.7f && out[(59 * CHANNELS + 1) * FRAME] == 0.0f);
    for (uint32_t f = 1; f < 15; f++) CHECK(out[f * CHANNELS * FRAME] >= out[(f - 1) * CHANNELS * FRAME]);
    DynHost_SetOutput(rig.host, 2.0f, 0);
    process(&rig, in, out, 60);
    CHECK(out[59 * CHANNELS * FRAME] == 1.4f);
    DynHostCounters counters;
    DynHost_GetCounters(rig.host, &counters);
    CHECK(counters.clippedSamples > 0);
    rig_plan_free(&plan);
    rig_free(&rig);
}

static void badInputIsReplacedAndCounted(void) {
    Rig rig = rig_make(48000, FRAME, CHANNELS);
    RigModule eq = {"eq#1", RIG_EQ, 0};
    RigChain chain = rig_series(&eq, 1);
    RigPlan plan = rig_plan(&rig, &chain);
    rig_host(&rig, plan.plan);
    static float in[CHANNELS * FRAME], out[CHANNELS * FRAME];
    constant(in, CHANNELS * FRAME, 0.25f);
    in[3] = NAN;
    in[FRAME + 9] = -INFINITY;
    process(&rig, in, out, 1);
    CHECK(out[3] == 0.0f && out[FRAME + 9] == 0.0f && out[4] == 0.25f);
    DynHostCounters counters;
    DynHost_GetCounters(rig.host, &counters);
    CHECK(counters.nonFiniteInputs == 2 && counters.nonFiniteOutputs == 0);
    rig_plan_free(&plan);
    rig_free(&rig);
}

static void telemetryIsOnlyForThoseMeasured(void) {
    Rig rig = rig_make(48000, FRAME, CHANNELS);
    RigModule all[] = {{"gain#1", RIG_GAIN, 0}, {"eq#1", RIG_EQ, 0}};
    RigChain chain = rig_series(all, 2);
    RigPlan plan = rig_plan(&rig, &chain);
    rig_host(&rig, plan.plan);
    static float in[CHANNELS * FRAME], out[CHANNELS * FRAME];
    constant(in, CHANNELS * FRAME, 0.5f);
    DynHostRecord records[64];
    process(&rig, in, out, 1);
    CHECK(DynHost_ReadTelemetry(rig.host, records, 64) == 0);
    DynHostEvent measure = rig_int("gain#1", 0, 0, DYNCHAIN_MEASURE_LEVEL);
    measure.kind = DYNHOST_MEASURE;
    rig_push(&rig, measure);
    process(&rig, in, out, 1);
    CHECK(DynHost_ReadTelemetry(rig.host, records, 64) == CHANNELS);
    CHECK(records[1].kind == DYNHOST_RECORD_LEVEL && records[1].handle == rig_handle("gain#1"));
    CHECK(records[1].channel == 1 && records[1].peak == 0.5f && records[1].square == 0.25f);
    rig_plan_free(&plan);
    rig_free(&rig);
}

static void latencyIsThatOfTheLastFrame(void) {
    Rig rig = rig_make(48000, FRAME, CHANNELS);
    RigModule all[] = {{"gain#1", RIG_GAIN, 0}, {"limiter#1", RIG_LIMITER, 0}};
    RigChain chain = rig_series(all, 2);
    RigPlan old = rig_plan(&rig, &chain), next = rig_plan(&rig, &chain);
    uint32_t limiter = rig_handle("limiter#1");
    float lookahead = 2.0f;
    CHECK(DynHostPlan_ModuleLatency(old.plan, limiter) == 72);
    DynChain_SetParam(old.chain, "limiter#1", "lookaheadMs", &lookahead, 4);
    CHECK(DynHostPlan_Refresh(old.plan) == DYNCHAIN_OK && DynHostPlan_Refresh(NULL) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynHostPlan_ModuleLatency(old.plan, limiter) == 96);
    CHECK(DynHostPlan_ModuleLatency(old.plan, rig_handle("gain#1")) == 0);
    CHECK(DynHostPlan_ModuleLatency(old.plan, rig_handle("gain#9")) == 0);
    rig_host(&rig, old.plan);
    CHECK(DynHostPlan_ModuleLatency(old.plan, limiter) == 96);
    static float in[100 * CHANNELS * FRAME], out[100 * CHANNELS * FRAME];
    rig_push(&rig, rig_float("limiter#1", 3, 0, 4.0f));
    CHECK(DynHostPlan_ModuleLatency(old.plan, limiter) == 96);
    process(&rig, in, out, 1);
    CHECK(DynHostPlan_ModuleLatency(old.plan, limiter) == 192);
    rig_swap(&rig, &next, &old, DYNHOST_SWAP_CROSSFADE);
    CHECK(DynHostPlan_ModuleLatency(next.plan, limiter) == 72);
    rig_push(&rig, rig_float("limiter#1", 3, 0, 8.0f));
    process(&rig, in, out, 3);
    CHECK(DynHost_IsSwapping(rig.host) && DynHostPlan_ModuleLatency(next.plan, limiter) == 384);
    process(&rig, in, out, 97);
    CHECK(DynHostPlan_ModuleLatency(next.plan, limiter) == 384);
    rig_plan_free(&old);
    rig_plan_free(&next);
    rig_free(&rig);
}

int main(void) {
    CHECK_RUN(eventsActAtTheirPosition);
    CHECK_RUN(refusalsAreCountedAndQueuesAreBounded);
    CHECK_RUN(twoCoresGiveTheSamplesOfOne);
    CHECK_RUN(swapToEqualChainIsInaudible);
    CHECK_RUN(changesDuringASwapReachBothPlans);
    CHECK_RUN(outputLevelGlidesAndRestsExactly);
    CHECK_RUN(badInputIsReplacedAndCounted);
    CHECK_RUN(telemetryIsOnlyForThoseMeasured);
    CHECK_RUN(latencyIsThatOfTheLastFrame);
    return check_report();
}
