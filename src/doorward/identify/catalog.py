"""Which probes there are: found by folder, indexed by name and by usual port; imports them when first asked, and not before."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from types import MappingProxyType

from doorward.errors import CallError
from doorward.identify import probes
from doorward.identify.probing import Context, Probe, Step
from doorward.values.transports import Transport

__all__ = [
    "NextWords",
    "all_probes",
    "answers_from_other_ports",
    "carrier_of",
    "first_words_of",
    "next_words_of",
    "probe_named",
    "probes_for",
    "shown_name",
]

NextWords = Callable[[bytes, Context], bytes | Step]


@functools.cache
def all_probes() -> Mapping[str, Probe]:
    """Every probe by its name, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(probes.__path__) if not module.name.startswith("_"))
    return MappingProxyType({name: _load(name) for name in names})


def probe_named(name: str) -> Probe:
    """Return one probe; raises `CallError` that lists the names there are."""
    try:
        return all_probes()[name]
    except KeyError:
        raise CallError("find the probe", name, why="there is none of that name", remedy=f"There are: {', '.join(all_probes())}.") from None


def probes_for(transport: Transport, port: int) -> tuple[Probe, ...]:
    """The probes that count ``port`` among their usual ones, in alphabetical order."""
    return _by_port().get((transport, port), ())


def next_words_of(probe: Probe) -> NextWords | None:
    """The probe's conversation, or `None` where its first reply is all of it."""
    return getattr(probe, "next_words", None)


def carrier_of(probe: Probe) -> str:
    """The protocol inside whose answers this one is spoken ("http" for an interface of programs), or empty."""
    return getattr(probe, "STANDS_ON", "")


def first_words_of(probe: Probe, host: str, transport: Transport) -> bytes:
    """What a client says first: in UDP the probe's datagram, where it has one of its own."""
    first_datagram = getattr(probe, "first_datagram", None)
    return first_datagram(host) if transport is Transport.UDP and first_datagram is not None else probe.first_words(host)


def answers_from_other_ports(probe: Probe) -> bool:
    """Whether answers to its datagrams come from a port of their own, as TFTP's do."""
    return getattr(probe, "ANSWERS_FROM_OTHER_PORTS", False)


def shown_name(service: str) -> str:
    """The name under which a service is told: its own, or the one that everybody knows it by (`SHOWN_AS`)."""
    return getattr(all_probes().get(service), "SHOWN_AS", service)


@functools.cache
def _by_port() -> Mapping[tuple[Transport, int], tuple[Probe, ...]]:
    found: dict[tuple[Transport, int], tuple[Probe, ...]] = {}
    for probe in all_probes().values():
        for transport in probe.TRANSPORTS:
            for port in probe.USUAL_PORTS:
                found[transport, port] = (*found.get((transport, port), ()), probe)
    return MappingProxyType(found)


def _load(name: str) -> Probe:
    return importlib.import_module(f"{probes.__name__}.{name}")
