"""Fits bands of the node's equaliser to a measurement: greedy choice from a dictionary, joint refinement, exchange.

Method. The error is the weighted mean square of (equaliser − wish) in dB, points weighing by their share of the
logarithmic frequency axis. A band's curve in dB is nearly proportional to its gain, so a dictionary of unit curves
(every type over frequency and Q) tells by one matrix product how much each could take off the error, as matching
pursuit does (Mallat and Zhang, "Matching Pursuits with Time-Frequency Dictionaries", 1993). The best few are tried:
all bands together are refined by bounded least squares with analytic derivatives (scipy's trust region reflective
method) in ln freq, gain and ln Q, and the best trial stays. When no band is left to add, the bands that matter least
are taken out and placed anew, for as long as that helps. Nothing is random and nothing looks at the clock: equal
input gives equal bands.

Limits. A boosting band keeps its gain within maxBoostDb and its Q within maxBoostQ, and so does the sum of all bands
at any frequency its gain. A cutting band has maxGainDb and maxQ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

import numpy as np
from scipy.optimize import least_squares

from arguments import FitRequest, as_list, parse_fit
from curve import Curve, Prepared, prepare
from filters import MAX_FREQ_PER_RATE, MIN_FREQ, Band, Slopes, bands_db, low_shelf_slopes, peaking_slopes, warped

LOWEST_Q = 0.3
SHELF_Q = (0.4, 1.5)
STEEPEST_Q = 0.7  # shelves above 0.7071 overshoot: those that cut boost a little beside their slope
LEVEL_LIMIT_DB = 4.0
PENALTY = 3.0
RIDGE = 1e-3  # a small price on gains and on the level, so that of equal fits the one that does least is taken
TRIES, EXCHANGE_TRIES = 6, 4  # candidates that are refined before one is chosen
EXCHANGE_WORK = 11_000  # about a second: evaluations, each counted as its bands and three for what all cost
GOOD_ENOUGH_DB = 0.003
LEAST_GAIN_DB = 0.05
LEAST_STEP_DB = 0.005

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Seed:
    """A band and how it may move: `sign` is +1 for boosts, −1 for cuts."""

    type: str
    sign: int
    log_freq: float
    gain_db: float
    log_q: float


@dataclass(frozen=True)
class Solution:
    seeds: Tuple[Seed, ...]
    level: float
    cost: float  # mean square, dB²


Task = Tuple[FitRequest, Prepared]


def fit(data: Any, progress: Optional[Progress] = None) -> Dict[str, Any]:
    """Answers an `auto_eq.fit` request: see README.md for the members. Raises ValueError naming the bad field."""
    return solved(understood(data), progress)


def understood(data: Any) -> Task:
    """The part of `fit` that refuses: raises ValueError naming the bad field."""
    request = parse_fit(data)
    return request, prepare(request)


def solved(task: Task, progress: Optional[Progress] = None) -> Dict[str, Any]:
    """The part of `fit` that takes its time. `progress` is told the fraction that is done, never less than before."""
    request, prepared = task
    solution = Search(request, prepared.curve, progress or (lambda fraction: None)).run()
    return _answer(request, prepared, solution)


class Search:
    """One fit."""

    def __init__(self, request: FitRequest, curve: Curve, progress: Progress) -> None:
        self._request = request
        self._curve = curve
        self._progress = progress
        self._rate = request.sample_rate
        self._root_weight = np.sqrt(curve.weight)
        self._points = warped(curve.freqs, self._rate)
        top = MAX_FREQ_PER_RATE * self._rate
        self._freq_bounds = (np.log(max(MIN_FREQ, curve.freqs[0] / 1.1)), np.log(min(top, curve.freqs[-1] * 1.1)))
        everywhere = np.geomspace(MIN_FREQ, 0.999 * self._rate / 2, 300)
        self._everywhere = warped(everywhere, self._rate)
        self._entries, self._shapes = self._dictionary()
        self._powers = (self._shapes**2) @ curve.weight
        self._narrow = np.array([seed.type == "peaking" and np.exp(seed.log_q) > request.max_boost_q
                                 for seed in self._entries])
        self._work = 0

    def run(self) -> Solution:
        best = self._start()
        asked = self._request.bands
        for count in range(asked):
            found = self._with_one_more(best, TRIES)
            if found is None or np.sqrt(best.cost) - np.sqrt(found.cost) < LEAST_STEP_DB:
                break
            best = found
            self._progress(0.6 * (count + 1) / asked)
        best = self._exchanged(self._refined(best, 40))
        useful = tuple(seed for seed in best.seeds if abs(seed.gain_db) >= LEAST_GAIN_DB)
        if len(useful) < len(best.seeds):
            best = self._refined(replace(best, seeds=useful), 40)
        return self._limited(best)

    def _start(self) -> Solution:
        return self._refined(Solution((), 0.0, 0.0), 1)

    # The dictionary

    def _dictionary(self) -> Tuple[List[Seed], np.ndarray]:
        """Every band worth a try at 6 dB, and its curve per dB."""
        low, high = np.log(self._curve.freqs[0]), np.log(self._curve.freqs[-1])
        seeds: List[Seed] = []
        if "peaking" in self._request.types:
            for log_freq in np.arange(low, high, np.log(2.0) / 8):
                finest = self._finest_q(log_freq)
                for q in (0.4, 0.6, 0.9, 1.3, 1.9, 2.8, 4.0, 6.0, 9.0, 13.0, 20.0, 30.0):
                    if q <= min(finest, self._request.max_q):
                        seeds.append(Seed("peaking", 1, log_freq, 6.0, np.log(q)))
                if finest <= 0.4:
                    seeds.append(Seed("peaking", 1, log_freq, 6.0, np.log(0.4)))
        for type_ in ("lowShelf", "highShelf"):
            if type_ in self._request.types:
                for log_freq in np.arange(low, high, np.log(2.0) / 3):
                    for q in (0.5, 0.7071, 1.0):
                        if q <= self._request.max_q:
                            seeds.append(Seed(type_, 1, log_freq, 6.0, np.log(q)))
        return seeds, self._curves(seeds, self._points) / 6.0

    def _finest_q(self, log_freq: float) -> float:
        return float(np.interp(log_freq, np.log(self._curve.freqs), self._curve.finest_q))

    def _candidates(self, solution: Solution, tries: int) -> List[Seed]:
        """The bands that would take most off the error of `solution` by themselves, no two of them alike."""
        request, weight = self._request, self._curve.weight
        lack = self._curve.wish + solution.level - self._curves(solution.seeds, self._points).sum(axis=0)
        match = self._shapes @ (weight * lack)
        power = self._powers
        gain = np.clip(match / power, -request.max_gain_db, np.where(self._narrow, 0.0, request.max_boost_db))
        benefit = 2.0 * gain * match - gain**2 * power
        benefit = np.where(gain > 0.0, 0.8, 1.0) * benefit  # of two that do as much, the cut
        order = [at for at in np.argsort(-benefit, kind="stable") if benefit[at] > 0.0]
        ranked = [replace(self._entries[at], gain_db=float(gain[at]), sign=1 if gain[at] > 0.0 else -1) for at in order]
        found = _distinct(ranked, tries)
        for type_ in request.types:  # a shelf rarely looks best before its neighbours are in place
            if all(seed.type != type_ for seed in found):
                found += _distinct([seed for seed in ranked if seed.type == type_], 1)
        return found

    # Moves

    def _with_one_more(self, solution: Solution, tries: int, types: Sequence[str] = ()) -> Optional[Solution]:
        """All candidates (of these types) are refined a little, the best two of them well."""
        trials = [self._refined(replace(solution, seeds=solution.seeds + (seed,)), 5)
                  for seed in self._candidates(solution, tries) if not types or seed.type in types]
        trials = sorted(trials, key=lambda trial: trial.cost)[:2]
        return min((self._refined(trial, 12) for trial in trials), key=lambda trial: trial.cost, default=None)

    def _exchanged(self, best: Solution) -> Solution:
        """Takes bands out and places them anew while that helps: single ones first, the least important of them first,
        then neighbours together."""
        self._work = 0
        improved = True
        while improved and np.sqrt(best.cost) > GOOD_ENOUGH_DB:
            improved = False
            for out, types in self._exchanges(best):
                if self._work > EXCHANGE_WORK:
                    return best
                self._progress(0.6 + 0.4 * self._work / EXCHANGE_WORK)
                trial = self._without(best, out)
                trial = self._with_one_more(trial, EXCHANGE_TRIES, types) or trial
                for _ in out[1:]:
                    trial = self._with_one_more(trial, EXCHANGE_TRIES) or trial
                if np.sqrt(trial.cost) < 1.2 * np.sqrt(best.cost):
                    trial = self._refined(trial, 40)
                if np.sqrt(trial.cost) < np.sqrt(best.cost) - 0.1 * LEAST_STEP_DB:
                    best, improved = trial, True
                    break
        return best

    def _without(self, solution: Solution, out: Sequence[int]) -> Solution:
        rest = tuple(seed for at, seed in enumerate(solution.seeds) if at not in out)
        return self._refined(replace(solution, seeds=rest), 8)

    def _exchanges(self, solution: Solution) -> Iterator[Tuple[Tuple[int, ...], Tuple[str, ...]]]:
        """Which bands to take out, and of which types the first new one may be (of any, if none is named)."""
        seeds = solution.seeds
        if not seeds:
            return
        curves = self._curves(seeds, self._points)
        error = curves.sum(axis=0) - self._curve.wish - solution.level
        without = ((error - curves) ** 2) @ self._curve.weight
        for at in np.argsort(without, kind="stable"):
            yield (int(at),), ()
        order = sorted(range(len(seeds)), key=lambda at: seeds[at].log_freq)
        for pair in zip(order, order[1:]):
            # One wide peak is often the best stand-in for a shelf and a peak, and hides them from a greedy choice.
            for type_ in self._request.types:
                yield pair, (type_,)

    def _limited(self, solution: Solution) -> Solution:
        """Bands that each keep the boost limit may exceed it together: then they are fitted anew, at a price on it."""
        if self._curves(solution.seeds, self._everywhere).sum(axis=0).max(initial=0.0) <= self._request.max_boost_db:
            return solution
        return self._refined(solution, 60, penalty=PENALTY)

    # Least squares

    def _refined(self, solution: Solution, steps: int, penalty: float = 0.0) -> Solution:
        """All bands together, from where they are. At most `steps` evaluations."""
        seeds = solution.seeds
        if not seeds and not self._request.free_level:
            return replace(solution, cost=float(self._curve.weight @ self._curve.wish**2))
        start, low, high = self._bounds(solution)
        problem = _Problem(self, seeds, penalty)
        start = np.clip(start, low + 1e-6 * (high - low), high - 1e-6 * (high - low))
        result = least_squares(problem.residuals, start, problem.slopes, (low, high), method="trf", max_nfev=steps,
                               x_scale=problem.scale, ftol=1e-7, xtol=1e-7, gtol=1e-10)
        self._work += result.nfev * (len(seeds) + 3)
        values = np.clip(result.x, low, high)
        count = len(seeds)
        moved = tuple(replace(seed, log_freq=float(values[at]), gain_db=float(values[count + at]),
                              log_q=float(values[2 * count + at])) for at, seed in enumerate(seeds))
        level = float(values[3 * count]) if self._request.free_level else 0.0
        error = self._curves(moved, self._points).sum(axis=0) - self._curve.wish - level
        return Solution(moved, level, float(self._curve.weight @ error**2))

    def _bounds(self, solution: Solution) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Start and bounds, as [ln freq…, gain…, ln q…, level]."""
        request = self._request
        start, low, high = [], [], []
        for part in range(3):
            for seed in solution.seeds:
                shelf = seed.type != "peaking"
                if part == 0:
                    start.append(seed.log_freq)
                    low.append(self._freq_bounds[0])
                    high.append(self._freq_bounds[1])
                elif part == 1:
                    start.append(seed.gain_db)
                    low.append(0.0 if seed.sign > 0 else -max(request.max_gain_db, 1e-6))
                    high.append(max(request.max_boost_db, 1e-6) if seed.sign > 0 else 0.0)
                else:
                    most = request.max_boost_q if seed.sign > 0 else request.max_q
                    most = min(most, SHELF_Q[1]) if shelf else min(most, max(self._finest_q(seed.log_freq), 0.5))
                    start.append(seed.log_q)
                    low.append(np.log(SHELF_Q[0] if shelf else LOWEST_Q))
                    high.append(np.log(most))
        if request.free_level:
            start.append(solution.level)
            low.append(-LEVEL_LIMIT_DB)
            high.append(LEVEL_LIMIT_DB)
        return np.array(start), np.array(low), np.array(high)

    def _curves(self, seeds: Sequence[Seed], points: np.ndarray) -> np.ndarray:
        """One row per band: its dB at the (warped) points."""
        if not seeds:
            return np.zeros((1, len(points)))
        return self._slopes(seeds, points, np.array([[s.log_freq, s.gain_db, s.log_q] for s in seeds]))[0]

    def _slopes(self, seeds: Sequence[Seed], points: np.ndarray, values: np.ndarray) -> Slopes:
        """dB of each band and its derivatives by ln freq, gain and ln q, all band × point."""
        angle = np.pi * np.exp(values[:, 0]) / self._rate
        y = (points / np.tan(angle)[:, None]) ** 2
        a, q = 10.0 ** (values[:, 1:2] / 40.0), np.exp(values[:, 2:3])
        # d ln y / d ln freq
        bend = (-4.0 * angle / np.sin(2.0 * angle))[:, None]
        out = tuple(np.empty_like(y) for _ in range(4))
        for type_ in set(seed.type for seed in seeds):
            rows = [at for at, seed in enumerate(seeds) if seed.type == type_]
            if type_ == "peaking":
                db, by_y, by_gain, by_q = peaking_slopes(y[rows], a[rows], q[rows])
            elif type_ == "lowShelf":
                db, by_y, by_gain, by_q = low_shelf_slopes(y[rows], a[rows], q[rows])
            else:
                db, by_y, by_gain, by_q = low_shelf_slopes(1.0 / y[rows], a[rows], q[rows])
                by_y = -by_y
            out[0][rows], out[1][rows], out[2][rows], out[3][rows] = db, by_y * bend[rows], by_gain, by_q
        return out  # type: ignore[return-value]


