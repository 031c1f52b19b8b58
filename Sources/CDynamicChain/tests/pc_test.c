/* What serves a host on a computer: taps into rings, levels, spectra, and the gate of a driver.
 * SPDX-License-Identifier: Apache-2.0 */
#include "../include/dynchain_pc.h"
#include "check.h"
#include "rig.h"

#define FRAME 64u
#define CHANNELS 2u
#define RATE 48000u
#define PI 3.14159265358979323846

/* ---- taps ---- */

/* Writes `frames` frames whose samples count on from `first`, the second channel turned. */
static void writeTap(DynTap *tap, uint32_t channels, uint32_t frames, uint32_t first) {
    float up[FRAME], down[FRAME];
    for (uint32_t i = 0; i < frames; i++) {
        up[i] = (float)(first + i);
        down[i] = -up[i];
    }
    const float *in[CHANNELS] = {up, down};
    const DynHostTap *target = DynTap_Tap(tap);
    target->write(target->context, in, channels, frames, first);
}

static void aTapHandsOverWhatPassed(void) {
    DynTap *tap = DynTap_Create(CHANNELS, 4 * FRAME, FRAME);
    CHECK(DynTap_Readable(tap) == 0);
    writeTap(tap, CHANNELS, FRAME, 0);
    writeTap(tap, CHANNELS, 10, FRAME); /* part of a frame */
    CHECK(DynTap_Readable(tap) == FRAME + 10);
    float samples[CHANNELS * 4 * FRAME];
    CHECK(DynTap_Read(tap, samples, FRAME + 11) == 0);
    CHECK(DynTap_Read(tap, samples, FRAME + 10) == FRAME + 10);
    for (uint32_t i = 0; i < FRAME + 10; i++)
        CHECK(samples[2 * i] == (float)i && samples[2 * i + 1] == -(float)i);
    CHECK(DynTap_Readable(tap) == 0 && DynTap_Lost(tap) == 0);
    DynTap_Destroy(tap);
}

static void aTapFillsUpChannelsThatThePointLacks(void) {
    DynTap *tap = DynTap_Create(3, 2 * FRAME, FRAME);
    writeTap(tap, 1, FRAME, 1);
    float samples[3 * FRAME];
    for (uint32_t i = 0; i < 3 * FRAME; i++) samples[i] = NAN;
    CHECK(DynTap_Read(tap, samples, FRAME) == FRAME);
    for (uint32_t i = 0; i < FRAME; i++)
        CHECK(samples[3 * i] == (float)(i + 1) && samples[3 * i + 1] == 0.0f && samples[3 * i + 2] == 0.0f);
    DynTap_Destroy(tap);
    /* And leaves out those that the ring lacks. */
    tap = DynTap_Create(1, 2 * FRAME, FRAME);
    writeTap(tap, CHANNELS, FRAME, 1);
    CHECK(DynTap_Read(tap, samples, FRAME) == FRAME);
    CHECK(samples[0] == 1.0f && samples[FRAME - 1] == (float)FRAME);
    DynTap_Destroy(tap);
}

/* Every frame that is read is known by its number, whatever was lost on the way and however it is read. */
static void aTapThatOverflowsKnowsWhereTheGapIs(void) {
    DynTap *tap = DynTap_Create(1, 4 * FRAME, FRAME);
    uint64_t random = 3, read = 0, gaps = 0, before = 0;
    uint32_t written = 0;
    float samples[4 * FRAME];
    for (uint32_t step = 0; step < 20000; step++) {
        if (rig_random(&random) < 0.5) {
            writeTap(tap, 1, FRAME, written);
            written += FRAME;
            continue;
        }
        uint32_t waiting = DynTap_Readable(tap);
        if (waiting == 0 || rig_random(&random) < 0.3) continue;
        uint32_t part = 1 + (uint32_t)(rig_random(&random) * (waiting - 1));
        uint64_t lost = DynTap_Lost(tap);
        CHECK(DynTap_Read(tap, samples, part) == part);
        for (uint32_t i = 0; i < part; i++) CHECK(samples[i] == (float)(read + lost + i));
        read += part;
        gaps += lost != before;
        before = lost;
    }
    CHECK(gaps > 100);
    DynTap_Destroy(tap);
}

