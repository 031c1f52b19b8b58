/* The tick under edits: 1,000 parameter changes and a swap of the plan every 60 frames, on one audio thread with two
 * workers, while a control thread builds, pushes, reads telemetry and frees. Run plainly, and built with
 * -fsanitize=realtime, where any allocation, lock or system call on the audio thread ends it.
 * SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdatomic.h>

#include "../include/dynchain_pc.h"
#include "check.h"
#include "rig.h"

#define CHANNELS 2u
#define FRAME 64u
#define SWAPS 100u

static _Atomic uint32_t stop;
static Rig rig;

static void *audioThread(void *argument) {
    (void)argument;
    static float samples[2][CHANNELS][FRAME];
    const float *in[CHANNELS] = {samples[0][0], samples[0][1]};
    float *out[CHANNELS] = {samples[1][0], samples[1][1]};
    uint64_t random = 77;
    while (!atomic_load(&stop)) {
        for (uint32_t i = 0; i < FRAME; i++) samples[0][0][i] = samples[0][1][i] = (float)rig_random(&random) - 0.5f;
        DynHost_Process(rig.host, in, out);
    }
    return NULL;
}

static const RigModule all[] = {{"gain#1", RIG_GAIN, 0},   {"delay#1", RIG_DELAY, 0}, {"eq#1", RIG_EQ, 0},
                                {"mixer#1", RIG_MIXER, 0}, {"meter#1", RIG_METER, 0}, {"limiter#1", RIG_LIMITER, 0}};

/* The chain cut in two cores: modules before `cut` on core 0, the others on core 1 one frame later. */
typedef struct TwoCores {
    RigPlan halves[2];
    DynHostPlan *plan;
    void *memory;
} TwoCores;

static TwoCores makePlan(uint32_t cut, uint32_t count) {
    TwoCores made = {0};
    RigChain parts[2] = {rig_series(all, cut), rig_series(all + cut, count - cut)};
    uint8_t frame[4096];
    for (uint32_t c = 0; c < 2; c++) {
        made.halves[c] = rig_chain(&rig, &parts[c]);
        rig_check(DynChain_LoadLinkFrame(made.halves[c].chain, 4, frame, rig_frame(&rig, &parts[c], frame)), "load");
        for (uint32_t m = 0; c == 1 && m < parts[1].numModules; m++) DynChain_SetStage(made.halves[1].chain, m, 1);
        rig_check(DynChain_Rebuild(made.halves[c].chain), "rebuild");
    }
    DynChain *cores[2] = {made.halves[0].chain, made.halves[1].chain};
    uint16_t channels[2] = {CHANNELS, CHANNELS};
    DynHostEdge edges[3] = {{DYNHOST_IO, 0, 0, 0, CHANNELS, 0}, {0, 1, 0, 0, CHANNELS, 1}, {1, DYNHOST_IO, 0, 0, CHANNELS, 0}};
    DynHostModule modules[6];
    for (uint32_t m = 0; m < count; m++)
        modules[m] = (DynHostModule){rig_handle(all[m].id), m >= cut, (uint8_t)(m >= cut ? m - cut : m), m >= cut};
    DynHostPlanConfig config = {.abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof config, .sampleRate = 48000,
                                .frameSize = FRAME, .numInputs = CHANNELS, .numOutputs = CHANNELS, .numCores = 2,
                                .cores = cores, .coreInputs = channels, .coreOutputs = channels, .numEdges = 3,
                                .edges = edges, .numModules = count, .modules = modules};
    size_t size = 0;
    rig_check(DynHostPlan_GetMemSize(&config, &size), "plan size");
    made.memory = malloc(size);
    rig_check(DynHostPlan_Init(made.memory, size, &config, &made.plan), "plan");
    return made;
}

static void freePlan(TwoCores *plan) {
    rig_plan_free(&plan->halves[0]);
    rig_plan_free(&plan->halves[1]);
    free(plan->memory);
}

