#!/usr/bin/env python3
"""Compares the equaliser of the DynamicChain library with scipy in float64.

    filter_reference.py LIBRARY [--settings N] [--rates HZ,HZ...]

For every filter type and sample rate, N random settings (default 200, the extremes of every range among them):

    design     coefficients against the Audio EQ Cookbook's formulas in 50-digit decimals: <= 1e-12 relative; a
               coefficient that crosses zero is held against a thousandth of the largest of its polynomial
    noise      RMS of (library - sosfilt) over RMS of sosfilt, white noise: <= 1e-6
    impulse    the same for the impulse response, until it has decayed by 140 dB or for 524288 samples
    dB, deg    frequency response against sosfilt's where it is above -60 dB, from 20 Hz to min(20 kHz, 0.45 rate):
               <= 0.001 dB and <= 0.01 degrees

and per rate cascades of 20 bands with noise. Parameters are rounded to float32 first, for both sides; both get the same
float32 samples. The library is reached through its public API only.

The library's output is float32: its rounding errors make a noise floor in a measured response, about 150 dB below the
filter's highest peak. Where that is too near to -60 dB (resonances of high Q), the response is the mean over impulses of
different heights, as many as bring the floor to a fifth of the tolerance.

Prints the largest error of each kind, type and rate; exits 1 if any misses. Last line: `N passed, N failed`.
"""

import argparse
import concurrent.futures
import ctypes
import os
import sys
from dataclasses import dataclass, field
from decimal import Decimal, getcontext

import numpy as np
import scipy.fft
import scipy.signal

from dynamic_chain import Library, OneModuleChain

EQ_TYPE_ID = 0x16676001
TYPE, FREQ, GAIN_DB, Q, BAND_ENABLE = 1, 2, 3, 4, 5
BANDS = 20
TYPES = ["peaking", "lowShelf", "highShelf", "lowPass", "highPass", "bandPass", "notch", "allPass", "lowPass1",
         "highPass1"]

LIMITS = {"design": 1e-12, "noise": 1e-6, "impulse": 1e-6, "dB": 0.001, "deg": 0.01}
NOISE_SAMPLES = 32768
SHORTEST_IMPULSE, LONGEST_IMPULSE = 1 << 15, 1 << 19
DECAY = 1e-7
SAMPLES_AT_ONCE = 1 << 24
MAX_CHANNELS = 64
LOWEST_GAIN = 1e-3
# RMS of float32 rounding over the RMS of what is rounded.
ROUNDING = 2.0**-24 / np.sqrt(3.0) / 1.3

getcontext().prec = 50
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")


def sine_and_cosine(x):
    """Taylor series, x in [0, pi]."""
    sine, cosine, term, n = Decimal(0), Decimal(1), Decimal(1), 0
    while abs(term) > Decimal("1e-48") or n < 8:
        n += 1
        term = term * x / n
        if n % 2:
            sine += term if n % 4 == 1 else -term
        else:
            cosine += term if n % 4 == 0 else -term
    return sine, cosine


def cookbook(name, frequency, gain_db, q, rate):
    """b0, b1, b2, a0, a1, a2 as the Audio EQ Cookbook prints them; first-order types by the bilinear transform."""
    one = Decimal(1)
    s, c = sine_and_cosine(2 * PI * Decimal(float(frequency)) / Decimal(int(rate)))
    alpha = s / (2 * Decimal(float(q)))
    a = Decimal(10) ** (Decimal(float(gain_db)) / 40)
    if name == "lowPass1" or name == "highPass1":
        k = s / (1 + c)  # tan(w0/2)
        b = (k, k, 0 * one) if name == "lowPass1" else (one, -one, 0 * one)
        return (*b, 1 + k, k - 1, 0 * one)
    if name == "peaking":
        return 1 + alpha * a, -2 * c, 1 - alpha * a, 1 + alpha / a, -2 * c, 1 - alpha / a
    if name in ("lowShelf", "highShelf"):
        sign = one if name == "lowShelf" else -one
        p, m, r = a + 1, a - 1, 2 * a.sqrt() * alpha
        return (a * (p - sign * m * c + r), sign * 2 * a * (m - sign * p * c), a * (p - sign * m * c - r),
                p + sign * m * c + r, -sign * 2 * (m + sign * p * c), p + sign * m * c - r)
    b = {
        "lowPass": ((1 - c) / 2, 1 - c, (1 - c) / 2),
        "highPass": ((1 + c) / 2, -(1 + c), (1 + c) / 2),
        "bandPass": (alpha, 0 * one, -alpha),
        "notch": (one, -2 * c, one),
        "allPass": (1 - alpha, -2 * c, 1 + alpha),
    }[name]
    return (*b, 1 + alpha, -2 * c, 1 - alpha)


