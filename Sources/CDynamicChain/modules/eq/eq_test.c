/* Tests of the parametric equaliser.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "eq.h"

#include "../../tests/harness.h"

#define FRAMES 4800u

static HarnessConfig config(uint32_t channels) {
    return (HarnessConfig){
        .table = &dynchain_eq_table, .inChannels = channels, .outChannels = channels, .maxFrame = 1100};
}

static uint16_t at(uint32_t channel, uint32_t band) { return (uint16_t)(channel << 8 | band); }

static void set_band(Harness *harness, uint32_t channel, uint32_t band, EqBand value, uint8_t enable) {
    harness_set_int(harness, EQ_TYPE, at(channel, band), value.type, 1);
    harness_set_float(harness, EQ_FREQ, at(channel, band), value.frequency, 1);
    harness_set_float(harness, EQ_GAIN_DB, at(channel, band), value.gainDb, 1);
    harness_set_float(harness, EQ_Q, at(channel, band), value.q, 1);
    harness_set_bool(harness, EQ_BAND_ENABLE, at(channel, band), enable, 1);
}

static EqBand random_band(uint32_t *seed) {
    return (EqBand){
        .frequency = 20.0f + 9000.0f * fabsf(harness_noise(seed)), .gainDb = 12.0f * harness_noise(seed),
        .q = 0.3f + 4.0f * fabsf(harness_noise(seed)), .type = (uint8_t)(harness_random(seed) % EQ_TYPES)};
}

/* Sets bands at random, about two thirds of them enabled, the same for the same seed. */
static void set_random_bands(Harness *harness, uint32_t channels, uint32_t bands, uint32_t seed) {
    for (uint32_t c = 0; c < channels; c++) {
        for (uint32_t b = 0; b < bands; b++) {
            EqBand band = random_band(&seed);
            set_band(harness, c, b, band, harness_random(&seed) % 3 != 0);
        }
    }
}

/* Direct form I in double, straight from the difference equation. */
static void reference_filter(double *x, uint32_t frames, const EqBand *band) {
    double c[5], x1 = 0.0, x2 = 0.0, y1 = 0.0, y2 = 0.0;
    CHECK(DynChain_DesignBiquad(band->type, band->frequency, band->gainDb, band->q, 48000.0, c) == DYNCHAIN_OK);
    for (uint32_t i = 0; i < frames; i++) {
        double y = c[0] * x[i] + c[1] * x1 + c[2] * x2 - c[3] * y1 - c[4] * y2;
        x2 = x1;
        x1 = x[i];
        y2 = y1;
        y1 = y;
        x[i] = y;
    }
}

static void check_against_reference(const Signal *in, uint32_t bands) {
    Harness harness;
    Signal out = signal_make(in->channels, FRAMES);
    harness_init(&harness, config(in->channels));
    uint32_t seed = 77;
    EqBand values[DYNCHAIN_MAX_CHANNELS][EQ_BANDS];
    for (uint32_t c = 0; c < in->channels; c++) {
        for (uint32_t b = 0; b < bands; b++) {
            values[c][b] = random_band(&seed);
            set_band(&harness, c, b, values[c][b], 1);
        }
    }
    harness_run(&harness, in, &out, 0, FRAMES, 5);
    static double expected[FRAMES];
    for (uint32_t c = 0; c < in->channels; c++) {
        for (uint32_t i = 0; i < FRAMES; i++) expected[i] = signal_channel(in, c)[i];
        for (uint32_t b = 0; b < bands; b++) reference_filter(expected, FRAMES, &values[c][b]);
        double residual = 0.0, power = 0.0;
        for (uint32_t i = 0; i < FRAMES; i++) {
            double difference = (double)signal_channel(&out, c)[i] - expected[i];
            residual += difference * difference;
            power += expected[i] * expected[i];
        }
        CHECK(power > 0.0);
        CHECK(residual <= 1e-13 * power);
    }
    harness_free(&harness);
    signal_free(&out);
}

static void noise_and_impulse_match_the_difference_equation(void) {
    static const uint32_t counts[] = {1, 2, 3, 4, 5, 8, 9, 16, 61, 64};
    for (uint32_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        Signal in = signal_make(counts[k], FRAMES);
        signal_fill_noise(&in, 11 + k, 0.5f);
        check_against_reference(&in, 1 + k * 2);
        memset(in.samples, 0, (size_t)counts[k] * FRAMES * sizeof(float));
        for (uint32_t c = 0; c < counts[k]; c++) signal_channel(&in, c)[0] = 1.0f;
        check_against_reference(&in, 3);
        signal_free(&in);
    }
}

