"""NTLM's first two messages: what a Windows or Samba machine tells of itself before any name or password; knows nothing of proving oneself.

The client's first message (NEGOTIATE) asks for the server's challenge, and the challenge names machine, domain and Windows build.
No third message is ever sent, so nobody is logged in and nobody fails to.
"""

from __future__ import annotations

import datetime
from typing import Final

import msgspec

from doorward.values.printable import printable

__all__ = ["NEGOTIATE", "Challenge", "decode_challenge", "filetime", "windows_of_build"]

_MAGIC: Final = b"NTLMSSP\0"
_FLAGS: Final = 0x62088205  # MS-NLMP §2.2.2.5: Unicode, target, NTLM, sign always, extended security, version, 128 and 56 bits
#: The first message: magic, kind 1, flags, no domain, no workstation (§2.2.1.1).
NEGOTIATE: Final = _MAGIC + (1).to_bytes(4, "little") + _FLAGS.to_bytes(4, "little") + bytes(16)
_NAMES: Final = {1: "netbios_name", 2: "netbios_domain", 3: "dns_name", 4: "dns_domain", 5: "dns_forest"}  # §2.2.2.1
_TIME: Final = 7
_EPOCH: Final = datetime.datetime(1601, 1, 1, tzinfo=datetime.UTC)  # MS-DTYP §2.3.3
# First build of a release → its names as desktop and as server (Microsoft Learn: Windows release information).
_RELEASES: Final = (
    (26100, "Windows 11 24H2 or Server 2025"),
    (22631, "Windows 11 23H2"),
    (22621, "Windows 11 22H2"),
    (22000, "Windows 11"),
    (20348, "Windows Server 2022"),
    (19041, "Windows 10"),
    (17763, "Windows 10 1809 or Server 2019"),
    (14393, "Windows 10 1607 or Server 2016"),
    (10240, "Windows 10"),
    (9600, "Windows 8.1 or Server 2012 R2"),
    (9200, "Windows 8 or Server 2012"),
    (7600, "Windows 7 or Server 2008 R2"),
    (6000, "Windows Vista or Server 2008"),
    (3790, "Windows Server 2003"),
    (2600, "Windows XP"),
    (2195, "Windows 2000"),
)


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """What the second message tells; empty where it is silent."""

    names: dict[str, str] = {}  #: netbios_name, netbios_domain, dns_name, dns_domain, dns_forest
    version: str = ""  #: "10.0.17763"
    system: str = ""  #: "Windows 10 1809 or Server 2019"
    is_samba: bool = False  #: the version is the one that Samba makes up
    time: datetime.datetime | None = None


def decode_challenge(received: bytes) -> Challenge | None:
    """Find the second message within ``received`` and read it; `None` where there is none.

    Magic, kind 2 (4 bytes), target (8: length, room, place), flags (4), challenge (8), reserved (8), facts (8), version (8) — §2.2.1.2.
    """
    start = received.find(_MAGIC + b"\x02\x00\x00\x00")
    message = received[start : start + 4000] if start >= 0 else b""
    if len(message) < 48:
        return None
    size, place = int.from_bytes(message[40:42], "little"), int.from_bytes(message[44:48], "little")
    names, time = _target(message[place : place + size])
    has_version = int.from_bytes(message[20:24], "little") & 0x0200_0000
    major, minor, build = (
        (message[48], message[49], int.from_bytes(message[50:52], "little")) if has_version and len(message) >= 56 else (0, 0, 0)
    )
    samba = (major, minor, build) == (6, 1, 0)  # samba/auth/ntlmssp: 6.1 without build; Windows 7 has one
    version = f"{major}.{minor}.{build}" if major and not samba else ""
    return Challenge(names=names, version=version, system="" if samba else windows_of_build(build), is_samba=samba, time=time)


def windows_of_build(build: int) -> str:
    """The release that a build belongs to; empty for 0."""
    return next((name for first, name in _RELEASES if build >= first), "Windows" if build else "")


def filetime(ticks: int) -> datetime.datetime | None:
    """Read a FILETIME, ticks of 100 ns since 1601; `None` for none or one beyond reason."""
    try:
        return _EPOCH + datetime.timedelta(microseconds=ticks // 10) if ticks else None
    except OverflowError:
        return None


def _target(data: bytes) -> tuple[dict[str, str], datetime.datetime | None]:
    """Pairs of kind (2) and length (2), then the value; kind 0 ends them."""
    names: dict[str, str] = {}
    time = None
    place = 0
    while place + 4 <= len(data):
        kind, size = int.from_bytes(data[place : place + 2], "little"), int.from_bytes(data[place + 2 : place + 4], "little")
        value = data[place + 4 : place + 4 + size]
        if kind == 0 or len(value) < size:
            break
        if kind in _NAMES:
            names[_NAMES[kind]] = printable(value.decode("utf-16-le", "replace"), 200)
        elif kind == _TIME:
            time = filetime(int.from_bytes(value, "little"))
        place += 4 + size
    return names, time
