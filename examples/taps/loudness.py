#!/usr/bin/env python3
"""Prints the level of a module's output once a second, read sample by sample through shared memory.

    pip install ./clients/python
    soundpost serve &
    python examples/taps/loudness.py gain#1            # or $io for the chain's own output

Loudness is ITU-R BS.1770's: K-weighted, momentary over 400 ms, with all channels weighted alike.
"""

from __future__ import annotations

import argparse
import array
import json
import math
import struct
import sys
from collections import deque
from pathlib import Path
from typing import Deque, List, Tuple

try:
    import soundpost
except ImportError:  # in a checkout, where nothing is installed
    sys.path.append(str(Path(__file__).resolve().parents[2] / "clients" / "python" / "src"))
    import soundpost

from soundpost.blocking import connect
from soundpost.channel import shared_memory

Section = Tuple[float, float, float, float, float]


def k_weighting(rate: float) -> List[Section]:
    """The two filters of BS.1770-4 for any rate: the analogue prototypes behind its table for 48 kHz, by bilinear transform."""

    def section(b0: float, b1: float, b2: float, frequency: float, q: float) -> Section:
        k = math.tan(math.pi * frequency / rate)
        scale = 1 + k / q + k * k
        return (
            (b2 + b1 * k / q + b0 * k * k) / scale,
            2 * (b0 * k * k - b2) / scale,
            (b2 - b1 * k / q + b0 * k * k) / scale,
            2 * (k * k - 1) / scale,
            (1 - k / q + k * k) / scale,
        )

    high = 10 ** (3.999843853973347 / 20)
    shelf = section(1.0, high**0.4996667741545416, high, 1681.974450955533, 0.7071752369554196)
    # The table's high pass has the numerator 1, −2, 1 as it stands.
    pass_ = section(0.0, 0.0, 1.0, 38.13547087602444, 0.5003270373238773)
    return [shelf, (1.0, -2.0, 1.0, pass_[3], pass_[4])]


class Channel:
    """One channel's filters and the energy of its blocks of 100 ms."""

    def __init__(self, sections: List[Section]) -> None:
        self._sections = [(section, [0.0, 0.0]) for section in sections]

    def energy(self, samples: List[float]) -> float:
        total = 0.0
        for sample in samples:
            for (b0, b1, b2, a1, a2), state in self._sections:
                out = b0 * sample + state[0]
                state[0] = b1 * sample - a1 * out + state[1]
                state[1] = b2 * sample - a2 * out
                sample = out
            total += sample * sample
        return total


def decibels(power: float) -> str:
    return f"{10 * math.log10(power):7.2f}" if power > 1e-12 else "   -inf"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("module", help="instance id, such as gain#1; $io for the chain's own ends")
    parser.add_argument("--port", choices=["input", "output"], default="output")
    parser.add_argument("--url", default="127.0.0.1:5000", help="the node")
    parser.add_argument("--seconds", type=int, default=0, help="how long to listen; 0: until the stream ends")
    arguments = parser.parse_args()

    with connect(arguments.url, name="loudness") as node:
        tap = node.ask(soundpost.OpenTap(arguments.module, arguments.port)).tap
    with shared_memory.connect(tap) as channel:
        listen(channel, arguments.seconds)


def listen(channel: shared_memory.SharedMemoryChannel, seconds: int) -> None:
    form = json.loads(channel.receive_bytes())
    rate, count = form["sampleRate"], form["channels"]
    print(f"{form['instanceId']} {form['point']}: {count} channels, {rate} Hz")
    filters = [Channel(k_weighting(rate)) for _ in range(count)]
    block = rate // 10
    waiting: List[List[float]] = [[] for _ in range(count)]
    recent: Deque[float] = deque(maxlen=4)
    peaks = [0.0] * count
    missed = blocks = 0
    while not seconds or blocks < 10 * seconds:
        try:
            record = channel.receive_bytes()
        except soundpost.channel.Disconnected:
            return
        _, _, lost = struct.unpack_from("<QII", record)
        missed += lost
        samples = array.array("f", record[16:])
        if sys.byteorder == "big":
            samples.byteswap()
        for index in range(count):
            waiting[index] += samples[index::count]
        while len(waiting[0]) >= block:
            energy = 0.0
            for index in range(count):
                piece, waiting[index] = waiting[index][:block], waiting[index][block:]
                peaks[index] = max(peaks[index], max(map(abs, piece)))
                energy += filters[index].energy(piece)
            recent.append(energy / block)
            blocks += 1
            if blocks % 10 == 0:
                power = sum(recent) / len(recent) * 10 ** (-0.0691)
                levels = " ".join(decibels(peak * peak) for peak in peaks)
                print(f"{blocks // 10:5} s  momentary {decibels(power)} LUFS  peak {levels} dBFS  missed {missed}", flush=True)
                peaks = [0.0] * count


if __name__ == "__main__":
    try:
        main()
    except (soundpost.SoundpostError, soundpost.channel.ChannelError) as error:
        sys.exit(f"loudness: {error}")
    except KeyboardInterrupt:
        pass
