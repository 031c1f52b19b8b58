/* Parametric equaliser: groups of as many channels as a vector has lanes. Template, included once per instruction set
 * by eq_kernel.c, which defines EQ_NAME, EQ_TARGET, EQ_VMADD and EQ_VNMADD (vectors: a b + c and c - a b), the types
 * EQ_V, EQ_M and EQ_LANES (4 or 8).
 * SPDX-License-Identifier: Apache-2.0
 *
 * A tile of samples is turned from planar f32 into rows of doubles, one row a sample, one lane a channel; passes of up
 * to EQ_PASS sections run over it in place; then it is turned back.
 */

EQ_TARGET EQ_INLINE void EQ_NAME(pass)(EQ_V *tile, uint32_t samples, double *slot, const uint32_t sections) {
    const uint32_t stride = EQ_BANDS * EQ_LANES;
    EQ_V b0[EQ_PASS], d1[EQ_PASS], d2[EQ_PASS], a1[EQ_PASS], a2[EQ_PASS], s1[EQ_PASS], s2[EQ_PASS];
    for (uint32_t k = 0; k < sections; k++) {
        double *lanes = slot + k * EQ_LANES;
        b0[k] = *(const EQ_V *)(lanes + EQ_B0 * stride);
        d1[k] = *(const EQ_V *)(lanes + EQ_D1 * stride);
        d2[k] = *(const EQ_V *)(lanes + EQ_D2 * stride);
        a1[k] = *(const EQ_V *)(lanes + EQ_A1 * stride);
        a2[k] = *(const EQ_V *)(lanes + EQ_A2 * stride);
        s1[k] = *(const EQ_V *)(lanes + EQ_S1 * stride);
        s2[k] = *(const EQ_V *)(lanes + EQ_S2 * stride);
    }
    for (uint32_t i = 0; i < samples; i++) {
        EQ_V x = tile[i];
        for (uint32_t k = 0; k < sections; k++) {
            EQ_V y = EQ_VMADD(b0[k], x, s1[k]);
            EQ_V next = EQ_VNMADD(a1[k], s1[k], EQ_VMADD(d1[k], x, s2[k]));
            s2[k] = EQ_VNMADD(a2[k], s1[k], d2[k] * x);
            s1[k] = next;
            x = y;
        }
        tile[i] = x;
    }
    for (uint32_t k = 0; k < sections; k++) {
        EQ_M faded1 = (EQ_V)((EQ_M)s1[k] & EQ_SIGNLESS) < EQ_FADED;
        EQ_M faded2 = (EQ_V)((EQ_M)s2[k] & EQ_SIGNLESS) < EQ_FADED;
        *(EQ_V *)(slot + k * EQ_LANES + EQ_S1 * stride) = (EQ_V)((EQ_M)s1[k] & ~faded1);
        *(EQ_V *)(slot + k * EQ_LANES + EQ_S2 * stride) = (EQ_V)((EQ_M)s2[k] & ~faded2);
    }
}

EQ_TARGET static void EQ_NAME(passes)(EQ_V *tile, uint32_t samples, double *lanes, uint32_t slots) {
    for (uint32_t slot = 0, sections; slot < slots; slot += sections) {
        sections = eq_pass_length(slots - slot, EQ_PASS);
        double *first = lanes + slot * EQ_LANES;
        switch (sections) {
        case 1: EQ_NAME(pass)(tile, samples, first, 1); break;
        case 2: EQ_NAME(pass)(tile, samples, first, 2); break;
        case 3: EQ_NAME(pass)(tile, samples, first, 3); break;
        default: EQ_NAME(pass)(tile, samples, first, 4); break;
        }
    }
}

/* Turns EQ_LANES samples of EQ_LANES channels; `rows` come and go as f32 vectors. */
EQ_TARGET EQ_INLINE void EQ_NAME(turn)(EQ_F *rows) {
#if EQ_LANES == 4
    EQ_F a = EQ_SHUFFLE(rows[0], rows[1], 0, 4, 1, 5), b = EQ_SHUFFLE(rows[2], rows[3], 0, 4, 1, 5);
    EQ_F c = EQ_SHUFFLE(rows[0], rows[1], 2, 6, 3, 7), d = EQ_SHUFFLE(rows[2], rows[3], 2, 6, 3, 7);
    rows[0] = EQ_SHUFFLE(a, b, 0, 1, 4, 5);
    rows[1] = EQ_SHUFFLE(a, b, 2, 3, 6, 7);
    rows[2] = EQ_SHUFFLE(c, d, 0, 1, 4, 5);
    rows[3] = EQ_SHUFFLE(c, d, 2, 3, 6, 7);
#else
    EQ_F t[8], u[8];
    for (uint32_t k = 0; k < 4; k++) {
        t[2 * k] = EQ_SHUFFLE(rows[2 * k], rows[2 * k + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        t[2 * k + 1] = EQ_SHUFFLE(rows[2 * k], rows[2 * k + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    for (uint32_t k = 0; k < 2; k++) {
        for (uint32_t h = 0; h < 2; h++) {
            EQ_F low = t[4 * k + h], high = t[4 * k + h + 2];
            u[4 * k + 2 * h] = EQ_SHUFFLE(low, high, 0, 1, 8, 9, 4, 5, 12, 13);
            u[4 * k + 2 * h + 1] = EQ_SHUFFLE(low, high, 2, 3, 10, 11, 6, 7, 14, 15);
        }
    }
    for (uint32_t k = 0; k < 4; k++) {
        rows[k] = EQ_SHUFFLE(u[k], u[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        rows[k + 4] = EQ_SHUFFLE(u[k], u[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
#endif
}

EQ_TARGET static void EQ_NAME(wide)(const EqBlock *block) {
    EQ_V tile[EQ_TILE];
    double(*row)[EQ_LANES] = (double(*)[EQ_LANES])tile;
    for (uint32_t start = 0; start < block->samples; start += EQ_TILE) {
        uint32_t samples = block->samples - start < EQ_TILE ? block->samples - start : EQ_TILE;
        uint32_t whole = samples - samples % EQ_LANES;
        for (uint32_t i = 0; i < whole; i += EQ_LANES) {
            EQ_F rows[EQ_LANES];
            for (uint32_t c = 0; c < EQ_LANES; c++) {
                rows[c] = *(const EQ_FU *)(block->in[c < block->channels ? c : 0] + start + i);
            }
            EQ_NAME(turn)(rows);
            for (uint32_t k = 0; k < EQ_LANES; k++) tile[i + k] = __builtin_convertvector(rows[k], EQ_V);
        }
        for (uint32_t i = whole; i < samples; i++) {
            for (uint32_t c = 0; c < EQ_LANES; c++) row[i][c] = block->in[c < block->channels ? c : 0][start + i];
        }
        EQ_NAME(passes)(tile, samples, block->lanes, block->slots);
        for (uint32_t i = 0; i < whole; i += EQ_LANES) {
            EQ_F rows[EQ_LANES];
            for (uint32_t k = 0; k < EQ_LANES; k++) rows[k] = __builtin_convertvector(tile[i + k], EQ_F);
            EQ_NAME(turn)(rows);
            for (uint32_t c = 0; c < EQ_LANES; c++) {
                if (c < block->channels) *(EQ_FU *)(block->out[c] + start + i) = rows[c];
            }
        }
        for (uint32_t i = whole; i < samples; i++) {
            for (uint32_t c = 0; c < block->channels; c++) block->out[c][start + i] = (float)row[i][c];
        }
    }
}