static DynHostEvent anyChange(uint64_t *random) {
    double draw = rig_random(random);
    uint16_t ch = rig_random(random) < 0.5;
    if (draw < 0.2) return rig_float("gain#1", 1, ch, (float)(rig_random(random) * 100 - 80));
    if (draw < 0.4) return rig_int("delay#1", 1, ch, (int32_t)(rig_random(random) * 9000));
    if (draw < 0.6) return rig_float("eq#1", 2, (uint16_t)(ch << 8 | (uint32_t)(rig_random(random) * 20)), (float)(20 + rig_random(random) * 20000));
    if (draw < 0.7) return rig_bool("eq#1", 5, (uint16_t)(ch << 8 | (uint32_t)(rig_random(random) * 20)), rig_random(random) < 0.5);
    if (draw < 0.8) return rig_float("mixer#1", 1, (uint16_t)(ch << 8), (float)(rig_random(random) * -60));
    if (draw < 0.9) return rig_float("limiter#1", 1, 0, (float)(rig_random(random) * -40));
    if (draw < 0.95) return rig_bool("eq#1", 0, 0, rig_random(random) < 0.5);
    return rig_float("limiter#1", 3, 0, (float)(rig_random(random) * 20));
}

/* Waits on progress of the stream, not on time. */
static void waitFrames(uint32_t frames) {
    uint64_t until = DynHost_Position(rig.host) + (uint64_t)frames * FRAME;
    while (DynHost_Position(rig.host) < until) sched_yield();
}

static void editsWhileRunning(void) {
    rig = rig_make(48000, FRAME, CHANNELS);
    DynPool *pool = DynPool_Create(2, 50, 0);
    CHECK(pool != NULL);
    TwoCores running = makePlan(3, 6);
    DynHostConfig config = {.abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof config, .sampleRate = 48000,
                            .frameSize = FRAME, .numInputs = CHANNELS, .numOutputs = CHANNELS, .eventCapacity = 4096,
                            .telemetryCapacity = 1024, .now = DynPC_Now, .execute = DynPool_Execute,
                            .executeContext = pool};
    size_t size = 0;
    rig_check(DynHost_GetMemSize(&config, &size), "host size");
    rig.hostMemory = malloc(size);
    rig_check(DynHost_Init(rig.hostMemory, size, &config, running.plan, &rig.host), "host");
    DynHostEvent measure = rig_int("eq#1", 0, 0, DYNCHAIN_MEASURE_TIME | DYNCHAIN_MEASURE_LEVEL);
    measure.kind = DYNHOST_MEASURE;
    rig_push(&rig, measure);
    pthread_t audio;
    pthread_create(&audio, NULL, audioThread, NULL);
    uint64_t random = 5, records = 0;
    static DynHostRecord record[1024];
    for (uint32_t swap = 0; swap < SWAPS; swap++) {
        for (int i = 0; i < 10; i++) {
            rig_push(&rig, anyChange(&random));
            waitFrames(2);
        }
        TwoCores next = makePlan(1 + (uint32_t)(rig_random(&random) * 5), 6);
        rig_check(DynHostPlan_Carry(next.plan, running.plan), "carry");
        DynHostEvent event = {.kind = DYNHOST_SWAP, .plan = next.plan};
        event.value.u8 = rig_random(&random) < 0.2 ? DYNHOST_SWAP_DIP : DYNHOST_SWAP_CROSSFADE;
        rig_push(&rig, event);
        for (int i = 0; i < 5; i++) rig_push(&rig, anyChange(&random));
        /* Asked as often as can be: a moment in which a swap is neither pending nor in progress is
         * likely to be met. */
        while (DynHost_IsSwapping(rig.host)) {}
        CHECK(DynHost_TakeRetired(rig.host) == running.plan);
        freePlan(&running);
        running = next;
        records += DynHost_ReadTelemetry(rig.host, record, 1024);
    }
    atomic_store(&stop, 1);
    pthread_join(audio, NULL);
    DynHostCounters counters;
    DynHost_GetCounters(rig.host, &counters);
    CHECK(counters.refusedEvents == 0);
    CHECK(counters.nonFiniteOutputs == 0);
    CHECK(records > 0);
    DynPool_Destroy(pool);
    freePlan(&running);
    rig_free(&rig);
}

int main(void) {
    CHECK_RUN(editsWhileRunning);
    return check_report();
}
