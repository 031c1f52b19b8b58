/* The chain itself: life, link frames, parameters, bypass, guard, block independence.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "check.h"
#include "rig.h"

#define CHANNELS 2u

static void fill(float *x, uint32_t n, uint64_t *random) {
    for (uint32_t i = 0; i < n; i++) x[i] = (float)(2.0 * rig_random(random) - 1.0) * 0.5f;
}

/* Runs `total` samples through a fresh chain in blocks of `block`; changes lie at fixed stream positions. */
static void render(const RigChain *description, uint32_t frameSize, uint32_t block, uint8_t plain, const float *in,
                   float *out, uint32_t total) {
    Rig rig = rig_make(48000, frameSize, CHANNELS);
    rig.plainKernels = plain;
    RigPlan plan = rig_chain(&rig, description);
    for (uint32_t at = 0; at < total;) {
        uint32_t n = total - at < block ? total - at : block;
        uint32_t nextChange = (at / 4800 + 1) * 4800;
        if (at % 4800 == 0) {
            uint8_t enable = (at / 4800) % 3 != 1;
            float gain = (float)((int)(at / 4800) % 5) * -3.0f;
            for (uint32_t m = 0; m < description->numModules; m++) DynChain_SetEnable(plan.chain, m, enable);
            DynChain_SetParam(plan.chain, "gain#1", "gainDb#1", &gain, 4);
        }
        if (at + n > nextChange) n = nextChange - at;
        const float *i[CHANNELS] = {in + at, in + total + at};
        float *o[CHANNELS] = {out + at, out + total + at};
        CHECK(DynChain_Process(plan.chain, i, CHANNELS, o, CHANNELS, n) == DYNCHAIN_OK);
        at += n;
    }
    rig_plan_free(&plan);
    rig_free(&rig);
}

static const RigModule all[] = {{"gain#1", RIG_GAIN, 0},   {"delay#1", RIG_DELAY, 0}, {"eq#1", RIG_EQ, 0},
                                {"mixer#1", RIG_MIXER, 0}, {"meter#1", RIG_METER, 0}, {"limiter#1", RIG_LIMITER, 0}};

static void samplesDoNotDependOnBlocks(void) {
    enum { TOTAL = 30000 };
    static float in[CHANNELS * TOTAL], reference[CHANNELS * TOTAL], out[CHANNELS * TOTAL];
    uint64_t random = 3;
    fill(in, CHANNELS * TOTAL, &random);
    RigChain chain = rig_series(all, 6);
    render(&chain, 240, 240, 0, in, reference, TOTAL);
    const uint32_t blocks[] = {1, 7, 32, 64, 100, 1024};
    for (size_t b = 0; b < sizeof blocks / sizeof blocks[0]; b++) {
        render(&chain, blocks[b] < 32 ? 32 : blocks[b], blocks[b], 0, in, out, TOTAL);
        CHECK(memcmp(reference, out, sizeof out) == 0);
    }
    render(&chain, 240, 240, 1, in, out, TOTAL);
    CHECK(memcmp(reference, out, sizeof out) == 0);
}

static void disabledChainCopiesBits(void) {
    enum { TOTAL = 4800 };
    static float in[CHANNELS * TOTAL], out[CHANNELS * TOTAL];
    uint64_t random = 4;
    fill(in, CHANNELS * TOTAL, &random);
    in[5] = -0.0f;
    in[6] = 1e-42f;
    Rig rig = rig_make(48000, 240, CHANNELS);
    RigChain chain = rig_series(all, 6);
    RigPlan plan = rig_chain(&rig, &chain);
    for (uint32_t m = 0; m < 6; m++) CHECK(DynChain_SetEnable(plan.chain, m, 0) == DYNCHAIN_OK);
    uint32_t latency = DynChain_ModuleLatency(plan.chain, 5);
    CHECK(latency == 72);
    for (uint32_t at = 0; at < TOTAL; at += 240) {
        const float *i[CHANNELS] = {in + at, in + TOTAL + at};
        float *o[CHANNELS] = {out + at, out + TOTAL + at};
        CHECK(DynChain_Process(plan.chain, i, CHANNELS, o, CHANNELS, 240) == DYNCHAIN_OK);
    }
    for (uint32_t ch = 0; ch < CHANNELS; ch++)
        CHECK(memcmp(in + ch * TOTAL, out + ch * TOTAL + latency, (TOTAL - latency) * sizeof(float)) == 0);
    rig_plan_free(&plan);
    rig_free(&rig);
}