static void random_bands_scenario(Harness *harness, const Signal *in, Signal *out, uint32_t cuts) {
    set_random_bands(harness, in->channels, 1 + in->channels * 7 % EQ_BANDS, 3 + in->channels);
    harness_run(harness, in, out, 0, FRAMES / 2, cuts);
    set_random_bands(harness, in->channels, EQ_BANDS, 4);
    harness_run(harness, in, out, FRAMES / 2, FRAMES, cuts);
}

static void plain_and_vector_path_and_any_blocks_give_equal_bits(void) {
    static const uint32_t counts[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16};
    for (uint32_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        Signal in = signal_make(counts[k], FRAMES);
        signal_fill_noise(&in, 31 + k, 0.5f);
        harness_check_equal_runs(config(counts[k]), &in, FRAMES, random_bands_scenario);
        signal_free(&in);
    }
}

static void tiny_blocks_scenario(Harness *harness, const Signal *in, Signal *out, uint32_t cuts) {
    set_random_bands(harness, in->channels, EQ_BANDS, 8);
    uint32_t done = 0, seed = cuts;
    while (done < FRAMES) {
        uint32_t count = cuts == 0 ? 800 : 1 + harness_random(&seed) % 3;
        if (count > FRAMES - done) count = FRAMES - done;
        harness_block(harness, in, out, done, count);
        done += count;
    }
}

static void blocks_of_one_to_three_samples_give_equal_bits(void) {
    for (uint32_t channels = 1; channels <= 5; channels++) {
        Signal in = signal_make(channels, FRAMES);
        signal_fill_noise(&in, channels, 0.5f);
        harness_check_equal_runs(config(channels), &in, FRAMES, tiny_blocks_scenario);
        signal_free(&in);
    }
}

static void every_number_of_bands_gives_equal_bits(void) {
    for (uint32_t channels = 1; channels <= 8; channels *= 2) {
        for (uint32_t bands = 1; bands <= EQ_BANDS; bands++) {
            Signal in = signal_make(channels, 700), out[2];
            signal_fill_noise(&in, bands, 0.5f);
            for (uint32_t plain = 0; plain < 2; plain++) {
                HarnessConfig settings = config(channels);
                settings.plain = (uint8_t)plain;
                Harness harness;
                harness_init(&harness, settings);
                uint32_t seed = bands;
                for (uint32_t c = 0; c < channels; c++) {
                    for (uint32_t b = 0; b < bands; b++) set_band(&harness, c, EQ_BANDS - 1 - b, random_band(&seed), 1);
                }
                out[plain] = signal_make(channels, 700);
                harness_run(&harness, &in, &out[plain], 0, 700, plain * 17);
                harness_free(&harness);
            }
            CHECK_SAME_BITS(out[0].samples, out[1].samples, channels * 700);
            signal_free(&in);
            signal_free(&out[0]);
            signal_free(&out[1]);
        }
    }
}

/* Every kernel of this build that the machine can run, not only the best. */
static void instruction_sets_agree(void) {
    for (uint32_t channels = 1; channels <= 4; channels++) {
        Signal in = signal_make(channels, FRAMES), fused = {0};
        signal_fill_noise(&in, channels, 0.5f);
        for (uint32_t isa = EQ_ISA_PORTABLE; isa <= (uint32_t)dynchain_eq_isa() && isa <= EQ_ISA_AVX2; isa++) {
            Signal out[2];
            for (uint32_t plain = 0; plain < 2; plain++) {
                HarnessConfig settings = config(channels);
                settings.plain = (uint8_t)plain;
                Harness harness;
                harness_init(&harness, settings);
                ((EqState *)harness.instance.state)->isa = (uint8_t)isa;
                set_random_bands(&harness, channels, 9, 5);
                out[plain] = signal_make(channels, FRAMES);
                harness_run(&harness, &in, &out[plain], 0, FRAMES, 3 * plain);
                harness_free(&harness);
            }
            CHECK_SAME_BITS(out[0].samples, out[1].samples, channels * FRAMES);
            for (uint32_t i = 0; fused.samples != NULL && i < channels * FRAMES; i++) {
                CHECK_NEAR(out[0].samples[i], fused.samples[i], 2e-7 * (1.0 + fabs((double)out[0].samples[i])));
            }
            signal_free(&out[1]);
            signal_free(&fused);
            fused = out[0];
        }
        signal_free(&fused);
        signal_free(&in);
    }
}

