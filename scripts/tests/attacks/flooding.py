"""Threats 15 and 16: clients that are slow on purpose, and too much of everything. Their cost in time is for the bench."""

import socket
import time

import raw
from target import Target


class SlowHeaders:
    """15: connections whose first header never ends. Begun early, judged late: the node gives them ten seconds."""

    def __init__(self, target: Target, count: int) -> None:
        self._connections = [raw.connect(target.address, timeout=30) for _ in range(count)]
        self._begun = time.monotonic()
        for number, connection in enumerate(self._connections):
            connection.sendall([b"", b"G", b"GET /api/status HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX: "][number % 4])

    def trickle(self) -> None:
        """One more byte for each."""
        for connection in self._connections:
            try:
                connection.send(b"a")
            except OSError:
                continue  # closed, as it should be

    def judge(self) -> tuple[int, list[str]]:
        wrong = []
        while time.monotonic() - self._begun < 12:
            self.trickle()
            time.sleep(0.5)
        for connection in self._connections:
            connection.settimeout(5)
            try:
                while connection.recv(1 << 16):
                    pass
            except TimeoutError:
                wrong.append("a header that never ends keeps its connection")
            except OSError:
                pass  # reset counts as closed
            connection.close()
        return len(self._connections), wrong


def headers(target: Target) -> tuple[int, list[str]]:
    """16: headers beyond every limit, and ones that two readers could read in two ways, are refused with the status that
    says why, and the connection ends."""
    start = b"GET /api/status HTTP/1.1\r\nHost: " + target.address.encode() + b"\r\n"
    chunked = b"Transfer-Encoding: chunked\r\n"
    tries = [
        (431, start + b"X: " + b"a" * 20_000 + b"\r\n\r\n"), (431, start + b"X: 1\r\n" * 100 + b"\r\n"),
        (431, start + b"X: 1\r\n" * 100_000), (431, start + b"X" * 2_000_000),
        (431, b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n"), (400, b"A" * 2_000_000),
        (400, start + b"X: 1\r\n y\r\n\r\n"), (400, start + b": 1\r\n\r\n"), (400, start + b"X : 1\r\n\r\n"),
        (413, start + b"Content-Length: 1\r\n\r\n"), (400, start + b"Content-Length: -1\r\n\r\n"),
        (400, start + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
        (400, start + chunked + b"Content-Length: 5\r\n\r\n0\r\n\r\n"),
        (413, start + chunked + b"\r\nFFFFFFFFFFFFFFFF\r\n"),
        (400, start.replace(b"GET", b"A" * 1000) + b"\r\n"),
        (400, start.replace(b"/api", b"http://evil.example/api") + b"\r\n"),
        (505, start.replace(b"HTTP/1.1", b"HTTP/9.9") + b"\r\n"),
    ]
    wrong = []
    for wanted, request in tries:
        connection = raw.connect(target.address, timeout=15)
        try:
            connection.sendall(request)
        except OSError:
            pass  # refused before it was read to its end
        answer, ended = raw.drain(connection, 1 << 20)
        connection.close()
        if raw.status_of(answer) != wanted:
            wrong.append(f"{request[:80]!r}… is answered {answer[:60]!r}, not with {wanted}")
        if len(raw.statuses(answer)) > 1:
            wrong.append(f"{request[:80]!r}… is answered twice")
        if not ended:
            wrong.append(f"{request[:80]!r}… keeps its connection")
    return len(tries), wrong


def pipelined(target: Target, count: int) -> tuple[int, list[str]]:
    """16: requests without waiting for answers. The node answers some, and may then refuse the rest, which it has to store."""
    connection = raw.connect(target.address, timeout=30)
    request = raw.get(target.address, b"/api/status")
    try:
        connection.sendall(request * (count - 1) + request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
    except OSError:
        pass  # refused before it was read to its end
    answers, ended = raw.drain(connection)
    connection.close()
    statuses = raw.statuses(answers)
    answered, refusals = statuses.count(200), sum(400 <= status < 500 for status in statuses)
    wrong = []
    if answered + refusals != len(statuses):
        wrong.append(f"some are answered with neither 200 nor a refusal: {set(statuses)}")
    # After a refusal the connection ends: there is at most one.
    if not (answered == count and refusals == 0 or 0 < answered < count and refusals == 1):
        wrong.append(f"{answered} of {count} pipelined requests are answered, and {refusals} refused")
    if not ended:
        wrong.append("the connection does not end")
    return count, wrong


def connections(target: Target, count: int) -> tuple[int, list[str]]:
    """16: connections that say nothing; a client that was there keeps being served."""
    healthy = target.connect()
    idle: list[socket.socket] = []
    wrong = []
    for number in range(count):
        try:
            idle.append(raw.connect(target.address))
        except OSError:
            break  # the machine has no more ports or files; what is open is enough
        if number % 100 == 0 and healthy.request({"type": "ping"})["type"] != "pong":
            wrong.append(f"with {number} idle connections a client is not answered")
    for connection in idle:
        connection.close()
    healthy.close()
    return len(idle), wrong


def messages(target: Target, count: int) -> tuple[int, list[str]]:
    """16: messages as fast as they can be sent; every one of them is answered, and another client is served."""
    healthy, flooder = target.connect(), target.connect()
    for number in range(count):
        flooder.send({"type": "ping", "requestId": number})
    wrong = [] if healthy.request({"type": "ping"})["type"] == "pong" else ["a healthy client is not answered"]
    missing = set(range(count))
    while missing:
        missing.discard(flooder.receive().get("requestId"))
    flooder.close()
    healthy.close()
    return count, wrong


def stalled_readers(target: Target, count: int, questions: int) -> tuple[int, list[str]]:
    """15: clients that ask for much and read nothing; a healthy one is served meanwhile."""
    stalled = []
    for number in range(count):
        connection = raw.connect(target.address)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(raw.handshake(target.address) + raw.frame(b'{"type":"debug_subscribe","intervalMs":200}')
                           + raw.frame(b'{"type":"get_module_library"}') * questions)
        stalled.append(connection)
    healthy = target.connect()
    wrong = []
    for number in range(40):
        answer = healthy.request({"type": "set_param", "instanceId": "gain#1", "paramId": "gainDb", "value": -number / 10})
        if not answer.get("success"):
            wrong.append(f"a healthy client is refused: {answer}")
    healthy.close()
    for connection in stalled:
        connection.close()
    return count, wrong
