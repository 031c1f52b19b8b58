/* Parametric equaliser: which sections run, and their coefficients.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "eq.h"

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

/** What a copy on the audio thread may move. */
#define EQ_COPY_LIMIT 65536u

/* A vector is filled with repeated channels where that costs less than a smaller group. */
void dynchain_eq_group_channels(EqState *state, uint32_t channels, uint32_t maxWidth) {
    uint32_t first = 0, lane = 0;
    state->channels = channels;
    state->numGroups = 0;
    while (first < channels) {
        uint32_t left = channels - first, width = left;
        if (left >= 3) width = left >= 7 && maxWidth >= 8 ? 8 : 4;
        uint32_t used = left < width ? left : width;
        state->group[state->numGroups++] = (EqGroup){
            .width = (uint8_t)width, .channels = (uint8_t)used, .firstChannel = (uint8_t)first,
            .firstLane = (uint8_t)lane};
        first += used;
        lane += width;
    }
    state->lanes = lane;
}

size_t dynchain_eq_bytes(const EqState *state) {
    return eq_round(sizeof(EqState)) + eq_round(state->channels * EQ_BANDS * sizeof(EqBand)) +
           (size_t)state->lanes * EQ_BANDS * EQ_ARRAYS * sizeof(double);
}

/* Doubles of one array that kernels read now. */
static uint32_t eq_used(const EqGroup *group, uint32_t numSlots) {
    return eq_lead(group->width, numSlots) + numSlots * group->width;
}

static uint32_t eq_stride(const EqGroup *group) { return EQ_BANDS * group->width; }

static void eq_write_identity(double *lane, size_t stride) {
    for (uint32_t a = 0; a < EQ_ARRAYS; a++) lane[a * stride] = a == EQ_B0 ? 1.0 : 0.0;
}

static void eq_write_identities(double *lanes, size_t stride, uint32_t count) {
    for (uint32_t lane = 0; lane < count; lane++) eq_write_identity(lanes + lane, stride);
}

static void eq_write_section(const EqBand *band, uint32_t sampleRate, double *lane, uint32_t stride) {
    double c[5];
    if (DynChain_DesignBiquad(band->type, band->frequency, band->gainDb, band->q, sampleRate, c) != DYNCHAIN_OK) {
        eq_write_identity(lane, stride);
        return;
    }
    lane[EQ_B0 * stride] = c[0];
    lane[EQ_D1 * stride] = c[1] - c[0] * c[3];
    lane[EQ_D2 * stride] = c[2] - c[0] * c[4];
    lane[EQ_A1 * stride] = c[3];
    lane[EQ_A2 * stride] = c[4];
}

/* Gives slots to the bands of `active`: moves what stays, makes the rest identities. */
static void eq_assign_slots(EqState *state, uint32_t active) {
    uint8_t oldBands[EQ_BANDS];
    uint32_t oldSlots = state->numSlots;
    memcpy(oldBands, state->bandOfSlot, sizeof oldBands);
    state->numSlots = 0;
    for (uint32_t b = 0; b < EQ_BANDS; b++) {
        if (active >> b & 1) state->bandOfSlot[state->numSlots++] = (uint8_t)b;
    }
    for (uint32_t g = 0; g < state->numGroups; g++) {
        const EqGroup *group = &state->group[g];
        uint32_t width = group->width, stride = eq_stride(group);
        double *lanes = eq_lanes(state, group);
        for (uint32_t c = 0; c < width; c++) {
            double kept[EQ_BANDS][EQ_ARRAYS];
            uint32_t keptBands = 0;
            for (uint32_t s = 0; s < oldSlots; s++) {
                const double *lane = lanes + eq_lead(width, oldSlots) + s * width + c;
                for (uint32_t a = 0; a < EQ_ARRAYS; a++) kept[oldBands[s]][a] = lane[a * stride];
                keptBands |= UINT32_C(1) << oldBands[s];
            }
            uint32_t lead = eq_lead(width, state->numSlots);
            for (uint32_t lane = c; lane < lead; lane += width) eq_write_identity(lanes + lane, stride);
            for (uint32_t s = 0; s < state->numSlots; s++) {
                double *lane = lanes + lead + s * width + c;
                uint32_t b = state->bandOfSlot[s];
                if (keptBands >> b & 1) {
                    for (uint32_t a = 0; a < EQ_ARRAYS; a++) lane[a * stride] = kept[b][a];
                } else {
                    eq_write_identity(lane, stride);
                }
            }
        }
    }
}

