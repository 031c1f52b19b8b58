/* Parametric equaliser: one or two channels. Template, included once per instruction set by eq_kernel.c, which defines
 * EQ_NAME, EQ_TARGET, EQ_VMADD and EQ_VNMADD for vectors of 4 doubles.
 * SPDX-License-Identifier: Apache-2.0
 *
 * With few channels a vector holds several sections of a channel: lane = section * channels + channel. A section needs
 * the output of the section before it, so the sections are skewed in time: at step t section k works on sample t - k,
 * and between two steps every output moves `channels` lanes up to be the next section's input (a wavefront). While the
 * front enters and leaves a block, lanes that have no sample keep their state; blocks of any length, shorter than the
 * front too, therefore give the bits of the plain path.
 */

#define EQ_WAVE_VECTORS 3u

typedef struct EQ_NAME(Wave) {
    EqV4 b0[EQ_WAVE_VECTORS], d1[EQ_WAVE_VECTORS], d2[EQ_WAVE_VECTORS], a1[EQ_WAVE_VECTORS], a2[EQ_WAVE_VECTORS];
    EqV4 s1[EQ_WAVE_VECTORS], s2[EQ_WAVE_VECTORS];
    EqV4 y[EQ_WAVE_VECTORS]; /* outputs of the step before */
} EQ_NAME(Wave);

/* One step. `input` holds the channels' samples in its first lanes; with `masked`, only the lanes of sections that have
 * a sample at step t of a block keep their new states. */
EQ_TARGET EQ_INLINE void EQ_NAME(step)(EQ_NAME(Wave) * w, const EqV4 *input, const uint32_t channels,
                                       const uint32_t vectors, const uint32_t masked, int64_t t, int64_t samples) {
    EqV4 x[EQ_WAVE_VECTORS];
    x[0] = channels == 1 ? EQ_SHUFFLE(*input, w->y[0], 0, 4, 5, 6) : EQ_SHUFFLE(*input, w->y[0], 0, 1, 4, 5);
    for (uint32_t v = 1; v < vectors; v++) {
        x[v] = channels == 1 ? EQ_SHUFFLE(w->y[v - 1], w->y[v], 3, 4, 5, 6)
                             : EQ_SHUFFLE(w->y[v - 1], w->y[v], 2, 3, 4, 5);
    }
    for (uint32_t v = 0; v < vectors; v++) {
        EqV4 next1 = EQ_VNMADD(w->a1[v], w->s1[v], EQ_VMADD(w->d1[v], x[v], w->s2[v]));
        EqV4 next2 = EQ_VNMADD(w->a2[v], w->s1[v], w->d2[v] * x[v]);
        w->y[v] = EQ_VMADD(w->b0[v], x[v], w->s1[v]);
        if (masked) {
            const int64_t lane = 4 * (int64_t)v, per = channels;
            const EqM4 section = {lane / per, (lane + 1) / per, (lane + 2) / per, (lane + 3) / per};
            const EqM4 live = (section <= t) & (section > t - samples);
            w->s1[v] = (EqV4)(((EqM4)next1 & live) | ((EqM4)w->s1[v] & ~live));
            w->s2[v] = (EqV4)(((EqM4)next2 & live) | ((EqM4)w->s2[v] & ~live));
        } else {
            w->s1[v] = next1;
            w->s2[v] = next2;
        }
    }
}

