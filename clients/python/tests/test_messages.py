"""The classes against the golden messages that all clients share."""

import json
import unittest
from typing import List

from soundpost import MESSAGES, BadAnswer, NodeError, ParamUpdate, SetParam, coding
from soundpost.client import _event
from soundpost.messages import Unknown

from .node_process import ROOT

FIXTURES = sorted((ROOT / "fixtures" / "messages").glob("*.json"))


class GoldenMessages(unittest.TestCase):
    def test_every_class_reads_and_writes_its_fixtures(self) -> None:
        self.assertGreater(len(FIXTURES), 100)
        for path in FIXTURES:
            golden = json.loads(path.read_text())
            with self.subTest(path.name):
                kind = MESSAGES[golden.pop("type")]
                golden.pop("requestId", None)
                self.assertEqual(coding.to_json(coding.from_json(kind, golden)), golden)

    def test_what_does_not_fit_is_named(self) -> None:
        cases: List[tuple] = [
            ({"instanceId": "gain#1", "paramId": "x"}, "value: is missing"),
            ({"instanceId": 7, "paramId": "x", "value": "1"}, "instanceId: must be a str"),
        ]
        for message, words in cases:
            with self.subTest(words), self.assertRaisesRegex(ValueError, words):
                coding.from_json(ParamUpdate, message)

    def test_what_is_absent_is_not_sent(self) -> None:
        message = coding.to_json(SetParam("gain#1", "gainDb#0", -6))
        self.assertEqual(message, {"instanceId": "gain#1", "paramId": "gainDb#0", "value": -6})

    def test_events_of_a_newer_node_come_as_they_are(self) -> None:
        for message in ({"type": "weather", "rain": True}, {"type": "mode_changed", "mode": 5}):
            self.assertEqual(_event(message), Unknown(message["type"], message))

    def test_both_ways_of_refusing_are_one(self) -> None:
        error = NodeError.in_answer({"type": "error", "code": "x", "message": "no", "field": "value"})
        ack = NodeError.in_answer({"type": "a", "success": False, "code": "x", "error": "no", "field": "value"})
        for refusal in (error, ack):
            assert refusal is not None
            self.assertEqual((refusal.code, refusal.message, refusal.field), ("x", "no", "value"))
        self.assertIsNone(NodeError.in_answer({"type": "a", "success": True}))
        self.assertTrue(issubclass(BadAnswer, Exception))


if __name__ == "__main__":
    unittest.main()
