import json
import time
import unittest
from typing import Any

import numpy as np

from filters import Band, bands_db
from fit import fit
from tests.rooms import FREQS, NULL_FREQ, RATE, known_bands, known_room, real_room, request

WIDE_LIMITS = {"maxGainDb": 30.0, "maxBoostDb": 30.0, "maxBoostQ": 10.0, "range": [20.0, 20000.0]}


def equaliser(answer: dict, db: np.ndarray) -> np.ndarray:
    return np.array(answer["predictedDb"]) - db


def made(answer: dict) -> list:
    return [Band(band["type"], band["freq"], band["gainDb"], band["q"]) for band in answer["bands"]]


class Recovery(unittest.TestCase):
    """Rooms made of known bands, fitted with as many. The seeds are none of those that the method was tried on."""

    def test_thirty_rooms(self) -> None:
        found = []
        for seed in range(1000, 1030):
            bands = known_bands(seed)
            answer = fit(request(known_room(seed), len(bands), target=[0.0] * len(FREQS), level="fixed", **WIDE_LIMITS))
            self.assertLessEqual(len(answer["bands"]), len(bands))
            found.append((answer["errorDb"]["rmsAfter"], seed, len(bands)))
        found.sort()
        figures = ", ".join(f"{rms:.3f} (seed {seed}, {count} bands)" for rms, seed, count in found[-8:])
        close = sum(rms < 0.1 for rms, _, _ in found)
        print(f"\nrecovery: median {found[15][0]:.4f} dB RMS, {close} of 30 below 0.1 dB; largest {figures}")
        self.assertGreaterEqual(close, 27, figures)
        self.assertLess(found[-1][0], 0.5, figures)

    def test_a_single_band_is_found_again(self) -> None:
        for type_, freq, gain, q in (("peaking", 63.0, 8.0, 5.0), ("lowShelf", 120.0, 6.0, 0.7),
                                     ("highShelf", 4000.0, -5.0, 0.8)):
            with self.subTest(type=type_):
                room = bands_db([Band(type_, freq, gain, q)], FREQS, RATE)
                bands = fit(request(room, 1, target=[0.0] * len(FREQS), level="fixed", **WIDE_LIMITS))["bands"]
                self.assertEqual([band["type"] for band in bands], [type_])
                self.assertAlmostEqual(bands[0]["freq"] / freq, 1.0, delta=0.005)
                self.assertAlmostEqual(bands[0]["gainDb"], -gain, delta=0.02)
                self.assertAlmostEqual(bands[0]["q"] / q, 1.0, delta=0.01)

    def test_no_more_bands_than_help(self) -> None:
        room = bands_db([Band("peaking", 100.0, 6.0, 2.0)], FREQS, RATE)
        answer = fit(request(room, 10, target=[0.0] * len(FREQS), level="fixed"))
        self.assertLess(len(answer["bands"]), 4)
        self.assertTrue(any(note.startswith("bands: ") for note in answer["notes"]))


class RealRoom(unittest.TestCase):
    def test_ten_bands_halve_the_error_within_the_limits(self) -> None:
        for seed in range(100, 106):
            with self.subTest(seed=seed):
                db = real_room(seed)
                answer = fit(request(db, 10))
                error = answer["errorDb"]
                self.assertLess(error["rmsAfter"], 0.55 * error["rmsBefore"])
                self.assertLessEqual(equaliser(answer, db).max(), 6.0 + 1e-9)
                for band in answer["bands"]:
                    self.assertTrue(-12.0 <= band["gainDb"] <= 6.0, band)
                    self.assertTrue(0.1 <= band["q"] <= (4.0 if band["gainDb"] > 0 else 10.0), band)
                    self.assertTrue(10.0 <= band["freq"] <= 0.49 * RATE, band)

    def test_a_null_is_boosted_no_more_than_the_limit_however_deep(self) -> None:
        chance = np.random.default_rng(5)
        for depth in (-15.0, -30.0):
            null = bands_db([Band("peaking", NULL_FREQ, depth, 12.0)], FREQS, RATE)
            db = 70.0 + chance.normal(0, 0.3, len(FREQS)) + null
            for boost in (6.0, 2.0):
                answer = fit(request(db, 8, maxBoostDb=boost))
                self.assertLessEqual(equaliser(answer, db).max(), boost + 1e-9)
                boosting = [band for band in answer["bands"] if band["gainDb"] > 0.0]
                self.assertTrue(all(band["q"] <= 4.0 for band in boosting), boosting)

    def test_boost_limit_holds_for_the_sum_of_bands_at_every_frequency(self) -> None:
        everywhere = np.geomspace(10.0, 0.4999 * RATE, 20000)
        for boost in (0.0, 2.0, 5.0):
            db = 70.0 - bands_db([Band("peaking", 200.0, 10.0, 0.6), Band("highShelf", 3000.0, 9.0, 0.6)], FREQS, RATE)
            answer = fit(request(db, 8, maxBoostDb=boost, level="fixed", range=[20.0, 20000.0]))
            self.assertLessEqual(bands_db(made(answer), everywhere, RATE).max(initial=0.0), boost + 1e-3)

    def test_a_rolled_off_end_is_left_alone_unless_asked(self) -> None:
        db = 80.0 - 24.0 * np.maximum(np.log2(60.0 / FREQS), 0.0)
        answer = fit(request(db, 6))
        self.assertGreater(answer["range"][0], 30.0)
        self.assertTrue(any(note.startswith("range: ") for note in answer["notes"]))
        self.assertEqual(fit(request(db, 6, range=[20, 20000]))["range"], [20.0, 20000.0])


