"""Names that try to leave their folder, or to be something else than a name."""

import itertools
import urllib.parse

WISHES = ["secret.txt", "secrets/preset.json", "secrets/preset", "secrets/secret.js", "etc/passwd", "data/token", "token"]
_UP = ["../", "..\\", "..%2f", "%2e%2e/", "%2e%2e%2f", "%252e%252e%252f", "..;/", "....//", "..././", "..%c0%af",
       "..%ef%bc%8f", "．．/", "․․/", "‥/", ".. /", "..\t/", "..\n/", "../\x00", "..//", "./../", "x/../../",
       "..%00/", "%2e./", ".%2e/", "..%5c", "%c0%ae%c0%ae/", "..∕", "..⁄", "..／", "..＼"]
_WHOLE = [
    "", ".", "..", "...", "....", "/", "//", "\\", "~", "~root", "-", "--help", "-rf", "*", "?", "[a]", "{a}", "|", ";", "&",
    "$(id)", "`id`", "$HOME", "%", "%%", "%n%n%n", "%00", "\x00", "a\x00b", "a\x00.json", "\n", "a\nb", "a\r\nSet-Cookie: x=1",
    "\t", " ", " a", "a ", "a.", "\u202egnp", "\ufeffa", "\u0000", "a\u0300", "é", "ａ", "а", "ß", "İ", "🎛", "\ud7ff",
    "CON", "NUL", "PRN", "AUX", "COM1", "LPT1", "con.json", "nul.", "C:", "C:\\", "C:/x", "a:b", "a::$DATA", "\\\\host\\share",
    "//host/share", "file:///etc/passwd", "http://127.0.0.1/", "/etc/passwd", "/proc/self/environ", "/proc/self/mem",
    "/dev/null", "/dev/zero", "/dev/stdin", "/dev/fd/0", "/proc/self/cwd/secret.txt", "current_link.json", "token", ".lock",
    "journal.sqlite", "audit.log", "../token", "../.lock", "../journal.sqlite", "../current_link.json", "../audio/x.wav",
    "x.soundpost-tmp", ".x.soundpost-tmp", "x" * 64, "x" * 65, "x" * 255, "x" * 256, "x" * 4096, "../" * 64 + "etc/passwd",
    "link", "link/preset", "linked.wav", "dangling.wav", "linked.json", "linked", "gain#1/linked", "pipe",
    "linked.js", "secrets.js", "secrets.js/secret.js", "pipe.js", ".js", "app.js.gz", "app.js/", "app.js%00",
    "__proto__", "constructor", "null", "true", "0", "-1",
    "1e999", "NaN", "' OR 1=1 --", "\"; DROP TABLE history; --", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}",
]


def hostile(count: int) -> list[str]:
    """So many names, the most telling kinds first."""
    climbing = (
        up * depth + wish for depth, wish, up in itertools.product((1, 2, 3, 5), WISHES, _UP)
    )
    return list(dict.fromkeys(itertools.chain(_WHOLE, climbing)))[:count]


def spellings(name: str) -> list[bytes]:
    """A name in a request target: as it is, where a request line can hold it, and percent-encoded."""
    raw = name.encode("utf-8", "surrogatepass")
    encoded = urllib.parse.quote(raw, safe="").encode()
    readable = all(0x21 <= byte < 0x7F for byte in raw) and raw
    return [encoded, raw] if readable and raw != encoded else [encoded]
