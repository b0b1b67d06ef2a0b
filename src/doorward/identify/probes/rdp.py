"""Remote Desktop Protocol: asks which security is wanted and, inside TLS, what the machine calls itself; no login is tried."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety, Step
from doorward.values.evidence import Fact
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

NAME: Final = "rdp"
TITLE: Final = "Remote Desktop: a Windows computer's screen and keyboard"
SOURCE: Final = "[MS-RDPBCGR] 2.2.1.1; [MS-CSSP]; [MS-NLMP] 2.2.1"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    3389,
    3388,
    3390,
)  # IANA: 3389; habits beside it
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 8192

# TPKT (RFC 1006): version 3, reserved, length; X.224 (ITU-T X.224 §13.3): length, connection request 0xe0, references, class;
# then RDP_NEG_REQ: type 1, flags, length 8, protocols: TLS (1) and CredSSP (2), little-endian.
_REQUEST: Final = b"\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00"
_CONFIRM: Final = 0xD0
_RESPONSE, _FAILURE = 2, 3
_PROTOCOLS: Final = {0: "standard RDP security", 1: "TLS", 2: "CredSSP", 4: "RDSTLS", 8: "CredSSP with early authorization", 16: "RDS AAD"}
_CREDSSP: Final = (2, 8)
_FAILURES: Final = {  # [MS-RDPBCGR] 2.2.1.2.2
    1: "TLS is required",
    2: "TLS is not allowed",
    3: "it has no certificate",
    4: "inconsistent flags",
    5: "CredSSP is required",
    6: "TLS with a user's certificate is required",
}
# [MS-NLMP] 2.2.1.1: a NEGOTIATE message with flags that ask for the target's names and version, no names of ours…
_NTLM: Final = b"NTLMSSP\x00"
_NEGOTIATE: Final = _NTLM + b"\x01\x00\x00\x00" + b"\x97\x82\x08\xe2" + bytes(16) + b"\x0a\x00\x61\x4a\x00\x00\x00\x0f"
_NAMES: Final = {1: "netbios_computer", 2: "netbios_domain", 3: "dns_computer", 4: "dns_domain", 5: "dns_forest"}  # [MS-NLMP] 2.2.2.1
_MOST_PAIRS: Final = 20
# Build number → the systems that carry it, by Microsoft's release information.
_BUILDS: Final = {
    3790: "Windows Server 2003",
    6002: "Windows Server 2008",
    6003: "Windows Server 2008",
    7601: "Windows 7 or Server 2008 R2",
    9200: "Windows 8 or Server 2012",
    9600: "Windows 8.1 or Server 2012 R2",
    14393: "Windows 10 or Server 2016",
    17763: "Windows 10 or Server 2019",
    20348: "Windows Server 2022",
    26100: "Windows 11 or Server 2025",
}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """An X.224 connection request that offers TLS and CredSSP."""
    return _REQUEST


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Begin TLS where the server chose it; inside, with CredSSP, ask for the machine's names."""
    confirmed = _decode_confirm(received)
    if confirmed is None:
        return Step.WAIT if len(received) < 7 or received[5] == _CONFIRM else Step.DONE
    kind, value = confirmed
    if kind != _RESPONSE or value == 0:
        return Step.DONE
    if context.tunnel is None:
        return Step.START_TLS
    token = _token()
    if value not in _CREDSSP or any(turn.sent == token for turn in context.turns):
        return Step.DONE if value not in _CREDSSP or _decode_challenge(received) else Step.WAIT
    return token


