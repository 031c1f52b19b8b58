/* The splatter test: a 997 Hz tone at -12 dBFS runs while parameters and chains change; what a linear-phase high-pass
 * (-120 dB below 3 kHz, passing from 5 kHz) lets through must stay at or below -60 dBFS, the output's gain normalised
 * to at most 0 dB. Once with a change every 100 ms, once with 20 a second to see that changes coalesce.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "check.h"
#include "rig.h"

#define RATE 48000u
#define FRAME 64u
#define CHANNELS 2u
#define TONE 997.0
#define LIMIT_DB (-60.0)
#define PI 3.14159265358979323846

/* ---- the high-pass: Kaiser window, 4 kHz cut, 130 dB ---- */

#define TAPS 513
static double highPass[TAPS];

static double besselI0(double x) {
    double sum = 1.0, term = 1.0;
    for (int k = 1; k < 60; k++) {
        term *= (x / (2.0 * k)) * (x / (2.0 * k));
        sum += term;
    }
    return sum;
}

static void designHighPass(void) {
    double beta = 0.1102 * (130.0 - 8.7), cut = 4000.0 / RATE;
    int middle = TAPS / 2;
    for (int i = 0; i < TAPS; i++) {
        double x = i - middle;
        double low = x == 0 ? 2.0 * cut : sin(2.0 * PI * cut * x) / (PI * x);
        double r = x / middle;
        double w = besselI0(beta * sqrt(1.0 - r * r)) / besselI0(beta);
        highPass[i] = ((x == 0 ? 1.0 : 0.0) - low) * w;
    }
}

static double responseAt(double frequency) {
    double re = 0, im = 0;
    for (int i = 0; i < TAPS; i++) {
        re += highPass[i] * cos(2 * PI * frequency / RATE * i);
        im -= highPass[i] * sin(2 * PI * frequency / RATE * i);
    }
    return 20 * log10(hypot(re, im) + 1e-300);
}

#define BLOCK 64u

/* Many outputs at once, so that the sums vectorise without reordering. */
static double filteredPeak(const float *x, uint32_t n) {
    double peak = 0;
    for (uint32_t at = TAPS; at + BLOCK <= n; at += BLOCK) {
        double y[BLOCK] = {0};
        for (uint32_t k = 0; k < TAPS; k++)
            for (uint32_t i = 0; i < BLOCK; i++) y[i] += highPass[k] * (double)x[at + i - k];
        for (uint32_t i = 0; i < BLOCK; i++)
            if (fabs(y[i]) > peak) peak = fabs(y[i]);
    }
    return peak;
}

static double plainPeak(const float *x, uint32_t n) {
    double peak = 0;
    for (uint32_t i = 0; i < n; i++)
        if (fabs((double)x[i]) > peak) peak = fabs((double)x[i]);
    return peak;
}

/* ---- running ---- */

typedef struct Session {
    Rig rig;
    uint64_t position;
    uint64_t random;
    float *record[CHANNELS];
    uint32_t recorded, capacity;
} Session;

static void sessionBegin(Session *s, uint32_t seconds, uint64_t seed) {
    s->rig = rig_make(RATE, FRAME, CHANNELS);
    s->position = 0;
    s->random = seed;
    s->recorded = 0;
    s->capacity = seconds * RATE;
    for (uint32_t ch = 0; ch < CHANNELS; ch++) s->record[ch] = calloc(s->capacity, sizeof(float));
}

static void sessionEnd(Session *s) {
    for (uint32_t ch = 0; ch < CHANNELS; ch++) free(s->record[ch]);
    rig_free(&s->rig);
}

static void run(Session *s, uint32_t frames) {
    float samples[2][CHANNELS][FRAME];
    for (uint32_t f = 0; f < frames; f++) {
        const float *in[CHANNELS];
        float *out[CHANNELS];
        for (uint32_t ch = 0; ch < CHANNELS; ch++) {
            for (uint32_t i = 0; i < FRAME; i++)
                samples[0][ch][i] = (float)(0.25118864315095801 *
                                            sin(2 * PI * TONE * (double)(s->position + i) / RATE + 0.7 * ch));
            in[ch] = samples[0][ch];
            out[ch] = samples[1][ch];
        }
        rig_check(DynHost_Process(s->rig.host, in, out), "Process");
        s->position += FRAME;
        for (uint32_t ch = 0; ch < CHANNELS && s->recorded + FRAME <= s->capacity; ch++)
            memcpy(s->record[ch] + s->recorded, samples[1][ch], sizeof samples[1][ch]);
        if (s->recorded + FRAME <= s->capacity) s->recorded += FRAME;
    }
}

