"""HTTP and WebSocket from bytes, for clients that do what no proper client would."""

import base64
import os
import re
import socket


def connect(address: str, timeout: float = 60.0) -> socket.socket:
    host, _, port = address.rpartition(":")
    connection = socket.create_connection((host.strip("[]"), int(port)), timeout=timeout)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


class Exchange:
    """A connection that sends one request after the other. A connection that was closed is opened again."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: socket.socket | None = None

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status (0: closed without an answer) and everything that came, header included."""
        for _ in range(2):
            is_new = self._connection is None
            if self._connection is None:
                self._connection = connect(self._address)
            try:
                self._connection.sendall(request)
                status, answer, stays = _read(self._connection)
            except OSError:
                status, answer, stays = 0, b"", False
            if not stays:
                self.close()
            # A connection of an earlier request may have been closed meanwhile.
            if status or is_new:
                break
        return status, answer

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def get(address: str, target: bytes, headers: bytes = b"", method: bytes = b"GET", body: bytes = b"") -> bytes:
    if body:
        headers += b"Content-Type: application/octet-stream\r\nContent-Length: %d\r\n" % len(body)
    return method + b" " + target + b" HTTP/1.1\r\nHost: " + address.encode() + b"\r\n" + headers + b"\r\n" + body


def handshake(address: str, target: bytes = b"/ws", headers: bytes = b"") -> bytes:
    key = base64.b64encode(os.urandom(16))
    return get(address, target, headers + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
               b"Sec-WebSocket-Key: " + key + b"\r\n")


def frame(payload: bytes, opcode: int = 1, final: bool = True, length: int | None = None, masked: bool = True) -> bytes:
    """One frame. `length` is what the header claims; all-zero masks leave the payload readable."""
    claimed = len(payload) if length is None else length
    first = bytes([(0x80 if final else 0) | opcode])
    flag = 0x80 if masked else 0
    if claimed < 126:
        size = bytes([flag | claimed])
    elif claimed < 1 << 16:
        size = bytes([flag | 126]) + claimed.to_bytes(2, "big")
    else:
        size = bytes([flag | 127]) + claimed.to_bytes(8, "big")
    return first + size + (bytes(4) if masked else b"") + payload


def drain(connection: socket.socket, limit: int = 1 << 24) -> tuple[bytes, bool]:
    """Everything until the other side closes, and whether it did: within the connection's time-out, before `limit` bytes.

    A reset counts as an end. What came before it is in the answer.
    """
    received = b""
    while len(received) < limit:
        try:
            data = connection.recv(1 << 16)
        except TimeoutError:
            return received, False
        except OSError:
            return received, True
        if not data:
            return received, True
        received += data
    return received, False


def _read(connection: socket.socket) -> tuple[int, bytes, bool]:
    received = b""
    while b"\r\n\r\n" not in received:
        data = connection.recv(1 << 16)
        if not data:
            return status_of(received), received, False
        received += data
    head, _, body = received.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    status = status_of(head)
    if status == 101:
        return status, received, False
    if b"content-length" in fields:
        missing = int(fields[b"content-length"]) - len(body)
        while missing > 0:
            data = connection.recv(1 << 16)
            if not data:
                break
            received += data
            missing -= len(data)
        return status, received, fields.get(b"connection") != b"close"
    if fields.get(b"transfer-encoding") == b"chunked":
        while not received.endswith(b"0\r\n\r\n"):
            data = connection.recv(1 << 16)
            if not data:
                break
            received += data
        return status, received, fields.get(b"connection") != b"close"
    return status, received, status in (204, 304)


def statuses(received: bytes) -> list[int]:
    """Of all answers in what came over a connection."""
    return [int(digits) for digits in re.findall(rb"HTTP/1\.1 (\d{3}) [A-Za-z -]+\r\n", received)]


def status_of(head: bytes) -> int:
    """Of an answer; 0 for none."""
    parts = head.split(b" ", 2)
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0