static void aTapThatCannotBeIsRefused(void) {
    CHECK(DynTap_Create(0, 64, 64) == NULL);
    CHECK(DynTap_Create(1, 63, 64) == NULL);
    CHECK(DynTap_Create(1, 64, 0) == NULL);
    DynTap_Destroy(NULL);
}

/* ---- levels ---- */

static void levelsArePeaksAndMeanSquares(void) {
    float samples[] = {0.5f, -1.0f, -0.75f, 1.0f, 0.25f, -1.0f, 0.0f, 1.0f};
    float peaks[CHANNELS], squares[CHANNELS];
    DynLevels_Measure(samples, CHANNELS, 4, peaks, squares);
    CHECK(peaks[0] == 0.75f && peaks[1] == 1.0f);
    CHECK_NEAR(squares[0], (0.25 + 0.5625 + 0.0625) / 4, 1e-7);
    CHECK(squares[1] == 1.0f);
    DynLevels_Measure(samples, CHANNELS, 0, peaks, squares);
    CHECK(peaks[0] == 0.0f && squares[1] == 0.0f);
}

/* ---- spectra ---- */

#define LENGTH 1024u

static void aSpectrumReadsASinesAmplitude(void) {
    static float samples[2 * LENGTH];
    double bin = (double)RATE / LENGTH;
    for (uint32_t i = 0; i < LENGTH; i++) {
        samples[2 * i] = (float)(0.5 * sin(2 * PI * 100 * i / LENGTH));
        samples[2 * i + 1] = 0.25f;
    }
    DynSpectrum *spectrum = DynSpectrum_Create(LENGTH);
    float level;
    DynSpectrum_Read(spectrum, RATE, 100 * bin, 100 * bin, &level, 1, -140.0f);
    CHECK(level == -140.0f); /* nothing was added yet */
    DynSpectrum_Add(spectrum, samples, 2, 1.0);
    DynSpectrum_Read(spectrum, RATE, 100 * bin, 100 * bin, &level, 1, -140.0f);
    CHECK_NEAR(level, -6.0206, 1e-3);
    DynSpectrum_Read(spectrum, RATE, 300 * bin, 300 * bin, &level, 1, -100.0f);
    CHECK(level == -100.0f);
    DynSpectrum_Read(spectrum, RATE, RATE, RATE, &level, 1, -100.0f); /* beyond half the rate */
    CHECK(level == -100.0f);
    /* Powers add up; a new stretch begins with nothing. */
    DynSpectrum_Add(spectrum, samples, 2, 3.0);
    DynSpectrum_Read(spectrum, RATE, 100 * bin, 100 * bin, &level, 1, -140.0f);
    CHECK_NEAR(level, 0.0, 1e-3);
    DynSpectrum_Clear(spectrum);
    DynSpectrum_Add(spectrum, samples + 1, 2, 1.0);
    DynSpectrum_Read(spectrum, RATE, 100 * bin, 100 * bin, &level, 1, -100.0f);
    CHECK(level == -100.0f);
    DynSpectrum_Destroy(spectrum);
}

/* With points as close as bins a sine shows at its own frequency and nowhere far from it. */
static void aSpectrumsPointsAreEquallyFarApart(void) {
    static float samples[LENGTH], levels[241];
    double hz = 100.0 * RATE / LENGTH;
    for (uint32_t i = 0; i < LENGTH; i++) samples[i] = (float)sin(2 * PI * 100 * i / LENGTH);
    DynSpectrum *spectrum = DynSpectrum_Create(LENGTH);
    DynSpectrum_Add(spectrum, samples, 1, 1.0);
    DynSpectrum_Read(spectrum, RATE, hz / 4, hz * 4, levels, 241, -140.0f); /* the middle is at the sine */
    CHECK_NEAR(levels[120], 0.0, 1e-3);
    CHECK(levels[110] < -20 && levels[130] < -20 && levels[0] < -80 && levels[240] < -80);
    DynSpectrum_Destroy(spectrum);
}

