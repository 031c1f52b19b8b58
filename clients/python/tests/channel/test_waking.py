"""Wakers, in loops of select and of asyncio."""

from __future__ import annotations

import asyncio
import select
import threading
import unittest
from typing import Any, List

from soundpost.channel import (
    AsyncioWaker,
    DescriptorWaker,
    Disconnected,
    ReceiveFailed,
    SerializationError,
)

from .ends import GUARD, KINDS, Task, connected


class Counting:
    """Counts its wakes."""

    def __init__(self) -> None:
        self.count = 0
        self.woken = threading.Event()

    def wake(self) -> None:
        self.count += 1
        self.woken.set()


def is_readable(waker: DescriptorWaker, timeout: float = 0) -> bool:
    return bool(select.select([waker], [], [], timeout)[0])


class Descriptors(unittest.TestCase):
    def test_wakes_in_a_row_are_one(self) -> None:
        with DescriptorWaker() as waker:
            self.assertEqual(waker.descriptor, waker.fileno())
            self.assertFalse(is_readable(waker))
            for _ in range(100_000):  # more than a pipe takes
                waker.wake()
            self.assertTrue(is_readable(waker))
            waker.reset()
            waker.reset()
            self.assertFalse(is_readable(waker))
            waker.wake()
            self.assertTrue(is_readable(waker))
        waker.wake()
        waker.reset()
        waker.close()

    def test_a_loop_of_select_gets_every_message_and_the_end(self) -> None:
        for kind in KINDS:
            with self.subTest(kind), connected(kind) as (a, b), DescriptorWaker() as waker:
                b.wake_on_arrival(waker)
                sending = Task(lambda: ([a.send_json(n) for n in range(500)], a.shutdown()))  # noqa: B023
                got: List[Any] = []
                ended = False
                while not ended:
                    self.assertTrue(is_readable(waker, GUARD))
                    waker.reset()
                    try:
                        while True:
                            message = b.try_receive()
                            if message is None:
                                break
                            got.append(message.data)
                    except Disconnected:
                        ended = True
                sending.result()
                self.assertEqual(got, list(range(500)))


class Wakes(unittest.TestCase):
    def test_after_sending_of_every_sort(self) -> None:
        for kind in KINDS:
            with self.subTest(kind), connected(kind) as (a, b):
                sent, answered = Counting(), Counting()
                a.wake_after_sending(sent)
                b.wake_after_sending(answered)
                a.send_json(1)
                self.assertEqual(sent.count, 1)
                b.handle("x", lambda data: data)
                a.request("x", None, GUARD)
                self.assertEqual(sent.count, 2)
                self.assertTrue(answered.woken.wait(GUARD))
                a.send_encoded(b'{"type":"data","data":1}')
                self.assertEqual(sent.count, 3)

    def test_what_is_there_already_wakes(self) -> None:
        with connected("thread") as (a, b):
            a.send_json("for the line")
            asking = Task(lambda: b.request("x", None, GUARD))
            a.respond(a.receive(GUARD))
            asking.result()
            waker = Counting()
            b.wake_on_arrival(waker)
            self.assertTrue(waker.woken.wait(GUARD))
            self.assertEqual(b.try_receive().data, "for the line")
            b.close()
            late = Counting()
            b.wake_on_arrival(late)
            self.assertEqual(late.count, 1)

    def test_a_malformed_message_the_end_and_close_wake(self) -> None:
        with connected("local_socket") as (a, b):
            waker = Counting()
            b.wake_on_arrival(waker)
            a.send_encoded(b"[")
            self.assertTrue(waker.woken.wait(GUARD))
            with self.assertRaises(SerializationError):
                b.try_receive()
            waker.woken.clear()
            a.close()
            self.assertTrue(waker.woken.wait(GUARD))
            with self.assertRaises(Disconnected):
                b.try_receive()
        with connected("shared_memory") as (a, b):
            waker = Counting()
            b.wake_on_arrival(waker)
            a._rings._region.a.published.value = 12
            self.assertTrue(waker.woken.wait(GUARD))
            with self.assertRaises(ReceiveFailed):
                b.try_receive()

    def test_answers_and_what_handlers_take_wake_nobody(self) -> None:
        with connected("stdio") as (a, b):
            waker = Counting()
            a.wake_on_arrival(waker)
            b.handle("x", lambda data: data)
            a.handle("y", lambda data: data)
            self.assertEqual(a.request("x", 1, GUARD), 1)
            self.assertEqual(b.request("y", 1, GUARD), 1)
            a.ping(GUARD)
            self.assertEqual(waker.count, 0)

    def test_a_waker_may_receive_and_one_that_fails_harms_nobody(self) -> None:
        class Failing:
            def wake(self) -> None:
                raise ZeroDivisionError

        class Receiving(Counting):
            def wake(self) -> None:
                try:
                    got.append(b.try_receive().data)
                except Disconnected:
                    pass
                super().wake()

        got: List[Any] = []
        with self.assertLogs("soundpost.channel", "ERROR"), connected("local_socket") as (a, b):
            b.wake_on_arrival(Failing())
            last = Receiving()
            b.wake_on_arrival(last)
            a.send_json("heard")
            self.assertTrue(last.woken.wait(GUARD))
            self.assertEqual(got, ["heard"])
            b.close()


class Asyncio(unittest.TestCase):
    def test_a_task_gets_every_message_and_the_end(self) -> None:
        async def hear(channel: Any) -> List[Any]:
            got: List[Any] = []
            waker = AsyncioWaker()
            channel.wake_on_arrival(waker)
            async for _ in waker:
                try:
                    while True:
                        message = channel.try_receive()
                        if message is None:
                            break
                        got.append(message.data)
                except Disconnected:
                    waker.finish()
            return got

        for kind in KINDS:
            with self.subTest(kind), connected(kind) as (a, b):
                sending = Task(lambda: ([a.send_json(n) for n in range(500)], a.shutdown()))  # noqa: B023
                self.assertEqual(asyncio.run(asyncio.wait_for(hear(b), GUARD)), list(range(500)))
                sending.result()

    def test_a_reader_of_the_loop_gets_every_message(self) -> None:
        async def hear(channel: Any, waker: DescriptorWaker) -> List[Any]:
            got: List[Any] = []
            loop = asyncio.get_running_loop()
            done = loop.create_future()

            def take() -> None:
                waker.reset()
                try:
                    while True:
                        message = channel.try_receive()
                        if message is None:
                            return
                        got.append(message.data)
                except Disconnected:
                    loop.remove_reader(waker.descriptor)
                    done.set_result(None)

            loop.add_reader(waker.descriptor, take)
            channel.wake_on_arrival(waker)
            await asyncio.wait_for(done, GUARD)
            return got

        for kind in KINDS:
            with self.subTest(kind), connected(kind) as (a, b), DescriptorWaker() as waker:
                sending = Task(lambda: ([a.send_json(n) for n in range(500)], a.shutdown()))  # noqa: B023
                self.assertEqual(asyncio.run(hear(b, waker)), list(range(500)))
                sending.result()

    def test_wakes_from_threads_after_the_loops_end_do_nothing(self) -> None:
        async def make() -> AsyncioWaker:
            return AsyncioWaker()

        waker = asyncio.run(make())
        waker.wake()
        waker.finish()

    def test_finish_ends_a_task_that_waits(self) -> None:
        async def wait() -> bool:
            waker = AsyncioWaker()
            threading.Thread(target=waker.finish).start()
            return await asyncio.wait_for(waker.wait(), GUARD)

        self.assertFalse(asyncio.run(wait()))


if __name__ == "__main__":
    unittest.main()
