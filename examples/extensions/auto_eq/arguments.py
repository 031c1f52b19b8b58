"""What `auto_eq.fit` is asked, checked. Every refusal is a ValueError whose text begins with the field's name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from filters import MAX_BANDS, MAX_GAIN_DB, MAX_Q, MIN_FREQ

FIT_TYPES = ("peaking", "lowShelf", "highShelf")
MIN_POINTS = 8
MAX_POINTS = 1 << 20
MIN_RATE, MAX_RATE = 8000.0, 768000.0
USABLE_RATE = 0.45  # of the sample rate; measurements above mostly show the converters' filters
LOWEST_MAX_Q = 0.5
_FIELDS = ("freqs", "db", "target", "bands", "sampleRate", "range", "maxGainDb", "maxBoostDb", "maxQ", "maxBoostQ",
           "types", "level")


@dataclass(frozen=True)
class FitRequest:
    """A measurement and what to make of it. Hz and dB; `target` is per measured frequency, None for a flat one."""

    freqs: np.ndarray
    db: np.ndarray
    target: Optional[np.ndarray]
    bands: int
    sample_rate: float
    range: Optional[Tuple[float, float]] = None
    max_gain_db: float = 12.0
    max_boost_db: float = 6.0
    max_q: float = 10.0
    max_boost_q: float = 4.0
    types: Tuple[str, ...] = FIT_TYPES
    free_level: bool = True
    notes: Tuple[str, ...] = ()


def number(value: Any, field: str, low: float = -math.inf, high: float = math.inf) -> float:
    """A finite number in [low, high]."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{field}: must be a number")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{field}: must be a finite number")
    if not low <= value <= high:
        bounds = f"from {low:g} to {high:g}" if math.isfinite(high) else f"{low:g} or more"
        raise ValueError(f"{field}: must be {bounds}, is {value:g}")
    return float(value)


def whole(value: Any, field: str, low: int, high: int) -> int:
    """A whole number in [low, high]; 5.0 counts as 5, since JSON knows no difference."""
    found = number(value, field, low, high)
    if found != int(found):
        raise ValueError(f"{field}: must be a whole number, is {found:g}")
    return int(found)


def numbers(value: Any, field: str, at_most: int = MAX_POINTS) -> np.ndarray:
    """A list of finite numbers."""
    if not isinstance(value, (list, tuple, np.ndarray)):
        raise ValueError(f"{field}: must be a list of numbers")
    if len(value) > at_most:
        raise ValueError(f"{field}: has {len(value)} values; at most {at_most} are taken")
    if not isinstance(value, np.ndarray):
        for at, item in enumerate(value):
            if isinstance(item, bool) or not isinstance(item, (int, float)):
                raise ValueError(f"{field}[{at}]: must be a number")
    try:
        found = np.asarray(value, dtype=float)
    except OverflowError:
        raise ValueError(f"{field}: has a number that is too large") from None
    if found.ndim != 1:
        raise ValueError(f"{field}: must be a list of numbers, not of lists")
    bad = np.flatnonzero(~np.isfinite(found))
    if len(bad):
        raise ValueError(f"{field}[{bad[0]}]: must be a finite number")
    return found


def ascending(freqs: np.ndarray, field: str) -> None:
    """Frequencies above 0 Hz, each higher than the one before."""
    if len(freqs) and freqs[0] <= 0.0:
        raise ValueError(f"{field}[0]: must be above 0 Hz, is {freqs[0]:g}")
    bad = np.flatnonzero(np.diff(freqs) <= 0.0)
    if not len(bad):
        return
    at = int(bad[0]) + 1
    if freqs[at] == freqs[at - 1]:
        raise ValueError(f"{field}[{at}]: {freqs[at]:g} Hz is there twice; each frequency may occur once")
    raise ValueError(f"{field}[{at}]: {freqs[at]:g} Hz follows {freqs[at - 1]:g} Hz; frequencies must ascend")


