/* Tests of the gain module.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "gain.h"

#include "../../tests/harness.h"

#define FRAMES 9600u

static HarnessConfig stereo(void) {
    return (HarnessConfig){.table = &dynchain_gain_table, .inChannels = 2, .outChannels = 2};
}

static void unity_gain_copies_every_bit(void) {
    Harness harness;
    Signal in = signal_make(2, FRAMES), out = signal_make(2, FRAMES);
    signal_fill_noise(&in, 1, 4.0f);
    in.samples[3] = -0.0f;
    harness_init(&harness, stereo());
    harness_run(&harness, &in, &out, 0, FRAMES, 7);
    CHECK_SAME_BITS(out.samples, in.samples, 2 * FRAMES);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void values_before_the_first_frame_act_at_once(void) {
    Harness harness;
    Signal in = signal_make(2, FRAMES), out = signal_make(2, FRAMES);
    signal_fill_noise(&in, 2, 1.0f);
    harness_init(&harness, stereo());
    harness_set_float(&harness, GAIN_DB, 0, -6.0f, 1);
    harness_set_bool(&harness, GAIN_PHASE, 0, 1, 1);
    harness_set_bool(&harness, GAIN_MUTE, 1, 1, 1);
    harness_run(&harness, &in, &out, 0, FRAMES, 0);
    float gain = dynchain_db_to_linear(-6.0f);
    for (uint32_t i = 0; i < FRAMES; i++) {
        CHECK(out.samples[i] == -gain * in.samples[i]);
        CHECK(signal_channel(&out, 1)[i] == 0.0f);
    }
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void bottom_of_the_scale_is_silence(void) {
    Harness harness;
    Signal in = signal_make(2, 256), out = signal_make(2, 256);
    signal_fill_noise(&in, 3, 1.0f);
    harness_init(&harness, stereo());
    harness_set_float(&harness, GAIN_DB, 0, -120.0f, 1);
    harness_set_float(&harness, GAIN_DB, 1, -119.9f, 1);
    harness_run(&harness, &in, &out, 0, 256, 0);
    for (uint32_t i = 0; i < 256; i++) CHECK(out.samples[i] == 0.0f);
    CHECK(signal_channel(&out, 1)[10] != 0.0f);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

/** Runs a change on a constant input of 1, so that the output is the gain itself. */
static void run_on_ones(Harness *harness, Signal *out, uint32_t first, uint32_t last) {
    Signal in = signal_make(out->channels, out->frames);
    for (uint32_t i = 0; i < out->channels * out->frames; i++) in.samples[i] = 1.0f;
    harness_run(harness, &in, out, first, last, 0);
    signal_free(&in);
}

static void gain_arrives_exactly_after_smooth_time(void) {
    static const float times[] = {0.0f, 5.0f, 20.0f, 1000.0f};
    static const uint32_t lengths[] = {240, 240, 960, 48000};
    for (uint32_t t = 0; t < 4; t++) {
        Harness harness;
        Signal out = signal_make(2, 50000);
        harness_init(&harness, stereo());
        harness_set_float(&harness, GAIN_SMOOTH_TIME, 0, times[t], 1);
        harness_set_float(&harness, GAIN_DB, 0, -20.0f, 0);
        run_on_ones(&harness, &out, 0, out.frames);
        CHECK(out.samples[lengths[t] - 2] > dynchain_db_to_linear(-20.0f));
        CHECK(out.samples[lengths[t] - 1] == dynchain_db_to_linear(-20.0f));
        CHECK(out.samples[out.frames - 1] == dynchain_db_to_linear(-20.0f));
        CHECK_NEAR(out.samples[lengths[t] / 2], 0.55, 0.01);
        for (uint32_t i = 1; i < out.frames; i++) CHECK(out.samples[i] <= out.samples[i - 1] + 1e-6f);
        harness_free(&harness);
        signal_free(&out);
    }
}

static void phase_glides_through_zero(void) {
    Harness harness;
    Signal out = signal_make(2, 2000);
    harness_init(&harness, stereo());
    harness_set_bool(&harness, GAIN_PHASE, 0, 1, 0);
    run_on_ones(&harness, &out, 0, out.frames);
    CHECK_NEAR(out.samples[479], 0.0, 1e-6);
    CHECK(out.samples[959] == -1.0f);
    harness_free(&harness);
    signal_free(&out);
}

static void turning_round_keeps_the_slope(void) {
    Harness harness;
    Signal out = signal_make(2, 4000);
    harness_init(&harness, stereo());
    harness_set_bool(&harness, GAIN_MUTE, 0, 1, 0);
    run_on_ones(&harness, &out, 0, 480);
    harness_set_bool(&harness, GAIN_MUTE, 0, 0, 0);
    run_on_ones(&harness, &out, 480, out.frames);
    for (uint32_t i = 2; i < out.frames; i++) {
        float bend = out.samples[i] - 2.0f * out.samples[i - 1] + out.samples[i - 2];
        CHECK(fabsf(bend) < 3e-5f);
    }
    CHECK(out.samples[480 + 959] == 1.0f);
    harness_free(&harness);
    signal_free(&out);
}

