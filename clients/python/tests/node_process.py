"""A node for tests: the built executable on a free port, with data of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import List, Optional, Type

ROOT = Path(__file__).resolve().parents[3]
EXECUTABLE = os.environ.get("SOUNDPOST", str(ROOT / ".build" / "debug" / "soundpost"))


class NodeProcess:
    """`with NodeProcess() as node:` gives a node that listens at `node.address`."""

    def __init__(self, *options: str) -> None:
        self._options: List[str] = list(options)

    def __enter__(self) -> NodeProcess:
        self._folder = tempfile.TemporaryDirectory()
        self._log = open(Path(self._folder.name) / "log", "w+")
        command = [EXECUTABLE, "serve", "--port", "0", "--data", f"{self._folder.name}/data", "--source", "silence"]
        self.process = subprocess.Popen(
            [*command, *self._options], stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if "http" not in line:
            self.process.wait()
            self._log.seek(0)
            raise RuntimeError(f"the node did not start: {line}{self._log.read()}")
        self.address = line.split()[-1].rstrip("/")
        return self

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)
        self.process.wait()

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        if self.process.poll() is None:
            self.stop()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._log.close()
        self._folder.cleanup()
