"""The text of ``/etc/services``: names that this machine's owner or maker gave to ports; reads any bytes and opens no file."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from doorward.values.transports import Transport

__all__ = ["LocalName", "parse_services"]

_MAX_BYTES = 16 << 20  # the largest such file that we know of, nmap's size and more, has 1 MB
_MAX_NAME = 64  # RFC 6335 §5.1 allows 15; local files are freer
_TRANSPORTS = {transport.value: transport for transport in Transport}


class LocalName(msgspec.Struct, frozen=True):
    """One line of the file."""

    name: str
    port: int
    transport: Transport
    aliases: tuple[str, ...] = ()
    comment: str = ""


def parse_services(data: bytes) -> list[LocalName]:
    r"""Read the lines ``name port/transport [alias…] [# comment]`` in their order; lines that are anything else are passed over.

    Bytes that are no UTF-8 become ``\xNN``. Reads at most 16 MiB.
    """
    return list(_lines(data[:_MAX_BYTES].decode("utf-8", "backslashreplace")))


def _lines(text: str) -> Iterator[LocalName]:
    for line in text.split("\n"):
        words, _, comment = line.partition("#")
        fields = words.split()
        if len(fields) < 2 or any(len(field) > _MAX_NAME for field in fields):
            continue
        number, slash, transport = fields[1].partition("/")
        if slash and transport.lower() in _TRANSPORTS and _is_port(number):
            yield LocalName(fields[0], int(number), _TRANSPORTS[transport.lower()], tuple(fields[2:]), comment.strip()[:200])


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535