/* Level of what splatters, in dB after normalising; the first 200 ms (tone and filters starting) do not count. */
static double splatter(const Session *s) {
    uint32_t skip = RATE / 5;
    double worst = 0, loudest = 0;
    for (uint32_t ch = 0; ch < CHANNELS; ch++) {
        double high = filteredPeak(s->record[ch] + skip, s->recorded - skip);
        double peak = plainPeak(s->record[ch] + skip, s->recorded - skip);
        if (high > worst) worst = high;
        if (peak > loudest) loudest = peak;
    }
    double gain = loudest / 0.25118864315095801;
    return 20 * log10((worst + 1e-12) / (gain > 1.0 ? gain : 1.0));
}

static void report(const char *what, double level, double limit) {
    printf("%-44s %8.1f dBFS (limit %.1f)\n", what, level, limit);
    CHECK(level <= limit);
}

/* ---- parameter changes ---- */

typedef DynHostEvent (*Change)(Session *s);

static double between(Session *s, double low, double high) { return low + (high - low) * rig_random(&s->random); }
static uint16_t anyChannel(Session *s) { return (uint16_t)(rig_random(&s->random) * CHANNELS); }

#define FLOAT_CHANGE(name, id, param, index, low, high)                                                     \
    static DynHostEvent name(Session *s) { return rig_float(id, param, index, (float)between(s, low, high)); }
#define BOOL_CHANGE(name, id, param, index)                                                                 \
    static DynHostEvent name(Session *s) { return rig_bool(id, param, index, rig_random(&s->random) < 0.5); }

FLOAT_CHANGE(gainDb, "gain#1", 1, anyChannel(s), -40, 24)
static DynHostEvent gainToSilence(Session *s) {
    return rig_float("gain#1", 1, anyChannel(s), rig_random(&s->random) < 0.5 ? -120.0f : 0.0f);
}
BOOL_CHANGE(gainMute, "gain#1", 2, anyChannel(s))
BOOL_CHANGE(gainPhase, "gain#1", 3, anyChannel(s))
FLOAT_CHANGE(mixerGain, "mixer#1", 1, (uint16_t)(anyChannel(s) << 8 | anyChannel(s)), -60, 24)
BOOL_CHANGE(mixerMute, "mixer#1", 2, (uint16_t)(anyChannel(s) << 8 | anyChannel(s)))
BOOL_CHANGE(mixerPhase, "mixer#1", 3, (uint16_t)(anyChannel(s) << 8 | anyChannel(s)))
static DynHostEvent eqBand(Session *s, uint16_t param, float value) {
    return rig_float("eq#1", param, (uint16_t)(anyChannel(s) << 8 | (uint32_t)between(s, 0, 4)), value);
}
static DynHostEvent eqType(Session *s) {
    DynHostEvent event = eqBand(s, 1, 0);
    event.value.i32 = (int32_t)between(s, 0, 10);
    return event;
}
static DynHostEvent eqFreq(Session *s) { return eqBand(s, 2, (float)(20.0 * pow(1000.0, rig_random(&s->random)))); }
static DynHostEvent eqGain(Session *s) { return eqBand(s, 3, (float)between(s, -30, 30)); }
static DynHostEvent eqQ(Session *s) { return eqBand(s, 4, (float)(0.1 * pow(200.0, rig_random(&s->random)))); }
static DynHostEvent eqEnable(Session *s) {
    DynHostEvent event = eqBand(s, 5, 0);
    event.value.u8 = rig_random(&s->random) < 0.5;
    event.valueSize = 1;
    return event;
}
static DynHostEvent delaySamples(Session *s) {
    return rig_int("delay#1", 1, anyChannel(s), (int32_t)between(s, 0, 4000));
}
FLOAT_CHANGE(limiterCeiling, "limiter#1", 1, 0, -40, 0)
FLOAT_CHANGE(limiterRelease, "limiter#1", 2, 0, 1, 2000)
FLOAT_CHANGE(limiterLookahead, "limiter#1", 3, 0, 0, 20)
BOOL_CHANGE(limiterLink, "limiter#1", 4, 0)
FLOAT_CHANGE(generatorFreq, "generator#1", 2, 0, 200, 2500)
FLOAT_CHANGE(generatorLevel, "generator#1", 3, 0, -120, 0)
FLOAT_CHANGE(meterTime, "meter#1", 1, 0, 10, 10000)