class _Problem:
    """What least_squares asks: weighted errors, a small price on gains, if wanted one on boosts over the limit."""

    def __init__(self, search: Search, seeds: Sequence[Seed], penalty: float) -> None:
        self._search = search
        self._seeds = seeds
        self._penalty = penalty / np.sqrt(len(search._everywhere))
        self._at: Optional[np.ndarray] = None
        count, level = len(seeds), int(search._request.free_level)
        self.scale = np.repeat((0.2, 3.0, 0.4, 1.0), (count, count, count, level))

    def residuals(self, values: np.ndarray) -> np.ndarray:
        self._evaluate(values)
        return self._residuals

    def slopes(self, values: np.ndarray) -> np.ndarray:
        self._evaluate(values)
        return self._slopes

    def _evaluate(self, values: np.ndarray) -> None:
        if self._at is not None and np.array_equal(values, self._at):
            return
        self._at = values.copy()
        search, count = self._search, len(self._seeds)
        bands = values[:3 * count].reshape(3, count).T
        level = values[3 * count] if search._request.free_level else 0.0
        root = search._root_weight
        db, slopes = self._sum(search._points, bands)
        residuals = [root * (db - search._curve.wish - level), RIDGE * bands[:, 1]]
        ridge = np.zeros((count, 3 * count))
        ridge[:, count:2 * count] = RIDGE * np.eye(count)
        rows = [slopes * root[:, None], ridge]
        if self._penalty:
            db, slopes = self._sum(search._everywhere, bands)
            excess = db - search._request.max_boost_db
            residuals.append(self._penalty * np.maximum(excess, 0.0))
            rows.append(self._penalty * slopes * (excess > 0.0)[:, None])
        self._residuals = np.concatenate(residuals)
        self._slopes = np.concatenate(rows)
        if search._request.free_level:
            by_level = np.zeros((len(self._slopes), 1))
            by_level[:len(root), 0] = -root
            self._slopes = np.vstack((np.hstack((self._slopes, by_level)), np.zeros((1, 3 * count + 1))))
            self._slopes[-1, -1] = RIDGE
            self._residuals = np.append(self._residuals, RIDGE * level)

    def _sum(self, points: np.ndarray, bands: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        if not len(bands):
            return np.zeros(len(points)), np.zeros((len(points), 0))
        db, by_freq, by_gain, by_q = self._search._slopes(self._seeds, points, bands)
        return db.sum(axis=0), np.concatenate((by_freq, by_gain, by_q)).T


def _alike(one: Seed, other: Seed) -> bool:
    """Whether two seeds would end in the same place."""
    near = abs(one.log_freq - other.log_freq) < (np.log(2.0) if one.type != "peaking" else 0.4 * np.log(2.0))
    return one.type == other.type and one.sign == other.sign and near and abs(one.log_q - other.log_q) < 1.0


def _distinct(ranked: Sequence[Seed], count: int) -> List[Seed]:
    """The first `count` that are not alike."""
    found: List[Seed] = []
    for seed in ranked:
        if len(found) == count:
            break
        if not any(_alike(seed, other) for other in found):
            found.append(seed)
    return found


def _significant(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def _rounded(seeds: Sequence[Seed], request: FitRequest) -> List[Band]:
    """The bands as they are sent: with digits that a page can show, by frequency, and strictly within the limits."""
    top = MAX_FREQ_PER_RATE * request.sample_rate
    bands = []
    for seed in sorted(seeds, key=lambda seed: seed.log_freq):
        q = min(_significant(float(np.exp(seed.log_q)), 4), request.max_q)
        freq = min(max(_significant(float(np.exp(seed.log_freq)), 5), MIN_FREQ), top)
        gain = float(np.clip(round(seed.gain_db, 2), -request.max_gain_db, request.max_boost_db))
        bands.append(Band(seed.type, freq, gain, q))
    near = np.geomspace(MIN_FREQ, 0.999 * request.sample_rate / 2, 1500)
    everywhere = np.unique(np.concatenate((near, [band.freq for band in bands])))
    while bands_db(bands, everywhere, request.sample_rate).max(initial=0.0) > request.max_boost_db + 1e-9:
        if any(band.gain_db > 0.0 for band in bands):
            highest = bands_db(bands, everywhere, request.sample_rate).max()
            less = min(request.max_boost_db / highest, 0.999)
            bands = [replace(band, gain_db=float(np.floor(100.0 * band.gain_db * less)) / 100.0)
                     if band.gain_db > 0.0 else band for band in bands]
        elif any(band.q > STEEPEST_Q and band.type != "peaking" for band in bands):
            bands = [replace(band, q=min(band.q, STEEPEST_Q)) if band.type != "peaking" else band for band in bands]
        else:
            break  # cuts without overshoot: there is nothing left that boosts
    return [band for band in bands if band.gain_db]


def _answer(request: FitRequest, prepared: Prepared, solution: Solution) -> Dict[str, Any]:
    bands = _rounded(solution.seeds, request)
    inside, weight = prepared.inside, prepared.weight
    predicted = request.db + bands_db(bands, request.freqs, request.sample_rate)
    target = prepared.target + solution.level
    before = (request.db - prepared.target)[inside]
    after = (predicted - target)[inside]
    notes = list(request.notes) + prepared.notes
    if len(bands) < request.bands:
        notes.append(f"bands: {len(bands)} of {request.bands} are enough; more change next to nothing")
    given = np.zeros(len(target)) if request.target is None else request.target
    return {
        "bands": [band.as_json() for band in bands],
        "predictedDb": as_list(predicted),
        "targetDb": as_list(target),
        "levelOffsetDb": float((target - given)[0]) if request.target is not None else float(solution.level),
        "errorDb": {"rmsBefore": float(np.sqrt(weight @ before**2)), "rmsAfter": float(np.sqrt(weight @ after**2)),
                    "maxAfter": float(np.abs(after).max())},
        "range": [prepared.range[0], prepared.range[1]],
        "notes": notes,
    }
