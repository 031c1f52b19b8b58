import unittest
from decimal import Decimal, getcontext

import numpy as np
from scipy.signal import freqz

from filters import TYPES, Band, band_db, bands_db, low_shelf_slopes, peaking_slopes
from tests.rooms import cookbook


def rounded(type_: str, freq: float, gain: float, q: float) -> Band:
    """A band whose values are float32, as the node's are."""
    return Band(type_, *(float(np.float32(value)) for value in (freq, gain, q)))


class Responses(unittest.TestCase):
    def test_all_types_equal_the_cookbook(self) -> None:
        chance = np.random.default_rng(1)
        for rate in (32000.0, 44100.0, 48000.0, 96000.0):
            # Below a hundredth of the rate the polynomials themselves lose digits; the next test has more of them.
            freqs = np.geomspace(0.01 * rate, 0.49 * rate, 300)
            for type_ in TYPES:
                for _ in range(40):
                    band = rounded(type_, np.exp(chance.uniform(np.log(0.005 * rate), np.log(0.45 * rate))),
                                   chance.uniform(-30, 30), np.exp(chance.uniform(np.log(0.1), np.log(20))))
                    b, a = cookbook(band, rate)
                    expected = 20.0 * np.log10(np.abs(freqz(b, a, freqs, fs=rate)[1]))
                    with self.subTest(band=band, rate=rate):
                        near = expected > -100.0  # a zero on the unit circle is as deep as rounding lets it be
                        self.assertLessEqual(np.abs(band_db(band, freqs, rate) - expected)[near].max(), 1e-9)

    def test_low_frequencies_equal_the_cookbook_in_fifty_digits(self) -> None:
        getcontext().prec = 50
        for type_, gain, sign in (("peaking", 12.0, 0), ("lowShelf", -9.0, 1), ("highShelf", 9.0, -1)):
            for freq, q, rate in ((10.0, 0.7, 192000), (20.0, 10.0, 48000), (63.0, 100.0, 96000)):
                band = rounded(type_, freq, gain, q)
                for at in (5.0, 10.0, 19.9, 63.1, 200.0):
                    with self.subTest(band=band, at=at):
                        expected = precise_db(band, at, rate)
                        self.assertAlmostEqual(float(band_db(band, np.array([at]), rate)[0]), expected, delta=1e-9)

    def test_bands_in_series_add_their_db(self) -> None:
        freqs = np.geomspace(20, 20000, 50)
        one, two = Band("peaking", 100, 3, 1), Band("highShelf", 5000, -4, 0.7)
        both = band_db(one, freqs, 48000) + band_db(two, freqs, 48000)
        np.testing.assert_array_equal(bands_db([one, two], freqs, 48000), both)

    def test_a_type_that_does_not_exist_is_named(self) -> None:
        with self.assertRaisesRegex(ValueError, "^type: .*'bell'"):
            band_db(Band("bell", 100, 1, 1), np.array([100.0]), 48000)


class Slopes(unittest.TestCase):
    def test_derivatives_equal_differences(self) -> None:
        x = np.linspace(-3.0, 3.0, 61)
        for slopes in (peaking_slopes, low_shelf_slopes):
            for gain in (-12.0, -1.0, 0.0, 6.0):
                for q in (0.4, 1.0, 8.0):

                    def db(shift: float = 0.0, more: float = 0.0, sharper: float = 0.0) -> np.ndarray:
                        return slopes(np.exp(x + shift), 10.0 ** ((gain + more) / 40.0), q * np.exp(sharper))[0]

                    found = slopes(np.exp(x), 10.0 ** (gain / 40.0), q)[1:]
                    step = 1e-6
                    for slope, move in zip(found, ("shift", "more", "sharper")):
                        expected = (db(**{move: step}) - db(**{move: -step})) / (2 * step)
                        np.testing.assert_allclose(slope, expected, atol=2e-6, err_msg=f"{slopes} {gain} {q} {move}")


def precise_db(band: Band, at: float, rate: float) -> float:
    """The cookbook's polynomials at one frequency, in decimals."""
    pi = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
    w0, w = 2 * pi * Decimal(band.freq) / Decimal(rate), 2 * pi * Decimal(at) / Decimal(rate)
    cos, a = cosine(w0), Decimal(10) ** (Decimal(band.gain_db) / 40)
    alpha = sine(w0) / (2 * Decimal(band.q))
    root = 2 * a.sqrt() * alpha
    if band.type == "peaking":
        b, d = [1 + alpha * a, -2 * cos, 1 - alpha * a], [1 + alpha / a, -2 * cos, 1 - alpha / a]
    elif band.type == "lowShelf":
        b = [a * ((a + 1) - (a - 1) * cos + root), 2 * a * ((a - 1) - (a + 1) * cos),
             a * ((a + 1) - (a - 1) * cos - root)]
        d = [(a + 1) + (a - 1) * cos + root, -2 * ((a - 1) + (a + 1) * cos), (a + 1) + (a - 1) * cos - root]
    else:
        b = [a * ((a + 1) + (a - 1) * cos + root), -2 * a * ((a - 1) + (a + 1) * cos),
             a * ((a + 1) + (a - 1) * cos - root)]
        d = [(a + 1) - (a - 1) * cos + root, 2 * ((a - 1) - (a + 1) * cos), (a + 1) - (a - 1) * cos - root]

    def power(c: list) -> Decimal:
        real = c[0] + c[1] * cosine(w) + c[2] * cosine(2 * w)
        imaginary = c[1] * sine(w) + c[2] * sine(2 * w)
        return real * real + imaginary * imaginary

    return float(10 * (power(b) / power(d)).log10())


def sine(x: Decimal) -> Decimal:
    return series(x, x, 1)


def cosine(x: Decimal) -> Decimal:
    return series(Decimal(1), x, 0)


def series(term: Decimal, x: Decimal, order: int) -> Decimal:
    total = term
    while abs(term) > Decimal("1e-48"):
        order += 2
        term = -term * x * x / (order * (order - 1))
        total += term
    return total