typedef struct Case {
    const char *name;
    uint32_t type;
    const char *id;
    Change change;
    void (*prepare)(RigPlan *plan);
    int dynamics; /* judged against its own static distortion */
} Case;

static void set(RigPlan *plan, const char *id, uint16_t param, uint16_t index, DynHostEvent value) {
    int32_t module = DynChain_FindModule(plan->chain, id);
    rig_check(DynChain_SetParamIndexed(plan->chain, (uint32_t)module, param, index, &value.value, value.valueSize), id);
}

static void prepareEq(RigPlan *plan) {
    for (uint16_t ch = 0; ch < CHANNELS; ch++) {
        for (uint16_t band = 0; band < 4; band++) {
            uint16_t at = (uint16_t)(ch << 8 | band);
            set(plan, "eq#1", 2, at, rig_float("", 0, 0, 200.0f * (float)(band * band * 3 + 1)));
            set(plan, "eq#1", 3, at, rig_float("", 0, 0, band % 2 ? 6.0f : -6.0f));
            set(plan, "eq#1", 5, at, rig_bool("", 0, 0, 1));
        }
    }
}

static void prepareDelay(RigPlan *plan) {
    for (uint16_t ch = 0; ch < CHANNELS; ch++) set(plan, "delay#1", 1, ch, rig_int("", 0, 0, 1200 + 777 * ch));
}

static void prepareLimiter(RigPlan *plan) { set(plan, "limiter#1", 1, 0, rig_float("", 0, 0, -18.0f)); }

static const Case cases[] = {
    {"gain gainDb", RIG_GAIN, "gain#1", gainDb, NULL, 0},
    {"gain gainDb to silence", RIG_GAIN, "gain#1", gainToSilence, NULL, 0},
    {"gain mute", RIG_GAIN, "gain#1", gainMute, NULL, 0},
    {"gain phase", RIG_GAIN, "gain#1", gainPhase, NULL, 0},
    {"mixer gainDb", RIG_MIXER, "mixer#1", mixerGain, NULL, 0},
    {"mixer mute", RIG_MIXER, "mixer#1", mixerMute, NULL, 0},
    {"mixer phase", RIG_MIXER, "mixer#1", mixerPhase, NULL, 0},
    {"eq type", RIG_EQ, "eq#1", eqType, prepareEq, 0},
    {"eq freq", RIG_EQ, "eq#1", eqFreq, prepareEq, 0},
    {"eq gainDb", RIG_EQ, "eq#1", eqGain, prepareEq, 0},
    {"eq q", RIG_EQ, "eq#1", eqQ, prepareEq, 0},
    {"eq bandEnable", RIG_EQ, "eq#1", eqEnable, prepareEq, 0},
    {"delay delaySamples", RIG_DELAY, "delay#1", delaySamples, prepareDelay, 0},
    {"limiter ceilingDb", RIG_LIMITER, "limiter#1", limiterCeiling, prepareLimiter, 1},
    {"limiter releaseMs", RIG_LIMITER, "limiter#1", limiterRelease, prepareLimiter, 1},
    {"limiter lookaheadMs", RIG_LIMITER, "limiter#1", limiterLookahead, prepareLimiter, 1},
    {"limiter linkChannels", RIG_LIMITER, "limiter#1", limiterLink, prepareLimiter, 1},
    {"generator freq", RIG_GENERATOR, "generator#1", generatorFreq, NULL, 0},
    {"generator levelDb", RIG_GENERATOR, "generator#1", generatorLevel, NULL, 0},
    {"meter rmsTimeMs", RIG_METER, "meter#1", meterTime, NULL, 0},
};
#define CASES (sizeof cases / sizeof cases[0])