void dynchain_eq_update(EqState *state, uint32_t sampleRate) DYNCHAIN_NONBLOCKING {
    uint32_t active = 0, running = 0;
    for (uint32_t c = 0; c < state->channels; c++) active |= state->enabled[c];
    for (uint32_t s = 0; s < state->numSlots; s++) running |= UINT32_C(1) << state->bandOfSlot[s];
    if (active != running) eq_assign_slots(state, active);
    for (uint32_t g = 0; g < state->numGroups; g++) {
        const EqGroup *group = &state->group[g];
        double *lanes = eq_lanes(state, group) + eq_lead(group->width, state->numSlots);
        for (uint32_t i = 0; i < group->channels; i++) {
            uint32_t channel = group->firstChannel + i;
            uint32_t work = state->dirty[channel] & active;
            for (uint32_t s = 0; work != 0 && s < state->numSlots; s++) {
                uint32_t band = state->bandOfSlot[s];
                if (!(work >> band & 1)) continue;
                double *lane = lanes + s * group->width + i;
                if (state->enabled[channel] >> band & 1) {
                    eq_write_section(&eq_bands(state, channel)[band], sampleRate, lane, eq_stride(group));
                } else {
                    eq_write_identity(lane, eq_stride(group));
                }
            }
            state->dirty[channel] &= ~active;
        }
    }
    state->changed = 0;
}

void dynchain_eq_clear(EqState *state) DYNCHAIN_NONBLOCKING {
    for (uint32_t g = 0; g < state->numGroups; g++) {
        const EqGroup *group = &state->group[g];
        double *lanes = eq_lanes(state, group);
        size_t bytes = eq_used(group, state->numSlots) * sizeof(double);
        memset(lanes + EQ_S1 * eq_stride(group), 0, bytes);
        memset(lanes + EQ_S2 * eq_stride(group), 0, bytes);
    }
}

void dynchain_eq_copy(EqState *to, const EqState *source) DYNCHAIN_NONBLOCKING {
    size_t bandBytes = source->channels * EQ_BANDS * sizeof(EqBand), laneBytes = 0;
    for (uint32_t g = 0; g < source->numGroups; g++)
        laneBytes += eq_used(&source->group[g], source->numSlots) * sizeof(double);
    memcpy(to, source, sizeof *to);
    memcpy(eq_bands(to, 0), eq_bands(source, 0), bandBytes);
    int whole = sizeof *to + bandBytes + EQ_ARRAYS * laneBytes <= EQ_COPY_LIMIT;
    for (uint32_t g = 0; g < source->numGroups; g++) {
        const EqGroup *group = &source->group[g];
        double *lanes = eq_lanes(to, group);
        size_t bytes = eq_used(group, source->numSlots) * sizeof(double), stride = eq_stride(group);
        if (!whole) eq_write_identities(lanes, stride, eq_used(group, source->numSlots));
        for (uint32_t a = whole ? EQ_B0 : EQ_S1; a < EQ_ARRAYS; a++)
            memcpy(lanes + a * stride, eq_lanes(source, group) + a * stride, bytes);
    }
    if (!whole) {
        for (uint32_t c = 0; c < to->channels; c++) to->dirty[c] = UINT32_MAX;
        to->changed = 1;
    }
}
