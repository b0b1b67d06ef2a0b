"""The first message of IKE version 2 and the look of its answers; IKE's two ports differ in four bytes before it.

0                   8                   16      17      18      19      20              24              28
+-------------------+-------------------+-------+-------+-------+-------+---------------+---------------+
| initiator's SPI   | responder's SPI   | next  |version|exchang| flags | message id    | length        |
+-------------------+-------------------+-------+-------+-------+-------+---------------+---------------+  RFC 7296 §3.1
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import nonce_bytes

__all__ = ["ike_init", "is_ike_response"]

_HEADER: Final = 28
_SA, _KE, _NONCE, _NONE = 33, 34, 40, 0  # payload types (§3.2)
_INITIATOR: Final = 0x08
_RESPONSE: Final = 0x20
_IKE_SA_INIT: Final = 34
_VERSION_1_EXCHANGES: Final = (2, 4, 5)  # main mode, aggressive, informational (RFC 2408 §3.1)
# (type, id, key length): ciphers, functions of randomness and integrity, groups that any responder of today or of 2005 may know (§3.3.2).
_TRANSFORMS: Final = (
    (1, 12, 256),  # AES-CBC
    (1, 12, 128),
    (1, 3, 0),  # 3DES
    (2, 5, 0),  # HMAC-SHA2-256, then SHA-1
    (2, 2, 0),
    (3, 12, 0),
    (3, 2, 0),
    (4, 14, 0),  # 2048 bits, elliptic curve 256 bits, 1024 bits
    (4, 19, 0),
    (4, 2, 0),
)
_FOREIGN_GROUP: Final = 31  # Curve25519 (RFC 8031): 32 bytes, and not among those proposed


def _payload(following: int, content: bytes) -> bytes:
    return bytes((following, 0)) + (4 + len(content)).to_bytes(2) + content


def _transform(last: bool, kind: int, number: int, key_bits: int) -> bytes:
    attribute = b"\x80\x0e" + key_bits.to_bytes(2) if key_bits else b""
    return bytes((0 if last else 3, 0)) + (8 + len(attribute)).to_bytes(2) + bytes((kind, 0)) + number.to_bytes(2) + attribute


def _proposal() -> bytes:
    transforms = b"".join(_transform(place == len(_TRANSFORMS) - 1, *each) for place, each in enumerate(_TRANSFORMS))
    return bytes(2) + (8 + len(transforms)).to_bytes(2) + bytes((1, 1, 0, len(_TRANSFORMS))) + transforms


_BODY: Final = (
    _payload(_KE, _proposal())
    + _payload(_NONCE, _FOREIGN_GROUP.to_bytes(2) + bytes(2) + b"doorward asks, and won't come in")
    + _payload(_NONE, b"doorward: nobody keeps a secret")
)
_AFTER_SPI: Final = bytes(8) + bytes((_SA, 0x20, _IKE_SA_INIT, _INITIATOR)) + bytes(4) + (_HEADER + len(_BODY)).to_bytes(4) + _BODY


def ike_init(spi: int) -> bytes:
    """IKE_SA_INIT with a key of a group that isn't proposed."""
    return nonce_bytes(spi, 8) + _AFTER_SPI


def is_ike_response(data: bytes, spi: int) -> bool:
    """Whether it is a whole message with our SPI: version 2 marked as a response, or version 1 in an exchange it has."""
    if len(data) < _HEADER or data[:8] != nonce_bytes(spi, 8) or int.from_bytes(data[24:28]) != len(data):
        return False
    if data[17] >> 4 == 1:
        return data[18] in _VERSION_1_EXCHANGES
    return data[17] >> 4 == 2 and data[18] == _IKE_SA_INIT and data[19] & (_RESPONSE | _INITIATOR) == _RESPONSE