static DynHostEvent toggleEnable(const Case *c, Session *s) {
    return rig_bool(c->id, 0, 0, rig_random(&s->random) < 0.5);
}

/* Runs a case; `kind` 0 = its own change, 1 = enable, 2 = no change at all (static distortion). */
static double runCase(const Case *c, int kind, uint32_t framesBetween, uint64_t seed) {
    Session s;
    sessionBegin(&s, 4, seed);
    RigModule module = {c->id, c->type, 0};
    RigChain chain = rig_series(&module, 1);
    RigPlan plan = rig_plan(&s.rig, &chain);
    if (c->prepare != NULL) c->prepare(&plan);
    rig_host(&s.rig, plan.plan);
    run(&s, RATE / 4 / FRAME);
    while (s.recorded + FRAME <= s.capacity) {
        if (kind == 0) rig_push(&s.rig, c->change(&s));
        if (kind == 1) rig_push(&s.rig, toggleEnable(c, &s));
        run(&s, framesBetween);
    }
    DynHostCounters counters;
    DynHost_GetCounters(s.rig.host, &counters);
    CHECK(counters.refusedEvents == 0);
    double level = splatter(&s);
    sessionEnd(&s);
    rig_plan_free(&plan);
    return level;
}

static void parameterChanges(void) {
    const uint32_t paces[2] = {RATE / 10 / FRAME, RATE / 20 / FRAME};
    for (size_t i = 0; i < CASES; i++) {
        const Case *c = &cases[i];
        double limit = LIMIT_DB;
        if (c->dynamics) {
            double fixed = runCase(c, 2, paces[0], 1) + 6.0;
            if (fixed > limit) limit = fixed;
        }
        for (int pace = 0; pace < 2; pace++) {
            char name[80];
            snprintf(name, sizeof name, "%s, %s", c->name, pace == 0 ? "every 100 ms" : "20 a second");
            report(name, runCase(c, 0, paces[pace], 7 + i), limit);
        }
        char name[80];
        snprintf(name, sizeof name, "%s: enable (%.*s)", c->id, (int)strcspn(c->name, " "), c->name);
        if (i == 0 || cases[i - 1].type != c->type) report(name, runCase(c, 1, paces[0], 99 + i), limit);
    }
}

/* ---- chain edits ---- */

/* A pool of modules from which every edit draws a new series: added, removed, reordered, swapped whole. */
static const RigModule pool[] = {{"gain#1", RIG_GAIN, 0},       {"delay#1", RIG_DELAY, 0}, {"eq#1", RIG_EQ, 0},
                                 {"mixer#1", RIG_MIXER, 0},     {"meter#1", RIG_METER, 0}, {"limiter#1", RIG_LIMITER, 0},
                                 {"delay#2", RIG_DELAY, 0},     {"eq#2", RIG_EQ, 0}};
#define POOL (sizeof pool / sizeof pool[0])

static RigPlan drawPlan(Session *s) {
    RigModule chosen[POOL];
    uint32_t count = 0;
    for (size_t i = 0; i < POOL; i++)
        if (rig_random(&s->random) < 0.6) chosen[count++] = pool[i];
    for (uint32_t i = count; i > 1; i--) {
        uint32_t other = (uint32_t)(rig_random(&s->random) * i);
        RigModule swap = chosen[i - 1];
        chosen[i - 1] = chosen[other];
        chosen[other] = swap;
    }
    RigChain chain = rig_series(chosen, count);
    RigPlan plan = rig_plan(&s->rig, &chain);
    for (uint32_t m = 0; m < count; m++) {
        if (chosen[m].type == RIG_DELAY)
            for (uint16_t ch = 0; ch < CHANNELS; ch++)
                set(&plan, chosen[m].id, 1, ch, rig_int("", 0, 0, (chosen[m].id[6] == '1' ? 4800 : 1111) + 13 * ch));
        if (chosen[m].type != RIG_EQ) continue;
        for (uint16_t ch = 0; ch < CHANNELS; ch++) {
            set(&plan, chosen[m].id, 2, (uint16_t)(ch << 8), rig_float("", 0, 0, 900.0f));
            set(&plan, chosen[m].id, 3, (uint16_t)(ch << 8), rig_float("", 0, 0, chosen[m].id[3] == '1' ? -9.f : 4.f));
            set(&plan, chosen[m].id, 5, (uint16_t)(ch << 8), rig_bool("", 0, 0, 1));
        }
    }
    return plan;
}