static void eight_channels_together_equal_four_and_four(void) {
    Signal in = signal_make(8, FRAMES), out = signal_make(8, FRAMES), half = signal_make(4, FRAMES);
    signal_fill_noise(&in, 3, 0.5f);
    for (uint32_t first = 0; first < 8; first += 4) {
        Harness together, apart;
        harness_init(&together, config(8));
        harness_init(&apart, config(4));
        uint32_t seed = 12 + first;
        for (uint32_t c = 0; c < 4; c++) {
            for (uint32_t b = 0; b < 7; b++) {
                EqBand band = random_band(&seed);
                set_band(&together, first + c, b, band, 1);
                set_band(&apart, c, b, band, 1);
            }
        }
        Signal part = {4, FRAMES, signal_channel(&in, first)};
        harness_run(&together, &in, &out, 0, FRAMES, 0);
        harness_run(&apart, &part, &half, 0, FRAMES, 7);
        CHECK_SAME_BITS(signal_channel(&out, first), half.samples, 4 * FRAMES);
        harness_free(&together);
        harness_free(&apart);
    }
    signal_free(&in);
    signal_free(&out);
    signal_free(&half);
}

static void without_enabled_bands_every_bit_passes(void) {
    Harness harness;
    Signal in = signal_make(3, FRAMES), out = signal_make(3, FRAMES);
    signal_fill_noise(&in, 5, 1.0f);
    in.samples[9] = -0.0f;
    harness_init(&harness, config(3));
    harness_set_float(&harness, EQ_GAIN_DB, at(0, 0), 12.0f, 1);
    harness_run(&harness, &in, &out, 0, FRAMES, 3);
    CHECK_SAME_BITS(out.samples, in.samples, 3 * FRAMES);
    harness_free(&harness);
    signal_free(&in);
    signal_free(&out);
}

static void a_band_acts_on_its_channel_only(void) {
    for (uint32_t channels = 2; channels <= 9; channels++) {
        Harness harness;
        Signal in = signal_make(channels, 1000), out = signal_make(channels, 1000);
        signal_fill_noise(&in, 5, 1.0f);
        harness_init(&harness, config(channels));
        EqBand band = {.frequency = 500.0f, .gainDb = 12.0f, .q = 1.0f, .type = DYNCHAIN_PEAKING};
        uint32_t chosen = channels / 2;
        set_band(&harness, chosen, 13, band, 1);
        harness_run(&harness, &in, &out, 0, 1000, 0);
        for (uint32_t c = 0; c < channels; c++) {
            int same = memcmp(signal_channel(&in, c), signal_channel(&out, c), 1000 * sizeof(float)) == 0;
            CHECK(same == (c != chosen));
        }
        harness_free(&harness);
        signal_free(&in);
        signal_free(&out);
    }
}

/* A band switched off and on again while others run: those keep their states, it starts anew. */
static void toggling_a_band_leaves_the_others_running(void) {
    for (uint32_t channels = 1; channels <= 8; channels *= 2) {
        Harness kept, toggled;
        Signal in = signal_make(channels, 2000), expected = signal_make(channels, 2000);
        Signal out = signal_make(channels, 2000);
        signal_fill_noise(&in, 5, 1.0f);
        harness_init(&kept, config(channels));
        harness_init(&toggled, config(channels));
        EqBand low = {.frequency = 80.0f, .gainDb = 9.0f, .q = 3.0f, .type = DYNCHAIN_PEAKING};
        EqBand flat = {.frequency = 2000.0f, .gainDb = 0.0f, .q = 1.0f, .type = DYNCHAIN_PEAKING};
        for (uint32_t c = 0; c < channels; c++) {
            set_band(&kept, c, 7, low, 1);
            set_band(&toggled, c, 7, low, 1);
        }
        harness_run(&kept, &in, &expected, 0, 2000, 0);
        for (uint32_t part = 0; part < 4; part++) {
            /* A flat peaking band is transparent, in front of the other and behind it. */
            for (uint32_t c = 0; c < channels; c++) {
                set_band(&toggled, c, 2, flat, part & 1);
                set_band(&toggled, c, 11, flat, part >> 1);
            }
            harness_run(&toggled, &in, &out, 500 * part, 500 * part + 500, 0);
        }
        CHECK_SAME_BITS(out.samples, expected.samples, channels * 2000);
        harness_free(&kept);
        harness_free(&toggled);
        signal_free(&in);
        signal_free(&expected);
        signal_free(&out);
    }
}

