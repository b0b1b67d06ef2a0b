"""SQL Server's browser: where is the administrators' door of the usual instance? Six bytes for 14.

The usual question lists all instances in up to 64 kB, which made it a reflector. A browser that has no such instance keeps silent.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "mssql_browser"
TITLE: Final = "Which databases are here (Microsoft SQL Server browser)"
SOURCE: Final = "MC-SQLR §2.2.4 (CLNT_UCAST_DAC), §2.2.6 (SVR_RESP_DAC), §2.2.5"
PORTS: Final = (1434,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 0
NONCE_OFFSET: Final = None
ANSWER_BYTES: Final = 6


def payload(nonce: int) -> bytes:  # noqa: ARG001
    """The question, as the first lines of this file explain it."""
    return b"\x0f\x01MSSQLSERVER\0"


def is_answer(data: bytes, nonce: int) -> bool:  # noqa: ARG001
    """Whether it is a port (response, size 6, version 1), or instances in the words of the other responses."""
    if data[:4] == b"\x05\x06\0\x01":
        return len(data) == 6 and data[4:] != bytes(2)
    return data[:1] == b"\x05" and int.from_bytes(data[1:3], "little") == len(data) - 3 and data[3:].startswith(b"ServerName;")
