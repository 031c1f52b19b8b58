/* Tests of the delay module.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "delay.h"

#include "../../tests/harness.h"

#define FADE 960u

static HarnessConfig stereo(void) {
    return (HarnessConfig){.table = &dynchain_delay_table, .inChannels = 2, .outChannels = 2};
}

static float delayed(const Signal *in, uint32_t channel, uint32_t sample, uint32_t delay) {
    return sample < delay ? 0.0f : signal_channel(in, channel)[sample - delay];
}

static void every_delay_is_sample_exact(void) {
    static const int32_t delays[] = {0, 1, 255, 256, 257, 4800, 95999, 96000};
    Signal in = signal_make(2, 300000), out = signal_make(2, 300000);
    signal_fill_noise(&in, 1, 1.0f);
    for (uint32_t d = 0; d < sizeof delays / sizeof delays[0]; d++) {
        Harness harness;
        harness_init(&harness, stereo());
        harness_set_int(&harness, DELAY_SAMPLES, 0, delays[d], 1);
        harness_run(&harness, &in, &out, 0, in.frames, d);
        for (uint32_t i = 0; i < in.frames; i++) CHECK(out.samples[i] == delayed(&in, 0, i, (uint32_t)delays[d]));
        CHECK_SAME_BITS(signal_channel(&out, 1), signal_channel(&in, 1), in.frames);
        harness_free(&harness);
    }
    signal_free(&in);
    signal_free(&out);
}

static void a_change_fades_between_two_taps(void) {
    Harness harness;
    Signal in = signal_make(2, 6000), out = signal_make(2, 6000);
    signal_fill_noise(&in, 2, 1.0f);
    harness_init(&harness, stereo());
    harness_set_int(&harness, DELAY_SAMPLES, 0, 100, 1);
    harness_run(&harness, &in, &out, 0, 2000, 3);
    harness_set_int(&harness, DELAY_SAMPLES, 0, 1500, 0);
    harness_run(&harness, &in, &out, 2000, 6000, 3);
    for (uint32_t i = 0; i < 6000; i++) {
        float expected = delayed(&in, 0, i, i < 2000 ? 100 : 1500);
        if (i >= 2000 && i < 2000 + FADE) {
            float old = delayed(&in, 0, i, 100);
            expected = old + (expected - old) * harness.fade[i - 2000];
        }
        CHECK(out.samples[i] == expected);
    }
    CHECK_SAME_BITS(signal_channel(&out, 1), signal_channel(&in, 1), 6000);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void the_newest_of_several_changes_during_a_fade_wins(void) {
    Harness harness;
    Signal in = signal_make(2, 6000), out = signal_make(2, 6000);
    signal_fill_noise(&in, 3, 1.0f);
    harness_init(&harness, stereo());
    harness_set_int(&harness, DELAY_SAMPLES, 0, 10, 0);
    harness_run(&harness, &in, &out, 0, 500, 0);
    harness_set_int(&harness, DELAY_SAMPLES, 0, 20, 0);
    harness_set_int(&harness, DELAY_SAMPLES, 0, 30, 0);
    harness_run(&harness, &in, &out, 500, 6000, 0);
    for (uint32_t i = FADE; i < 2 * FADE; i++) {
        float old = delayed(&in, 0, i, 10);
        CHECK(out.samples[i] == old + (delayed(&in, 0, i, 30) - old) * harness.fade[i - FADE]);
    }
    for (uint32_t i = 2 * FADE; i < 6000; i++) CHECK(out.samples[i] == delayed(&in, 0, i, 30));
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void a_change_taken_back_during_a_fade_returns(void) {
    Harness harness;
    Signal in = signal_make(2, 4000), out = signal_make(2, 4000);
    signal_fill_noise(&in, 4, 1.0f);
    harness_init(&harness, stereo());
    harness_set_int(&harness, DELAY_SAMPLES, 1, 10, 0);
    harness_run(&harness, &in, &out, 0, 100, 0);
    harness_set_int(&harness, DELAY_SAMPLES, 1, 0, 0);
    harness_run(&harness, &in, &out, 100, 4000, 0);
    CHECK(signal_channel(&out, 1)[FADE - 1] != signal_channel(&in, 1)[FADE - 1]);
    CHECK_SAME_BITS(signal_channel(&out, 1) + 2 * FADE, signal_channel(&in, 1) + 2 * FADE, 4000 - 2 * FADE);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void change_while_running(Harness *harness, const Signal *in, Signal *out, uint32_t cuts) {
    harness_run(harness, in, out, 0, 777, cuts);
    harness_set_int(harness, DELAY_SAMPLES, 0, 5000, 0);
    harness_set_int(harness, DELAY_SAMPLES, 1, 1, 0);
    harness_run(harness, in, out, 777, 1000, cuts);
    harness_set_int(harness, DELAY_SAMPLES, 0, 90000, 0);
    harness_run(harness, in, out, 1000, 150000, cuts);
    harness_set_int(harness, DELAY_SAMPLES, 0, 64, 0);
    harness_run(harness, in, out, 150000, in->frames, cuts);
}

static void samples_do_not_depend_on_blocks_or_path(void) {
    Signal in = signal_make(2, 160000);
    signal_fill_noise(&in, 5, 1.0f);
    harness_check_equal_runs(stereo(), &in, in.frames, change_while_running);
    signal_free(&in);
}

static void reset_forgets_the_history(void) {
    Harness harness;
    Signal in = signal_make(2, 4000), out = signal_make(2, 4000);
    signal_fill_noise(&in, 6, 1.0f);
    harness_init(&harness, stereo());
    harness_set_int(&harness, DELAY_SAMPLES, 0, 500, 1);
    harness_run(&harness, &in, &out, 0, 2000, 0);
    CHECK(harness.instance.table->reset(&harness.instance) == DYNCHAIN_OK);
    harness_run(&harness, &in, &out, 2000, 4000, 0);
    for (uint32_t i = 2000; i < 2500; i++) CHECK(out.samples[i] == 0.0f);
    for (uint32_t i = 2500; i < 4000; i++) CHECK(out.samples[i] == in.samples[i - 500]);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

/** Runs `from` to `swap`, copying bulk at `bulk` (before `swap`), then both on; returns copyTail's answer. */
static int32_t carry(uint32_t channels, uint32_t bulk, uint32_t swap, uint8_t withBulk) {
    HarnessConfig config = {.table = &dynchain_delay_table, .inChannels = channels, .outChannels = channels};
    Harness from, to;
    uint32_t frames = swap + 3000;
    Signal in = signal_make(channels, frames), expected = signal_make(channels, frames);
    Signal actual = signal_make(channels, frames);
    signal_fill_noise(&in, 7, 1.0f);
    harness_init(&from, config);
    harness_init(&to, config);
    for (uint16_t c = 0; c < channels; c++) harness_set_int(&from, DELAY_SAMPLES, c, 96000 - 1000 * c, 1);
    harness_run(&from, &in, &expected, 0, bulk, 0);
    if (withBulk) CHECK(dynchain_delay_table.copyBulk(&to.instance, &from.instance) == DYNCHAIN_OK);
    if (swap > bulk) harness_set_int(&from, DELAY_SAMPLES, 0, 12, 0);
    harness_run(&from, &in, &expected, bulk, swap, 0);
    int32_t answer = dynchain_delay_table.copyTail(&to.instance, &from.instance);
    if (answer == DYNCHAIN_OK) {
        harness_run(&from, &in, &expected, swap, frames, 0);
        harness_run(&to, &in, &actual, swap, frames, 5);
        for (uint32_t c = 0; c < channels; c++) {
            CHECK_SAME_BITS(signal_channel(&actual, c) + swap, signal_channel(&expected, c) + swap, frames - swap);
        }
    }
    harness_free(&from);
    harness_free(&to);
    signal_free(&in);
    signal_free(&expected);
    signal_free(&actual);
    return answer;
}

