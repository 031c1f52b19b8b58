/* Tests of the matrix mixer.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "mixer.h"

#include "../../tests/harness.h"

#define FRAMES 8000u

static HarnessConfig matrix(uint32_t inputs, uint32_t outputs) {
    return (HarnessConfig){.table = &dynchain_mixer_table, .inChannels = inputs, .outChannels = outputs};
}

static uint16_t at(uint32_t output, uint32_t input) { return (uint16_t)((output << 8) | input); }

static void a_new_mixer_passes_the_diagonal_bit_for_bit(void) {
    static const uint32_t sizes[][2] = {{2, 2}, {4, 2}, {2, 4}, {1, 1}};
    for (uint32_t s = 0; s < 4; s++) {
        Harness harness;
        Signal in = signal_make(sizes[s][0], FRAMES), out = signal_make(sizes[s][1], FRAMES);
        signal_fill_noise(&in, 1, 3.0f);
        in.samples[5] = -0.0f;
        harness_init(&harness, matrix(sizes[s][0], sizes[s][1]));
        harness_run(&harness, &in, &out, 0, FRAMES, 3);
        for (uint32_t c = 0; c < out.channels; c++) {
            if (c < in.channels) {
                CHECK_SAME_BITS(signal_channel(&out, c), signal_channel(&in, c), FRAMES);
            } else {
                for (uint32_t i = 0; i < FRAMES; i++) CHECK(signal_channel(&out, c)[i] == 0.0f);
            }
        }
        harness_free(&harness);
        signal_free(&in);
        signal_free(&out);
    }
}

static void outputs_are_sums_of_weighted_inputs(void) {
    Harness harness;
    Signal in = signal_make(3, FRAMES), out = signal_make(2, FRAMES);
    signal_fill_noise(&in, 2, 1.0f);
    harness_init(&harness, matrix(3, 2));
    harness_set_float(&harness, MIXER_GAIN_DB, at(0, 0), -6.0f, 1);
    harness_set_float(&harness, MIXER_GAIN_DB, at(0, 2), -3.0f, 1);
    harness_set_bool(&harness, MIXER_PHASE, at(0, 2), 1, 1);
    harness_set_bool(&harness, MIXER_MUTE, at(1, 1), 1, 1);
    harness_run(&harness, &in, &out, 0, FRAMES, 0);
    float a = dynchain_db_to_linear(-6.0f), b = dynchain_db_to_linear(-3.0f);
    for (uint32_t i = 0; i < FRAMES; i++) {
        CHECK_NEAR(out.samples[i], a * in.samples[i] - b * in.samples[2 * FRAMES + i], 1e-7);
        CHECK(out.samples[FRAMES + i] == 0.0f);
    }
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void a_change_takes_20_ms_and_arrives_exactly(void) {
    Harness harness;
    Signal in = signal_make(2, 4000), out = signal_make(2, 4000);
    for (uint32_t i = 0; i < 8000; i++) in.samples[i] = 1.0f;
    harness_init(&harness, matrix(2, 2));
    harness_set_bool(&harness, MIXER_MUTE, at(0, 0), 1, 0);
    harness_set_float(&harness, MIXER_GAIN_DB, at(1, 0), 0.0f, 0);
    harness_run(&harness, &in, &out, 0, 4000, 0);
    CHECK(out.samples[958] > 0.0f);
    for (uint32_t i = 959; i < 4000; i++) {
        CHECK(out.samples[i] == 0.0f);
        CHECK(out.samples[4000 + i] == 2.0f);
    }
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void change_while_running(Harness *harness, const Signal *in, Signal *out, uint32_t cuts) {
    uint32_t seed = 77;
    for (uint32_t first = 0; first < FRAMES; first += 250) {
        uint16_t index = at(harness_random(&seed) % out->channels, harness_random(&seed) % in->channels);
        harness_set_float(harness, MIXER_GAIN_DB, index, -40.0f * (harness_noise(&seed) + 1.0f), 0);
        harness_set_bool(harness, MIXER_MUTE, index, harness_random(&seed) >> 31, 0);
        harness_set_bool(harness, MIXER_PHASE, index, harness_random(&seed) >> 31, 0);
        harness_run(harness, in, out, first, first + 250, cuts);
    }
}

static void samples_do_not_depend_on_blocks_or_path(void) {
    Signal in = signal_make(5, FRAMES);
    signal_fill_noise(&in, 4, 1.0f);
    HarnessConfig config = matrix(5, 3);
    config.maxFrame = 1000;
    harness_check_equal_runs(config, &in, FRAMES, change_while_running);
    signal_free(&in);
}

static void mute_the_only_input(Harness *harness, const Signal *in, Signal *out, uint32_t cuts) {
    harness_set_bool(harness, MIXER_MUTE, at(0, 0), 1, 0);
    harness_run(harness, in, out, 0, in->frames, cuts);
}

/** A negative sample times the 0 a glide arrives at would be -0, where silence is +0. */
static void silence_begins_at_the_sample_of_arrival(void) {
    Signal in = signal_make(1, 3000);
    for (uint32_t i = 0; i < in.frames; i++) in.samples[i] = -1.0f;
    harness_check_equal_runs(matrix(1, 1), &in, in.frames, mute_the_only_input);
    signal_free(&in);
}

