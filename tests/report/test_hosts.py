from __future__ import annotations

from doorward.report.hosts import host_row, hosts_heading, hosts_text
from doorward.scan.answer import HostLine, HostsLine
from doorward.values.addresses import Address


def test_a_host_is_told_with_how_we_know() -> None:
    line = HostLine(address=Address.parse("10.0.0.2"), host="nas\x1b[31m", way="neighbour", rtt_ms=None, link_address="02:00:00:00:00:02")
    row = host_row(line).plain
    assert "has this address on the link: 02:00:00:00:00:02" in row
    assert "\x1b" not in row
    assert len(row) <= 100
    assert hosts_heading().plain.index("HOW") == row.index("has")


def test_the_end_says_what_silence_means() -> None:
    line = HostsLine(addresses=256, asked=200, found=100, unreachable=1, sent=900, seconds=0.3, interrupted=True)
    text = "\n".join(part.plain for part in hosts_text(line))
    assert "100 of 256 addresses have a host that answers" in text
    assert "56 addresses were not asked" in text
    assert "no proof of absence" in text
