#!/usr/bin/env python3
"""Imports REW and Equalizer APO texts with the page's importer and compares the bands with the texts' own definition.

    eq_import.py COMMAND.js

COMMAND.js is web/tests/eqImportCommand.ts, bundled for node. What each text means is computed here with numpy and scipy,
from the definitions: the Audio EQ Cookbook with Q, bandwidth or shelf slope; a shelf's corner lying |gain|/(80 S) decades
from its middle; the widths that REW and Equalizer APO take where a text gives none. The importer's bands go through the
page's own evaluation, which fixtures/eq holds to the C core.

Prints the largest deviation of each form from 10 Hz to 20 kHz and exits 1 where one is above its limit, or where a line
that cannot be taken is not reported. Last line: `N passed, N failed`.
"""

import json
import subprocess
import sys

import numpy as np
import scipy.signal

RATE = 48000
ROOT_HALF = 0.5**0.5
# Evenly, and close together where some of the filters are narrow.
FREQUENCIES = np.union1d(np.geomspace(10, 20000, 300), np.geomspace(970, 1030, 121))
# What rounding parameters to 32 bits may change, dB; also 0 dB for bands that are exact.
EXACT = 2e-5


def q_of_slope(slope, gain):
    a = 10 ** (gain / 40)
    return 1 / np.sqrt((a + 1 / a) * (1 / slope - 1) + 2)


def rbj(kind, f, gain=0.0, q=None, slope=None, octaves=None, rate=RATE):
    """b, a of the Audio EQ Cookbook as it prints them."""
    a = 10 ** (gain / 40)
    w = 2 * np.pi * f / rate
    s, c = np.sin(w), np.cos(w)
    if octaves is not None:
        alpha = s * np.sinh(np.log(2) / 2 * octaves * w / s)
    elif slope is not None:
        alpha = s / 2 * np.sqrt((a + 1 / a) * (1 / slope - 1) + 2)
    else:
        alpha = s / (2 * q)
    r = 2 * np.sqrt(a) * alpha
    table = {
        "peak": ([1 + alpha * a, -2 * c, 1 - alpha * a], [1 + alpha / a, -2 * c, 1 - alpha / a]),
        "low": ([(1 - c) / 2, 1 - c, (1 - c) / 2], [1 + alpha, -2 * c, 1 - alpha]),
        "high": ([(1 + c) / 2, -(1 + c), (1 + c) / 2], [1 + alpha, -2 * c, 1 - alpha]),
        "band": ([alpha, 0, -alpha], [1 + alpha, -2 * c, 1 - alpha]),
        "notch": ([1, -2 * c, 1], [1 + alpha, -2 * c, 1 - alpha]),
        "all": ([1 - alpha, -2 * c, 1 + alpha], [1 + alpha, -2 * c, 1 - alpha]),
        "lowshelf": (
            [a * (a + 1 - (a - 1) * c + r), 2 * a * (a - 1 - (a + 1) * c), a * (a + 1 - (a - 1) * c - r)],
            [a + 1 + (a - 1) * c + r, -2 * (a - 1 + (a + 1) * c), a + 1 + (a - 1) * c - r],
        ),
        "highshelf": (
            [a * (a + 1 + (a - 1) * c + r), -2 * a * (a - 1 + (a + 1) * c), a * (a + 1 + (a - 1) * c - r)],
            [a + 1 - (a - 1) * c + r, 2 * (a - 1 - (a + 1) * c), a + 1 - (a - 1) * c - r],
        ),
    }
    return table[kind]


def first_order(kind, f, rate=RATE):
    return scipy.signal.butter(1, f, kind, fs=rate)


def corner(kind, f, gain, slope, rate=RATE):
    """A shelf of which the text gives the corner."""
    factor = 10 ** (abs(gain) / 80 / slope)
    return rbj(kind, f * factor if kind == "lowshelf" else f / factor, gain, slope=slope, rate=rate)


