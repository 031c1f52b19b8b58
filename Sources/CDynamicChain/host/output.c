/* What follows the chains in a frame: whole-chain bypass, audition of a band, level and mutes. Every change glides along
 * the fade, and a glide once begun ends before the next: each is a whole raised cosine.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "internal.h"

static uint32_t bitsOf(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static float floatOf(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* ---- glides ---- */

static void glideTo(const DynHost *host, OutputGlide *glide, float target) {
    if (glide->left == 0 && target != glide->to) *glide = (OutputGlide){glide->to, target, host->fadeLength};
}

static float glideAt(const DynHost *host, const OutputGlide *glide, uint32_t i) {
    if (i >= glide->left) return glide->to;
    return glide->from + host->fade[host->fadeLength - glide->left + i] * (glide->to - glide->from);
}

static void advance(OutputGlide *glide, uint32_t frames) { glide->left = glide->left > frames ? glide->left - frames : 0; }

static int restsAt(const OutputGlide *glide, float value) { return glide->left == 0 && glide->to == value; }

/* ---- bypass ---- */

void DynHost_SetBypass(DynHost *host, uint32_t isBypassed, float gain, uint32_t delay) {
    if (host == NULL || host->magic != DYNHOST_MAGIC || !(gain >= 0.0f)) return;
    uint32_t most = host->config.maxBypassDelay;
    float kept = gain < DYNHOST_MAX_GAIN ? gain : DYNHOST_MAX_GAIN;
    atomic_store_explicit(&host->bypass.gainBits, bitsOf(kept), memory_order_relaxed);
    atomic_store_explicit(&host->bypass.delayWanted, delay < most ? delay : most, memory_order_relaxed);
    atomic_store_explicit(&host->bypass.wanted, isBypassed != 0, memory_order_release);
}

void dynhost_keep_input(DynHost *host, uint64_t position) DYNCHAIN_NONBLOCKING {
    uint32_t n = host->config.frameSize, length = host->bypass.length;
    uint32_t start = (uint32_t)(position % length), first = length - start < n ? length - start : n;
    for (uint32_t ch = 0; ch < host->config.numInputs; ch++) {
        float *history = host->bypass.history + (size_t)ch * length;
        memcpy(history + start, host->in[ch], first * sizeof(float));
        memcpy(history, host->in[ch] + first, (n - first) * sizeof(float));
    }
}

static void bypass(DynHost *host, float *const *out) {
    Bypass *bypass = &host->bypass;
    uint32_t wanted = atomic_load_explicit(&bypass->wanted, memory_order_acquire);
    float gain = floatOf(atomic_load_explicit(&bypass->gainBits, memory_order_relaxed));
    if (restsAt(&bypass->weight, 0.0f)) {
        if (!wanted) return;
        bypass->delay = atomic_load_explicit(&bypass->delayWanted, memory_order_relaxed);
        bypass->gain = (OutputGlide){gain, gain, 0};
    }
    glideTo(host, &bypass->weight, wanted ? 1.0f : 0.0f);
    glideTo(host, &bypass->gain, gain);
    uint32_t n = host->config.frameSize, length = bypass->length;
    uint64_t position = atomic_load_explicit(&host->position, memory_order_relaxed);
    uint32_t start = (uint32_t)((position + length - bypass->delay) % length);
    for (uint32_t ch = 0; ch < host->config.numOutputs; ch++) {
        uint32_t from = host->config.numInputs == 1 ? 0 : ch;
        const float *history = from < host->config.numInputs ? bypass->history + (size_t)from * length : NULL;
        for (uint32_t i = 0; i < n; i++) {
            uint32_t at = start + i < length ? start + i : start + i - length;
            float dry = history != NULL ? history[at] * glideAt(host, &bypass->gain, i) : 0.0f;
            float weight = glideAt(host, &bypass->weight, i);
            out[ch][i] = weight == 1.0f ? dry : out[ch][i] + weight * (dry - out[ch][i]);
        }
    }
    advance(&bypass->weight, n);
    advance(&bypass->gain, n);
}

/* ---- audition ---- */

void DynHost_SetAudition(DynHost *host, float frequency, float q) {
    if (host == NULL || host->magic != DYNHOST_MAGIC) return;
    uint64_t wanted = 0;
    if (frequency > 0.0f && q > 0.0f && isfinite(frequency) && isfinite(q) && isfinite(1.0f / q)) {
        double ratio = (double)frequency / host->config.sampleRate;
        double g = tan(3.14159265358979323846 * (ratio < 0.49 ? ratio : 0.49));
        wanted = (uint64_t)bitsOf((float)g) << 32 | bitsOf(1.0f / q);
    }
    atomic_store_explicit(&host->audition.wanted, wanted, memory_order_relaxed);
}

/* Trapezoidal state-variable filter (Zavalishin, The Art of VA Filter Design, chapter 4): stays well-behaved while its
 * frequency moves from sample to sample, which a direct-form biquad does not. */
