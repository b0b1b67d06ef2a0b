"""IRC: registers a guest's nickname as every client does, reads the welcome, and goes; enters no channel and speaks to nobody."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probes._named_servers import name_server, pattern
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.values.evidence import Certainty, Fact
from doorward.values.printable import printable
from doorward.values.transports import Transport

__all__ = [
    "MAX_BYTES",
    "NAME",
    "SAFETY",
    "SERVER_SPEAKS_FIRST",
    "SOURCE",
    "STANDS_ON",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "irc"
TITLE: Final = "Chat in rooms (IRC)"
SOURCE: Final = "RFC 2812, modern IRC client protocol"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    6667,
    6666,
    6668,
    6669,
    6697,
    7000,
)  # IANA: ircu, ircs-u; by habit
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS  # operators may see who comes and goes
MAX_BYTES: Final = ANSWER_BYTES
STANDS_ON: Final = "http"

_HELLO: Final = b"NICK doorward7\r\nUSER doorward 0 * :Doorward\r\n"
_PREFIXED = re.compile(rb"(?m)^:([\w.:-]{1,100}) (\d{3}|NOTICE|CAP|464) ([^\r\n]{1,400})\r?$")
_PING = re.compile(rb"(?m)^PING :?([^\r\n]{1,100})\r?$")
_ERROR = re.compile(rb"(?m)^ERROR :?([^\r\n]{0,300})\r?$")
_BARE_NOTICE = re.compile(rb"NOTICE (?:AUTH|\*) :\*\*\* ")
_VERSIONS = (
    pattern(r"\bngircd-(\d[\w.]*)", "ngIRCd", "Alexander Barton", "ngircd:ngircd"),
    pattern(r"\bInspIRCd-(\d[\w.]*)?", "InspIRCd", "InspIRCd project", "inspircd:inspircd"),
    pattern(r"\bUnreal(?:IRCd-)?(\d[\w.]*)", "UnrealIRCd", "UnrealIRCd project", "unrealircd:unrealircd"),
    pattern(r"\bircd-hybrid[-(]?(?:1:)?(\d[\w.]*)", "ircd-hybrid", "ircd-hybrid project"),
    pattern(r"\bhybrid-(\d[\w.]*)", "ircd-hybrid", "ircd-hybrid project"),
    pattern(r"\bsolanum-(\d[\w.]*)", "Solanum", "Solanum project"),
    pattern(r"\bcharybdis-(\d[\w.]*)", "Charybdis", "Charybdis project", "charybdis_project:charybdis"),
    pattern(r"\bratbox-(\d[\w.]*)", "ircd-ratbox", "ircd-ratbox project", "ratbox:ircd-ratbox"),
    pattern(r"\bbahamut-(\d[\w.]*)", "Bahamut", "DALnet", "bahamut:bahamut"),
    pattern(r"\bergo-v?(\d[\w.]*)", "Ergo", "Ergo project"),
    pattern(r"\bu(2\.1[\w.]*)", "ircu", "Undernet"),
    pattern(r"\birc\.znc\.in\b", "ZNC", "ZNC project", "znc:znc"),
    pattern(r"\bplexus-(\d[\w.]*)", "PleXusIRCd", "Rizon"),
)
_ZNC_ON_THE_WEB: Final = b"HTTP/1.0 403 Access Denied\r\n\r\nWeb Access is not enabled."  # znc/src/Client.cpp
_THIS_IS_IRC: Final = b"HTTP request received? This is IRC!"  # ngircd/src/ngircd/parse.c


def first_words(host: str) -> bytes:  # noqa: ARG001
    """A nickname and a user, as every client says them first (RFC 2812 §3.1)."""
    return _HELLO


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Answer a ping, for some want to hear that before they welcome; go once the welcome tells the version."""
    said = [turn.sent for turn in context.turns if turn.sent]
    codes = {found[2] for found in _PREFIXED.finditer(received)}
    if context.closed or _ERROR.search(received) or len(said) > 3:
        return Step.DONE
    if _HELLO not in said:
        return _HELLO if codes or _BARE_NOTICE.match(received) else Step.WAIT
    if codes & {b"004", b"464", b"433", b"432", b"465"}:
        return Step.DONE
    pings = [found[1] for found in _PING.finditer(received)][-1:]
    pong = b"PONG :" + pings[0] + b"\r\n" if pings else b""
    return pong if pong and pong not in said else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read numbers, notices and errors; the grammar with prefix and three-digit number is no other protocol's."""
    text = received[:MAX_BYTES]
    if text.startswith(_ZNC_ON_THE_WEB):
        sentence = introduce("a go-between for chat (IRC)", "ZNC") + " It takes web callers for what they are, and turns them away."
        hint: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "unknown", "proxy": True}
        why = "it refuses a web request in ZNC's words"
        return Identity(
            service=NAME, product="ZNC", vendor="ZNC project", certainty=Certainty.INFERRED, why=why, sentence=sentence, facts=hint
        )
    lines = [(found[1], found[2], found[3]) for found in _PREFIXED.finditer(text)]
    error = _ERROR.match(text)
    first = text.lstrip(b"\r\n")[:1] == b":"
    ngircd = error is not None and _THIS_IS_IRC in error[0]
    known = (lines and (first or _PING.match(text))) or _BARE_NOTICE.match(text) or ngircd
    if not known and (error is None or not (b"Closing Link" in error[0] or (context.spoke == NAME and lines))):
        return None
    told = b" ".join(words for _, code, words in lines if code in (b"002", b"004", b"351")).decode("utf-8", "replace")
    names = [name.decode() for name, code, _ in lines if code != b"NOTICE"] or [name.decode() for name, _, _ in lines]
    proxy = "irc.znc.in" if any(name == b"irc.znc.in" for name, _, _ in lines) else ""
    server = name_server(told or proxy, _VERSIONS)
    codes = {code for _, code, _ in lines}
    facts: dict[str, Fact] = {
        "banner": banner_fact(text),
        "encrypted": context.tunnel is not None,
        "authentication": "required" if b"464" in codes else "none" if b"001" in codes else "unknown",
    }
    network = re.search(rb"\bNETWORK=([\w.-]{1,60})", text)
    if network:
        facts["network"] = network[1].decode()
    if proxy:
        facts["proxy"] = True
    kind = "a go-between for chat (IRC)" if proxy else "a chat server with rooms (IRC)"
    return Identity(
        service=NAME,
        product=server.product or ("ngIRCd" if ngircd else ""),
        version=server.version,
        vendor=server.vendor or ("Alexander Barton" if ngircd else ""),
        host_name=printable(names[0], 100) if names and not proxy and names[0] != "*" else "",
        cpe=server.cpe,
        certainty=Certainty.MEASURED if lines or ngircd else Certainty.INFERRED,
        why="its lines have a server's name and IRC's numbers before them" if lines else "it complains as IRC servers do",
        sentence=introduce(kind, server.product, server.version)
        + {"required": " It wants a password.", "none": " It lets everyone in."}.get(str(facts["authentication"]), ""),
        facts=facts,
    )
