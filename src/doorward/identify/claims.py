"""Who claims a reply: hands every reader the same bytes and ranks what they say; knows no protocol."""

from __future__ import annotations

import re

from doorward.errors import PeerError
from doorward.identify.catalog import all_probes, carrier_of, probes_for
from doorward.identify.identity import Identity
from doorward.identify.probing import Context, Probe
from doorward.values.evidence import Certainty

__all__ = ["best_claim", "claim_on_silence", "is_tls_alert", "wants_tls"]

_TLS_ALERT = re.compile(rb"\x15\x03[\x00-\x04]\x00\x02[\x01\x02]")  # RFC 8446 §6 and §5.1: content type 21, length 2, level


def best_claim(received: bytes, context: Context) -> Identity | None:
    """Return the strongest claim on ``received`` among all readers, or `None`.

    Stronger is: a protocol carried by another one before its carrier, then a certain claim before an inferred one, then the reader at home
    on this port, the one whose words were said, and the one that names a product. Between equals the alphabet decides, so that the
    same bytes always get the same answer.
    """
    if not received:
        return None
    at_home = {probe.NAME for probe in probes_for(context.transport, context.port)}
    best, best_rank = None, -1
    for probe in all_probes().values():
        if context.transport not in probe.TRANSPORTS:
            continue
        try:
            claim = probe.read(received[: probe.MAX_BYTES], context)
        except PeerError:
            continue  # it began like this protocol and went on against its rules: no claim
        if claim is None:
            continue
        name = probe.NAME
        rank = 8 * (claim.certainty is Certainty.MEASURED) + 4 * (name in at_home) + 2 * (name == context.spoke) + bool(claim.product)
        rank += 16 * bool(carrier_of(probe))
        if rank > best_rank:
            best, best_rank = claim, rank
    return best


def claim_on_silence(probe: Probe, context: Context) -> Identity | None:
    """What the reader whose words were said makes of getting no answer; nothing, for all but those services that never answer."""
    try:
        return probe.read(b"", context)
    except PeerError:
        return None


def is_tls_alert(received: bytes) -> bool:
    """Whether the far end complains in TLS that it was not spoken to in TLS."""
    return _TLS_ALERT.match(received) is not None


def wants_tls(claim: Identity | None) -> bool:
    """Whether a plain answer says that the door is to be spoken to in TLS."""
    return claim is not None and claim.facts.get("wants_tls") is True
