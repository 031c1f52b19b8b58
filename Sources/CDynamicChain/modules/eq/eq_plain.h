/* Parametric equaliser: the plain path, one channel and one section at a time. Template, included once per kind of
 * arithmetic by eq_kernel.c, which defines EQ_NAME, EQ_TARGET, EQ_MADD and EQ_NMADD (scalars: a b + c and c - a b).
 * SPDX-License-Identifier: Apache-2.0
 */

EQ_TARGET static void EQ_NAME(plain_section)(double *restrict x, uint32_t samples, double *lane, uint32_t stride) {
    double b0 = lane[EQ_B0 * stride], d1 = lane[EQ_D1 * stride], d2 = lane[EQ_D2 * stride];
    double a1 = lane[EQ_A1 * stride], a2 = lane[EQ_A2 * stride];
    double s1 = lane[EQ_S1 * stride], s2 = lane[EQ_S2 * stride];
    for (uint32_t i = 0; i < samples; i++) {
        double y = EQ_MADD(b0, x[i], s1);
        double next = EQ_NMADD(a1, s1, EQ_MADD(d1, x[i], s2));
        s2 = EQ_NMADD(a2, s1, d2 * x[i]);
        s1 = next;
        x[i] = y;
    }
    lane[EQ_S1 * stride] = s1 > -EQ_FADED && s1 < EQ_FADED ? 0.0 : s1;
    lane[EQ_S2 * stride] = s2 > -EQ_FADED && s2 < EQ_FADED ? 0.0 : s2;
}

EQ_TARGET static void EQ_NAME(plain)(const EqBlock *block) {
    uint32_t stride = EQ_BANDS * block->width;
    uint32_t end = eq_lead(block->width, block->slots) + block->slots * block->width;
    double x[EQ_TILE];
    for (uint32_t c = 0; c < block->channels; c++) {
        for (uint32_t start = 0; start < block->samples; start += EQ_TILE) {
            uint32_t samples = block->samples - start < EQ_TILE ? block->samples - start : EQ_TILE;
            for (uint32_t i = 0; i < samples; i++) x[i] = block->in[c][start + i];
            for (uint32_t lane = c; lane < end; lane += block->width) {
                EQ_NAME(plain_section)(x, samples, block->lanes + lane, stride);
            }
            for (uint32_t i = 0; i < samples; i++) block->out[c][start + i] = (float)x[i];
        }
    }
}
