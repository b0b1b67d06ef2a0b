"""SQL Server's browser: asks which instances this machine has and where they listen."""

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

NAME: Final = "mssql_browser"
TITLE: Final = "Which Microsoft SQL Servers a machine has"
SOURCE: Final = "MC-SQLR §2.2"
TRANSPORTS: Final = (Transport.UDP,)
USUAL_PORTS: Final = (1434,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_FIELDS: Final = {"InstanceName": "instance", "Version": "version", "tcp": "port", "np": "pipe", "IsClustered": "clustered"}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """All instances of this machine (CLNT_UCAST_EX, §2.2.2)."""
    return b"\x03"


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read SVR_RESP: 5, length (2, little end first), names and values between semicolons; two of them end an instance (§2.2.5)."""
    size = int.from_bytes(received[1:3], "little")
    if received[:1] != b"\x05" or not 0 < size <= len(received) - 3:
        return None
    text = printable(received[3 : 3 + size].decode("cp1252", "replace"))
    instances = [_pairs(part) for part in text.split(";;")[:20] if part]
    if not instances or "ServerName" not in instances[0]:
        return None
    first = instances[0]
    shown = [", ".join(f"{ours} {one[name]}" for name, ours in _FIELDS.items() if one.get(name)) for one in instances]
    facts: dict[str, Fact] = {"encrypted": False, "authentication": "none", "instances": shown}
    return Identity(
        service=NAME,
        product="Microsoft SQL Server",
        version=first.get("Version", ""),
        vendor="Microsoft",
        host_name=first["ServerName"],
        cpe=cpe_name("microsoft", "sql_server", first.get("Version", "")),
        why="it lists its machine's database servers",
        sentence=introduce("a list of this machine's databases", "Microsoft SQL Server", first.get("Version", "")),
        facts=facts,
    )


def _pairs(text: str) -> dict[str, str]:
    parts = text.split(";")
    return dict(zip(parts[::2], parts[1::2], strict=False))
