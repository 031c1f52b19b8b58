"""Measurements that the tests make up, from seeds."""

from typing import List, Tuple

import numpy as np

from filters import Band, band_db, bands_db

RATE = 48000.0
FREQS = np.geomspace(20.0, 20000.0, 500)


def known_bands(seed: int) -> List[Band]:
    """One to six bands as people set them: 2 to 10 dB either way."""
    chance = np.random.default_rng(seed)

    def between(low: float, high: float) -> float:
        return float(np.exp(chance.uniform(np.log(low), np.log(high))))

    bands = []
    for _ in range(chance.integers(1, 7)):
        gain = float(chance.uniform(2.0, 10.0) * chance.choice([-1.0, 1.0]))
        type_ = chance.choice(["peaking", "peaking", "peaking", "lowShelf", "highShelf"])
        if type_ == "peaking":
            bands.append(Band("peaking", between(30.0, 15000.0), gain, between(0.5, 6.0)))
        elif type_ == "lowShelf":
            bands.append(Band("lowShelf", between(60.0, 300.0), gain, between(0.5, 1.0)))
        else:
            bands.append(Band("highShelf", between(2000.0, 8000.0), gain, between(0.5, 1.0)))
    return bands


def known_room(seed: int) -> np.ndarray:
    return bands_db(known_bands(seed), FREQS, RATE)


NULL_FREQ = 83.0


def real_room(seed: int) -> np.ndarray:
    """A loudspeaker in a room at about 75 dB: many narrow modes below 400 Hz, a tilt, a reflection, a deep null at
    83 Hz, and noise."""
    chance = np.random.default_rng(seed)

    def between(low: float, high: float) -> float:
        return float(np.exp(chance.uniform(np.log(low), np.log(high))))

    db = 75.0 + chance.normal(0.0, 0.6, len(FREQS))
    for _ in range(14):
        db += band_db(Band("peaking", between(25.0, 400.0), float(chance.uniform(-9, 10)), between(3, 14)), FREQS, RATE)
    for _ in range(6):
        gain = float(chance.uniform(-4, 4))
        db += band_db(Band("peaking", between(400.0, 16000.0), gain, between(0.6, 3)), FREQS, RATE)
    db += bands_db([Band("lowShelf", 120.0, 5.0, 0.7), Band("highShelf", 6000.0, -4.0, 0.6),
                    Band("peaking", NULL_FREQ, -24.0, 14.0)], FREQS, RATE)
    return db + 20.0 * np.log10(np.abs(1.0 + 0.25 * np.exp(-2j * np.pi * FREQS * 0.0021)))


def request(db: np.ndarray, bands: int, **more: object) -> dict:
    return {"freqs": FREQS.tolist(), "db": db.tolist(), "bands": bands, "sampleRate": RATE, **more}


def cookbook(band: Band, rate: float) -> Tuple[List[float], List[float]]:
    """Numerator and denominator as the Audio EQ Cookbook prints them, written apart from the code that is tested."""
    w0 = 2.0 * np.pi * band.freq / rate
    cos, alpha, a = np.cos(w0), np.sin(w0) / (2.0 * band.q), 10.0 ** (band.gain_db / 40.0)
    if band.type == "peaking":
        return [1 + alpha * a, -2 * cos, 1 - alpha * a], [1 + alpha / a, -2 * cos, 1 - alpha / a]
    root = 2.0 * np.sqrt(a) * alpha
    plus, minus = (a + 1) + (a - 1) * cos, (a + 1) - (a - 1) * cos
    up, down = (a - 1) + (a + 1) * cos, (a - 1) - (a + 1) * cos
    if band.type == "lowShelf":
        return [a * (minus + root), 2 * a * down, a * (minus - root)], [plus + root, -2 * up, plus - root]
    if band.type == "highShelf":
        return [a * (plus + root), -2 * a * up, a * (plus - root)], [minus + root, 2 * down, minus - root]
    poles = [1 + alpha, -2 * cos, 1 - alpha]
    if band.type == "lowPass":
        return [(1 - cos) / 2, 1 - cos, (1 - cos) / 2], poles
    if band.type == "highPass":
        return [(1 + cos) / 2, -(1 + cos), (1 + cos) / 2], poles
    if band.type == "bandPass":
        return [alpha, 0.0, -alpha], poles
    if band.type == "notch":
        return [1.0, -2 * cos, 1.0], poles
    if band.type == "allPass":
        return [1 - alpha, -2 * cos, 1 + alpha], poles
    k = np.tan(w0 / 2.0)
    return ([k, k], [1 + k, k - 1]) if band.type == "lowPass1" else ([1.0, -1.0], [1 + k, k - 1])
