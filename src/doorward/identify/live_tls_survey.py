"""Asks a TLS door which versions, ciphers and protocols it takes, one hello a connection; decides nothing about the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from doorward.identify.conclusion import Endpoint
from doorward.identify.live_lines import Line, open_line
from doorward.identify.live_talk import passing_over_peers
from doorward.identify.tls_hello import VERSIONS, decode_server_hello
from doorward.identify.tls_prints import ja3s, jarm, jarm_hellos
from doorward.identify.tls_survey import PROTOCOLS, TlsSurvey, families_of, survey_hello

__all__ = ["survey_doors", "survey_tls"]

_LINES: Final = 4  # at once: a handshake costs the other side a signature
_PATIENCE_S: Final = 3.0
_MOST_BYTES: Final = 16_384  # one record (RFC 8446 §5.1); a ServerHello stands in the first
_WHOLE_S: Final = 30.0
_MOST_SUITES: Final = 80  # of one version; more is a server that takes what isn't there


def survey_doors(endpoints: Sequence[Endpoint]) -> list[TlsSurvey]:
    """Survey one door after the other, in an event loop of its own; every one must be TLS from its first byte."""

    async def all_of_them() -> list[TlsSurvey]:
        with passing_over_peers():
            return [await survey_tls(endpoint) for endpoint in endpoints]

    return asyncio.run(all_of_them())


async def survey_tls(endpoint: Endpoint, *, whole_s: float = _WHOLE_S) -> TlsSurvey:
    """Ask everything; what could not be asked in ``whole_s`` seconds is missing."""
    surveyor = _Surveyor(endpoint)
    try:
        async with asyncio.timeout(whole_s):
            await surveyor.ask_all()
    except TimeoutError:
        pass  # what was learnt until now is what there is
    return surveyor.survey()


class _Surveyor:
    """One door's survey in the making."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._lines = asyncio.Semaphore(_LINES)
        self._suites: dict[int, list[int]] = {}
        self._protocols: dict[str, bool] = {}
        self._prints: list[bytes] = []
        self._connections = 0

    def survey(self) -> TlsSurvey:
        """What is known by now."""
        hellos = [hello for answer in self._prints if (hello := decode_server_hello(answer))]
        return TlsSurvey(
            suites={version: tuple(suites) for version, suites in self._suites.items() if suites},
            protocols=tuple(protocol for protocol in PROTOCOLS if self._protocols.get(protocol)),
            jarm=jarm(self._prints),
            ja3s=ja3s(hellos[-1]) if hellos else "",
            connections=self._connections,
        )

    async def ask_all(self) -> None:
        """Prints first, for they are ten; then versions side by side; then application protocols."""
        self._prints = await asyncio.gather(*(self._ask(hello) for hello in jarm_hellos(self._endpoint.called)))
        await asyncio.gather(*(self._ask_suites(version) for version in VERSIONS))
        await asyncio.gather(*(self._ask_protocol(protocol) for protocol in PROTOCOLS))

    async def _ask_suites(self, version: int) -> None:
        """Offer all, then all but those chosen; a family at which the door breaks off without a word is left out."""
        families = [list(family) for family in families_of(version)]
        found = self._suites.setdefault(version, [])
        while families and len(found) < _MOST_SUITES:
            answer = await self._ask(survey_hello(version, [code for family in families for code in family], self._endpoint.called))
            hello = decode_server_hello(answer)
            home = next((family for family in families if hello is not None and hello.cipher in family), None)
            if hello is not None and home is not None and hello.version == version:
                found.append(hello.cipher)
                home.remove(hello.cipher)
            elif answer:
                return
            else:
                families.pop(0)
            families = [family for family in families if family]

    async def _ask_protocol(self, protocol: str) -> None:
        """A whole handshake, for TLS 1.3 tells its choice inside (RFC 8446 §4.3.1)."""
        async with self._lines:
            self._connections += 1
            line: Line | None = None
            try:
                line = await open_line(self._endpoint, _PATIENCE_S)
                tunnel = await line.secure(self._endpoint.called, _PATIENCE_S, protocol)
                self._protocols[protocol] = tunnel.alpn == protocol
            except (OSError, TimeoutError):
                return
            finally:
                if line is not None:
                    line.hang_up()

    async def _ask(self, words: bytes) -> bytes:
        """Say one hello and hear its answer: until a ServerHello is whole, an alert came, or nothing more does."""
        async with self._lines:
            self._connections += 1
            line: Line | None = None
            heard = b""
            try:
                line = await open_line(self._endpoint, _PATIENCE_S)
                line.say(words)
                while len(heard) < _MOST_BYTES and heard[:1] in (b"", b"\x16") and decode_server_hello(heard) is None:
                    data = await line.hear(_PATIENCE_S)
                    if not data:
                        break
                    heard += data
            except (OSError, TimeoutError):
                return heard
            finally:
                if line is not None:
                    line.hang_up()
            return heard