static void aSpectrumsLengthIsAPowerOfTwo(void) {
    CHECK(DynSpectrum_Create(63) == NULL && DynSpectrum_Create(32) == NULL && DynSpectrum_Create(96) == NULL);
    CHECK(DynSpectrum_Create(1u << 21) == NULL);
    DynSpectrum_Destroy(NULL);
}

/* ---- a driver of a chain that changes nothing ---- */

typedef struct Driven {
    Rig rig;
    RigPlan plan;
    DynRing *input, *output;
    DynDriver *driver;
} Driven;

static Driven driven(DynDriverConfig config) {
    Driven d = {.rig = rig_make(RATE, FRAME, CHANNELS)};
    RigModule gain = {"gain#1", RIG_GAIN, 0};
    RigChain chain = rig_series(&gain, 1);
    d.plan = rig_plan(&d.rig, &chain);
    rig_host(&d.rig, d.plan.plan);
    config.abiVersion = DYNCHAIN_ABI_VERSION;
    config.structSize = sizeof config;
    config.host = d.rig.host;
    config.sampleRate = RATE;
    config.frameSize = FRAME;
    config.numInputs = config.numOutputs = CHANNELS;
    d.driver = DynDriver_Create(&config);
    CHECK(d.driver != NULL);
    return d;
}

static void endDriven(Driven *d) {
    DynDriver_Destroy(d->driver);
    DynRing_Destroy(d->input);
    DynRing_Destroy(d->output);
    rig_plan_free(&d->plan);
    rig_free(&d->rig);
}

/* ---- a sound card ---- */

#define CARD_INPUTS 4
#define CARD_OUTPUTS 5
#define CARD_SAMPLES (64 * FRAME)

/* What the card's input carries: no sample is like another. */
static float cardSample(uint32_t i, uint32_t ch) { return (float)(i * CARD_INPUTS + ch + 1) / 65536.0f; }

/* Drives it in blocks of a length, and gives the output's sample i of a card's channel. */
static float (*playCard(Driven *d, uint32_t block))[CARD_OUTPUTS] {
    static float in[CARD_SAMPLES][CARD_INPUTS], out[CARD_SAMPLES][CARD_OUTPUTS];
    for (uint32_t i = 0; i < CARD_SAMPLES; i++) {
        for (uint32_t ch = 0; ch < CARD_INPUTS; ch++) in[i][ch] = cardSample(i, ch);
        for (uint32_t ch = 0; ch < CARD_OUTPUTS; ch++) out[i][ch] = 9.0f; /* what a card's buffer holds is anything */
    }
    for (uint32_t at = 0; at + block <= CARD_SAMPLES; at += block)
        DynDriver_CardBlock(d->driver, in[at], CARD_INPUTS, out[at], CARD_OUTPUTS, block);
    return out;
}

static void aCardsChannelsAreTheChainsInOrder(void) {
    Driven d = driven((DynDriverConfig){0});
    float(*out)[CARD_OUTPUTS] = playCard(&d, 2 * FRAME);
    for (uint32_t i = 0; i < CARD_SAMPLES; i++) {
        CHECK(out[i][0] == cardSample(i, 0) && out[i][1] == cardSample(i, 1));
        CHECK(out[i][2] == 0.0f && out[i][3] == 0.0f && out[i][4] == 0.0f);
    }
    endDriven(&d);
}

static void blocksThatAreNoFramesComeAFrameLater(void) {
    uint32_t blocks[] = {FRAME - 7, FRAME + 1, 3 * FRAME / 2};
    for (uint32_t b = 0; b < 3; b++) {
        Driven d = driven((DynDriverConfig){0});
        float(*out)[CARD_OUTPUTS] = playCard(&d, blocks[b]);
        for (uint32_t i = 0; i < CARD_SAMPLES / blocks[b] * blocks[b]; i++)
            CHECK(out[i][1] == (i < FRAME ? 0.0f : cardSample(i - FRAME, 1)));
        DynDriverCounters counters;
        DynDriver_GetCounters(d.driver, &counters);
        CHECK(counters.reblockSamples == FRAME && counters.lostOutputFrames == 0 && counters.missedInputFrames == 0);
        endDriven(&d);
    }
}

