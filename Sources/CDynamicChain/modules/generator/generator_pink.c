/* Test signal generator: design of the pink noise filter.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "generator.h"

/* Fitted to 1/f between 20 Hz and 0.45 of the rate: the highest corner as a share of the rate, the gain of its pole
 * over that of the quadrature, and the direct path. They make up for the corners that lie beyond the Nyquist rate. */
static const double highestCorner = 0.17264481;
static const double highestGain = 1.87209497;
static const double directPath = 0.06212051;
static const double cornerRatio = 3.0;
static const double lowestCornerHz = 2.5;

/** Variance of the output for white noise of variance 1. */
static double pink_variance(const GeneratorPink *pink) {
    double variance = pink->direct * pink->direct;
    for (uint32_t i = 0; i < GENERATOR_PINK_POLES; i++) {
        variance += 2.0 * pink->direct * pink->gain[i];
        for (uint32_t k = 0; k < GENERATOR_PINK_POLES; k++) {
            variance += pink->gain[i] * pink->gain[k] / (1.0 - pink->pole[i] * pink->pole[k]);
        }
    }
    return variance;
}

GeneratorPink dynchain_generator_design_pink(double sampleRate) {
    GeneratorPink pink = {.direct = directPath};
    double corner = highestCorner;
    for (uint32_t i = 0; i < GENERATOR_PINK_POLES; i++) {
        pink.pole[i] = exp(-2.0 * 3.14159265358979323846 * corner);
        pink.gain[i] = (1.0 - pink.pole[i]) / sqrt(corner) * (i == 0 ? highestGain : 1.0);
        if (corner * sampleRate < lowestCornerHz) break;
        corner /= cornerRatio;
    }
    double uniformVariance = 1.0 / 3.0;
    double scale = pow(10.0, -GENERATOR_PINK_CREST_DB / 20.0) / sqrt(pink_variance(&pink) * uniformVariance);
    for (uint32_t i = 0; i < GENERATOR_PINK_POLES; i++) pink.gain[i] *= scale;
    pink.direct *= scale;
    return pink;
}
