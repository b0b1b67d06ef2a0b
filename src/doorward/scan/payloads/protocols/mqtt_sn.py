"""MQTT-SN: is there a gateway? Three bytes, of which nothing is repeated; the gateway tells its number."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "mqtt_sn"
TITLE: Final = "Messages of small sensors (MQTT-SN)"
SOURCE: Final = "MQTT-SN 1.2 §5.4.2 (SEARCHGW), §5.4.3 (GWINFO), §6.1"
PORTS: Final = (1883, 1884, 10000)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 0
NONCE_OFFSET: Final = None
ANSWER_BYTES: Final = 3


def payload(nonce: int) -> bytes:  # noqa: ARG001
    """Length 3, SEARCHGW, radius 0: nobody passes it on."""
    return b"\3\1\0"


def is_answer(data: bytes, nonce: int) -> bool:  # noqa: ARG001
    """Whether it is GWINFO with a gateway's number, and its address where a client answers for it."""
    return 3 <= len(data) <= 20 and data[0] == len(data) and data[1] == 2
