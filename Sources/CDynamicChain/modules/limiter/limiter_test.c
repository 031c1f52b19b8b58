/* Tests of the limiter.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "limiter.h"

#include "../../tests/harness.h"

#define LOOKAHEAD 72u /* 1.5 ms at 48 kHz */

static HarnessConfig channels(uint32_t count) {
    return (HarnessConfig){.table = &dynchain_limiter_table, .inChannels = count, .outChannels = count};
}

static void below_the_ceiling_is_a_pure_delay(void) {
    static const float lookaheads[] = {0.0f, 0.02f, 1.5f, 5.0f, 20.0f};
    Signal in = signal_make(3, 9000), out = signal_make(3, 9000);
    signal_fill_noise(&in, 1, 0.96f);
    in.samples[7] = -0.0f;
    for (uint32_t k = 0; k < 5; k++) {
        Harness harness;
        harness_init(&harness, channels(3));
        harness_set_float(&harness, LIMITER_LOOKAHEAD_MS, 0, lookaheads[k], 1);
        uint32_t latency = harness.instance.table->latency(&harness.instance);
        CHECK(latency == dynchain_ms_to_samples((double)lookaheads[k], 48000));
        harness_run(&harness, &in, &out, 0, in.frames, k + 1);
        for (uint32_t c = 0; c < 3; c++) {
            for (uint32_t i = 0; i < latency; i++) CHECK(signal_channel(&out, c)[i] == 0.0f);
            CHECK_SAME_BITS(signal_channel(&out, c) + latency, signal_channel(&in, c), in.frames - latency);
        }
        harness_free(&harness);
    }
    signal_free(&in);
    signal_free(&out);
}

/** Noise bursts, full-scale squares, impulses and denormals in turn. */
static void fill_hostile(Signal *signal, uint32_t seed) {
    for (uint32_t c = 0; c < signal->channels; c++) {
        float *x = signal_channel(signal, c);
        for (uint32_t i = 0; i < signal->frames; i++) {
            uint32_t kind = (i / 700 + c) % 6;
            float noise = harness_noise(&seed);
            if (kind == 0) x[i] = 16.0f * noise;
            if (kind == 1) x[i] = (i / 50) % 2 ? 1.0f : -1.0f;
            if (kind == 2) x[i] = i % 97 == 0 ? 1000.0f : 0.0f;
            if (kind == 3) x[i] = 1e-40f * noise;
            if (kind == 4) x[i] = i % 2 ? 3e38f : -3e38f;
            if (kind == 5) x[i] = 0.3f * noise;
        }
    }
}

static void no_sample_exceeds_the_ceiling(void) {
    static const float lookaheads[] = {0.0f, 0.03f, 1.5f, 20.0f};
    Signal in = signal_make(2, 40000), out = signal_make(2, 40000);
    fill_hostile(&in, 2);
    for (uint32_t run = 0; run < 8; run++) {
        Harness harness;
        harness_init(&harness, channels(2));
        harness_set_float(&harness, LIMITER_LOOKAHEAD_MS, 0, lookaheads[run / 2], 1);
        harness_set_bool(&harness, LIMITER_LINK_CHANNELS, 0, run % 2, 1);
        harness_set_float(&harness, LIMITER_CEILING_DB, 0, -1.0f, 1);
        harness_set_float(&harness, LIMITER_RELEASE_MS, 0, run < 4 ? 1.0f : 200.0f, 1);
        harness_run(&harness, &in, &out, 0, in.frames, 11);
        float ceiling = dynchain_db_to_linear(-1.0f);
        for (uint32_t i = 0; i < 2 * out.frames; i++) CHECK(fabsf(out.samples[i]) <= ceiling);
        harness_free(&harness);
    }
    signal_free(&in);
    signal_free(&out);
}

