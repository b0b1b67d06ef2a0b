"""How to behave at a port before its door has said a word: where nothing is said unasked, and where TLS comes first. Knows numbers only."""

from __future__ import annotations

from typing import Final

from doorward.values.transports import Transport

__all__ = ["HUSHED_PORTS", "TLS_PORTS", "is_hushed"]

#: Ports whose doors are TLS from the first byte, by IANA's registry of services and by habit (8443, 9443, 2376, 6443, 6697, 8883).
TLS_PORTS: Final = frozenset(
    (
        443,
        465,
        563,
        636,
        832,
        853,
        989,
        990,
        992,
        993,
        994,
        995,
        2376,
        3269,
        4433,
        5061,
        5223,
        5349,
        5671,
        5986,
        6443,
        6514,
        6697,
        8443,
        8883,
        9443,
    )
)
# What is said to raw print ports is printed: LPD (RFC 1179) and the page description streams at 9100.
_PRINT_PORTS: Final = frozenset((515, *range(9100, 9108)))
# Machines that move things may stop when surprised: S7, Modbus, Crimson, Foundation Fieldbus, Fox, PCWorx, IEC 60870-5-104, OPC UA,
# HART-IP, FINS, SRTP, DNP3, ProConOS, PROFINET, EtherNet/IP, BACnet, TwinCAT.
_MACHINE_PORTS: Final = frozenset(
    (102, 502, 789, 1089, 1090, 1091, 1911, 1962, 2404, 4840, 4911, 5094, 9600, 18245, 20000, 20547, 34962, 34963)
) | frozenset((34964, 44818, 47808, 48898, 48899))
#: Ports to which nothing is said unasked.
HUSHED_PORTS: Final = _PRINT_PORTS | _MACHINE_PORTS


def is_hushed(transport: Transport, port: int) -> bool:
    """Whether nothing is said to this port unasked."""
    return port in HUSHED_PORTS and transport in (Transport.TCP, Transport.UDP)
