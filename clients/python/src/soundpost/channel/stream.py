"""Lines over a stream: what the local socket and stdio share."""

from __future__ import annotations

import abc
import os
import select
import socket
import sys
from typing import Optional

from .errors import ChannelError, ChannelTimeout, Disconnected, ReceiveFailed, naming
from .link import InUse, Link, poll_until
from .message import MAXIMUM_BYTES

CHUNK = 64 * 1024
PIPE_PART = min(4096, getattr(select, "PIPE_BUF", 512))
"""A pipe that polls as writable takes this much without waiting (POSIX)."""
SOCKET_WHOLE = (32_768 if sys.platform == "linux" else 2048) - 1
"""A socket takes such a line whole or not at all: Linux finds memory for 32 KiB at once, and macOS calls a socket
writable from 2048 bytes on. Were it not so, one who reads would wait for a sender."""
SEND_FLAGS = socket.MSG_DONTWAIT | getattr(socket, "MSG_NOSIGNAL", 0)


class StreamLink(Link):
    """One JSON text a line. A line without its end is no message; one that is too long ends the connection.

    What waits to become a line takes at most 16 MiB, whatever the other end sends.
    """

    def __init__(self, name: str, kind: str) -> None:
        self.name = name
        self.kind = kind
        self._buffer = bytearray()
        self._searched = 0
        self._in_use = InUse(self._let_go)

    def send(self, payload: bytes, deadline: Optional[float], waits: bool = False) -> None:
        if not self._in_use.enter():
            raise Disconnected(self.name, "the channel is closed")
        sent = 0
        try:
            with naming(self.name, "sending"), memoryview(payload + b"\n") as line:
                while True:
                    sent += self._write(line[sent:])
                    if sent == len(line):
                        return
                    if not self._wait_to_write(deadline if sent == 0 else None):
                        raise ChannelTimeout(self.name, "the other end does not read")
                    if self._in_use.is_closed:
                        raise Disconnected(self.name, "the channel is closed")
        except BaseException as error:
            if sent and not isinstance(error, ChannelError):
                self.close()  # Ctrl-C in the middle of a line: where the next one begins, the other end could not know
            raise
        finally:
            self._in_use.leave()

    def receive(self, deadline: Optional[float]) -> Optional[bytes]:
        if not self._in_use.enter():
            raise Disconnected(self.name, "the channel is closed")
        try:
            while True:
                line = self._line()
                if line is not None:
                    return line
                room = MAXIMUM_BYTES + 1 - len(self._buffer)
                if room <= 0:
                    self._buffer = bytearray()
                    self.close()
                    raise ReceiveFailed(self.name, f"a line has more than {MAXIMUM_BYTES} bytes")
                with naming(self.name, "receiving"):
                    chunk = self._read(min(CHUNK, room), deadline)
                if chunk is None:
                    return None
                if not chunk or self._in_use.is_closed:
                    self._buffer = bytearray()
                    raise Disconnected(self.name, "the other end is gone")
                self._buffer += chunk
        finally:
            self._in_use.leave()

    @property
    def is_cut(self) -> bool:
        if not self._in_use.enter():
            return True
        try:
            return self._is_cut()
        finally:
            self._in_use.leave()

    def close(self) -> None:
        self._in_use.close(self._wake)

    def _line(self) -> Optional[bytes]:
        end = self._buffer.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(self._buffer)
            return None
        line = bytes(memoryview(self._buffer)[:end])
        del self._buffer[: end + 1]
        self._searched = 0
        return line

    @abc.abstractmethod
    def _write(self, data: memoryview) -> int:
        """Writes what fits without waiting; 0 if nothing does."""

    @abc.abstractmethod
    def _wait_to_write(self, deadline: Optional[float]) -> bool:
        """Waits for room or `_wake`; False at the deadline."""

    @abc.abstractmethod
    def _read(self, limit: int, deadline: Optional[float]) -> Optional[bytes]:
        """What is there, at least one byte; empty at the end and after `_wake`, None at the deadline."""

    @abc.abstractmethod
    def _is_cut(self) -> bool:
        """Whether the other end reads nothing any more."""

    @abc.abstractmethod
    def _wake(self) -> None:
        """Wakes the threads in the other methods; once, when the link closes."""

    @abc.abstractmethod
    def _let_go(self) -> None:
        """Closes the descriptors; nobody is in the other methods any more."""


class SocketLink(StreamLink):
    """Over a connected stream socket, which it owns."""

    whole = SOCKET_WHOLE

    def __init__(self, name: str, kind: str, connection: socket.socket) -> None:
        super().__init__(name, kind)
        connection.settimeout(None)  # waiting is done by poll, and not for a single call but until a deadline
        self._socket = connection

    def end(self) -> None:
        if self._in_use.enter():
            try:
                self._socket.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # the other end is gone already
            finally:
                self._in_use.leave()

    def _write(self, data: memoryview) -> int:
        try:
            return self._socket.send(data, SEND_FLAGS)
        except BlockingIOError:
            return 0

    def _wait_to_write(self, deadline: Optional[float]) -> bool:
        return poll_until(deadline, (self._socket, select.POLLOUT))

    def _read(self, limit: int, deadline: Optional[float]) -> Optional[bytes]:
        try:
            if deadline is None:
                return self._socket.recv(limit)
            while True:
                try:
                    return self._socket.recv(limit, socket.MSG_DONTWAIT)
                except BlockingIOError:
                    if not poll_until(deadline, (self._socket, select.POLLIN)):
                        return None
        except ConnectionResetError:
            return b""  # the other end closed without reading all; what it sent before has been read

    def _is_cut(self) -> bool:
        # A socket whose other end is closed hangs up; one whose other end ended its direction does not.
        return poll_until(0, (self._socket, 0))

    def _wake(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def _let_go(self) -> None:
        self._socket.close()


class PipeLink(StreamLink):
    """Over two descriptors of any kind, which it owns.

    They are not made non-blocking: that would hold for everyone who shares the open file, such as the shell. A pipe of
    its own wakes the threads that wait.
    """

    whole = PIPE_PART - 1

    def __init__(self, name: str, kind: str, read_descriptor: int, write_descriptor: int) -> None:
        super().__init__(name, kind)
        self._input = read_descriptor
        self._output = write_descriptor
        try:
            with naming(name, "making a pipe"):
                self._alarm, self._bell = os.pipe()
        except ChannelError:
            os.close(read_descriptor)
            os.close(write_descriptor)
            raise

    def end(self) -> None:
        if self._in_use.enter():
            try:
                output, self._output = self._output, -1
                if output >= 0:
                    os.close(output)
            finally:
                self._in_use.leave()

    def _write(self, data: memoryview) -> int:
        if not poll_until(0, (self._output, select.POLLOUT)):
            return 0
        return os.write(self._output, data[:PIPE_PART])

    def _wait_to_write(self, deadline: Optional[float]) -> bool:
        return poll_until(deadline, (self._output, select.POLLOUT), (self._alarm, select.POLLIN))

    def _read(self, limit: int, deadline: Optional[float]) -> Optional[bytes]:
        if not poll_until(deadline, (self._input, select.POLLIN), (self._alarm, select.POLLIN)):
            return None
        return b"" if self._in_use.is_closed else os.read(self._input, limit)

    def _is_cut(self) -> bool:
        return self._output < 0 or poll_until(0, (self._output, 0))

    def _wake(self) -> None:
        os.write(self._bell, b"!")

    def _let_go(self) -> None:
        for descriptor in (self._input, self._output, self._alarm, self._bell):
            if descriptor >= 0:
                os.close(descriptor)