class Answer(unittest.TestCase):
    def test_equal_input_gives_equal_bands(self) -> None:
        db = real_room(7)
        first = json.dumps(fit(request(db, 6)))
        self.assertEqual(first, json.dumps(fit(request(db, 6))))

    def test_prediction_is_the_measurement_through_the_bands(self) -> None:
        db = real_room(8)
        answer = fit(request(db, 5))
        np.testing.assert_allclose(answer["predictedDb"], db + bands_db(made(answer), FREQS, RATE), atol=1e-12)
        error = np.array(answer["predictedDb"]) - answer["targetDb"]
        inside = (FREQS >= answer["range"][0]) & (FREQS <= answer["range"][1])
        self.assertAlmostEqual(np.abs(error[inside]).max(), answer["errorDb"]["maxAfter"], places=9)

    def test_without_target_it_is_flat_and_fixed_at_the_mean_if_wished(self) -> None:
        db = known_room(1003) + 60.0
        free, fixed = fit(request(db, 5)), fit(request(db, 5, level="fixed", range=[20.0, 20000.0]))
        self.assertEqual(np.ptp(free["targetDb"]), 0.0)
        self.assertLessEqual(abs(free["levelOffsetDb"]), 4.0)
        step = np.diff(np.log2(FREQS))
        mean = np.sum(0.5 * (db[1:] + db[:-1]) * step) / step.sum()
        np.testing.assert_allclose(fixed["targetDb"], mean, atol=1e-6)
        self.assertEqual(fixed["levelOffsetDb"], 0.0)

    def test_a_target_is_followed_at_the_measurement_s_level(self) -> None:
        slope = {"freqs": [20.0, 20000.0], "db": [5.0, -5.0]}
        db = 80.0 + bands_db([Band("peaking", 100.0, 6.0, 2.0)], FREQS, RATE)
        answer = fit(request(db, 8, target=slope))
        self.assertLess(answer["errorDb"]["rmsAfter"], 0.3)
        target = np.array(answer["targetDb"])
        self.assertAlmostEqual(target[0] - target[-1], 10.0, places=6)
        self.assertAlmostEqual(answer["levelOffsetDb"], target[0] - 5.0, places=6)
        same = fit(request(db, 8, target=(5.0 - 10.0 * np.log(FREQS / 20.0) / np.log(1000.0)).tolist()))
        self.assertEqual(same["bands"], answer["bands"])

    def test_points_near_half_the_rate_are_left_out_with_a_note(self) -> None:
        freqs = np.geomspace(20.0, 23900.0, 300)
        answer = fit({"freqs": freqs.tolist(), "db": [0.0] * 300, "bands": 3, "sampleRate": RATE})
        self.assertTrue(any("0.45" in note for note in answer["notes"]))
        self.assertEqual(len(answer["predictedDb"]), 300)
        self.assertEqual(answer["bands"], [])

    def test_types_are_kept_to(self) -> None:
        for types in (["peaking"], ["lowShelf", "highShelf"]):
            bands = fit(request(real_room(9), 4, types=types))["bands"]
            self.assertTrue(bands)
            self.assertLessEqual({band["type"] for band in bands}, set(types))

    def test_twenty_bands_and_a_long_measurement(self) -> None:
        freqs = np.arange(1, 16001) * 1.4
        db = np.interp(np.log(freqs), np.log(FREQS), real_room(10))
        answer = fit({"freqs": freqs.tolist(), "db": db.tolist(), "bands": 20, "sampleRate": RATE})
        self.assertLessEqual(len(answer["bands"]), 20)
        self.assertLess(answer["errorDb"]["rmsAfter"], 0.5 * answer["errorDb"]["rmsBefore"])

    def test_few_points_do_not_grow_bands_between_them(self) -> None:
        freqs = 1000.0 * 2.0 ** (np.arange(-17, 14) / 3.0)
        db = 70.0 + np.random.default_rng(3).normal(0.0, 3.0, len(freqs))
        for band in fit({"freqs": freqs.tolist(), "db": db.tolist(), "bands": 10, "sampleRate": RATE})["bands"]:
            self.assertLess(band["q"], 3.5)

    def test_progress_never_goes_back(self) -> None:
        told = []
        began = time.monotonic()
        fit(request(real_room(11), 10), told.append)
        print(f"\na real-looking room, 10 bands, 500 points: {time.monotonic() - began:.2f} s")
        self.assertGreater(len(told), 5)
        self.assertEqual(told, sorted(told))
        self.assertLessEqual(told[-1], 1.1)