static double runEdits(uint8_t mode, uint64_t seed) {
    Session s;
    sessionBegin(&s, 6, seed);
    RigPlan running = drawPlan(&s);
    rig_host(&s.rig, running.plan);
    run(&s, RATE / 2 / FRAME);
    while (s.recorded + RATE / 4 <= s.capacity) {
        RigPlan next = drawPlan(&s);
        rig_swap(&s.rig, &next, &running, mode);
        run(&s, RATE / 4 / FRAME);
        CHECK(!DynHost_IsSwapping(s.rig.host));
        CHECK(DynHost_TakeRetired(s.rig.host) == running.plan);
        CHECK(DynHost_TakeRetired(s.rig.host) == NULL);
        rig_plan_free(&running);
        running = next;
    }
    /* With delays in the chain the tone starts late; what comes before it must not count as an edit. */
    double level = splatter(&s);
    sessionEnd(&s);
    rig_plan_free(&running);
    return level;
}

static void chainEdits(void) {
    for (uint64_t seed = 1; seed <= 6; seed++) {
        char name[80];
        snprintf(name, sizeof name, "chain edits, cross-fade, seed %d", (int)seed);
        report(name, runEdits(DYNHOST_SWAP_CROSSFADE, seed), LIMIT_DB);
        snprintf(name, sizeof name, "chain edits, dip, seed %d", (int)seed);
        report(name, runEdits(DYNHOST_SWAP_DIP, seed), LIMIT_DB);
    }
}

/* What stands behind the chain: bypass of a chain that delays and turns, audition, level and mutes. */
static void outputChanges(void) {
    static const char *const names[] = {"bypass", "bypass gain", "audition", "audition moved", "output level"};
    for (int kind = 0; kind < 5; kind++) {
        for (uint32_t between_ = RATE / 20 / FRAME; between_ <= RATE / 10 / FRAME; between_ += RATE / 20 / FRAME) {
            Session s;
            sessionBegin(&s, 4, (uint64_t)kind + 3);
            RigModule modules[] = {{"delay#1", RIG_DELAY, 0}, {"gain#1", RIG_GAIN, 0}};
            RigChain chain = rig_series(modules, 2);
            RigPlan plan = rig_plan(&s.rig, &chain);
            prepareDelay(&plan);
            set(&plan, "gain#1", 3, 0, rig_bool("", 0, 0, 1));
            rig_host(&s.rig, plan.plan);
            run(&s, RATE / 4 / FRAME);
            for (int n = 0; s.recorded + FRAME <= s.capacity; n++) {
                float level = (float)between(&s, 0.0, 2.0);
                float frequency = (float)(20.0 * pow(150.0, rig_random(&s.random)));
                if (kind == 0) DynHost_SetBypass(s.rig.host, n % 2 == 0, 1.0f, 100);
                if (kind == 1) DynHost_SetBypass(s.rig.host, 1, level, 100);
                if (kind == 2) DynHost_SetAudition(s.rig.host, n % 2 == 0 ? 1000.0f : 0.0f, 4.0f);
                if (kind == 3) DynHost_SetAudition(s.rig.host, frequency, (float)between(&s, 0.5, 8.0));
                if (kind == 4) DynHost_SetOutput(s.rig.host, level, n % 3 == 0);
                run(&s, between_);
            }
            char name[80];
            snprintf(name, sizeof name, "%s, every %d ms", names[kind], (int)(between_ * FRAME * 1000 / RATE));
            report(name, splatter(&s), LIMIT_DB);
            sessionEnd(&s);
            rig_plan_free(&plan);
        }
    }
}

static void highPassIsAsSpecified(void) {
    designHighPass();
    CHECK(responseAt(997) < -120);
    CHECK(responseAt(3000) < -120);
    CHECK(fabs(responseAt(5000)) < 0.1);
    CHECK(fabs(responseAt(15000)) < 0.01);
}

int main(void) {
    CHECK_RUN(highPassIsAsSpecified);
    CHECK_RUN(parameterChanges);
    CHECK_RUN(chainEdits);
    CHECK_RUN(outputChanges);
    return check_report();
}
