"""Plays a tone of a known level through a real node, and has both readers of taps say how loud it is."""

import json
import math
import os
import re
import struct
import subprocess
import sys
import tempfile
import wave

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from node_process import Node  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RATE = 48_000
AMPLITUDE = 0.5
PEAK = 20 * math.log10(AMPLITUDE)
GAIN = -12.0
# BS.1770: a tone of 997 Hz at full scale in one of two channels has -3.01 LKFS, in both 0; 1 kHz is next to it.
LOUDNESS = PEAK


def tone(path: str) -> None:
    """One second of 1 kHz in both channels: whole periods, so it loops without a seam."""
    with wave.open(path, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        samples = (round(AMPLITUDE * 32767 * math.sin(2 * math.pi * 1000 * n / RATE)) for n in range(RATE))
        file.writeframes(b"".join(struct.pack("<hh", sample, sample) for sample in samples))


def near(value: float, wanted: float, tolerance: float, what: str) -> None:
    assert abs(value - wanted) <= tolerance, f"{what}: {value}, not {wanted:.2f}"


def check_command(soundpost: str, address: str, module: str, port: str, wanted: float) -> None:
    command = [soundpost, "channel", "tap", module, "--port", port, "--interval", "200", "--count", "5", "--json"]
    text = subprocess.run(
        [*command, "--url", f"http://{address}"], check=True, capture_output=True, text=True, timeout=120
    ).stdout
    lines = [json.loads(line) for line in text.splitlines()]
    assert len(lines) == 5, text
    # The first may begin before the gain has settled.
    for line in lines[1:]:
        assert (line["instanceId"], line["port"]) == (module, port), line
        for peak, rms in zip(line["peak"], line["rms"]):
            near(peak, wanted, 0.1, f"peak of {module} {port}")
            near(rms, wanted - 3.01, 0.1, f"RMS of {module} {port}")
    seconds = [line["seconds"] for line in lines]
    assert seconds == sorted(seconds) and seconds[-1] >= 0.999, seconds


def check_example(address: str, module: str, wanted: float) -> None:
    program = os.path.join(ROOT, "examples", "taps", "loudness.py")
    text = subprocess.run(
        [sys.executable, program, module, "--url", address, "--seconds", "2"],
        check=True, capture_output=True, text=True, timeout=120,
    ).stdout
    first, *lines = text.splitlines()
    assert first == f"{module} output: 2 channels, {RATE} Hz", text
    assert len(lines) == 2, text
    found = re.fullmatch(r" +2 s  momentary +(\S+) LUFS  peak +(\S+) +(\S+) dBFS  missed \d+", lines[-1])
    assert found, text
    near(float(found[1]), wanted, 0.2, f"loudness of {module}")
    near(float(found[2]), wanted, 0.1, f"peak of {module}")


def main() -> None:
    soundpost = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o700)
        path = os.path.join(folder, "tone.wav")
        tone(path)
        place = {"XDG_RUNTIME_DIR": folder}
        os.environ.update(place)
        with Node(soundpost, os.path.join(folder, "data"), ["--source", f"file:{path}"]) as node:
            for channel in range(2):
                subprocess.run(
                    [soundpost, "set", "gain#1", f"gainDb#{channel}", str(GAIN), "--url", f"http://{node.address}"],
                    check=True, capture_output=True, timeout=60,
                )
            check_command(soundpost, node.address, "gain#1", "input", PEAK)
            check_command(soundpost, node.address, "gain#1", "output", PEAK + GAIN)
            check_example(node.address, "gain#1", LOUDNESS + GAIN)
        left = [name for name in os.listdir(folder) if name.endswith(".sock")]
        assert not left, left
    print("taps: the levels of 2 wires, by 2 readers")


if __name__ == "__main__":
    main()
