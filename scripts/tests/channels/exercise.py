"""One end of a channel that says what it saw, in Python; the same program exists in Swift and Rust.

    exercise.py ROLE NAME --kind local|shm [--server]

Roles: `steps` does what fixtures/channels/steps.json says with an echo at the other end; `tell` sends every message and
every refused line of the fixtures, then ends gracefully; `listen` takes that; `ask` asks once; `pause` asks an echo
that is stopped in between; `wait` receives until the end. Prints a line of JSON for each step: {"step", "ok", "detail"};
`state` lines tell the driver how far it is.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, Callable

from soundpost.channel import (
    Channel,
    ChannelError,
    ChannelTimeout,
    Disconnected,
    LocalSocketServer,
    Message,
    SerializationError,
    SharedMemoryServer,
    local_socket,
    shared_memory,
)

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "channels"
STEPS = json.loads((FIXTURES / "steps.json").read_text())
GUARD = STEPS["guardSeconds"]


def rows(name: str) -> list[dict[str, Any]]:
    with open(FIXTURES / name, encoding="utf-8", newline="\n") as file:
        return [json.loads(row) for row in file]


def wire(row: dict[str, Any]) -> bytes:
    return bytes.fromhex(row["hex"]) if "hex" in row else row["line"].encode()


def is_same(a: Any, b: Any) -> bool:
    """Whether two values are the same JSON; Python's own comparison takes true for 1."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(is_same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(is_same, a, b))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    return a == b


def is_message(message: Message, expected: dict[str, Any]) -> bool:
    error = message.error
    seen = {
        "type": message.type,
        "id": message.id,
        "method": message.method,
        "event": message.event,
        "error": error and {"code": error.code, "message": error.message, "data": error.data},
        "data": message.data,
    }
    wanted = dict.fromkeys(seen) | expected
    if wanted["error"]:
        wanted["error"] = {"data": None} | wanted["error"]
    return is_same(seen, wanted)


