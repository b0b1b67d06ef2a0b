"""STOMP: greets the server without a name, and reads how it answers; subscribes to nothing."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probes._named_servers import name_server, pattern
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
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
    "read",
]

NAME: Final = "stomp"
TITLE: Final = "STOMP: messages between programs, as text"
SOURCE: Final = "STOMP 1.2"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    61613,
    61614,
    61612,
)  # ActiveMQ's and RabbitMQ's manuals; in TLS; by habit
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_FRAME = re.compile(rb"(CONNECTED|ERROR)\r?\n((?:[A-Za-z0-9_.-]{1,60}:[^\r\n]{0,300}\r?\n){0,30})\r?\n")
_HEADER = re.compile(rb"([A-Za-z0-9_.-]{1,60}):([^\r\n]{0,300})\r?\n")
_SERVERS = (
    pattern(r"^ActiveMQ-Artemis/(\d[\w.]*)", "ActiveMQ Artemis", "Apache Software Foundation", "apache:activemq_artemis"),
    pattern(r"^ActiveMQ/(\d[\w.]*)", "ActiveMQ", "Apache Software Foundation", "apache:activemq"),
    pattern(r"^RabbitMQ/(\d[\w.]*)", "RabbitMQ", "Broadcom", "vmware:rabbitmq"),
    pattern(r"^apache-apollo/(\d[\w.]*)", "ActiveMQ Apollo", "Apache Software Foundation", "apache:activemq_apollo"),
    pattern(r"^HornetQ/(\d[\w.]*)", "HornetQ", "Red Hat", "redhat:hornetq"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001  # RabbitMQ takes the host for one of its own virtual ones
    """Greet, with all versions that there are."""
    return b"CONNECT\naccept-version:1.0,1.1,1.2\nhost:/\n\n\x00"


def read(received: bytes, context: Context) -> Identity | None:
    """Read the frame's command and headers; an error that only STOMP words so counts, too."""
    frame = _FRAME.match(received[:MAX_BYTES])
    if frame is None:
        return None
    headers = {found[1].decode().lower(): printable(found[2].decode("utf-8", "replace")) for found in _HEADER.finditer(frame[2])}
    connected = frame[1] == b"CONNECTED"
    if not headers or not (("version" in headers or "session" in headers) if connected else "message" in headers):
        return None
    server = name_server(headers.get("server", ""), _SERVERS)
    facts: dict[str, Fact] = {
        "banner": banner_fact(headers.get("server", headers.get("message", "")).encode()),
        "encrypted": context.tunnel is not None,
        "authentication": "none" if connected else "unknown",
    }
    if "version" in headers:
        facts["protocol_version"] = headers["version"]
    if not connected and re.search(r"(?i)bad connect|access refused|user ?name|password|not authenticated|security", headers["message"]):
        facts["authentication"] = "required"
    return Identity(
        service=NAME,
        product=server.product,
        version=server.version,
        vendor=server.vendor,
        cpe=server.cpe,
        certainty=Certainty.MEASURED if connected or context.spoke == NAME else Certainty.INFERRED,
        why=f"it answers with a STOMP {frame[1].decode()} frame",
        sentence=introduce("a server that passes messages between programs (STOMP)", server.product, server.version)
        + {"none": " It lets everyone in without a password.", "required": " It wants a login."}.get(str(facts["authentication"]), ""),
        facts=facts,
    )