static void reset_clears_signal_and_keeps_values(void) {
    for (uint32_t channels = 1; channels <= 4; channels++) {
        Harness harness, fresh;
        Signal in = signal_make(channels, 1000), out = signal_make(channels, 1000);
        Signal expected = signal_make(channels, 1000);
        signal_fill_noise(&in, 6, 1.0f);
        harness_init(&harness, config(channels));
        harness_init(&fresh, config(channels));
        set_random_bands(&harness, channels, 6, 2);
        set_random_bands(&fresh, channels, 6, 2);
        harness_run(&harness, &in, &out, 0, 1000, 0);
        CHECK(dynchain_eq_table.reset(&harness.instance) == DYNCHAIN_OK);
        harness_run(&harness, &in, &out, 0, 1000, 0);
        harness_run(&fresh, &in, &expected, 0, 1000, 0);
        CHECK_SAME_BITS(out.samples, expected.samples, channels * 1000);
        harness_free(&harness);
        harness_free(&fresh);
        signal_free(&in);
        signal_free(&out);
        signal_free(&expected);
    }
}

static void reset_recovers_from_non_finite_input(void) {
    for (uint32_t channels = 1; channels <= 9; channels++) {
        Harness harness;
        Signal in = signal_make(channels, 1000), out = signal_make(channels, 1000);
        signal_fill_noise(&in, 6, 1.0f);
        for (uint32_t c = 0; c < channels; c++) signal_channel(&in, c)[20] = c & 1 ? INFINITY : NAN;
        harness_init(&harness, config(channels));
        for (uint32_t c = 0; c < channels; c++) {
            set_band(&harness, c, 0, (EqBand){.frequency = 100.0f, .gainDb = 6.0f, .q = 1.0f, .type = 0}, 1);
        }
        harness_run(&harness, &in, &out, 0, 40, 0);
        CHECK(!isfinite(out.samples[39]));
        CHECK(dynchain_eq_table.reset(&harness.instance) == DYNCHAIN_OK);
        harness_run(&harness, &in, &out, 40, 1000, 0);
        for (uint32_t c = 0; c < channels; c++) {
            for (uint32_t i = 40; i < 1000; i++) CHECK(isfinite(signal_channel(&out, c)[i]));
        }
        harness_free(&harness);
        signal_free(&in);
        signal_free(&out);
    }
}

/* Without the host's flush-to-zero: states of a decayed signal end at zero, not at a denormal. */
static void silence_leaves_no_denormal_state(void) {
    for (uint32_t channels = 1; channels <= 8; channels *= 2) {
        for (uint8_t plain = 0; plain < 2; plain++) {
            Harness harness;
            HarnessConfig settings = config(channels);
            settings.plain = plain;
            uint32_t frames = 40000;
            Signal in = signal_make(channels, frames), out = signal_make(channels, frames);
            for (uint32_t c = 0; c < channels; c++) signal_channel(&in, c)[0] = 1.0f;
            harness_init(&harness, settings);
            for (uint32_t c = 0; c < channels; c++) {
                set_band(&harness, c, 3, (EqBand){.frequency = 3000.0f, .gainDb = 20.0f, .q = 2.0f, .type = 0}, 1);
            }
            harness_run(&harness, &in, &out, 0, frames, 0);
            const EqState *state = harness.instance.state;
            for (uint32_t g = 0; g < state->numGroups; g++) {
                const double *lanes = eq_lanes(state, &state->group[g]);
                uint32_t stride = EQ_BANDS * state->group[g].width;
                for (uint32_t i = 0; i < 2 * stride; i++) CHECK(lanes[EQ_S1 * stride + i] == 0.0);
            }
            harness_free(&harness);
            signal_free(&in);
            signal_free(&out);
        }
    }
}

