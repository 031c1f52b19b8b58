"""Threats 8 and 9: archives that write elsewhere or grow beyond measure."""

import io
import stat
import warnings
import zipfile
import zlib

import names
import raw
from target import Target

ROOM = 64 << 20  # bytes that an import may add to the node's memory


def imported(target: Target, count: int) -> tuple[int, list[str]]:
    """8, 9: `count` names, of which those that are paths are tried."""
    exchange = raw.Exchange(target.address)
    status, answer = exchange.ask(raw.get(target.address, b"/api/archive"))
    wrong = ["the exported archive holds a secret"] if target.reveals(answer) else []
    if status != 200:
        return 1, [f"GET /api/archive: {answer[:200]!r}"]
    own = answer.partition(b"\r\n\r\n")[2]
    if any(target.reveals(zipfile.ZipFile(io.BytesIO(own)).read(name)) for name in zipfile.ZipFile(io.BytesIO(own)).namelist()):
        wrong.append("the exported archive holds a secret")
    tries = _slips(own, count) + _bombs(own) + _broken(own)
    before = target.memory()
    for words, archive in tries:
        status, answer = exchange.ask(raw.get(target.address, b"/api/archive", method=b"POST", body=archive))
        if status == 0 or status < 400 or status >= 500 and status != 507:
            wrong.append(f"{words}: {answer[:200]!r}")
    grown = target.memory() - before
    if grown > ROOM:
        wrong.append(f"the imports added {grown >> 20} MiB to the node's memory")
    exchange.close()
    return len(tries) + 1, wrong


def _with(own: bytes, *entries: tuple[zipfile.ZipInfo | str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """The node's own archive and something more."""
    buffer = io.BytesIO(own)
    with zipfile.ZipFile(buffer, "a", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names that are there twice are the point
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def _special(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def _slips(own: bytes, count: int) -> list[tuple[str, bytes]]:
    slips = [f"presets/gain#1/{name}.json" for name in names.hostile(count) if "/" in name or "\\" in name]
    slips += ["../x.json", "/etc/x.json", "presets/../../x.json", "presets//x.json", "./current_link.json", "token", ".lock",
              "audit.log", "journal.sqlite", "journal.sqlite-wal", "audio/../token", "C:\\x.json", "presets\\..\\x.json", "x" * 300]
    tries = []
    for name in slips:
        try:
            tries.append((f"entry {name[:80]!r}", _with(own, (name, b"{}"))))
        except (ValueError, UnicodeError):
            continue  # Python does not write such a name
    present = zipfile.ZipFile(io.BytesIO(own)).namelist()[0]
    return tries + [
        ("a symbolic link", _with(own, (_special("audio/l.wav", stat.S_IFLNK | 0o777), b"../../secret.txt"))),
        ("a link to a folder", _with(own, (_special("presets/l", stat.S_IFLNK | 0o777), b"../.."), ("presets/l/x.json", b"{}"))),
        ("a device", _with(own, (_special("audio/d.wav", stat.S_IFCHR | 0o666), b""))),
        ("a pipe", _with(own, (_special("audio/p.wav", stat.S_IFIFO | 0o666), b""))),
        ("the same entry twice", _with(own, (present, b"{}"))),
        ("a file that is a folder, too", _with(own, ("audio/a", b"x"), ("audio/a/b.wav", b"x"))),
    ]


def _bombs(own: bytes) -> list[tuple[str, bytes]]:
    deflated = zipfile.ZIP_DEFLATED
    zeros = bytes(200 << 20)
    lying = bytearray(_with(own, ("audio/z.wav", zeros), method=deflated))
    # Both headers of the entry claim ten bytes.
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = lying.rfind(mark)
        lying[start + at:start + at + 4] = (10).to_bytes(4, "little")
    many = [(f"audio/{number}.wav", b"") for number in range(20_000)]
    return [
        ("200 MiB of zeros", _with(own, ("audio/z.wav", zeros), method=deflated)),
        ("200 MiB of zeros that claim to be ten bytes", bytes(lying)),
        ("20,000 entries", _with(own, *many)),
        ("bombs in bombs", _with(own, ("audio/z.wav", zlib.compress(zlib.compress(zeros))), ("current_link.json", zeros[:1 << 26]),
                                 method=deflated)),
    ]


def _broken(own: bytes) -> list[tuple[str, bytes]]:
    tries = [("random bytes", bytes(range(256)) * 64), ("an end alone", own[-22:]), ("a text", b"hello"), ("cut in half", own[:len(own) // 2])]
    # Every 7th byte of the directory in turn; what still is a whole archive of the same content is no attack.
    directory = own.rfind(b"PK\x01\x02")
    for at in range(directory, len(own), 7):
        damaged = bytearray(own)
        damaged[at] ^= 0x5A
        try:
            if zipfile.ZipFile(io.BytesIO(bytes(damaged))).testzip() is None:
                continue
        except Exception:  # noqa: BLE001 - whatever Python makes of it
            tries.append((f"byte {at} changed", bytes(damaged)))
    return tries