static void audition(DynHost *host, float *const *out) {
    Audition *audition = &host->audition;
    uint64_t wanted = atomic_load_explicit(&audition->wanted, memory_order_relaxed);
    if (wanted == 0 && restsAt(&audition->weight, 0.0f)) return;
    float g = wanted != 0 ? floatOf((uint32_t)(wanted >> 32)) : audition->g.to;
    float k = wanted != 0 ? floatOf((uint32_t)wanted) : audition->k.to;
    if (restsAt(&audition->weight, 0.0f)) {
        audition->g = (OutputGlide){g, g, 0};
        audition->k = (OutputGlide){k, k, 0};
        memset(audition->states, 0, host->config.numOutputs * sizeof(BandPassState));
    }
    glideTo(host, &audition->weight, wanted != 0 ? 1.0f : 0.0f);
    glideTo(host, &audition->g, g);
    glideTo(host, &audition->k, k);
    uint32_t n = host->config.frameSize;
    for (uint32_t ch = 0; ch < host->config.numOutputs; ch++) {
        BandPassState state = audition->states[ch];
        for (uint32_t i = 0; i < n; i++) {
            double gain = glideAt(host, &audition->g, i), damping = glideAt(host, &audition->k, i);
            double a1 = 1.0 / (1.0 + gain * (gain + damping)), a2 = gain * a1, v3 = out[ch][i] - state.s2;
            double band = a1 * state.s1 + a2 * v3, low = state.s2 + a2 * state.s1 + gain * a2 * v3;
            state = (BandPassState){2.0 * band - state.s1, 2.0 * low - state.s2};
            out[ch][i] += glideAt(host, &audition->weight, i) * ((float)(damping * band) - out[ch][i]);
        }
        /* What is beyond all numbers would stay in the filter for ever: the frame is muted, the filter begins anew. */
        if (!isfinite(state.s1) || !isfinite(state.s2)) {
            state = (BandPassState){0};
            memset(out[ch], 0, n * sizeof(float));
        }
        audition->states[ch] = state;
    }
    advance(&audition->weight, n);
    advance(&audition->g, n);
    advance(&audition->k, n);
}

/* ---- level ---- */

void DynHost_SetOutput(DynHost *host, float gain, uint32_t muteMask) DYNCHAIN_NONBLOCKING {
    if (host == NULL || !(gain >= 0.0f) || gain > DYNHOST_MAX_GAIN) return;
    atomic_store_explicit(&host->gainBits, bitsOf(gain), memory_order_relaxed);
    atomic_store_explicit(&host->muteMask, muteMask, memory_order_relaxed);
}

static float outputTarget(const DynHost *host, uint32_t channel) {
    float gain = floatOf(atomic_load_explicit(&host->gainBits, memory_order_relaxed));
    uint32_t mask = atomic_load_explicit(&host->muteMask, memory_order_relaxed);
    return channel < 32 && (mask >> channel) & 1u ? 0.0f : gain;
}

void DynHost_SetOutputNow(DynHost *host, float gain, uint32_t muteMask) {
    if (host == NULL || host->magic != DYNHOST_MAGIC) return;
    DynHost_SetOutput(host, gain, muteMask);
    for (uint32_t ch = 0; ch < host->config.numOutputs; ch++) {
        float target = outputTarget(host, ch);
        host->glides[ch] = (OutputGlide){target, target, 0};
    }
}

/* A target that changes during a glide waits until the glide has ended: every glide is a whole raised cosine. */
static void setLevel(DynHost *host, float *const *out) {
    uint32_t n = host->config.frameSize;
    uint64_t clipped = 0;
    for (uint32_t ch = 0; ch < host->config.numOutputs; ch++) {
        OutputGlide *glide = &host->glides[ch];
        float *samples = out[ch];
        uint32_t i = 0;
        while (i < n) {
            if (glide->left == 0) {
                float target = outputTarget(host, ch);
                if (target == glide->to) break;
                *glide = (OutputGlide){glide->to, target, host->fadeLength};
            }
            uint32_t end = glide->left < n - i ? i + glide->left : n;
            const float *weight = host->fade + (host->fadeLength - glide->left) - i;
            for (uint32_t k = i; k < end; k++)
                samples[k] = samples[k] * (glide->from + weight[k] * (glide->to - glide->from));
            glide->left -= end - i;
            i = end;
        }
        if (glide->to != 1.0f)
            for (uint32_t k = i; k < n; k++) samples[k] = samples[k] * glide->to;
        uint32_t over = 0;
        for (uint32_t k = 0; k < n; k++) over += samples[k] > 1.0f || samples[k] < -1.0f;
        clipped += over;
    }
    dynhost_count(&host->clippedSamples, clipped);
}

void dynhost_finish_output(DynHost *host, float *const *out) DYNCHAIN_NONBLOCKING {
    bypass(host, out);
    audition(host, out);
    setLevel(host, out);
}
