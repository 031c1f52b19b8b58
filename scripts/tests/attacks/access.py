"""Threats 1 to 3: pages of other sites, other names for this machine, machines without a token."""

import os
import re
import shutil
import subprocess

import raw
from target import Node, NotRun, Target, plant_page

ORIGINS = [
    b"null", b"http://evil.example", b"https://evil.example", b"http://%b.evil.example", b"http://evil.example/%b",
    b"http://%b@evil.example", b"http://evil.example#%b", b"http://%b:1", b"http://127.0.0.1", b"http://127.0.0.1:1",
    b"http://localhost", b"https://%b", b"ws://%b", b"file://", b"http://127.0.0.1.evil.example", b"http://evil127.0.0.1",
    b"http://127.1", b"http://2130706433", b"http://[::ffff:127.0.0.1]", b"http://0.0.0.0", b"chrome-extension://abc", b"",
]
HOSTS = [
    b"evil.example", b"evil.example:%p", b"127.0.0.1.evil.example:%p", b"127.0.0.1", b"127.0.0.1:1", b"localhost",
    b"localhost.:%p", b"[::ffff:127.0.0.1]:%p", b"0.0.0.0:%p", b"127.1:%p", b"2130706433:%p", b"127.0.0.1:%p.evil.example",
    b"127.0.0.1:%p@evil.example", b"evil.example#127.0.0.1:%p", b"*", b"169.254.169.254",
]

_FETCH = b"Sec-Fetch-Site: cross-site\r\n"
_KINDS = [
    b"", b"Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Fetch-User: ?1\r\n",
    b"Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n", b"Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n",
]


def cross_site(target: Target) -> tuple[int, list[str]]:
    """1: a page of another site opens a WebSocket, or asks over HTTP."""
    wrong = []
    own = target.address.encode()
    for origin in ORIGINS:
        origin = origin.replace(b"%b", own)
        for request in (raw.handshake(target.address, headers=b"Origin: " + origin + b"\r\n"),
                        raw.handshake(target.address, b"/ws/audio", b"Origin: " + origin + b"\r\n"),
                        raw.get(target.address, b"/app.js", b"Origin: " + origin + b"\r\n"),
                        raw.get(target.address, b"/api/status", b"Origin: " + origin + b"\r\n")):
            exchange = raw.Exchange(target.address)
            status, answer = exchange.ask(request)
            exchange.close()
            if status != 403 or b"access-control-allow-origin" in answer.lower():
                wrong.append(f"origin {origin!r}: {answer[:80]!r}")
    return 4 * len(ORIGINS), wrong


def cross_site_without_origin(target: Target) -> tuple[int, list[str]]:
    """1: what a browser sends for a link, an image or a form of another site has no Origin, but says where it comes from
    (Fetch Metadata Request Headers, W3C)."""
    wrong = []
    posts = [(b"/api/archive", b"PK"), (b"/api/audio/upload?name=planted.wav", b"RIFF")]
    requests = [raw.get(target.address, path, _FETCH + kind) for path in (b"/api/archive", b"/app.js") for kind in _KINDS]
    requests += [raw.get(target.address, path, _FETCH + kind, method=b"POST", body=body)
                 for path, body in posts for kind in _KINDS]
    for request in requests:
        exchange = raw.Exchange(target.address)
        status, answer = exchange.ask(request)
        exchange.close()
        if status != 403:
            wrong.append(f"{request[:40]!r} from another site: {answer[:80]!r}")
    for path in ("audio/planted.wav", "audio/.planted.wav"):
        if os.path.lexists(f"{target.data}/{path}"):
            wrong.append(f"another site has planted {path}")
    return len(requests), wrong


def rebinding(target: Target) -> tuple[int, list[str]]:
    """2: a name of another site leads to this machine."""
    wrong = []
    port = target.address.rpartition(":")[2].encode()
    for host in HOSTS:
        host = host.replace(b"%p", port)
        for request in (raw.handshake("HOST"), raw.get("HOST", b"/api/link")):
            exchange = raw.Exchange(target.address)
            status, answer = exchange.ask(request.replace(b"Host: HOST", b"Host: " + host))
            exchange.close()
            if status not in (400, 421):
                wrong.append(f"host {host!r}: {answer[:80]!r}")
    for headers in (b"", b"Host: " + target.address.encode() + b"\r\nHost: evil.example\r\n"):
        exchange = raw.Exchange(target.address)
        status, answer = exchange.ask(b"GET /api/link HTTP/1.1\r\n" + headers + b"\r\n")
        exchange.close()
        if status != 400:
            wrong.append(f"headers {headers!r}: {answer[:80]!r}")
    return 2 * len(HOSTS) + 2, wrong


