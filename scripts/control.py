#!/usr/bin/env python3
"""Talks to a node's control API: sends JSON messages over its WebSocket and prints what comes back.

    scripts/control.py '{"type":"get_status"}'
    scripts/control.py '{"type":"set_param","instanceId":"gain#1","paramId":"gainDb","channel":0,"value":-6}'
    scripts/control.py --listen 5 '{"type":"debug_subscribe","intervalMs":500}'

Standard library only. Each message waits for its answer; --listen prints what the node sends for so many seconds more.
"""

import argparse
import base64
import json
import os
import socket
import sys
import time


class ControlConnection:
    """One WebSocket to a node. `request` matches answers to messages by their requestId."""

    def __init__(self, address: str, timeout: float = 10.0, path: str = "/ws") -> None:
        host, _, port = address.rpartition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""
        self._requests = 0
        self.unsolicited: list[dict] = []
        self._upgrade(address, path)

    def _upgrade(self, address: str, path: str) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self._buffer:
            self._fill()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        status = head.split(b"\r\n")[0].decode()
        if " 101 " not in status:
            raise ConnectionError(f"{address} refused the WebSocket: {status}")

    def _fill(self) -> None:
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("the node closed the connection")
        self._buffer += data

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._fill()
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _send_frame(self, opcode: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            length = bytes([0x80 | size])
        elif size < 65536:
            length = bytes([0x80 | 126]) + size.to_bytes(2, "big")
        else:
            length = bytes([0x80 | 127]) + size.to_bytes(8, "big")
        mask = os.urandom(4)
        spread = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(spread, "big")).to_bytes(size, "big")
        self._socket.sendall(bytes([0x80 | opcode]) + length + mask + masked)

    def send(self, message: dict) -> None:
        self._send_frame(1, json.dumps(message).encode())

    def receive(self) -> dict:
        """The next message. Raises TimeoutError when none comes in time, ConnectionError when the node closes."""
        text = b""
        while True:
            head = self._take(2)
            size = head[1] & 0x7F
            if size == 126:
                size = int.from_bytes(self._take(2), "big")
            elif size == 127:
                size = int.from_bytes(self._take(8), "big")
            payload = self._take(size)
            opcode = head[0] & 0x0F
            if opcode == 9:
                self._send_frame(10, payload)
            elif opcode == 8:
                reason = payload[2:].decode(errors="replace")
                raise ConnectionError(f"the node closed the connection: {reason or 'no reason given'}")
            elif opcode in (0, 1):
                text += payload
                if head[0] & 0x80:
                    return json.loads(text)

    def request(self, message: dict) -> dict:
        """Sends a message and returns its answer; whatever else arrives meanwhile goes to `unsolicited`."""
        self._requests += 1
        mark = message.setdefault("requestId", self._requests)
        self.send(message)
        while True:
            answer = self.receive()
            if answer.get("requestId") == mark:
                return answer
            self.unsolicited.append(answer)

    def settimeout(self, seconds: float) -> None:
        self._socket.settimeout(seconds)

    def close(self) -> None:
        self._send_frame(8, (1000).to_bytes(2, "big"))
        self._socket.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("messages", nargs="*", metavar="MESSAGE", help="JSON object with a type; - reads one from stdin")
    parser.add_argument("--address", default="127.0.0.1:5000", help="HOST:PORT of the node (127.0.0.1:5000)")
    parser.add_argument("--listen", type=float, default=0, metavar="SECONDS", help="then print what arrives")
    arguments = parser.parse_args()
    try:
        connection = ControlConnection(arguments.address)
        for text in arguments.messages:
            print(json.dumps(connection.request(json.loads(sys.stdin.read() if text == "-" else text))))
        end = time.monotonic() + arguments.listen
        while (left := end - time.monotonic()) > 0:
            connection.settimeout(left)
            try:
                print(json.dumps(connection.receive()), flush=True)
            except TimeoutError:
                break
        connection.close()
    except json.JSONDecodeError as error:
        print(f"control: not JSON: {error}", file=sys.stderr)
        return 64
    except OSError as error:
        print(f"control: {arguments.address}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
