#!/usr/bin/env python3
"""A helper in an event loop: tells the time to who asks, in an asyncio task for each client.

    pip install ./clients/python
    python examples/channels/asyncio_loop.py serve clock &
    python examples/channels/asyncio_loop.py ask clock

There are two ways into a loop: `serve` has an `AsyncioWaker` for each client, `ask` a `DescriptorWaker` and the loop's
`add_reader`. With Qt the second is the same: `QSocketNotifier(waker.descriptor, QSocketNotifier.Type.Read)`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path
from typing import Set

try:
    import soundpost.channel
except ImportError:  # in a checkout, where nothing is installed
    sys.path.append(str(Path(__file__).resolve().parents[2] / "clients" / "python" / "src"))

from soundpost.channel import (
    UNKNOWN_METHOD,
    AsyncioWaker,
    Channel,
    ChannelError,
    DescriptorWaker,
    Disconnected,
    LocalSocketServer,
    Message,
    SerializationError,
    local_socket,
)


def answer(channel: Channel, message: Message) -> None:
    if message.type != "request":
        return
    if message.method == "time":
        channel.respond(message, time.time())
    else:
        channel.respond_error(message, UNKNOWN_METHOD, f"unknown method {message.method!r}; there is: time")


async def serve_client(channel: Channel) -> None:
    """One task for a client: it sleeps until something comes, and takes all of it."""
    with channel:
        waker = AsyncioWaker()
        channel.wake_on_arrival(waker)
        async for _ in waker:
            try:
                while (message := channel.try_receive()) is not None:
                    answer(channel, message)
            except SerializationError as error:
                print(error, file=sys.stderr)
                waker.wake()  # there may be more behind it
            except ChannelError:
                return  # the client went


async def serve(name: str) -> None:
    loop = asyncio.get_running_loop()
    clients: Set[asyncio.Task[None]] = set()
    with LocalSocketServer(name) as server:
        print(server.address, flush=True)
        while True:
            # Waiting for a client has no descriptor of its own; it waits in a thread of the loop's executor.
            channel = await loop.run_in_executor(None, server.accept)
            task = asyncio.create_task(serve_client(channel))
            clients.add(task)
            task.add_done_callback(clients.discard)


async def ask(name: str) -> None:
    """Asks by hand, so that the loop goes on meanwhile: the answer to an id of one's own is a message like others."""
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[Message] = loop.create_future()
    with local_socket.connect(name) as channel, DescriptorWaker() as waker:

        def take() -> None:
            waker.reset()
            try:
                while (message := channel.try_receive()) is not None:
                    if message.type == "response" and message.id == "mine":
                        answered.set_result(message)
            except SerializationError:
                waker.wake()  # it was not the answer; there may be more behind it
            except Disconnected as error:
                answered.set_exception(error)

        loop.add_reader(waker.descriptor, take)
        channel.wake_on_arrival(waker)
        channel.send(Message("request", None, id="mine", method="time"))
        try:
            response = await asyncio.wait_for(answered, 10)
        finally:
            loop.remove_reader(waker.descriptor)
    print(response.data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("role", choices=["serve", "ask"])
    parser.add_argument("name", help="the channel's name")
    arguments = parser.parse_args()
    asyncio.run((serve if arguments.role == "serve" else ask)(arguments.name))


if __name__ == "__main__":
    try:
        main()
    except ChannelError as error:
        sys.exit(f"asyncio_loop: {error}")
    except KeyboardInterrupt:
        pass
