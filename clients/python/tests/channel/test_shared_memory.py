"""The rings, the meeting, and what a hostile other end can do."""

from __future__ import annotations

import array
import fcntl
import gc
import inspect
import json
import os
import random
import socket
import sys
import tempfile
import unittest
from typing import Any, Dict, Optional
from unittest import mock

from soundpost.channel import (
    ChannelError,
    ChannelIOError,
    ChannelTimeout,
    Disconnected,
    LocalSocketServer,
    ReceiveFailed,
    SendFailed,
    SerializationError,
    SharedMemoryServer,
    meeting,
    shared_memory,
)
from soundpost.channel.meeting import DATA_OFFSET, HEADER
from soundpost.channel.memory import map_region

from .ends import GUARD, RING, Task, memory


class Bytes(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.a, self.b = memory(folder.name, codec="bytes")
        self.addCleanup(self.a.close)
        self.addCleanup(self.b.close)

    def test_loan_publish_borrow_release(self) -> None:
        chance = random.Random(5)
        for _ in range(500):
            size = chance.choice([0, 1, 7, 8, 9, 1000, 20_000, RING // 2])
            data = chance.randbytes(size) if hasattr(chance, "randbytes") else os.urandom(size)
            self.a.writer.loan(size)[:] = data
            self.a.writer.publish()
            view = self.b.reader.borrow(GUARD)
            self.assertTrue(view == data)
            self.assertTrue(view.readonly)
            self.b.reader.release()
            with self.assertRaises(ValueError):
                view[:]  # not valid any more

    def test_who_lets_go_says_that_nothing_follows(self) -> None:
        region = self.b._rings._region
        self.assertEqual(region.a.ended.value, 0)
        self.a.close()
        self.assertEqual(region.a.ended.value, 1)

    def test_a_shorter_publication_shows_only_that(self) -> None:
        self.a.writer.loan(100)[:3] = b"abc"
        self.a.writer.publish(3)
        self.assertEqual(self.b.receive_bytes(GUARD), b"abc")

    def test_misuse_is_an_error(self) -> None:
        with self.assertRaises(SendFailed):
            self.a.writer.publish()
        for size in (-1, RING // 2 + 1):
            with self.assertRaises(SendFailed):
                self.a.writer.loan(size)
        self.a.writer.loan(4)
        with self.assertRaises(SendFailed):
            self.a.writer.publish(5)
        with self.assertRaises(ChannelTimeout):
            self.b.reader.borrow(0)
        with self.assertRaises(SerializationError):
            self.a.send_json(1)

    def test_views_outlive_the_channel_without_harm(self) -> None:
        self.a.send_bytes(b"kept")
        view = self.b.reader.borrow(GUARD)
        loan = self.a.writer.loan(8)
        self.a.close()
        self.b.close()
        gc.collect()
        self.assertEqual(bytes(view), b"kept")
        loan[:] = b"nowhere."
        with self.assertRaises(Disconnected):
            self.a.writer.loan(1)
        with self.assertRaises(Disconnected):
            self.b.reader.borrow(0)

    def test_large_bytes_go_in_parts(self) -> None:
        data = os.urandom(5_000_001)
        sending = Task(lambda: self.a.send_bytes(data))
        self.assertTrue(self.b.receive_bytes(GUARD) == data)
        sending.result()

    def test_a_message_of_which_only_parts_came_is_dropped(self) -> None:
        self.a.writer.loan(4)[:] = b"part"
        self.a.writer.publish(more=True)
        with self.assertRaises(ChannelTimeout):
            self.b.receive_bytes(0.01)
        self.a.close()
        with self.assertRaises(Disconnected):
            self.b.receive_bytes(GUARD)

    def test_messages_channels_carry_no_bytes(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            a, b = memory(folder)
            with a, b, self.assertRaises(ChannelIOError):
                a.send_bytes(b"x")


class Meeting(unittest.TestCase):
    """A server that lies about its region."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def offered(
        self,
        change: Optional[Dict[str, Any]] = None,
        header: Optional[Dict[int, int]] = None,
        size: int = DATA_OFFSET + 2 * RING,
        seals: int = meeting.SEALS,
        descriptors: int = 1,
        line: Optional[bytes] = None,
    ) -> None:
        offer = {"version": 1, "ringBytes": RING, "codec": 2, "token": f"{77:016x}", "segment": None, **(change or {})}
        region = os.memfd_create("test", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(region, size)
        head = bytearray(HEADER.pack(0x534D454D, 1, 2, 2, 0, 2 * RING, RING, 0, 0, 0, 77, DATA_OFFSET))
        for at, value in (header or {}).items():
            head[at] = value
        os.pwrite(region, head, 0)
        if seals:
            fcntl.fcntl(region, fcntl.F_ADD_SEALS, seals)
        text = line or json.dumps({"type": "ready", "data": {"sharedMemory": offer}}).encode() + b"\n"
        with socket.socket(socket.AF_UNIX) as server:
            path = f"{self.folder}/soundpost_liar.sock"
            server.bind(path)
            server.listen()
            joining = Task(lambda: shared_memory.connect("liar", self.folder))
            connection, _ = server.accept()
            rights = array.array("i", [region] * descriptors)
            connection.sendmsg([text], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)] if descriptors else [])
            try:
                joining.result().close()
            finally:
                connection.close()
                os.close(region)
                os.unlink(path)

    def test_a_true_offer_is_taken(self) -> None:
        self.offered()
        self.offered(size=DATA_OFFSET + 2 * RING + 1)  # a system may round up

    def test_lies_are_refused(self) -> None:
        cases: Dict[str, Dict[str, Any]] = {
            "version": {"change": {"version": 2}},
            "version true": {"change": {"version": True}},
            "ring size": {"change": {"ringBytes": RING + 8}},
            "ring too small": {"change": {"ringBytes": 4096}},
            "ring too large": {"change": {"ringBytes": 1 << 31}},
            "another ring size": {"change": {"ringBytes": 2 * RING}},
            "codec": {"change": {"codec": 1}},
            "codec kind": {"change": {"codec": "2"}},
            "token": {"change": {"token": f"{78:016x}"}},
            "no token": {"change": {"token": "77"}},
            "segment": {"change": {"segment": 5}},
            "magic": {"header": {0: 0}},
            "region version": {"header": {4: 9}},
            "kind": {"header": {5: 1}},
            "region codec": {"header": {6: 0}},
            "region size": {"header": {11: 1}},
            "data offset": {"header": {41: 7}},
            "too short": {"size": DATA_OFFSET + RING},
            "not sealed": {"seals": 0},
            "half sealed": {"seals": fcntl.F_SEAL_SHRINK},
            "no descriptor": {"descriptors": 0},
            "two descriptors": {"descriptors": 2},
            "no message": {"line": b"hello\n"},
            "another message": {"line": b'{"type":"ready","data":{"handlers":[]}}\n'},
            "endless": {"line": b"x" * 5000},
        }
        before = len(os.listdir("/proc/self/fd"))
        for case, lie in cases.items():
            with self.subTest(case), self.assertRaises(ReceiveFailed):
                self.offered(**lie)
        self.assertEqual(len(os.listdir("/proc/self/fd")), before)

    def test_a_local_socket_server_is_no_shared_memory(self) -> None:
        with LocalSocketServer("test", self.folder) as server:
            joining = Task(lambda: shared_memory.connect("test", self.folder))
            server.accept(GUARD).close()
            with self.assertRaises(Disconnected):
                joining.result()
            with self.assertRaises(ChannelTimeout):
                shared_memory.connect("test", self.folder, timeout=0)

    def test_a_client_waits_five_seconds_as_in_the_other_languages(self) -> None:
        self.assertEqual(inspect.signature(shared_memory.connect).parameters["timeout"].default, 5.0)

    def test_impossible_sizes_are_refused(self) -> None:
        for size in (0, 4096, 65_537, 1 << 31):
            with self.assertRaises(ValueError):
                SharedMemoryServer("test", self.folder, ring_bytes=size)

    def test_the_named_segment_of_systems_without_memfd(self) -> None:
        with mock.patch.object(os, "memfd_create", create=True), mock.patch.object(os, "ftruncate", os.ftruncate):
            del os.memfd_create
            descriptor, segment = meeting._create(DATA_OFFSET + 2 * RING)
        self.assertIsNotNone(segment)
        self.assertLessEqual(len(segment or ""), 30)
        self.assertFalse(os.get_inheritable(descriptor))
        other = meeting._shm_open(segment or "", os.O_RDWR)
        map_region(descriptor, DATA_OFFSET, RING).header[200] = 7
        self.assertEqual(map_region(other, DATA_OFFSET, RING).header[200], 7)
        os.close(descriptor)
        os.close(other)
        meeting._unlink(segment)
        with self.assertRaises(OSError):
            meeting._shm_open(segment or "", os.O_RDWR)

    @unittest.skipUnless(sys.platform == "linux", "elsewhere regions have names")
    def test_a_named_segment_is_refused_untouched(self) -> None:
        with mock.patch.object(meeting.os, "memfd_create", create=True):
            del os.memfd_create
            descriptor, segment = meeting._create(DATA_OFFSET + 2 * RING)
        self.addCleanup(meeting._unlink, segment)
        os.close(descriptor)
        for descriptors in (0, 1):
            with self.assertRaisesRegex(ReceiveFailed, "segment"):
                self.offered({"segment": segment}, descriptors=descriptors)
            os.close(meeting._shm_open(segment or "", os.O_RDWR))  # it is still there

    def test_names_of_segments(self) -> None:
        for name, is_one in (
            ("/soundpost-0a_z", True),
            ("/soundpost" + "x" * 20, True),
            ("/soundpost" + "x" * 21, False),
            ("/soundpost-A", False),
            ("/other", False),
            ("/soundpost/../x", False),
            ("/soundpost-1\n", False),
        ):
            with self.subTest(name):
                self.assertEqual(bool(meeting.SEGMENT.fullmatch(name)), is_one)


class HostileRing(unittest.TestCase):
    """The other end writes what it likes into the region."""

    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def ends(self) -> Any:
        a, b = memory(self.folder.name)
        self.addCleanup(a.close)
        self.addCleanup(b.close)
        return a, b

    def test_a_writers_lies_end_the_channel(self) -> None:
        def forge(published: int, length: int, flags: int) -> Any:
            def do(ring: Any) -> None:
                ring.data[0:8] = length.to_bytes(4, "little") + flags.to_bytes(4, "little")
                ring.published.value = published

            return do

        cases = {
            "not a multiple of 8": forge(12, 4, 0),
            "more than the ring": forge(RING + 8, 4, 0),
            "huge counter": forge((1 << 64) - 8, 4, 0),
            "longer than published": forge(16, 9, 0),
            "longer than half": forge(RING, RING // 2 + 1, 0),
            "endless length": forge(RING, 0xFFFFFFFF, 0),
            "unknown flag": forge(16, 8, 2),
        }
        for case, do in cases.items():
            with self.subTest(case):
                a, b = self.ends()
                other_a, other_b = self.ends()
                do(b._rings._region.a)
                with self.assertRaises(ReceiveFailed):
                    b.receive(GUARD)
                with self.assertRaises(ChannelError):
                    b.send_json(1)
                with self.assertRaises(Disconnected):
                    a.receive(GUARD)
                other_a.send_json("untouched")
                self.assertEqual(other_b.receive(GUARD).data, "untouched")

    def test_a_violation_closes_a_connection_that_is_used_raw(self) -> None:
        def record(length: int, flags: int) -> Any:
            def do(a: Any, b: Any) -> None:
                ring = b._rings._region.a
                ring.data[0:8] = length.to_bytes(4, "little") + flags.to_bytes(4, "little")
                ring.published.value = 16
                with self.assertRaises(ReceiveFailed) as caught:
                    b.reader.borrow(GUARD)
                self.assertEqual(caught.exception.channel, b.name)

            return do

        def counter(a: Any, b: Any) -> None:
            b._rings._region.a.published.value = 12
            with self.assertRaises(ReceiveFailed):
                b.reader.borrow(GUARD)

        def given_back(a: Any, b: Any) -> None:
            b._rings._region.b.consumed.value = 12
            with self.assertRaises(SendFailed):
                while True:
                    b.writer.loan(RING // 2)
                    b.writer.publish()

        cases = {"flags": record(8, 4), "empty and goes on": record(0, 1), "counter": counter, "reader": given_back}
        for case, do in cases.items():
            with self.subTest(case):
                a, b = memory(self.folder.name, codec="bytes")
                self.addCleanup(a.close)
                self.addCleanup(b.close)
                do(a, b)
                with self.assertRaises(Disconnected):
                    b.reader.borrow(0)
                with self.assertRaises(Disconnected):
                    b.writer.loan(1)
                with self.assertRaises(Disconnected):
                    while True:
                        a.reader.borrow(GUARD)

    def test_a_counter_that_goes_back(self) -> None:
        a, b = self.ends()
        a.send_json(1)
        a.send_json(2)
        b.receive(GUARD)
        b.receive(GUARD)
        b._rings._region.a.published.value = 8
        with self.assertRaises(ReceiveFailed):
            b.receive(GUARD)

    def test_a_readers_lies_fail_the_sending(self) -> None:
        for consumed in (4, RING * 8, (1 << 64) - 8):
            a, _ = self.ends()
            a._rings._region.a.consumed.value = consumed
            with self.assertRaises(SendFailed):
                while True:
                    a.send_json("x" * 10_000)

    def test_messages_without_end_are_bounded(self) -> None:
        a, b = self.ends()

        def pour() -> None:
            while True:
                a._rings.writer.loan(RING // 4)
                a._rings.writer.publish(more=True)

        pouring = Task(pour)
        with self.assertRaises(ReceiveFailed):
            b.receive(GUARD)
        with self.assertRaises(Disconnected):
            pouring.result()

    def test_random_bytes_over_the_region(self) -> None:
        chance = random.Random(9)
        for _ in range(40):
            a, b = self.ends()
            a.send_json("x" * 100)
            region = b._rings._region
            for _ in range(chance.randint(1, 3)):
                at = chance.choice([128, 136, 256, 384, 512, 640, 648, 768, 896, 1024, DATA_OFFSET, DATA_OFFSET + 4])
                view = region.header if at < DATA_OFFSET else region.a.data
                at %= DATA_OFFSET
                width = chance.choice([1, 4, 8])
                view[at : at + width] = chance.getrandbits(8 * width).to_bytes(width, "little")
            try:
                for _ in range(20):
                    b.send(b.receive(0.001), timeout=0.001)
            except ChannelError:
                pass
            a.close()
            b.close()
