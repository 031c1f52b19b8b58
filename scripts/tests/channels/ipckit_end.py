"""An end of a local socket in ipckit (PyPI), for beside_ipckit.py: a process of its own, because what it waits for may
hold the interpreter.

    ipckit_end.py ask PATH             a client: asks an echo by lines
    ipckit_end.py echo PATH            a server: answers one client's requests by lines, and sends its events back
    ipckit_end.py framed PATH          a client: sends with ipckit's own framing and waits for an answer
    ipckit_end.py unframed PATH        a client: has ipckit's own framing read what the server sends
    ipckit_end.py framed-echo PATH     a server: has ipckit's own framing read a request and answer it
    ipckit_end.py framed-event PATH    a server: sends an event with ipckit's own framing
"""

import json
import sys

from ipckit.ipckit import LocalSocketListener, LocalSocketStream


def say(**report):
    print(json.dumps(report), flush=True)


class Lines:
    """Lines of JSON over the bytes of ipckit's stream."""

    def __init__(self, stream):
        self._stream = stream
        self._rest = b""

    def send(self, message):
        self._stream.write_all(json.dumps(message).encode() + b"\n")

    def receive(self):
        while b"\n" not in self._rest:
            part = self._stream.read(65536)
            if not part:
                return None
            self._rest += bytes(part)
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)


def ask(path):
    lines = Lines(LocalSocketStream.connect(path))
    data = {"text": "Müller \U0001f600", "numbers": [1, -2.5, 2**63, 1e-300], "long": "x" * 1_000_000}
    lines.send({"type": "request", "id": "1", "method": "echo", "data": data})
    answer = lines.receive()
    is_same = answer == {"type": "response", "id": "1", "data": data}
    say(step="ipckit asks by lines", ok=is_same, detail=str(answer)[:300])
    lines.send({"type": "event", "event": "e", "data": 1})
    answer = lines.receive()
    say(step="and sends events", ok=answer == {"type": "event", "event": "e", "data": 1}, detail=str(answer)[:300])


def accept(path):
    listener = LocalSocketListener.bind(path)
    say(state="listening")
    return listener, listener.accept()


def echo(path):
    _, stream = accept(path)
    lines = Lines(stream)
    while (message := lines.receive()) is not None:
        if message["type"] == "request":
            lines.send({"type": "response", "id": message["id"], "data": message["data"]})
        else:
            lines.send(message)
    say(step="ipckit serves by lines", ok=True, detail="")


def framed_echo(path):
    _, stream = accept(path)
    say(state="accepted")
    request = stream.recv_json()
    stream.send_json({"type": "response", "id": request["id"], "data": request["data"]})
    say(state="answered")


def framed_event(path):
    _, stream = accept(path)
    stream.send_json({"type": "event", "event": "e", "data": 1})
    say(state="sent")
    say(state=f"read {stream.recv_json()}")


def framed(path):
    stream = LocalSocketStream.connect(path)
    stream.send_json({"type": "request", "id": "1", "method": "echo", "data": 1})
    say(state="sent")
    say(state=f"answered {stream.recv_json()}")


def unframed(path):
    stream = LocalSocketStream.connect(path)
    stream.write_all(b'{"type":"request","id":"1","method":"echo","data":1}\n')
    try:
        say(state=f"read {stream.recv_json()}")
    except Exception as error:
        say(state="refused", detail=f"{type(error).__name__}: {error}")


ROLES = {role.__name__.replace("_", "-"): role for role in (ask, echo, framed, unframed, framed_echo, framed_event)}
ROLES[sys.argv[1]](sys.argv[2])
