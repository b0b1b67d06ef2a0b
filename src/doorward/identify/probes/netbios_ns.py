"""NetBIOS's name service: asks a machine for the table of its own names; registers nothing."""

from __future__ import annotations

from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
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
    "read",
]

NAME: Final = "netbios_ns"
TITLE: Final = "Names in a Windows network (NetBIOS)"
SOURCE: Final = "RFC 1002 §4.2.17 (node status)"
TRANSPORTS: Final = (Transport.UDP,)
USUAL_PORTS: Final = (137,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_NUMBER: Final = b"DW"
_NAME: Final = b"\x20CK" + b"A" * 30 + b"\x00"  # "*" and fifteen zeros, first-level encoded (RFC 1001 §14.1)
_STATUS: Final = b"\x00\x21\x00\x01"  # NBSTAT, Internet
_ROLES: Final = {
    0x00: "workstation",
    0x03: "messenger",
    0x1B: "domain_master_browser",
    0x1C: "domain_controller",
    0x1D: "master_browser",
    0x20: "file_server",
}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for the node's status."""
    return _NUMBER + b"\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00" + _NAME + _STATUS


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the table: header (12), name, kind, time to live (4), length (2), count (1), then name (15), suffix (1), flags (2)."""
    start = 12 + len(_NAME)
    if received[:2] != _NUMBER or len(received) < start + 11 or not received[2] & 0x80 or received[start : start + 4] != _STATUS:
        return None
    count, place = received[start + 10], start + 11
    if len(received) < place + 18 * count:
        return None
    rows = [received[place + 18 * row : place + 18 * row + 18] for row in range(count)]
    table = [(printable(row[:15].decode("cp437", "replace").strip(" \0")), row[15], bool(row[16] & 0x80)) for row in rows]
    machine = next((name for name, kind, group in table if kind in (0x00, 0x20) and not group), "")
    domain = next((name for name, kind, group in table if kind in (0x00, 0x1C) and group), "")
    mac = received[place + 18 * count : place + 18 * count + 6]
    facts: dict[str, Fact] = {
        "encrypted": False,
        "authentication": "none",
        "names": [f"{name}<{kind:02x}>" for name, kind, _ in table][:40],
        "roles": sorted({_ROLES[kind] for _, kind, _ in table if kind in _ROLES}),
    }
    if domain:
        facts["domain"] = domain
    if len(mac) == 6 and any(mac):
        facts["mac"] = mac.hex(":")
    samba = not any(mac)  # Samba tells no card's number (nmbd_packets.c fills it with zeros)
    text = f" Its name is {machine}" + (f", of {domain}." if domain else ".") if machine else ""
    return Identity(
        service=NAME,
        product="Samba" if samba else "",
        vendor="Samba Team" if samba else "",
        system="" if samba else "Windows",
        host_name=machine,
        cpe=cpe_name("samba", "samba") if samba else "",
        why="it answers with the table of its names",
        sentence=introduce("a machine's table of names in a Windows network") + text,
        facts=facts,
    )
