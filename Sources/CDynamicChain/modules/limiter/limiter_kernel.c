/* Look-ahead limiter: kernels.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "limiter.h"

DYNCHAIN_INLINE void first_peaks_body(float *restrict peak, const float *restrict in, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) peak[i] = __builtin_fabsf(in[i]);
}
DYNCHAIN_TWO_PATHS(first_peaks, (float *restrict peak, const float *restrict in, uint32_t count), (peak, in, count))

DYNCHAIN_INLINE void more_peaks_body(float *restrict peak, const float *restrict in, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        float magnitude = __builtin_fabsf(in[i]);
        peak[i] = magnitude > peak[i] ? magnitude : peak[i];
    }
}
DYNCHAIN_TWO_PATHS(more_peaks, (float *restrict peak, const float *restrict in, uint32_t count), (peak, in, count))

DYNCHAIN_INLINE void any_over_body(const float *restrict peak, const float *restrict ceiling, uint32_t count,
                                   uint32_t *over) {
    uint32_t any = 0;
    for (uint32_t i = 0; i < count; i++) any |= peak[i] > ceiling[i] ? 1u : 0u;
    *over = any;
}
DYNCHAIN_TWO_PATHS(any_over,
                   (const float *restrict peak, const float *restrict ceiling, uint32_t count, uint32_t *over),
                   (peak, ceiling, count, over))

DYNCHAIN_INLINE void requests_body(float *restrict peak, const float *restrict ceiling, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        float reduction = 1.0f - ceiling[i] / peak[i]; /* not a number or infinite where the peak is 0: not taken */
        peak[i] = peak[i] > ceiling[i] ? reduction : 0.0f;
    }
}
DYNCHAIN_TWO_PATHS(requests, (float *restrict peak, const float *restrict ceiling, uint32_t count),
                   (peak, ceiling, count))

DYNCHAIN_INLINE void apply_body(float *restrict inOut, const float *restrict gains, const float *restrict ceiling,
                                uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        float sample = inOut[i] * gains[i];
        sample = sample > ceiling[i] ? ceiling[i] : sample;
        inOut[i] = sample < -ceiling[i] ? -ceiling[i] : sample;
    }
}
DYNCHAIN_TWO_PATHS(apply,
                   (float *restrict inOut, const float *restrict gains, const float *restrict ceiling, uint32_t count),
                   (inOut, gains, ceiling, count))

uint32_t dynchain_limiter_peaks(float *restrict peak, const float *const *channel, uint32_t channels, uint32_t offset,
                                const float *restrict ceiling, uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING {
    uint32_t over;
    DYNCHAIN_RUN(plain, first_peaks, (peak, channel[0] + offset, count));
    for (uint32_t c = 1; c < channels; c++) DYNCHAIN_RUN(plain, more_peaks, (peak, channel[c] + offset, count));
    DYNCHAIN_RUN(plain, any_over, (peak, ceiling, count, &over));
    return over;
}

void dynchain_limiter_requests(float *restrict peak, const float *restrict ceiling, uint32_t count,
                               uint8_t plain) DYNCHAIN_NONBLOCKING {
    DYNCHAIN_RUN(plain, requests, (peak, ceiling, count));
}

void dynchain_limiter_apply(float *restrict inOut, const float *restrict gains, const float *restrict ceiling,
                            uint32_t count, uint8_t plain) DYNCHAIN_NONBLOCKING {
    DYNCHAIN_RUN(plain, apply, (inOut, gains, ceiling, count));
}

/* Three of the loops below are recursions with one maximum (and one product) a sample. They are written in groups of
 * four: what a group does by itself comes first, and only then meets what is carried into it, so that processors
 * overlap the groups. */

DYNCHAIN_INLINE float larger(float a, float b) { return a > b ? a : b; }
DYNCHAIN_INLINE double larger_f64(double a, double b) { return a > b ? a : b; }

/** Turns the finished block of requests into suffix maxima, from the end backwards. */
static void finish_block(float *hold, uint32_t window) {
    float largest = 0.0f;
    uint32_t i = window;
    for (; i >= 4; i -= 4) {
        float *group = hold + i - 4;
        float m2 = larger(group[2], group[3]), m1 = larger(group[1], m2), m0 = larger(group[0], m1);
        group[3] = larger(group[3], largest);
        group[2] = larger(m2, largest);
        group[1] = larger(m1, largest);
        largest = larger(m0, largest);
        group[0] = largest;
    }
    while (i-- > 0) {
        largest = larger(hold[i], largest);
        hold[i] = largest;
    }
}

/** Largest request of the last `window` samples. Van Herk's and Gil and Werman's method: the maximum of the present
 *  block's beginning and the previous block's end. Runs end where the block does. */
static void hold_requests(LimiterLane *lane, uint32_t window, const float *requests, float *held, uint32_t count) {
    for (uint32_t done = 0, run; done < count; done += run) {
        run = dynchain_min_u32(count - done, window - lane->phase);
        const float *in = requests + done;
        float *out = held + done, *hold = lane->hold + lane->phase;
        float newest = lane->newest;
        uint32_t i = 0;
        for (; i + 4 <= run; i += 4) {
            float m1 = larger(in[i], in[i + 1]), m2 = larger(m1, in[i + 2]), m3 = larger(m2, in[i + 3]);
            out[i] = larger(larger(in[i], hold[i + 1]), newest);
            out[i + 1] = larger(larger(m1, hold[i + 2]), newest);
            out[i + 2] = larger(larger(m2, hold[i + 3]), newest);
            out[i + 3] = larger(larger(m3, hold[i + 4]), newest);
            newest = larger(m3, newest);
            memcpy(hold + i, in + i, 4 * sizeof(float));
        }
        for (; i < run; i++) {
            newest = larger(in[i], newest);
            out[i] = larger(hold[i + 1], newest);
            hold[i] = in[i];
        }
        lane->newest = newest;
        lane->phase += run;
        if (lane->phase < window) continue;
        if (newest > 0.0f) finish_block(lane->hold, window);
        lane->newest = 0.0f;
        lane->phase = 0;
    }
    lane->holding = held[count - 1] > 0.0f;
}

/** The reduction falls by the release factor or follows the held request, whichever leaves it larger. Groups lie on
 *  stream time (`position`): `carried` is the reduction at the end of the last group, `local` what the present one
 *  would have without it. The products round differently from a plain recursion, but always in the same way. */
static void release_held(LimiterLane *lane, const LimiterRelease *release, uint32_t position, const float *held,
                         double *reductions, uint32_t count) {
    double carried = lane->carried, local = lane->local;
    double r1 = release->power[0], r2 = release->power[1], r3 = release->power[2], r4 = release->power[3];
    uint32_t i = 0;
    while (i < count) {
        uint32_t place = (position + i) & 3u;
        if (place == 0 && i + 4 <= count) {
            double l0 = (double)held[i];
            double l1 = larger_f64((double)held[i + 1], l0 * r1);
            double l2 = larger_f64((double)held[i + 2], l1 * r1);
            local = larger_f64((double)held[i + 3], l2 * r1);
            reductions[i] = larger_f64(l0, carried * r1);
            reductions[i + 1] = larger_f64(l1, carried * r2);
            reductions[i + 2] = larger_f64(l2, carried * r3);
            carried = larger_f64(local, carried * r4);
            reductions[i + 3] = carried;
            i += 4;
        } else {
            local = place == 0 ? (double)held[i] : larger_f64((double)held[i], local * r1);
            reductions[i] = larger_f64(local, carried * release->power[place]);
            if (place == 3) carried = reductions[i];
            i += 1;
        }
    }
    lane->carried = carried;
    lane->local = local;
    lane->reduction = reductions[count - 1];
}

/** What is negligible counts as nothing here but not in the recursion, so the sums are the same whether or not a lane
 *  has gone to rest in between. */
DYNCHAIN_INLINE void quantise_body(int32_t *restrict steps, const double *restrict reductions, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        double reduction = reductions[i] < LIMITER_NEGLIGIBLE ? 0.0 : reductions[i];
        steps[i] = (int32_t)(reduction * LIMITER_ONE);
    }
}
DYNCHAIN_TWO_PATHS(quantise, (int32_t *restrict steps, const double *restrict reductions, uint32_t count),
                   (steps, reductions, count))

