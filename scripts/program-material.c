/* Writes the program material that `make run` and the examples play: 20 s of stereo music at 48 kHz that loops without
 * a seam. Every sample follows from the score below, so nothing that belongs to somebody else is in the repository.
 * SPDX-License-Identifier: Apache-2.0
 *
 *   program-material FILE.wav      32-bit float WAV, peak -3 dBFS
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE 48000
#define BEAT 30000 /* samples: 96 beats a minute */
#define BARS 8
#define LENGTH (BARS * 4 * BEAT)

static const double two_pi = 6.283185307179586;

typedef struct {
    float *left, *right;
} Track;

/** A decaying or sustained tone: partials falling by `tilt` dB an octave, each dying faster the higher it is. */
typedef struct {
    double start;    /* beats */
    double length;   /* beats until the release begins */
    double note;     /* MIDI number, fractions detune */
    double level;    /* linear */
    double pan;      /* -1 left … +1 right */
    double attack;   /* seconds */
    double decay;    /* seconds to 1/e of the fundamental, 0 = sustained */
    double release;  /* seconds to 1/e */
    double tilt;     /* dB an octave */
    int partials;
} Tone;

/** Equal-power weights of a position between the two channels. */
typedef struct {
    double left, right;
} Place;

static Place place(double pan) {
    double angle = (pan + 1.0) * two_pi / 8.0;
    return (Place){cos(angle), sin(angle)};
}

/** Adds one sample at any position; what rings past the end continues at the start, which makes the loop seamless. */
static void add(Track *track, long position, double value, Place where) {
    long at = position % LENGTH;
    track->left[at] += (float)(value * where.left);
    track->right[at] += (float)(value * where.right);
}

/** One partial: a phasor that turns by `frequency` and shrinks sample by sample. */
static void play_partial(Track *track, const Tone *tone, double frequency, int partial) {
    double held = tone->length * BEAT / RATE;
    long first = lround(tone->start * BEAT), rise = lround(tone->attack * RATE), hold = lround(held * RATE);
    long count = hold + lround(7.0 * tone->release * RATE);
    double turn = two_pi * frequency / RATE;
    double fall = tone->decay > 0.0 ? exp(-sqrt(partial) / (tone->decay * RATE)) : 1.0;
    double end = exp(-1.0 / (tone->release * RATE));
    double x = tone->level * pow(10.0, tone->tilt * log2(partial) / 20.0), y = 0.0;
    double c = cos(turn), s = sin(turn);
    Place where = place(tone->pan);
    for (long n = 0; n < count; n++) {
        double window = n < rise ? 0.5 - 0.5 * cos(two_pi / 2.0 * (double)n / (double)rise) : 1.0;
        add(track, first + n, y * window, where);
        double shrink = n < hold ? fall : fall * end;
        double turned = (x * c - y * s) * shrink;
        y = (x * s + y * c) * shrink;
        x = turned;
    }
}

static void play(Track *track, const Tone *tone) {
    double frequency = 440.0 * pow(2.0, (tone->note - 69.0) / 12.0);
    for (int partial = 1; partial <= tone->partials && frequency * partial < 16000.0; partial++) {
        play_partial(track, tone, frequency * partial, partial);
    }
}

static void kick(Track *track, double beat, double level) {
    long first = lround(beat * BEAT);
    double phase = 0.0;
    Place middle = place(0.0);
    for (long n = 0; n < RATE / 3; n++) {
        double seconds = (double)n / RATE;
        phase += two_pi * (48.0 + 110.0 * exp(-seconds / 0.025)) / RATE;
        add(track, first + n, level * sin(phase) * exp(-seconds / 0.11) * (1.0 - exp(-seconds / 0.001)), middle);
    }
}

/** A short burst of high-passed noise. */
static void brush(Track *track, double beat, double level, double decay, double pan, uint32_t seed) {
    long first = lround(beat * BEAT);
    double before = 0.0;
    Place where = place(pan);
    uint32_t state = seed;
    for (long n = 0; n < lround(decay * 8.0 * RATE); n++) {
        state = state * 1664525u + 1013904223u;
        double noise = (double)(int32_t)state / 2147483648.0;
        add(track, first + n, level * (noise - before) * exp(-(double)n / RATE / decay), where);
        before = noise;
    }
}

/** Two repeats of the loop so far, crossing sides: 3/4 of a beat apart, each 9 dB softer. */
static int echo(Track *track) {
    size_t bytes = LENGTH * sizeof(float);
    float *left = malloc(bytes), *right = malloc(bytes);
    if (left == NULL || right == NULL) {
        free(left);
        free(right);
        return 0;
    }
    memcpy(left, track->left, bytes);
    memcpy(right, track->right, bytes);
    const long apart = BEAT * 3 / 4;
    for (long n = 0; n < LENGTH; n++) {
        long once = (n + LENGTH - apart) % LENGTH, twice = (n + LENGTH - 2 * apart) % LENGTH;
        track->left[n] += 0.35f * right[once] + 0.125f * left[twice];
        track->right[n] += 0.35f * left[once] + 0.125f * right[twice];
    }
    free(left);
    free(right);
    return 1;
}

