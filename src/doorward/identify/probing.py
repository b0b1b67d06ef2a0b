"""What a probe file offers, and what its reader is told; knows no protocol and touches nothing.

A probe is one file in `doorward.identify.probes`, found by its place there. It offers the constants and functions of `Probe`, as
module-level names; `next_words`, `first_datagram` and the constants told of below are optional. All of it is pure: bytes in, values out.
The same reader serves a live answer, a capture, and the answer to another probe's words, because **every reply is read by every reader**:

- ``read`` gets *all* bytes received on one connection since its start (in UDP: all datagrams of one socket). They may be cut anywhere,
  be random, be another protocol's, or be an error that answers another probe's words. It returns `None` for what is not its protocol,
  an `Identity` for what is, and may raise `PeerError` for its protocol broken. Linear time; never more than `MAX_BYTES` are handed over.
- It claims ``Certainty.MEASURED`` only when the structure (magic, lengths, keywords) leaves no doubt, else ``INFERRED``. A loose claim
  on somebody else's bytes is worse than silence.
- ``first_words`` is what a client says first; empty when the client has to wait for the server's greeting.
- ``first_datagram`` stands for ``first_words`` in UDP, where a protocol frames its messages otherwise there.
- A reader of a service that never answers is handed empty bytes once its words were taken in silence; others return `None` for them.
- ``STANDS_ON`` names the protocol that carries this one, "http" for an interface of programs. Its claim outranks its carrier's, for it
  is the same answer known better. A certain one on the answer to its carrier's words is its own; an inferred one is a hint, and this
  probe's own words are said next.
- ``SHOWN_AS`` is the service's name in answers, where the world has no name of its own for it: a registry of containers is a web door
  ("http") with the fact ``interface``.
- ``ANSWERS_FROM_OTHER_PORTS`` is set where a server answers a datagram from a port of its own for each caller (TFTP).
- ``next_words`` is the conversation as a function of what was seen so far. It is asked whenever bytes arrive, and answers with bytes to
  send, or with a `Step`. Without it, the first reply is the whole conversation and ends 50 ms after its last byte.
"""

from __future__ import annotations

import enum
from typing import Protocol

import msgspec

from doorward.identify.identity import Identity
from doorward.values.transports import Transport

__all__ = ["ANSWER_BYTES", "Context", "Probe", "Safety", "Step", "Tunnel", "Turn"]

#: Bytes a reader is handed at most; greetings and errors are below 4 kB, a start page's title stands in its first 16 kB.
ANSWER_BYTES = 16_384


class Safety(enum.StrEnum):
    """To which doors a probe's words may be said."""

    ANY_PORT = "any port"  #: harmless to whatever listens: text or a small standard hello
    OWN_PORTS = "own ports"  #: only on its usual ports, after its greeting was recognised, or when asked for by name
    ONLY_ASKED = "only asked"  #: only when asked for by name: the far end may print, log loudly, or break


class Step(enum.Enum):
    """What a conversation does when it says nothing."""

    WAIT = "wait"  #: the reply is not whole yet
    DONE = "done"  #: nothing more to learn: close
    START_TLS = "start tls"  #: the server agreed to TLS: shake hands on this connection, then ask `next_words` again


class Turn(msgspec.Struct, frozen=True):
    """One exchange: what we said (empty: we only listened) and what came back until we spoke again."""

    sent: bytes
    received: bytes


class Tunnel(msgspec.Struct, frozen=True, kw_only=True):
    """The TLS around a conversation."""

    version: str  #: "TLSv1.3"
    cipher: str = ""
    alpn: str = ""  #: the application protocol agreed on (RFC 7301), or empty
    certificate: bytes = b""  #: the server's own certificate, DER; empty when it showed none
    verified: bool | None = None  #: whether this machine's authorities vouch for it; `None`: not asked
    not_verified_why: str = ""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader may know beside the bytes; all of it may be missing in a capture or a test."""

    host: str = ""  #: as the caller wrote it: a name or an address, without port
    port: int = 0
    transport: Transport = Transport.TCP
    spoke: str = ""  #: `NAME` of the probe whose words were said; empty while we only listened
    turns: tuple[Turn, ...] = ()  #: oldest first; their `received` joined is what the reader gets
    tunnel: Tunnel | None = None
    closed: bool = False  #: the far end has closed: no more will come


class Probe(Protocol):
    """What a probe's file must offer; ``next_words(received, context) -> bytes | Step``, ``first_datagram(host) -> bytes`` may be there."""

    NAME: str  #: the file's own name: "ssh"
    TITLE: str  #: for people: "Secure Shell: remote login"
    SOURCE: str  #: the standard it is written from: "RFC 4253"
    TRANSPORTS: tuple[Transport, ...]
    USUAL_PORTS: tuple[int, ...]
    SERVER_SPEAKS_FIRST: bool
    SAFETY: Safety
    MAX_BYTES: int  #: `ANSWER_BYTES` unless there is a reason

    def first_words(self, host: str) -> bytes:
        """What a client says first; in UDP the first datagram."""

    def read(self, received: bytes, context: Context) -> Identity | None:
        """Read all that was received so far."""