/** Two moving averages in series: steps to sums of sums. Runs end where a ring does. */
static void average(LimiterLane *target, const LimiterTiming *timing, const int32_t *steps, int64_t *sums,
                    uint32_t count) {
    LimiterLane lane = *target;
    for (uint32_t done = 0, run; done < count; done += run) {
        run = dynchain_min_u32(count - done, timing->first - lane.firstAt);
        run = dynchain_min_u32(run, timing->second - lane.secondAt);
        int32_t *first = lane.firstRing + lane.firstAt;
        int64_t *second = lane.secondRing + lane.secondAt;
        for (uint32_t i = 0; i < run; i++) {
            int32_t step = steps[done + i];
            lane.firstSum += step - first[i];
            first[i] = step;
            lane.secondSum += lane.firstSum - second[i];
            second[i] = lane.firstSum;
            sums[done + i] = lane.secondSum;
        }
        lane.firstAt = lane.firstAt + run == timing->first ? 0 : lane.firstAt + run;
        lane.secondAt = lane.secondAt + run == timing->second ? 0 : lane.secondAt + run;
    }
    *target = lane;
}

DYNCHAIN_INLINE void to_gains_body(float *restrict gains, const int64_t *restrict sums, double scale, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) gains[i] = (float)(1.0 - (double)sums[i] * scale);
}
DYNCHAIN_TWO_PATHS(to_gains, (float *restrict gains, const int64_t *restrict sums, double scale, uint32_t count),
                   (gains, sums, scale, count))

void dynchain_limiter_gains(LimiterLane *lane, const LimiterTiming *timing, const LimiterRelease *release,
                            uint32_t position, const float *requests, float *gains, uint32_t count,
                            uint8_t plain) DYNCHAIN_NONBLOCKING {
    double reductions[DYNCHAIN_CHUNK];
    int32_t steps[DYNCHAIN_CHUNK];
    int64_t sums[DYNCHAIN_CHUNK];
    float held[DYNCHAIN_CHUNK];
    if (requests != NULL) {
        hold_requests(lane, timing->window, requests, held, count);
    } else {
        memset(held, 0, sizeof held); /* the sliding maximum is zero and stands still */
    }
    release_held(lane, release, position, held, reductions, count);
    DYNCHAIN_RUN(plain, quantise, (steps, reductions, count));
    average(lane, timing, steps, sums, count);
    DYNCHAIN_RUN(plain, to_gains, (gains, sums, timing->scale, count));
}