/** Four chords of two bars: A minor 9, F major 7, C major, G suspended. */
static const int chords[4][4] = {{57, 60, 64, 71}, {53, 57, 60, 64}, {55, 60, 64, 67}, {55, 60, 62, 67}};
static const int roots[4] = {33, 29, 36, 31};
static const int melody[32] = {76, 0, 72, 71, 0, 69, 0, 64, 69, 0, 72, 0, 76, 0, 0, 77,
                               76, 0, 72, 67, 0, 64, 0, 67, 74, 0, 71, 0, 67, 0, 69, 71};

static void compose_melodic(Track *track) {
    for (int step = 0; step < 64; step++) {
        const int *chord = chords[step / 16];
        Tone arpeggio = {step * 0.5, 0.4, chord[(step * 3) % 4] + 12.0, 0.10, step % 2 ? 0.5 : -0.5,
                         0.003, 0.35, 0.08, -9.0, 8};
        play(track, &arpeggio);
        int note = melody[step / 2];
        if (step % 2 == 0 && note != 0) {
            Tone lead = {step * 0.5, 0.9, note, 0.16, 0.1, 0.008, 0.9, 0.15, -12.0, 6};
            play(track, &lead);
        }
    }
}

static void compose_ground(Track *track) {
    for (int part = 0; part < 4; part++) {
        for (int voice = 0; voice < 4; voice++) {
            for (int side = -1; side <= 1; side += 2) {
                Tone pad = {part * 8.0, 7.6, chords[part][voice] + side * 0.04, 0.030, side * 0.8, 0.6, 0.0, 0.35,
                            -8.0, 10};
                play(track, &pad);
            }
        }
        for (int hit = 0; hit < 8; hit++) {
            Tone bass = {part * 8.0 + hit + (hit % 4 == 3 ? 0.5 : 0.0), 0.7, roots[part] + (hit % 4 == 2 ? 12.0 : 0.0),
                         0.22, 0.0, 0.006, 0.8, 0.06, -10.0, 7};
            play(track, &bass);
        }
    }
    for (int beat = 0; beat < BARS * 4; beat++) {
        if (beat % 2 == 0) kick(track, beat, 0.5);
        if (beat % 2 == 1) brush(track, beat, 0.05, 0.06, -0.1, 77u + (uint32_t)beat);
        brush(track, beat + 0.5, 0.025, 0.02, 0.35, 991u + (uint32_t)beat);
    }
}

static void normalise(Track *track) {
    float peak = 0.0f;
    for (long n = 0; n < LENGTH; n++) {
        peak = fmaxf(peak, fmaxf(fabsf(track->left[n]), fabsf(track->right[n])));
    }
    float gain = 0.7079458f / peak;
    for (long n = 0; n < LENGTH; n++) {
        track->left[n] *= gain;
        track->right[n] *= gain;
    }
}

static int write_u32(FILE *file, uint32_t value) {
    const uint8_t bytes[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24)};
    return fwrite(bytes, 1, 4, file) == 4;
}

static int write_wav(const char *path, const Track *track) {
    FILE *file = fopen(path, "wb");
    if (file == NULL) return 0;
    const uint32_t data = LENGTH * 2u * 4u;
    int ok = fwrite("RIFF", 1, 4, file) == 4 && write_u32(file, 4u + 26u + 12u + 8u + data);
    ok = ok && fwrite("WAVEfmt ", 1, 8, file) == 8 && write_u32(file, 18u);
    ok = ok && write_u32(file, 3u | 2u << 16) && write_u32(file, RATE); /* IEEE float, two channels */
    ok = ok && write_u32(file, RATE * 8u) && write_u32(file, 8u | 32u << 16);
    ok = ok && fwrite("\0\0", 1, 2, file) == 2; /* no extension */
    ok = ok && fwrite("fact", 1, 4, file) == 4 && write_u32(file, 4u) && write_u32(file, LENGTH);
    ok = ok && fwrite("data", 1, 4, file) == 4 && write_u32(file, data);
    for (long n = 0; ok && n < LENGTH; n++) {
        uint32_t pair[2];
        memcpy(&pair[0], &track->left[n], 4);
        memcpy(&pair[1], &track->right[n], 4);
        ok = write_u32(file, pair[0]) && write_u32(file, pair[1]);
    }
    return fclose(file) == 0 && ok;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s FILE.wav\n", argv[0]);
        return 64;
    }
    Track track = {calloc(LENGTH, sizeof(float)), calloc(LENGTH, sizeof(float))};
    int ok = track.left != NULL && track.right != NULL;
    if (ok) {
        compose_melodic(&track);
        ok = echo(&track);
    }
    if (ok) {
        compose_ground(&track);
        normalise(&track);
        ok = write_wav(argv[1], &track);
    }
    free(track.left);
    free(track.right);
    if (!ok) {
        fprintf(stderr, "%s: ", argv[0]);
        perror(argv[1]);
    }
    return ok ? 0 : 1;
}
