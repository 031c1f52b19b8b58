"""The smallest peer: sends back what it gets.

    python -m soundpost.echo [NAME] [--kind local|shm] [--server]

Without a name it connects to what SOUNDPOST_IPC_CHANNEL and SOUNDPOST_IPC_MODE say. As a client it announces itself as
a helper does. Requests are answered with their own data, messages of type `data` and events are sent back. With
--server it listens for any number of clients and prints its address as the first line on stdout. SIGINT and SIGTERM
end it.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from types import FrameType
from typing import List, Optional, Sequence, Union

from .channel import (
    Channel,
    ChannelError,
    Disconnected,
    LocalSocketServer,
    Message,
    SharedMemoryServer,
    ShutdownState,
    create_channel,
    local_socket,
    shared_memory,
)
from .channel.names import CHANNEL_VARIABLE


class _Stop(BaseException):
    """A signal asked for the end."""


def _stop(number: int, frame: Optional[FrameType]) -> None:
    raise _Stop


def echo(channel: Channel) -> None:
    """Sends back what comes on a channel, in the channel's own thread, until it ends."""

    def back(message: Message) -> None:
        if message.type == "request":
            channel.respond(message, message.data)
        elif message.type in ("data", "event"):
            channel.send(message)

    channel.on_message(back)


def serve(server: Union[LocalSocketServer, SharedMemoryServer], state: ShutdownState) -> None:
    """Echoes to every client of a server until it is closed."""
    channels: List[Channel] = []
    try:
        while True:
            try:
                channel: Channel = server.accept()
            except Disconnected:
                return
            except ChannelError as error:
                print(f"echo: {error}", file=sys.stderr)
                if error.code == "io":
                    return
                continue
            channels = [other for other in channels if not other.has_ended]
            channels.append(channel)
            echo(channel)
            threading.Thread(target=_close_after, args=(channel,), daemon=True).start()
    finally:
        server.close()
        state.shutdown()
        state.wait_for_drain(1)
        for channel in channels:
            channel.close()


def _close_after(channel: Channel) -> None:
    try:
        channel.run()
    except ChannelError as error:
        print(f"echo: {error}", file=sys.stderr)
    finally:
        channel.close()


def main(arguments: Optional[Sequence[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m soundpost.echo", description="Sends back what it gets.")
    parser.add_argument("name", nargs="?", help=f"the channel's name; without it {CHANNEL_VARIABLE}")
    parser.add_argument("--kind", choices=["local", "shm"], help="local socket (the default) or shared memory")
    parser.add_argument("--server", action="store_true", help="listen for clients, as 'echo' without a name")
    options = parser.parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    state = ShutdownState()
    try:
        if options.server:
            kind = SharedMemoryServer if options.kind == "shm" else LocalSocketServer
            with kind(options.name or "echo", shutdown=state) as server:
                print(server.address, flush=True)
                serve(server, state)
            return 0
        with _connect(options.name, options.kind, state) as channel:
            # Before anything is read: who has said everything at once may have ended by then.
            channel.ready(["echo"])
            echo(channel)
            channel.run()
    except _Stop:
        return 0
    except (ChannelError, ValueError) as error:
        print(f"echo: {error}", file=sys.stderr)
        return 1
    return 0


def _connect(name: Optional[str], kind: Optional[str], state: ShutdownState) -> Channel:
    if name is not None:
        if kind == "shm":
            return shared_memory.connect(name, shutdown=state)
        return local_socket.connect(name, shutdown=state)
    mode = "shared_memory" if kind == "shm" else "local_socket" if kind == "local" else None
    channel = create_channel(mode, shutdown=state)
    if channel.kind == "thread":
        channel.close()
        raise ValueError(f"no channel: give a name or set {CHANNEL_VARIABLE}")
    return channel


if __name__ == "__main__":
    sys.exit(main())