def parse_fit(data: Any) -> FitRequest:
    """Reads the data of an `auto_eq.fit` request."""
    if not isinstance(data, Mapping):
        raise ValueError("data: must be an object with freqs, db, bands and sampleRate")
    for field in ("freqs", "db", "bands", "sampleRate"):
        if data.get(field) is None:
            raise ValueError(f"{field}: is missing")
    unknown = sorted(str(key) for key in data if key not in _FIELDS)
    rate = number(data["sampleRate"], "sampleRate", MIN_RATE, MAX_RATE)
    freqs, db = numbers(data["freqs"], "freqs"), numbers(data["db"], "db")
    if len(db) != len(freqs):
        raise ValueError(f"db: has {len(db)} values for {len(freqs)} freqs; there must be one for each")
    if len(freqs) < MIN_POINTS:
        raise ValueError(f"freqs: has {len(freqs)} points; at least {MIN_POINTS} are needed")
    ascending(freqs, "freqs")
    _levels(db, "db")
    if freqs[-1] >= rate / 2:
        at = int(np.searchsorted(freqs, rate / 2))
        raise ValueError(f"freqs[{at}]: {freqs[at]:g} Hz is not below half of sampleRate, {rate / 2:g} Hz")
    notes: List[str] = [f"{field}: unknown, ignored" for field in unknown]
    above = int(np.count_nonzero(freqs > USABLE_RATE * rate))
    if above:
        notes.append(f"freqs: {above} points above {USABLE_RATE * rate:g} Hz (0.45 · sampleRate) are not fitted")
    gain = number(_or(data.get("maxGainDb"), 12.0), "maxGainDb", 0.0, MAX_GAIN_DB)
    boost = number(_or(data.get("maxBoostDb"), min(6.0, gain)), "maxBoostDb", 0.0, gain)
    max_q = number(_or(data.get("maxQ"), 10.0), "maxQ", LOWEST_MAX_Q, MAX_Q)
    boost_q = number(_or(data.get("maxBoostQ"), min(4.0, max_q)), "maxBoostQ", LOWEST_MAX_Q, max_q)
    level = _or(data.get("level"), "free")
    if level not in ("free", "fixed"):
        raise ValueError('level: must be "free" or "fixed"')
    return FitRequest(freqs, db, _target(data.get("target"), freqs, notes),
                      whole(data["bands"], "bands", 1, MAX_BANDS), rate, _range(data.get("range"), freqs, rate),
                      gain, boost, max_q, boost_q, _types(data.get("types")), level == "free", tuple(notes))


def _or(value: Any, default: Any) -> Any:
    return default if value is None else value


def _levels(db: np.ndarray, field: str) -> None:
    bad = np.flatnonzero(np.abs(db) > 1000.0)
    if len(bad):
        raise ValueError(f"{field}[{bad[0]}]: must be from -1000 to 1000 dB, is {db[bad[0]]:g}")


def _range(value: Any, freqs: np.ndarray, rate: float) -> Optional[Tuple[float, float]]:
    if value is None:
        return None
    pair = numbers(value, "range", 2)
    if len(pair) != 2 or not 0.0 < pair[0] < pair[1]:
        raise ValueError("range: must be [lowest, highest] in Hz, the first above 0 and below the second")
    low, high = max(float(pair[0]), MIN_FREQ), min(float(pair[1]), USABLE_RATE * rate)
    inside = int(np.count_nonzero((freqs >= low) & (freqs <= high)))
    if inside < MIN_POINTS:
        raise ValueError(f"range: holds {inside} usable points of freqs; at least {MIN_POINTS} are needed")
    return low, high


def _types(value: Any) -> Tuple[str, ...]:
    if value is None:
        return FIT_TYPES
    if not isinstance(value, (list, tuple)) or not value:
        raise ValueError(f"types: must be a list of {', '.join(FIT_TYPES)}")
    for at, name in enumerate(value):
        if name not in FIT_TYPES:
            raise ValueError(f"types[{at}]: {name!r} is none of {', '.join(FIT_TYPES)}")
    return tuple(name for name in FIT_TYPES if name in value)


def _target(value: Any, freqs: np.ndarray, notes: List[str]) -> Optional[np.ndarray]:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        curve = numbers(value, "target")
        if len(curve) != len(freqs):
            raise ValueError(f"target: has {len(curve)} values for {len(freqs)} freqs; there must be one for each")
        _levels(curve, "target")
        return curve
    for field in ("freqs", "db"):
        if value.get(field) is None:
            raise ValueError(f"target.{field}: is missing")
    at, curve = numbers(value["freqs"], "target.freqs"), numbers(value["db"], "target.db")
    if len(at) != len(curve):
        raise ValueError(f"target.db: has {len(curve)} values for {len(at)} target.freqs; there must be one for each")
    if not len(at):
        raise ValueError("target.freqs: has no points")
    ascending(at, "target.freqs")
    _levels(curve, "target.db")
    if len(at) > 1 and (at[0] > freqs[0] or at[-1] < freqs[-1]):
        notes.append(f"target: reaches from {at[0]:g} to {at[-1]:g} Hz; beyond, its last values are held")
    return np.interp(np.log(freqs), np.log(at), curve)


def as_list(values: Sequence[float]) -> List[float]:
    """A JSON list of Python floats."""
    return [float(value) for value in values]