static void no_sample_exceeds_a_moving_ceiling(void) {
    Harness harness;
    Signal in = signal_make(2, 60000), out = signal_make(2, 60000);
    fill_hostile(&in, 3);
    harness_init(&harness, channels(2));
    uint32_t seed = 9;
    float previous = dynchain_db_to_linear(-0.3f);
    for (uint32_t first = 0; first < in.frames; first += 1200) {
        float next = -20.0f * (harness_noise(&seed) + 1.0f);
        harness_set_float(&harness, LIMITER_CEILING_DB, 0, next, 0);
        harness_set_float(&harness, LIMITER_RELEASE_MS, 0, 1.0f + 500.0f * fabsf(harness_noise(&seed)), 0);
        harness_run(&harness, &in, &out, first, first + 1200, 13);
        float ceiling = dynchain_db_to_linear(next);
        float larger = ceiling > previous ? ceiling : previous;
        for (uint32_t c = 0; c < 2; c++) {
            for (uint32_t i = first; i < first + 1200; i++) {
                float limit = i < first + LOOKAHEAD + 960 ? larger : ceiling;
                CHECK(fabsf(signal_channel(&out, c)[i]) <= limit);
            }
        }
        previous = ceiling;
    }
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void a_steady_tone_is_scaled_without_distortion(void) {
    Harness harness;
    Signal in = signal_make(1, 48000), out = signal_make(1, 48000);
    signal_fill_sine(&in, 997.0, 48000.0, 1.0f);
    harness_init(&harness, channels(1));
    harness_set_float(&harness, LIMITER_CEILING_DB, 0, -12.0f, 1);
    harness_run(&harness, &in, &out, 0, in.frames, 0);
    float gain = dynchain_db_to_linear(-12.0f);
    double error = 0.0;
    for (uint32_t i = 24000; i < 48000; i++) {
        double difference = fabs((double)out.samples[i] - (double)gain * (double)in.samples[i - LOOKAHEAD]);
        error = difference > error ? difference : error;
    }
    CHECK(error < 2e-3 * (double)gain); /* the release between two half waves */
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void linked_channels_share_the_loudest_ones_gain(void) {
    Signal in = signal_make(2, 4000), linked = signal_make(2, 4000), apart = signal_make(2, 4000);
    for (uint32_t i = 0; i < 4000; i++) {
        in.samples[i] = i >= 1000 && i < 1100 ? 4.0f : 0.1f;
        in.samples[4000 + i] = 0.25f;
    }
    for (uint32_t run = 0; run < 2; run++) {
        Harness harness;
        harness_init(&harness, channels(2));
        harness_set_bool(&harness, LIMITER_LINK_CHANNELS, 0, run == 0, 1);
        harness_run(&harness, &in, run == 0 ? &linked : &apart, 0, 4000, 0);
        harness_free(&harness);
    }
    float reduction = dynchain_db_to_linear(-0.3f) / 4.0f;
    CHECK_NEAR(linked.samples[1050 + LOOKAHEAD], 4.0f * reduction, 1e-6);
    CHECK_NEAR(linked.samples[4000 + 1050 + LOOKAHEAD], 0.25f * reduction, 1e-6);
    CHECK(apart.samples[4000 + 1050 + LOOKAHEAD] == 0.25f);
    CHECK_SAME_BITS(apart.samples, linked.samples, 4000);
    signal_free(&in);
    signal_free(&linked);
    signal_free(&apart);
}

static void the_reduction_releases_exponentially_to_exactly_none(void) {
    Harness harness;
    Signal in = signal_make(1, 120000), out = signal_make(1, 120000);
    for (uint32_t i = 0; i < in.frames; i++) in.samples[i] = i == 500 ? 2.0f : 0.5f;
    harness_init(&harness, channels(1));
    harness_set_float(&harness, LIMITER_CEILING_DB, 0, 0.0f, 1);
    harness_run(&harness, &in, &out, 0, in.frames, 0);
    CHECK_NEAR(out.samples[500 + LOOKAHEAD], 1.0, 1e-6);
    uint32_t start = 500 + 2 * LOOKAHEAD + 1; /* the last average has left the hold behind */
    double first = 1.0 - 2.0 * (double)out.samples[start];
    double later = 1.0 - 2.0 * (double)out.samples[start + 3840]; /* 80 ms */
    CHECK_NEAR(later / first, exp(-1.0), 1e-3);
    CHECK(out.samples[500 + 3840 * 20] == 0.5f);
    CHECK(((LimiterState *)harness.instance.state)->filled > 0);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void the_gain_is_down_before_the_peak_comes_out(void) {
    Harness harness;
    Signal in = signal_make(1, 3000), out = signal_make(1, 3000);
    for (uint32_t i = 0; i < in.frames; i++) in.samples[i] = i == 1000 ? 1.9f : 0.1f;
    harness_init(&harness, channels(1));
    harness_run(&harness, &in, &out, 0, in.frames, 0);
    CHECK(out.samples[999] == 0.1f);
    for (uint32_t i = 1001; i < 1000 + LOOKAHEAD; i++) CHECK(out.samples[i] < out.samples[i - 1]);
    float ceiling = dynchain_db_to_linear(-0.3f);
    CHECK_NEAR(out.samples[1000 + LOOKAHEAD], ceiling, 1e-6);
    CHECK_NEAR(out.samples[1000 + LOOKAHEAD - 1] / 0.1f, ceiling / 1.9f, 1e-3);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void change_while_running(Harness *harness, const Signal *in, Signal *out, uint32_t cuts) {
    harness_set_float(harness, LIMITER_RELEASE_MS, 0, 3.0f, 0);
    harness_run(harness, in, out, 0, 5000, cuts);
    harness_set_float(harness, LIMITER_CEILING_DB, 0, -9.0f, 0);
    harness_run(harness, in, out, 5000, 5301, cuts);
    harness_set_float(harness, LIMITER_RELEASE_MS, 0, 30.0f, 0);
    harness_run(harness, in, out, 5301, 5600, cuts);
    harness_set_float(harness, LIMITER_RELEASE_MS, 0, 3.0f, 0);
    harness_set_float(harness, LIMITER_CEILING_DB, 0, -2.0f, 0);
    harness_run(harness, in, out, 5600, 20000, cuts);
    harness_set_bool(harness, LIMITER_LINK_CHANNELS, 0, 0, 1);
    harness_run(harness, in, out, 20000, 30000, cuts);
    harness_set_float(harness, LIMITER_LOOKAHEAD_MS, 0, 0.4f, 1);
    harness_run(harness, in, out, 30000, 36000, cuts);
    harness_set_bool(harness, LIMITER_LINK_CHANNELS, 0, 1, 1);
    harness_set_float(harness, LIMITER_LOOKAHEAD_MS, 0, 20.0f, 1);
    harness_run(harness, in, out, 36000, in->frames, cuts);
}

/** Long quiet stretches between the bursts let lanes go to rest and wake up, at other samples in every run. */
static void samples_do_not_depend_on_blocks_or_path(void) {
    Signal in = signal_make(3, 60000);
    signal_fill_noise(&in, 4, 0.2f);
    uint32_t seed = 5;
    for (uint32_t c = 0; c < 3; c++) {
        for (uint32_t burst = 0; burst < 12; burst++) {
            uint32_t at = harness_random(&seed) % (in.frames - 300);
            for (uint32_t i = 0; i < 300; i++) signal_channel(&in, c)[at + i] *= 12.0f;
        }
    }
    harness_check_equal_runs(channels(3), &in, in.frames, change_while_running);
    HarnessConfig small = channels(3);
    small.maxFrame = 1;
    Signal whole = signal_make(3, 60000), single = signal_make(3, 60000);
    Harness a, b;
    harness_init(&a, channels(3));
    harness_init(&b, small);
    change_while_running(&a, &in, &whole, 0);
    change_while_running(&b, &in, &single, 0);
    CHECK_SAME_BITS(single.samples, whole.samples, 3 * 60000);
    harness_free(&a);
    harness_free(&b);
    signal_free(&in);
    signal_free(&whole);
    signal_free(&single);
}

static void a_copied_state_continues_bit_for_bit(void) {
    for (uint32_t run = 0; run < 4; run++) {
        Harness from, to;
        Signal in = signal_make(2, 12000), expected = signal_make(2, 12000), actual = signal_make(2, 12000);
        fill_hostile(&in, 6 + run);
        harness_init(&from, channels(2));
        harness_init(&to, channels(2));
        harness_set_bool(&from, LIMITER_LINK_CHANNELS, 0, run & 1, 1);
        harness_set_float(&from, LIMITER_LOOKAHEAD_MS, 0, run & 2 ? 0.5f : 7.0f, 1);
        harness_set_float(&from, LIMITER_CEILING_DB, 0, -6.0f, 0);
        harness_run(&to, &in, &actual, 0, 3000, 0); /* `to` has a past of its own, which must not show */
        harness_run(&from, &in, &expected, 0, 300, 0);
        harness_run(&from, &in, &expected, 300, 700, 0);
        CHECK(harness_copy(&to, &from) == DYNCHAIN_OK);
        harness_run(&from, &in, &expected, 700, 12000, 0);
        harness_run(&to, &in, &actual, 700, 12000, 21);
        for (uint32_t c = 0; c < 2; c++) {
            CHECK_SAME_BITS(signal_channel(&actual, c) + 700, signal_channel(&expected, c) + 700, 11300);
        }
        harness_free(&from);
        harness_free(&to);
        signal_free(&in);
        signal_free(&expected);
        signal_free(&actual);
    }
}

static void a_busy_limiter_takes_over_a_quiet_state(void) {
    Harness from, to;
    Signal quiet = signal_make(2, 9000), loud = signal_make(2, 9000), actual = signal_make(2, 9000);
    signal_fill_noise(&quiet, 8, 0.5f);
    signal_fill_noise(&loud, 9, 8.0f);
    harness_init(&from, channels(2));
    harness_init(&to, channels(2));
    harness_set_float(&to, LIMITER_LOOKAHEAD_MS, 0, 20.0f, 1);
    harness_run(&to, &loud, &actual, 0, 5000, 0);
    harness_run(&from, &quiet, &actual, 0, 5000, 0);
    CHECK(harness_copy(&to, &from) == DYNCHAIN_OK);
    harness_run(&to, &quiet, &actual, 5000, 9000, 0);
    CHECK_SAME_BITS(actual.samples + 5000, quiet.samples + 5000 - LOOKAHEAD, 4000);
    harness_free(&from);
    harness_free(&to);
    signal_free(&quiet);
    signal_free(&loud);
    signal_free(&actual);
}

/** At each of four neighbouring samples, one of which begins a group of the release recursion. */
static void a_change_of_release_does_not_move_the_gain_at_once(void) {
    for (uint32_t place = 0; place < 4; place++) {
        Harness harness;
        Signal in = signal_make(1, 3000), out = signal_make(1, 3000);
        for (uint32_t i = 0; i < in.frames; i++) in.samples[i] = i == 100 ? 8.0f : 0.5f;
        harness_init(&harness, channels(1));
        harness_set_float(&harness, LIMITER_LOOKAHEAD_MS, 0, 0.0f, 1);
        harness_set_float(&harness, LIMITER_RELEASE_MS, 0, 2000.0f, 1);
        harness_run(&harness, &in, &out, 0, 200 + place, 0);
        harness_set_float(&harness, LIMITER_RELEASE_MS, 0, 1.0f, 0);
        harness_run(&harness, &in, &out, 200 + place, 3000, 0);
        double factor = exp(-1.0 / 48.0);
        for (uint32_t i = 195; i < 220; i++) {
            double before = 0.5 - (double)out.samples[i - 1], after = 0.5 - (double)out.samples[i];
            CHECK(after <= before && after >= 0.999 * factor * before);
        }
        CHECK_NEAR((0.5 - (double)out.samples[260]) / (0.5 - (double)out.samples[212]), exp(-1.0), 1e-3);
        harness_free(&harness);
        signal_free(&in);
        signal_free(&out);
    }
}

static void too_much_history_for_the_audio_thread_is_reported(void) {
    Harness from, to;
    HarnessConfig config = channels(64);
    config.sampleRate = 192000;
    Signal in = signal_make(64, 8000), out = signal_make(64, 8000);
    harness_init(&from, config);
    harness_init(&to, config);
    harness_set_float(&from, LIMITER_LOOKAHEAD_MS, 0, 20.0f, 1);
    harness_set_float(&from, LIMITER_CEILING_DB, 0, -30.0f, 1);
    harness_run(&from, &in, &out, 0, 8000, 0);
    CHECK(harness_copy(&to, &from) == DYNCHAIN_ERR_STATE);
    CHECK(to.instance.table->latency(&to.instance) == 3840);
    harness_free(&from);
    harness_free(&to);
    signal_free(&in);
    signal_free(&out);
}

static void reset_forgets_signal_and_reduction(void) {
    Harness harness;
    Signal in = signal_make(2, 4000), out = signal_make(2, 4000);
    for (uint32_t i = 0; i < 8000; i++) in.samples[i] = i % 4000 < 2000 ? 3.0f : 0.5f;
    harness_init(&harness, channels(2));
    harness_run(&harness, &in, &out, 0, 2000, 0);
    CHECK(harness.instance.table->reset(&harness.instance) == DYNCHAIN_OK);
    harness_run(&harness, &in, &out, 2000, 4000, 0);
    for (uint32_t i = 2000; i < 2000 + LOOKAHEAD; i++) CHECK(out.samples[i] == 0.0f);
    for (uint32_t i = 2000 + LOOKAHEAD; i < 4000; i++) CHECK(out.samples[i] == 0.5f);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void the_largest_latency_is_the_longest_lookahead(void) {
    static const uint32_t rates[] = {8000, 44100, 48000, 384000};
    for (uint32_t r = 0; r < 4; r++) {
        Harness harness;
        HarnessConfig config = channels(1);
        config.sampleRate = rates[r];
        harness_init(&harness, config);
        harness_set_float(&harness, LIMITER_LOOKAHEAD_MS, 0, 20.0f, 1);
        CHECK(harness.instance.table->latency(&harness.instance) == rates[r] / 50);
        CHECK(harness.instance.table->maxLatency(&harness.instance) == rates[r] / 50);
        harness_free(&harness);
    }
}

static void wrong_addresses_are_refused(void) {
    Harness harness;
    float value = -3.0f;
    harness_init(&harness, channels(2));
    ModuleInstance *self = &harness.instance;
    CHECK(self->table->setParam(self, LIMITER_CEILING_DB, 1, &value, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(self->table->setParam(self, LIMITER_LINK_CHANNELS, 0, &value, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(self->table->setParam(self, 5, 0, &value, 4, 0) == DYNCHAIN_ERR_UNKNOWN);
    harness_free(&harness);
}

int main(void) {
    CHECK_RUN(below_the_ceiling_is_a_pure_delay);
    CHECK_RUN(no_sample_exceeds_the_ceiling);
    CHECK_RUN(no_sample_exceeds_a_moving_ceiling);
    CHECK_RUN(a_steady_tone_is_scaled_without_distortion);
    CHECK_RUN(linked_channels_share_the_loudest_ones_gain);
    CHECK_RUN(the_reduction_releases_exponentially_to_exactly_none);
    CHECK_RUN(the_gain_is_down_before_the_peak_comes_out);
    CHECK_RUN(samples_do_not_depend_on_blocks_or_path);
    CHECK_RUN(a_copied_state_continues_bit_for_bit);
    CHECK_RUN(a_busy_limiter_takes_over_a_quiet_state);
    CHECK_RUN(a_change_of_release_does_not_move_the_gain_at_once);
    CHECK_RUN(too_much_history_for_the_audio_thread_is_reported);
    CHECK_RUN(reset_forgets_signal_and_reduction);
    CHECK_RUN(the_largest_latency_is_the_longest_lookahead);
    CHECK_RUN(wrong_addresses_are_refused);
    return check_report();
}
