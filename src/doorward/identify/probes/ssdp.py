"""SSDP, asked directly: what a device that announces itself by UPnP is; steers nothing."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probes._named_servers import name_server, pattern
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
from doorward.identify.systems import system_from_revision
from doorward.values.evidence import Fact
from doorward.values.printable import printable
from doorward.values.transports import Transport

__all__ = [
    "MAX_BYTES",
    "NAME",
    "SAFETY",
    "SERVER_SPEAKS_FIRST",
    "SOURCE",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "read",
]

NAME: Final = "ssdp"
TITLE: Final = "Devices that announce themselves (UPnP)"
SOURCE: Final = "UPnP Device Architecture 2.0 §1.3"
TRANSPORTS: Final = (Transport.UDP,)
USUAL_PORTS: Final = (1900,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_ANSWER = re.compile(rb"HTTP/1\.[01] 200 OK\r\n")
_FIELD = re.compile(rb"(?im)^(server|location|usn|st|cache-control):[ \t]{0,5}([^\r\n]{1,300})\r?$")
_PRODUCTS = (
    pattern(r"\bMiniUPnPd/(\d[\w.]*)", "MiniUPnPd", "MiniUPnP project", "miniupnp_project:miniupnpd"),
    pattern(r"\bMiniDLNA/(\d[\w.]*)", "ReadyMedia (MiniDLNA)", "ReadyMedia project", "readymedia_project:readymedia"),
    pattern(
        r"\b(?:Portable|Intel) SDK for UPnP devices[ /](\d[\w.]*)", "Portable SDK for UPnP", "libupnp project", "libupnp_project:libupnp"
    ),
    pattern(r"\bMicrosoft-Windows\S* UPnP", "Windows UPnP", "Microsoft"),
    pattern(r"\bSonos/(\S+)", "Sonos", "Sonos"),
    pattern(r"\bIpBridge/(\d[\w.]*)", "Hue Bridge", "Signify"),
    pattern(r"\bgupnp\b|GUPnP/(\d[\w.]*)", "GUPnP", "GNOME project"),
    pattern(r"\bCling/(\d[\w.]*)", "Cling", "4th Line"),
    pattern(r"\bPlatinum/(\d[\w.]*)", "Platinum UPnP", "Plutinosoft"),
    pattern(r"\bKodi\b", "Kodi", "Kodi project"),
    pattern(r"\bAVM FRITZ!Box (\S+)", "FRITZ!Box", "AVM"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Search for root devices (§1.3.2)."""
    return b'M-SEARCH * HTTP/1.1\r\nHOST:239.255.255.250:1900\r\nMAN:"ssdp:discover"\r\nMX:1\r\nST:upnp:rootdevice\r\n\r\n'


def read(received: bytes, context: Context) -> Identity | None:
    """Read the first answer's fields."""
    text = received[:4000]
    if _ANSWER.match(text) is None or context.transport is not Transport.UDP:
        return None
    told: dict[str, str] = {}
    for found in _FIELD.finditer(text.partition(b"\r\n\r\n")[0] + b"\r\n"):
        told.setdefault(found[1].decode().lower(), printable(found[2].decode("utf-8", "replace").strip(), 200))
    if not {"usn", "st"} & set(told):
        return None
    server = told.get("server", "")
    named, system = name_server(server, _PRODUCTS), system_from_revision(server)
    facts: dict[str, Fact] = {"banner": banner_fact(server.encode()), "encrypted": False, "authentication": "none"}
    facts |= {name: told[name] for name in ("location", "usn") if name in told}
    return Identity(
        service=NAME,
        product=named.product,
        version=named.version,
        vendor=named.vendor,
        system=system,
        cpe=named.cpe,
        why="it answers a search as UPnP wants it",
        sentence=introduce("a device that announces itself (UPnP)", named.product, named.version, system)
        + (f" It describes itself at {told['location']}." if "location" in told else ""),
        facts=facts,
    )
