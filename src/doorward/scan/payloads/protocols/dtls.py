"""DTLS: shall we speak in private? The server asks us to show that we live where we say (HelloVerifyRequest), and remembers nothing.

It has to repeat the number of our record (RFC 6347 §4.2.1), but OpenSSL 3.0 writes 0 (measured on 2026-11-23). A server that leaves this
step out sends its certificate at once, up to 3,000 bytes: the standard warns it against that. That answer, and an alert, repeat nothing.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "dtls"
TITLE: Final = "Encryption over UDP (DTLS): VPNs, small devices, remote desktops"
SOURCE: Final = "RFC 6347 §4.1 (record), §4.2.1, §4.2.2; RFC 5246 §7.4.1.2, §7.4.1.4.1; RFC 8422 §5.1; RFC 7925 (what small devices speak)"
PORTS: Final = (443, 853, 2083, 3391, 4433, 4740, 5061, 5349, 5684, 10162)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 7  # the lower 32 of the 48 bits of the record's number
ANSWER_BYTES: Final = 80

_VERSIONS: Final = (b"\xfe\xff", b"\xfe\xfd")  # 1.0 and 1.2, as complements
_ALERT, _HANDSHAKE = 21, 22
_SERVER_HELLO, _HELLO_VERIFY_REQUEST = 2, 3
_SUITES: Final = bytes.fromhex(
    "c02bc02fc02cc030"  # elliptic curves, AES-GCM
    "cca9cca8c0aec0a8"  # ChaCha20; CCM-8 with a certificate and with a shared key, which small devices speak
    "c00ac014c009c013009e009d009c0035002f"  # what older servers know
    "00ff"  # no renegotiation
)
_EXTENSIONS: Final = (
    bytes.fromhex("000a00080006001d00170018")  # groups: X25519, P-256, P-384
    + bytes.fromhex("000b00020100")  # points uncompressed
    + bytes.fromhex("000d000e000c040305030804040105010201")  # signatures: ECDSA and RSA with SHA-2, RSA with SHA-1
)
_RANDOM: Final = b"doorward knocks; it keeps no key"
_HELLO: Final = b"\xfe\xfd" + _RANDOM + bytes(2) + len(_SUITES).to_bytes(2) + _SUITES + b"\1\0" + len(_EXTENSIONS).to_bytes(2) + _EXTENSIONS
_MESSAGE: Final = b"\1" + len(_HELLO).to_bytes(3) + bytes(5) + len(_HELLO).to_bytes(3) + _HELLO  # whole: sequence and offset 0


def payload(nonce: int) -> bytes:
    """Record: handshake, DTLS 1.0 as first words have it, epoch 0, our number, length."""
    return b"\x16\xfe\xff" + bytes(4) + nonce_bytes(nonce, NONCE_SIZE) + len(_MESSAGE).to_bytes(2) + _MESSAGE


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether the first record is whole and asks us to come again under our number, or says hello, or an alert."""
    if len(data) < 15 or data[1:3] not in _VERSIONS or data[3:5] != bytes(2) or len(data) < 13 + int.from_bytes(data[11:13]):
        return False
    if data[0] == _ALERT:
        return data[11:13] == b"\0\2" and data[13] in (1, 2)
    if data[0] != _HANDSHAKE or len(data) < 25:
        return False
    if data[13] == _HELLO_VERIFY_REQUEST:
        return data[5:11] in (b"\0\0" + nonce_bytes(nonce, NONCE_SIZE), bytes(6))
    return data[13] == _SERVER_HELLO