def corner_q(kind, f, gain, q):
    a = 10 ** (gain / 40)
    slope = 1 / ((1 / q**2 - 2) / (a + 1 / a) + 1)
    factor = 10 ** (abs(gain) / 80 / slope)
    return rbj(kind, f * factor if kind == "lowshelf" else f / factor, gain, q=q)


def linkwitz(f0, q0, fp, qp, rate=RATE):
    """Zeros and poles through the bilinear transform, each at its own frequency; 0 dB at half the rate."""

    def pair(f, q):
        w = 2 * rate * np.tan(np.pi * f / rate)
        return scipy.signal.bilinear([1, w / q, w * w], [1], rate)[0], w

    b, _ = scipy.signal.bilinear(
        [1, pair(f0, q0)[1] / q0, pair(f0, q0)[1] ** 2], [1, pair(fp, qp)[1] / qp, pair(fp, qp)[1] ** 2], rate
    )
    _, a = scipy.signal.bilinear(
        [1, pair(f0, q0)[1] / q0, pair(f0, q0)[1] ** 2], [1, pair(fp, qp)[1] / qp, pair(fp, qp)[1] ** 2], rate
    )
    return b, a


def level(filters, frequencies=FREQUENCIES, rate=RATE):
    """dB of filters in series."""
    total = np.zeros(len(frequencies))
    for b, a in filters:
        _, h = scipy.signal.freqz(b, a, worN=2 * np.pi * frequencies / rate)
        total += 20 * np.log10(np.maximum(np.abs(h), 1e-20))
    return total


def modal_q(time, f, gain):
    return np.pi * f * time / np.log(1000) * 10 ** (abs(gain) / 40)


HEADER = """Filter Settings file

Room EQ V5.20.13
Dated: 3 Mar 2026 10:11:12

Notes:example

Equaliser: Generic
Living room
"""


def rew(*lines, header=HEADER):
    return header + "\n".join(lines) + "\n"


