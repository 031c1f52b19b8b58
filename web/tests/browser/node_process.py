"""A real node for the page's tests: its process, its data and the sound it plays."""

from __future__ import annotations

import array
import json
import math
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import wave
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional, Union

from api import ROOT, Api

EXECUTABLE = os.environ.get("SOUNDPOST", str(ROOT / ".build" / "debug" / "soundpost"))
PAGE = Path(os.environ.get("SOUNDPOST_PAGE", ROOT / "web" / "dist"))
SOUNDS = ROOT / ".build" / "page-tests"
RATE = 48000


def _write_wave(path: Path, sample: Any, seconds: float) -> Path:
    """A stereo file of 24-bit samples, unless it is there. `sample(frame)` is the value, 1 = full scale."""
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    values = array.array("b")
    for frame in range(int(seconds * RATE)):
        values.frombytes(round(sample(frame) * 0x7FFFFF).to_bytes(3, "little", signed=True) * 2)
    part = path.with_suffix(".part")
    with wave.open(str(part), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(3)
        file.setframerate(RATE)
        file.writeframes(values.tobytes())
    part.rename(path)
    return path


def program() -> Path:
    """The music that the examples play."""
    path = ROOT / "data" / "audio" / "program.wav"
    subprocess.run([ROOT / "scripts" / "make-program-material", path], check=True)
    return path


def tone(hertz: int = 1000, level_db: float = -20.0, seconds: float = 1.0) -> Path:
    """A sine of whole periods a second, so that its loop has no seam; the level is that of the sine's peak."""
    peak = 10 ** (level_db / 20)
    name = f"tone-{hertz}-{level_db:g}-{seconds:g}.wav"
    return _write_wave(SOUNDS / name, lambda frame: peak * math.sin(2 * math.pi * hertz * frame / RATE), seconds)


def noise(level_db: float = -20.0, seconds: float = 5.0) -> Path:
    """White noise of this RMS level, the same on each run and in both channels."""
    draw = random.Random(1)
    peak = 10 ** (level_db / 20) * math.sqrt(3)
    return _write_wave(SOUNDS / f"noise-{level_db:g}-{seconds:g}.wav", lambda _: peak * draw.uniform(-1, 1), seconds)


@dataclass
class NodeOptions:
    """How a test file's node is started. A file says so by `NODE = NodeOptions(…)`."""

    source: str = "tone"
    """tone (1 kHz, a peak of −20 dBFS), noise (white, −20 dB RMS), program (music), or any value of `serve --source`."""
    chain: Union[None, str, dict[str, Any]] = None
    """None: what the node starts with (the demo); a LinkConfig, or the path of one from the root of the checkout."""
    options: list[str] = field(default_factory=list)
    """Further options of `soundpost serve`, such as `--no-sim`."""
    environment: dict[str, str] = field(default_factory=dict)
    """Settings beside those of the options: SOUNDPOST_SECTION__KEY."""
    files: list[Path] = field(default_factory=list)
    """Sound files that lie in the node's folder of uploads before it starts."""


class NodeProcess:
    """`soundpost serve` with a data directory of its own, which lives as long as this object."""

    def __init__(self, options: NodeOptions) -> None:
        self.options = options
        self.folder = Path(tempfile.mkdtemp(prefix="soundpost-page-"))
        self.data = self.folder / "data"
        self.port = 0
        self.process: Optional[subprocess.Popen[str]] = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}/"

    @property
    def token(self) -> Optional[str]:
        """What clients show, if the options ask for it on loopback too."""
        if self.options.environment.get("SOUNDPOST_BACKEND__REQUIRETOKEN") != "true":
            return None
        return (self.data / "token").read_text().strip()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Starts it, again on the same port if it ran before, and waits until it is ready."""
        for file in self.options.files:
            (self.data / "audio").mkdir(parents=True, exist_ok=True)
            shutil.copy(file, self.data / "audio")
        with open(self.folder / "log", "a") as log:
            self.process = subprocess.Popen(
                [EXECUTABLE, "serve", "--port", str(self.port), "--data", self.data, "--page", PAGE, "--sink", "none",
                 "--cores", "2", "--source", self._source(), *self.options.options],
                stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, **self.options.environment},
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if "://" not in line:
            self.process.wait()
            raise RuntimeError(f"the node did not start: {line}{self.log()}")
        self.port = int(line.split("://")[1].strip().rstrip("/").rsplit(":", 1)[1])
        self._wait_until_ready()

    def stop(self) -> None:
        """As a user ends it: SIGTERM, clean."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def restart(self, kill: bool = False) -> None:
        """Ends it and starts it again with the same data on the same port."""
        self.kill() if kill else self.stop()
        self.start()

    def close(self) -> None:
        """Ends it and removes its data."""
        if self.is_running:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    def link(self) -> Optional[dict[str, Any]]:
        """The chain that the options ask for."""
        chain = self.options.chain
        return json.loads((ROOT / chain).read_text()) if isinstance(chain, str) else chain

    def connect(self, name: str = "tester") -> Api:
        return Api(self.address, name, self.token)

    def _source(self) -> str:
        made = {"tone": tone, "noise": noise, "program": program}.get(self.options.source)
        return f"file:{made()}" if made else self.options.source

    def _end(self, number: int) -> None:
        assert self.process is not None and self.process.stdout is not None
        self.process.send_signal(number)
        self.process.wait(timeout=30)
        self.process.stdout.close()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                fields = {"Authorization": f"Bearer {self.token}"} if self.token else {}
                with urllib.request.urlopen(urllib.request.Request(f"{self.url}readyz", headers=fields), timeout=5):
                    return
            except urllib.error.HTTPError as error:
                if error.code != 503 or time.monotonic() > deadline:
                    raise
            time.sleep(0.01)
