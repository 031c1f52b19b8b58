"""Channels to another process: the echo peer, its death, its standstill, and what is left behind."""

from __future__ import annotations

import gc
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock
from pathlib import Path
from typing import Any, Dict, Union

from soundpost.channel import (
    UNKNOWN_METHOD,
    ChannelTimeout,
    Disconnected,
    LocalSocketServer,
    RequestError,
    SharedMemoryServer,
    StdioChannel,
    create_channel,
    local_socket,
    shared_memory,
)

from .ends import GUARD, KINDS, Task, connected, memory, wait_until_blocked

LOOP_EXAMPLE = str(Path(__file__).resolve().parents[4] / "examples" / "channels" / "asyncio_loop.py")
SOURCES = str(Path(__file__).resolve().parents[2] / "src")
Server = Union[LocalSocketServer, SharedMemoryServer]


class Peer:
    """`python -m soundpost.echo` with a runtime directory of its own."""

    def __init__(self, folder: str, *arguments: str, code: str = "", script: str = "", **environ: str) -> None:
        program = ["-c", code] if code else [script] if script else ["-m", "soundpost.echo"]
        command = [sys.executable, *program, *arguments]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": SOURCES, "XDG_RUNTIME_DIR": folder, **environ},
            # Who runs the tests may have started them where Ctrl-C is not for them.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(GUARD)

    def stop(self) -> None:
        """Stops it, and waits until it stands still."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(GUARD)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


class Processes(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def peer(self, *arguments: str, code: str = "", script: str = "", **environ: str) -> Peer:
        peer = Peer(self.folder, *arguments, code=code, script=script, **environ)
        self.addCleanup(peer.close)
        return peer

    def helper(self, kind: str) -> Any:
        """A helper process and this end of its channel, which has announced itself."""
        environ: Dict[str, str] = {"SOUNDPOST_IPC_CHANNEL": "test", "SOUNDPOST_IPC_MODE": kind}
        if kind == "stdio":
            peer = self.peer(**environ)
            assert peer.process.stdout is not None and peer.process.stdin is not None
            channel: Any = StdioChannel(peer.process.stdout.fileno(), peer.process.stdin.fileno())
            peer.process.stdin.close()
        else:
            make = LocalSocketServer if kind == "local_socket" else SharedMemoryServer
            with make("test", self.folder) as server:
                peer = self.peer(**environ)
                channel = server.accept(GUARD)
        self.addCleanup(channel.close)
        ready = channel.receive(GUARD)
        self.assertEqual((ready.type, ready.data), ("ready", {"handlers": ["echo"]}))
        return peer, channel

    def test_the_echo_answers_and_sends_back(self) -> None:
        for kind in ("local_socket", "shared_memory", "stdio"):
            with self.subTest(kind):
                peer, channel = self.helper(kind)
                self.assertEqual(channel.request("echo", {"x": ["ü", 1.5]}, GUARD), {"x": ["ü", 1.5]})
                big = "z" * 3_000_000
                self.assertTrue(channel.request("echo", big, GUARD) == big)
                channel.ping(GUARD)
                channel.send_json([1])
                channel.emit("moved", 2)
                self.assertEqual(channel.receive(GUARD).data, [1])
                self.assertEqual(channel.receive(GUARD).event, "moved")
                channel.shutdown()
                with self.assertRaises(Disconnected):
                    channel.receive(GUARD)
                self.assertEqual(peer.process.wait(GUARD), 0)

    def test_signals_stop_the_echo(self) -> None:
        for kind in ("local_socket", "shared_memory", "stdio"):
            for number in (signal.SIGINT, signal.SIGTERM):
                with self.subTest(kind, number=number):
                    peer, channel = self.helper(kind)
                    self.assertEqual(peer.end(number), 0)
                    with self.assertRaises(Disconnected):
                        channel.receive(GUARD)

    def test_death_is_noticed_whatever_waits(self) -> None:
        for kind in ("local_socket", "shared_memory", "stdio"):
            with self.subTest(kind):
                peer, channel = self.helper(kind)
                receiving = Task(lambda: channel.receive())
                asking = Task(lambda: channel.request("echo", 1, GUARD))
                asking.result()
                peer.stop()
                asking = Task(lambda: channel.request("echo", 1, None))
                wait_until_blocked(channel)
                sending = Task(lambda: channel.send_json("x" * 10_000))
                peer.end(signal.SIGKILL)
                for task in (receiving, asking, sending):
                    with self.assertRaises(Disconnected):
                        task.result()
                with self.assertRaises(Disconnected):
                    channel.send_json(1)

    def test_death_at_any_moment_leaves_whole_messages(self) -> None:
        code = (
            "from soundpost.channel import create_channel\n"
            "with create_channel() as channel:\n"
            "    n = 0\n"
            "    while True:\n"
            "        channel.send_json([n, 'x' * (n * 7919 % 40_000)])\n"
            "        n += 1\n"
        )
        chance = random.Random(13)
        for make, mode in ((LocalSocketServer, "local_socket"), (SharedMemoryServer, "shared_memory")):
            for _ in range(10):
                with self.subTest(mode), make("test", self.folder) as server:
                    peer = self.peer(code=code, SOUNDPOST_IPC_CHANNEL="test", SOUNDPOST_IPC_MODE=mode)
                    with server.accept(GUARD) as channel:
                        last = chance.randrange(300)
                        for expected, message in enumerate(channel):
                            self.assertEqual(message.data[0], expected)
                            self.assertEqual(len(message.data[1]), expected * 7919 % 40_000)
                            if expected == last:
                                peer.process.kill()
                        peer.process.wait(GUARD)

    def test_a_stopped_process_lives(self) -> None:
        for kind in ("local_socket", "shared_memory", "stdio"):
            with self.subTest(kind):
                peer, channel = self.helper(kind)
                peer.stop()
                with self.assertRaises(ChannelTimeout):
                    channel.request("echo", 1, 0.6)  # longer than two looks at the socket
                peer.process.send_signal(signal.SIGCONT)
                self.assertEqual(channel.request("echo", 2, GUARD), 2)

    def test_the_echo_server_serves_many_clients(self) -> None:
        for option, connect in (("local", local_socket.connect), ("shm", shared_memory.connect)):
            with self.subTest(option):
                peer = self.peer("many", "--kind", option, "--server")
                assert peer.process.stdout is not None
                address = peer.process.stdout.readline().decode().strip()
                self.assertEqual(address, f"{self.folder}/soundpost_many.sock")
                clients: Any = [connect("many", self.folder) for _ in range(4)]
                for number, client in enumerate(clients):
                    self.assertEqual(client.request("x", number, GUARD), number)
                    self.assertIsNone(client.try_receive())  # a server announces nothing
                clients[0].close()
                self.assertEqual(clients[1].request("x", "still", GUARD), "still")
                self.assertEqual(peer.end(signal.SIGTERM), 0)
                for client in clients[1:]:
                    with self.assertRaises(Disconnected):
                        client.receive(GUARD)
                    client.close()
                self.assertEqual(os.listdir(self.folder), [])

    def test_a_server_that_was_killed_is_taken_over(self) -> None:
        peer = self.peer("again", "--server")
        assert peer.process.stdout is not None
        peer.process.stdout.readline()
        client = local_socket.connect("again", self.folder)
        peer.end(signal.SIGKILL)
        with client, self.assertRaises(Disconnected):
            client.receive(GUARD)
        LocalSocketServer("again", self.folder).close()
        self.assertEqual(os.listdir(self.folder), [])

    def test_prints_do_not_get_between_the_messages_of_stdio(self) -> None:
        code = (
            "import os, sys\nsys.stdout.write('early ')\n"
            "from soundpost.channel import create_channel\n"
            "with create_channel() as channel:\n"
            "    channel.handle('noise', lambda data: (print('noise'), os.write(1, b'raw'), sys.stdin.read())[2])\n"
            "    channel.ready(['noise'])\n"
            "    channel.run()\n"
        )
        peer = self.peer(code=code, SOUNDPOST_IPC_MODE="legacy", PYTHONUNBUFFERED="")
        assert peer.process.stdout is not None and peer.process.stdin is not None
        with StdioChannel(peer.process.stdout.fileno(), peer.process.stdin.fileno()) as channel:
            peer.process.stdin.close()
            self.assertEqual(channel.receive(GUARD).type, "ready")
            self.assertEqual(channel.request("noise", None, GUARD), "")
            channel.shutdown()
            with self.assertRaises(Disconnected):
                channel.receive(GUARD)
            self.assertEqual(peer.process.wait(GUARD), 0)
        assert peer.process.stderr is not None
        noise = peer.process.stderr.read()
        for word in (b"early", b"noise", b"raw"):
            self.assertIn(word, noise)

    def test_the_example_of_a_loop(self) -> None:
        name = f"clock-{secrets.token_hex(4)}"
        server = self.peer("serve", name, script=LOOP_EXAMPLE)
        assert server.process.stdout is not None
        self.assertEqual(server.process.stdout.readline().decode().strip(), f"{self.folder}/soundpost_{name}.sock")
        before = time.time()
        out, err = self.peer("ask", name, script=LOOP_EXAMPLE).process.communicate(timeout=GUARD)
        self.assertEqual(err, b"")
        self.assertGreaterEqual(float(out), before)
        with local_socket.connect(name, self.folder) as client, self.assertRaises(RequestError) as caught:
            client.request("place", None, GUARD)
        self.assertEqual(caught.exception.code, UNKNOWN_METHOD)
        self.assertEqual(server.end(signal.SIGINT), 0)
        self.assertEqual(os.listdir(self.folder), [])

    def test_control_c_ends_every_wait(self) -> None:
        code = (
            "from soundpost.channel import create_channel\n"
            "with create_channel() as channel:\n"
            "    channel.ready([])\n"
            "    try:\n"
            "        channel.receive(WAIT)\n"
            "    except KeyboardInterrupt:\n"
            "        channel.emit('interrupted')\n"
        )
        for make in (LocalSocketServer, SharedMemoryServer):
            for wait in ("None", "1000"):
                with self.subTest(make.__name__, wait=wait), make("test", self.folder) as server:
                    mode = "shared_memory" if make is SharedMemoryServer else "local_socket"
                    environ = {"SOUNDPOST_IPC_CHANNEL": "test", "SOUNDPOST_IPC_MODE": mode}
                    peer = self.peer(code=code.replace("WAIT", wait), **environ)
                    with server.accept(GUARD) as channel:
                        channel.receive(GUARD)
                        channel.ping(GUARD)  # answered: it is in receive by now
                        self.assertEqual(peer.end(signal.SIGINT), 0)
                        self.assertEqual(channel.receive(GUARD).event, "interrupted")

    def test_without_a_channel_the_echo_says_so(self) -> None:
        peer = self.peer()
        self.assertEqual(peer.process.wait(GUARD), 1)
        assert peer.process.stderr is not None
        self.assertIn(b"SOUNDPOST_IPC_CHANNEL", peer.process.stderr.read())


class Factory(unittest.TestCase):
    def test_what_the_environment_says(self) -> None:
        with create_channel(environ={}) as channel:
            self.assertEqual((channel.kind, channel.name), ("thread", "soundpost"))
            channel.handle("double", lambda data: 2 * data)
            self.assertEqual(channel.request("double", 4, GUARD), 8)
        with create_channel("thread", "x", {}) as channel:
            self.assertEqual(channel.name, "x")
        for environ in ({"SOUNDPOST_IPC_MODE": "local_socket"}, {"SOUNDPOST_IPC_MODE": "smoke"}):
            with self.assertRaises(ValueError):
                create_channel(environ=environ)

    def test_a_name_means_its_local_socket(self) -> None:
        with tempfile.TemporaryDirectory() as folder, unittest.mock.patch.dict(os.environ, XDG_RUNTIME_DIR=folder):
            with LocalSocketServer("named"), create_channel(environ={"SOUNDPOST_IPC_CHANNEL": "named"}) as channel:
                self.assertEqual((channel.kind, channel.name), ("local_socket", "named"))
            environ = {"SOUNDPOST_IPC_CHANNEL": "named", "SOUNDPOST_IPC_MODE": "shared_memory"}
            with SharedMemoryServer("named") as server:
                making = Task(lambda: create_channel(environ=environ))
                server.accept(GUARD).close()
                with making.result() as channel:
                    self.assertEqual(channel.kind, "shared_memory")

    def test_a_request_that_nobody_handles(self) -> None:
        with create_channel(environ={}) as channel:
            channel.handle("a", lambda data: None)
            with self.assertRaises(RequestError):
                channel.request("b", None, GUARD)


class Leftovers(unittest.TestCase):
    def test_nothing_is_left_after_200_rounds(self) -> None:
        with tempfile.TemporaryDirectory() as folder:

            def rounds(count: int) -> None:
                for _ in range(count):
                    for make in KINDS.values():
                        a, b = make(folder)
                        b.handle("x", lambda data: data)
                        a.request("x", 1, GUARD)
                        a.close()
                        b.run()
                        b.close()

            def state() -> Any:
                gc.collect()
                maps = Path("/proc/self/maps").read_text().count("memfd:soundpost")
                return len(os.listdir("/proc/self/fd")), os.listdir(folder), sorted(os.listdir("/dev/shm")), maps

            rounds(2)
            before = state()
            rounds(200)
            self.assertEqual(state(), before)

    def test_the_memory_goes_with_the_last_user_not_with_the_channel(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            a, b = memory(folder)
            a.close()
            b.close()
            gc.collect()
            self.assertNotIn("memfd:soundpost", Path("/proc/self/maps").read_text())

    def test_a_closed_end_in_every_kind_refuses(self) -> None:
        for kind in KINDS:
            with self.subTest(kind), connected(kind) as (a, _):
                a.close()
                with self.assertRaises(Disconnected):
                    a.try_receive()
