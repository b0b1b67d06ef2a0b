"""NFS: calls a version that there is none of, and is told which there are; reads no folder and mounts none."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._rpc import decode_reply, encode_call, record
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
from doorward.values.evidence import Certainty, Fact
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
    "first_datagram",
    "first_words",
    "read",
]

NAME: Final = "nfs"
TITLE: Final = "Folders of other machines (NFS)"
SOURCE: Final = "RFC 1813, RFC 7530, RFC 5531"
TRANSPORTS: Final = (Transport.TCP, Transport.UDP)
USUAL_PORTS: Final = (2049,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_CALL: Final = encode_call(100003, 104, 0)  # version 104, NULL


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Call; in TCP the length stands before it."""
    return record(_CALL)


def first_datagram(host: str) -> bytes:  # noqa: ARG001
    """The bare call."""
    return _CALL


def read(received: bytes, context: Context) -> Identity | None:
    """Read "no such version" and the versions there are."""
    reply = decode_reply(received, stream=context.transport is Transport.TCP) if context.spoke in ("", NAME) else None
    if reply is None or (reply.accepted and not (reply.outcome == 2 and 2 <= reply.lowest <= reply.highest <= 4)):
        return None
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "unknown"}
    if reply.accepted:
        facts["versions"] = [str(version) for version in range(reply.lowest, reply.highest + 1)]
    return Identity(
        service=NAME,
        certainty=Certainty.MEASURED if reply.accepted and context.port in USUAL_PORTS else Certainty.INFERRED,
        why="it answers a call for NFS with the versions it has" if reply.accepted else "it refuses a remote call at NFS's own port",
        sentence=introduce("a door to folders that other machines may mount (NFS)"),
        facts=facts,
    )