static void parametersAreChecked(void) {
    Rig rig = rig_make(48000, 240, CHANNELS);
    RigChain chain = rig_series(all, 6);
    RigPlan plan = rig_chain(&rig, &chain);
    DynChain *c = plan.chain;
    float f = -6.0f, back = 0;
    uint8_t b = 1;
    int32_t i = 5;
    CHECK(DynChain_SetParam(c, "gain#1", "gainDb#1", &f, 4) == DYNCHAIN_OK);
    CHECK(DynChain_GetParam(c, "gain#1", "gainDb#1", &back, 4) == DYNCHAIN_OK && back == -6.0f);
    CHECK(DynChain_GetParam(c, "gain#1", "gainDb#0", &back, 4) == DYNCHAIN_OK && back == 0.0f);
    CHECK(DynChain_SetParam(c, "gain#2", "gainDb#1", &f, 4) == DYNCHAIN_ERR_UNKNOWN);
    CHECK(DynChain_SetParam(c, "gain#1", "volume#1", &f, 4) == DYNCHAIN_ERR_UNKNOWN);
    CHECK(DynChain_SetParam(c, "gain#1", "gainDb#2", &f, 4) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_SetParam(c, "gain#1", "gainDb", &f, 4) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_SetParam(c, "gain#1", "gainDb#1#0", &f, 4) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_SetParam(c, "gain#1", "gainDb#1x", &f, 4) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_SetParam(c, "gain#1", "gainDb#1", &b, 1) == DYNCHAIN_ERR_ARGUMENT);
    float bad[] = {24.1f, -121.0f, NAN, INFINITY};
    for (int k = 0; k < 4; k++) CHECK(DynChain_SetParam(c, "gain#1", "gainDb#1", &bad[k], 4) == DYNCHAIN_ERR_ARGUMENT);
    b = 2;
    CHECK(DynChain_SetParam(c, "gain#1", "mute#0", &b, 1) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_SetParam(c, "delay#1", "delaySamples#0", &i, 4) == DYNCHAIN_OK);
    i = 96001;
    CHECK(DynChain_SetParam(c, "delay#1", "delaySamples#0", &i, 4) == DYNCHAIN_ERR_ARGUMENT);
    i = 10;
    CHECK(DynChain_SetParam(c, "eq#1", "type#0#0", &i, 4) == DYNCHAIN_ERR_ARGUMENT);
    f = 24000.0f;
    CHECK(DynChain_SetParam(c, "eq#1", "freq#0#19", &f, 4) == DYNCHAIN_ERR_ARGUMENT);
    f = 23519.0f;
    CHECK(DynChain_SetParam(c, "eq#1", "freq#0#19", &f, 4) == DYNCHAIN_OK);
    CHECK(DynChain_SetParam(c, "eq#1", "freq#0#20", &f, 4) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_GetParam(c, "mixer#1", "gainDb#0#1", &back, 4) == DYNCHAIN_OK && back == -120.0f);
    CHECK(DynChain_GetParam(c, "mixer#1", "gainDb#1#1", &back, 4) == DYNCHAIN_OK && back == 0.0f);
    rig_plan_free(&plan);
    rig_free(&rig);
}

static void framesAreChecked(void) {
    Rig rig = rig_make(48000, 64, CHANNELS);
    RigChain chain = rig_series(all, 6);
    RigPlan plan = rig_chain(&rig, &chain);
    static uint8_t frame[16384], broken[16384];
    uint32_t length = rig_frame(&rig, &chain, frame);
    for (uint32_t cut = 0; cut < length; cut++) {
        memcpy(broken, frame, length);
        CHECK(DynChain_LoadLinkFrame(plan.chain, DYNCHAIN_LINK_V4, broken, cut) == DYNCHAIN_ERR_FRAME);
    }
    CHECK(DynChain_LoadLinkFrame(plan.chain, DYNCHAIN_LINK_V4, frame, length + 1) == DYNCHAIN_ERR_FRAME);
    CHECK(DynChain_LoadLinkFrame(plan.chain, 5, frame, length) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_Rebuild(plan.chain) == DYNCHAIN_ERR_STATE);
    RigChain cycle = chain;
    cycle.wires[0] = (RigWire){5, 1, 0, 0};
    CHECK(DynChain_LoadLinkFrame(plan.chain, DYNCHAIN_LINK_V4, broken, rig_frame(&rig, &cycle, broken)) ==
          DYNCHAIN_ERR_FRAME);
    RigChain twice = chain;
    twice.wires[twice.numWires++] = twice.wires[0];
    CHECK(DynChain_LoadLinkFrame(plan.chain, DYNCHAIN_LINK_V4, broken, rig_frame(&rig, &twice, broken)) ==
          DYNCHAIN_ERR_FRAME);
    memcpy(broken, frame, length);
    broken[2] ^= 0x55;
    CHECK(DynChain_LoadLinkFrame(plan.chain, DYNCHAIN_LINK_V4, broken, length) == DYNCHAIN_ERR_UNKNOWN);
    CHECK(DynChain_LoadLinkFrame(plan.chain, DYNCHAIN_LINK_V4, frame, length) == DYNCHAIN_OK);
    CHECK(DynChain_Rebuild(plan.chain) == DYNCHAIN_OK);
    rig_plan_free(&plan);
    rig_free(&rig);
}