/* The framework's cross-fade: a copy that takes the state over goes on as the original would. */
static void a_copy_continues_with_the_same_bits(void) {
    static const uint32_t counts[] = {1, 2, 7, 62, 63, 64};
    for (uint32_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        uint32_t channels = counts[k];
        Harness original, copy;
        Signal in = signal_make(channels, 1200), expected = signal_make(channels, 1200);
        Signal out = signal_make(channels, 1200);
        signal_fill_noise(&in, 9, 0.5f);
        harness_init(&original, config(channels));
        harness_init(&copy, config(channels));
        set_random_bands(&original, channels, EQ_BANDS - k % 2, 21);
        /* The copy has a past of its own, with other bands. */
        set_random_bands(&copy, channels, 5, 22);
        harness_run(&copy, &in, &out, 0, 300, 0);
        harness_run(&original, &in, &expected, 0, 600, 0);
        CHECK(harness_copy(&copy, &original) == DYNCHAIN_OK);
        harness_run(&original, &in, &expected, 600, 1200, 0);
        harness_run(&copy, &in, &out, 600, 1200, 0);
        for (uint32_t c = 0; c < channels; c++) {
            CHECK_SAME_BITS(signal_channel(&out, c) + 600, signal_channel(&expected, c) + 600, 600);
        }
        harness_free(&original);
        harness_free(&copy);
        signal_free(&in);
        signal_free(&expected);
        signal_free(&out);
    }
    Harness two, three;
    harness_init(&two, config(2));
    harness_init(&three, config(3));
    CHECK(harness_copy(&two, &three) == DYNCHAIN_ERR_STATE);
    harness_free(&two);
    harness_free(&three);
}