@dataclass
class Setting:
    """One band: values as float32 holds them, and the reference's coefficients."""

    name: str
    frequency: np.float32
    gain_db: np.float32
    q: np.float32
    rate: int
    coefficients: list = field(init=False)

    def __post_init__(self):
        values = cookbook(self.name, self.frequency, self.gain_db, self.q, self.rate)
        self.coefficients = [value / values[3] for value in values]

    @property
    def sos(self):
        return np.array([[float(value) for value in self.coefficients]])

    def impulse_length(self):
        """Samples until the slowest pole has decayed to DECAY."""
        radius = max(abs(np.roots(self.sos[0, 3:])))
        length = np.log(DECAY) / np.log(radius) if 0 < radius < 1 else 0
        return int(np.clip(length, SHORTEST_IMPULSE, LONGEST_IMPULSE))

    def design_error(self, library):
        actual = library.design(TYPES.index(self.name), self.frequency, self.gain_db, self.q, self.rate)
        expected = [self.coefficients[k] for k in (0, 1, 2, 4, 5)]
        worst = 0.0
        for polynomial in (slice(0, 3), slice(3, 5)):
            floor = max(abs(value) for value in expected[polynomial]) / 1000
            for got, value in zip(actual[polynomial], expected[polynomial]):
                scale = max(abs(value), floor)
                difference = abs(Decimal(float(got)) - value)
                worst = max(worst, float(difference / scale) if scale > 0 else float(difference > 0))
        return worst


def random_settings(name, rate, count, rng):
    """Every corner of the ranges first, then values spread evenly over logarithmic scales (dB for gain)."""
    top = np.float32(0.49 * rate)
    if float(top) > 0.49 * rate:
        top = np.nextafter(top, np.float32(0))
    corners = [(f, g, q) for f in (10, top) for q in (0.1, 100) for g in (-30, 30)]
    settings = []
    for k in range(count):
        if k < len(corners):
            f, g, q = corners[k]
        else:
            f = np.clip(np.exp(rng.uniform(np.log(10), np.log(top))), 10, top)
            g = rng.uniform(-30, 30)
            q = np.clip(np.exp(rng.uniform(np.log(0.1), np.log(100))), 0.1, 100)
        settings.append(Setting(name, np.float32(f), np.float32(g), max(np.float32(q), np.float32(0.1)), rate))
    return settings


def equaliser(library, rate, channels):
    """`channels` holds a list of settings each: its bands."""
    chain = OneModuleChain(library, EQ_TYPE_ID, "eq#1", len(channels), rate)
    for c, bands in enumerate(channels):
        for b, band in enumerate(bands):
            index = c << 8 | b
            chain.set(TYPE, index, ctypes.c_int32(TYPES.index(band.name)))
            chain.set(FREQ, index, ctypes.c_float(band.frequency))
            chain.set(GAIN_DB, index, ctypes.c_float(band.gain_db))
            chain.set(Q, index, ctypes.c_float(band.q))
            chain.set(BAND_ENABLE, index, ctypes.c_uint8(1))
    return chain


def residual(actual, expected):
    difference = actual - expected
    return np.sqrt(np.dot(difference, difference) / np.dot(expected, expected))


def noise_errors(library, settings, rng):
    errors = []
    for start in range(0, len(settings), MAX_CHANNELS):
        group = settings[start : start + MAX_CHANNELS]
        signal = rng.uniform(-0.5, 0.5, (len(group), NOISE_SAMPLES)).astype(np.float32)
        output = equaliser(library, group[0].rate, [[setting] for setting in group]).process(signal)
        for setting, x, y in zip(group, signal, output):
            errors.append(residual(y.astype(float), scipy.signal.sosfilt(setting.sos, x.astype(float))))
    return errors


@dataclass
class ImpulseJob:
    """A setting whose impulse response is measured, and the heights of the impulses that are averaged."""

    setting: Setting
    length: int
    heights: np.ndarray = field(default=None)
    added: int = 0
    first: np.ndarray = field(default=None)
    sum: np.ndarray = field(default=None)

    def reference(self):
        impulse = np.zeros(self.length)
        impulse[0] = 1.0
        return scipy.signal.sosfilt(self.setting.sos, impulse)

    def spectrum(self, response):
        """The part of the response's spectrum that is compared."""
        size = scipy.fft.next_fast_len(self.length, real=True)
        first = int(np.ceil(20.0 * size / self.setting.rate))
        last = int(min(20000.0, 0.45 * self.setting.rate) * size / self.setting.rate)
        return scipy.fft.rfft(response, size)[first : last + 1]

    def plan(self, rng):
        response = self.reference()
        top = min(20000.0, 0.45 * self.setting.rate)
        _, gain = scipy.signal.sosfreqz(self.setting.sos, np.geomspace(20.0, top, 4096), fs=self.setting.rate)
        gain = np.abs(gain)
        gain = gain[gain >= LOWEST_GAIN]
        count = 1
        if gain.size:
            floor = 4 * ROUNDING * np.sqrt(np.dot(response, response)) / gain.min()
            tolerance = min(np.log(10) / 20 * LIMITS["dB"], np.radians(LIMITS["deg"])) / 5
            count = int(np.clip(np.ceil((floor / tolerance) ** 2), 1, 1024))
        self.heights = np.append(1.0, rng.uniform(0.5, 1.0, count - 1)).astype(np.float32)

    def add(self, response):
        """Takes a measured response of unit height."""
        self.added += 1
        if self.first is None:
            self.first = response
            self.sum = response.copy()
        else:
            self.sum += response

    def errors(self):
        """Impulse residual of the first response, dB and degrees of their mean; frees the responses."""
        expected = self.reference()
        whole = residual(self.first, expected)
        reference = self.spectrum(expected)
        audible = np.abs(reference) >= LOWEST_GAIN
        measured = self.spectrum(self.sum / self.added)
        self.first = self.sum = None
        if not audible.any():
            return whole, 0.0, 0.0
        ratio = measured[audible] / reference[audible]
        return whole, np.max(np.abs(20 * np.log10(np.abs(ratio)))), np.max(np.abs(np.degrees(np.angle(ratio))))