/* Random damage to a good frame: an answer, never a crash; and what loads, runs. */
static void damagedFramesAreSafe(void) {
    Rig rig = rig_make(48000, 16, CHANNELS);
    RigChain chain = rig_series(all, 6);
    static uint8_t frame[16384], broken[16384];
    uint32_t length = rig_frame(&rig, &chain, frame), loaded = 0;
    uint64_t random = 12;
    uint16_t channels = CHANNELS;
    DynChainConfig config = {.abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof config,
                             .registry = rig.registry, .sampleRate = 48000, .frameSize = 16, .numInputs = 1,
                             .inputChannels = &channels, .numOutputs = 1, .outputChannels = &channels};
    float samples[2][CHANNELS][16] = {{{0.5f}}};
    const float *in[CHANNELS] = {samples[0][0], samples[0][1]};
    float *out[CHANNELS] = {samples[1][0], samples[1][1]};
    for (int round = 0; round < 3000; round++) {
        memcpy(broken, frame, length);
        int damage = 1 + (int)(rig_random(&random) * 3);
        for (int d = 0; d < damage; d++)
            broken[(uint32_t)(rig_random(&random) * length)] = (uint8_t)(rig_random(&random) * 256);
        size_t size = 0;
        DynChain *made = NULL;
        if (DynChain_GetMemSize(&config, DYNCHAIN_LINK_V4, broken, length, &size) != DYNCHAIN_OK) continue;
        void *memory = malloc(size);
        CHECK(DynChain_Init(memory, size, &config, &made) == DYNCHAIN_OK);
        CHECK(DynChain_LoadLinkFrame(made, DYNCHAIN_LINK_V4, broken, length) == DYNCHAIN_OK);
        CHECK(DynChain_Rebuild(made) == DYNCHAIN_OK);
        CHECK(DynChain_Process(made, in, CHANNELS, out, CHANNELS, 16) == DYNCHAIN_OK);
        free(memory);
        loaded += 1;
    }
    CHECK(loaded > 0 && loaded < 3000);
    rig_free(&rig);
}