static void set_param_refuses_what_does_not_exist(void) {
    Harness harness;
    harness_init(&harness, config(2));
    ModuleInstance *self = &harness.instance;
    float f = 100.0f;
    int32_t type = 3;
    uint8_t on = 1;
    CHECK(dynchain_eq_table.setParam(self, EQ_FREQ, at(1, 19), &f, 4, 0) == DYNCHAIN_OK);
    CHECK(dynchain_eq_table.setParam(self, EQ_FREQ, at(2, 0), &f, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(dynchain_eq_table.setParam(self, EQ_FREQ, at(0, 20), &f, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(dynchain_eq_table.setParam(self, EQ_FREQ, at(0, 255), &f, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(dynchain_eq_table.setParam(self, EQ_FREQ, at(255, 0), &f, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(dynchain_eq_table.setParam(self, EQ_FREQ, 0, &f, 1, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(dynchain_eq_table.setParam(self, EQ_BAND_ENABLE, 0, &on, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(dynchain_eq_table.setParam(self, EQ_TYPE, 0, &type, 4, 0) == DYNCHAIN_OK);
    type = (int32_t)EQ_TYPES;
    CHECK(dynchain_eq_table.setParam(self, EQ_TYPE, 0, &type, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    type = -1;
    CHECK(dynchain_eq_table.setParam(self, EQ_TYPE, 0, &type, 4, 0) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(dynchain_eq_table.setParam(self, 0, 0, &f, 4, 0) == DYNCHAIN_ERR_UNKNOWN);
    CHECK(dynchain_eq_table.setParam(self, 6, 0, &f, 4, 0) == DYNCHAIN_ERR_UNKNOWN);
    harness_free(&harness);
}

/** |H| at an angle, rad per sample. */
static double magnitude(const double c[5], double w) {
    double br = c[0] + c[1] * cos(w) + c[2] * cos(2 * w), bi = -c[1] * sin(w) - c[2] * sin(2 * w);
    double ar = 1.0 + c[3] * cos(w) + c[4] * cos(2 * w), ai = -c[3] * sin(w) - c[4] * sin(2 * w);
    return sqrt((br * br + bi * bi) / (ar * ar + ai * ai));
}

static void designs_have_the_gains_their_names_promise(void) {
    const double pi = 3.14159265358979323846, w0 = 2.0 * pi * 1000.0 / 48000.0;
    const double boost = pow(10.0, 6.0 / 20.0), edge = 1e-12;
    static const struct {
        uint32_t type;
        double dc, centre, nyquist; /* linear; centre < 0 = depends on Q: not checked */
    } promise[] = {
        {DYNCHAIN_PEAKING, 1, 2, 1},   {DYNCHAIN_LOW_SHELF, 2, -1, 1}, {DYNCHAIN_HIGH_SHELF, 1, -1, 2},
        {DYNCHAIN_LOW_PASS, 1, 3, 0},  {DYNCHAIN_HIGH_PASS, 0, 3, 1},  {DYNCHAIN_BAND_PASS, 0, 1, 0},
        {DYNCHAIN_NOTCH, 1, 0, 1},     {DYNCHAIN_ALL_PASS, 1, 1, 1},   {DYNCHAIN_LOW_PASS_1, 1, 0.70710678118654752, 0},
        {DYNCHAIN_HIGH_PASS_1, 0, 0.70710678118654752, 1},
    };
    for (uint32_t k = 0; k < sizeof promise / sizeof promise[0]; k++) {
        double c[5];
        CHECK(DynChain_DesignBiquad(promise[k].type, 1000.0f, 6.0f, 3.0f, 48000.0, c) == DYNCHAIN_OK);
        double dc = promise[k].dc == 2 ? boost : promise[k].dc;
        double nyquist = promise[k].nyquist == 2 ? boost : promise[k].nyquist;
        double centre = promise[k].centre == 2 ? boost : promise[k].centre;
        CHECK_NEAR(magnitude(c, 0.0), dc, edge);
        CHECK_NEAR(magnitude(c, pi), nyquist, edge);
        if (centre >= 0.0) CHECK_NEAR(magnitude(c, w0), centre, edge);
    }
}

static void design_refuses_what_is_no_filter(void) {
    double c[5];
    const double rate = 48000.0;
    CHECK(DynChain_DesignBiquad(0, 1000.0f, 0.0f, 1.0f, rate, NULL) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_DesignBiquad(EQ_TYPES, 1000.0f, 0.0f, 1.0f, rate, c) == DYNCHAIN_ERR_ARGUMENT);
    static const float badFrequencies[] = {0.0f, -1.0f, 24000.0f, 1e9f, NAN, INFINITY};
    for (uint32_t k = 0; k < 6; k++)
        CHECK(DynChain_DesignBiquad(0, badFrequencies[k], 0.0f, 1.0f, rate, c) == DYNCHAIN_ERR_ARGUMENT);
    static const float badQ[] = {0.0f, -1.0f, NAN, INFINITY};
    for (uint32_t k = 0; k < 4; k++)
        CHECK(DynChain_DesignBiquad(0, 1000.0f, 0.0f, badQ[k], rate, c) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_DesignBiquad(0, 1000.0f, NAN, 1.0f, rate, c) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_DesignBiquad(0, 1000.0f, -INFINITY, 1.0f, rate, c) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_DesignBiquad(0, 1000.0f, 0.0f, 1.0f, 0.0, c) == DYNCHAIN_ERR_ARGUMENT);
    CHECK(DynChain_DesignBiquad(0, 1000.0f, 0.0f, 1.0f, (double)NAN, c) == DYNCHAIN_ERR_ARGUMENT);
}

int main(void) {
    CHECK_RUN(noise_and_impulse_match_the_difference_equation);
    CHECK_RUN(plain_and_vector_path_and_any_blocks_give_equal_bits);
    CHECK_RUN(blocks_of_one_to_three_samples_give_equal_bits);
    CHECK_RUN(every_number_of_bands_gives_equal_bits);
    CHECK_RUN(instruction_sets_agree);
    CHECK_RUN(eight_channels_together_equal_four_and_four);
    CHECK_RUN(without_enabled_bands_every_bit_passes);
    CHECK_RUN(a_band_acts_on_its_channel_only);
    CHECK_RUN(toggling_a_band_leaves_the_others_running);
    CHECK_RUN(reset_clears_signal_and_keeps_values);
    CHECK_RUN(reset_recovers_from_non_finite_input);
    CHECK_RUN(silence_leaves_no_denormal_state);
    CHECK_RUN(a_copy_continues_with_the_same_bits);
    CHECK_RUN(set_param_refuses_what_does_not_exist);
    CHECK_RUN(designs_have_the_gains_their_names_promise);
    CHECK_RUN(design_refuses_what_is_no_filter);
    return check_report();
}
