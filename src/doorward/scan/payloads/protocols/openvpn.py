"""OpenVPN: may we begin? The first packet of its control channel, answered where no shared key (tls-auth, tls-crypt) shuts strangers out.

A server repeats its answer for about a minute, up to five times: the cap is kept by each of them, not by all together.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "openvpn"
TITLE: Final = "Virtual private network (OpenVPN)"
SOURCE: Final = "OpenVPN protocol, draft-ietf-openvpn-wire-protocol (opcodes, control packets); OpenVPN's ssl_pkt.h"
PORTS: Final = (1194, 1195)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 8
NONCE_OFFSET: Final = 1  # our session id, which the answer acknowledges
ANSWER_BYTES: Final = 26

_CLIENT_RESET: Final = bytes((7 << 3,))  # P_CONTROL_HARD_RESET_CLIENT_V2, key 0
_SERVER_RESET: Final = bytes((8 << 3,))  # P_CONTROL_HARD_RESET_SERVER_V2, key 0


def payload(nonce: int) -> bytes:
    """Opcode, session id, no acknowledgment, packet id 0."""
    return _CLIENT_RESET + nonce_bytes(nonce, NONCE_SIZE) + bytes(5)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether the server acknowledges our packet 0 in our session: opcode, its session, one id, our session, packet id."""
    return len(data) >= 26 and data[:1] == _SERVER_RESET and data[9:14] == b"\1\0\0\0\0" and data[14:22] == nonce_bytes(nonce, NONCE_SIZE)
