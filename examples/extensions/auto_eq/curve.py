"""A measurement made ready for fitting: its range, its grid, what each point weighs, what it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Tuple

import numpy as np

from arguments import MIN_POINTS, USABLE_RATE, FitRequest

AUDIBLE = (20.0, 20000.0)
CELLS_PER_OCTAVE = 48
MOST_RAW_POINTS = 640
WIDEST_GAP = 0.5  # octaves that one point may stand for
ROLL_OFF_DB = 10.0
NULL_DB = 3.0


@dataclass(frozen=True)
class Curve:
    """The points that are fitted. `wish` is target − measurement in dB, aligned to a mean of 0; `weight` sums to 1;
    `finest_q` is the highest Q that the spacing of the points can show."""

    freqs: np.ndarray
    wish: np.ndarray
    weight: np.ndarray
    finest_q: np.ndarray


@dataclass(frozen=True)
class Prepared:
    """`inside` marks the input points of the range, `weight` is theirs alone, `target` is aligned and as long as the
    input.
    """

    curve: Curve
    range: Tuple[float, float]
    inside: np.ndarray
    weight: np.ndarray
    target: np.ndarray
    notes: List[str]


def log_weight(freqs: np.ndarray) -> np.ndarray:
    """The share of the logarithmic frequency axis that each point stands for; sums to 1."""
    step = np.minimum(np.diff(np.log2(freqs)), WIDEST_GAP)
    share = np.zeros(len(freqs))
    share[:-1] += step
    share[1:] += step
    return share / share.sum()


def smoothed(freqs: np.ndarray, values: np.ndarray, octaves: float) -> np.ndarray:
    """The mean over a window in log frequency, for points of any spacing; the window narrows at the ends."""
    x = np.log2(freqs)
    area = np.concatenate(([0.0], np.cumsum(0.5 * (values[1:] + values[:-1]) * np.diff(x))))
    low, high = np.maximum(x - octaves / 2, x[0]), np.minimum(x + octaves / 2, x[-1])
    return (np.interp(high, x, area) - np.interp(low, x, area)) / (high - low)


def prepare(request: FitRequest) -> Prepared:
    """Chooses the range where none is given, aligns the target, thins dense measurements."""
    notes: List[str] = []
    low, high = request.range or _default_range(request, notes)
    inside = (request.freqs >= low) & (request.freqs <= high)
    freqs, db = request.freqs[inside], request.db[inside]
    weight = log_weight(freqs)
    target = np.zeros(len(request.freqs)) if request.target is None else request.target
    if request.target is None or request.free_level:
        target = target + np.sum(weight * (db - target[inside]))
    grid, wish = _thinned(freqs, target[inside] - db)
    return Prepared(_curve(grid, wish, request), (low, high), inside, weight, target, notes)


def _default_range(request: FitRequest, notes: List[str]) -> Tuple[float, float]:
    """What is audible and below the converters' filters, without the ends where the measured system rolls off: lifting
    those would only drive a loudspeaker into its limits."""
    freqs = request.freqs
    low, high = max(AUDIBLE[0], freqs[0]), min(AUDIBLE[1], freqs[-1], USABLE_RATE * request.sample_rate)
    usable = np.flatnonzero((freqs >= low) & (freqs <= high))
    if len(usable) < MIN_POINTS:
        raise ValueError(f"freqs: holds {len(usable)} points between {low:g} and {high:g} Hz; "
                         f"at least {MIN_POINTS} are needed")
    level = request.db if request.target is None else request.db - request.target
    level = smoothed(freqs[usable], level[usable], 1 / 3)
    strong = usable[level >= np.median(level) - ROLL_OFF_DB]
    if strong[-1] - strong[0] + 1 < MIN_POINTS:
        return float(low), float(high)
    if strong[0] > usable[0]:
        low = freqs[strong[0]]
        notes.append(f"range: the measurement falls off below {low:g} Hz; fitted from there unless a range is given")
    if strong[-1] < usable[-1]:
        high = freqs[strong[-1]]
        notes.append(f"range: the measurement falls off above {high:g} Hz; fitted up to there unless a range is given")
    return float(low), float(high)


def _thinned(freqs: np.ndarray, values: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Means over cells of 1/48 octave, if there are many points; otherwise the points themselves."""
    if len(freqs) <= MOST_RAW_POINTS:
        return freqs, values
    cell = np.floor(np.log2(freqs / freqs[0]) * CELLS_PER_OCTAVE).astype(int)
    count = np.bincount(cell)
    full = count > 0
    centre = np.bincount(cell, np.log(freqs))[full] / count[full]
    return np.exp(centre), np.bincount(cell, values)[full] / count[full]


def _opened(freqs: np.ndarray, values: np.ndarray, octaves: float) -> np.ndarray:
    """The morphological opening: `values` without bumps narrower than a window."""
    x = np.log2(freqs)
    near = np.abs(x[:, None] - x) <= octaves / 2
    low = np.where(near, values, np.inf).min(axis=1)
    return np.where(near, low, -np.inf).max(axis=1)


def _curve(freqs: np.ndarray, wish: np.ndarray, request: FitRequest) -> Curve:
    """Nulls ask for little: a dip narrower than the narrowest boost is mostly an interference, which no boost fills."""
    narrowest = 2.0 / np.log(2.0) * np.arcsinh(0.5 / request.max_boost_q)  # octaves between its half-gain points
    wide = _opened(freqs, wish, narrowest)
    weight = log_weight(freqs) / (1.0 + ((wish - wide) / NULL_DB) ** 2)
    wish = np.minimum(wish, wide + NULL_DB)
    step = np.diff(np.log2(freqs))
    gap = np.maximum(np.concatenate((step[:1], step)), np.concatenate((step, step[-1:])))
    # A peak needs about one and a half gaps between its half-gain points to be told from a single outlier.
    finest_q = 0.5 / np.sinh(0.5 * np.log(2.0) * 1.5 * gap)
    return Curve(freqs, np.minimum(wish, request.max_boost_db), weight / weight.sum(), finest_q)