# name, text, filters, limit dB
FORMS = [
    ("REW PK", rew("Filter  1: ON  PK       Fc   129.1 Hz  Gain  -6.2 dB  Q  5.37"), [rbj("peak", 129.1, -6.2, 5.37)], EXACT),
    ("REW PEQ with Q", rew("Filter  1: ON  PEQ      Fc    64.0 Hz  Gain   4.5 dB  Q  2.0"), [rbj("peak", 64, 4.5, 2)], EXACT),
    ("REW PEQ BW Oct", rew("Filter  1: ON  PEQ      Fc    64.0 Hz (63 +1) Gain -6.5 dB  BW Oct 0.167"),
     [rbj("peak", 64, -6.5, octaves=0.167)], EXACT),
    ("REW PA BW/60", rew("Filter  1: ON  PA       Fc    36.8Hz (31.5 +5) Gain -12.0 dB BW/60 10.0"),
     [rbj("peak", 36.8, -12, 60 / (10 * 2**0.5))], EXACT),
    ("REW Modal", rew("Filter  1: ON  Modal    Fc    25.00 Hz  Gain  27.00 dB  Q 16.139  T60 target   300 ms"),
     [rbj("peak", 25, 27, 16.139)], EXACT),
    ("REW Modal by T60", rew("Filter  1: ON  Modal    Fc   100 Hz  Gain   3.0 dB  T60 target   100 ms"),
     [rbj("peak", 100, 3, modal_q(0.1, 100, 3))], EXACT),
    ("REW Modal T60 is its Q", rew("Filter  1: ON  Modal    Fc  89.40 Hz  Gain   0.50 dB  T60 target   300 ms"),
     [rbj("peak", 89.4, 0.5, modal_q(0.3, 89.4, 0.5))], EXACT),
    ("REW LP", rew("Filter  1: ON  LP       Fc   145.5 Hz "), [rbj("low", 145.5, q=ROOT_HALF)], EXACT),
    ("REW HP", rew("Filter  1: ON  HP       Fc   166.0 Hz "), [rbj("high", 166, q=ROOT_HALF)], EXACT),
    ("REW LPQ", rew("Filter  1: ON  LPQ      Fc  10000 Hz  Q  0.400"), [rbj("low", 10000, q=0.4)], EXACT),
    ("REW HPQ", rew("Filter  1: ON  HPQ      Fc    20.0 Hz  Q  0.500"), [rbj("high", 20, q=0.5)], EXACT),
    ("REW LP Q", rew("Filter  1: ON  LP Q     Fc    80.00 Hz  Q   1.71"), [rbj("low", 80, q=1.71)], EXACT),
    ("REW HP Q", rew("Filter  1: ON  HP Q     Fc   100.00 Hz  Q   0.71"), [rbj("high", 100, q=0.71)], EXACT),
    ("REW LP1", rew("Filter  1: ON  LP1      Fc   300.0 Hz "), [first_order("low", 300)], EXACT),
    ("REW HP1", rew("Filter  1: ON  HP1      Fc   370.0 Hz "), [first_order("high", 370)], EXACT),
    ("REW LS", rew("Filter  1: ON  LS       Fc    1325 Hz  Gain   5.00 dB"), [rbj("lowshelf", 1325, 5, slope=0.9)], EXACT),
    ("REW HS", rew("Filter  1: ON  HS       Fc    1000 Hz  Gain  -3.0 dB"), [rbj("highshelf", 1000, -3, slope=0.9)], EXACT),
    ("REW LSQ", rew("Filter  1: ON  LSQ      Fc   500.0 Hz  Gain  -7.00 dB  Q  0.6"), [rbj("lowshelf", 500, -7, 0.6)], EXACT),
    ("REW HSQ", rew("Filter  1: ON  HSQ      Fc   630.0 Hz  Gain   4.00 dB  Q  0.9"), [rbj("highshelf", 630, 4, 0.9)], EXACT),
    ("REW LS Q", rew("Filter  1: ON  LS Q     Fc   500.0 Hz  Gain   6.00 dB Q  0.707"), [rbj("lowshelf", 500, 6, 0.707)], EXACT),
    ("REW HS Q", rew("Filter  1: ON  HS Q     Fc   630.0 Hz  Gain  -9.00 dB Q  0.707"), [rbj("highshelf", 630, -9, 0.707)], EXACT),
    ("REW LS 6dB", rew("Filter  1: ON  LS 6dB   Fc    50.0 Hz  Gain   7.2 dB"), [corner("lowshelf", 50, 7.2, 0.5)], EXACT),
    ("REW LS 12dB", rew("Filter  1: ON  LS 12dB  Fc   2000 Hz  Gain  -5.0 dB"), [corner("lowshelf", 2000, -5, 1)], EXACT),
    ("REW HS 6dB", rew("Filter  1: ON  HS 6dB   Fc  12000 Hz  Gain  10.0 dB"), [corner("highshelf", 12000, 10, 0.5)], EXACT),
    ("REW HS 12dB", rew("Filter  1: ON  HS 12dB  Fc    500 Hz  Gain   5.0 dB"), [corner("highshelf", 500, 5, 1)], EXACT),
    ("REW NO", rew("Filter  1: ON  NO       Fc     800 Hz"), [rbj("notch", 800, q=30)], EXACT),
    ("REW Notch Q", rew("Filter  1: ON  Notch Q  Fc   100.0 Hz  Q  0.707"), [rbj("notch", 100, q=0.707)], EXACT),
    ("REW AP", rew("Filter  1: ON  AP       Fc     900 Hz  Q  0.707"), [rbj("all", 900, q=0.707)], EXACT),
    ("REW All pass", rew("Filter  1: ON  All pass  Fc   100.0 Hz  Q  0.707"), [rbj("all", 100, q=0.707)], EXACT),
    ("REW BP (DCX2496)", rew("Filter  1: ON  BP       Fc     900 Hz  Gain  5.0 dB  Q  2.5"), [rbj("peak", 900, 5, 2.5)], EXACT),
    ("REW L-T", rew("Filter  1: ON  L-T      Fc   50.00 Hz  Q   1.20 Fp 30 Qp 0.50"), [linkwitz(50, 1.2, 30, 0.5)], EXACT),
    ("REW None and OFF", rew("Filter  1: ON  None", "Filter  2: OFF PK       Fc   100 Hz  Gain  5.0 dB  Q 1.0"), [], EXACT),
    ("REW comma decimals", rew("Filter  1: ON  PK       Fc    50,0 Hz  Gain -10,0 dB  Q  2,50",
                               "Filter  2: ON  LPQ      Fc  10.000 Hz  Q  0,400",
                               "Filter  3: ON  LS       Fc   2.000 Hz  Gain   5,0 dB"),
     [rbj("peak", 50, -10, 2.5), rbj("low", 10000, q=0.4), rbj("lowshelf", 2000, 5, slope=0.9)], EXACT),
    ("REW thousands", rew("Filter  1: ON  PK       Fc  10,000.5 Hz  Gain -10.0 dB  Q  2.50",
                          "Filter  2: ON  PK       Fc  1\u00a0250 Hz  Gain 4.0 dB  Q  3.00"),
     [rbj("peak", 10000.5, -10, 2.5), rbj("peak", 1250, 4, 3)], EXACT),
    ("REW table", "Configurable_PEQ\nNumber Enabled Control Type Frequency(Hz) Gain(dB) Q Bandwidth(Hz)\n"
     "1 True Auto PK 66.00 -12.00 7.40 8.92\n2 True Manual LS_Q 44.3 -11.0 0.7\n3 True Manual HP_Q 30.0 0.6\n4 True Auto None\n",
     [rbj("peak", 66, -12, 7.4), rbj("lowshelf", 44.3, -11, 0.7), rbj("high", 30, q=0.6)], EXACT),
    ("APO PK", "Filter 1: ON PK Fc 50 Hz Gain -3.0 dB Q 10.00", [rbj("peak", 50, -3, 10)], EXACT),
    ("APO PK without a number", "Filter: ON PK Fc 50 Hz Gain -3.0 dB Q 10.00", [rbj("peak", 50, -3, 10)], EXACT),
    ("APO MODAL", "Filter 2: ON Modal Fc 100 Hz Gain 3.0 dB Q 5.41 T60 target 100 ms", [rbj("peak", 100, 3, 5.41)], EXACT),
    ("APO PEQ BW Oct", "Filter 2: ON PEQ Fc 8000 Hz Gain 6.0 dB BW Oct 1.5", [rbj("peak", 8000, 6, octaves=1.5)], EXACT),
    ("APO LP", "Filter: ON LP Fc 8000 Hz", [rbj("low", 8000, q=ROOT_HALF)], EXACT),
    ("APO LPQ", "Filter: ON LPQ Fc 10000 Hz Q 0.4", [rbj("low", 10000, q=0.4)], EXACT),
    ("APO HP", "Filter: ON HP Fc 30 Hz", [rbj("high", 30, q=ROOT_HALF)], EXACT),
    ("APO HPQ", "Filter: ON HPQ Fc 20 Hz Q 0.5", [rbj("high", 20, q=0.5)], EXACT),
    ("APO BP", "Filter: ON BP Fc 1000 Hz", [rbj("band", 1000, q=ROOT_HALF)], EXACT),
    ("APO BP Q", "Filter: ON BP Fc 1000 Hz Q 0.5", [rbj("band", 1000, q=0.5)], EXACT),
    ("APO BP BW Oct", "Filter: ON BP Fc 1000 Hz BW Oct 2", [rbj("band", 1000, octaves=2)], EXACT),
    ("APO LS", "Filter: ON LS Fc 300 Hz Gain 5.0 dB", [rbj("lowshelf", 300, 5, slope=0.9)], EXACT),
    ("APO HS", "Filter: ON HS Fc 1000 Hz Gain -3.0 dB", [rbj("highshelf", 1000, -3, slope=0.9)], EXACT),
    ("APO LS Q (corner)", "Filter: ON LS Fc 300 Hz Gain 5.0 dB Q 0.6", [corner_q("lowshelf", 300, 5, 0.6)], EXACT),
    ("APO HS Q (corner)", "Filter: ON HS Fc 3000 Hz Gain -5.0 dB Q 0.6", [corner_q("highshelf", 3000, -5, 0.6)], EXACT),
    ("APO LSC x dB", "Filter: ON LSC 10.8 dB Fc 300 Hz Gain 5.0 dB", [rbj("lowshelf", 300, 5, slope=0.9)], EXACT),
    ("APO HSC x dB", "Filter: ON HSC 6 dB Fc 100 Hz Gain -6.0 dB", [rbj("highshelf", 100, -6, slope=0.5)], EXACT),
    ("APO LSC", "Filter: ON LSC Fc 105 Hz Gain 6.0 dB", [rbj("lowshelf", 105, 6, slope=0.9)], EXACT),
    ("APO LSC Q", "Filter: ON LSC Fc 300 Hz Gain 5.0 dB Q 0.6473", [rbj("lowshelf", 300, 5, 0.6473)], EXACT),
    ("APO HSC Q", "Filter: ON HSC Fc 100 Hz Gain -6.0 dB Q 0.4272", [rbj("highshelf", 100, -6, 0.4272)], EXACT),
    ("APO LS 6dB", "Filter: ON LS 6dB Fc 50.0 Hz Gain 7.2 dB", [corner("lowshelf", 50, 7.2, 0.5)], EXACT),
    ("APO LS 12dB", "Filter: ON LS 12dB Fc 2000 Hz Gain -5.0 dB", [corner("lowshelf", 2000, -5, 1)], EXACT),
    ("APO HS 6dB", "Filter: ON HS 6dB Fc 12000 Hz Gain 10.0 dB", [corner("highshelf", 12000, 10, 0.5)], EXACT),
    ("APO HS 12dB", "Filter: ON HS 12dB Fc 500 Hz Gain 5.0 dB", [corner("highshelf", 500, 5, 1)], EXACT),
    ("APO NO", "Filter: ON NO Fc 800 Hz", [rbj("notch", 800, q=30)], EXACT),
    ("APO NO Q", "Filter: ON NO Fc 800 Hz Q 4", [rbj("notch", 800, q=4)], EXACT),
    ("APO AP", "Filter: ON AP Fc 900 Hz Q 0.707", [rbj("all", 900, q=0.707)], EXACT),
    ("APO IIR low pass", "Filter: ON IIR Order 2 Coefficients 0.0380602 0.0761205 0.0380602 1.2706 -1.84776 0.729402",
     [([0.0380602, 0.0761205, 0.0380602], [1.2706, -1.84776, 0.729402])], 0.05),
    ("APO IIR order 1", "Filter: ON IIR Order 1 Coefficients " + " ".join(
        repr(float(x)) for part in first_order("high", 120) for x in part), [first_order("high", 120)], EXACT),
    ("APO IIR shelf and peak", "Filter: ON IIR Order 2 Coefficients " + " ".join(
        repr(float(x)) for part in linkwitz(80, 0.6, 200, 0.9) for x in part), [linkwitz(80, 0.6, 200, 0.9)], 1e-3),
    ("APO Preamp", "Preamp: -6.5 dB\nFilter: ON PK Fc 1000 Hz Gain 6.5 dB Q 1", [([10 ** (-6.5 / 20)], [1]), rbj("peak", 1000, 6.5, 1)], 0.01),
    ("APO two Preamps", "Preamp: -26.5 dB\nPreamp: -9 dB", [([10 ** (-35.5 / 20)], [1])], 0.02),
    ("APO comma decimals", "Filter: ON PK Fc 50,5 Hz Gain -3,5 dB Q 1,41", [rbj("peak", 50.5, -3.5, 1.41)], EXACT),
    ("miniDSP biquads", "biquad1,\n" + ",\n".join(
        f"{n}={v!r}" for n, v in zip(("b0", "b1", "b2", "a1", "a2"), (lambda b, a: [
            b[0] / a[0], b[1] / a[0], b[2] / a[0], -a[1] / a[0], -a[2] / a[0]])(*map(np.array, rbj("peak", 466, -8.4, 3.3)))
        )).replace("np.float64(", "").replace(")", "") + ",\nbiquad2,\nb0=1.0,\nb1=0.0,\nb2=0.0,\na1=0.0,\na2=0.0",
     [rbj("peak", 466, -8.4, 3.3)], EXACT),
]

