"""The INIT that a trail knocks with over SCTP, and what a packet that comes back says of it. Knows packets, no sockets.

The nonce chooses our port and our tag, so that an answer to us can be told from other associations' packets, which a raw socket
hears as well: an INIT ACK carries our tag in its header (RFC 9260 §5.1), an ABORT the same (§8.4).
"""

from __future__ import annotations

from typing import Final

from doorward.errors import PeerError
from doorward.scan.doorstates import Reason
from doorward.wire.ipv4 import decode_ipv4
from doorward.wire.sctp import SctpPacket, decode_sctp, encode_sctp
from doorward.wire.sctp_chunks import ABORT, INIT, INIT_ACK, InitChunk

__all__ = ["encode_init", "read_answer"]

_FIRST_PORT: Final = 49152  # RFC 6335 §6: ports for no fixed use
_WINDOW_BYTES: Final = 65536
_STREAMS: Final = 1


def encode_init(port: int, nonce: int) -> bytes:
    """The knock; any non-negative integer is a nonce."""
    tag = _tag(nonce)
    chunk = InitChunk(
        kind=INIT, initiate_tag=tag, window=_WINDOW_BYTES, outbound_streams=_STREAMS, inbound_streams=_STREAMS, initial_tsn=tag
    )
    return encode_sctp(SctpPacket(source_port=_own_port(nonce), destination_port=port, verification_tag=0, chunks=(chunk,)))


def read_answer(data: bytes, port: int, nonce: int, *, family: int) -> Reason | None:
    """What a packet from a raw socket says: open, closed, or ``None`` where it isn't an answer to ``encode_init(port, nonce)``.

    Over IPv4 raw sockets hand out the IP header too, over IPv6 they don't (raw(7), RFC 3542 §3).
    """
    try:
        packet = decode_sctp(decode_ipv4(data).payload if family == 4 else data)
    except PeerError:
        return None
    if (packet.source_port, packet.destination_port, packet.verification_tag) != (port, _own_port(nonce), _tag(nonce)):
        return None
    kinds = {chunk.kind for chunk in packet.chunks}
    return Reason.INIT_ACK if INIT_ACK in kinds else Reason.ABORTED if ABORT in kinds else None


def _own_port(nonce: int) -> int:
    return _FIRST_PORT + (nonce >> 32) % (1 << 14)


def _tag(nonce: int) -> int:
    return 1 + nonce % (2**32 - 1)  # zero is no tag (RFC 9260 §3.3.2)
