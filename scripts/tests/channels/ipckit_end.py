"""An end of a local socket in ipckit (PyPI), for matrix.py: a process of its own, because what it waits for may hold the interpreter.

    ipckit_end.py ask PATH       a client: asks an echo by lines
    ipckit_end.py echo PATH      a server: answers one client's requests by lines
    ipckit_end.py framed PATH    a client: sends with ipckit's own framing and waits for an answer
    ipckit_end.py unframed PATH  a client: has ipckit's own framing read what the server sends
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
    say(step="ipckit asks by lines", ok=answer == {"type": "response", "id": "1", "data": data}, detail=str(answer)[:300])
    lines.send({"type": "event", "event": "e", "data": 1})
    answer = lines.receive()
    say(step="and sends events", ok=answer == {"type": "event", "event": "e", "data": 1}, detail=str(answer)[:300])


def echo(path):
    listener = LocalSocketListener.bind(path)
    say(state="listening")
    lines = Lines(listener.accept())
    while (message := lines.receive()) is not None:
        lines.send({"type": "response", "id": message["id"], "data": message["data"]})
    say(step="ipckit serves by lines", ok=True, detail="")


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


{"ask": ask, "echo": echo, "framed": framed, "unframed": unframed}[sys.argv[1]](sys.argv[2])
