"""What is a message and what is none, as fixtures/channels says it to all languages."""

from __future__ import annotations

import json
import unittest
from pathlib import Path
from typing import Any, Dict, List

from soundpost.channel import ErrorDetail, Message, SerializationError

FIXTURES = Path(__file__).resolve().parents[4] / "fixtures" / "channels"


def rows(name: str) -> List[Dict[str, Any]]:
    with open(FIXTURES / name, encoding="utf-8", newline="\n") as file:
        return [json.loads(row) for row in file]


def wire(row: Dict[str, Any]) -> bytes:
    """What is sent: `line`, or the bytes in `hex`."""
    return bytes.fromhex(row["hex"]) if "hex" in row else row["line"].encode()


class Fixtures(unittest.TestCase):
    def test_every_line_means_what_the_fixture_says(self) -> None:
        for row in rows("messages.jsonl"):
            with self.subTest(row["why"]):
                fields = dict(row["message"])
                if "error" in fields:
                    fields["error"] = ErrorDetail(**fields["error"])
                expected = Message(**fields)
                message = Message.from_json(wire(row))
                self.assertEqual(message, expected)
                self.assertEqual(Message.from_json(message.to_json()), expected)

    def test_what_is_no_message_is_refused(self) -> None:
        for row in rows("refused.jsonl"):
            with self.subTest(row["why"]), self.assertRaises(SerializationError):
                Message.from_json(wire(row))