# Out of the equaliser's ranges: the nearest band is taken. The importer's own statement must be what is found here.
FITTED = [
    ("Q above 100", "Filter: ON PK Fc 1000 Hz Gain -6 dB Q 160", [rbj("peak", 1000, -6, 160)]),
    ("gain above 30 dB", "Filter: ON PK Fc 1000 Hz Gain 33 dB Q 2", [rbj("peak", 1000, 33, 2)]),
    ("below 10 Hz", "Filter: ON HP Fc 8 Hz", [rbj("high", 8, q=ROOT_HALF)]),
    ("first-order shelf", "Filter: ON IIR Order 1 Coefficients 1.2 -0.7 1 -0.9", [([1.2, -0.7], [1, -0.9])]),
]

NOT_TAKEN = """Device: Speakers
Copy: L=L+0.5*R
Delay: 5 ms
GraphicEQ: 25 6; 40 4.5; 63 3
Convolution: church.wav
Include: other.txt
Filter: ON PK Fc 100 Hz Gain 3 dB
Filter: ON LS Fc 100 Hz
Filter: ON XX Fc 100 Hz Gain 3 dB Q 1
Filter: ON PK Gain 3 dB Q 1
Filter: ON IIR Order 4 Coefficients 1 0 0 0 0 1 0 0 0 0
Filter: ON PK Fc 30000 Hz Gain 3 dB Q 1
Filter: ON LSC 40 dB Fc 300 Hz Gain 25.0 dB
If: inputChannelCount == 2
Filter: ON PK Fc 100 Hz Gain 3 dB Q 1
EndIf:
"""

