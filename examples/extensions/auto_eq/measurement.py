"""Measurements: text as measuring programs export it, and captures that a node made of a playing system."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Tuple

import numpy as np
from scipy import fft, signal

from arguments import MAX_POINTS, MAX_RATE, MIN_RATE, USABLE_RATE, as_list, number, numbers

_COMMENT = ("*", "#", '"', "//")
_POINT_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")
_COMMA_NUMBER = re.compile(r"[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?\Z")
_NOT_FINITE = re.compile(r"[\d.,]+[;,\s]+[+-]?(nan|inf)", re.IGNORECASE)
_MOST_LINES_BEFORE = 200
_POINTS_PER_OCTAVE = 24
_SEGMENTS = 5
_SEGMENT_SECONDS = 0.7
_LEAST_COHERENCE = 0.5


def read_csv(data: Any) -> Dict[str, Any]:
    """Answers `auto_eq.read_csv {text}` with `{freqs, db, notes}`. Raises ValueError with the bad line's number."""
    if not isinstance(data, Mapping) or data.get("text") is None:
        raise ValueError("text: is missing")
    text = data["text"]
    if not isinstance(text, str):
        raise ValueError("text: must be a string")
    freqs, db, notes = parse_text(text)
    return {"freqs": freqs, "db": db, "notes": notes}


def parse_text(text: str) -> Tuple[List[float], List[float], List[str]]:
    """Frequencies and levels: the first two columns of every line of numbers.

    Comments begin with * # // or a quotation mark; lines without numbers may stand before the first line of numbers.
    Columns are separated by semicolons, tabs, commas or spaces; the first line of numbers shows by which, and whether
    the decimal sign is a point or a comma.
    """
    freqs: List[float] = []
    db: List[float] = []
    notes: List[str] = []
    form: Optional[_Form] = None
    headers = 0
    for at, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        line = line.strip().replace("\u2212", "-")
        if not line:
            continue
        if line.startswith('"'):
            line = _unquoted(line)
        if line.startswith(_COMMENT):
            continue
        if form is None:
            form = _Form.of(line)
            if form is None:
                if _NOT_FINITE.match(line):
                    raise ValueError(f"text: line {at}: has a level that is no finite number")
                headers += 1
                if headers > _MOST_LINES_BEFORE:
                    raise ValueError(f"text: line {at}: no numbers so far; expected lines of frequency and level")
                continue
        freq, level = form.read(line, at)
        if freq == 0.0 and not freqs:
            notes.append(f"text: line {at}: 0 Hz left out")
            continue
        if freq <= 0.0:
            raise ValueError(f"text: line {at}: the frequency must be above 0 Hz, is {freq:g}")
        if freqs and freq <= freqs[-1]:
            what = "is there twice" if freq == freqs[-1] else f"follows {freqs[-1]:g} Hz; frequencies must ascend"
            raise ValueError(f"text: line {at}: {freq:g} Hz {what}")
        if len(freqs) == MAX_POINTS:
            raise ValueError(f"text: line {at}: more than {MAX_POINTS} points")
        freqs.append(freq)
        db.append(level)
    if not freqs:
        raise ValueError("text: has no line with a frequency and a level")
    return freqs, db, notes


def _unquoted(line: str) -> str:
    """A line of quoted numbers without the quotation marks; any other quoted line as it is: a comment."""
    plain = line.replace('"', "")
    return line if _Form.of(plain) is None else plain


class _Form:
    """How a file separates its columns and writes its numbers."""

    def __init__(self, separator: Optional[str], comma: bool) -> None:
        self._separator = separator
        self._comma = comma

    @staticmethod
    def of(line: str) -> Optional[_Form]:
        """The form in which a line begins with two numbers; None if there is none."""
        # Commas separate unless something else does. `20,5 -3,2` by commas has a second cell that is no number.
        for separator, commas in ((";", (False, True)), ("\t", (False, True)), (",", (False,)), (None, (False, True))):
            if separator is not None and separator not in line:
                continue
            for comma in commas:
                form = _Form(separator, comma)
                if len(form._columns(line)) >= 2 and all(map(form._is_number, form._columns(line)[:2])):
                    return form
        return None

    def read(self, line: str, at: int) -> Tuple[float, float]:
        columns = self._columns(line.replace('"', ""))
        if len(columns) < 2:
            raise ValueError(f"text: line {at}: has one column; expected a frequency and a level")
        freq, level = (self._number(cell, at, name) for cell, name in zip(columns, ("frequency", "level")))
        if abs(level) > 1000.0:
            raise ValueError(f"text: line {at}: the level must be from -1000 to 1000 dB, is {level:g}")
        return freq, level

    def _columns(self, line: str) -> List[str]:
        return [cell.strip() for cell in line.split(self._separator)]

    def _is_number(self, cell: str) -> bool:
        return bool((_COMMA_NUMBER if self._comma else _POINT_NUMBER).match(cell))

    def _number(self, cell: str, at: int, name: str) -> float:
        # The first line may have whole numbers only, which say nothing about the decimal sign.
        for comma in (self._comma, not self._comma) if self._separator != "," else (False,):
            if (_COMMA_NUMBER if comma else _POINT_NUMBER).match(cell):
                value = float(cell.replace(",", ".") if comma else cell)
                if np.isfinite(value):
                    return value
        raise ValueError(f"text: line {at}: {cell[:40]!r} is no {name}; expected a finite number")


