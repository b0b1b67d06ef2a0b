"""Knocks written into frames: which template a kind takes, and where its cookie goes. Pure, on arrays."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from doorward.scan.payloads.table import PayloadTable
from doorward.scan.raw.engine import Knocks
from doorward.scan.raw.kinds import Kind
from doorward.wire.templates import Envelope, Template, sctp_init_template, tcp_template, udp_template

__all__ = ["Stamp", "make_stamp"]

#: Link addresses by host, (hosts, 6); ``None`` where the envelope's own is right for all.
LinkAddresses = NDArray[np.uint8] | None

_ACKNOWLEDGED: Final = frozenset({Kind.ACK, Kind.WINDOW})


class Stamp(Protocol):
    """Writes knocks into rows of a ring."""

    def __call__(self, knocks: Knocks, out: NDArray[np.uint8]) -> tuple[Knocks, NDArray[np.uint16]]:
        """Write one frame into each row of ``out``; returns the knocks in the order written, and the rows' lengths."""


def make_stamp(kind: Kind, envelope: Envelope, macs: LinkAddresses = None, payloads: PayloadTable | None = None) -> Stamp:
    """The stamp of a kind; UDP needs ``payloads``."""
    if kind is Kind.UDP and payloads is not None:
        return _DatagramStamp(envelope, macs, payloads)
    template = sctp_init_template(envelope) if kind is Kind.SCTP else tcp_template(envelope, flags=kind.flags)
    return _SegmentStamp(template, macs, is_acknowledgment=kind in _ACKNOWLEDGED)


class _SegmentStamp:
    """TCP and SCTP: one template for all."""

    def __init__(self, template: Template, macs: LinkAddresses, *, is_acknowledgment: bool) -> None:
        self._template = template
        self._macs = macs
        self._is_acknowledgment = is_acknowledgment

    def __call__(self, knocks: Knocks, out: NDArray[np.uint8]) -> tuple[Knocks, NDArray[np.uint16]]:
        """As `Stamp`."""
        lengths = self._template.stamp(
            out,
            destinations=knocks.destinations,
            destination_ports=knocks.ports,
            source_ports=knocks.source_ports,
            sequences=None if self._is_acknowledgment else knocks.cookies,
            acknowledgments=knocks.cookies if self._is_acknowledgment else None,
            destination_macs=None if self._macs is None else self._macs[knocks.hosts],
        )
        return knocks, lengths


class _DatagramStamp:
    """UDP: a template for each payload; a port that may hold several services is asked for another one at each try."""

    def __init__(self, envelope: Envelope, macs: LinkAddresses, payloads: PayloadTable) -> None:
        self._macs = macs
        self._payloads = payloads
        self._envelope = envelope
        self._templates: dict[int, Template] = {}

    def __call__(self, knocks: Knocks, out: NDArray[np.uint8]) -> tuple[Knocks, NDArray[np.uint16]]:
        """As `Stamp`; knocks are sorted by payload, so that each template writes rows that lie together."""
        starts = self._payloads.starts[knocks.ports].astype(np.int64)
        choices = self._payloads.starts[knocks.ports.astype(np.int64) + 1] - starts
        rows = self._payloads.rows[starts + knocks.tries % choices].astype(np.int64)
        order = np.argsort(rows, kind="stable")
        knocks = _reordered(knocks, order)
        rows = rows[order]
        lengths = np.empty(len(rows), dtype=np.uint16)
        edges = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1], True]).tolist()
        for first, last in itertools.pairwise(edges):
            part = slice(first, last)
            lengths[part] = self._write(int(rows[first]), knocks, part, out[part])
        return knocks, lengths

    def _write(self, row: int, knocks: Knocks, part: slice, out: NDArray[np.uint8]) -> NDArray[np.uint16]:
        template = self._templates.get(row)
        if template is None:
            template = self._templates[row] = self._template(row)
        nonces = knocks.cookies[part] | np.uint32(1)  # to some protocols an id of zero means "none"
        has_nonce = self._payloads.nonce_offsets[row] >= 0 and self._payloads.nonce_sizes[row] in (2, 4)
        return template.stamp(
            out,
            destinations=knocks.destinations[part],
            destination_ports=knocks.ports[part],
            source_ports=knocks.source_ports[part],
            sequences=nonces if has_nonce else None,
            destination_macs=None if self._macs is None else self._macs[knocks.hosts[part]],
        )

    def _template(self, row: int) -> Template:
        table = self._payloads
        size, offset = int(table.nonce_sizes[row]), int(table.nonce_offsets[row])
        question = table.payloads[row].payload(0x5A5A5A5A5A5A5A5B)  # where no nonce is written over it, any will do
        if offset >= 0 and size in (2, 4):
            return udp_template(self._envelope, question, cookie_offset=offset, cookie_size=size)
        return udp_template(self._envelope, question)


def _reordered(knocks: Knocks, order: NDArray[np.int64]) -> Knocks:
    return Knocks(**{field.name: getattr(knocks, field.name)[order] for field in dataclasses.fields(Knocks)})
