/* Tests of the generator.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "generator.h"

#include "../../tests/harness.h"

#define PI 3.14159265358979323846

static HarnessConfig channels(uint32_t count) {
    return (HarnessConfig){.table = &dynchain_generator_table, .outChannels = count, .maxFrame = 300};
}

static Signal play(uint32_t channelCount, int32_t waveform, uint32_t frames, const char *id) {
    Harness harness;
    HarnessConfig config = channels(channelCount);
    config.id = id;
    Signal out = signal_make(channelCount, frames);
    harness_init(&harness, config);
    harness_set_int(&harness, GENERATOR_WAVEFORM, 0, waveform, 1);
    harness_set_float(&harness, GENERATOR_LEVEL_DB, 0, -6.0f, 1);
    harness_run(&harness, NULL, &out, 0, frames, 0);
    harness_free(&harness);
    return out;
}

static void a_sine_has_the_exact_frequency_and_level(void) {
    static const float frequencies[] = {1.0f, 997.0f, 12345.6f, 20000.0f};
    for (uint32_t f = 0; f < 4; f++) {
        Harness harness;
        Signal out = signal_make(2, 480000);
        harness_init(&harness, channels(2));
        harness_set_float(&harness, GENERATOR_FREQUENCY, 0, frequencies[f], 1);
        harness_set_float(&harness, GENERATOR_LEVEL_DB, 0, 0.0f, 1);
        harness_run(&harness, NULL, &out, 0, out.frames, 0);
        double error = 0.0;
        for (uint32_t i = 0; i < out.frames; i++) {
            double turns = (double)frequencies[f] * (double)i / 48000.0;
            double difference = fabs((double)out.samples[i] - sin(2.0 * PI * (turns - floor(turns))));
            error = difference > error ? difference : error;
        }
        CHECK(error < 1e-7);
        CHECK_SAME_BITS(signal_channel(&out, 1), out.samples, out.frames);
        harness_free(&harness);
        signal_free(&out);
    }
}

static void a_change_of_frequency_keeps_the_phase(void) {
    Harness harness;
    Signal out = signal_make(1, 6000);
    harness_init(&harness, channels(1));
    harness_set_float(&harness, GENERATOR_FREQUENCY, 0, 200.0f, 1);
    harness_set_float(&harness, GENERATOR_LEVEL_DB, 0, 0.0f, 1);
    harness_run(&harness, NULL, &out, 0, 3000, 0);
    harness_set_float(&harness, GENERATOR_FREQUENCY, 0, 400.0f, 0);
    harness_run(&harness, NULL, &out, 3000, 6000, 0);
    double step = 2.0 * PI * 400.0 / 48000.0;
    for (uint32_t i = 2; i < 6000; i++) {
        CHECK(fabsf(out.samples[i] - out.samples[i - 1]) <= (float)step + 1e-6f);
        float bend = out.samples[i] - 2.0f * out.samples[i - 1] + out.samples[i - 2];
        CHECK(fabsf(bend) <= (float)(1.1 * step * step));
    }
    harness_free(&harness);
    signal_free(&out);
}

static void frequencies_beyond_the_rate_stay_below_it(void) {
    Harness harness;
    HarnessConfig config = channels(1);
    config.sampleRate = 16000;
    harness_init(&harness, config);
    harness_set_float(&harness, GENERATOR_FREQUENCY, 0, 20000.0f, 1);
    CHECK(((GeneratorState *)harness.instance.state)->frequency.target == 7840.0f);
    harness_free(&harness);
}

static double mean_product(const float *a, const float *b, uint32_t lag, uint32_t frames) {
    double sum = 0.0;
    for (uint32_t i = lag; i < frames; i++) sum += (double)a[i] * (double)b[i - lag];
    return sum / (double)(frames - lag);
}

static void white_noise_is_uniform_and_uncorrelated(void) {
    uint32_t frames = 480000;
    Signal out = play(2, GENERATOR_WHITE_NOISE, frames, "generator#1");
    double level = (double)dynchain_db_to_linear(-6.0f);
    double power = mean_product(out.samples, out.samples, 0, frames);
    CHECK_NEAR(power, level * level / 3.0, 0.005 * level * level);
    for (uint32_t i = 0; i < 2 * frames; i++) CHECK(fabs((double)out.samples[i]) <= level);
    for (uint32_t lag = 1; lag < 30; lag++) {
        CHECK_NEAR(mean_product(out.samples, out.samples, lag, frames) / power, 0.0, 0.008);
    }
    for (uint32_t lag = 0; lag < 30; lag++) {
        CHECK_NEAR(mean_product(out.samples, signal_channel(&out, 1), lag, frames) / power, 0.0, 0.008);
    }
    signal_free(&out);
}

static void noise_follows_from_the_instance_id(void) {
    Signal a = play(1, GENERATOR_WHITE_NOISE, 1000, "generator#1");
    Signal again = play(1, GENERATOR_WHITE_NOISE, 1000, "generator#1");
    Signal b = play(1, GENERATOR_WHITE_NOISE, 1000, "generator#2");
    CHECK_SAME_BITS(again.samples, a.samples, 1000);
    CHECK(memcmp(a.samples, b.samples, 1000 * sizeof(float)) != 0);
    CHECK_NEAR(mean_product(a.samples, b.samples, 0, 1000), 0.0, 0.02);
    signal_free(&a);
    signal_free(&again);
    signal_free(&b);
}

/** |H| of the pink filter, times the square root of the frequency: constant for 1/f noise. */
static double pink_flatness_db(const GeneratorPink *pink, double frequency, double rate) {
    double w = 2.0 * PI * frequency / rate, re = pink->direct, im = 0.0;
    for (uint32_t k = 0; k < GENERATOR_PINK_POLES; k++) {
        double dr = 1.0 - pink->pole[k] * cos(w), di = pink->pole[k] * sin(w);
        double norm = dr * dr + di * di;
        re += pink->gain[k] * dr / norm;
        im -= pink->gain[k] * di / norm;
    }
    return 10.0 * log10((re * re + im * im) * frequency);
}

