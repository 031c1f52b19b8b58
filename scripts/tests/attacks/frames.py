"""Threats 12 and 13 as the control port meets them: every length with short and long bodies, fragments, random bytes."""

import random

import raw
from target import Target

LENGTHS = [0, 1, 124, 125, 126, 127, 128, 65_535, 65_536, 1 << 20, (1 << 20) + 1, 1 << 31, (1 << 32) - 1, 1 << 40, (1 << 63) - 1]
PING = b'{"type":"ping","requestId":"whole"}'


def odd(target: Target, bodies: tuple[int, ...]) -> tuple[int, list[str]]:
    """Frames that break a rule of RFC 6455, or strain one."""
    wrong = []
    tries = [raw.frame(b"x" * body, opcode, final, length, masked)
             for length in LENGTHS for body in bodies for opcode in (0, 1, 2, 8, 9, 10)
             for final in (True, False) for masked in (True, False) if opcode < 8 or body < 200]
    tries += [bytes([first, 0x80]) + bytes(4) for first in range(256)]
    tries += [raw.frame(b"", 0, False) * 100_000, raw.frame(b"", 1, False) * 1000, raw.frame(b"x" * 126, 9) * 10,
              raw.frame(b"", 9) * 20_000, raw.frame(b"", 10) * 20_000, raw.frame(b"\x03\xe8", 8) * 1000,
              raw.frame(b"\x00", 8), raw.frame(b"\x00\x00", 8), raw.frame(b"\xff\xff\xff\xfe", 8)]
    for data in tries:
        connection = raw.connect(target.address)
        try:
            connection.sendall(raw.handshake(target.address) + data)
        except OSError:
            pass  # the node has closed the connection already
        connection.close()
    if not _fragmented(target):
        wrong.append("a message in fragments of one byte, pings between them, was not put together")
    return len(tries) + 1, wrong


def _fragmented(target: Target) -> bool:
    connection = raw.connect(target.address)
    parts = [raw.frame(PING[at:at + 1], 1 if at == 0 else 0, at == len(PING) - 1) for at in range(len(PING))]
    connection.sendall(raw.handshake(target.address) + raw.frame(b"p", 9).join(parts))
    received = b""
    try:
        while b'"whole"' not in received:
            data = connection.recv(1 << 16)
            if not data:
                return False
            received += data
    except OSError:
        return False
    finally:
        connection.close()
    return b"pong" in received


def noise(target: Target, count: int) -> tuple[int, list[str]]:
    """Random bytes instead of a request, behind half a request, and behind a handshake."""
    source = random.Random(77)
    starts = [b"", b"GET /", b"GET /api/status HTTP/1.1\r\nHost: ", raw.get(target.address, b"/api/status"),
              raw.handshake(target.address), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00"]
    for number in range(count):
        connection = raw.connect(target.address)
        try:
            connection.sendall(starts[number % len(starts)] + source.randbytes(source.randrange(1, 4096)))
        except OSError:
            pass  # the node has closed the connection already
        connection.close()
    return count, []