def impulse_errors(library, settings, rng):
    """Lists of impulse residuals, dB and degrees."""
    jobs = sorted((ImpulseJob(setting, setting.impulse_length()) for setting in settings), key=lambda job: job.length)
    results = []
    for job in jobs:
        job.plan(rng)
    pending = [(job, height) for job in jobs for height in job.heights]
    while pending:
        count = min(MAX_CHANNELS, len(pending))
        while count > 1 and count * pending[count - 1][0].length > SAMPLES_AT_ONCE:
            count -= 1
        group, pending = pending[:count], pending[count:]
        signal = np.zeros((count, group[-1][0].length), dtype=np.float32)
        signal[:, 0] = [height for _, height in group]
        output = equaliser(library, settings[0].rate, [[job.setting] for job, _ in group]).process(signal)
        for (job, height), y in zip(group, output):
            job.add(y[: job.length].astype(float) / float(height))
            if job.added == len(job.heights):
                results.append(job.errors())
    return zip(*results)


def cascade_error(library, rate, rng):
    """20 bands of any type on 8 channels, gains and Qs of everyday use."""
    channels = []
    for _ in range(8):
        bands = []
        for _ in range(BANDS):
            name = TYPES[rng.integers(len(TYPES))]
            if name in ("lowPass", "highPass", "bandPass"):
                name = "peaking"  # a row of these would leave nothing to compare
            values = np.exp(rng.uniform(np.log(30), np.log(0.4 * rate))), rng.uniform(-12, 12), rng.uniform(0.3, 10)
            bands.append(Setting(name, *(np.float32(value) for value in values), rate))
        channels.append(bands)
    signal = rng.uniform(-0.5, 0.5, (8, NOISE_SAMPLES)).astype(np.float32)
    output = equaliser(library, rate, channels).process(signal)
    return max(
        residual(y.astype(float), scipy.signal.sosfilt(np.vstack([band.sos for band in bands]), x.astype(float)))
        for bands, x, y in zip(channels, signal, output))


def row_errors(path, rate, number, count):
    """Largest errors of one row of the table, by kind: a filter type, or the cascades after the last type."""
    library = Library(path)
    rng = np.random.default_rng([rate, number])
    if number == len(TYPES):
        return {"noise": cascade_error(library, rate, rng)}
    settings = random_settings(TYPES[number], rate, count, rng)
    impulse, decibels, degrees = impulse_errors(library, settings, rng)
    return {
        "design": max(setting.design_error(library) for setting in settings),
        "noise": max(noise_errors(library, settings, rng)),
        "impulse": max(impulse), "dB": max(decibels), "deg": max(degrees),
    }


def main():
    parser = argparse.ArgumentParser(description="EQ of a DynamicChain library against scipy")
    parser.add_argument("library")
    parser.add_argument("--settings", type=int, default=200)
    parser.add_argument("--rates", default="44100,48000,96000,192000")
    arguments = parser.parse_args()
    rows = [(int(rate), number) for rate in arguments.rates.split(",") for number in range(len(TYPES) + 1)]
    passed = failed = 0
    print(f"{arguments.settings} settings a row, largest errors; limits: "
          + ", ".join(f"{kind} {limit:g}" for kind, limit in LIMITS.items()))
    print(f"{'rate':>7} {'type':<10} " + " ".join(f"{kind:>9}" for kind in LIMITS), flush=True)
    with concurrent.futures.ProcessPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        results = [pool.submit(row_errors, arguments.library, *row, arguments.settings) for row in rows]
        for (rate, number), result in zip(rows, results):
            errors = result.result()
            missed = [kind for kind, error in errors.items() if not error <= LIMITS[kind]]
            failed += len(missed)
            passed += len(errors) - len(missed)
            name = f"{BANDS} bands" if number == len(TYPES) else TYPES[number]
            row = " ".join(f"{errors[kind]:9.2e}" if kind in errors else " " * 9 for kind in LIMITS)
            print(f"{rate:>7} {name:<10} {row}" + (f"  MISSED: {', '.join(missed)}" if missed else ""), flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