def numbered(size: int) -> str:
    """Text of `size` characters in which every place is recognised."""
    return ("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-" * (size // 63 + 1))[:size]


def say(**report: Any) -> None:
    print(json.dumps(report), flush=True)


def step(name: str, body: Callable[[], str | None]) -> None:
    """Runs a step. It fails by what it raises; what it returns is told."""
    try:
        detail = body()
        say(step=name, ok=True, detail=detail or "")
    except Exception as error:
        say(step=name, ok=False, detail=f"{type(error).__name__}: {error} {traceback.format_tb(error.__traceback__)[-1]}")


def beside(body: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=body, daemon=True)
    thread.start()
    return thread


def must(holds: bool, text: str) -> None:
    if not holds:
        raise AssertionError(text)


# Steps with an echo at the other end


def order(channel: Channel) -> None:
    count = STEPS["order"]
    sender = beside(lambda: [channel.emit("n", n) for n in range(count)] and None)
    for n in range(count):
        message = channel.receive(GUARD)
        must(message == Message("event", n, event="n"), f"{n} came back as {message}")
    sender.join()


def sizes(channel: Channel) -> str:
    count = 0
    for first, last in STEPS["sizes"]:
        for size in range(first, last + 1):
            text = numbered(size - len('{"type":"data","data":""}'))
            channel.send_json(text)
            must(channel.receive(GUARD).data == text, f"a message of {size} bytes came back changed")
            count += 1
    return f"{count} sizes"


def values(channel: Channel) -> None:
    for row in rows("messages.jsonl"):
        expected = row["message"]
        if expected["type"] in ("data", "event"):
            channel.send_encoded(wire(row))
            message = channel.receive(GUARD)
            must(is_message(message, expected), f"{row['why']}: came back as {message}")
        answer = channel.request("echo", expected.get("data"), GUARD)
        must(is_same(answer, expected.get("data")), f"{row['why']}: answered with {answer}")


def concurrency(channel: Channel) -> None:
    threads, requests = STEPS["concurrency"]["threads"], STEPS["concurrency"]["requests"]
    wrong: list[str] = []

    def ask(thread: int) -> None:
        try:
            for n in range(requests):
                question = [thread, n, numbered(n * 7)]
                answer = channel.request("echo", question, GUARD)
                must(answer == question, f"{question[:2]} was answered with {answer}")
        except Exception as error:
            wrong.append(f"{error}")

    askers = [beside(lambda thread=thread: ask(thread)) for thread in range(threads)]
    for asker in askers:
        asker.join()
    must(not wrong, "; ".join(wrong))


def refused(channel: Channel) -> str:
    lines = rows("refused.jsonl")
    for row in lines:
        channel.send_encoded(wire(row))
        must(channel.request("echo", row["why"], GUARD) == row["why"], f"{row['why']}: it did not go on")
    must(channel.try_receive() is None, "something came back for a line that is no message")
    return f"{len(lines)} lines"


def ping(channel: Channel) -> None:
    channel.ping(GUARD)


def drain(channel: Channel) -> None:
    count, size = STEPS["drain"]["messages"], STEPS["drain"]["bytes"]
    text = numbered(size)

    def send() -> None:
        for n in range(count):
            channel.send_json([n, text])
        channel.shutdown()

    sender = beside(send)
    for n in range(count):
        must(channel.receive(GUARD).data == [n, text], f"{n} did not come back")
    sender.join()
    try:
        must(False, f"after the end came {channel.receive(GUARD)}")
    except Disconnected:
        pass


def steps(channel: Channel) -> None:
    for body in (order, sizes, values, concurrency, refused, ping, drain):
        step(body.__name__, lambda body=body: body(channel))


# Other roles


def tell(channel: Channel) -> None:
    def body() -> None:
        for row in rows("messages.jsonl") + rows("refused.jsonl"):
            channel.send_encoded(wire(row))
        text = numbered(STEPS["drain"]["bytes"])
        for n in range(STEPS["drain"]["messages"]):
            channel.send_json([n, text])
        channel.shutdown()
        must(channel.wait_for_drain(GUARD), "not everything was sent")
        try:
            must(False, f"nothing was to come, but {channel.receive(GUARD)}")
        except Disconnected:
            pass

    step("tell", body)


def listen(channel: Channel) -> None:
    def messages() -> None:
        for row in rows("messages.jsonl"):
            if row["message"]["type"] not in ("ping", "pong"):
                message = channel.receive(GUARD)
                must(is_message(message, row["message"]), f"{row['why']}: came as {message}")

    def errors() -> None:
        for row in rows("refused.jsonl"):
            try:
                must(False, f"{row['why']}: came as {channel.receive(GUARD)}")
            except SerializationError:
                pass

    def drained() -> None:
        text = numbered(STEPS["drain"]["bytes"])
        for n in range(STEPS["drain"]["messages"]):
            must(channel.receive(GUARD).data == [n, text], f"{n} did not come")
        try:
            must(False, f"after the end came {channel.receive(GUARD)}")
        except Disconnected:
            pass

    step("hears every message", messages)
    step("one error for every refused line", errors)
    step("hears everything before the end", drained)


def ask(channel: Channel) -> None:
    step("ask", lambda: must(channel.request("echo", [1, "two"], GUARD) == [1, "two"], "another answer"))


def pause(channel: Channel) -> None:
    ask(channel)
    say(state="stop it")
    sys.stdin.readline()

    def silent() -> None:
        try:
            answer = channel.request("echo", "late", STEPS["patienceMilliseconds"] / 1000)
            must(False, f"it answered {answer}")
        except ChannelTimeout:
            pass

    step("a stopped end is waited for", silent)
    say(state="let it go on")
    sys.stdin.readline()
    step("and goes on", lambda: must(channel.request("echo", "again", GUARD) == "again", "another answer"))


def wait(channel: Channel) -> None:
    say(state="connected")
    try:
        while True:
            channel.receive()
    except ChannelError as error:
        say(state=error.code)


ROLES = {role.__name__: role for role in (steps, tell, listen, ask, pause, wait)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=ROLES)
    parser.add_argument("name")
    parser.add_argument("--kind", choices=["local", "shm"], default="local")
    parser.add_argument("--server", action="store_true")
    options = parser.parse_args()
    if options.server:
        with (SharedMemoryServer if options.kind == "shm" else LocalSocketServer)(options.name) as server:
            say(state="listening")
            with server.accept(GUARD) as channel:
                ROLES[options.role](channel)
    else:
        with (shared_memory if options.kind == "shm" else local_socket).connect(options.name) as channel:
            ROLES[options.role](channel)


main()
