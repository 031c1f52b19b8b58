"""Threat 11: JSON that is deep, huge or broken."""

import json

import raw
from target import Target

DEPTHS = [33, 1000, 1_000_000, 31, 32, 34, 64, 128, 10_000, 100_000, 500_000]


def deep_and_huge(target: Target, depths: int) -> tuple[int, list[str]]:
    wrong = []
    documents = _deep(DEPTHS[:depths]) + _huge() + _broken()
    for words, text in documents:
        fault = _send(target, text)
        if fault:
            wrong.append(f"{words}: {fault}")
    return len(documents), wrong


def _send(target: Target, text: bytes) -> str | None:
    """A document as one message, then a ping: both are answered, or the connection is closed with a reason."""
    connection = raw.connect(target.address)
    try:
        connection.sendall(raw.handshake(target.address))
        connection.sendall(raw.frame(text) + raw.frame(b'{"type":"ping","requestId":"after"}'))
        received = b""
        while b'"after"' not in received:
            data = connection.recv(1 << 16)
            if not data:
                # 0x88 is a close frame; its code follows.
                return None if b"\x03\xf1" in received or b"\x03\xef" in received else f"closed without reason: {received[-80:]!r}"
            received += data
        return "an internal error" if b"internal_error" in received else None
    except (BrokenPipeError, ConnectionResetError):
        return None  # a message beyond the limit is not read to its end
    except OSError as error:
        return f"{error}"
    finally:
        connection.close()


def _deep(depths: list[int]) -> list[tuple[str, bytes]]:
    documents = []
    for depth in depths:
        arrays = b"[" * depth
        objects = b'{"a":' * depth
        documents += [
            (f"{depth} arrays", b'{"type":"ping","x":' + arrays + b"]" * depth + b"}"),
            (f"{depth} arrays, open", arrays),
            (f"{depth} objects", b'{"type":"ping","x":' + objects + b"1" + b"}" * depth + b"}"),
            (f"{depth} objects, open", objects),
            (f"{depth} arrays in a chain", b'{"type":"write_link","link":' + arrays + b"]" * depth + b"}"),
            (f"{depth} closing brackets", b"]" * depth),
        ]
    return documents


def _huge() -> list[tuple[str, bytes]]:
    most = (1 << 20) - 64
    set_param = b'{"type":"set_param","instanceId":"gain#1","paramId":"gainDb","value":%s}'
    return [
        ("a string of the limit", b'{"type":"ping","x":"' + b"a" * most + b'"}'),
        ("escapes", b'{"type":"ping","x":"' + b"\\u0041" * (most // 6) + b'"}'),
        ("a number with 10^6 digits", set_param % (b"1" * 1_000_000)),
        ("a fraction with 10^6 digits", set_param % (b"0." + b"1" * 999_990)),
        ("an exponent with 10^5 digits", set_param % (b"1e" + b"9" * 100_000)),
        ("a number below everything", set_param % b"-1e-999999999"),
        ("100,000 keys", json.dumps({"type": "ping", **{str(key): 1 for key in range(60_000)}}).encode()),
        ("100,000 equal keys", b'{"type":"ping"' + b',"a":1' * 100_000 + b"}"),
        ("60,000 parameters", json.dumps({"type": "apply_params", "instanceId": "gain#1",
                                          "params": {f"gainDb#{key}": -1 for key in range(40_000)}}).encode()),
        ("2 MiB", b'{"type":"ping","x":"' + b"a" * (2 << 20) + b'"}'),
        ("20 MiB", b'{"type":"ping","x":"' + b"a" * (20 << 20) + b'"}'),
        ("10^6 commas", b"[" + b"," * 1_000_000),
        ("10^6 spaces", b" " * 1_000_000),
        ("a key of 1 MB", b'{"type":"ping","' + b"k" * 1_000_000 + b'":1}'),
        ("a type of 1 MB", b'{"type":"' + b"k" * 1_000_000 + b'"}'),
        ("a request id of 1 MB", b'{"type":"ping","requestId":"' + b"k" * 1_000_000 + b'"}'),
    ]


def _broken() -> list[tuple[str, bytes]]:
    texts = [
        b"", b"null", b"1", b'"ping"', b"[]", b"{", b"}", b'{"type"}', b'{"type":}', b'{"type":null}', b'{"type":1}',
        b'{"type":["ping"]}', b'{"type":"ping","type":"ping"}', b'{"type":"ping"}{"type":"ping"}', b'{"type":"ping"} x',
        b'{"type":"\xff\xfe"}', b'\xef\xbb\xbf{"type":"ping"}', b'{"type":"\\ud800"}', b'{"type":"\\u0000"}', b'{"type":"pi\x00ng"}',
        b'{"type":"ping","requestId":{}}', b'{"type":"ping","requestId":1e400}', b'{"type":"ping","x":NaN}', b'{"type":"ping","x":01}',
        b"{'type':'ping'}", b'{"type":"ping",}', b'/**/{"type":"ping"}', "{\"type\":\"ping\"}".encode("utf-16"), b"\x00" * 100,
    ]
    return [(repr(text), text) for text in texts]
