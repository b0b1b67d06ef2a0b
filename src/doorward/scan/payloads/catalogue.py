"""Which payloads there are: found by folder, indexed by name and by usual port; imports them when first asked, and not before.

Knows nothing of the engine that sends them. A port that nobody is known to hold gets an empty datagram and a few questions whose
protocols live on any port; a port of industry gets the empty datagram alone until its protocol is asked for by name.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from doorward.errors import CallError
from doorward.scan.payloads import protocols
from doorward.scan.payloads.contract import Payload, Safety

__all__ = ["ANY_PORT", "EMPTY", "all_payloads", "answers_from_another_port", "payload_named", "payloads_for", "recognise", "usual_ports"]

EMPTY: Final = "empty"

#: Asked at ports that no payload calls its own, first to last: protocols that are found on ports of chance and answer strangers.
ANY_PORT: Final = (EMPTY, "dns", "onc_rpc_any", "stun", "dtls")


@functools.cache
def all_payloads() -> Mapping[str, Payload]:
    """Every payload by its name, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(protocols.__path__))
    return MappingProxyType({name: _load(name) for name in names})


def payload_named(name: str) -> Payload:
    """Return one payload; raises `CallError` that lists the names there are."""
    try:
        return all_payloads()[name]
    except KeyError:
        raise CallError(
            "find the UDP payload", name, why="there is none of that name", remedy=f"There are: {', '.join(all_payloads())}."
        ) from None


def payloads_for(port: int, *, also: Collection[str] = ()) -> tuple[Payload, ...]:
    """What a UDP port is asked; ``also`` names payloads that the caller wants besides, and frees those that wait to be asked for.

    The port's own come first, in alphabetical order; then those of ``also``. Never empty.
    """
    own = _by_port().get(port, ())
    asked = tuple(payload for payload in own if payload.SAFE is not Safety.ONLY_ASKED or payload.NAME in also)
    if not asked:
        asked = tuple(payload_named(name) for name in ((EMPTY,) if own else ANY_PORT))
    return (*asked, *(payload for name in also if (payload := payload_named(name)) not in asked))


def recognise(port: int, data: bytes, nonce: int, *, also: Collection[str] = ()) -> str | None:
    """The name of the protocol in which ``data`` answers what ``port`` was asked; `None` where it answers in no known one.

    That is no verdict on the door: whoever sends us anything from it has shown that it is open. But an answer with our nonce in it
    can't have been forged by somebody who didn't see the question.
    """
    candidates = (*_by_port().get(port, ()), *payloads_for(port, also=also))
    return next((each.NAME for each in candidates if each.NAME != EMPTY and each.is_answer(data, nonce)), None)


def answers_from_another_port(payload: Payload) -> bool:
    """Whether its answer comes from a port that the server chooses for us, so that only our own port tells what it answers."""
    return bool(getattr(payload, "ANSWERS_FROM_ANOTHER_PORT", False))


@functools.cache
def usual_ports() -> tuple[int, ...]:
    """All ports that some payload calls its own, ascending."""
    return tuple(sorted(_by_port()))


@functools.cache
def _by_port() -> Mapping[int, tuple[Payload, ...]]:
    found: dict[int, tuple[Payload, ...]] = {}
    for payload in all_payloads().values():
        for port in payload.PORTS:
            found[port] = (*found.get(port, ()), payload)
    return MappingProxyType(found)


def _load(name: str) -> Payload:
    return importlib.import_module(f"{protocols.__name__}.{name}")
