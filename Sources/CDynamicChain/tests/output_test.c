/* What stands behind the chain, and what leaves the tick: bypass, audition, taps.
 * SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "rig.h"

#define FRAME 64u
#define CHANNELS 2u
#define RATE 48000u
#define FRAMES 200u
#define PI 3.14159265358979323846

static float input[FRAMES * FRAME], output[CHANNELS][FRAMES * FRAME];

/* Processes `frames` of `input` on both channels, the second turned, from frame `first` on. */
static void process(Rig *rig, uint32_t first, uint32_t frames) {
    for (uint32_t f = first; f < first + frames; f++) {
        float turned[FRAME];
        for (uint32_t i = 0; i < FRAME; i++) turned[i] = -input[f * FRAME + i];
        const float *in[CHANNELS] = {input + f * FRAME, turned};
        float *out[CHANNELS] = {output[0] + f * FRAME, output[1] + f * FRAME};
        CHECK(DynHost_Process(rig->host, in, out) == DYNCHAIN_OK);
    }
}

static void noise(void) {
    uint64_t random = 5;
    for (uint32_t i = 0; i < FRAMES * FRAME; i++) input[i] = (float)rig_random(&random) - 0.5f;
}

static void sine(double frequency, float amplitude) {
    for (uint32_t i = 0; i < FRAMES * FRAME; i++) input[i] = amplitude * (float)sin(2 * PI * frequency * i / RATE);
}

typedef struct Fixture {
    Rig rig;
    RigPlan plan;
} Fixture;

static Fixture gainOf(float decibels) {
    Fixture f = {.rig = rig_make(RATE, FRAME, CHANNELS)};
    RigModule gain = {"gain#1", RIG_GAIN, 0};
    RigChain chain = rig_series(&gain, 1);
    f.plan = rig_plan(&f.rig, &chain);
    for (int ch = 0; ch < 2; ch++)
        DynChain_SetParam(f.plan.chain, "gain#1", ch == 0 ? "gainDb#0" : "gainDb#1", &decibels, 4);
    rig_host(&f.rig, f.plan.plan);
    return f;
}

static void end(Fixture *f) {
    rig_plan_free(&f->plan);
    rig_free(&f->rig);
}

static void aBypassGivesTheInputsSamplesLater(void) {
    noise();
    Fixture f = gainOf(-12);
    DynHost_SetBypass(f.rig.host, 1, 1.0f, 777);
    process(&f.rig, 0, FRAMES / 2);
    for (uint32_t i = 2000; i < FRAMES / 2 * FRAME; i++) {
        CHECK(output[0][i] == input[i - 777]);
        CHECK(output[1][i] == -input[i - 777]);
    }
    /* The delay is that of the bypass that began; another gain glides. */
    DynHost_SetBypass(f.rig.host, 1, 0.5f, 10);
    process(&f.rig, FRAMES / 2, FRAMES / 4);
    uint32_t at = FRAMES * 3 / 4 * FRAME - 1;
    CHECK(output[0][at] == 0.5f * input[at - 777]);
    DynHost_SetBypass(f.rig.host, 0, 0.5f, 10);
    process(&f.rig, FRAMES * 3 / 4, FRAMES / 4);
    CHECK_NEAR(output[0][FRAMES * FRAME - 1], 0.25118864f * input[FRAMES * FRAME - 1], 1e-6);
    end(&f);
}

/* The rig's hosts hold a signal back by a second at most. */
static void aDelayIsKeptWithinWhatWasAskedFor(void) {
    noise();
    Fixture f = gainOf(0);
    DynHost_SetBypass(f.rig.host, 1, 1.0f, 0xFFFFFFFFu);
    uint32_t rounds = RATE / (FRAMES * FRAME) + 2;
    for (uint32_t round = 0; round < rounds; round++) {
        process(&f.rig, 0, FRAMES);
        for (uint32_t i = 0; i < FRAMES * FRAME; i++) {
            uint64_t at = (uint64_t)round * FRAMES * FRAME + i;
            if (at < RATE / 50) continue; /* the cross-fade */
            CHECK(output[0][i] == (at < RATE ? 0.0f : input[(at - RATE) % (FRAMES * FRAME)]));
        }
    }
    CHECK((uint64_t)rounds * FRAMES * FRAME > RATE + FRAMES * FRAME);
    end(&f);
}

static void aGainThatIsNoneIsRefusedAndTooHighAGainIsKeptWithinBounds(void) {
    for (uint32_t i = 0; i < FRAMES * FRAME; i++) input[i] = 0.5f;
    Fixture f = gainOf(-12);
    DynHost_SetBypass(f.rig.host, 1, 1.0f, 0);
    process(&f.rig, 0, 50);
    DynHost_SetBypass(f.rig.host, 0, -1.0f, 0);
    DynHost_SetBypass(f.rig.host, 0, NAN, 0);
    DynHost_SetBypass(NULL, 0, 1.0f, 0);
    process(&f.rig, 50, 50);
    CHECK(output[0][100 * FRAME - 1] == 0.5f);
    DynHost_SetBypass(f.rig.host, 1, INFINITY, 0);
    process(&f.rig, 100, 50);
    CHECK(output[0][150 * FRAME - 1] == 0.5e6f);
    end(&f);
}

