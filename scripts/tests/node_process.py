"""A running node for checks: starts the built executable on a free port, ends it with the signal a user would send."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from control import ControlConnection  # noqa: E402


class Node:
    """`with Node(executable, data, [options]) as node:` gives a node that answers; `node.connect()` a client."""

    def __init__(self, executable: str, data: str, options: list[str], environment: dict[str, str] | None = None) -> None:
        self._arguments = [executable, "serve", "--port", "0", "--data", data, *options]
        self._environment = {**os.environ, **(environment or {})}

    def __enter__(self) -> "Node":
        # A file, because a pipe that nobody reads would stop a node that has much to say.
        self._log = tempfile.TemporaryFile("w+")
        self._started = time.monotonic()
        self.process = subprocess.Popen(
            self._arguments, stdout=subprocess.PIPE, stderr=self._log, text=True, env=self._environment
        )
        line = self.process.stdout.readline()
        if "://" not in line:
            raise RuntimeError(f"the node did not start: {line}{self._end()}")
        self.address = line.split("://")[1].strip().rstrip("/")
        return self

    def connect(self, name: str | None = None) -> ControlConnection:
        return ControlConnection(self.address, timeout=60, path=f"/ws?client={name}" if name else "/ws")

    def wait_until_ready(self, path: str = "/readyz") -> float:
        """Asks until the node says yes. Returns the seconds since the process was started."""
        while True:
            try:
                with urllib.request.urlopen(f"http://{self.address}{path}", timeout=5):
                    return time.monotonic() - self._started
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    raise
            time.sleep(0.005)

    def kill(self) -> None:
        """kill -9, and waits for the end."""
        self.process.kill()
        self.process.wait()

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.errors = self._end()

    def _end(self) -> str:
        """Waits for the end of the process. Returns what it logged."""
        self.output = self.process.communicate(timeout=30)[0]
        self._log.seek(0)
        with self._log:
            return self._log.read()


def read_json(path: str) -> dict:
    with open(path) as file:
        return json.load(file)
