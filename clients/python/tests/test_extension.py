"""Extensions as a node meets them: programs at the other end of a local socket."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import unittest
from pathlib import Path
from typing import Any, Dict, List, Optional
from unittest import mock

from soundpost.channel import (
    Channel,
    ChannelTimeout,
    Disconnected,
    LocalSocketServer,
    Message,
    RequestError,
    pair,
)
from soundpost.extension import BadRequest, Extension, reading_arguments

SOURCES = Path(__file__).resolve().parents[1] / "src"
PATIENCE = 60.0

PROGRAM = textwrap.dedent(
    """
    import time
    from soundpost.extension import Extension, reading_arguments

    extension = Extension(threads=THREADS, grace=GRACE)

    @extension.handler("half")
    def half(data):
        with reading_arguments():
            number = float(data["number"])
        extension.emit("progress", {"fraction": 0.5})
        return number / 2

    @extension.handler("fail")
    def fail(data):
        raise ZeroDivisionError("on purpose")

    @extension.handler("sleep")
    def sleep(data):
        extension.emit("asleep", data)
        time.sleep(data)
        return "woke"

    @extension.handler("linger")
    def linger(data):
        extension.emit("lingering")
        extension._stopping.wait()
        print("lingered", flush=True)

    extension.run()
    print("the end", flush=True)
    """
)


class Helper:
    """The program above, and the node's end of its channel."""

    def __init__(self, test: unittest.TestCase, threads: int = 1, grace: float = 5.0) -> None:
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o700)
        server = LocalSocketServer("test_extension", folder.name)
        test.addCleanup(server.close)
        environment = {
            **os.environ,
            "PYTHONPATH": str(SOURCES),
            "XDG_RUNTIME_DIR": folder.name,
            "SOUNDPOST_IPC_CHANNEL": "test_extension",
        }
        environment.pop("SOUNDPOST_IPC_MODE", None)
        program = PROGRAM.replace("THREADS", str(threads)).replace("GRACE", str(grace))
        self.process = subprocess.Popen(
            [sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        test.addCleanup(self._kill)
        self.channel = server.accept(PATIENCE)
        test.addCleanup(self.channel.close)
        self.ready = self.channel.receive(PATIENCE)

    def ended(self) -> List[Any]:
        """The exit code and what the program printed."""
        out, err = self.process.communicate(timeout=PATIENCE)
        return [self.process.returncode, out, err]

    def ask(self, id_: str, method: str, data: Any = None) -> None:
        self.channel.send(Message("request", data, id=id_, method=method))

    def _kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class Programs(unittest.TestCase):
    def test_it_announces_its_handlers_and_answers(self) -> None:
        helper = Helper(self)
        self.assertEqual(helper.ready.type, "ready")
        self.assertEqual(helper.ready.data, {"handlers": ["fail", "half", "linger", "sleep"]})
        self.assertEqual(helper.channel.request("half", {"number": 5}, PATIENCE), 2.5)
        event = helper.channel.receive(PATIENCE)
        self.assertEqual((event.type, event.event, event.data), ("event", "progress", {"fraction": 0.5}))
        self.assertGreater(helper.channel.ping(PATIENCE), 0.0)

    def test_it_ends_when_the_node_goes(self) -> None:
        helper = Helper(self)
        helper.channel.close()
        self.assertEqual(helper.ended(), [0, "the end\n", ""])

    def test_what_runs_is_finished_when_the_node_ends_the_channel(self) -> None:
        helper = Helper(self, grace=300)
        helper.ask("first", "linger")
        self.assertEqual(helper.channel.receive(PATIENCE).event, "lingering")
        helper.channel.shutdown()
        self.assertEqual(helper.ended(), [0, "lingered\nthe end\n", ""])

    def test_the_node_says_how_long_the_grace_is(self) -> None:
        for text, seconds in (("2.5", 2.5), ("0", 0.0), ("", 5.0), ("soon", 5.0), ("-1", 5.0), ("nan", 5.0)):
            with self.subTest(text=text), mock.patch.dict(os.environ, {"SOUNDPOST_EXTENSION_GRACE": text}):
                self.assertEqual(Extension()._grace, seconds)
                self.assertEqual(Extension(grace=1.0)._grace, 1.0)

    def test_it_ends_when_the_node_goes_during_a_request(self) -> None:
        helper = Helper(self, grace=300)
        helper.ask("first", "sleep", 300)
        self.assertEqual(helper.channel.receive(PATIENCE).event, "asleep")
        helper.channel.close()
        self.assertEqual(helper.ended()[:2], [0, "the end\n"])

    def test_errors_have_their_codes_and_a_traceback_only_for_faults(self) -> None:
        helper = Helper(self)
        for method, data, code, text in (
            ("half", {}, -32602, "number: is missing"),
            ("half", {"number": "x"}, -32602, "could not convert"),
            ("half", None, -32602, "subscriptable"),
            ("third", None, -32601, "'third'"),
            ("fail", None, -32603, "ZeroDivisionError: on purpose"),
        ):
            with self.subTest(method=method, data=data), self.assertRaises(RequestError) as caught:
                helper.channel.request(method, data, PATIENCE)
            self.assertEqual(caught.exception.code, code)
            self.assertIn(text, caught.exception.message)
        self.assertEqual(helper.channel.request("half", {"number": 1}, PATIENCE), 0.5)
        helper.channel.close()
        code, _, err = helper.ended()
        self.assertEqual(code, 0)
        self.assertEqual(err.count("Traceback"), 1)

    def test_sigterm_finishes_what_runs_and_refuses_what_waits(self) -> None:
        helper = Helper(self)
        helper.ask("first", "sleep", 1.0)
        self.assertEqual(helper.channel.receive(PATIENCE).event, "asleep")
        helper.ask("second", "half", {"number": 1})
        helper.channel.ping(PATIENCE)  # so the second request is there
        helper.process.send_signal(signal.SIGTERM)
        answers: Dict[Optional[str], Message] = {}
        with self.assertRaises(Disconnected):
            while True:
                answer = helper.channel.receive(PATIENCE)
                answers[answer.id] = answer
        self.assertEqual(answers["first"].data, "woke")
        refusal = answers["second"].error
        assert refusal is not None
        self.assertEqual(refusal.code, -32000)
        self.assertEqual(helper.ended(), [0, "the end\n", ""])

    def test_sigterm_does_not_wait_for_ever(self) -> None:
        helper = Helper(self, grace=0.1)
        helper.ask("first", "sleep", 300)
        self.assertEqual(helper.channel.receive(PATIENCE).event, "asleep")
        helper.process.send_signal(signal.SIGTERM)
        self.assertEqual(helper.ended()[0], 0)

    def test_threads_serve_side_by_side(self) -> None:
        helper = Helper(self, threads=2, grace=0.1)
        helper.ask("first", "sleep", 300)
        self.assertEqual(helper.channel.receive(PATIENCE).event, "asleep")
        self.assertEqual(helper.channel.request("half", {"number": 3}, PATIENCE), 1.5)

    def test_without_a_node_it_says_so(self) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("SOUNDPOST_IPC")}
        found = subprocess.run(
            [sys.executable, "-c", "from soundpost.extension import Extension; Extension().run()"],
            env={**environment, "PYTHONPATH": str(SOURCES)},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        self.assertEqual(found.returncode, 1)
        self.assertIn("SOUNDPOST_IPC_CHANNEL is not set", found.stderr)


class InProcess(unittest.TestCase):
    def setUp(self) -> None:
        self.node, self.other = pair("extension")
        self.extension = Extension()
        self.thread: Optional[threading.Thread] = None

    def tearDown(self) -> None:
        self.node.close()
        if self.thread is not None:
            self.thread.join(PATIENCE)
            self.assertFalse(self.thread.is_alive())

    def start(self) -> Channel:
        self.thread = threading.Thread(target=self.extension.run, args=(self.other,), daemon=True)
        self.thread.start()
        self.assertEqual(self.node.receive(PATIENCE).type, "ready")
        return self.node

    def test_an_answer_that_is_no_json_is_a_fault(self) -> None:
        self.extension.handler("set")(lambda data: {1, 2})
        self.extension.handler("nan")(lambda data: float("nan"))
        node = self.start()
        for method in ("set", "nan"):
            with self.assertRaises(RequestError) as caught:
                node.request(method, None, PATIENCE)
            self.assertEqual(caught.exception.code, -32603)

    def test_a_handler_may_refuse_with_its_own_code(self) -> None:
        def busy(data: Any) -> None:
            raise RequestError(7, "busy", {"until": 9})

        self.extension.handler("busy")(busy)
        with self.assertRaises(RequestError) as caught:
            self.start().request("busy", None, PATIENCE)
        self.assertEqual((caught.exception.code, caught.exception.data), (7, {"until": 9}))

    def test_a_request_without_id_is_not_answered(self) -> None:
        served = threading.Event()
        self.extension.handler("note")(lambda data: served.set())
        node = self.start()
        node.send(Message("request", None, method="note"))
        self.assertTrue(served.wait(PATIENCE))
        node.send(Message("request", None, method="unknown"))
        with self.assertRaises(ChannelTimeout):
            node.receive(0.05)

    def test_what_was_asked_is_answered_although_the_node_ended_its_side(self) -> None:
        began = threading.Event()

        @self.extension.handler("work")
        def work(data: Any) -> str:
            began.set()
            self.other.run()  # until it has seen the end
            return "done"

        node = self.start()
        node.send(Message("request", None, id="runs", method="work"))
        node.send(Message("request", None, id="waits", method="work"))
        self.assertTrue(began.wait(PATIENCE))
        node.shutdown()
        answer = node.receive(PATIENCE)
        self.assertEqual((answer.id, answer.data), ("runs", "done"))
        answer = node.receive(PATIENCE)
        self.assertEqual(answer.id, "waits")
        if answer.error is not None:  # it had seen the end before it came to this one
            self.assertEqual(answer.error.code, -32000)
        with self.assertRaises(Disconnected):
            node.receive(PATIENCE)

    def test_stop_ends_run(self) -> None:
        self.start()
        self.extension.stop()
        assert self.thread is not None
        self.thread.join(PATIENCE)
        self.assertFalse(self.thread.is_alive())
        self.extension.stop()

    def test_a_method_has_one_handler(self) -> None:
        self.extension.handler("one")(lambda data: 1)
        with self.assertRaises(ValueError):
            self.extension.handler("one")(lambda data: 2)

    def test_events_before_run_and_no_threads_are_mistakes(self) -> None:
        with self.assertRaises(RuntimeError):
            self.extension.emit("early")
        with self.assertRaises(ValueError):
            Extension(threads=0)

    def test_reading_arguments(self) -> None:
        for error, text in ((KeyError("bands"), "bands: is missing"), (ValueError("too large"), "too large")):
            with self.assertRaisesRegex(BadRequest, text), reading_arguments():
                raise error
        with self.assertRaises(ZeroDivisionError), reading_arguments():
            raise ZeroDivisionError


if __name__ == "__main__":
    unittest.main()