class Malformed(unittest.TestCase):
    def refused(self, pattern: str, **change: Any) -> None:
        data = {"freqs": FREQS.tolist(), "db": [0.0] * len(FREQS), "bands": 4, "sampleRate": RATE}
        data.update(change)
        with self.assertRaisesRegex(ValueError, "^" + pattern):
            fit({key: value for key, value in data.items() if value != "absent"})

    def test_the_field_is_named(self) -> None:
        freqs = FREQS.tolist()
        for field in ("freqs", "db", "bands", "sampleRate"):
            self.refused(f"{field}: is missing", **{field: "absent"})
        self.refused(r"freqs: must be a list", freqs="20")
        self.refused(r"freqs\[1\]: must be a number", freqs=[20, "30"] + freqs[2:])
        self.refused(r"freqs\[1\]: must be a number", freqs=[20, True] + freqs[2:])
        self.refused(r"freqs\[2\]: .* follows", freqs=[20.0, 40.0, 30.0] + freqs[3:])
        self.refused(r"freqs\[1\]: .* twice", freqs=[freqs[0]] + freqs[:1] + freqs[2:])
        self.refused(r"freqs\[0\]: must be above 0", freqs=[0.0] + freqs[1:])
        self.refused(r"freqs\[499\]: .* half of sampleRate", freqs=freqs[:-1] + [24000.0])
        self.refused(r"freqs: has 3 points", freqs=freqs[:3], db=[0.0] * 3)
        self.refused(r"freqs: holds \d points between", freqs=[1, 2, 3, 4, 5, 6, 7, 8, 9], db=[0.0] * 9)
        self.refused(r"db: has 2 values for 500 freqs", db=[0.0, 1.0])
        self.refused(r"db\[3\]: must be a finite number", db=[0.0, 0.0, 0.0, float("nan")] + [0.0] * 496)
        self.refused(r"db\[0\]: must be from -1000", db=[2000.0] + [0.0] * 499)
        self.refused(r"db\[0\]: must be a number", db=[None] + [0.0] * 499)
        for bands in (0, 21, 2.5, "4", True, -1):
            self.refused("bands: must be", bands=bands)
        for rate in (0, -48000, float("inf"), "48k"):
            self.refused("sampleRate: must be", sampleRate=rate)
        for range_ in ([100], [200, 100], [0, 100], "all", [100, 101]):
            self.refused("range: ", range=range_)
        self.refused("maxGainDb: must be", maxGainDb=31)
        self.refused("maxBoostDb: must be", maxGainDb=3, maxBoostDb=4)
        self.refused("maxQ: must be", maxQ=0.1)
        self.refused("maxBoostQ: must be", maxQ=2, maxBoostQ=3)
        self.refused("level: must be", level="loud")
        self.refused(r"types\[0\]: 'notch'", types=["notch"])
        self.refused(r"types\[0\]: ", types=[["peaking"]])
        self.refused("types: must be", types=[])
        self.refused("target: has 1 values", target=[0.0])
        self.refused("target: must be a list", target="flat")
        self.refused(r"target.db: is missing", target={"freqs": [20]})
        self.refused(r"target.freqs\[1\]: ", target={"freqs": [20, 20], "db": [0, 0]})
        self.refused(r"target.freqs: has no points", target={"freqs": [], "db": []})

    def test_what_is_no_object(self) -> None:
        for data in (None, [], "fit", 5):
            with self.assertRaisesRegex(ValueError, "^data: "):
                fit(data)

    def test_unknown_fields_are_noted(self) -> None:
        answer = fit(request(np.zeros(len(FREQS)), 2, colour="pink"))
        self.assertIn("colour: unknown, ignored", answer["notes"])

    def test_extremes_are_answered(self) -> None:
        chance = np.random.default_rng(4)
        for change in ({"maxGainDb": 0.0}, {"maxQ": 0.5}, {"maxQ": 100.0, "maxBoostQ": 100.0},
                       {"range": [100.0, 200.0]}, {"maxBoostDb": 0.0}, {"sampleRate": 768000.0}):
            db = chance.choice([-200.0, 0.0, 300.0], len(FREQS))
            answer = fit({**request(db, 5), **change})
            self.assertTrue(np.isfinite(answer["predictedDb"]).all(), change)
