/* Peaks and powers of interleaved samples.
 * SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

void DynLevels_Measure(const float *samples, uint32_t channels, uint32_t frames, float *peaks, float *squares) {
    for (uint32_t ch = 0; ch < channels; ch++) {
        float peak = 0.0f;
        double sum = 0.0;
        for (uint32_t i = 0; i < frames; i++) {
            float sample = samples[(size_t)i * channels + ch];
            float size = sample < 0.0f ? -sample : sample;
            if (size > peak) peak = size;
            sum += (double)sample * sample;
        }
        peaks[ch] = peak;
        squares[ch] = frames > 0 ? (float)(sum / frames) : 0.0f;
    }
}
