/* Biquad design: Robert Bristow-Johnson's Audio EQ Cookbook and first-order bilinear forms.
 * SPDX-License-Identifier: Apache-2.0
 *
 * The formulas are the cookbook's, rearranged so that nothing cancels at low frequencies: with v = 1 - cos w0 computed
 * as 2 sin^2(w0/2), every denominator is written as a1 = -2 + small, a2 = 1 - small. A pole pair at 10 Hz and 192 kHz
 * keeps its frequency and Q to the last bit of the coefficients.
 */
#include <math.h>

#include "dynchain.h"

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

#define PI 3.14159265358979323846

typedef struct Prototype {
    double v;     /* 1 - cos w0 */
    double alpha; /* sin w0 / (2 Q) */
    double a;     /* 10^(gainDb/40), the square root of the linear gain */
} Prototype;

/** The denominator that all types but peaking and the shelves share. Returns a0. */
static double plain_poles(const Prototype *p, double out[5]) {
    double a0 = 1.0 + p->alpha;
    out[3] = -2.0 + 2.0 * (p->v + p->alpha) / a0;
    out[4] = 1.0 - 2.0 * p->alpha / a0;
    return a0;
}

static void numerator(double b0, double b1, double b2, double a0, double out[5]) {
    out[0] = b0 / a0;
    out[1] = b1 / a0;
    out[2] = b2 / a0;
}

static void peaking(const Prototype *p, double out[5]) {
    double up = p->alpha * p->a, down = p->alpha / p->a;
    double a0 = 1.0 + down;
    out[3] = -2.0 + 2.0 * (p->v + down) / a0;
    out[4] = 1.0 - 2.0 * down / a0;
    numerator(1.0 + up, 0.0, 1.0 - up, a0, out);
    out[1] = out[3];
}

static void low_shelf(const Prototype *p, double out[5]) {
    double a = p->a, slope = 2.0 * sqrt(a) * p->alpha;
    double a0 = 2.0 * a - (a - 1.0) * p->v + slope;
    out[3] = -2.0 + (4.0 * p->v + 2.0 * slope) / a0;
    out[4] = 1.0 - 2.0 * slope / a0;
    double even = 2.0 + (a - 1.0) * p->v;
    numerator(a * (even + slope), 2.0 * a * (-2.0 + (a + 1.0) * p->v), a * (even - slope), a0, out);
}

static void high_shelf(const Prototype *p, double out[5]) {
    double a = p->a, slope = 2.0 * sqrt(a) * p->alpha;
    double a0 = 2.0 + (a - 1.0) * p->v + slope;
    out[3] = -2.0 + (4.0 * a * p->v + 2.0 * slope) / a0;
    out[4] = 1.0 - 2.0 * slope / a0;
    double even = 2.0 * a - (a - 1.0) * p->v;
    numerator(a * (even + slope), -2.0 * a * (2.0 * a - (a + 1.0) * p->v), a * (even - slope), a0, out);
}

/** k = tan(w0/2); pole at (1 - k)/(1 + k). */
static void first_order(double k, int high, double out[5]) {
    double a0 = 1.0 + k;
    numerator(high ? 1.0 : k, high ? -1.0 : k, 0.0, a0, out);
    out[3] = -1.0 + 2.0 * k / a0;
    out[4] = 0.0;
}

int32_t DynChain_DesignBiquad(uint32_t type, float frequency, float gainDb, float q, double sampleRate,
                              double out[5]) DYNCHAIN_NONBLOCKING {
    /* Written so that not-a-number fails every comparison. */
    if (out == NULL || !(sampleRate > 0.0 && sampleRate <= 1e9)) return DYNCHAIN_ERR_ARGUMENT;
    if (!(frequency > 0.0f && (double)frequency < 0.5 * sampleRate)) return DYNCHAIN_ERR_ARGUMENT;
    if (!(q > 0.0f && q <= 1e6f) || !(gainDb >= -1000.0f && gainDb <= 1000.0f)) return DYNCHAIN_ERR_ARGUMENT;

    double halfAngle = PI * (double)frequency / sampleRate; /* w0 / 2, radians per sample */
    double sine = sin(halfAngle);
    Prototype p = {
        .v = 2.0 * sine * sine,
        .alpha = sin(2.0 * halfAngle) / (2.0 * (double)q),
        .a = pow(10.0, (double)gainDb / 40.0),
    };
    double a0;
    switch (type) {
    case DYNCHAIN_PEAKING: peaking(&p, out); break;
    case DYNCHAIN_LOW_SHELF: low_shelf(&p, out); break;
    case DYNCHAIN_HIGH_SHELF: high_shelf(&p, out); break;
    case DYNCHAIN_LOW_PASS:
        a0 = plain_poles(&p, out);
        numerator(0.5 * p.v, p.v, 0.5 * p.v, a0, out);
        break;
    case DYNCHAIN_HIGH_PASS: {
        double cosine = cos(halfAngle), opposite = 2.0 * cosine * cosine; /* 1 + cos w0 */
        a0 = plain_poles(&p, out);
        numerator(0.5 * opposite, -opposite, 0.5 * opposite, a0, out);
        break;
    }
    case DYNCHAIN_BAND_PASS:
        a0 = plain_poles(&p, out);
        numerator(p.alpha, 0.0, -p.alpha, a0, out);
        break;
    case DYNCHAIN_NOTCH:
        a0 = plain_poles(&p, out);
        numerator(1.0, 0.0, 1.0, a0, out);
        out[1] = out[3];
        break;
    case DYNCHAIN_ALL_PASS:
        plain_poles(&p, out);
        out[0] = out[4];
        out[1] = out[3];
        out[2] = 1.0;
        break;
    case DYNCHAIN_LOW_PASS_1: first_order(tan(halfAngle), 0, out); break;
    case DYNCHAIN_HIGH_PASS_1: first_order(tan(halfAngle), 1, out); break;
    default: return DYNCHAIN_ERR_ARGUMENT;
    }
    return DYNCHAIN_OK;
}
