/* Tests of the level meter.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "meter.h"

#include "../../tests/harness.h"

static HarnessConfig channels(uint32_t count) {
    return (HarnessConfig){.table = &dynchain_meter_table, .inChannels = count, .outChannels = count};
}

typedef struct Levels {
    float peak, rms;
} Levels;

static Levels levels_of(const Harness *harness, uint32_t channel) {
    Levels levels = {-1.0f, -1.0f};
    CHECK(dynchain_meter_table.levels(&harness->instance, channel, &levels.peak, &levels.rms) == DYNCHAIN_OK);
    return levels;
}

static void every_bit_passes(void) {
    Harness harness;
    Signal in = signal_make(2, 5000), out = signal_make(2, 5000);
    signal_fill_noise(&in, 1, 8.0f);
    in.samples[9] = -0.0f;
    harness_init(&harness, channels(2));
    harness_run(&harness, &in, &out, 0, 5000, 3);
    CHECK_SAME_BITS(out.samples, in.samples, 10000);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void a_steady_sine_reads_its_peak_and_rms(void) {
    Harness harness;
    Signal in = signal_make(2, 240000), out = signal_make(2, 240000);
    signal_fill_sine(&in, 1000.0, 48000.0, 0.5f);
    memset(signal_channel(&in, 1), 0, 240000 * sizeof(float));
    harness_init(&harness, channels(2));
    harness_run(&harness, &in, &out, 0, in.frames, 0);
    CHECK_NEAR(levels_of(&harness, 0).peak, 0.5, 1e-6);
    CHECK_NEAR(levels_of(&harness, 0).rms, 0.5 * sqrt(0.5), 1e-4);
    CHECK(levels_of(&harness, 1).peak == 0.0f && levels_of(&harness, 1).rms == 0.0f);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void rms_time_is_the_time_constant_of_a_step(void) {
    static const float times[] = {10.0f, 300.0f, 2000.0f};
    for (uint32_t t = 0; t < 3; t++) {
        Harness harness;
        uint32_t length = (uint32_t)(times[t] * 48.0f) / METER_SEGMENT * METER_SEGMENT;
        Signal in = signal_make(1, 2 * length), out = signal_make(1, 2 * length);
        for (uint32_t i = 0; i < length; i++) in.samples[i] = 1.0f;
        harness_init(&harness, channels(1));
        harness_set_float(&harness, METER_RMS_TIME, 0, times[t], 1);
        harness_run(&harness, &in, &out, 0, length, 0);
        Levels risen = levels_of(&harness, 0);
        CHECK_NEAR((double)risen.rms * (double)risen.rms, 1.0 - exp(-1.0), 1e-3);
        CHECK(risen.peak == 1.0f);
        harness_run(&harness, &in, &out, length, 2 * length, 0);
        Levels fallen = levels_of(&harness, 0);
        CHECK_NEAR(20.0 * log10((double)fallen.peak), -20.0, 0.01);
        harness_free(&harness);
        signal_free(&in);
        signal_free(&out);
    }
}

static void a_single_sample_is_seen_at_once(void) {
    Harness harness;
    Signal in = signal_make(1, 64), out = signal_make(1, 64);
    in.samples[3] = -0.75f;
    harness_init(&harness, channels(1));
    harness_run(&harness, &in, &out, 0, 5, 0);
    CHECK(levels_of(&harness, 0).peak == 0.75f);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void levels_do_not_depend_on_blocks_or_path(void) {
    Signal in = signal_make(1, 20000), out = signal_make(1, 20000);
    signal_fill_noise(&in, 4, 1.0f);
    Levels expected = {0};
    double expectedSquare = 0.0;
    for (uint32_t run = 0; run < 8; run++) {
        Harness harness;
        HarnessConfig config = channels(1);
        config.plain = run & 1;
        harness_init(&harness, config);
        harness_run(&harness, &in, &out, 0, 20000 - 7, run);
        Levels actual = levels_of(&harness, 0);
        double square = ((MeterState *)harness.instance.state)->channel[0].meanSquare;
        if (run == 0) expected = actual;
        if (run == 0) expectedSquare = square;
        CHECK(square == expectedSquare);
        CHECK_SAME_BITS(&actual.peak, &expected.peak, 1);
        CHECK_SAME_BITS(&actual.rms, &expected.rms, 1);
        harness_free(&harness);
    }
    signal_free(&in);
    signal_free(&out);
}

static void silence_ends_in_exact_zeros(void) {
    Harness harness;
    Signal in = signal_make(1, 960000), out = signal_make(1, 960000);
    for (uint32_t i = 0; i < 1000; i++) in.samples[i] = 1e30f;
    harness_init(&harness, channels(1));
    harness_set_float(&harness, METER_RMS_TIME, 0, 10.0f, 1);
    harness_run(&harness, &in, &out, 0, 960000, 0);
    CHECK(levels_of(&harness, 0).peak == 0.0f && levels_of(&harness, 0).rms == 0.0f);
    CHECK(((MeterState *)harness.instance.state)->channel[0].meanSquare == 0.0);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void reset_and_copy(void) {
    Harness from, to;
    Signal in = signal_make(1, 3000), out = signal_make(1, 3000);
    signal_fill_noise(&in, 5, 1.0f);
    harness_init(&from, channels(1));
    harness_init(&to, channels(1));
    harness_run(&from, &in, &out, 0, 1001, 0);
    CHECK(harness_copy(&to, &from) == DYNCHAIN_OK);
    harness_run(&from, &in, &out, 1001, 3000, 0);
    harness_run(&to, &in, &out, 1001, 3000, 7);
    CHECK(levels_of(&to, 0).rms == levels_of(&from, 0).rms && levels_of(&to, 0).peak == levels_of(&from, 0).peak);
    CHECK(dynchain_meter_table.reset(&to.instance) == DYNCHAIN_OK);
    CHECK(levels_of(&to, 0).rms == 0.0f && levels_of(&to, 0).peak == 0.0f);
    harness_free(&from);
    harness_free(&to);
    signal_free(&in);
    signal_free(&out);
}

static void wrong_addresses_are_refused(void) {
    Harness harness;
    float value = 100.0f, rms;
    harness_init(&harness, channels(2));
    ModuleInstance *self = &harness.instance;
    CHECK(self->table->setParam(self, METER_RMS_TIME, 1, &value, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(self->table->setParam(self, 2, 0, &value, 4, 0) == DYNCHAIN_ERR_UNKNOWN);
    CHECK(self->table->levels(self, 2, &value, &rms) == DYNCHAIN_ERR_ARGUMENT);
    harness_free(&harness);
}

int main(void) {
    CHECK_RUN(every_bit_passes);
    CHECK_RUN(a_steady_sine_reads_its_peak_and_rms);
    CHECK_RUN(rms_time_is_the_time_constant_of_a_step);
    CHECK_RUN(a_single_sample_is_seen_at_once);
    CHECK_RUN(levels_do_not_depend_on_blocks_or_path);
    CHECK_RUN(silence_ends_in_exact_zeros);
    CHECK_RUN(reset_and_copy);
    CHECK_RUN(wrong_addresses_are_refused);
    return check_report();
}
