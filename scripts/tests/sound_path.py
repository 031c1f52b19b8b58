#!/usr/bin/env python3
"""Plays a chain through PortAudio into a PulseAudio null sink, records the sink's monitor, and compares the recording with
an off-line render of the same chain, values and file.

    sound_path.py SOUNDPOST WORK

Starts and stops its own sound server. The recording must be the render at the card's start level (-20 dB), sample by
sample, to -100 dB below the render's RMS; once in the card's order, once on channels that are chosen, and the card's other
channels must be silent. Then a tone comes in by a card whose clock runs slower than that of the card that plays it, and must be
played as the pure tone that it is. When the host of a virtual machine takes its processors away, the sound server
leaves gaps in the recording; then, and only then, there is another, up to ATTEMPTS. Last line: `N passed, N failed`.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from node_process import Node, read_json

RATE = 48000
CHANNEL_NAMES = ["front-left", "front-right", "rear-left", "rear-right"]
SECONDS = 4
LEVEL = 0.1  # -20 dB
LIMIT_DB = -100.0
ATTEMPTS = 4
TONE, TONE_AMPLITUDE = 1111.0, 0.25
SLOW = 0.997  # clock of the card that hears, of the other card's
SETTLE_SECONDS, TONE_SECONDS = 12, 8
PITCH_LIMIT_PPM = 1000.0
TONE_LIMIT_DB = -25.0  # one frame missed leaves -20 dB; the jitter of both cards' call-backs, on a busy machine, -33


def write_wav(path: str, samples: np.ndarray) -> None:
    """Float WAV, frames by channels."""
    data = samples.astype("<f4").tobytes()
    channels = samples.shape[1]
    form = (3).to_bytes(2, "little") + channels.to_bytes(2, "little") + RATE.to_bytes(4, "little")
    form += (RATE * channels * 4).to_bytes(4, "little") + (channels * 4).to_bytes(2, "little") + (32).to_bytes(2, "little")
    body = b"WAVEfmt " + len(form).to_bytes(4, "little") + form + b"data" + len(data).to_bytes(4, "little") + data
    with open(path, "wb") as file:
        file.write(b"RIFF" + len(body).to_bytes(4, "little") + body)


def read_wav(path: str) -> np.ndarray:
    with open(path, "rb") as file:
        data = file.read()
    start = data.index(b"data") + 8
    size = int.from_bytes(data[start - 4 : start], "little")
    return np.frombuffer(data[start : start + size], "<f4").reshape(-1, 2)


@dataclass
class Card:
    sink: str
    channels: int
    used: list[int]
    """Counted from 0, those on which left and right are heard."""


class SoundServer:
    """PulseAudio with one null sink, in a runtime directory of its own."""

    def __init__(self, folder: str, channels: int, modules: tuple[str, ...] = ()) -> None:
        self.channels = channels
        self.modules = [word for module in modules for word in ("-L", module)]
        self.map = ",".join(CHANNEL_NAMES[:channels])
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": folder, "HOME": folder, "PULSE_SERVER": f"unix:{folder}/pulse/native"}

    def __enter__(self) -> "SoundServer":
        self.process = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes",
             "-L", f"module-null-sink sink_name=test rate={RATE} channels={self.channels} "
             f"channel_map={self.map} format=float32le",
             "-L", "module-native-protocol-unix auth-anonymous=1", *self.modules],
            env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for _ in range(100):
            if subprocess.run(["pactl", "info"], env=self.environment, capture_output=True).returncode == 0:
                return self
            time.sleep(0.1)
        raise RuntimeError("the sound server does not answer")

    def record(self, path: str) -> subprocess.Popen:
        file = open(path, "wb")
        return subprocess.Popen(
            ["parec", "-d", "test.monitor", "--format=float32le", f"--rate={RATE}", f"--channels={self.channels}",
             f"--channel-map={self.map}", "--raw"],
            env=self.environment, stdout=file, stderr=subprocess.DEVNULL,
        )

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=10)


def play_and_record(soundpost: str, data: str, folder: str, file: str, card: Card) -> Node:
    """Plays the file for SECONDS, with a sound server in `folder`. The recording is `folder`.raw; the node has ended."""
    with SoundServer(folder, card.channels) as server:
        recorder = server.record(f"{folder}.raw")
        options = ["--source", f"file:{file}", "--sink", card.sink]
        with Node(soundpost, data, options, server.environment) as node:
            deadline = time.monotonic() + SECONDS
            while time.monotonic() < deadline:
                time.sleep(0.1)
        recorder.terminate()
        recorder.wait(timeout=10)
    return node


def compare(path: str, render: np.ndarray, card: Card) -> tuple[float, float]:
    """Length of a recording, and its residual to the render, and to silence on all other channels, in dB."""
    every = np.fromfile(path, "<f4")
    every = every[: len(every) // card.channels * card.channels].reshape(-1, card.channels)
    recording = every[:, card.used]
    others = np.delete(every, card.used, axis=1)
    # A piece of the render, well behind the soft start, is looked for in the recording.
    start, length = RATE, RATE
    piece = render[start : start + length, 0]
    size = 1 << int(np.ceil(np.log2(len(recording) + length)))
    correlation = np.fft.irfft(np.fft.rfft(recording[:, 0], size) * np.conj(np.fft.rfft(piece, size)), size)
    offset = int(np.argmax(correlation[: max(len(recording) - length, 1)]))
    played = recording[offset : offset + length]
    expected = LEVEL * render[start : start + length]
    error = np.sqrt(np.mean((played - expected) ** 2)) + np.max(np.abs(others), initial=0)
    residual = error / np.sqrt(np.mean(expected**2))
    level = 20 * np.log10(residual + 1e-30)
    return len(recording) / RATE, level


class Ear:
    """A source of the sound server with a clock of its own: it has samples when they are written, and that happens SLOW
    times as often as RATE says. They are a tone of the true TONE hertz."""

    def __init__(self, folder: str) -> None:
        self.pipe = f"{folder}/ear"
        self.module = f"module-pipe-source source_name=ear file={self.pipe} rate={RATE} channels=2 format=float32le"
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.write)

    def __enter__(self) -> "Ear":
        self.thread.start()
        return self

    def write(self) -> None:
        block, written = RATE // 200, 0
        with open(self.pipe, "r+b", buffering=0) as pipe:
            os.set_blocking(pipe.fileno(), False)
            start = time.monotonic()
            while not self.ended.wait(max(0.0, start + written / (SLOW * RATE) - time.monotonic())):
                at = np.arange(written, written + block) / (SLOW * RATE)
                data = np.repeat(TONE_AMPLITUDE * np.sin(2 * np.pi * TONE * at), 2).astype("<f4").tobytes()
                while data and not self.ended.is_set():
                    # A pipe that is full is emptied by nobody: the source is not used yet.
                    if not select.select([], [pipe], [], 0.2)[1]:
                        break
                    data = data[pipe.write(data) or 0 :]
                written += block

    def __exit__(self, *_: object) -> None:
        was_writing = self.thread.is_alive()
        self.ended.set()
        self.thread.join()
        if not was_writing:
            raise RuntimeError("the tone ended before its time")


def play_across_clocks(soundpost: str, data: str, folder: str) -> tuple[np.ndarray, Node]:
    """What is recorded, after SETTLE_SECONDS, of a tone that comes in by one card and is played by another."""
    os.makedirs(folder, mode=0o700)
    with open(f"{folder}/.asoundrc", "w") as file:
        for name, device in (("ear", "ear"), ("mouth", "test")):
            file.write(f'pcm.{name} {{ type pulse device "{device}" }}\n')
    ear = Ear(folder)
    with SoundServer(folder, 2, (ear.module,)) as server, ear:
        recorder = server.record(f"{folder}.raw")
        with Node(soundpost, data, ["--source", "card:ear", "--sink", "card:mouth"], server.environment) as node:
            time.sleep(SETTLE_SECONDS + TONE_SECONDS)
            size = os.path.getsize(f"{folder}.raw")
        recorder.terminate()
        recorder.wait(timeout=10)
    recorded = np.fromfile(f"{folder}.raw", "<f4", count=size // 8 * 2).reshape(-1, 2)
    return recorded[-(TONE_SECONDS - 1) * RATE :, 0].astype(float), node


def impurity(samples: np.ndarray) -> tuple[float, float, float]:
    """What a sine of a frequency near TONE leaves, in dB of that sine, how far that is from TONE, in ppm, and that sine's
    amplitude; of the half seconds where these are worst."""
    worst, farthest, softest = -np.inf, 0.0, np.inf
    length = RATE // 2
    times = np.arange(length) / RATE
    for start in range(0, len(samples) - length + 1, length):
        piece = samples[start : start + length]
        frequency = TONE
        for _ in range(4):  # the phase's slope says how far the frequency is off
            turned = piece * np.exp(-2j * np.pi * frequency * times)
            phase = np.unwrap(np.angle(turned.reshape(-1, RATE // 100).sum(axis=1)))
            frequency += np.polyfit(np.arange(len(phase)) / 100, phase, 1)[0] / (2 * np.pi)
        basis = np.stack([np.cos(2 * np.pi * frequency * times), np.sin(2 * np.pi * frequency * times)], axis=1)
        fitted = basis @ np.linalg.lstsq(basis, piece, rcond=None)[0]
        level = 20 * np.log10(np.sqrt(np.mean((piece - fitted) ** 2)) / (np.sqrt(np.mean(fitted**2)) + 1e-30) + 1e-30)
        worst = max(worst, level)
        farthest = max(farthest, abs(frequency / TONE - 1) * 1e6)
        softest = min(softest, np.sqrt(2 * np.mean(fitted**2)))
    return worst, farthest, softest


def taken_away() -> float:
    """Seconds for which the host of a virtual machine gave its processors to others, since it runs."""
    with open("/proc/stat") as file:
        return int(file.readline().split()[8]) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    soundpost, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    shutil.rmtree(work, ignore_errors=True)
    data = f"{work}/data"
    os.makedirs(data)
    random = np.random.default_rng(3)
    noise = random.uniform(-0.3, 0.3, (RATE * SECONDS, 2))
    write_wav(f"{work}/in.wav", noise)
    chain, values = "examples/chains/stereo-tone.json", "examples/chains/stereo-tone.params.json"
    shutil.copy(chain, f"{data}/current_link.json")
    text = lambda value: str(value).lower() if isinstance(value, bool) else str(value)  # noqa: E731
    stored = {module: {key: text(value) for key, value in keys.items()} for module, keys in read_json(values).items()}
    with open(f"{data}/parameters.json", "w") as file:
        json.dump({"version": 1, "values": stored}, file)
    subprocess.run([soundpost, "render", chain, f"{work}/in.wav", f"{work}/render.wav", "--params", values], check=True)
    render = read_wav(f"{work}/render.wav")

    def as_rendered(card: Card, folder: str) -> tuple[Node, bool, str]:
        node = play_and_record(soundpost, data, folder, f"{work}/in.wav", card)
        seconds, level = compare(f"{folder}.raw", render, card)
        report = f"recorded {seconds:.1f} s; residual to the render {level:.1f} dB (limit {LIMIT_DB})"
        return node, level <= LIMIT_DB, f"{card.sink}: {report}"

    cards = [Card("card:pulse", 2, [0, 1]), Card("card@3,1:pulse", 4, [2, 0])]
    results = [succeeds(f"{work}/{number}", partial(as_rendered, card)) for number, card in enumerate(cards)]
    fresh = f"{work}/fresh"
    os.makedirs(fresh)
    shutil.copy(chain, f"{fresh}/current_link.json")  # with its defaults the chain changes no level

    def across_clocks(folder: str) -> tuple[Node, bool, str]:
        samples, node = play_across_clocks(soundpost, fresh, folder)
        level, offset, amplitude = impurity(samples)
        is_heard = len(samples) == (TONE_SECONDS - 1) * RATE and amplitude >= 0.9 * TONE_AMPLITUDE * LEVEL
        report = f"{level:.1f} dB beside the tone (limit {TONE_LIMIT_DB}), {offset:.0f} ppm off (limit {PITCH_LIMIT_PPM:.0f})"
        report += f", amplitude {amplitude:.4f} of {len(samples) / RATE:.0f} s"
        is_good = is_heard and level <= TONE_LIMIT_DB and offset <= PITCH_LIMIT_PPM
        return node, is_good, f"a card that runs at {SLOW} of the other's clock: {report}"

    results.append(succeeds(f"{work}/clocks", across_clocks))
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


def succeeds(folder: str, play: Callable[[str], tuple[Node, bool, str]]) -> bool:
    """Plays, once more when it was not good and the machine lost time meanwhile. `play` gets a folder for each attempt."""
    for attempt in range(1, ATTEMPTS + 1):
        before = taken_away()
        node, is_good, report = play(f"{folder}-{attempt}")
        print(report, flush=True)
        lost = taken_away() - before
        if node.process.returncode != 0:
            print(f"the node ended with status {node.process.returncode}: {node.errors}")
            return False
        if is_good or lost == 0:
            return is_good
        print(f"the machine lost {lost:.2f} s of its processors to others meanwhile: once more", flush=True)
    return False


if __name__ == "__main__":
    sys.exit(main())
