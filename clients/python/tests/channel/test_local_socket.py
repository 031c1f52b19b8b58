"""Names, the runtime directory, taking over and refusing, and hostile lines."""

from __future__ import annotations

import os
import socket
import stat
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from soundpost.channel import (
    ChannelIOError,
    ChannelTimeout,
    Disconnected,
    LocalSocketServer,
    ReceiveFailed,
    SerializationError,
    listener,
    local_socket,
)
from soundpost.channel.message import MAXIMUM_BYTES
from soundpost.channel.names import check_name, open_directory, runtime_directory

from .ends import GUARD, Task


class Names(unittest.TestCase):
    def test_which_names_there_are(self) -> None:
        for name in ("a", "A.b-c_9", "-", "_", "x" * 64):
            check_name(name)
        for name in ("", ".a", "a/b", "..", "a b", "ä", "x" * 65, "a\n", "a\0"):
            with self.subTest(name), self.assertRaises(ValueError):
                check_name(name)

    def test_the_runtime_directory(self) -> None:
        self.assertEqual(runtime_directory({"XDG_RUNTIME_DIR": "/run/user/7"}), "/run/user/7")
        for environ in ({}, {"XDG_RUNTIME_DIR": ""}, {"XDG_RUNTIME_DIR": "relative"}):
            self.assertEqual(runtime_directory(environ), f"/tmp/soundpost-{os.geteuid()}")

    def test_unsafe_directories_are_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            shared, link, file = (Path(folder) / name for name in ("shared", "link", "file"))
            shared.mkdir()
            shared.chmod(0o770)
            link.symlink_to(folder)
            file.touch()
            for path in (shared, link, file, Path(folder) / "missing"):
                with self.subTest(path.name), self.assertRaises(ChannelIOError):
                    open_directory("test", str(path))
                with self.assertRaises(ChannelIOError):
                    LocalSocketServer("test", str(path))
            with mock.patch.object(os, "geteuid", return_value=os.geteuid() + 1), self.assertRaises(ChannelIOError):
                open_directory("test", folder)

    def test_a_path_longer_than_sockets_have_says_so(self) -> None:
        longest = 107 if sys.platform == "linux" else 103
        with tempfile.TemporaryDirectory(dir="/tmp") as folder:
            deep = Path(folder) / ("d" * (longest - len(f"{folder}//soundpost_test.sock")))
            deep.mkdir(0o700)
            with LocalSocketServer("test", str(deep)) as server:
                self.assertEqual(len(server.address), longest)
                local_socket.connect("test", str(deep)).close()
            with self.assertRaisesRegex(ChannelIOError, f"channel test2: .*{longest} bytes"):
                LocalSocketServer("test2", str(deep))