CHANNELS = """Preamp: -3 dB
Channel: L
Filter: ON PK Fc 100 Hz Gain 3 dB Q 1
Channel: 2
Filter: ON PK Fc 200 Hz Gain -3 dB Q 2
Channel: L R
Filter: ON PK Fc 400 Hz Gain 4 dB Q 3
Channel: all
Filter: ON HP Fc 20 Hz
Channel: SL
Filter: ON PK Fc 800 Hz Gain 4 dB Q 3
"""


class Results:
    def __init__(self):
        self.passed = self.failed = 0

    def say(self, is_good, text):
        self.passed += is_good
        self.failed += not is_good
        print(f"{'ok    ' if is_good else 'FAILED'} {text}")


def difference(actual, filters, rate=RATE):
    """The largest, dB, down to 100 dB below the target's peak."""
    target = level(filters, rate=rate)
    low = target.max() - 100
    return float(np.max(np.abs(np.maximum(np.array(actual), low) - np.maximum(target, low))))


def run(command, jobs):
    for job in jobs:
        job.setdefault("sampleRate", RATE)
        job["frequencies"] = list(FREQUENCIES)
    out = subprocess.run(["node", command], input=json.dumps(jobs), capture_output=True, text=True, timeout=120)
    if out.returncode:
        sys.exit(out.stderr)
    return json.loads(out.stdout)


