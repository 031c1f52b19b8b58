"""One contract, every kind of channel."""

from __future__ import annotations

import random
import threading
import unittest
from typing import Any, Callable, Iterator, List

from soundpost.channel import (
    BAD_DATA,
    HANDLER_FAILED,
    HELPER_ENDS,
    UNKNOWN_METHOD,
    ChannelError,
    ChannelTimeout,
    DescriptorWaker,
    Disconnected,
    Message,
    RequestError,
    SendFailed,
    SerializationError,
    ShutdownState,
    ShuttingDown,
)
from soundpost.channel.message import MAXIMUM_BYTES

from .ends import GUARD, KINDS, RING, Ends, Task, connected, wait_until_blocked


class Conformance(unittest.TestCase):
    def ends(self, **options: Any) -> Iterator[Ends]:
        for kind in KINDS:
            with self.subTest(kind), connected(kind, **options) as ends:
                self.assertEqual(ends[0].kind, kind)
                yield ends

    def test_messages_arrive_whole_and_in_order(self) -> None:
        for a, b in self.ends():
            sent = [
                Message("data", {"n": [1, -2.5, True, None, "ü\n\u2028😀"]}),
                Message("event", None, event="moved"),
                Message("request", 7, id="x", method="m"),
                Message("ready", {"handlers": []}),
                Message("response", [], id="unknown"),
            ] + [Message("data", n) for n in range(500)]
            for one, other in ((a, b), (b, a)):
                sending = Task(lambda one=one: [one.send(message) for message in sent])  # type: ignore[misc]
                self.assertEqual([other.receive(GUARD) for _ in sent], sent)
                sending.result()

    def test_sizes_around_every_boundary(self) -> None:
        around = [RING // 4, RING // 2, RING, 65_536, 1 << 20]
        sizes = [*range(18), *(n + d for n in around for d in range(-17, 10)), 3 * (1 << 20) + 5, MAXIMUM_BYTES]
        for a, b in self.ends():
            # Encoded payloads have every size to the byte; the smallest are no messages, which nobody reads here.
            sending = Task(lambda: [a.send_encoded(bytes([48 + n % 70]) * n) for n in sizes])
            for size in sizes:
                self.assertTrue(b.receive_encoded(GUARD) == bytes([48 + size % 70]) * size, f"{size} bytes")
            sending.result()
            with self.assertRaises(SendFailed) as caught:
                a.send_encoded(b"x" * (MAXIMUM_BYTES + 1))
            self.assertIn(a.name, str(caught.exception))
            with self.assertRaises(SendFailed):
                a.send_json("x" * MAXIMUM_BYTES)
            largest = "y" * (MAXIMUM_BYTES - len(Message("data", "").to_json()))
            sending = Task(lambda: a.send_json(largest))  # type: ignore[arg-type]
            self.assertTrue(b.receive(GUARD).data == largest)
            sending.result()

    def test_random_sizes_from_many_threads_stay_whole(self) -> None:
        for a, b in self.ends():
            chance = random.Random(3)
            plans = [[chance.choice([1, 50, 5000, 40_000, 70_000]) for _ in range(30)] for _ in range(4)]

            def send(number: int) -> None:
                for order, size in enumerate(plans[number]):
                    a.send_json([number, order, chr(97 + number) * size])

            tasks = [Task(lambda n=n: send(n)) for n in range(4)]  # type: ignore[misc]
            next_order = [0] * 4
            for _ in range(120):
                number, order, text = b.receive(GUARD).data
                self.assertEqual(order, next_order[number])
                self.assertTrue(text == chr(97 + number) * plans[number][order])
                next_order[number] += 1
            for task in tasks:
                task.result()

    def test_requests_of_eight_threads_get_their_own_answers(self) -> None:
        for a, b in self.ends():
            b.handle("double", lambda data: data * 2)

            def ask(number: int) -> None:
                for n in range(200):
                    value = number * 1000 + n
                    self.assertEqual(a.request("double", value, GUARD), value * 2)

            for task in [Task(lambda n=n: ask(n)) for n in range(8)]:  # type: ignore[misc]
                task.result()
            metrics = a.metrics()
            self.assertEqual((metrics.requests, metrics.messages_sent, metrics.messages_received), (1600, 1600, 1600))
            self.assertLessEqual(metrics.latency_p50, metrics.latency_p99)
            self.assertGreater(metrics.bytes_sent, 1600)
            self.assertEqual((metrics.name, metrics.kind, metrics.errors), (a.name, a.kind, 0))

    def test_both_ends_ask_at_once_with_the_same_ids(self) -> None:
        for a, b in self.ends():
            a.handle("who", lambda data: "a")
            b.handle("who", lambda data: "b")
            tasks = [Task(lambda e=e: [e.request("who", None, GUARD) for _ in range(100)]) for e in (a, b)]  # type: ignore[misc]
            self.assertEqual([set(task.result()) for task in tasks], [{"b"}, {"a"}])

    def test_a_handler_may_ask_back(self) -> None:
        for a, b in self.ends():
            a.handle("inner", lambda data: data + 1)
            b.handle("outer", lambda data: b.request("inner", data, GUARD) * 10)
            self.assertEqual(a.request("outer", 4, GUARD), 50)

    def test_failed_handlers_answer_with_errors(self) -> None:
        def refuse(data: Any) -> None:
            raise RequestError(BAD_DATA, "no bands", {"field": "bands"})

        for a, b in self.ends():
            b.handle("fail", lambda data: 1 // data)
            b.handle("refuse", refuse)
            b.handle("infinite", lambda data: float("inf"))
            with self.assertLogs("soundpost.channel", "ERROR") as logs, self.assertRaises(RequestError) as caught:
                a.request("fail", 0, GUARD)
            self.assertEqual(caught.exception.code, HANDLER_FAILED)
            self.assertIn("ZeroDivisionError", logs.output[0])
            with self.assertRaises(RequestError) as caught:
                a.request("refuse", 0, GUARD)
            self.assertEqual((caught.exception.code, caught.exception.data), (BAD_DATA, {"field": "bands"}))
            with self.assertLogs("soundpost.channel", "ERROR"), self.assertRaises(RequestError):
                a.request("infinite", 0, GUARD)
            with self.assertRaises(RequestError) as caught:
                a.request("unknown", 0, GUARD)
            self.assertEqual(caught.exception.code, UNKNOWN_METHOD)
            self.assertEqual(a.request("fail", 1, GUARD), 1)

    def test_pings_are_answered_and_seen_by_nobody(self) -> None:
        for a, b in self.ends():
            waiting = Task(lambda: b.receive(GUARD))
            self.assertGreater(a.ping(GUARD), 0)
            a.send_json("after")
            self.assertEqual(waiting.result().data, "after")

    def test_answers_after_the_asker_gave_up_are_dropped(self) -> None:
        for a, b in self.ends():
            with self.assertRaises(ChannelTimeout):
                a.request("slow", None, 0.001)
            late = b.receive(GUARD)
            b.respond(late, "late")
            b.send(Message("response", "stray", id="not asked"))
            b.send(Message("pong", None, id="not asked"))
            b.send(Message("response", "not ours", id="1"))
            b.emit("end")
            self.assertEqual([a.receive(GUARD).data, a.receive(GUARD).data], ["stray", "not ours"])
            self.assertEqual(a.receive(GUARD).event, "end")

    def test_ids_of_a_channels_own_questions_begin_with_a_sign(self) -> None:
        for a, b in self.ends():
            asking = Task(lambda: a.request("x", None, GUARD))
            request = b.receive(GUARD)
            self.assertEqual(request.id, "#1")
            b.send(Message("response", "the user's", id="1"))
            b.respond(request, "the channel's")
            self.assertEqual(asking.result(), "the channel's")
            self.assertEqual(a.receive(GUARD).data, "the user's")

    def test_who_waits_takes_only_its_own_kind_of_answer(self) -> None:
        for a, b in self.ends():
            asking = Task(lambda: a.request("x", None, GUARD))
            request = b.receive(GUARD)
            b.send(Message("pong", "no answer", id=request.id))
            b.respond(request, "answer")
            self.assertEqual(asking.result(), "answer")
            pinging = Task(lambda: a.ping(GUARD))
            ping = Message.from_json(b.receive_encoded(GUARD))
            b.send(Message("response", "no pong", id=ping.id))
            b.send(Message("pong", None, id=ping.id))
            pinging.result()
            self.assertEqual(a.receive(GUARD).data, "no pong")

    def test_a_timeout_loses_nothing(self) -> None:
        for a, b in self.ends():
            with self.assertRaises(ChannelTimeout):
                b.receive(0.01)
            self.assertIsNone(b.try_receive())
            a.send_json(1)
            self.assertEqual(b.receive(GUARD).data, 1)

    def test_who_waits_for_an_answer_reads_for_the_others(self) -> None:
        for a, b in self.ends():
            b.on_message(lambda message: b.respond(message, "answer") if message.type == "request" else None)
            receiving = Task(lambda: [a.receive(GUARD).data for _ in range(50)])
            sending = Task(lambda: [b.send_json(n) for n in range(50)])
            self.assertEqual([a.request("x", None, GUARD) for _ in range(50)], ["answer"] * 50)
            sending.result()
            self.assertEqual(receiving.result(), list(range(50)))

    def test_handlers_get_everything_in_order_until_the_end(self) -> None:
        for a, b in self.ends():
            got: List[Any] = []
            b.on_message(lambda message: got.append(message.data))
            for n in range(300):
                a.send_json(n)
            a.shutdown()
            b.run()
            self.assertEqual(got, list(range(300)))

    def test_a_malformed_message_is_an_error_of_its_own(self) -> None:
        for a, b in self.ends():
            a.send_encoded(b"[1,")
            a.send_encoded(b'{"type":"nonsense"}')
            a.send_json("good")
            for _ in range(2):
                with self.assertRaises(SerializationError) as caught:
                    b.receive(GUARD)
                self.assertEqual(caught.exception.channel, b.name)
            self.assertEqual(b.receive(GUARD).data, "good")
            self.assertEqual(b.metrics().errors, 2)
            with self.assertRaises(SerializationError):
                a.send_json(float("nan"))
            with self.assertRaises(SerializationError):
                a.send_encoded(b"{}\n{}")

    def test_shutdown_delivers_what_was_accepted(self) -> None:
        for a, b in self.ends():
            for n in range(100):
                a.send_json(n)
            a.shutdown()
            self.assertTrue(a.is_shutdown)
            self.assertTrue(a.wait_for_drain(GUARD))
            with self.assertRaises(ShuttingDown):
                a.send_json("too late")
            b.send_json("still heard")
            self.assertEqual([message.data for message in b], list(range(100)))
            self.assertEqual(a.receive(GUARD).data, "still heard")
            with self.assertRaises(Disconnected):
                a.receive(GUARD)
            with self.assertRaises(Disconnected):
                b.send_json(0)

    def test_close_after_sending_loses_nothing(self) -> None:
        for a, b in self.ends():
            for n in range(100):
                a.send_json(n)
            a.close()
            self.assertEqual([message.data for message in b], list(range(100)))

    def test_a_running_handler_answers_although_shutdown_began(self) -> None:
        for a, b in self.ends():
            began, go = threading.Event(), threading.Event()

            def work(data: Any) -> str:
                began.set()  # noqa: B023
                go.wait(GUARD)  # noqa: B023
                return "done"

            b.handle("work", work)
            asking = Task(lambda: a.request("work", None, GUARD))
            self.assertTrue(began.wait(GUARD))
            b.shutdown()
            self.assertFalse(b.wait_for_drain(0))
            go.set()
            self.assertEqual(asking.result(), "done")
            self.assertTrue(b.wait_for_drain(GUARD))
            with self.assertRaises(Disconnected):
                a.receive(GUARD)

    def test_one_state_ends_many_channels(self) -> None:
        state = ShutdownState()
        with connected("thread", shutdown=state) as (a, b), connected("stdio", shutdown=state) as (c, d):
            with state.guard():
                state.shutdown()
                self.assertFalse(state.wait_for_drain(0))
            self.assertTrue(state.wait_for_drain(GUARD))
            for channel in (a, b, c, d):
                with self.assertRaises(ShuttingDown):
                    channel.send_json(1)
                with self.assertRaises(Disconnected):
                    channel.receive(GUARD)
            with self.assertRaises(ShuttingDown), state.guard():
                self.fail("a guard after shutdown")

    def test_close_wakes_receivers_and_askers(self) -> None:
        for a, _ in self.ends():
            tasks = [Task(lambda: a.receive()) for _ in range(3)]
            tasks += [Task(lambda: a.request("x", None, None)) for _ in range(3)]
            a.close()
            a.close()
            for task in tasks:
                with self.assertRaises((Disconnected, ShuttingDown)) as caught:
                    task.result()
                self.assertEqual(caught.exception.channel, a.name)  # type: ignore[attr-defined]

    def test_close_wakes_senders(self) -> None:
        for a, _ in self.ends():
            wait_until_blocked(a)
            tasks = [Task(lambda: a.send_json("x" * 5000)) for _ in range(3)]
            a.close()
            for task in tasks:
                with self.assertRaises((ShuttingDown, Disconnected)):
                    task.result()

    def test_the_other_ends_close_wakes_senders_and_receivers(self) -> None:
        for a, b in self.ends():
            wait_until_blocked(a)
            tasks: List[Task[Any]] = [Task(lambda: a.send_json("x" * 5000)), Task(lambda: a.receive())]
            b.close()
            for task in tasks:
                with self.assertRaises(Disconnected):
                    task.result()

    def test_a_blocked_sender_goes_on_when_the_other_end_reads(self) -> None:
        for a, b in self.ends():
            wait_until_blocked(a)
            sending = Task(lambda: a.send_json("last"))
            while b.receive(GUARD).data != "last":
                pass
            sending.result()

    def test_what_has_no_handler_goes_to_who_receives(self) -> None:
        uses: List[Callable[[Any], Any]] = [
            lambda b: b.try_receive(),
            lambda b: b.wake_on_arrival(DescriptorWaker()),
        ]
        for use in uses:
            for a, b in self.ends():
                b.handle("known", lambda data: data)
                with self.assertRaises(RequestError) as caught:
                    a.request("other", None, GUARD)
                self.assertEqual(caught.exception.code, UNKNOWN_METHOD)
                use(b)
                asking = Task(lambda: a.request("other", 1, GUARD))
                request = b.receive(GUARD)
                self.assertEqual((request.method, request.data), ("other", 1))
                b.respond(request, "received")
                self.assertEqual(asking.result(), "received")
                self.assertEqual(a.request("known", 2, GUARD), 2)

    def test_requests_that_came_before_their_handler_are_answered(self) -> None:
        for a, b in self.ends():
            asking = Task(lambda: a.request("late", 3, GUARD))
            b.ping(GUARD)  # which reads the request, too: who asks reads only after it has asked
            b.handle("late", lambda data: data)
            self.assertEqual(asking.result(), 3)

    def test_a_thread_of_the_channel_waits_where_somebody_receives(self) -> None:
        for a, b in self.ends(capacity=20):
            b.handle("x", lambda data: data)
            self.assertIsNone(b.try_receive())
            wait_until_blocked(a)
            a_sent = a.metrics().messages_sent
            self.assertLessEqual(b.metrics().peak_queue, 20)
            sending = Task(lambda: [a.send_json(n) for n in range(100)])
            for _ in range(a_sent):
                self.assertEqual(b.receive(GUARD).data, "x" * 4000)
            self.assertEqual([b.receive(GUARD).data for _ in range(100)], list(range(100)))
            sending.result()
            self.assertEqual(b.metrics().dropped, 0)

    def test_where_nobody_receives_the_oldest_give_way(self) -> None:
        for a, b in self.ends(capacity=20):
            b.handle("x", lambda data: data)
            with self.assertLogs("soundpost.channel", "WARNING"):
                for n in range(100):
                    a.send_json(n)
                self.assertEqual(a.request("x", "there", GUARD), "there")
            self.assertEqual(b.metrics().dropped, 80)
            self.assertEqual([b.receive(GUARD).data for _ in range(20)], list(range(80, 100)))

    def test_what_is_kept_is_limited_in_bytes_too(self) -> None:
        with connected("thread") as (a, b), self.assertLogs("soundpost.channel", "WARNING"):
            b.handle("x", lambda data: data)
            text = "x" * (1 << 20)
            for _ in range(80):
                a.send_json(text)
            a.request("x", None, GUARD)
            # A line takes one more until it has 64 MiB.
            self.assertEqual(b.metrics().peak_queue, 64)
            self.assertEqual(b.metrics().dropped, 80 - 64)

    def test_reading_goes_on_while_answers_wait_to_be_sent(self) -> None:
        for a, b in self.ends():
            got: List[Any] = []
            b.handle("large", lambda data: "x" * 50_000)
            b.on_message(lambda message: got.append(message.data))
            for n in range(200):
                a.send(Message("request", None, id=f"{n}", method="large"), timeout=GUARD)
            for n in range(40):
                a.send(Message("data", [n, "y" * 50_000]), timeout=GUARD)
            for n in range(200):
                answer = a.receive(GUARD)
                self.assertEqual((answer.type, answer.id), ("response", f"{n}"))
            a.shutdown()
            b.run()
            self.assertEqual([n for n, _ in got], list(range(40)))

    def test_reading_goes_on_while_pongs_wait_to_be_sent(self) -> None:
        for a, b in self.ends():
            receiving = Task(lambda: b.receive(GUARD))
            for n in range(3000):
                a.send_encoded(b'{"type":"ping","id":"%d","data":"%s"}' % (n, b"x" * 1000), timeout=GUARD)
            a.send(Message("data", "behind"), timeout=GUARD)
            self.assertEqual(receiving.result().data, "behind")
            for n in range(3000):
                self.assertEqual(Message.from_json(a.receive_encoded(GUARD)).id, f"{n}")

    def test_reading_waits_when_too_many_answers_wait(self) -> None:
        for a, b in self.ends(capacity=20):
            receiving = Task(lambda: b.receive(GUARD))
            ping = b'{"type":"ping","id":"x","data":"%s"}' % (b"x" * 4000)
            count = 0
            while True:
                try:
                    a.send_encoded(ping, timeout=0.2)
                    count += 1
                except ChannelTimeout:
                    break
            sending = Task(lambda: a.send_json("behind"))
            for _ in range(count):
                self.assertEqual(Message.from_json(a.receive_encoded(GUARD)).type, "pong")
            sending.result()
            self.assertEqual(receiving.result().data, "behind")

    def test_requests_before_the_shutdown_are_answered_and_later_ones_refused(self) -> None:
        for a, b in self.ends():
            began, go = threading.Event(), threading.Event()

            def work(data: Any) -> Any:
                began.set()  # noqa: B023
                go.wait(GUARD)  # noqa: B023
                return data

            b.handle("work", work)
            receiving = Task(lambda: b.receive(GUARD))
            for n in range(3):
                a.send(Message("request", n, id=f"{n}", method="work"))
            self.assertTrue(began.wait(GUARD))
            a.ping(GUARD)  # by now the three have come
            b.shutdown()
            with self.assertRaises(RequestError) as caught:
                a.request("work", "late", GUARD)
            self.assertEqual(caught.exception.code, HELPER_ENDS)
            a.ping(GUARD)
            go.set()
            answers = [a.receive(GUARD) for _ in range(3)]
            self.assertEqual([(answer.id, answer.data) for answer in answers], [("0", 0), ("1", 1), ("2", 2)])
            with self.assertRaises(Disconnected):
                a.receive(GUARD)
            self.assertTrue(b.wait_for_drain(GUARD))
            a.close()
            with self.assertRaises(Disconnected):
                receiving.result()

    def test_a_received_request_is_answered_although_shutdown_began(self) -> None:
        for a, b in self.ends():
            asking = Task(lambda: a.request("x", None, GUARD))
            request = b.receive(GUARD)
            b.shutdown()
            self.assertFalse(b.wait_for_drain(0))
            with self.assertRaises(SerializationError):
                b.respond(request, float("nan"))
            with self.assertRaises(ShuttingDown):
                b.send(Message("response", 1, id="another"))
            b.respond(request, "answer")
            self.assertEqual(asking.result(), "answer")
            self.assertTrue(b.wait_for_drain(GUARD))
            with self.assertRaises(Disconnected):
                a.receive(GUARD)
            with self.assertRaises(ShuttingDown):
                b.respond(request, "twice")

    def test_what_was_asked_before_the_other_end_ended_is_answered(self) -> None:
        for a, b in self.ends():
            began, go = threading.Event(), threading.Event()

            def work(data: Any) -> str:
                began.set()  # noqa: B023
                go.wait(GUARD)  # noqa: B023
                return "handled"

            b.handle("work", work)
            self.assertIsNone(b.try_receive())
            a.send(Message("request", None, id="h", method="work"))
            self.assertTrue(began.wait(GUARD))
            a.send(Message("request", None, id="r", method="other"))
            a.shutdown()
            request = b.receive(GUARD)
            with self.assertRaises(Disconnected):
                b.receive(GUARD)
            self.assertFalse(b.is_cut)
            go.set()
            self.assertEqual(a.receive(GUARD).data, "handled")
            b.respond(request, "received")
            self.assertEqual(a.receive(GUARD).data, "received")
            with self.assertRaises(Disconnected):
                a.receive(GUARD)

    def test_events_that_nobody_receives_hold_up_no_end(self) -> None:
        for a, b in self.ends():
            b.handle("work", lambda data: data)
            a.emit("unseen")
            a.shutdown()
            with self.assertRaises(Disconnected):
                a.receive(GUARD)
        for a, b in self.ends():
            a.emit("unseen")
            a.shutdown()
            with self.assertRaises(Disconnected):
                b.ping(GUARD)
            with self.assertRaises(Disconnected):
                a.receive(GUARD)
            self.assertEqual(b.receive(GUARD).event, "unseen")

    def test_a_request_that_nobody_took_before_the_end_can_be_answered(self) -> None:
        for a, b in self.ends():
            a.emit("before")
            a.send(Message("request", None, id="1", method="m"))
            a.shutdown()
            with self.assertRaises(Disconnected):
                b.ping(GUARD)
            self.assertFalse(b.is_shutdown)
            self.assertEqual(b.receive(GUARD).event, "before")
            request = b.receive(GUARD)
            with self.assertRaises(Disconnected):
                b.receive(GUARD)
            b.respond(request, "late")
            self.assertEqual(a.receive(GUARD).data, "late")
            with self.assertRaises(Disconnected):
                a.receive(GUARD)

    def test_no_handler_works_on_what_cannot_be_answered(self) -> None:
        for a, b in self.ends():
            got: List[Any] = []
            b.handle("work", got.append)
            b.on_message(lambda message: got.append(message.type))
            b.shutdown()  # nothing is in flight, so its direction has ended
            a.send(Message("request", "answered by nobody", id="1", method="work"))
            a.send(Message("request", "needs no answer", method="work"))
            a.shutdown()
            b.run()
            self.assertEqual(got, ["needs no answer"])

    def test_nothing_is_owed_to_who_is_gone(self) -> None:
        for a, b in self.ends():
            a.send(Message("request", None, id="1", method="x"))
            b.receive(GUARD)
            a.close()
            with self.assertRaises(Disconnected):
                b.receive(GUARD)
            self.assertTrue(b.is_cut)
            self.assertTrue(b.wait_for_drain(GUARD))

    def test_requests_that_nobody_took_hold_up_no_drain_after_the_end(self) -> None:
        for who in (0, 1):
            for ends in self.ends():
                a, b = ends
                self.assertIsNone(b.try_receive())
                b.start()
                a.send(Message("request", "kept", id="1", method="x"))
                a.ping(GUARD)  # by now it has come
                b.shutdown()
                self.assertFalse(b.wait_for_drain(0))
                ends[who].close()
                self.assertTrue(b.wait_for_drain(GUARD))
                self.assertEqual(b.receive(GUARD).data, "kept")

    def test_a_drain_that_lost_answers_says_so(self) -> None:
        for a, b in self.ends():
            began, go = threading.Event(), threading.Event()

            def work(data: Any) -> None:
                began.set()  # noqa: B023
                go.wait(GUARD)  # noqa: B023

            b.handle("work", work)
            a.send(Message("request", None, id="1", method="work"))
            self.assertTrue(began.wait(GUARD))
            a.close()
            go.set()
            b.run()
            with self.assertRaises(Disconnected) as caught:
                b.wait_for_drain(GUARD)
            self.assertEqual(caught.exception.channel, b.name)

    def test_timeouts_count_while_another_thread_sends(self) -> None:
        for a, b in self.ends():
            wait_until_blocked(a)
            sending = Task(lambda: a.send_json("x" * 100_000))
            with self.assertRaises(ChannelTimeout):
                a.send(Message("data"), timeout=0.02)
            with self.assertRaises(ChannelTimeout):
                a.request("x", None, 0.02)
            with self.assertRaises(ChannelTimeout):
                a.ping(0.02)
            b.close()
            with self.assertRaises(Disconnected):
                sending.result()

    def test_what_nobody_takes_gives_way_and_is_counted(self) -> None:
        for a, b in self.ends():
            b.on_message(lambda message: b.respond(message) if message.type == "request" else None)
            with self.assertLogs("soundpost.channel", "WARNING") as logs:
                sent = threading.Event()
                sending = Task(lambda: ([b.send_json(n) for n in range(12_000)], sent.set()))  # type: ignore[func-returns-value]
                while not sent.is_set():
                    a.request("sync", None, GUARD)
                sending.result()
                a.request("sync", None, GUARD)
            self.assertEqual(len(logs.output), 1)
            self.assertEqual(a.metrics().dropped, 2000)
            self.assertEqual(a.metrics().peak_queue, 10_000)
            self.assertEqual(a.receive(GUARD).data, 2000)

    def test_errors_have_stable_codes(self) -> None:
        codes = {kind.code for kind in ChannelError.__subclasses__()}
        expected = "disconnected send_failed receive_failed timeout shutting_down serialization io"
        self.assertEqual(codes, set(expected.split()))
        self.assertTrue(issubclass(ChannelTimeout, TimeoutError))


class Policies(unittest.TestCase):
    def test_fail(self) -> None:
        with connected("thread", capacity=3, policy="fail") as (a, b):
            for n in range(3):
                a.send_json(n)
            with self.assertRaises(SendFailed):
                a.send_json(3)
            self.assertEqual(b.receive(0).data, 0)
            a.send_json(4)

    def test_drop_oldest(self) -> None:
        with connected("thread", capacity=3, policy="drop_oldest") as (a, b):
            for n in range(5):
                a.send_json(n)
            self.assertEqual([b.receive(0).data for _ in range(3)], [2, 3, 4])
            self.assertEqual(a.metrics().dropped, 2)

    def test_wait(self) -> None:
        with connected("thread", capacity=3, policy="wait") as (a, b):
            for n in range(3):
                a.send_json(n)
            with self.assertRaises(ChannelTimeout):
                a.send(Message("data", 3), timeout=0)
            sending = Task(lambda: a.send_json(4))
            self.assertEqual([b.receive(GUARD).data for _ in range(4)], [0, 1, 2, 4])
            sending.result()

    def test_answers_of_handlers_wait_whatever_the_policy(self) -> None:
        for policy in ("fail", "drop_oldest"):
            with self.subTest(policy), connected("thread", capacity=3, policy=policy) as (a, b):
                begun = [threading.Event(), threading.Event()]

                def work(n: int) -> int:
                    begun[n].set()  # noqa: B023
                    return n

                b.handle("work", work)
                for n in range(3):
                    b.send_json(n)
                for n in range(2):
                    a.send(Message("request", n, id=str(n), method="work"))
                    self.assertTrue(begun[n].wait(GUARD))
                # The second handler began, so the first one's answer has met the full queue.
                if policy == "fail":
                    with self.assertRaises(SendFailed):  # who sends does not wait behind it
                        b.send(Message("data"), timeout=GUARD)
                self.assertEqual([a.receive(GUARD).data for _ in range(5)], [0, 1, 2, 0, 1])
                self.assertTrue(b.wait_for_drain(GUARD))

    def test_wrong_policies_are_refused(self) -> None:
        with self.assertRaises(ValueError), connected("thread", policy="maybe"):
            pass

    def test_a_capacity_below_one_is_one(self) -> None:
        for capacity in (0, -5):
            with connected("thread", capacity=capacity, policy="fail") as (a, _):
                a.send_json(1)
                with self.assertRaises(SendFailed):
                    a.send_json(2)
