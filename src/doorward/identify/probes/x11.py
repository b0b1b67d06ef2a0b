"""X Window System: asks to be let in without a key, and reads whether the door stands open; opens no window."""

from __future__ import annotations

from typing import Final

from doorward.identify.cpe import cpe_name
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

NAME: Final = "x11"
TITLE: Final = "X11: windows on another computer's screen"
SOURCE: Final = "X Window System Protocol, X11R7.7, chapter 8 (Connection Setup)"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = tuple(range(6000, 6100))  # IANA: 6000 and one more per display
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 8192

_SETUP: Final = b"l\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00"
_FAILED, _SUCCESS, _AUTHENTICATE = 0, 1, 2


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for a session, little-endian, protocol 11.0, with no key."""
    return _SETUP


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Wait until the vendor's name, or the reason, is here: the list of screens behind it is not needed."""
    if len(received) < 8:
        return Step.WAIT
    wanted = 8 + 32 + int.from_bytes(received[24:26], "little") if received[0] == _SUCCESS else 8 + 4 * _words(received)
    return Step.DONE if len(received) >= min(wanted, MAX_BYTES) else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the setup's answer: status (1 byte), length of a reason (1), protocol 11.0 (2 + 2), length in words (2), then the rest."""
    if len(received) < 8 or received[2:6] != b"\x0b\x00\x00\x00" or received[0] > _AUTHENTICATE:
        return None
    if received[0] == _SUCCESS:
        return _read_success(received, context)
    size = received[1] if received[0] == _FAILED else 4 * _words(received)
    reason = received[8 : 8 + size]
    if not size or len(reason) < size or (received[0] == _FAILED and (size + 3) // 4 != _words(received)):
        return None
    text = printable(reason.rstrip(b"\x00\n").decode("utf-8", "replace")[:200])
    facts: dict[str, Fact] = {
        "banner": text,
        "protocol_version": "11.0",
        "authentication": "required",
        "encrypted": context.tunnel is not None,
    }
    sentence = introduce("a door to a computer's screen (X11)") + " It lets in only who shows a key."
    return Identity(service=NAME, why=f"it refuses a session of X11: “{text}”", sentence=sentence, facts=facts)


def _read_success(received: bytes, context: Context) -> Identity | None:
    """Release (4), resources (8), motion buffer (4), length of the vendor's name (2), …, the name at byte 40."""
    size = int.from_bytes(received[24:26], "little")
    name = received[40 : 40 + size]
    if not size or len(name) < size or 4 * _words(received) < 32 + size:
        return None
    vendor, release = printable(name.decode("utf-8", "replace"), 100), int.from_bytes(received[8:12], "little")
    is_xorg = vendor == "The X.Org Foundation"
    version = _xorg_version(release) if is_xorg else ""
    product = "X.Org X server" if is_xorg else ""
    facts: dict[str, Fact] = {
        "banner": vendor,
        "protocol_version": "11.0",
        "release": release,
        "authentication": "none",
        "encrypted": context.tunnel is not None,
    }
    open_door = " Whoever reaches it may watch the screen, read the keys and type into windows: it asks for no key."
    return Identity(
        service=NAME,
        product=product,
        version=version,
        vendor=vendor,
        cpe=cpe_name("x.org", "x_server", version) if is_xorg else "",
        why="it grants a session of X11 to a caller without a key",
        sentence=introduce("a door to a computer's screen (X11)", product, version) + open_door,
        facts=facts,
    )


def _words(received: bytes) -> int:
    """Length of what follows the first 8 bytes, in units of four."""
    return int.from_bytes(received[6:8], "little")


def _xorg_version(release: int) -> str:
    """X.Org counts 12101006 for 21.1.6 (1.21.1.6 until they dropped the 1) and 12013000 for 1.20.13 (xorg-server, configure.ac)."""
    numbers = release // 10_000_000, release // 100_000 % 100, release // 1000 % 100, release % 1000
    if numbers[0] != 1:
        return ""
    shown = numbers[1:] if numbers[1] >= 21 else numbers
    return ".".join(str(number) for number in (shown if shown[-1] else shown[:-1]))