def check_forms(command, results):
    for (name, text, filters, limit), done in zip(FORMS, run(command, [{"text": form[1]} for form in FORMS])):
        refused = [r for r in done["plan"]["reports"] if not r["isTaken"] and not r["isHarmless"]]
        found = difference(done["db"][0], filters)
        good = found <= limit and not refused
        results.say(good, f"{name}: {found:.1e} dB" + (f", refused {refused}" if refused else ""))


def check_fitted(command, results):
    for (name, text, filters), done in zip(FITTED, run(command, [{"text": form[1]} for form in FITTED])):
        stated = done["plan"]["deviationDb"]
        target = level(filters)
        low = target.max() - 60
        gain = done["plan"]["gainDb"][0]
        actual = np.array(done["db"][0]) + gain
        found = float(np.max(np.abs(np.maximum(actual, low) - np.maximum(target, low))))
        good = found <= stated + 0.02 and stated < 6
        results.say(good, f"{name}: {found:.3f} dB, stated {stated:.3f} dB")


def check_not_taken(command, results):
    (done,) = run(command, [{"text": NOT_TAKEN}])
    refused = {report["line"]: report["note"] for report in done["plan"]["reports"] if not report["isTaken"]}
    for line, text in enumerate(NOT_TAKEN.splitlines(), 1):
        results.say(bool(refused.get(line)), f"not taken: {text} ({refused.get(line)})")
    results.say(done["plan"]["bands"][0] == [], "nothing else is taken")


