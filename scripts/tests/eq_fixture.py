#!/usr/bin/env python3
"""Writes fixtures/eq/responses.json: what the equaliser's filters are, for those who draw them.

    eq_fixture.py LIBRARY SOUNDPOST > fixtures/eq/responses.json

LIBRARY is libDynamicChain of the CMake build, SOUNDPOST the executable. Two lists:

    designs    coefficients b0 b1 b2 a1 a2 from DynChain_DesignBiquad, for settings of every type (the corners of the
               ranges, and random ones) at four rates; and their level in dB, evaluated in extended precision
    measured   bands of one equaliser and what `soundpost response` measured of the running module: as exact as
               32-bit samples are, about 1e-5 dB
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from dynamic_chain import Library
from filter_reference import TYPES, random_settings

RATES = (44100, 48000, 96000, 192000)
FREQUENCIES = (10.0, 31.5, 250.0, 1000.0, 6300.0, 20000.0)
SETTINGS = 10
POINTS = 24

MEASURED = [
    [("peaking", 1000, 6, 2), ("lowShelf", 120, -4.5, 0.7071), ("highShelf", 8000, 3, 0.5)],
    [("highPass", 30, 0, 0.5411961), ("highPass", 30, 0, 1.3065630), ("notch", 50, 0, 10), ("lowPass1", 15000, 0, 1)],
    [("allPass", 400, 0, 0.7071), ("bandPass", 2000, 0, 0.3), ("peaking", 19000, -12, 4)],
    [("highPass1", 20, 0, 1), ("lowPass", 9000, 0, 0.7071)],
]


def level(coefficients, frequency, rate):
    """dB, in extended precision: |b(z)| over |a(z)|, turned by z so that low frequencies cancel only once."""
    b0, b1, b2, a1, a2 = (np.longdouble(value) for value in coefficients)
    w = 2 * np.arccos(np.longdouble(-1)) * np.longdouble(frequency) / rate
    v = 2 * np.sin(w / 2) ** 2

    def power(c0, c1, c2):
        return ((c0 + c2 + c1) - (c0 + c2) * v) ** 2 + ((c0 - c2) * np.sin(w)) ** 2

    ratio = power(b0, b1, b2) / power(np.longdouble(1), a1, a2)
    return round(float(10 * np.log10(ratio)), 12) if ratio > 0 else None


def designs(library):
    rng = np.random.default_rng(4)
    for rate in RATES:
        frequencies = [f for f in FREQUENCIES if f < 0.45 * rate]
        for name in TYPES:
            for setting in random_settings(name, rate, SETTINGS, rng):
                coefficients = [
                    float(c) for c in library.design(
                        TYPES.index(name), setting.frequency, setting.gain_db, setting.q, rate
                    )
                ]
                yield {
                    "type": name,
                    "frequency": float(setting.frequency),
                    "gainDb": float(setting.gain_db),
                    "q": float(setting.q),
                    "sampleRate": rate,
                    "coefficients": coefficients,
                    "db": [level(coefficients, f, rate) for f in frequencies],
                }


def chain(rate):
    def port(name, direction):
        return {"id": name, "direction": direction, "channels": 1, "sampleRate": rate, "label": name, "required": True}

    def edge(name, source, target):
        return {
            "id": name, "fromModule": source[0], "fromPort": source[1], "toModule": target[0], "toPort": target[1],
            "channels": 1, "sampleRate": rate,
        }

    ports = [port("in", "input"), port("out", "output")]
    return {
        "version": "2.2",
        "rootChainId": "main",
        "global": {"channels": 1, "sampleRate": rate, "frameSize": 48},
        "chains": {"main": {
            "id": "main", "name": "Main", "externalPorts": ports,
            "nodes": [{
                "instanceId": "eq#1", "moduleType": "common_eq_v1", "order": 0, "enabled": True,
                "position": {"x": 0, "y": 0}, "ports": ports,
            }],
            "edges": [edge("e1", ("$io", "in"), ("eq#1", "in")), edge("e2", ("eq#1", "out"), ("$io", "out"))],
        }},
    }


def measure(soundpost, bands, rate, folder):
    values = {}
    for b, (name, frequency, gain, q) in enumerate(bands):
        values |= {f"type#0#{b}": name, f"freq#0#{b}": frequency, f"gainDb#0#{b}": gain, f"q#0#{b}": q,
                   f"bandEnable#0#{b}": True}
    (folder / "chain.json").write_text(json.dumps(chain(rate)))
    (folder / "values.json").write_text(json.dumps({"eq#1": values}))
    out = subprocess.run(
        [soundpost, "response", folder / "chain.json", "--params", folder / "values.json", "--format", "json",
         "--points", str(POINTS)],
        check=True, capture_output=True, timeout=60,
    ).stdout
    response = json.loads(out)["responses"][0]
    return {
        "sampleRate": rate,
        "bands": [dict(zip(("type", "frequency", "gainDb", "q"), band)) for band in bands],
        **{key: response[key] for key in ("frequencyHz", "magnitudeDb", "phaseDeg", "groupDelayMs")},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library")
    parser.add_argument("soundpost")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = [measure(arguments.soundpost, bands, 48000, Path(folder)) for bands in MEASURED]
    lines = [json.dumps(design, separators=(",", ":")) for design in designs(Library(arguments.library))]
    print('{\n"frequencies": ' + json.dumps(FREQUENCIES) + ',\n"designs": [')
    print(",\n".join(lines))
    print('],\n"measured": [')
    print(",\n".join(json.dumps(one, separators=(",", ":")) for one in measured))
    print("]\n}")


if __name__ == "__main__":
    main()
