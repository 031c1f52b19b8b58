"""The benchmark's chain in pedalboard. Same command line and answer as the C peers, figures as in common/bench.h."""

import json
import sys
import time

import numpy as np
import pedalboard

RATE = 48000
GAINS_DB = [4, -3, 2, -2.5, 3, -4, 2.5, -2, 3, -3]


def signal(channels: int) -> np.ndarray:
    random = np.random.default_rng(1)
    time_axis = np.arange(RATE) / RATE
    tones = sum(np.sin(2 * np.pi * (55 << octave) * time_axis) for octave in range(4))
    noise = random.uniform(-1, 1, (channels, RATE))
    return (0.4 * noise + 0.12 * tones).astype(np.float32)


def main() -> None:
    channels, block, seconds = (int(argument) for argument in sys.argv[1:4])
    bands = [
        pedalboard.PeakFilter(cutoff_frequency_hz=31.25 * 2**k, gain_db=gain, q=1.41)
        for k, gain in enumerate(GAINS_DB)
    ]
    board = pedalboard.Pedalboard(
        [
            pedalboard.Gain(gain_db=3),
            pedalboard.Delay(delay_seconds=0.01, feedback=0, mix=1),
            *bands,
            pedalboard.Limiter(threshold_db=-1, release_ms=80),
        ]
    )
    audio = np.tile(signal(channels), (1, seconds))
    board.process(audio[:, :RATE], RATE, buffer_size=block, reset=False)
    start = time.process_time()
    board.process(audio, RATE, buffer_size=block, reset=False)
    print(json.dumps({"cpu": time.process_time() - start, "audio": seconds}))


main()
