"""The facts of IANA's registry as one compact file: numbers, transports, names, references; knows no contacts and no opinions.

The shipped file is JSON under gzip: a list of rows, one for what the registry writes in up to four (a service that is the same on TCP
and UDP is one row here). Arrays rather than objects and one pass of a compiled decoder, because every ``doorward ports`` reads it whole.
"""

from __future__ import annotations

import enum

import msgspec

from doorward.errors import DoorwardBug
from doorward.ports.packing import pack, unpack
from doorward.values.transports import Transport

__all__ = ["Assignment", "Standing", "decode_assignments", "encode_assignments", "transport_bits", "transports_of"]

_BITS = {Transport.TCP: 1, Transport.UDP: 2, Transport.SCTP: 4, Transport.DCCP: 8}


class Standing(enum.StrEnum):
    """What the registry says of a number."""

    ASSIGNED = "assigned"  #: a service has the name, and the number if there is one
    UNASSIGNED = "unassigned"  #: free to be asked for
    RESERVED = "reserved"  #: kept back (often: the same number is assigned on another transport)
    REMOVED = "removed"  #: was assigned once and is no longer
    PRIVATE = "private"  #: set aside long ago for any private service of a kind


class Assignment(msgspec.Struct, frozen=True, array_like=True):
    """One row: a service name with its numbers, both ends inclusive; ``first`` is -1 for a name without a number."""

    first: int
    last: int
    bits: int  #: transports, see `transports_of`; 0 where the registry states none
    standing: Standing
    name: str = ""
    description: str = ""
    reference: str = ""  #: documents, separated by a comma: "RFC 9110, RFC 9113"
    alias_of: str = ""  #: the name that this historic spelling stands for
    squatted: bool = False  #: the registry knows of use by others

    @property
    def transports(self) -> tuple[Transport, ...]:
        """The transports it is stated for; empty where the registry states none, which means any."""
        return transports_of(self.bits)

    @property
    def has_number(self) -> bool:
        """Whether it is more than a name."""
        return self.first >= 0

    def is_on(self, transport: Transport) -> bool:
        """Whether it holds for ``transport``; a row without transports holds for all."""
        return not self.bits or bool(self.bits & _BITS[transport])


def transport_bits(transport: Transport) -> int:
    """Return the bit of one transport in ``Assignment.bits``."""
    return _BITS[transport]


def transports_of(bits: int) -> tuple[Transport, ...]:
    """Return the transports whose bits are set, in the order of `Transport`."""
    return tuple(transport for transport, bit in _BITS.items() if bits & bit)


def encode_assignments(assignments: list[Assignment], published: str) -> bytes:
    """Write the shipped file; the same rows give the same bytes (gzip's time and name fields are empty)."""
    return pack(msgspec.json.encode([published, assignments]))


def decode_assignments(packed: bytes) -> tuple[str, list[Assignment]]:
    """Read the shipped file: the date of the registry's newest change, and its rows in order of number.

    Raises `DoorwardBug` for a file that is not ours.
    """
    try:
        return msgspec.json.decode(unpack(packed), type=tuple[str, list[Assignment]])
    except msgspec.MsgspecError as error:
        raise DoorwardBug("read the shipped port list", why=str(error), remedy="Install Doorward again.") from None
