"""Doors of the tests' own, well-behaved and hostile, asked over the real loopback."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from certificates import server_context
from doors import Answerer, close_at_once, datagram_door, door, flood, replies, says, silent
from doorward.identify.conclusion import Conclusion, Endpoint, Outcome
from doorward.identify.dialogue import CONNECTION_BYTES
from doorward.identify.live_talk import identify_doors, talk_to_doors
from doorward.values.addresses import Address
from doorward.values.clocks import SystemClock
from doorward.values.transports import Transport

HERE = Address.parse("127.0.0.1")
PAGE = b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\n\r\n"


def asked(*answers: Answerer, timeout_s: float = 2, only: str = "", tls: Path | None = None, host: str = "") -> list[Conclusion]:
    async def main() -> list[Conclusion]:
        async with contextlib.AsyncExitStack() as stack:
            context = server_context(tls) if tls is not None else None
            ports = [await stack.enter_async_context(door(answer, context)) for answer in answers]
            doors = [Endpoint(Transport.TCP, HERE, port, host) for port in ports]
            return await talk_to_doors(doors, clock=SystemClock(), timeout_s=timeout_s, only=only, verify=bool(host))

    return asyncio.run(main())


def test_a_greeting_costs_one_connection() -> None:
    (found,) = asked(says(b"220 mail.example ESMTP Exim 4.96\r\n"))
    assert found.identity is not None
    assert (found.identity.product, found.connections) == ("Exim", 1)


def test_the_web_costs_one_connection() -> None:
    (found,) = asked(replies(PAGE))
    assert found.identity is not None
    assert (found.identity.label, found.connections) == ("nginx 1.22.1", 1)
    assert found.rtt_ms is not None


def test_tls_is_found_behind_silence(tmp_path: Path) -> None:
    (found,) = asked(replies(PAGE), tls=tmp_path)
    assert found.identity is not None
    assert found.identity.service == "http"
    assert found.identity.facts["tls"] is True
    assert found.identity.facts["certificate_names"] == ["lab.example", "*.lab.example"]


def test_a_named_door_is_verified(tmp_path: Path) -> None:
    (found,) = asked(replies(PAGE), tls=tmp_path, host="lab.example")
    assert found.identity is not None
    assert found.identity.facts["certificate_verified"] is False
    assert "self-signed" in str(found.identity.facts["certificate_problem"])


def test_starttls_shows_the_certificate(tmp_path: Path) -> None:
    async def mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP Postfix\r\n")
        while line := await reader.readline():
            if line.startswith(b"EHLO"):
                writer.write(b"250-mail.example\r\n250 STARTTLS\r\n")
            elif line.startswith(b"STARTTLS"):
                writer.write(b"220 go on\r\n")
                await writer.drain()
                await writer.start_tls(server_context(tmp_path))
            else:
                writer.write(b"221 bye\r\n")
                await writer.drain()
                return

    (found,) = asked(mail)
    assert found.identity is not None
    assert (found.identity.service, found.identity.facts["starttls"], found.identity.facts["tls"]) == ("smtp", True, False)
    assert found.identity.facts["certificate_subject"] == "CN=lab.example"
    assert found.connections == 1


def test_the_wrong_protocols_error_leads_on() -> None:
    async def redis(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            if line.strip().upper() == b"PING":
                writer.write(b"+PONG\r\n")
            elif line.upper().startswith(b"INFO"):
                writer.write(b"$46\r\n# Server\r\nredis_version:7.0.15\r\nos:Linux 6.1.0\r\n\r\n")
            elif line.startswith(b"GET"):
                writer.write(b"-ERR wrong number of arguments for 'get' command\r\n")
            elif line.lower().startswith(b"host:"):
                return

    (found,) = asked(redis)
    assert found.identity is not None
    assert (found.identity.service, found.identity.version) == ("redis", "7.0.15")


async def _drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


HOSTILE = {
    "silent": (silent, Outcome.SILENT),
    "closes at once": (close_at_once, Outcome.CLOSES),
    "floods": (flood, Outcome.UNRECOGNISED),
    "drips": (_drip, Outcome.UNRECOGNISED),
    "ok to all": (replies(b"OK\r\n"), Outcome.UNRECOGNISED),
    "escapes": (says(b"\x1b]0;PWNED\x07\x1b[2J\xe2\x80\xae\x9b\r\n"), Outcome.UNRECOGNISED),
    "four GiB of redis": (replies(b"$4294967295\r\nredis_version:"), None),
    "broken TLS": (replies(b"\x16\x03\x03\xff\xff\x02\xff\xff\xff"), None),
    "an alert to everything": (replies(b"\x15\x03\x01\x00\x02\x02\x46"), None),
}


def test_hostile_doors_cost_their_timeout_at_most() -> None:
    found = asked(*(answer for answer, _ in HOSTILE.values()), timeout_s=1)
    for name, (_, outcome), conclusion in zip(HOSTILE, HOSTILE.values(), found, strict=True):
        assert outcome is None or conclusion.outcome is outcome, name
        assert conclusion.elapsed_ms < 1500, name
        assert all(len(heard.received) <= CONNECTION_BYTES for heard in conclusion.heard), name
        assert conclusion.connections <= 12, name


def test_resets_at_each_byte_are_survived() -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"H")
        await writer.drain()
        writer.transport.abort()

    (found,) = asked(reset)
    assert found.outcome is Outcome.UNRECOGNISED


def test_a_hundred_doors_at_once() -> None:
    """Half of them silent: the time is the slowest door's and not the sum."""
    found = asked(*([replies(PAGE)] * 50), *([silent] * 50), timeout_s=1.5)
    assert [one.outcome for one in found] == [Outcome.IDENTIFIED] * 50 + [Outcome.SILENT] * 50
    assert max(one.elapsed_ms for one in found) < 5000