static void pink_noise_falls_3_db_an_octave_at_every_rate(void) {
    static const double rates[] = {8000.0, 44100.0, 48000.0, 96000.0, 192000.0, 384000.0};
    for (uint32_t r = 0; r < 6; r++) {
        GeneratorPink pink = dynchain_generator_design_pink(rates[r]);
        double highest = 0.45 * rates[r] < 20000.0 ? 0.45 * rates[r] : 20000.0, low = 1e9, high = -1e9;
        for (double f = 20.0; f < highest; f *= 1.05) {
            double flatness = pink_flatness_db(&pink, f, rates[r]);
            low = flatness < low ? flatness : low;
            high = flatness > high ? flatness : high;
        }
        CHECK(high - low < 0.7);
    }
}

static void pink_noise_keeps_to_its_level(void) {
    uint32_t frames = 960000;
    Signal out = play(1, GENERATOR_PINK_NOISE, frames, "generator#1");
    double level = (double)dynchain_db_to_linear(-6.0f);
    for (uint32_t i = 0; i < frames; i++) CHECK(fabs((double)out.samples[i]) <= level);
    double rms = sqrt(mean_product(out.samples, out.samples, 0, frames));
    CHECK_NEAR(20.0 * log10(rms / level), -GENERATOR_PINK_CREST_DB, 0.5);
    signal_free(&out);
}

static double frequency_at(const Signal *out, uint32_t at) {
    uint32_t first = at;
    while (!(out->samples[first] < 0.0f && out->samples[first + 1] >= 0.0f)) first++;
    uint32_t crossings = 0, last = first;
    for (uint32_t i = first + 1; crossings < 8; i++) {
        if (out->samples[i] < 0.0f && out->samples[i + 1] >= 0.0f) {
            crossings++;
            last = i;
        }
    }
    return 48000.0 * crossings / (double)(last - first);
}

static void a_sweep_rises_a_decade_in_a_third_of_its_time_and_loops(void) {
    uint32_t length = 480000;
    Signal out = play(1, GENERATOR_SWEEP, 2 * length, "generator#1");
    CHECK_NEAR(frequency_at(&out, length / 3) / 200.0, 1.0, 0.05);
    CHECK_NEAR(frequency_at(&out, 2 * length / 3) / 2000.0, 1.0, 0.05);
    CHECK(fabsf(out.samples[0]) < 1e-6f && fabsf(out.samples[length - 1]) < 1e-5f);
    CHECK_SAME_BITS(out.samples + length, out.samples, length);
    signal_free(&out);
}

static void an_impulse_comes_every_second(void) {
    Signal out = play(2, GENERATOR_IMPULSE, 100000, "generator#1");
    for (uint32_t i = 0; i < 100000; i++) {
        CHECK(out.samples[i] == (i % 48000 == 0 ? dynchain_db_to_linear(-6.0f) : 0.0f));
    }
    CHECK_SAME_BITS(signal_channel(&out, 1), out.samples, 100000);
    signal_free(&out);
}

static void the_bottom_of_the_scale_is_silence(void) {
    Harness harness;
    Signal out = signal_make(1, 4000);
    harness_init(&harness, channels(1));
    harness_set_float(&harness, GENERATOR_LEVEL_DB, 0, -120.0f, 0);
    harness_run(&harness, NULL, &out, 0, 4000, 0);
    CHECK(out.samples[500] != 0.0f);
    for (uint32_t i = 960; i < 4000; i++) CHECK(out.samples[i] == 0.0f);
    harness_free(&harness);
    signal_free(&out);
}

