"""Frames without sockets."""

import random
import unittest
from typing import List

from soundpost import ConnectError
from soundpost.address import Address
from soundpost.websocket import (
    CLOSE,
    PING,
    TEXT,
    Frame,
    FrameReader,
    Handshake,
    ProtocolError,
    encode_frame,
    parse_head,
)


def server_frame(payload: bytes, opcode: int = TEXT, final: bool = True) -> bytes:
    size = len(payload)
    first = bytes([(0x80 if final else 0) | opcode])
    if size < 126:
        return first + bytes([size]) + payload
    if size < 1 << 16:
        return first + bytes([126]) + size.to_bytes(2, "big") + payload
    return first + bytes([127]) + size.to_bytes(8, "big") + payload


class Frames(unittest.TestCase):
    def test_frames_are_read_however_the_bytes_are_cut(self) -> None:
        payloads = [b"", b"x" * 125, b"y" * 126, b"z" * 65535, b"w" * 65536]
        stream = b"".join(server_frame(payload) for payload in payloads) + server_frame(b"p", PING)
        chance = random.Random(1)
        for _ in range(20):
            reader, frames, at = FrameReader(), [], 0  # type: ignore[var-annotated]
            while at < len(stream):
                step = chance.choice([1, 7, 4096, 200_000])
                frames += reader.feed(stream[at : at + step])
                at += step
            self.assertEqual([frame.payload for frame in frames], [*payloads, b"p"])

    def test_fragments_are_joined_with_a_ping_between_them(self) -> None:
        stream = server_frame(b"ab", final=False) + server_frame(b"!", PING) + server_frame(b"cd", 0)
        self.assertEqual(FrameReader().feed(stream), [Frame(PING, b"!"), Frame(TEXT, b"abcd")])

    def test_what_breaks_the_protocol_is_refused(self) -> None:
        cases: List[bytes] = [
            encode_frame(TEXT, b"masked"),
            b"\xc1\x00",
            server_frame(b"x", 0),
            server_frame(b"x", final=False) + server_frame(b"y"),
            server_frame(b"x" * 126, PING),
            server_frame(b"", PING, final=False),
            bytes([0x81, 127]) + (1 << 40).to_bytes(8, "big"),
        ]
        for data in cases:
            with self.subTest(data[:10]), self.assertRaises(ProtocolError):
                FrameReader().feed(data)

    def test_client_frames_are_masked(self) -> None:
        for size in (0, 5, 125, 126, 65535, 65536):
            payload = random.Random(size).randbytes(size)
            frame = encode_frame(TEXT, payload, mask=b"\x11\x22\x33\x44")
            head = 2 if size < 126 else 4 if size < 1 << 16 else 10
            self.assertTrue(frame[1] & 0x80)
            self.assertEqual(frame[head : head + 4], b"\x11\x22\x33\x44")
            unmasked = bytes(byte ^ frame[head + index % 4] for index, byte in enumerate(frame[head + 4 :]))
            self.assertEqual(unmasked, payload)

    def test_close_has_code_and_words(self) -> None:
        self.assertEqual(Frame(CLOSE, b"\x03\xe9bye").close_reason, "1001 bye")
        self.assertEqual(Frame(CLOSE, b"").close_reason, "no reason given")


class Opening(unittest.TestCase):
    def test_answer_to_another_key_is_refused(self) -> None:
        handshake = Handshake("a:1", "/ws", {})
        with self.assertRaises(ProtocolError):
            handshake.check(101, {"sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="})

    def test_header_fields_cannot_be_smuggled(self) -> None:
        with self.assertRaises(ValueError):
            Handshake("a:1", "/ws", {"Authorization": "Bearer x\r\nEvil: 1"})

    def test_heads(self) -> None:
        self.assertEqual(parse_head(b"HTTP/1.1 401 No\r\nContent-Length: 5"), (401, {"content-length": "5"}))
        for head in (b"", b"SSH-2.0", b"HTTP/1.1 abc"):
            with self.assertRaises(ProtocolError):
                parse_head(head)

    def test_addresses(self) -> None:
        for text, url in (
            ("studio", "http://studio:5000"),
            ("studio:81", "http://studio:81"),
            ("wss://studio", "https://studio:443"),
            ("http://[::1]:6000/", "http://[::1]:6000"),
        ):
            self.assertEqual(str(Address.parse(text)), url)
        for text in ("", "ftp://x", "x:0", "x:65536", "http://x/page", "http://me@x", ":5000"):
            with self.subTest(text), self.assertRaises(ConnectError):
                Address.parse(text)


if __name__ == "__main__":
    unittest.main()