def test_one_probe_alone() -> None:
    (found,) = asked(silent, only="redis", timeout_s=0.5)
    assert {heard.attempt.opening for heard in found.heard} == {"redis"}


def test_a_refused_door_is_a_result_and_the_order_is_kept() -> None:
    async def closed_ports() -> list[int]:
        async with door(silent) as one, door(silent) as two:
            return [one, two]

    ports = asyncio.run(closed_ports())
    found = identify_doors([(Transport.TCP, HERE, port) for port in ports], clock=SystemClock())
    assert [one.outcome for one in found] == [Outcome.REFUSED] * 2
    assert [one.endpoint.port for one in found] == ports
    assert found[0].connections == 0


def test_udp_answers_and_refuses() -> None:
    def refused_question(question: bytes) -> bytes:
        return question[:2] + b"\x81\x85" + question[4:] if len(question) > 12 else b""

    async def main() -> list[Conclusion]:
        async with datagram_door(refused_question) as port, datagram_door(lambda _: b"") as mute:
            doors = [Endpoint(Transport.UDP, HERE, port), Endpoint(Transport.UDP, HERE, mute)]
            return await talk_to_doors(doors, clock=SystemClock(), timeout_s=1)

    found, mute = asyncio.run(main())
    assert found.identity is not None
    assert found.identity.service == "dns"
    assert mute.outcome is Outcome.SILENT
    closed = identify_doors([(Transport.UDP, HERE, found.endpoint.port)], clock=SystemClock(), timeout_s=1)
    assert closed[0].outcome is Outcome.REFUSED


@pytest.mark.parametrize("timeout_s", [0.3])
def test_a_bug_in_a_reader_costs_that_door_alone(monkeypatch: pytest.MonkeyPatch, timeout_s: float) -> None:
    from doorward.identify.probes import smtp

    def broken(received: bytes, context: object) -> None:
        if received.startswith(b"BUG"):
            raise IndexError("a reader's bug")

    monkeypatch.setattr(smtp, "read", broken)
    sick, well = asked(says(b"BUG\r\n"), says(b"SSH-2.0-x_1\r\n"), timeout_s=timeout_s)
    assert "IndexError" in str([heard.trouble for heard in sick.heard])
    assert well.outcome is Outcome.IDENTIFIED