def without_token(soundpost: str, work: str) -> tuple[int, list[str]]:
    """3: a node on all addresses, in a network of its own, asked with and without its token."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-n", "true"], capture_output=True).returncode:
        raise NotRun("this machine makes no network namespaces")
    inside = subprocess.run(
        [unshare, "-n", "sh", "-c", 'ip link set lo up; exec "$@"', "sh", "python3", os.path.abspath(__file__),
         soundpost, f"{work}/all-addresses"], capture_output=True, text=True,
    )
    wrong = [line for line in inside.stdout.splitlines() if not line.startswith("tried ")]
    tried = re.search(r"^tried (\d+)$", inside.stdout, re.MULTILINE)
    return (int(tried.group(1)), wrong) if tried else (0, wrong + [inside.stderr[-400:]])


def _inside(soundpost: str, work: str) -> None:
    """In the network namespace: nobody outside can reach what listens here."""
    data = f"{work}/data"
    plant_page(f"{work}/page")
    with Node(soundpost, data, ["--host", "0.0.0.0", "--log-level", "critical", "--page", f"{work}/page"]) as node:
        address = f"127.0.0.1:{node.address.rpartition(':')[2]}"
        path = f"{data}/token"
        mode = os.stat(path).st_mode & 0o777
        if mode != 0o600:
            print(f"the token's file has the mode {mode:o}")
        with open(path) as file:
            token = file.read().strip().encode()
        wrong_tokens = [b"", b"x", token[:-1], token + b"x", token.swapcase(), b"\xff" * len(token)]
        none = [b"", *(b"Authorization: Bearer " + text + b"\r\n" for text in wrong_tokens),
                b"Authorization: Basic " + token + b"\r\n", b"Cookie: token=" + token + b"\r\n", b"X-Token: " + token + b"\r\n"]
        # The right one first: after ten wrong ones an address is answered 429, whatever it sends.
        tries = []
        tries.append((raw.get(address, b"/api/status", b"Authorization: Bearer " + token + b"\r\n"), {200}))
        tries.append((raw.handshake(address, headers=b"Authorization: Bearer " + token + b"\r\n"), {101}))
        tries += [(raw.handshake(address, path + b"?token=" + token), {101}) for path in (b"/ws", b"/ws/audio")]
        # The page's own files hold no secret, and it is the page that asks for the token. Nothing else passes for one.
        tries += [(raw.get(address, path), {200}) for path in (b"/", b"/index.html", b"/app.js")]
        tries += [(raw.get(address, path), {401}) for path in (
            b"/status", b"/docs", b"//", b"/%61pp.js", b"/app.js/", b"/app.js/../api/link", b"/api/app.js", b"/./app.js",
            b"/app.js%2f..%2fapi%2flink", b"/data/token")]
        tries += [(raw.get(address, path, method=method), {401}) for path in (b"/", b"/app.js")
                  for method in (b"POST", b"PUT", b"DELETE", b"OPTIONS")]
        # Only a handshake may show it in its target, which ends up in logs and histories: a browser gives it no headers.
        # Not looked at elsewhere, it is a missing token there and no wrong one, however often it comes.
        tries += [(raw.get(address, path + b"?token=" + token, method=method), {401}) for method, path in 20 * [
            (b"GET", b"/api/status"), (b"GET", b"/ws"), (b"GET", b"/api/archive"), (b"POST", b"/api/archive")]]
        tries.append((raw.get(address, b"/api/status", b"Authorization: Bearer " + token + b"\r\n"), {200}))
        tries += [(raw.get(address, path, headers), {401, 429}) for headers in none
                 for path in (b"/api/status", b"/api/link", b"/metrics", b"/status", b"/api/archive")]
        tries += [(raw.handshake(address, path, headers), {401, 429}) for headers in none for path in (b"/ws", b"/ws/audio")]
        tries += [(raw.handshake(address, path + b"?token=" + text), {401, 429}) for path in (b"/ws", b"/ws/audio")
                  for text in (b"", b"x", token[:-1], token + b"x")]
        for request, allowed in tries:
            exchange = raw.Exchange(address)
            status, answer = exchange.ask(request)
            exchange.close()
            if status not in allowed:
                print(f"{request[:100]!r} is answered {answer[:60]!r}")
            if token in answer:
                print(f"{request[:60]!r} reveals the token")
    print(f"tried {len(tries)}")


if __name__ == "__main__":
    import sys

    _inside(sys.argv[1], sys.argv[2])
