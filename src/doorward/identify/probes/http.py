"""HTTP: asks for the start page once and reads what the server says of itself; redirects are shown and never followed."""

from __future__ import annotations

import html
import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probes._web_servers import WebServer, web_server
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.values.evidence import Certainty, Fact
from doorward.values.printable import printable
from doorward.values.transports import Transport

__all__ = [
    "MAX_BYTES",
    "NAME",
    "SAFETY",
    "SERVER_SPEAKS_FIRST",
    "SOURCE",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "http"
TITLE: Final = "Web: pages and programming interfaces"
SOURCE: Final = "RFC 9112"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (80, 443, 591, 3000, 3128, 5000, 5601, 8000, 8008, 8080, 8081, 8088, 8118, 8443, 8888, 9000, 9090, 9200, 15672)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_STATUS_LINE = re.compile(rb"HTTP/(\d(?:\.\d)?) (\d{3})(?: ([^\r\n]{0,200}))?(?:\r?\n|$)")
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,400})", re.IGNORECASE)
_HTML = re.compile(rb"\s{0,20}<(?:!doctype html|html|head|title)\b", re.IGNORECASE)
# What servers answer when HTTP arrives where TLS is wanted: nginx and Apache, Go's net/http, others.
_WANTS_TLS = (b"sent to HTTPS port", b"plain HTTP to an SSL-enabled", b"HTTP request to an HTTPS server", b"requires TLS", b"SSL required")
_KINDS = {"proxy": "a proxy that fetches web pages for others", "balancer": "a web front that shares callers out"}
_ALTERNATIVES = re.compile(r'\b(h3(?:-\d\d)?|h2c?)="')  # RFC 7838: by which other protocols the same pages are to be had
_HOST = re.compile(r"[\w.:\[\]-]{1,255}")


def first_words(host: str) -> bytes:
    """Ask for the start page; ``host`` stands in the Host field where it is one (RFC 9112 §3.2)."""
    name = host if _HOST.fullmatch(host) and host.isascii() else ""
    name = f"[{name}]" if ":" in name and name[:1] != "[" else name
    return f"GET / HTTP/1.1\r\nHost: {name}\r\nUser-Agent: Doorward\r\nAccept: text/html, */*\r\nConnection: close\r\n\r\n".encode()


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until the head is whole, and the body's title or end is here."""
    head, found, body = received.partition(b"\r\n\r\n")
    if not received.startswith(b"HTTP/"[: len(received)]):
        return Step.DONE
    if not found:
        return Step.WAIT
    length = re.search(rb"(?i)\r\ncontent-length: *(\d{1,12})", head)
    titled = b"</title>" in body.lower() and head[9:12] == b"200"  # an error's page tells its maker at its end
    whole = titled or (length is not None and len(body) >= int(length[1])) or len(received) >= MAX_BYTES
    return Step.DONE if whole or context.closed or b"0\r\n\r\n" in body[-7:] else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read status line, header fields and the page's title."""
    received = received[:MAX_BYTES]
    status = _STATUS_LINE.match(received)
    if status is None:
        return _bare_page(received) if context.spoke == NAME else None
    head, _, body = received.partition(b"\r\n\r\n") if b"\r\n\r\n" in received else received.partition(b"\n\n")
    fields = _header_fields(head)
    server = web_server(fields, body.decode("utf-8", "replace"))
    facts = _facts(status, fields, body)
    facts["encrypted"] = context.tunnel is not None
    if server.role:
        facts["role"] = server.role
    return Identity(
        service=NAME,
        product=server.product,
        version=server.version,
        vendor=server.vendor,
        system=server.system,
        cpe=server.cpe,
        why=f"its answer begins with HTTP/{status[1].decode()}",
        sentence=_sentence(server, facts),
        facts=facts,
    )


def _bare_page(received: bytes) -> Identity | None:
    """A page without head, as HTTP/0.9 servers send it."""
    if not _HTML.match(received):
        return None
    facts: dict[str, Fact] = {"banner": banner_fact(received), "encrypted": False}
    sentence = introduce("a web server of the oldest kind (it sends pages without a head)")
    return Identity(service=NAME, certainty=Certainty.INFERRED, why="a bare HTML page came back", sentence=sentence, facts=facts)


def _header_fields(head: bytes) -> dict[str, str]:
    """Header fields by their lower-case names; repeated ones are joined by commas (RFC 9110 §5.3). At most 100."""
    fields: dict[str, str] = {}
    for line in head.splitlines()[1:101]:
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon and name.strip():
            key, text = name.strip().lower(), value.strip()
            fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return fields


def _facts(status: re.Match[bytes], fields: dict[str, str], body: bytes) -> dict[str, Fact]:
    code = int(status[2])
    facts: dict[str, Fact] = {"banner": banner_fact(status[0]), "protocol_version": status[1].decode(), "status": code}
    if title := _TITLE.search(body.decode("utf-8", "replace")):
        facts["title"] = printable(" ".join(html.unescape(title[1]).split()))[:200]
    for fact, field in (("server", "server"), ("powered_by", "x-powered-by"), ("redirects_to", "location"), ("via", "via")):
        if field in fields:
            facts[fact] = printable(fields[field][:200])
    if offered := _ALTERNATIVES.findall(fields.get("alt-svc", "")[:500]):
        facts["alternatives"] = offered[:10]
    if code in (401, 407):
        facts["authentication"] = "required"
        facts["realm"] = printable(fields.get("www-authenticate", fields.get("proxy-authenticate", ""))[:200])
    else:
        facts["authentication"] = "none" if 200 <= code < 300 else "unknown"
    if code in (400, 403, 426) and any(words in body for words in _WANTS_TLS):
        facts["wants_tls"] = True
    return facts


def _sentence(server: WebServer, facts: dict[str, Fact]) -> str:
    text = introduce(_KINDS.get(server.role, "a web server"), server.product, server.version, server.system)
    if facts.get("wants_tls"):
        return f"{text} It asks to be spoken to encrypted (https)."
    if facts.get("title"):
        text += f" Its start page is called “{facts['title']}”."
    elif facts.get("redirects_to"):
        text += f" It sends callers on to {facts['redirects_to']}."
    if facts["authentication"] == "required":
        text += " It wants a login."
    return text