static double levelAt(double frequency) {
    sine(frequency, 0.5f);
    Fixture f = gainOf(0);
    DynHost_SetAudition(f.rig.host, 1000.0f, 2.0f);
    process(&f.rig, 0, FRAMES);
    float peak = 0;
    for (uint32_t i = FRAMES * FRAME / 2; i < FRAMES * FRAME; i++)
        if (fabsf(output[0][i]) > peak) peak = fabsf(output[0][i]);
    end(&f);
    return 20 * log10(peak / 0.5);
}

static void anAuditionIsABandPass(void) {
    CHECK_NEAR(levelAt(1000), 0.0, 0.05);
    /* The analogue band-pass Q 2 mapped bilinearly: half power at f0 (sqrt(1 + 1/4Q^2) +- 1/2Q) before warping. */
    double g = tan(PI * 1000 / RATE);
    for (int side = -1; side <= 1; side += 2) {
        double edge = atan(g * (sqrt(1 + 1.0 / 16) + side * 0.25)) * RATE / PI;
        CHECK_NEAR(levelAt(edge), -3.0103, 0.05);
    }
    CHECK(levelAt(100) < -20);
}

static void anAuditionThatHasEndedLeavesEverySample(void) {
    noise();
    Fixture f = gainOf(0);
    DynHost_SetAudition(f.rig.host, 500.0f, 4.0f);
    process(&f.rig, 0, FRAMES / 2);
    CHECK(output[0][FRAMES / 2 * FRAME - 1] != input[FRAMES / 2 * FRAME - 1]);
    DynHost_SetAudition(f.rig.host, 0.0f, 4.0f);
    DynHost_SetAudition(f.rig.host, NAN, 4.0f);
    DynHost_SetAudition(f.rig.host, 500.0f, 1e-45f); /* 1/q is beyond all floats */
    process(&f.rig, FRAMES / 2, FRAMES / 2);
    for (uint32_t i = FRAMES * 3 / 4 * FRAME; i < FRAMES * FRAME; i++) CHECK(output[0][i] == input[i]);
    DynHost_SetAudition(f.rig.host, 1e9f, 1e-9f); /* kept below half the rate, and stable */
    process(&f.rig, 0, FRAMES);
    for (uint32_t i = 0; i < FRAMES * FRAME; i++) CHECK(isfinite(output[0][i]));
    end(&f);
}

/* A bypass that makes a sample louder than any float: the filter must not keep what comes of it. */
static void anAuditionOutlivesWhatIsBeyondAllNumbers(void) {
    sine(1000, 0.5f);
    Fixture f = gainOf(0);
    DynHost_SetBypass(f.rig.host, 1, 1e6f, 0);
    DynHost_SetAudition(f.rig.host, 1000.0f, 2.0f);
    process(&f.rig, 0, 60);
    float kept = input[60 * FRAME + 3];
    input[60 * FRAME + 3] = 1e38f;
    DynHost_SetBypass(f.rig.host, 1, 1.0f, 0);
    process(&f.rig, 60, FRAMES - 60);
    for (uint32_t i = 0; i < FRAMES * FRAME; i++) CHECK(isfinite(output[0][i]) && isfinite(output[1][i]));
    input[60 * FRAME + 3] = kept;
    float peak = 0;
    for (uint32_t i = (FRAMES - 20) * FRAME; i < FRAMES * FRAME; i++)
        if (fabsf(output[0][i]) > peak) peak = fabsf(output[0][i]);
    CHECK_NEAR(20 * log10(peak / 0.5), 0.0, 0.05);
    end(&f);
}

/* ---- taps ---- */

typedef struct Heard {
    float samples[CHANNELS][FRAMES * FRAME];
    uint32_t count, channels;
    uint64_t next;
    int gaps;
} Heard;

static void hear(void *context, const float *const *channels, uint32_t count, uint32_t frames, uint64_t position) {
    Heard *heard = context;
    heard->channels = count;
    if (heard->count > 0 && position != heard->next) heard->gaps++;
    heard->next = position + frames;
    for (uint32_t ch = 0; ch < count && ch < CHANNELS; ch++)
        memcpy(heard->samples[ch] + heard->count, channels[ch], frames * sizeof(float));
    heard->count += frames;
}

static DynHostEvent tapEvent(const char *id, uint16_t point, const DynHostTap *tap) {
    DynHostEvent event = {.kind = DYNHOST_TAP, .handle = rig_handle(id), .index = point, .tap = tap};
    return event;
}

