"""The client's side of the WebSocket protocol (RFC 6455), without sockets: bytes in, messages out, and the reverse."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
LONGEST_MESSAGE = 16 << 20
LONGEST_HEAD = 64 << 10
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class ProtocolError(Exception):
    """The peer does not keep to the protocol."""


@dataclass(frozen=True)
class Frame:
    """A whole message, its fragments joined, or a control frame."""

    opcode: int
    payload: bytes

    @property
    def close_reason(self) -> str:
        """Code and words of a close frame."""
        if len(self.payload) < 2:
            return "no reason given"
        words = self.payload[2:].decode(errors="replace")
        return f"{int.from_bytes(self.payload[:2], 'big')} {words}".strip()


class Handshake:
    """The request that opens a WebSocket, and the check of its answer (RFC 6455 section 4)."""

    def __init__(self, authority: str, path: str, fields: Dict[str, str]) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self._accept = base64.b64encode(hashlib.sha1((key + _GUID).encode()).digest()).decode()
        head = {
            "Host": authority,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key,
            **fields,
        }
        if any("\r" in text or "\n" in text for pair in head.items() for text in pair):
            raise ValueError("a header field must not have line breaks")
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        self.request = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def check(self, status: int, fields: Dict[str, str]) -> None:
        if status != 101 or fields.get("sec-websocket-accept") != self._accept:
            raise ProtocolError("the peer does not speak WebSocket")


def parse_head(head: bytes) -> Tuple[int, Dict[str, str]]:
    """Status and header fields (names in lower case) of an HTTP answer."""
    first, *lines = head.decode("latin-1").split("\r\n")
    parts = first.split(" ", 2)
    if len(parts) < 2 or not parts[0].startswith("HTTP/1.") or not parts[1].isdigit():
        raise ProtocolError("the peer does not speak HTTP")
    pairs = (line.partition(":") for line in lines if ":" in line)
    return int(parts[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}


def encode_frame(opcode: int, payload: bytes, mask: Optional[bytes] = None) -> bytes:
    """A frame as a client sends it: whole, and masked with a new random key (section 5.3)."""
    mask = mask if mask is not None else os.urandom(4)
    size = len(payload)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 1 << 16:
        length = bytes([0x80 | 126]) + size.to_bytes(2, "big")
    else:
        length = bytes([0x80 | 127]) + size.to_bytes(8, "big")
    spread = (mask * (size // 4 + 1))[:size]
    masked = (int.from_bytes(payload, "big") ^ int.from_bytes(spread, "big")).to_bytes(size, "big")
    return bytes([0x80 | opcode]) + length + mask + masked


def encode_text(message: object) -> bytes:
    return encode_frame(TEXT, json.dumps(message, allow_nan=False, separators=(",", ":")).encode())


def encode_close(code: int = 1000) -> bytes:
    return encode_frame(CLOSE, code.to_bytes(2, "big"))


class FrameReader:
    """Takes bytes as they come and gives whole messages and control frames. Raises ProtocolError for what is none."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._opcode: Optional[int] = None
        self._message = bytearray()

    def feed(self, data: bytes) -> List[Frame]:
        self._buffer += data
        frames: List[Frame] = []
        while (parsed := self._take()) is not None:
            joined = self._join(*parsed)
            if joined is not None:
                frames.append(joined)
        return frames

    def _take(self) -> Optional[Tuple[bool, int, bytes]]:
        """The first frame, if all of it is there."""
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        if buffer[0] & 0x70 or buffer[1] & 0x80:
            raise ProtocolError("a frame has reserved bits or a mask")
        size, head = buffer[1] & 0x7F, 2
        if size >= 126:
            head = 4 if size == 126 else 10
            if len(buffer) < head:
                return None
            size = int.from_bytes(buffer[2:head], "big")
        opcode, final = buffer[0] & 0x0F, bool(buffer[0] & 0x80)
        if opcode >= CLOSE and (size > 125 or not final):
            raise ProtocolError("a control frame is too long or in pieces")
        if size + len(self._message) > LONGEST_MESSAGE:
            raise ProtocolError(f"a message is longer than {LONGEST_MESSAGE} bytes")
        if len(buffer) < head + size:
            return None
        payload = bytes(buffer[head : head + size])
        del buffer[: head + size]
        return final, opcode, payload

    def _join(self, final: bool, opcode: int, payload: bytes) -> Optional[Frame]:
        if opcode >= CLOSE:
            return Frame(opcode, payload)
        if (opcode == 0) == (self._opcode is None):
            raise ProtocolError("a fragment is where none belongs")
        if opcode:
            self._opcode = opcode
        self._message += payload
        if not final:
            return None
        frame = Frame(self._opcode or TEXT, bytes(self._message))
        self._opcode = None
        self._message.clear()
        return frame
