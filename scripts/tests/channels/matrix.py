"""Swift, Python and Rust speak with each other: every kind, every ordered pair of server and client.

    matrix.py SOUNDPOST CHANNEL_EXERCISE RUST_EXAMPLES [PAIR…]

SOUNDPOST is a node's executable, for its `channel echo`; PAIR is such as `swift-rust`, server first; without one all nine
are taken. What the programs do is in exercise.py and fixtures/channels. The last line is `N passed, N failed`.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Callable

from programs import GUARD, KINDS, LANGUAGES, Failure, Program, Programs

STANDSTILL = 0.8
"""Seconds that a program is stopped: several times as long as a waiting end sleeps before it looks again."""


class Pair:
    """One server's language and one client's, over one kind of channel."""

    def __init__(self, programs: Programs, server: str, client: str, kind: str) -> None:
        self._programs = programs
        self._server, self._client, self._kind = server, client, kind
        self._names = (f"{server}-{client}-{kind}-{number}" for number in itertools.count())
        self._name = ""
        self.title = f"{server} serves {client}, {kind}"
        self.passed = 0
        self.lines: list[str] = []

    def run(self) -> Pair:
        for body in (
            self._exchange,
            self._talk,
            self._listen,
            self._kill_client,
            self._kill_server,
            self._stop_server,
            self._restart,
        ):
            self._try(body.__doc__ or "", body)
        return self

    def _try(self, what: str, body: Callable[[], None]) -> None:
        # A name of its own: what hangs in one step does not fail the next ones.
        self._name = next(self._names)
        try:
            body()
        except Failure as failure:
            self._failed(what, f"{failure}")
        except OSError as error:
            self._failed(what, f"{type(error).__name__}: {error}")

    def _passed(self, what: str) -> None:
        self.passed += 1
        self.lines.append(f"passed: {self.title}: {what}")

    def _failed(self, what: str, why: str) -> None:
        self.lines.append(f"FAILED: {self.title}: {what}: {why[:1000]}")

    def _count(self, program: Program) -> None:
        """Each step that a program reports is a test."""
        reports = program.reports()
        if not reports:
            raise Failure(f"it reports nothing. {program.errors()}")
        for report in reports:
            if report["ok"]:
                self._passed(report["step"])
            else:
                self._failed(report["step"], report["detail"])

    def _ends(self, role: str, opposite: str) -> tuple[Program, Program]:
        server = self._programs.exercise(self._server, role, self._name, self._kind, is_server=True)
        return server, self._programs.exercise(self._client, opposite, self._name, self._kind)

    def _echo(self, language: str) -> Program:
        return self._programs.echo(language, self._name, self._kind)

    def _ask(self) -> None:
        client = self._programs.exercise(self._client, "ask", self._name, self._kind)
        client.expect_step()
        client.reports()

    def _exchange(self) -> None:
        """steps with an echo"""
        server = self._echo(self._server)
        self._ask()
        # What the first client left open is not known to be closed before the second one asks.
        before = self._settled(server, None)
        self._count(self._programs.exercise(self._client, "steps", self._name, self._kind))
        after = self._settled(server, before)
        if after > before:
            raise Failure(f"the echo has {after} open descriptors where it had {before}")
        self._passed("the server lets go of what its clients needed")
        status = server.end()
        if status != 0:
            raise Failure(f"the echo ended with {status} after SIGTERM. {server.errors()}")
        self._passed("SIGTERM ends the echo")

    def _settled(self, server: Program, wanted: int | None) -> int:
        """The number of open descriptors once it stays the same, or is `wanted`."""
        if not os.path.isdir("/proc/self/fd"):
            return 0
        deadline = time.monotonic() + GUARD
        last = -1
        while time.monotonic() < deadline:
            now = server.descriptors()
            if now == wanted or wanted is None and now == last:
                return now
            last = now
            time.sleep(0.2)
        return last

    def _talk(self) -> None:
        """the server tells"""
        for program in self._ends("tell", "listen"):
            self._count(program)

    def _listen(self) -> None:
        """the client tells"""
        for program in self._ends("listen", "tell"):
            self._count(program)

    def _waiting(self) -> tuple[Program, Program]:
        ends = self._ends("wait", "wait")
        for end in ends:
            end.expect("connected")
        return ends

    def _is_noticed(self, killed: Program, other: Program, who: str) -> None:
        killed.stop()
        other.says_nothing(STANDSTILL)
        killed.resume()
        other.says_nothing(0.1)
        self._passed(f"a stopped {who} is not dead")
        killed.kill()
        other.expect("disconnected")
        self._passed(f"SIGKILL of the {who} is noticed")

    def _kill_client(self) -> None:
        """SIGKILL of the client"""
        server, client = self._waiting()
        self._is_noticed(client, server, "client")

    def _kill_server(self) -> None:
        """SIGKILL of the server"""
        server, client = self._waiting()
        self._is_noticed(server, client, "server")

    def _stop_server(self) -> None:
        """a stopped server"""
        server = self._echo(self._server)
        client = self._programs.exercise(self._client, "pause", self._name, self._kind)
        client.expect_step()
        client.expect("stop it")
        server.stop()
        text = self._programs.refused_echo(self._client, self._name, self._kind)
        if self._name not in text:
            raise Failure(f"a refused server says {text!r}")
        self._passed("a stopped server keeps its name")
        client.go_on()
        client.expect_step()
        self._passed("a request to a stopped server ends by its own time-out")
        client.expect("let it go on")
        server.resume()
        client.go_on()
        client.expect_step()
        client.reports()
        self._passed("a server that goes on answers again")
        server.end()

    def _restart(self) -> None:
        """a restart under the same name"""
        first = self._echo(self._server)
        text = self._programs.refused_echo(self._client, self._name, self._kind)
        if self._name not in text:
            raise Failure(f"a refused server says {text!r}")
        self._ask()
        self._passed("a live server keeps its name")
        first.kill()
        second = self._echo(self._client)
        self._ask()
        self._passed("a killed server's name is taken over")
        second.kill()
        third = self._echo(self._server)
        self._ask()
        self._passed("and once more")
        third.end()


def shared_memory_objects() -> set[str]:
    """Of ours; others may come and go."""
    folder = "/dev/shm"
    return {name for name in os.listdir(folder) if "soundpost" in name} if os.path.isdir(folder) else set()


def nothing_is_left(programs: Programs, objects: set[str]) -> str:
    """What the matrix left in the file system. A killed server's file goes with the next server that starts."""
    programs.echo("python", "last", "local").end()
    files = [name for name in os.listdir(programs.directory) if name.endswith(".sock")]
    return ", ".join([*files, *sorted(shared_memory_objects() - objects)])


def main() -> int:
    soundpost, exercise, examples, *chosen = sys.argv[1:]
    objects = shared_memory_objects()
    directory = tempfile.mkdtemp(prefix="soundpost-channels-")
    programs = Programs(soundpost, exercise, examples, directory)
    passed = failed = 0
    try:
        pairs = [
            Pair(programs, server, client, kind)
            for server in LANGUAGES
            for client in LANGUAGES
            for kind in KINDS
            if not chosen or f"{server}-{client}" in chosen
        ]
        with ThreadPoolExecutor(max_workers=2) as pool:
            for pair in pool.map(Pair.run, pairs):
                print("\n".join(line for line in pair.lines if line.startswith("FAILED")) or f"passed: {pair.title}")
                sys.stdout.flush()
                passed += pair.passed
                failed += len(pair.lines) - pair.passed
        left = nothing_is_left(programs, objects)
        print(f"FAILED: files are left: {left}" if left else "passed: no file is left")
        passed, failed = (passed, failed + 1) if left else (passed + 1, failed)
    finally:
        programs.close()
        shutil.rmtree(directory)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