static void history_is_carried_by_bulk_and_tail(void) {
    CHECK(carry(2, 200000, 200000, 1) == DYNCHAIN_OK);
    CHECK(carry(2, 200000, 208192, 1) == DYNCHAIN_OK);
    CHECK(carry(8, 131072, 131072 + 1500, 1) == DYNCHAIN_OK);
    CHECK(carry(2, 500, 1100, 1) == DYNCHAIN_OK);
    CHECK(carry(2, 0, 4000, 0) == DYNCHAIN_OK);
}

static void a_missing_or_old_bulk_is_reported(void) {
    CHECK(carry(2, 20000, 20000, 0) == DYNCHAIN_ERR_STATE);
    CHECK(carry(2, 200000, 209000, 1) == DYNCHAIN_ERR_STATE);
    CHECK(carry(64, 100000, 100257, 1) == DYNCHAIN_ERR_STATE);
}

static void join_fades_the_end_of_the_history(void) {
    Harness harness;
    Signal in = signal_make(2, 8000), out = signal_make(2, 8000);
    for (uint32_t i = 0; i < 4000; i++) in.samples[i] = 1.0f;
    harness_init(&harness, stereo());
    harness_set_int(&harness, DELAY_SAMPLES, 0, 2000, 1);
    harness_run(&harness, &in, &out, 0, 4000, 0);
    harness.instance.table->join(&harness.instance);
    harness_run(&harness, &in, &out, 4000, 8000, 0);
    CHECK(out.samples[6000 - FADE - 1] == 1.0f);
    for (uint32_t i = 0; i < FADE; i++) CHECK(out.samples[6000 - 1 - i] == harness.fade[i]);
    CHECK(out.samples[6000] == 0.0f);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void values_outside_the_ring_are_refused(void) {
    Harness harness;
    int32_t tooLong = 96001, negative = -1, fine = 5;
    harness_init(&harness, stereo());
    ModuleInstance *self = &harness.instance;
    CHECK(self->table->setParam(self, DELAY_SAMPLES, 0, &tooLong, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(self->table->setParam(self, DELAY_SAMPLES, 0, &negative, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(self->table->setParam(self, DELAY_SAMPLES, 2, &fine, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(self->table->setParam(self, 2, 0, &fine, 4, 0) == DYNCHAIN_ERR_UNKNOWN);
    harness_free(&harness);
}

int main(void) {
    CHECK_RUN(every_delay_is_sample_exact);
    CHECK_RUN(a_change_fades_between_two_taps);
    CHECK_RUN(the_newest_of_several_changes_during_a_fade_wins);
    CHECK_RUN(a_change_taken_back_during_a_fade_returns);
    CHECK_RUN(samples_do_not_depend_on_blocks_or_path);
    CHECK_RUN(reset_forgets_the_history);
    CHECK_RUN(history_is_carried_by_bulk_and_tail);
    CHECK_RUN(a_missing_or_old_bulk_is_reported);
    CHECK_RUN(join_fades_the_end_of_the_history);
    CHECK_RUN(values_outside_the_ring_are_refused);
    return check_report();
}
