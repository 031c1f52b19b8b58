"""A running node for checks: starts the built executable on a free port, ends it with the signal a user would send."""

import json
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from control import ControlConnection  # noqa: E402


class Node:
    """`with Node(executable, data, [options]) as node:` gives a node that answers; `node.connect()` a client."""

    def __init__(self, executable: str, data: str, options: list[str], environment: dict[str, str] | None = None) -> None:
        self._arguments = [executable, "serve", "--port", "0", "--data", data, *options]
        self._environment = {**os.environ, **(environment or {})}

    def __enter__(self) -> "Node":
        self.process = subprocess.Popen(
            self._arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self._environment
        )
        line = self.process.stdout.readline()
        if "http://" not in line:
            raise RuntimeError(f"the node did not start: {line}{self.process.communicate()[1]}")
        self.address = line.split("http://")[1].strip().rstrip("/")
        return self

    def connect(self) -> ControlConnection:
        return ControlConnection(self.address)

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.output, self.errors = self.process.communicate(timeout=30)


def read_json(path: str) -> dict:
    with open(path) as file:
        return json.load(file)