class Servers(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def leave_stale(self, name: str) -> None:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(f"{self.folder}/soundpost_{name}.sock")
            dead.listen()

    def test_the_file_is_private_and_goes_with_the_server(self) -> None:
        with LocalSocketServer("test", self.folder) as server:
            mode = os.stat(server.address).st_mode
            self.assertTrue(stat.S_ISSOCK(mode))
            self.assertEqual(stat.S_IMODE(mode), 0o600)
        self.assertEqual(os.listdir(self.folder), [])

    def test_a_live_server_keeps_its_name(self) -> None:
        with LocalSocketServer("test", self.folder) as server:
            with self.assertRaisesRegex(ChannelIOError, "taken"):
                LocalSocketServer("test", self.folder)
            client = local_socket.connect("test", self.folder)
            with server.accept(GUARD) as accepted, client:  # the look of the refused server is no client
                client.send_json("hello")
                self.assertEqual(accepted.receive(GUARD).data, "hello")
            with self.assertRaises(ChannelTimeout):
                server.accept(0)

    def test_stale_files_are_taken_over_and_swept(self) -> None:
        self.leave_stale("test")
        self.leave_stale("other")
        (Path(self.folder) / "soundpost_file.sock").touch()
        (Path(self.folder) / "kept.txt").touch()
        with LocalSocketServer("live", self.folder), LocalSocketServer("test", self.folder):
            present = set(os.listdir(self.folder))
        self.assertEqual(present, {"soundpost_test.sock", "soundpost_live.sock", "soundpost_file.sock", "kept.txt"})

    def test_a_full_backlog_belongs_to_a_live_server(self) -> None:
        path = f"{self.folder}/soundpost_test.sock"
        with socket.socket(socket.AF_UNIX) as busy:
            busy.bind(path)
            busy.listen(0)
            waiting = []
            while True:
                waiting.append(socket.socket(socket.AF_UNIX))
                waiting[-1].setblocking(False)
                if waiting[-1].connect_ex(path) != 0:
                    break
            with self.assertRaisesRegex(ChannelIOError, "taken"):
                LocalSocketServer("test", self.folder)
            for connection in waiting:
                connection.close()

    def test_who_looks_whether_a_server_lives_is_no_client_of_it(self) -> None:
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(os.path.join(self.folder, "soundpost_other.sock"))
            other.listen()
            other.setblocking(False)
            with LocalSocketServer("test", self.folder):
                self.assertRaises(BlockingIOError, other.accept)
            with self.assertRaises(ChannelIOError):
                LocalSocketServer("other", self.folder)
            self.assertRaises(BlockingIOError, other.accept)

    def test_what_is_no_socket_is_not_removed(self) -> None:
        file = Path(self.folder) / "soundpost_test.sock"
        file.write_text("precious")
        with self.assertRaises(ChannelIOError):
            LocalSocketServer("test", self.folder)
        self.assertEqual(file.read_text(), "precious")

    def test_only_its_own_file_is_removed(self) -> None:
        server = LocalSocketServer("test", self.folder)
        os.unlink(server.address)
        with LocalSocketServer("test", self.folder) as successor:
            server.close()
            self.assertTrue(os.path.exists(successor.address))

    def test_nobody_listens(self) -> None:
        self.leave_stale("stale")
        for name in ("stale", "missing"):
            with self.assertRaises(Disconnected):
                local_socket.connect(name, self.folder)

    def test_another_users_client_is_hung_up_on(self) -> None:
        with LocalSocketServer("test", self.folder) as server:
            with mock.patch.object(listener, "peer_user", return_value=os.geteuid() + 1):
                with self.assertRaisesRegex(ChannelIOError, "belongs to user"):
                    local_socket.connect("test", self.folder)
            stranger = socket.socket(socket.AF_UNIX)
            stranger.connect(server.address)
            with mock.patch.object(listener, "peer_user", return_value=os.geteuid() + 1):
                with self.assertRaises(ChannelTimeout):
                    server.accept(0.05)
            self.assertEqual(stranger.recv(1), b"")
            stranger.close()

    def test_close_wakes_accept(self) -> None:
        server = LocalSocketServer("test", self.folder)
        accepting = Task(lambda: server.accept())
        server.close()
        server.close()
        with self.assertRaises(Disconnected):
            accepting.result()

    def test_one_server_has_many_clients(self) -> None:
        with LocalSocketServer("test", self.folder) as server:
            pairs = []
            for n in range(20):
                client = local_socket.connect("test", self.folder)
                pairs.append((client, server.accept(GUARD)))
                client.send_json(n)
            for n, (client, accepted) in reversed(list(enumerate(pairs))):
                self.assertEqual(accepted.receive(GUARD).data, n)
                client.close()
                accepted.close()


class HostileLines(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        with LocalSocketServer("test", folder.name) as server:
            self.peer = socket.socket(socket.AF_UNIX)
            self.peer.connect(server.address)
            self.channel = server.accept(GUARD)
        self.addCleanup(self.peer.close)
        self.addCleanup(self.channel.close)

    def test_an_endless_line_ends_the_connection(self) -> None:
        def pour() -> int:
            sent = 0
            try:
                while True:
                    sent += self.peer.send(b"x" * 65536)
            except OSError:
                return sent

        pouring = Task(pour)
        with self.assertRaises(ReceiveFailed):
            self.channel.receive(GUARD)
        self.assertLess(pouring.result(), MAXIMUM_BYTES + (1 << 22))
        with self.assertRaises(ReceiveFailed):
            self.channel.receive(GUARD)

    def test_lines_in_any_pieces(self) -> None:
        for byte in b'\n\r\n{"type":"data","data":1}\r\n{"type":"da':
            self.peer.send(bytes([byte]))
        for _ in range(2):
            with self.assertRaises(SerializationError):
                self.channel.receive(GUARD)
        self.assertEqual(self.channel.receive(GUARD).data, 1)
        self.peer.close()
        with self.assertRaises(Disconnected):  # the last line has no end
            self.channel.receive(GUARD)

    def test_pings_that_nobody_reads_the_answers_of_do_no_harm(self) -> None:
        def flood() -> None:
            for _ in range(3000):
                self.peer.sendall(b'{"type":"ping","id":"1","data":"' + b"x" * 100 + b'"}\n')

        flooding = Task(flood)
        receiving = Task(lambda: self.channel.receive())
        self.channel.close()
        with self.assertRaises(Disconnected):
            receiving.result()
        with self.assertRaises(OSError):
            flooding.result()
            self.peer.sendall(b"x" * 1_000_000)
