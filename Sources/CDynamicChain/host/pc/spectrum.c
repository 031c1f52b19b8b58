/* Power spectrum of a stretch of samples on a logarithmic grid, for eyes: Hann window, real transform by a complex one of
 * half the length, and the strongest or interpolated bin for each point of the grid.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "internal.h"

#define PI 3.14159265358979323846

struct DynSpectrum {
    uint32_t length; /* samples, a power of two */
    double *window;  /* sums to `length` / 2, so that a sine reads its amplitude */
    double *cosines, *sines; /* of length / 2 */
    double *re, *im;
    double *power; /* length / 2 + 1 bins */
};

DynSpectrum *DynSpectrum_Create(uint32_t length) {
    if (length < 64 || length > (1u << 20) || (length & (length - 1)) != 0) return NULL;
    DynSpectrum *made = calloc(1, sizeof *made);
    if (made == NULL) return NULL;
    uint32_t half = length / 2;
    made->length = length;
    made->window = malloc(length * sizeof(double));
    made->cosines = malloc(half * sizeof(double));
    made->sines = malloc(half * sizeof(double));
    made->re = malloc(half * sizeof(double));
    made->im = malloc(half * sizeof(double));
    made->power = calloc(half + 1, sizeof(double));
    if (!made->window || !made->cosines || !made->sines || !made->re || !made->im || !made->power) {
        DynSpectrum_Destroy(made);
        return NULL;
    }
    for (uint32_t i = 0; i < length; i++) made->window[i] = 0.5 - 0.5 * cos(2.0 * PI * i / length);
    for (uint32_t i = 0; i < half; i++) {
        made->cosines[i] = cos(2.0 * PI * i / length);
        made->sines[i] = sin(2.0 * PI * i / length);
    }
    return made;
}

void DynSpectrum_Destroy(DynSpectrum *spectrum) {
    if (spectrum == NULL) return;
    free(spectrum->window);
    free(spectrum->cosines);
    free(spectrum->sines);
    free(spectrum->re);
    free(spectrum->im);
    free(spectrum->power);
    free(spectrum);
}

void DynSpectrum_Clear(DynSpectrum *spectrum) {
    memset(spectrum->power, 0, (spectrum->length / 2 + 1) * sizeof(double));
}

/* In place, radix 2, decimation in time; the tables are those of twice the length. */
static void transform(const DynSpectrum *s) {
    uint32_t n = s->length / 2;
    for (uint32_t i = 1, j = 0; i < n; i++) {
        uint32_t bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i >= j) continue;
        double re = s->re[i], im = s->im[i];
        s->re[i] = s->re[j];
        s->im[i] = s->im[j];
        s->re[j] = re;
        s->im[j] = im;
    }
    for (uint32_t size = 2; size <= n; size *= 2) {
        uint32_t half = size / 2, step = s->length / size;
        for (uint32_t start = 0; start < n; start += size) {
            for (uint32_t k = 0; k < half; k++) {
                double c = s->cosines[k * step], d = -s->sines[k * step];
                double *re = &s->re[start + k], *im = &s->im[start + k];
                double tr = re[half] * c - im[half] * d, ti = re[half] * d + im[half] * c;
                re[half] = *re - tr;
                im[half] = *im - ti;
                *re += tr;
                *im += ti;
            }
        }
    }
}

void DynSpectrum_Add(DynSpectrum *s, const float *samples, uint32_t stride, double weight) {
    uint32_t half = s->length / 2;
    for (uint32_t i = 0; i < half; i++) {
        s->re[i] = s->window[2 * i] * samples[(size_t)(2 * i) * stride];
        s->im[i] = s->window[2 * i + 1] * samples[(size_t)(2 * i + 1) * stride];
    }
    transform(s);
    /* A sine of amplitude a puts a * length / 4 into its bin; read as a². */
    double scale = weight * 16.0 / ((double)s->length * s->length);
    for (uint32_t k = 0; k <= half; k++) {
        uint32_t a = k % half, b = (half - k) % half;
        double evenRe = 0.5 * (s->re[a] + s->re[b]), evenIm = 0.5 * (s->im[a] - s->im[b]);
        double oddRe = 0.5 * (s->im[a] + s->im[b]), oddIm = -0.5 * (s->re[a] - s->re[b]);
        double c = k < half ? s->cosines[k] : -1.0, d = k < half ? -s->sines[k] : 0.0;
        double re = evenRe + c * oddRe - d * oddIm, im = evenIm + c * oddIm + d * oddRe;
        s->power[k] += scale * (re * re + im * im);
    }
}

static double between(const DynSpectrum *s, double bin) {
    uint32_t last = s->length / 2, low = (uint32_t)bin;
    if (low >= last) return s->power[last];
    double part = bin - low;
    return s->power[low] + part * (s->power[low + 1] - s->power[low]);
}

void DynSpectrum_Read(const DynSpectrum *s, double sampleRate, double minHz, double maxHz, float *decibels,
                      uint32_t points, float floorDb) {
    double last = s->length / 2, perHz = s->length / sampleRate;
    double ratio = points > 1 ? pow(maxHz / minHz, 1.0 / (points - 1)) : 1.0, edge = sqrt(ratio), hz = minHz;
    for (uint32_t p = 0; p < points; p++, hz *= ratio) {
        double from = hz / edge * perHz, to = hz * edge * perHz, power = 0.0;
        if (hz * perHz <= last) {
            power = between(s, hz * perHz);
            /* Where a point stands for many bins, the strongest is seen. */
            for (double bin = ceil(from); bin < to && bin <= last; bin += 1.0)
                if (s->power[(uint32_t)bin] > power) power = s->power[(uint32_t)bin];
        }
        double db = power > 0.0 ? 10.0 * log10(power) : floorDb;
        decibels[p] = db > floorDb ? (float)db : floorDb;
    }
}