static void change_while_running(Harness *harness, const Signal *in, Signal *out, uint32_t cuts) {
    for (int32_t waveform = 0; waveform < 5; waveform++) {
        uint32_t first = (uint32_t)waveform * 4000;
        harness_set_int(harness, GENERATOR_WAVEFORM, 0, waveform, 1);
        harness_set_float(harness, GENERATOR_FREQUENCY, 0, 3000.0f * (float)(waveform + 1), 0);
        harness_run(harness, in, out, first, first + 500, cuts);
        harness_set_float(harness, GENERATOR_LEVEL_DB, 0, -9.0f * (float)waveform, 0);
        harness_set_float(harness, GENERATOR_FREQUENCY, 0, 100.0f, 0);
        harness_run(harness, in, out, first + 500, first + 4000, cuts);
    }
}

static void samples_do_not_depend_on_blocks_or_path(void) {
    harness_check_equal_runs(channels(3), NULL, 20000, change_while_running);
}

static void a_copied_state_continues_bit_for_bit(void) {
    for (int32_t waveform = 0; waveform < 5; waveform++) {
        Harness from, to;
        Signal expected = signal_make(2, 60000), actual = signal_make(2, 60000);
        harness_init(&from, channels(2));
        harness_init(&to, channels(2));
        harness_set_int(&from, GENERATOR_WAVEFORM, 0, waveform, 1);
        harness_set_float(&from, GENERATOR_FREQUENCY, 0, 4321.0f, 0);
        harness_run(&from, NULL, &expected, 0, 700, 0);
        CHECK(harness_copy(&to, &from) == DYNCHAIN_OK);
        harness_run(&from, NULL, &expected, 700, 60000, 0);
        harness_run(&to, NULL, &actual, 700, 60000, 5);
        for (uint32_t c = 0; c < 2; c++) {
            CHECK_SAME_BITS(signal_channel(&actual, c) + 700, signal_channel(&expected, c) + 700, 59300);
        }
        harness_free(&from);
        harness_free(&to);
        signal_free(&expected);
        signal_free(&actual);
    }
}

static void noise_runs_on_past_two_to_the_32_samples(void) {
    Harness harness;
    Signal out = signal_make(1, 600);
    harness_init(&harness, channels(1));
    harness_set_int(&harness, GENERATOR_WAVEFORM, 0, GENERATOR_WHITE_NOISE, 1);
    harness_set_float(&harness, GENERATOR_LEVEL_DB, 0, -6.0f, 1);
    GeneratorState *state = harness.instance.state;
    state->noiseAt = 0xFFFFFFFFu - 99;
    harness_run(&harness, NULL, &out, 0, 600, 0);
    CHECK(state->noiseAt == 0x100000000u + 500);
    Signal start = play(1, GENERATOR_WHITE_NOISE, 500, "test#1");
    CHECK(memcmp(out.samples + 100, start.samples, 500 * sizeof(float)) != 0);
    harness_free(&harness);
    signal_free(&out);
    signal_free(&start);
}

static void wrong_values_are_refused(void) {
    Harness harness;
    int32_t waveform = 5;
    harness_init(&harness, channels(1));
    ModuleInstance *self = &harness.instance;
    CHECK(self->table->setParam(self, GENERATOR_WAVEFORM, 0, &waveform, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(self->table->setParam(self, GENERATOR_WAVEFORM, 1, &waveform, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(self->table->setParam(self, 4, 0, &waveform, 4, 0) == DYNCHAIN_ERR_UNKNOWN);
    harness_free(&harness);
}

int main(void) {
    CHECK_RUN(a_sine_has_the_exact_frequency_and_level);
    CHECK_RUN(a_change_of_frequency_keeps_the_phase);
    CHECK_RUN(frequencies_beyond_the_rate_stay_below_it);
    CHECK_RUN(white_noise_is_uniform_and_uncorrelated);
    CHECK_RUN(noise_follows_from_the_instance_id);
    CHECK_RUN(pink_noise_falls_3_db_an_octave_at_every_rate);
    CHECK_RUN(pink_noise_keeps_to_its_level);
    CHECK_RUN(a_sweep_rises_a_decade_in_a_third_of_its_time_and_loops);
    CHECK_RUN(an_impulse_comes_every_second);
    CHECK_RUN(the_bottom_of_the_scale_is_silence);
    CHECK_RUN(samples_do_not_depend_on_blocks_or_path);
    CHECK_RUN(a_copied_state_continues_bit_for_bit);
    CHECK_RUN(noise_runs_on_past_two_to_the_32_samples);
    CHECK_RUN(wrong_values_are_refused);
    return check_report();
}
