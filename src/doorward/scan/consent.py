"""Who may be knocked at without asking, who only with the caller's word, and who never. Knows address ranges, not the law.

Scanning other people's machines can be an offence where the caller lives, and is a nuisance everywhere. So private and own
addresses need no word, public ones need ``--i-may-scan-this``, and some addresses belong to no single host and are never touched.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from doorward.errors import CallError
from doorward.scan.spans import Span, network_span, subtracted
from doorward.scan.targets import TargetSet
from doorward.values.addresses import Address

__all__ = ["NEVER", "consented"]

#: Never touched, whatever the caller says, with the reason.
NEVER: Final = {
    "0.0.0.0/8": "it means 'this host on this network' and is no destination (RFC 1122 §3.2.1.3)",
    "224.0.0.0/4": "it is multicast: a group, not a host (RFC 5771)",
    "240.0.0.0/4": "it is reserved for future use, or the broadcast address (RFC 1112 §4, RFC 919 §7)",
    "::/128": "it means 'no address' and is no destination (RFC 4291 §2.5.2)",
    "::/96": "it is an abandoned form of IPv4 addresses (RFC 4291 §2.5.5.1)",
    "::ffff:0:0/96": "it is IPv4 in IPv6 clothes: write the IPv4 address (RFC 4291 §2.5.5.2)",
    "100::/64": "it is made for packets to be thrown away (RFC 6666)",
    "ff00::/8": "it is multicast: a group, not a host (RFC 4291 §2.7)",
}
_SPARED: Final = network_span("::1/128")  # loopback lies inside ::/96 and is a host all the same

#: Scanned without a word: this machine, its links and private networks (RFC 1122, 1918, 3927, 6598, 4291, 4193).
_FREE: Final = tuple(
    network_span(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
_NEVER_SPANS: Final = tuple(subtracted([network_span(text)], [_SPARED]) for text in NEVER)

#: Up to so many addresses outside the free networks, each is compared with the machine's own; beyond, they are surely not all its own.
_MAX_COMPARED: Final = 64


def consented(targets: TargetSet, *, given: bool, is_own: Callable[[Address], bool]) -> TargetSet:
    """Return the targets that may be knocked at; raises `CallError` where the caller's word is missing or nothing is left.

    A target wholly among those never to be touched is refused by name; the part of a larger one is left out without a word.
    """
    allowed = targets
    for why, spans in zip(NEVER.values(), _NEVER_SPANS, strict=True):
        if subtracted(targets.spans, spans) == targets.spans:
            continue
        refused = next((span for span in targets.spans if not subtracted([span], spans)), None)
        if refused is not None:
            raise CallError("scan", str(refused), why=why, remedy="Leave it out.")
        allowed = allowed.without(spans)
    if not allowed.count:
        raise CallError("scan", why="no address is left after the exclusions", remedy="Exclude less.")
    strangers = subtracted(allowed.spans, _FREE)
    if not given and strangers:
        stranger = _first_stranger(strangers, is_own)
        if stranger is not None:
            why = "it is neither private nor this machine's own"
            raise CallError("scan", str(stranger), why=why, remedy="If you may scan it, say so with --i-may-scan-this.")
    return allowed


def _first_stranger(strangers: tuple[Span, ...], is_own: Callable[[Address], bool]) -> Span | None:
    if sum(span.count for span in strangers) > _MAX_COMPARED:
        return strangers[0]
    each = (Span.of(span.address(place)) for span in strangers for place in range(span.count))
    return next((one for one in each if not is_own(one.address(0))), None)
