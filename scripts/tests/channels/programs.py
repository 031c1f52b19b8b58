"""Starts the programs of the matrix: an echo and an exercise in each language, in one runtime directory of their own."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
GUARD = 120.0
"""Seconds after which something that should have happened is taken for a hang."""
LANGUAGES = ("swift", "python", "rust")
KINDS = ("local", "shm")


class Failure(Exception):
    """What a program did or did not do."""


class Programs:
    """How to start each of them. `close` ends all that still run."""

    def __init__(self, soundpost: str, swift_exercise: str, rust_examples: str, directory: str) -> None:
        exercise = str(Path(__file__).with_name("exercise.py"))
        self._echo = {
            "swift": [soundpost, "channel", "echo"],
            "python": [sys.executable, "-m", "soundpost.echo"],
            "rust": [f"{rust_examples}/echo"],
        }
        self._exercise = {
            "swift": [swift_exercise],
            "python": [sys.executable, exercise],
            "rust": [f"{rust_examples}/exercise"],
        }
        self.directory = directory
        self._environment = {
            **os.environ,
            "XDG_RUNTIME_DIR": directory,
            "PYTHONPATH": str(ROOT / "clients" / "python" / "src"),
        }
        self._running: list[Program] = []
        self._lock = threading.Lock()

    def echo(self, language: str, name: str, kind: str) -> Program:
        """A server that listens."""
        server = [] if language == "swift" else ["--server"]
        program = self.start([*self._echo[language], name, "--kind", kind, *server])
        address = program.line()
        if not address.endswith(f"soundpost_{name}.sock"):
            raise Failure(f"its first line is {address!r}, not its address. {program.errors()}")
        return program

    def refused_echo(self, language: str, name: str, kind: str) -> str:
        """An echo that is to find its name taken: what it says about it."""
        server = [] if language == "swift" else ["--server"]
        program = self.start([*self._echo[language], name, "--kind", kind, *server])
        if program.wait() == 0:
            raise Failure("a second server got the name of a live one")
        return program.errors()

    def exercise(self, language: str, role: str, name: str, kind: str, is_server: bool = False) -> Program:
        program = self.start(
            [*self._exercise[language], role, name, "--kind", kind, *(["--server"] if is_server else [])]
        )
        if is_server:
            program.expect("listening")
        return program

    def start(self, command: list[str]) -> Program:
        program = Program(command, self._environment)
        with self._lock:
            self._running.append(program)
        return program

    def close(self) -> None:
        for program in self._running:
            program.close()


class Program:
    """A process, its lines and what it said on stderr."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        read_end, write_end = os.pipe()
        self._errors = os.fdopen(read_end, errors="replace")
        self._said: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=write_end, text=True, env=environment
        )
        os.close(write_end)
        self._threads = [
            threading.Thread(target=self._read_lines, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def _read_lines(self) -> None:
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def _read_errors(self) -> None:
        for line in self._errors:
            self._said = [*self._said[-9:], line]

    def errors(self) -> str:
        """The last it said on stderr."""
        return "".join(self._said).strip()

    def line(self, timeout: float = GUARD) -> str:
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            raise Failure(f"it says nothing. {self.errors()}") from None
        if line is None:
            raise Failure(f"it ended with {self.wait()}. {self.errors()}")
        return line

    def says_nothing(self, seconds: float) -> None:
        try:
            raise Failure(f"it said {self._lines.get(timeout=seconds)}")
        except queue.Empty:
            pass

    def expect(self, state: str) -> None:
        """Waits until it says that it is so far."""
        report = json.loads(self.line())
        if report != {"state": state}:
            raise Failure(f"it says {report} where {state!r} was to come")

    def expect_step(self) -> None:
        report = json.loads(self.line())
        if not report.get("ok"):
            raise Failure(f"{report}")

    def reports(self) -> list[dict[str, Any]]:
        """What it reports until its end."""
        found = []
        while True:
            try:
                line = self._lines.get(timeout=GUARD)
            except queue.Empty:
                raise Failure(f"it hangs after {found[-1:]}. {self.errors()}") from None
            if line is None:
                break
            found.append(json.loads(line))
        if self.wait() != 0:
            raise Failure(f"it ended with {self.process.returncode} after {found[-1:]}. {self.errors()}")
        return found

    def go_on(self) -> None:
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def stop(self) -> None:
        """SIGSTOP, and waits until it stands still."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.wait()

    def end(self) -> int:
        self.process.terminate()
        return self.wait()

    def wait(self) -> int:
        try:
            status = self.process.wait(GUARD)
        except subprocess.TimeoutExpired:
            raise Failure(f"it does not end. {self.errors()}") from None
        # What it said last may still be in the pipe.
        for thread in self._threads:
            thread.join(GUARD)
        return status

    def descriptors(self) -> int:
        """How many descriptors it has open (Linux)."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self.process.stdin, self.process.stdout, self._errors):
            stream.close()