def check_channels(command, results):
    (done,) = run(command, [{"text": CHANNELS, "channels": 2}])
    common = [([10 ** (-3 / 20)], [1]), rbj("peak", 400, 4, 3), rbj("high", 20, q=ROOT_HALF)]
    for channel, own in enumerate((rbj("peak", 100, 3, 1), rbj("peak", 200, -3, 2))):
        found = difference(done["db"][channel], [*common, own])
        results.say(found < 0.01, f"channel {channel + 1}: {found:.1e} dB")
    refused = [report["line"] for report in done["plan"]["reports"] if not report["isTaken"]]
    results.say(refused == [11], "a channel that is not there is reported")


def check_rates(command, results):
    """Other rates, and coefficients for another rate than the chain's."""
    for rate in (44100, 96000):
        text = "Filter: ON PEQ Fc 8000 Hz Gain 6.0 dB BW Oct 1.5\nFilter: ON LS 6dB Fc 50.0 Hz Gain 7.2 dB"
        (done,) = run(command, [{"text": text, "sampleRate": rate}])
        filters = [rbj("peak", 8000, 6, octaves=1.5, rate=rate), corner("lowshelf", 50, 7.2, 0.5, rate=rate)]
        found = difference(done["db"][0], filters, rate)
        results.say(found <= EXACT, f"at {rate} Hz: {found:.1e} dB")
    b, a = (np.array(part) for part in rbj("peak", 1000, -6, 2, rate=96000))
    text = "Filter: ON IIR Order 2 Coefficients " + " ".join(repr(float(x)) for x in (*b, *a))
    (done,) = run(command, [{"text": text, "coefficientRate": 96000}])
    found = float(np.max(np.abs(np.array(done["db"][0]) - level([(b, a)], rate=96000))))
    stated = done["plan"]["deviationDb"]
    results.say(found <= stated + 0.01 and stated < 0.1, f"coefficients for 96 kHz: {found:.3f} dB, stated {stated:.3f} dB")


def main():
    results = Results()
    command = sys.argv[1]
    for check in (check_forms, check_fitted, check_not_taken, check_channels, check_rates):
        check(command, results)
    print(f"{results.passed} passed, {results.failed} failed")
    return 1 if results.failed else 0


if __name__ == "__main__":
    sys.exit(main())