static void aCardsChannelsAreThoseOfTheMap(void) {
    uint16_t inputs[CHANNELS] = {3, 1}, outputs[CHANNELS] = {4, 0};
    Driven d = driven((DynDriverConfig){.inputMap = inputs, .outputMap = outputs});
    inputs[0] = outputs[0] = 2; /* the driver has its copy */
    float(*out)[CARD_OUTPUTS] = playCard(&d, FRAME);
    for (uint32_t i = 0; i < CARD_SAMPLES; i++) {
        CHECK(out[i][4] == cardSample(i, 3) && out[i][0] == cardSample(i, 1));
        CHECK(out[i][1] == 0.0f && out[i][2] == 0.0f && out[i][3] == 0.0f);
    }
    endDriven(&d);
}

static void channelsThatAreNoneAreSilent(void) {
    const uint16_t inputs[CHANNELS] = {DYNDRIVER_NO_CHANNEL, 2}, outputs[CHANNELS] = {1, DYNDRIVER_NO_CHANNEL};
    Driven d = driven((DynDriverConfig){.inputMap = inputs, .outputMap = outputs});
    float(*out)[CARD_OUTPUTS] = playCard(&d, FRAME);
    for (uint32_t i = 0; i < CARD_SAMPLES; i++)
        for (uint32_t ch = 0; ch < CARD_OUTPUTS; ch++) CHECK(out[i][ch] == 0.0f);
    endDriven(&d);
    const uint16_t beyond[CHANNELS] = {CARD_INPUTS, 0}, away[CHANNELS] = {0, CARD_OUTPUTS};
    d = driven((DynDriverConfig){.inputMap = beyond, .outputMap = away});
    out = playCard(&d, FRAME);
    for (uint32_t i = 0; i < CARD_SAMPLES; i++)
        for (uint32_t ch = 0; ch < CARD_OUTPUTS; ch++) CHECK(out[i][ch] == 0.0f);
    endDriven(&d);
}

/* ---- the gate ---- */

#define FADE_FRAMES (RATE / 50 / FRAME) /* 20 ms: 15 frames */

static Driven gate(void) {
    DynRing *input = DynRing_Create(CHANNELS, 8192), *output = DynRing_Create(CHANNELS, FRAME);
    Driven g = driven((DynDriverConfig){.input = input, .output = output});
    g.input = input;
    g.output = output;
    static float ones[CHANNELS * 8192];
    for (uint32_t i = 0; i < CHANNELS * 8192; i++) ones[i] = 1.0f;
    CHECK(DynRing_WriteInterleaved(g.input, ones, 8192) == 8192);
    return g;
}

/* Steps once; the frame's samples on the first channel. */
static const float *step(Driven *g) {
    static float samples[CHANNELS][FRAME];
    float *out[CHANNELS] = {samples[0], samples[1]};
    DynDriver_Step(g->driver);
    CHECK(DynRing_Read(g->output, out, FRAME) == FRAME);
    return samples[0];
}