/* `vectors` vectors of sections over a tile in place; a tile holds the channels' samples side by side. */
EQ_TARGET EQ_INLINE void EQ_NAME(wave_pass)(double *tile, uint32_t samples, double *first, const uint32_t channels,
                                            const uint32_t vectors) {
    const uint32_t stride = EQ_BANDS * channels;
    const uint32_t delay = 4 * vectors / channels - 1; /* steps from a sample's first section to its last */
    EQ_NAME(Wave) w;
    for (uint32_t v = 0; v < vectors; v++) {
        const double *lanes = first + 4 * v;
        w.b0[v] = *(const EqV4 *)(lanes + EQ_B0 * stride);
        w.d1[v] = *(const EqV4 *)(lanes + EQ_D1 * stride);
        w.d2[v] = *(const EqV4 *)(lanes + EQ_D2 * stride);
        w.a1[v] = *(const EqV4 *)(lanes + EQ_A1 * stride);
        w.a2[v] = *(const EqV4 *)(lanes + EQ_A2 * stride);
        w.s1[v] = *(const EqV4 *)(lanes + EQ_S1 * stride);
        w.s2[v] = *(const EqV4 *)(lanes + EQ_S2 * stride);
        w.y[v] = (EqV4){0.0, 0.0, 0.0, 0.0};
    }
    for (uint32_t t = 0; t < samples + delay;) {
        /* Whole front inside the block: plain sailing until the last sample has entered. */
        for (; t >= delay && t < samples; t++) {
            const double *in = tile + t * channels;
            EqV4 input = {in[0], in[channels - 1], 0.0, 0.0};
            EQ_NAME(step)(&w, &input, channels, vectors, 0, 0, 0);
            double *out = tile + (t - delay) * channels;
            for (uint32_t c = 0; c < channels; c++) out[c] = w.y[vectors - 1][4 - channels + c];
        }
        EqV4 input = {0.0, 0.0, 0.0, 0.0};
        for (uint32_t c = 0; c < channels && t < samples; c++) input[c] = tile[t * channels + c];
        EQ_NAME(step)(&w, &input, channels, vectors, 1, t, samples);
        for (uint32_t c = 0; c < channels && t >= delay; c++) {
            tile[(t - delay) * channels + c] = w.y[vectors - 1][4 - channels + c];
        }
        t++;
    }
    for (uint32_t v = 0; v < vectors; v++) {
        EqM4 faded1 = (EqV4)((EqM4)w.s1[v] & EQ_SIGNLESS) < EQ_FADED;
        EqM4 faded2 = (EqV4)((EqM4)w.s2[v] & EQ_SIGNLESS) < EQ_FADED;
        *(EqV4 *)(first + 4 * v + EQ_S1 * stride) = (EqV4)((EqM4)w.s1[v] & ~faded1);
        *(EqV4 *)(first + 4 * v + EQ_S2 * stride) = (EqV4)((EqM4)w.s2[v] & ~faded2);
    }
}

EQ_TARGET EQ_INLINE void EQ_NAME(wave_tiles)(const EqBlock *block, const uint32_t channels) {
    double tile[EQ_WAVE_TILE * 2];
    uint32_t vectors = (block->slots * channels + 3) / 4;
    for (uint32_t start = 0; start < block->samples; start += EQ_WAVE_TILE) {
        uint32_t samples = block->samples - start < EQ_WAVE_TILE ? block->samples - start : EQ_WAVE_TILE;
        for (uint32_t c = 0; c < channels; c++) {
            for (uint32_t i = 0; i < samples; i++) tile[i * channels + c] = block->in[c][start + i];
        }
        for (uint32_t v = 0, count; v < vectors; v += count) {
            count = eq_pass_length(vectors - v, EQ_WAVE_VECTORS);
            double *first = block->lanes + 4 * v;
            switch (count) {
            case 1: EQ_NAME(wave_pass)(tile, samples, first, channels, 1); break;
            case 2: EQ_NAME(wave_pass)(tile, samples, first, channels, 2); break;
            default: EQ_NAME(wave_pass)(tile, samples, first, channels, 3); break;
            }
        }
        for (uint32_t c = 0; c < channels; c++) {
            for (uint32_t i = 0; i < samples; i++) block->out[c][start + i] = (float)tile[i * channels + c];
        }
    }
}

EQ_TARGET static void EQ_NAME(wave)(const EqBlock *block) {
    if (block->width == 1) {
        EQ_NAME(wave_tiles)(block, 1);
    } else {
        EQ_NAME(wave_tiles)(block, 2);
    }
}
