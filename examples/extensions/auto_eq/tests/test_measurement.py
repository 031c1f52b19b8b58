import unittest

import numpy as np
from scipy.signal import lfilter

from filters import Band, bands_db
from measurement import from_capture, parse_text, read_csv
from tests.rooms import cookbook


class Text(unittest.TestCase):
    def test_forms(self) -> None:
        forms = {
            "REW, spaces": "* Measurement data\n* Freq(Hz) SPL(dB) Phase(degrees)\n20.000 71.5 12.0\n40.5 -3.25 -100\n",
            "commas": "Freq,SPL,Phase\n20.0,71.5,12\n40.5,-3.25,13\n",
            "commas and spaces": "20.0, 71.5, 12\n40.5, -3.25, 13",
            "semicolons, decimal commas": "Frequenz;Pegel\r\n20,0;71,5\r\n40,5;-3,25\r\n",
            "semicolons, whole numbers first": "20;71,5\n40,5;-3,25",
            "semicolons, points": "20.0;71.5\n40.5;-3.25;\n",
            "tabs": "# made by hand\n20\t71.5\n40.5\t-3.25\t0.1\n",
            "tabs, decimal commas": "20,0\t71,5\n40,5\t-3,25",
            "spaces, decimal commas": "20,0   71,5\n 40,5 -3,25\n",
            "mark, quotes, exponents": '\ufeff"Frequency","Level"\n"2.0E+1","7.15e1"\n"40.5","\u22123.25"\n',
            "comments between": "20 71.5\n\n* again\n// and\n# again\n40.5 -3.25",
        }
        for name, text in forms.items():
            with self.subTest(name):
                self.assertEqual(parse_text(text)[:2], ([20.0, 40.5], [71.5, -3.25]))

    def test_zero_hertz_is_left_out(self) -> None:
        freqs, db, notes = parse_text("0 -100\n10 1\n20 2\n")
        self.assertEqual((freqs, db), ([10.0, 20.0], [1.0, 2.0]))
        self.assertEqual(notes, ["text: line 1: 0 Hz left out"])

    def test_errors_name_the_line(self) -> None:
        for text, pattern in (
            ("20 1\n30 x\n", "line 2: 'x' is no level"),
            ("* c\n20 1\nabc 3\n", "line 3: 'abc' is no frequency"),
            ("20 1\n30\n", "line 2: has one column"),
            ("20 1\n30 nan\n", "line 2: 'nan' is no level"),
            ("20 -inf\n30 1\n", "line 1: has a level that is no finite number"),
            ("20 1\n30 1e999\n", "line 2: '1e999' is no level"),
            ("20 1\n15 2\n", "line 2: 15 Hz follows 20 Hz"),
            ("20 1\n20 2\n", "line 2: 20 Hz is there twice"),
            ("-5 1\n20 2\n", "line 1: the frequency must be above 0"),
            ("20 5000\n", "line 1: the level must be from"),
            ("", "has no line with"),
            ("Hello\nworld\n", "has no line with"),
            ("x\n" * 300, "line 201: no numbers so far"),
        ):
            with self.subTest(text[:20]), self.assertRaisesRegex(ValueError, "^text: " + pattern):
                parse_text(text)

    def test_request(self) -> None:
        self.assertEqual(read_csv({"text": "20 1\n30 2"}), {"freqs": [20.0, 30.0], "db": [1.0, 2.0], "notes": []})
        for data in (None, {}, {"text": 5}, []):
            with self.assertRaisesRegex(ValueError, "^text: "):
                read_csv(data)


class Capture(unittest.TestCase):
    rate = 48000.0
    bands = [Band("peaking", 1000.0, 6.0, 1.4), Band("lowShelf", 150.0, -5.0, 0.7)]

    def played(self, seconds: float, delay: int = 0, noise: float = 0.0, level: float = 0.1) -> dict:
        chance = np.random.default_rng(6)
        reference = chance.normal(0.0, level, int(seconds * self.rate))
        measured = reference
        for band in self.bands:
            measured = lfilter(*cookbook(band, self.rate), measured)
        measured = np.concatenate((np.zeros(delay), measured))[:len(reference)]
        measured = measured + chance.normal(0.0, noise, len(reference)) if noise else measured
        return {"measured": np.float32(measured).tolist(), "reference": np.float32(reference).tolist(),
                "sampleRate": self.rate}

    def error(self, answer: dict) -> float:
        freqs = np.array(answer["freqs"])
        inside = (freqs >= 50.0) & (freqs <= 18000.0)
        expected = bands_db(self.bands, freqs, self.rate)
        return float(np.abs(np.array(answer["db"]) - expected)[inside].max())

    def test_a_known_filter_is_recovered(self) -> None:
        for delay in (0, 37, 4800):
            answer = from_capture(self.played(4.0, delay))
            error = self.error(answer)
            print(f"\ncapture, {delay} samples late: largest error {error:.3f} dB")
            self.assertLess(error, 0.3)
            self.assertAlmostEqual(answer["delayMs"], 1000.0 * delay / self.rate, delta=0.1)
            self.assertLess(answer["freqs"][0], 25.0)
            self.assertGreater(answer["freqs"][-1], 19000.0)
            self.assertEqual(answer["notes"], [])

    def test_noise_that_the_reference_lacks_averages_out(self) -> None:
        answer = from_capture(self.played(10.0, noise=0.02))
        self.assertLess(self.error(answer), 1.0)

    def test_strangers_have_little_coherence(self) -> None:
        data = self.played(4.0)
        data["measured"] = np.random.default_rng(9).normal(0.0, 0.1, len(data["reference"])).tolist()
        answer = from_capture(data)
        self.assertTrue(answer["notes"])

    def test_a_capture_can_be_fitted(self) -> None:
        from fit import fit

        answer = from_capture(self.played(4.0))
        fitted = fit({"freqs": answer["freqs"], "db": answer["db"], "bands": 4, "sampleRate": self.rate})
        self.assertLess(fitted["errorDb"]["rmsAfter"], 0.15)

    def test_malformed(self) -> None:
        good = self.played(1.0)
        for change, pattern in (
            ({"measured": None}, "measured: is missing"),
            ({"measured": good["measured"][:-1]}, "measured: has 47999 samples"),
            ({"measured": [0.1], "reference": [0.1]}, "measured: has 1 samples; at least"),
            ({"reference": [0.0] * 48000}, "reference: is silent"),
            ({"reference": [float("nan")] * 48000}, r"reference\[0\]: must be a finite"),
            ({"sampleRate": "48k"}, "sampleRate: must be"),
            ({"smoothing": 0}, "smoothing: must be"),
        ):
            with self.subTest(pattern), self.assertRaisesRegex(ValueError, "^" + pattern):
                from_capture({**good, **change})
        with self.assertRaisesRegex(ValueError, "^data: "):
            from_capture([])
