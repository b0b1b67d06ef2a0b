"""SMB's first messages, of the old version and of 2 and 3: writes our questions and reads the answers; knows no product.

Each message stands behind a NetBIOS header: 0 and its length (3 bytes). Version 1 begins with ``FF 'SMB'``, the later ones with
``FE 'SMB'`` (MS-SMB2 §2.2.1). All numbers have their little end first.
"""

from __future__ import annotations

import struct
from typing import Final

from doorward.identify.probes._ntlm import NEGOTIATE

__all__ = [
    "ASK_ANY",
    "ASK_DIALECT",
    "ASK_SETUP",
    "ASK_SETUP_OLD",
    "COMMAND_NEGOTIATE",
    "COMMAND_SETUP",
    "DIALECTS",
    "SMB1",
    "SMB2",
    "split_messages",
]

SMB1: Final = b"\xffSMB"
SMB2: Final = b"\xfeSMB"
COMMAND_NEGOTIATE: Final = 0
COMMAND_SETUP: Final = 1
#: MS-SMB2 §2.2.4
DIALECTS: Final = {0x0202: "2.0.2", 0x0210: "2.1", 0x0300: "3.0", 0x0302: "3.0.2", 0x0311: "3.1.1"}

_MOST_MESSAGES: Final = 6


def _framed(message: bytes) -> bytes:
    return len(message).to_bytes(4) + message


def _header_1(command: int) -> bytes:
    """MS-CIFS §2.2.3.1: command, no status, flags, flags 2 (Unicode, NT status, extended security, long names), ids."""
    return (
        SMB1 + bytes((command,)) + bytes(4) + b"\x18" + struct.pack("<H", 0xC853) + bytes(12) + struct.pack("<HHHH", 0xFFFF, 0xFEFF, 0, 0)
    )


def _header_2(command: int, number: int) -> bytes:
    """MS-SMB2 §2.2.1.2: size, credit charge, status, command, credits, flags, next, message id, process, tree, session, signature."""
    return SMB2 + struct.pack("<HHIHHIIQIIQ", 64, 0, 0, command, 31, 0, 0, number, 0xFEFF, 0, 0) + bytes(16)


def _ask_any() -> bytes:
    """Version 1's question for a dialect, with those that lead to 2 and 3 among them (MS-SMB2 §3.2.4.2.2.1)."""
    dialects = b"".join(b"\x02" + name + b"\0" for name in (b"NT LM 0.12", b"SMB 2.002", b"SMB 2.???"))
    return _framed(_header_1(0x72) + b"\0" + struct.pack("<H", len(dialects)) + dialects)


def _ask_dialect() -> bytes:
    """All dialects of 2 and 3; for 3.1.1 the integrity and encryption contexts that it must have (MS-SMB2 §2.2.3.1)."""
    integrity = struct.pack("<HHI", 1, 38, 0) + struct.pack("<HHH", 1, 32, 1) + bytes(32)
    encryption = struct.pack("<HHI", 2, 6, 0) + struct.pack("<HHH", 2, 2, 1)
    contexts = integrity + bytes(-len(integrity) % 8) + encryption
    dialects = struct.pack(f"<{len(DIALECTS)}H", *DIALECTS)
    place = 64 + 36 + len(dialects)
    padding = bytes(-place % 8)
    fixed = struct.pack("<HHHHI", 36, len(DIALECTS), 1, 0, 0x7F) + b"DoorwardDoorward" + struct.pack("<IHH", place + len(padding), 2, 0)
    return _framed(_header_2(COMMAND_NEGOTIATE, 1) + fixed + dialects + padding + contexts)


def _ask_setup() -> bytes:
    """A session's beginning with NTLM's first message, to which the server answers with its challenge (MS-SMB2 §2.2.5)."""
    fixed = struct.pack("<HBBIIHHQ", 25, 0, 1, 0, 0, 64 + 24, len(NEGOTIATE), 0)
    return _framed(_header_2(COMMAND_SETUP, 2) + fixed + NEGOTIATE)


def _ask_setup_old() -> bytes:
    """The same in version 1 (MS-SMB §2.2.4.6.1); the answer ends with names of system and file server."""
    words = struct.pack("<BBHHHHIHII", 0xFF, 0, 0, 16_384, 2, 1, 0, len(NEGOTIATE), 0, 0x8000_0054)
    message = _header_1(0x73) + bytes((len(words) // 2,)) + words
    names = bytes((len(message) + 2 + len(NEGOTIATE)) % 2) + bytes(4)  # both empty
    return _framed(message + struct.pack("<H", len(NEGOTIATE) + len(names)) + NEGOTIATE + names)


#: Questions in the order of asking.
ASK_ANY: Final = _ask_any()
ASK_DIALECT: Final = _ask_dialect()
ASK_SETUP: Final = _ask_setup()
ASK_SETUP_OLD: Final = _ask_setup_old()


def split_messages(received: bytes) -> list[bytes]:
    """Whole messages without their NetBIOS header, at most six; an agreed NetBIOS session (kind 0x82) before them is passed over."""
    messages: list[bytes] = []
    place = 4 if received[:4] == b"\x82\x00\x00\x00" else 0
    while len(received) >= place + 4 and received[place] == 0 and len(messages) < _MOST_MESSAGES:
        size = int.from_bytes(received[place + 1 : place + 4])
        if len(received) < place + 4 + size:
            break
        messages.append(received[place + 4 : place + 4 + size])
        place += 4 + size
    return messages
