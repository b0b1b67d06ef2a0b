"""RTSP: asks a camera or media server which commands it knows; asks for no picture."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probes._named_servers import name_server, pattern
from doorward.identify.probing import Context, Safety, Step
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
    "next_words",
    "read",
]

NAME: Final = "rtsp"
TITLE: Final = "RTSP: pictures of cameras and media servers"
SOURCE: Final = "RFC 2326 §10.1, RFC 7826"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    554,
    8554,
    5554,
    10554,
    7070,
    1554,
)  # IANA: 554, 8554; habits of camera makers
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 8192

_STATUS_LINE = re.compile(rb"RTSP/([12]\.0) ([1-5]\d\d) ([^\r\n]{0,200})\r?\n")
_SERVERS = (
    pattern(r"\bGStreamer RTSP server", "GStreamer RTSP server", "GStreamer project"),
    pattern(r"\bVLC/(\d[\w.]*)", "VLC media player", "VideoLAN", "videolan:vlc_media_player"),
    pattern(r"\bDarwin Streaming Server|\bDSS/(\d[\w.]*)", "Darwin Streaming Server", "Apple", "apple:darwin_streaming_server"),
    pattern(r"\bHipcam RealServer/V?(\d[\w.]*)", "Hipcam RealServer", "Hipcam"),
    pattern(r"\bWowza Streaming Engine (\d[\w.]*)", "Wowza Streaming Engine", "Wowza", "wowza:streaming_engine"),
    pattern(r"\bLIVE555 Streaming Media v?(\d[\w.]*)", "LIVE555", "Live Networks", "live555:streaming_media"),
    pattern(r"\bgortsplib|\bmediamtx", "MediaMTX", "bluenviron"),
    pattern(r"\bAirTunes/(\d[\w.]*)", "AirPlay", "Apple"),
    pattern(r"\bRealServer Version (\d[\w.]*)", "Helix Server", "RealNetworks"),
    pattern(r"\bDahua Rtsp Server|\bRtsp Server/(\d[\w.]*)", "Dahua RTSP server", "Dahua"),
    pattern(r"\bHikvision|\bHiIpcam", "Hikvision camera", "Hikvision"),
)


def first_words(host: str) -> bytes:
    """Ask for the options of the whole server."""
    name = host if re.fullmatch(r"[\w.:-]{1,200}", host) and host.isascii() else "localhost"
    name = f"[{name}]" if ":" in name else name
    return f"OPTIONS rtsp://{name}/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: Doorward\r\n\r\n".encode()


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Wait for the whole head."""
    if received[:5] != b"RTSP/"[: len(received)]:
        return Step.DONE
    return Step.DONE if b"\r\n\r\n" in received else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read status line and header fields."""
    status = _STATUS_LINE.match(received)
    if status is None:
        return None
    fields = _fields(received[status.end() : MAX_BYTES])
    text = fields.get("server", "")
    server = name_server(text, _SERVERS)
    code = int(status[2])
    facts: dict[str, Fact] = {
        "banner": banner_fact(text.encode() or status[0]),
        "status": code,
        "protocol_version": status[1].decode(),
        "encrypted": context.tunnel is not None,
        "authentication": "required" if code == 401 else "unknown",
    }
    if "public" in fields:
        facts["methods"] = [printable(word.strip(), 30) for word in fields["public"].split(",")[:30]]
    if realm := re.search(r'realm="([^"]{1,100})"', fields.get("www-authenticate", "")):
        facts["realm"] = printable(realm[1])
    kind = "a door to music (AirPlay)" if server.product == "AirPlay" else "a source of pictures and sound (RTSP)"
    system = system_from_revision(text)
    return Identity(
        service=NAME,
        product=server.product,
        version=server.version,
        vendor=server.vendor,
        system=system,
        cpe=server.cpe,
        why=f"its answer begins with RTSP/{status[1].decode()}",
        sentence=introduce(kind, server.product, server.version, system) + (" It wants a login." if code == 401 else ""),
        facts=facts,
    )


def _fields(head: bytes) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in head.partition(b"\r\n\r\n")[0].splitlines()[:60]:
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip()[:300])
    return fields
