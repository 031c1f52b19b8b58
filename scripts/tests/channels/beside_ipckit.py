"""Channels over local sockets beside the public package ipckit: what docs/protocols/ipckit.md says, with ends in Swift
and Python.

    beside_ipckit.py SOUNDPOST CHANNEL_EXERCISE

SOUNDPOST is a node's executable, for its `channel echo`. Runs with a Python that has ipckit. The last line is
`N passed, N failed`.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable, Type

from programs import GUARD, Failure, Program, Programs

from soundpost.channel import Channel, ChannelError, ChannelTimeout, Disconnected, LocalSocketServer, local_socket

IPCKIT_END = str(Path(__file__).with_name("ipckit_end.py"))
LANGUAGES = ("swift", "python")
SILENCE = 0.4
"""Seconds after which an end that says nothing is taken for one that waits for ever."""


class Check:
    """The tests, each with a name of its own in one runtime directory."""

    def __init__(self, programs: Programs) -> None:
        self._programs = programs
        self._name = ""
        self.passed = 0
        self.failed = 0

    def run(self) -> None:
        for language in LANGUAGES:
            self._try(f"ipckit asks an echo in {language} by lines", lambda: self._client_by_lines(language))
            self._try(f"a client in {language} asks ipckit by lines", lambda: self._server_by_lines(language))
            self._try(f"an echo in {language} is not understood in frames", lambda: self._framed_client(language))
            self._try(f"recv_json does not understand an echo in {language}", lambda: self._unframed_client(language))
        self._try("what send_json sends to a server is no message", self._framed_client_in_detail)
        self._try("what send_json sends to a client is no message", self._framed_server)
        self._try("recv_json of a server does not understand a request", self._unframed_server)

    def _try(self, what: str, body: Callable[[], None]) -> None:
        self._name = f"ipckit-{secrets.token_hex(4)}"
        try:
            body()
            self.passed += 1
            print(f"passed: {what}", flush=True)
        except (Failure, ChannelError, OSError) as error:
            self.failed += 1
            print(f"FAILED: {what}: {type(error).__name__}: {str(error)[:1000]}", flush=True)

    @property
    def _path(self) -> str:
        return f"{self._programs.directory}/soundpost_{self._name}.sock"

    def _ipckit(self, role: str, is_server: bool = False) -> Program:
        program = self._programs.start([sys.executable, IPCKIT_END, role, self._path])
        if is_server:
            program.expect("listening")
        return program

    def _echo(self, language: str) -> Program:
        return self._programs.echo(language, self._name, "local")

    def _ask(self, language: str) -> None:
        """One request of ours, and its answer."""
        report_all(self._programs.exercise(language, "ask", self._name, "local"))

    # What works

    def _client_by_lines(self, language: str) -> None:
        server = self._echo(language)
        report_all(self._ipckit("ask"))
        if server.end() != 0:
            raise Failure(f"the echo did not end well. {server.errors()}")

    def _server_by_lines(self, language: str) -> None:
        server = self._ipckit("echo", is_server=True)
        mode = stat.S_IMODE(os.stat(self._path).st_mode)
        if mode & 0o022:
            raise Failure(f"ipckit's socket has the mode {mode:o}")
        self._ask(language)
        report_all(server)  # it ends with its client

    # What cannot

    def _framed_client(self, language: str) -> None:
        server = self._echo(language)
        client = self._ipckit("framed")
        client.expect("sent")
        client.says_nothing(SILENCE)
        client.kill()
        self._ask(language)  # it did the server no harm
        server.end()

    def _unframed_client(self, language: str) -> None:
        server = self._echo(language)
        client = self._ipckit("unframed")
        client.says_nothing(SILENCE)
        client.kill()
        self._ask(language)
        server.end()

    def _framed_client_in_detail(self) -> None:
        with LocalSocketServer(self._name, self._programs.directory) as server:
            client = self._ipckit("framed")
            with server.accept(GUARD) as channel:
                client.expect("sent")
                client.kill()
                must_raise(Disconnected, lambda: channel.receive(GUARD))

    def _framed_server(self) -> None:
        server = self._ipckit("framed-event", is_server=True)
        with self._connected() as channel:
            server.expect("sent")
            server.kill()
            must_raise(Disconnected, lambda: channel.receive(GUARD))

    def _unframed_server(self) -> None:
        server = self._ipckit("framed-echo", is_server=True)
        with self._connected() as channel:
            server.expect("accepted")
            must_raise(ChannelTimeout, lambda: channel.request("echo", 1, SILENCE))
            server.says_nothing(0.01)
            server.kill()
            must_raise(Disconnected, lambda: channel.receive(GUARD))

    def _connected(self) -> Channel:
        return local_socket.connect(self._name, self._programs.directory)


def must_raise(kind: Type[ChannelError], body: Callable[[], Any]) -> None:
    try:
        raise Failure(f"{kind.code} was to come, but it went well: {body()!r:.200}")
    except kind:
        pass


def report_all(program: Program) -> None:
    """Waits for a program's end; each step that it reports must have gone well."""
    reports = program.reports()
    bad = [report for report in reports if not report.get("ok")]
    if bad or not reports:
        raise Failure(f"it reports {bad or 'nothing'}. {program.errors()}")


def main() -> int:
    soundpost, exercise = sys.argv[1:]
    directory = tempfile.mkdtemp(prefix="soundpost-ipckit-")
    programs = Programs(soundpost, exercise, "", directory)
    check = Check(programs)
    try:
        check.run()
    finally:
        programs.close()
        shutil.rmtree(directory)
    print(f"{check.passed} passed, {check.failed} failed")
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())