static void tapsHearWhatPasses(void) {
    noise();
    static Heard before, behind, in, out;
    DynHostTap taps[] = {{hear, &before}, {hear, &behind}, {hear, &in}, {hear, &out}};
    Rig rig = rig_make(RATE, FRAME, CHANNELS);
    RigModule gain = {"gain#1", RIG_GAIN, 0};
    RigChain chain = rig_series(&gain, 1);
    RigPlan plan = rig_plan(&rig, &chain);
    float decibels = 6.0206f;
    DynChain_SetParam(plan.chain, "gain#1", "gainDb#0", &decibels, 4);
    rig_tapped_host(&rig, plan.plan, &taps[2], &taps[3]);
    DynHost_SetOutputNow(rig.host, 0.5f, 0);
    rig_push(&rig, tapEvent("gain#1", DYNCHAIN_CAPTURE_INPUT, &taps[0]));
    rig_push(&rig, tapEvent("gain#1", DYNCHAIN_CAPTURE_OUTPUT, &taps[1]));
    rig_push(&rig, tapEvent("gain#7", DYNCHAIN_CAPTURE_OUTPUT, &taps[1])); /* none such: no fault */
    process(&rig, 0, 10);
    rig_push(&rig, tapEvent("gain#1", DYNCHAIN_CAPTURE_INPUT, NULL));
    process(&rig, 10, 10);
    CHECK(before.count == 10 * FRAME && before.channels == CHANNELS);
    CHECK(behind.count == 20 * FRAME && in.count == 20 * FRAME && out.count == 20 * FRAME);
    CHECK(before.gaps + behind.gaps + in.gaps + out.gaps == 0);
    CHECK_SAME_BITS(before.samples[0], input, 10 * FRAME);
    CHECK_SAME_BITS(in.samples[0], input, 20 * FRAME);
    CHECK_SAME_BITS(out.samples[0], output[0], 20 * FRAME);
    for (uint32_t i = 0; i < 20 * FRAME; i++) CHECK_NEAR(behind.samples[0][i], 2 * output[0][i], 1e-6);
    DynHostCounters counters;
    DynHost_GetCounters(rig.host, &counters);
    CHECK(counters.refusedEvents == 0);
    DynHostTap none = {NULL, NULL};
    DynHostEvent wrong = tapEvent("gain#1", 0, &none);
    CHECK(DynHost_PushEvents(rig.host, &wrong, 1) == DYNCHAIN_ERR_ARGUMENT);
    wrong = tapEvent("gain#1", 2, NULL);
    CHECK(DynHost_PushEvents(rig.host, &wrong, 1) == DYNCHAIN_ERR_ARGUMENT);
    rig_plan_free(&plan);
    rig_free(&rig);
}

/* While one plan replaces another, a tap hears each frame once, from the plan that is heard. */
static void aTapGoesOverWithTheSwap(void) {
    noise();
    static Heard behind;
    DynHostTap tap = {hear, &behind};
    Rig rig = rig_make(RATE, FRAME, CHANNELS);
    RigModule modules[] = {{"gain#1", RIG_GAIN, 0}, {"gain#2", RIG_GAIN, 0}};
    RigChain short_ = rig_series(modules, 1), long_ = rig_series(modules, 2);
    RigPlan first = rig_plan(&rig, &short_), second = rig_plan(&rig, &long_);
    rig_host(&rig, first.plan);
    rig_push(&rig, tapEvent("gain#1", DYNCHAIN_CAPTURE_OUTPUT, &tap));
    process(&rig, 0, 20);
    rig_swap(&rig, &second, &first, DYNHOST_SWAP_CROSSFADE);
    rig_push(&rig, tapEvent("gain#1", DYNCHAIN_CAPTURE_OUTPUT, &tap));
    process(&rig, 20, 100);
    CHECK(DynHost_TakeRetired(rig.host) == first.plan);
    CHECK(behind.count == 120 * FRAME);
    CHECK_SAME_BITS(behind.samples[0], input, 120 * FRAME);
    rig_push(&rig, tapEvent("gain#1", DYNCHAIN_CAPTURE_OUTPUT, NULL));
    process(&rig, 120, 1);
    CHECK(behind.count == 120 * FRAME);
    rig_plan_free(&first);
    rig_plan_free(&second);
    rig_free(&rig);
}

int main(void) {
    CHECK_RUN(aBypassGivesTheInputsSamplesLater);
    CHECK_RUN(aDelayIsKeptWithinWhatWasAskedFor);
    CHECK_RUN(aGainThatIsNoneIsRefusedAndTooHighAGainIsKeptWithinBounds);
    CHECK_RUN(anAuditionIsABandPass);
    CHECK_RUN(anAuditionThatHasEndedLeavesEverySample);
    CHECK_RUN(anAuditionOutlivesWhatIsBeyondAllNumbers);
    CHECK_RUN(tapsHearWhatPasses);
    CHECK_RUN(aTapGoesOverWithTheSwap);
    return check_report();
}