static void positionalBinding(void) {
    Rig rig = rig_make(48000, 64, CHANNELS);
    RigChain chain = rig_series(all, 1);
    chain.numWires = 0;
    RigPlan plan = rig_chain(&rig, &chain);
    float in[CHANNELS][64], out[CHANNELS][64];
    uint64_t random = 5;
    fill(in[0], CHANNELS * 64, &random);
    const float *i[CHANNELS] = {in[0], in[1]};
    float *o[CHANNELS] = {out[0], out[1]};
    CHECK(DynChain_Process(plan.chain, i, CHANNELS, o, CHANNELS, 64) == DYNCHAIN_OK);
    CHECK(memcmp(in, out, sizeof in) == 0);
    CHECK(DynChain_Process(plan.chain, i, 1, o, CHANNELS, 64) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_Process(plan.chain, i, CHANNELS, o, CHANNELS, 65) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_Process(plan.chain, i, CHANNELS, o, CHANNELS, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_Process(NULL, i, CHANNELS, o, CHANNELS, 64) == DYNCHAIN_ERR_ARGUMENT);
    rig_plan_free(&plan);
    rig_free(&rig);
}

/* Infinities inside a chain mute the module for that frame and leave nothing behind. */
static void nonFiniteIsContained(void) {
    Rig rig = rig_make(48000, 64, CHANNELS);
    RigModule modules[] = {{"eq#1", RIG_EQ, 0}, {"limiter#1", RIG_LIMITER, 0}};
    RigChain chain = rig_series(modules, 2);
    RigPlan plan = rig_chain(&rig, &chain);
    uint8_t on = 1;
    DynChain_SetParam(plan.chain, "eq#1", "bandEnable#0#0", &on, 1);
    float in[CHANNELS][64] = {{0}}, out[CHANNELS][64];
    const float *i[CHANNELS] = {in[0], in[1]};
    float *o[CHANNELS] = {out[0], out[1]};
    for (int frame = 0; frame < 20; frame++) {
        in[0][3] = frame == 2 ? NAN : 0.25f;
        in[1][9] = frame == 4 ? -INFINITY : 0.25f;
        CHECK(DynChain_Process(plan.chain, i, CHANNELS, o, CHANNELS, 64) == DYNCHAIN_OK);
        for (uint32_t k = 0; k < 64; k++) CHECK(isfinite(out[0][k]) && isfinite(out[1][k]));
    }
    DynChainModuleMetrics metrics = {.abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof metrics};
    CHECK(DynChain_GetMetrics(plan.chain, 0, &metrics) == DYNCHAIN_OK && metrics.nonFiniteCount == 2);
    CHECK(DynChain_GetMetrics(plan.chain, 1, &metrics) == DYNCHAIN_OK && metrics.nonFiniteCount == 0);
    float peak = 0;
    for (uint32_t k = 0; k < 64; k++) peak = fmaxf(peak, fabsf(out[0][k]));
    CHECK(peak > 0.2f);
    rig_plan_free(&plan);
    rig_free(&rig);
}

typedef struct Capture {
    uint64_t next;
    uint32_t calls;
    float last;
} Capture;

static void capture(void *context, uint32_t module, uint32_t point, const float *const *channel, uint32_t channels,
                    uint32_t n, uint64_t position) DYNCHAIN_NONBLOCKING {
    Capture *c = context;
    if (module == 0 && point == DYNCHAIN_CAPTURE_OUTPUT && channels == CHANNELS && position == c->next) c->calls += 1;
    c->next = position + n;
    c->last = channel[1][n - 1];
}

static void hooksAndMetrics(void) {
    Rig rig = rig_make(48000, 64, CHANNELS);
    RigChain chain = rig_series(all, 1);
    RigPlan plan = rig_chain(&rig, &chain);
    Capture seen = {0};
    CHECK(DynChain_SetCaptureHook(plan.chain, 0, DYNCHAIN_CAPTURE_OUTPUT, capture, &seen) == DYNCHAIN_OK);
    CHECK(DynChain_SetCaptureHook(plan.chain, 1, DYNCHAIN_CAPTURE_OUTPUT, capture, &seen) == DYNCHAIN_ERR_UNKNOWN);
    CHECK(DynChain_SetMeasure(plan.chain, 0, DYNCHAIN_MEASURE_LEVEL) == DYNCHAIN_OK);
    float in[CHANNELS][64], out[CHANNELS][64];
    for (uint32_t k = 0; k < 64; k++) {
        in[0][k] = k % 2 ? 0.5f : -0.5f;
        in[1][k] = 0.25f;
    }
    in[0][7] = -0.75f;
    const float *i[CHANNELS] = {in[0], in[1]};
    float *o[CHANNELS] = {out[0], out[1]};
    for (int frame = 0; frame < 3; frame++) DynChain_Process(plan.chain, i, CHANNELS, o, CHANNELS, 64);
    CHECK(seen.calls == 3 && seen.last == 0.25f);
    DynChainModuleMetrics metrics = {.abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof metrics};
    CHECK(DynChain_GetMetrics(plan.chain, 0, &metrics) == DYNCHAIN_OK);
    CHECK(metrics.channels == CHANNELS && metrics.peak[0] == 0.75f && metrics.peak[1] == 0.25f);
    CHECK_NEAR(metrics.square[1], 0.0625f, 1e-7);
    rig_plan_free(&plan);
    rig_free(&rig);
}

static void registryRefusesBadTables(void) {
    DynChainRegistry *registry = malloc(DynChain_RegistrySize());
    CHECK(DynChain_RegistryInit(registry) == DYNCHAIN_OK);
    CHECK(DynChain_RegistryCount(registry) == 7);
    ModuleFuncTable table = *DynChain_RegistryFind(registry, RIG_GAIN);
    CHECK(DynChain_RegisterModule(registry, &table) == DYNCHAIN_ERR_ARGUMENT); /* taken */
    table.typeNumId = 0x16679001;
    CHECK(DynChain_RegisterModule(registry, &table) == DYNCHAIN_ERR_ARGUMENT); /* name taken */
    table.typeName = "mine_v1";
    table.abiVersion = 2;
    CHECK(DynChain_RegisterModule(registry, &table) == DYNCHAIN_ERR_ARGUMENT);
    table.abiVersion = 1;
    table.process = NULL;
    CHECK(DynChain_RegisterModule(registry, &table) == DYNCHAIN_ERR_ARGUMENT);
    table.process = DynChain_RegistryFind(registry, RIG_GAIN)->process;
    CHECK(DynChain_RegisterModule(registry, &table) == DYNCHAIN_OK);
    CHECK(DynChain_UnregisterModule(registry, 0x16679001) == DYNCHAIN_OK);
    CHECK(DynChain_UnregisterModule(registry, 0x16679001) == DYNCHAIN_ERR_UNKNOWN);
    free(registry);
}

int main(void) {
    CHECK_RUN(samplesDoNotDependOnBlocks);
    CHECK_RUN(disabledChainCopiesBits);
    CHECK_RUN(parametersAreChecked);
    CHECK_RUN(framesAreChecked);
    CHECK_RUN(damagedFramesAreSafe);
    CHECK_RUN(positionalBinding);
    CHECK_RUN(nonFiniteIsContained);
    CHECK_RUN(hooksAndMetrics);
    CHECK_RUN(registryRefusesBadTables);
    return check_report();
}
