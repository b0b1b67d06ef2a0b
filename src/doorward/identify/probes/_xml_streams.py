"""XMPP's streams, for clients and between servers: opens one, and reads what the other side offers. Knows no login and no message.

Read by patterns and not by an XML parser: a stream is an XML document without an end, and a hostile one costs a parser more than a pattern.
"""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probes._named_servers import name_server, pattern
from doorward.identify.probing import Context, Step
from doorward.values.evidence import Certainty, Fact
from doorward.values.printable import printable

__all__ = ["CLIENT", "SERVER", "conclude", "next_question", "open_stream"]

CLIENT: Final = "jabber:client"
SERVER: Final = "jabber:server"

_START_TLS: Final = b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"  # RFC 6120 §5.4.2.1
_CLOSE: Final = b"</stream:stream>"
_HOST = re.compile(r"[\w.:-]{1,200}")
_OPENING = re.compile(rb"<(?:stream:)?stream\b([^<>]{0,1000})>")
_STREAMS: Final = b"http://etherx.jabber.org/streams"
_ATTRIBUTE = re.compile(rb"\b(from|id|version|xmlns)=(?:'([^']{0,200})'|\"([^\"]{0,200})\")")
_FEATURES_END: Final = (b"</stream:features>", b"<stream:features/>", b"</features>")
_MECHANISM = re.compile(rb"<mechanism>([A-Z0-9_-]{1,40})</mechanism>")
_ERROR = re.compile(rb"<stream:error[^<>]{0,200}><([a-z-]{3,40})\b")
_PROCEED = re.compile(rb"<proceed\b[^<>]{0,100}urn:ietf:params:xml:ns:xmpp-tls")
_STARTTLS_OFFER = re.compile(rb"<starttls\b[^<>]{0,100}urn:ietf:params:xml:ns:xmpp-tls")
_NODE = re.compile(rb"<c\b[^<>]{0,300}\bnode=['\"]([^'\"<>]{1,200})['\"]")  # XEP-0115: who made the server's list of abilities
_SERVERS = (
    pattern(r"prosody\.im", "Prosody", "Prosody project", "prosody:prosody"),
    pattern(r"process-one\.net/en/ejabberd", "ejabberd", "ProcessOne", "process-one:ejabberd"),
    pattern(r"igniterealtime\.org/projects/openfire", "Openfire", "Ignite Realtime", "igniterealtime:openfire"),
    pattern(r"tigase\.(?:org|net)", "Tigase", "Tigase"),
    pattern(r"esl\.github\.io|mongooseim", "MongooseIM", "Erlang Solutions"),
)


def open_stream(host: str, kind: str) -> bytes:
    """The opening, in one piece (§4.7); the host is named where it can be."""
    to = f" to='{host}'" if _HOST.fullmatch(host) and host.isascii() else ""
    return f"<?xml version='1.0'?><stream:stream xmlns='{kind}' xmlns:stream='{_STREAMS.decode()}' version='1.0'{to}>".encode()


def next_question(received: bytes, context: Context) -> bytes | Step:
    """STARTTLS where the features offer it, and the handshake once it is agreed to."""
    said = {turn.sent for turn in context.turns}
    if context.tunnel is not None and _START_TLS in said:
        return Step.DONE
    if _START_TLS in said:
        return Step.START_TLS if _PROCEED.search(received) else Step.DONE if b"<failure" in received or context.closed else Step.WAIT
    if _CLOSE in said or context.closed or _ERROR.search(received):
        return Step.DONE
    if not any(end in received for end in _FEATURES_END):
        return Step.WAIT if received[:1] in (b"", b"<") else Step.DONE
    return _START_TLS if _STARTTLS_OFFER.search(received) and context.tunnel is None else _CLOSE


def conclude(received: bytes, context: Context, service: str, kind: str) -> Identity | None:
    """Read opening, features and errors; the other kind of stream's opening is not ours."""
    opening = _OPENING.search(received[:2000])
    if opening is None or _STREAMS not in opening[0] or not received.startswith((b"<?xml", b"<stream")):
        return None
    attributes = {found[1].decode(): (found[2] or found[3] or b"").decode("utf-8", "replace") for found in _ATTRIBUTE.finditer(opening[1])}
    namespace = attributes.get("xmlns", "")
    if namespace in (CLIENT, SERVER) and namespace != kind:
        return None
    node = _NODE.search(received)
    server = name_server(node[1].decode("utf-8", "replace") if node else _by_manner(opening[0], received), _SERVERS)
    facts: dict[str, Fact] = {
        "banner": banner_fact(opening[0]),
        "encrypted": context.tunnel is not None,
        "authentication": "required",
        "starttls": _STARTTLS_OFFER.search(received) is not None,
    }
    mechanisms = [found.decode() for found in _MECHANISM.findall(received)][:20]
    if mechanisms:
        facts["mechanisms"] = mechanisms
        facts["authentication"] = "none" if "ANONYMOUS" in mechanisms else "required"
    error = _ERROR.search(received)
    if error:
        facts["error"] = error[1].decode()
        del facts["starttls"]  # an error comes before the offers
    certain = bool(namespace) or context.spoke == service
    return Identity(
        service=service,
        product=server.product,
        version=server.version,
        vendor=server.vendor,
        host_name="" if error else printable(attributes.get("from", ""), 200),  # an error repeats what we called it
        cpe=server.cpe,
        certainty=Certainty.MEASURED if certain else Certainty.INFERRED,
        why="it opens a stream of XMPP",
        sentence=introduce(
            "a chat server" + (" for other chat servers" if kind == SERVER else "") + " (XMPP)", server.product, server.version
        )
        + (" It offers no encryption." if facts.get("starttls") is False and context.tunnel is None else ""),
        facts=facts,
    )


def _by_manner(opening: bytes, received: bytes) -> str:
    """Prosody in its complaints: an empty id and the language before the streams' name, or a sentence of its own (mod_c2s.lua)."""
    complains = b"<stream:error><" in received
    own = b"id='' xml:lang='en' xmlns:stream=" in opening or b">This server does not serve " in received
    return "prosody.im" if complains and own else ""
