/* Test signal generator: state and kernels.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_GENERATOR_H
#define DYNCHAIN_GENERATOR_H

#include "../shared/glide.h"

extern const ModuleFuncTable dynchain_generator_table;

enum { GENERATOR_WAVEFORM = 1, GENERATOR_FREQUENCY = 2, GENERATOR_LEVEL_DB = 3 };

typedef enum GeneratorWaveform {
    GENERATOR_SINE = 0,
    GENERATOR_WHITE_NOISE,
    GENERATOR_PINK_NOISE,
    GENERATOR_SWEEP,
    GENERATOR_IMPULSE
} GeneratorWaveform;

#define GENERATOR_GLIDE_MS 20.0
/** Sine frequencies end at this share of the sample rate, whatever `freq` says. */
#define GENERATOR_HIGHEST_OF_RATE 0.49
#define GENERATOR_SWEEP_SECONDS 10u
#define GENERATOR_SWEEP_FROM_HZ 20.0
#define GENERATOR_SWEEP_TO_HZ 20000.0
#define GENERATOR_SWEEP_TO_OF_RATE 0.45
/** RMS of pink noise below the peak level; the rare samples beyond the level (about 4.5 sigma) are clipped to it. */
#define GENERATOR_PINK_CREST_DB 13.0
#define GENERATOR_PINK_POLES 12u

/** Pink noise: white noise through one-pole low-passes in parallel whose corners lie a factor of three apart, each with
 *  gain proportional to corner^(-1/2), a quadrature of s^(-1/2): 1/f within 0.35 dB from 20 Hz to min(20 kHz, 0.45
 *  rate) at every rate. */
typedef struct GeneratorPink {
    double pole[GENERATOR_PINK_POLES];
    double gain[GENERATOR_PINK_POLES]; /* 0 = unused */
    double direct;
} GeneratorPink;

typedef struct GeneratorChannel {
    uint32_t keys[2]; /* of the noise: different in every channel */
    double pink[GENERATOR_PINK_POLES];
} GeneratorChannel;

typedef struct GeneratorState {
    uint32_t channels;
    uint32_t waveform;
    uint32_t glideLength;
    uint32_t sampleRate;
    DynChainGlide level;     /* linear */
    DynChainGlide frequency; /* Hz */
    double turn;             /* phase steps a cycle and sample: 2^64 / rate */
    uint64_t phase;          /* 2^64 steps a cycle */
    uint64_t noiseAt;        /* samples of noise made */
    uint32_t impulseAt;      /* samples since the last impulse */
    uint32_t sweepAt;        /* samples since the sweep began */
    double sweepFrequency;   /* Hz, at sweepAt */
    double sweepRatio;       /* a sample */
    GeneratorPink pink;
    GeneratorChannel channel[];
} GeneratorState;

/** (RT) sin(2 pi phase / 2^32), error below 2e-9. */
void dynchain_generator_sine(float *restrict out, const uint32_t *restrict phases, uint32_t count,
                             uint8_t plain) DYNCHAIN_NONBLOCKING;
/** (RT) Uniform noise in [-1, 1]: a hash of the sample's number, so any part of the sequence can be made at any time.
 *  `first` + `count` must not pass 2^32. */
void dynchain_generator_white(float *restrict out, const uint32_t keys[2], uint32_t first, uint32_t count,
                              uint8_t plain) DYNCHAIN_NONBLOCKING;
/** (RT) White noise to pink noise within [-1, 1], in place. */
void dynchain_generator_pink(float *restrict inOut, const GeneratorPink *restrict filter, double *restrict memory,
                             uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING;
/** (RT) inOut = inOut * factors. */
void dynchain_generator_scale(float *restrict inOut, const float *restrict factors, uint32_t count,
                              uint8_t plain) DYNCHAIN_NONBLOCKING;
/** Designs the pink filter. Not per sample. */
GeneratorPink dynchain_generator_design_pink(double sampleRate);

#endif
