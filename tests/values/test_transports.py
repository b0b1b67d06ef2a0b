from __future__ import annotations

from doorward.values.transports import Transport


def test_numbers_are_those_of_the_ip_header() -> None:
    assert {t.value: t.protocol_number for t in Transport} == {"tcp": 6, "udp": 17, "sctp": 132, "dccp": 33}