static void mute_remembers_the_gain(void) {
    Harness harness;
    Signal out = signal_make(2, 4000);
    harness_init(&harness, stereo());
    harness_set_float(&harness, GAIN_DB, 1, 6.0f, 1);
    harness_set_bool(&harness, GAIN_MUTE, 1, 1, 0);
    run_on_ones(&harness, &out, 0, 1000);
    harness_set_bool(&harness, GAIN_MUTE, 1, 0, 0);
    run_on_ones(&harness, &out, 1000, out.frames);
    CHECK(signal_channel(&out, 1)[999] == 0.0f);
    CHECK(signal_channel(&out, 1)[3999] == dynchain_db_to_linear(6.0f));
    CHECK(out.samples[3999] == 1.0f);
    harness_free(&harness);
    signal_free(&out);
}

static void change_while_running(Harness *harness, const Signal *in, Signal *out, uint32_t cuts) {
    harness_run(harness, in, out, 0, 333, cuts);
    harness_set_float(harness, GAIN_DB, 0, -17.3f, 0);
    harness_set_bool(harness, GAIN_MUTE, 1, 1, 0);
    harness_run(harness, in, out, 333, 700, cuts);
    harness_set_bool(harness, GAIN_PHASE, 0, 1, 0);
    harness_set_float(harness, GAIN_SMOOTH_TIME, 0, 63.0f, 0);
    harness_run(harness, in, out, 700, 2500, cuts);
    harness_set_bool(harness, GAIN_MUTE, 1, 0, 0);
    harness_run(harness, in, out, 2500, FRAMES, cuts);
}

static void samples_do_not_depend_on_blocks_or_path(void) {
    Signal in = signal_make(2, FRAMES);
    signal_fill_noise(&in, 5, 1.0f);
    harness_check_equal_runs(stereo(), &in, FRAMES, change_while_running);
    signal_free(&in);
}

static void a_copied_state_continues_the_glide(void) {
    Harness from, to;
    Signal in = signal_make(2, 2000), expected = signal_make(2, 2000), actual = signal_make(2, 2000);
    signal_fill_noise(&in, 6, 1.0f);
    harness_init(&from, stereo());
    harness_init(&to, stereo());
    harness_set_float(&from, GAIN_DB, 0, 12.0f, 0);
    harness_run(&from, &in, &expected, 0, 300, 0);
    CHECK(harness_copy(&to, &from) == DYNCHAIN_OK);
    harness_run(&from, &in, &expected, 300, 2000, 0);
    harness_run(&to, &in, &actual, 300, 2000, 0);
    CHECK_SAME_BITS(actual.samples + 300, expected.samples + 300, 1700);
    harness_free(&from);
    harness_free(&to);
    signal_free(&in);
    signal_free(&expected);
    signal_free(&actual);
}

static void reset_finishes_the_glide(void) {
    Harness harness;
    Signal out = signal_make(2, 512);
    harness_init(&harness, stereo());
    harness_set_float(&harness, GAIN_DB, 0, -6.0f, 0);
    run_on_ones(&harness, &out, 0, 256);
    CHECK(harness.instance.table->reset(&harness.instance) == DYNCHAIN_OK);
    run_on_ones(&harness, &out, 256, 512);
    CHECK(out.samples[256] == dynchain_db_to_linear(-6.0f));
    harness_free(&harness);
    signal_free(&out);
}

static void wrong_addresses_are_refused(void) {
    Harness harness;
    float value = 0.0f;
    harness_init(&harness, stereo());
    ModuleInstance *self = &harness.instance;
    CHECK(self->table->setParam(self, GAIN_DB, 2, &value, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(self->table->setParam(self, GAIN_DB, 0, &value, 1, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(self->table->setParam(self, 99, 0, &value, 4, 0) == DYNCHAIN_ERR_UNKNOWN);
    harness_free(&harness);
}

int main(void) {
    CHECK_RUN(unity_gain_copies_every_bit);
    CHECK_RUN(values_before_the_first_frame_act_at_once);
    CHECK_RUN(bottom_of_the_scale_is_silence);
    CHECK_RUN(gain_arrives_exactly_after_smooth_time);
    CHECK_RUN(phase_glides_through_zero);
    CHECK_RUN(turning_round_keeps_the_slope);
    CHECK_RUN(mute_remembers_the_gain);
    CHECK_RUN(samples_do_not_depend_on_blocks_or_path);
    CHECK_RUN(a_copied_state_continues_the_glide);
    CHECK_RUN(reset_finishes_the_glide);
    CHECK_RUN(wrong_addresses_are_refused);
    return check_report();
}
