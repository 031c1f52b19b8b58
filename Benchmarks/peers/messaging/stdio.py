"""The old way: a Python child that reads and writes one JSON object a line on its standard input and output."""

import json
import sys

import exchange


class Pipes:
    encoding = "json"
    waits = ("block",)

    def __init__(self, options: exchange.Options) -> None:
        if options.other is None:
            self._in, self._out = sys.stdin.buffer, sys.stdout.buffer
        else:
            self._in, self._out = options.other.stdout, options.other.stdin
        self._buffer = bytearray()

    def reserve(self, size: int) -> bytearray:
        if len(self._buffer) != size:
            self._buffer = bytearray(size)
        return self._buffer

    def send(self) -> None:
        line = json.dumps({"type": "data", "data": self._buffer.decode()}, separators=(",", ":"))
        self._out.write(line.encode() + b"\n")
        self._out.flush()

    def receive(self) -> bytes:
        return json.loads(self._in.readline())["data"].encode()

    def release(self) -> None:
        pass

    def close(self) -> None:
        pass


if __name__ == "__main__":
    exchange.main({"stdio": Pipes})