static void aGateThatClosesFadesAndThenLeavesTheRingAlone(void) {
    Driven g = gate();
    CHECK(step(&g)[0] == 1.0f && !DynDriver_GateIsShut(g.driver));
    DynDriver_SetGate(g.driver, 0);
    CHECK(!DynDriver_GateIsShut(g.driver));
    float last = 1.0f, steepest = 0.0f;
    for (uint32_t f = 0; f <= FADE_FRAMES; f++) { /* one more, for the rounding of the steps */
        const float *samples = step(&g);
        CHECK(!DynDriver_GateIsShut(g.driver));
        for (uint32_t i = 0; i < FRAME; i++) {
            CHECK(samples[i] <= last);
            if (last - samples[i] > steepest) steepest = last - samples[i];
            last = samples[i];
        }
    }
    CHECK_NEAR(last, 0.0, 1e-6);
    CHECK(steepest < 1.6f / (RATE / 50)); /* 3x^2 - 2x^3 rises by 1.5 at most */
    uint32_t left = DynRing_Readable(g.input);
    CHECK(step(&g)[FRAME - 1] == 0.0f && DynDriver_GateIsShut(g.driver));
    CHECK(step(&g)[FRAME - 1] == 0.0f && DynRing_Readable(g.input) == left);
    DynDriver_SetGate(g.driver, 0); /* once more says nothing new */
    CHECK(DynDriver_GateIsShut(g.driver));
    DynDriver_SetGate(g.driver, 1);
    CHECK(!DynDriver_GateIsShut(g.driver));
    CHECK(step(&g)[FRAME - 1] > 0.0f && DynRing_Readable(g.input) == left - FRAME);
    for (uint32_t f = 1; f <= FADE_FRAMES; f++) step(&g);
    CHECK(step(&g)[0] == 1.0f);
    DynDriverCounters counters;
    DynDriver_GetCounters(g.driver, &counters);
    CHECK(counters.missedInputFrames == 0);
    endDriven(&g);
}

static void aGateThatOpensAndClosesBetweenFramesIsNotShutYet(void) {
    Driven g = gate();
    DynDriver_SetGateNow(g.driver, 0);
    step(&g);
    CHECK(DynDriver_GateIsShut(g.driver));
    DynDriver_SetGate(g.driver, 1);
    DynDriver_SetGate(g.driver, 0);
    CHECK(!DynDriver_GateIsShut(g.driver)); /* the driver may have begun to read */
    step(&g);
    CHECK(DynDriver_GateIsShut(g.driver));
    endDriven(&g);
}

static void aGateThatStartsShutGivesSilenceFromTheFirstSample(void) {
    Driven g = gate();
    DynDriver_SetGateNow(g.driver, 0);
    CHECK(step(&g)[0] == 0.0f && DynDriver_GateIsShut(g.driver));
    CHECK(DynRing_Readable(g.input) == 8192);
    DynDriver_SetGate(g.driver, 1);
    const float *samples = step(&g);
    CHECK(samples[0] > 0.0f && samples[0] < 1e-5f && samples[FRAME - 1] < 0.1f);
    endDriven(&g);
    /* Closed before the first frame, but not at once: it fades like any other time. */
    g = gate();
    DynDriver_SetGate(g.driver, 0);
    samples = step(&g);
    CHECK(samples[0] > 0.9f && samples[FRAME - 1] > 0.9f);
    endDriven(&g);
    g = gate();
    DynDriver_SetGateNow(g.driver, 0);
    DynDriver_SetGateNow(g.driver, 1);
    CHECK(step(&g)[0] == 1.0f);
    DynDriver_SetGate(NULL, 1);
    DynDriver_SetGateNow(NULL, 1);
    CHECK(!DynDriver_GateIsShut(NULL));
    endDriven(&g);
}

int main(void) {
    CHECK_RUN(aTapHandsOverWhatPassed);
    CHECK_RUN(aTapFillsUpChannelsThatThePointLacks);
    CHECK_RUN(aTapThatOverflowsKnowsWhereTheGapIs);
    CHECK_RUN(aTapThatCannotBeIsRefused);
    CHECK_RUN(levelsArePeaksAndMeanSquares);
    CHECK_RUN(aSpectrumReadsASinesAmplitude);
    CHECK_RUN(aSpectrumsPointsAreEquallyFarApart);
    CHECK_RUN(aSpectrumsLengthIsAPowerOfTwo);
    CHECK_RUN(aCardsChannelsAreTheChainsInOrder);
    CHECK_RUN(blocksThatAreNoFramesComeAFrameLater);
    CHECK_RUN(aCardsChannelsAreThoseOfTheMap);
    CHECK_RUN(channelsThatAreNoneAreSilent);
    CHECK_RUN(aGateThatClosesFadesAndThenLeavesTheRingAlone);
    CHECK_RUN(aGateThatOpensAndClosesBetweenFramesIsNotShutYet);
    CHECK_RUN(aGateThatStartsShutGivesSilenceFromTheFirstSample);
    return check_report();
}