def from_capture(data: Any) -> Dict[str, Any]:
    """Answers `auto_eq.from_capture {measured, reference, sampleRate, smoothing?}` with `{freqs, db, coherence,
    delayMs, notes}`. `smoothing` is the number of windows per octave, 12 unless given."""
    if not isinstance(data, Mapping):
        raise ValueError("data: must be an object with measured, reference and sampleRate")
    for field in ("measured", "reference", "sampleRate"):
        if data.get(field) is None:
            raise ValueError(f"{field}: is missing")
    rate = number(data["sampleRate"], "sampleRate", MIN_RATE, MAX_RATE)
    smoothing = number(12 if data.get("smoothing") is None else data["smoothing"], "smoothing", 1.0, 48.0)
    measured = numbers(data["measured"], "measured", 1 << 24)
    reference = numbers(data["reference"], "reference", 1 << 24)
    if len(measured) != len(reference):
        raise ValueError(f"measured: has {len(measured)} samples, reference has {len(reference)}; "
                         "both must be equally long")
    if len(measured) < 8192:
        raise ValueError(f"measured: has {len(measured)} samples; at least 8192 are needed")
    for field, samples in (("measured", measured), ("reference", reference)):
        if not np.any(samples):
            raise ValueError(f"{field}: is silent")
    return _transfer(measured, reference, rate, smoothing)


def _transfer(measured: np.ndarray, reference: np.ndarray, rate: float, smoothing: float) -> Dict[str, Any]:
    """The estimator H1, cross spectrum over the reference's power spectrum, by Welch's method (Bendat and Piersol,
    "Random Data"): what is not caused by the reference averages out."""
    delay = _delay(measured, reference)
    # The signals must lie above each other, or each segment of one misses a part of what it caused in the other.
    if delay > 0:
        measured, reference = measured[delay:], reference[:-delay]
    elif delay < 0:
        measured, reference = measured[:delay], reference[-delay:]
    length = 1 << int(np.log2(max(1024, min(len(measured) / _SEGMENTS, _SEGMENT_SECONDS * rate))))
    options = {"fs": rate, "window": "hann", "nperseg": length, "noverlap": length // 2, "detrend": False}
    freqs, cross = signal.csd(reference, measured, **options)
    power = signal.welch(reference, **options)[1]
    other = signal.welch(measured, **options)[1]
    heard = power > 1e-12 * power.max()
    heard[0] = False
    gain = np.zeros(len(freqs))
    coherence = np.zeros(len(freqs))
    gain[heard] = np.abs(cross[heard] / power[heard]) ** 2
    coherence[heard] = np.abs(cross[heard]) ** 2 / np.maximum(power[heard] * other[heard], 1e-300)
    grid, level, trust = _smoothed(freqs, gain, np.minimum(coherence, 1.0), rate, smoothing)
    notes = []
    if not len(grid):
        raise ValueError("measured: has nothing in common with reference")
    doubtful = trust < _LEAST_COHERENCE
    if doubtful.any():
        notes.append(f"measured: {int(doubtful.sum())} of {len(grid)} frequencies have a coherence below "
                     f"{_LEAST_COHERENCE:g}: noise, distortion or echoes longer than {1000 * length / rate:.0f} ms")
    return {"freqs": as_list(grid), "db": as_list(level), "coherence": as_list(trust),
            "delayMs": float(1000.0 * delay / rate), "notes": notes}


def _delay(measured: np.ndarray, reference: np.ndarray) -> int:
    """Samples by which `measured` is later, at most half the capture: where the cross-correlation is largest."""
    size = fft.next_fast_len(2 * len(measured), real=True)
    product = fft.rfft(measured, size) * np.conj(fft.rfft(reference, size))
    correlation = np.abs(fft.irfft(product, size))
    most = len(measured) // 2
    late, early = correlation[:most + 1], correlation[-most:]
    at = int(np.argmax(late))
    return at if late[at] >= early.max() else int(np.argmax(early)) - most


def _smoothed(freqs: np.ndarray, gain: np.ndarray, coherence: np.ndarray, rate: float, smoothing: float
              ) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Means of the power gain over raised-cosine windows in log frequency, bins weighing by their coherence. At low
    frequencies a window is as wide as the bins demand."""
    step = freqs[1]
    low, high = max(20.0, 2.0 * step), min(20000.0, USABLE_RATE * rate)
    count = int(np.floor(np.log2(high / low) * _POINTS_PER_OCTAVE)) + 1
    grid = low * 2.0 ** (np.arange(count) / _POINTS_PER_OCTAVE)
    level, trust = np.full(count, np.nan), np.zeros(count)
    ratio = 2.0 ** (1.0 / smoothing)  # from the centre to where the window ends; half as far it has half its weight
    for at, centre in enumerate(grid):
        first = int(np.ceil(min(centre / ratio, centre - 1.5 * step) / step))
        last = int(np.floor(max(centre * ratio, centre + 1.5 * step) / step))
        bins = np.arange(max(first, 1), min(last, len(freqs) - 1) + 1)
        reach = np.maximum(np.log(ratio), 1.5 * step / np.maximum(centre, freqs[bins]))
        window = 1.0 + np.cos(np.pi * np.clip(np.log(freqs[bins] / centre) / reach, -1.0, 1.0))
        window /= np.maximum(freqs[bins], step)  # equal weight per octave
        weight = window * coherence[bins]
        if weight.sum() > 1e-9 * window.sum() and weight @ gain[bins] > 0.0:
            level[at] = 10.0 * np.log10(weight @ gain[bins] / weight.sum())
            trust[at] = weight.sum() / window.sum()
    known = np.isfinite(level)
    return grid[known], level[known], trust[known]
