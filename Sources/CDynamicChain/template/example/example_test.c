/* Tests of the example module.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "example.h"

#include "../../tests/harness.h"

#define FRAMES 4800u

static HarnessConfig stereo(void) {
    return (HarnessConfig){.table = &dynchain_example_table, .inChannels = 2, .outChannels = 2};
}

static void a_new_module_passes_every_bit(void) {
    Harness harness;
    Signal in = signal_make(2, FRAMES), out = signal_make(2, FRAMES);
    signal_fill_noise(&in, 1, 1.0f);
    harness_init(&harness, stereo());
    harness_run(&harness, &in, &out, 0, FRAMES, 3);
    CHECK_SAME_BITS(out.samples, in.samples, 2 * FRAMES);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void a_change_arrives_exactly_after_20_ms(void) {
    Harness harness;
    Signal in = signal_make(2, FRAMES), out = signal_make(2, FRAMES);
    for (uint32_t i = 0; i < 2 * FRAMES; i++) in.samples[i] = 1.0f;
    harness_init(&harness, stereo());
    harness_set_float(&harness, EXAMPLE_GAIN_DB, 1, -6.0f, 0);
    harness_run(&harness, &in, &out, 0, FRAMES, 0);
    float target = dynchain_db_to_linear(-6.0f);
    CHECK(signal_channel(&out, 1)[958] > target);
    for (uint32_t i = 959; i < FRAMES; i++) CHECK(signal_channel(&out, 1)[i] == target);
    CHECK(out.samples[FRAMES - 1] == 1.0f);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void change_while_running(Harness *harness, const Signal *in, Signal *out, uint32_t cuts) {
    harness_run(harness, in, out, 0, 333, cuts);
    harness_set_float(harness, EXAMPLE_GAIN_DB, 0, -17.3f, 0);
    harness_run(harness, in, out, 333, 700, cuts);
    harness_set_float(harness, EXAMPLE_GAIN_DB, 0, 3.0f, 0);
    harness_run(harness, in, out, 700, FRAMES, cuts);
}

static void samples_do_not_depend_on_blocks_or_path(void) {
    Signal in = signal_make(2, FRAMES);
    signal_fill_noise(&in, 2, 1.0f);
    harness_check_equal_runs(stereo(), &in, FRAMES, change_while_running);
    signal_free(&in);
}

int main(void) {
    CHECK_RUN(a_new_module_passes_every_bit);
    CHECK_RUN(a_change_arrives_exactly_after_20_ms);
    CHECK_RUN(samples_do_not_depend_on_blocks_or_path);
    return check_report();
}