static void a_copied_state_continues_every_glide(void) {
    Harness from, to;
    Signal in = signal_make(4, 3000), expected = signal_make(4, 3000), actual = signal_make(4, 3000);
    signal_fill_noise(&in, 5, 1.0f);
    harness_init(&from, matrix(4, 4));
    harness_init(&to, matrix(4, 4));
    for (uint32_t i = 0; i < 4; i++) harness_set_float(&from, MIXER_GAIN_DB, at(3 - i, i), -7.0f, 0);
    harness_run(&from, &in, &expected, 0, 500, 0);
    CHECK(harness_copy(&to, &from) == DYNCHAIN_OK);
    harness_run(&from, &in, &expected, 500, 3000, 0);
    harness_run(&to, &in, &actual, 500, 3000, 9);
    for (uint32_t c = 0; c < 4; c++) {
        CHECK_SAME_BITS(signal_channel(&actual, c) + 500, signal_channel(&expected, c) + 500, 2500);
    }
    harness_free(&from);
    harness_free(&to);
    signal_free(&in);
    signal_free(&expected);
    signal_free(&actual);
}

static void the_largest_matrix_is_small_enough_to_carry(void) {
    Harness harness;
    harness_init(&harness, matrix(64, 64));
    CHECK(harness.stateSize <= 65536);
    harness_free(&harness);
}

static void the_rates_glide_fits_its_counter(void) {
    Harness harness;
    HarnessConfig config = matrix(1, 1);
    config.sampleRate = 384000;
    harness_init(&harness, config);
    CHECK(((MixerState *)harness.instance.state)->glideLength == 7680);
    harness_free(&harness);
}

static void wrong_addresses_are_refused(void) {
    Harness harness;
    float value = 0.0f;
    harness_init(&harness, matrix(3, 2));
    ModuleInstance *self = &harness.instance;
    CHECK(self->table->setParam(self, MIXER_GAIN_DB, at(2, 0), &value, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(self->table->setParam(self, MIXER_GAIN_DB, at(0, 3), &value, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(self->table->setParam(self, MIXER_MUTE, at(0, 0), &value, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(self->table->setParam(self, 4, 0, &value, 4, 0) == DYNCHAIN_ERR_UNKNOWN);
    harness_free(&harness);
}

int main(void) {
    CHECK_RUN(a_new_mixer_passes_the_diagonal_bit_for_bit);
    CHECK_RUN(outputs_are_sums_of_weighted_inputs);
    CHECK_RUN(a_change_takes_20_ms_and_arrives_exactly);
    CHECK_RUN(samples_do_not_depend_on_blocks_or_path);
    CHECK_RUN(silence_begins_at_the_sample_of_arrival);
    CHECK_RUN(a_copied_state_continues_every_glide);
    CHECK_RUN(the_largest_matrix_is_small_enough_to_carry);
    CHECK_RUN(the_rates_glide_fits_its_counter);
    CHECK_RUN(wrong_addresses_are_refused);
    return check_report();
}
