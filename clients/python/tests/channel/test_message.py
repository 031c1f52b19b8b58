"""Messages and their JSON."""

from __future__ import annotations

import json
import random
import unittest
from typing import Any

from soundpost.channel import ErrorDetail, Message, SerializationError
from soundpost.channel.message import MAXIMUM_BYTES


def nested(levels: int) -> Any:
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


class Messages(unittest.TestCase):
    def test_absent_members_are_not_written_and_data_always_is(self) -> None:
        cases = [
            (Message("data"), '{"type":"data","data":null}'),
            (Message("event", "ü", event="e"), '{"type":"event","event":"e","data":"ü"}'),
            (
                Message("response", None, id="", error=ErrorDetail(-32601, "no", {"a": 1})),
                '{"type":"response","id":"","data":null,"error":{"code":-32601,"message":"no","data":{"a":1}}}',
            ),
            (
                Message("request", [1, 2.5], id="1", method="m"),
                '{"type":"request","id":"1","method":"m","data":[1,2.5]}',
            ),
        ]
        for message, text in cases:
            with self.subTest(text):
                self.assertEqual(message.to_json(), text.encode())
                self.assertEqual(Message.from_json(text), message)

    def test_unknown_members_are_ignored(self) -> None:
        self.assertEqual(Message.from_json('{"type":"data","data":1,"later":{}}'), Message("data", 1))

    def test_what_is_no_message_is_refused(self) -> None:
        cases = [
            b"",
            b"[]",
            b"1",
            b"{",
            b"\xff\xfe",
            b'\xef\xbb\xbf{"type":"data","data":1}',
            b'{"data":1}',
            b'{"type":"Data","data":1}',
            b'{"type":1,"data":1}',
            b'{"type":["data"],"data":1}',
            b'{"type":"data","data":1,"id":1}',
            b'{"type":"data","data":1,"id":null}',
            b'{"type":"request","id":"1","method":{},"data":1}',
            b'{"type":"event","event":[],"data":1}',
            b'{"type":"response","id":"1","data":1,"error":"no"}',
            b'{"type":"response","id":"1","data":1,"error":{"code":"1","message":"no"}}',
            b'{"type":"response","id":"1","data":1,"error":{"code":true,"message":"no"}}',
            b'{"type":"response","id":"1","data":1,"error":{"code":1}}',
            b'{"type":"data","data":1,"data":2}',
            b'{"type":"data","data":{"a":1,"\\u0061":2}}',
            b'{"type":"data","data":NaN}',
            b'{"type":"data","data":[-Infinity]}',
            b'{"type":"data","data":1e999}',
            b'{"type":"data","data":-' + b"9" * 400 + b".5}",
            b'{"type":"data","data":"\\ud800"}',
            b'{"type":"data","data":"\\udc00\\ud800"}',
            b'{"type":"data","data":{"\\uD83D":1}}',
            b'{"type":"data","data":"\xed\xa0\x80"}',
            b'{"type":"data","data":"\n"}',
            b'{"type":"data","data":1}{',
            b'{"type":"data","data":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}",
            b'{"type":"data","data":' + b" " * MAXIMUM_BYTES + b"1}",
        ]
        for payload in cases:
            with self.subTest(payload[:60]), self.assertRaises(SerializationError):
                Message.from_json(payload)

    def test_what_cannot_be_written_is_refused(self) -> None:
        loop: list = []
        loop.append(loop)
        cases: list = [
            Message("nonsense"),
            Message("data", id=1),  # type: ignore[arg-type]
            Message("response", error=ErrorDetail(1 << 63, "")),
            Message("response", error=ErrorDetail(True, "")),
            *(
                Message("data", data)
                for data in (float("nan"), float("inf"), "\ud800", {1: 2}, {"a": object()}, b"bytes", {1, 2}, loop)
            ),
            Message("data", "x" * MAXIMUM_BYTES),
        ]
        for number, message in enumerate(cases):
            with self.subTest(number), self.assertRaises(SerializationError):
                message.to_json()

    def test_nesting_has_32_levels_with_the_message(self) -> None:
        deepest = Message("data", nested(31))
        self.assertEqual(Message.from_json(deepest.to_json()), deepest)
        with self.assertRaises(SerializationError):
            Message("data", nested(32)).to_json()
        for opening, closing in (("[", "]"), ('{"a":', "}")):
            for levels, works in ((31, True), (32, False)):
                text = '{"type":"data","data":' + opening * (levels - 1) + "[]" + closing * (levels - 1) + "}"
                with self.subTest(text[:40]):
                    if works:
                        Message.from_json(text)
                    else:
                        self.assertRaises(SerializationError, Message.from_json, text)

    def test_brackets_in_strings_are_no_nesting(self) -> None:
        self.assertEqual(Message.from_json(Message("data", "[{" * 100).to_json()).data, "[{" * 100)

    def test_surrogate_pairs_are_one_character(self) -> None:
        self.assertEqual(Message.from_json(b'{"type":"data","data":"\\ud83d\\ude00"}').data, "😀")

    def test_random_bytes_are_a_message_or_an_error(self) -> None:
        chance = random.Random(11)
        seed = Message("response", {"a": [1, "x"]}, id="1", error=ErrorDetail(1, "m")).to_json()
        for _ in range(3000):
            payload = bytearray(seed)
            for _ in range(chance.randint(1, 4)):
                payload[chance.randrange(len(payload))] = chance.choice(b'{}[]",:\\u0d8eE+-1\xff\x00 ntfN')
            try:
                message = Message.from_json(payload)
            except SerializationError:
                continue
            self.assertEqual(Message.from_json(message.to_json()), message)
            json.loads(message.to_json())