def read(received: bytes, context: Context) -> Identity | None:
    """Read the connection confirm, and the challenge behind it."""
    confirmed = _decode_confirm(received)
    if confirmed is None:
        return None
    kind, value = confirmed
    challenge = _decode_challenge(received)
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "required" if value in _CREDSSP else "unknown"}
    if kind == _RESPONSE:
        facts["security"] = _PROTOCOLS.get(value, str(value))
    elif kind == _FAILURE:
        facts["refusal"] = _FAILURES.get(value, str(value))
        if value == 5:
            facts["authentication"] = "required"
    else:
        facts["security"] = _PROTOCOLS[0]
    facts |= challenge
    system = str(challenge.get("system", ""))
    facts.pop("system", None)
    product = "Microsoft Terminal Services" if system else ""
    return Identity(
        service=NAME,
        product=product,
        vendor="Microsoft" if product else "",
        system=system,
        host_name=str(challenge.get("dns_computer") or challenge.get("netbios_computer") or ""),
        why="it confirms an X.224 connection for remote desktop",
        sentence=introduce("a door to a computer's screen and keyboard (Remote Desktop)", product, "", system) + _advice(kind, value),
        facts=facts,
    )


def _decode_confirm(received: bytes) -> tuple[int, int] | None:
    """Kind of the answer (0 where a server before 2003 says nothing) and its value; `None` where it is no whole confirm."""
    size = int.from_bytes(received[2:4])
    if received[:2] != b"\x03\x00" or not 11 <= size <= 64 or len(received) < size:
        return None
    if received[4] != size - 5 or received[5] != _CONFIRM or received[6:8] != b"\x00\x00":
        return None
    if size == 11:
        return 0, 0
    if size != 19 or received[11] not in (_RESPONSE, _FAILURE) or received[13:15] != b"\x08\x00":
        return None
    return received[11], int.from_bytes(received[15:19], "little")


def _token() -> bytes:
    """TSRequest ([MS-CSSP] 2.2.1): sequence of version 6 and one token, in DER."""
    token = _der(0x30, _der(0xA0, _der(0x04, _NEGOTIATE)))
    return _der(0x30, _der(0xA0, b"\x02\x01\x06") + _der(0xA1, _der(0x30, token)))


def _der(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content


def _decode_challenge(received: bytes) -> dict[str, Fact]:
    """Read [MS-NLMP] 2.2.1.2: at byte 40 length and place of the names, at 48 the version; empty where it isn't whole."""
    start = received.find(_NTLM + b"\x02\x00\x00\x00")
    message = received[start:] if start > 0 else b""
    if len(message) < 56:
        return {}
    size, place = int.from_bytes(message[40:42], "little"), int.from_bytes(message[44:48], "little")
    pairs = message[place : place + size]
    if place < 48 or len(pairs) < size:
        return {}
    facts = _decode_names(pairs)
    if int.from_bytes(message[20:24], "little") & 0x02000000 and place >= 56:  # NTLMSSP_NEGOTIATE_VERSION
        build = int.from_bytes(message[50:52], "little")
        facts["system_build"] = f"{message[48]}.{message[49]}.{build}"
        facts["system"] = _BUILDS.get(build, "Windows")
    return facts


def _decode_names(pairs: bytes) -> dict[str, Fact]:
    """AV_PAIRs: kind (2), length (2), value; kind 0 ends them."""
    facts: dict[str, Fact] = {}
    place = 0
    for _ in range(_MOST_PAIRS):
        kind, size = int.from_bytes(pairs[place : place + 2], "little"), int.from_bytes(pairs[place + 2 : place + 4], "little")
        if not kind or place + 4 + size > len(pairs):
            break
        if kind in _NAMES:
            facts[_NAMES[kind]] = printable(pairs[place + 4 : place + 4 + size].decode("utf-16-le", "replace")[:100])
        place += 4 + size
    return facts


def _advice(kind: int, value: int) -> str:
    if kind == _FAILURE:
        return f" It refused our offer: {_FAILURES.get(value, value)}."
    if kind == 0 or value == 0:
        return " It takes the old security of its own, which is broken: turn on network level authentication."
    if value in _CREDSSP:
        return " It wants a login before it shows anything (network level authentication)."
    return " It shows its login screen to whoever reaches it: turn on network level authentication where it can be."
