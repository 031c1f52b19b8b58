"""Magnitude responses of the node's parametric equaliser (module `common_eq_v1`), and their derivatives.

The node designs its bands with the forms of Robert Bristow-Johnson's Audio EQ Cookbook. Each of them is the bilinear
transform of an analogue prototype whose corner lies at 1 rad/s, so at the frequency f the digital filter does exactly
what the prototype does at

    y = (tan(pi f / rate) / tan(pi freq / rate))^2        (the square of the prototype's frequency)

This module evaluates the prototypes. Nothing cancels that way at low frequencies, where the polynomials in z lose
most of their digits. A is 10^(gainDb / 40), as in the cookbook.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterable, Tuple, Union

import numpy as np

TYPES = ("peaking", "lowShelf", "highShelf", "lowPass", "highPass", "bandPass", "notch", "allPass", "lowPass1",
         "highPass1")
MAX_BANDS = 20
MIN_FREQ = 10.0
MAX_FREQ_PER_RATE = 0.49
MAX_GAIN_DB = 30.0
MIN_Q, MAX_Q = 0.1, 100.0

_DB = 10.0 / np.log(10.0)  # dB of a power ratio, per neper of it
_LOG_A_PER_DB = np.log(10.0) / 40.0

Slopes = Tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Band:
    """One band, with the names and units of the node's parameters: Hz, dB."""

    type: str
    freq: float
    gain_db: float
    q: float

    def as_json(self) -> Dict[str, Union[str, float]]:
        return {"type": self.type, "freq": self.freq, "gainDb": self.gain_db, "q": self.q}


def warped(freqs: np.ndarray, rate: float) -> np.ndarray:
    """tan(pi f / rate): where the bilinear transform puts a frequency on the prototype's axis."""
    return np.tan(np.pi * np.asarray(freqs, dtype=float) / rate)


def band_db(band: Band, freqs: np.ndarray, rate: float) -> np.ndarray:
    """The magnitude of one band in dB; minus infinity where the band passes nothing.

    The values of the band are rounded to float32 first, because the node's parameters are float32.
    """
    freq, gain, q = (float(np.float32(value)) for value in (band.freq, band.gain_db, band.q))
    y = (warped(freqs, rate) / np.tan(np.pi * freq / rate)) ** 2
    a = 10.0 ** (gain / 40.0)
    resonance = (1.0 - y) ** 2 + y / q**2
    if band.type == "peaking":
        above, below = (1.0 - y) ** 2 + (a / q) ** 2 * y, (1.0 - y) ** 2 + y / (a * q) ** 2
    elif band.type == "lowShelf":
        above, below = a**2 * ((a - y) ** 2 + a * y / q**2), (1.0 - a * y) ** 2 + a * y / q**2
    elif band.type == "highShelf":
        above, below = a**2 * ((1.0 - a * y) ** 2 + a * y / q**2), (a - y) ** 2 + a * y / q**2
    elif band.type == "lowPass":
        above, below = np.ones_like(y), resonance
    elif band.type == "highPass":
        above, below = y**2, resonance
    elif band.type == "bandPass":
        above, below = y / q**2, resonance
    elif band.type == "notch":
        above, below = (1.0 - y) ** 2, resonance
    elif band.type == "allPass":
        above, below = resonance, resonance
    elif band.type == "lowPass1":
        above, below = np.ones_like(y), 1.0 + y
    elif band.type == "highPass1":
        above, below = y, 1.0 + y
    else:
        raise ValueError(f"type: there is no band type {band.type!r}; there are {', '.join(TYPES)}")
    with np.errstate(divide="ignore"):
        return 10.0 * np.log10(above / below)


def bands_db(bands: Iterable[Band], freqs: np.ndarray, rate: float) -> np.ndarray:
    """The magnitude of bands in series, in dB."""
    total = np.zeros(len(freqs))
    for band in bands:
        total += band_db(band, freqs, rate)
    return total


def peaking_slopes(y: np.ndarray, a: np.ndarray, q: np.ndarray) -> Slopes:
    """dB of peaking bands, and its derivatives by ln y, gainDb and ln q. `y` is band × frequency, `a` and `q` are
    columns.
    """
    wide, narrow = (a / q) ** 2 * y, y / (a * q) ** 2
    common = (1.0 - y) ** 2
    above, below = common + wide, common + narrow
    bend = -2.0 * y * (1.0 - y)
    db = _DB * np.log(above / below)
    by_y = _DB * ((bend + wide) / above - (bend + narrow) / below)
    by_gain = _DB * _LOG_A_PER_DB * 2.0 * (wide / above + narrow / below)
    by_q = _DB * 2.0 * (narrow / below - wide / above)
    return db, by_y, by_gain, by_q


def low_shelf_slopes(y: np.ndarray, a: np.ndarray, q: np.ndarray) -> Slopes:
    """The same for low shelves. A high shelf is a low shelf of 1/y."""
    damping = a * y / q**2
    above, below = (a - y) ** 2 + damping, (1.0 - a * y) ** 2 + damping
    db = _DB * (2.0 * np.log(a) + np.log(above / below))
    by_y = _DB * ((damping - 2.0 * y * (a - y)) / above - (damping - 2.0 * a * y * (1.0 - a * y)) / below)
    by_a = (2.0 * a * (a - y) + damping) / above - (damping - 2.0 * a * y * (1.0 - a * y)) / below
    by_gain = _DB * _LOG_A_PER_DB * (2.0 + by_a)
    by_q = _DB * 2.0 * damping * (1.0 / below - 1.0 / above)
    return db, by_y, by_gain, by_q
