"""How each protocol is asked to go on encrypted (STARTTLS): what to say, and which answer agrees; touches nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.identify.probing import Step

__all__ = ["UPGRADES", "Upgrade", "begin_upgrade"]

_LONGEST_ANSWER: Final = 65_536


class _Stage(msgspec.Struct, frozen=True):
    """Wait for an answer that is whole, see that it agrees, then say something (empty: shake hands)."""

    whole: str  #: when the answer can be judged; empty: at once, without one
    agrees: str
    say: bytes


def _lines(whole: str, *stages: tuple[str, bytes]) -> tuple[_Stage, ...]:
    return tuple(_Stage(whole, agrees, say) for agrees, say in stages)


_REPLY: Final = r"(?m)^\d{3} [^\n]*\n"  # the last line of an answer in SMTP, FTP and NNTP (RFC 5321 §4.2.1, RFC 959 §4.2)
# postgres: SSLRequest (PostgreSQL manual, Message Formats). ldap: an ExtendedRequest with StartTLS's name (RFC 4511 §4.14.1).
_SSL_REQUEST: Final = bytes.fromhex("0000000804d2162f")
_LDAP_NAME: Final = b"1.3.6.1.4.1.1466.20037"
_LDAP_REQUEST: Final = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x16" + _LDAP_NAME

_STAGES: Final[Mapping[str, tuple[_Stage, ...]]] = MappingProxyType(
    {
        # RFC 3207; the name in EHLO is an address literal, which tells nothing (RFC 5321 §4.1.4).
        "smtp": _lines(_REPLY, (r"\A220", b"EHLO [127.0.0.1]\r\n"), (r"(?im)^250[ -]STARTTLS", b"STARTTLS\r\n"), (r"\A220", b"")),
        "imap": (  # RFC 9051 §6.2.1
            _Stage(r"\n", r"(?i)\A\* (?:OK|PREAUTH)", b"d1 STARTTLS\r\n"),
            _Stage(r"(?im)^d1 [^\n]*\n", r"(?im)^d1 OK", b""),
        ),
        "pop3": _lines(r"\n", (r"\A\+OK", b"STLS\r\n"), (r"\A\+OK", b"")),  # RFC 2595 §4
        "ftp": _lines(_REPLY, (r"\A220", b"AUTH TLS\r\n"), (r"\A234", b"")),  # RFC 4217 §4
        "nntp": _lines(_REPLY, (r"\A20[01]", b"STARTTLS\r\n"), (r"\A382", b"")),  # RFC 4642 §2.2
        "sieve": _lines(r"(?im)^(?:OK|NO|BYE)[^\n]*\n", (r"(?im)^OK", b"STARTTLS\r\n"), (r"(?im)^OK", b"")),  # RFC 5804 §2.2
        "ldap": (_Stage("", "", _LDAP_REQUEST), _Stage(r"(?s)\A\x30.{8}", r"(?s)\A\x30.{1,5}\x02\x01\x01\x78.{1,5}\x0a\x01\x00", b"")),
        "postgres": (_Stage("", "", _SSL_REQUEST), _Stage(r"(?s).", r"\AS", b"")),
        "xmpp": (  # RFC 6120 §5.4
            _Stage("", "", b""),
            _Stage(
                r"</stream:features>|<features/>|</stream:stream>", r"<starttls", b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
            ),
            _Stage(r"<(?:proceed|failure)[^>]*>", r"<proceed", b""),
        ),
    }
)
_ALIASES: Final = {"postgresql": "postgres", "submission": "smtp", "managesieve": "sieve"}

#: The protocols that can be asked.
UPGRADES: Final = tuple(sorted(_STAGES))


def begin_upgrade(protocol: str, host: str) -> Upgrade:
    """Begin asking; raises `CallError` for a protocol whose words we don't know."""
    name = _ALIASES.get(protocol.lower(), protocol.lower())
    if name not in _STAGES:
        raise CallError("go on encrypted in", protocol, why="its words for that aren't known", remedy=f"There are: {', '.join(UPGRADES)}.")
    return Upgrade(name, host)


class Upgrade:
    """One conversation up to the handshake; give it what came since it last spoke."""

    def __init__(self, protocol: str, host: str) -> None:
        self._stages = list(_STAGES[protocol])
        if protocol == "xmpp":  # the only one that names the host
            name = re.sub(r"[^\w.:-]", "", host)[:255]
            opening = f"<stream:stream to='{name}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
            self._stages[0] = _Stage("", "", f"<?xml version='1.0'?>{opening}".encode())

    def go_on(self, answer: bytes) -> bytes | Step:
        """Return what to say next, `Step.WAIT` for more of the answer, `Step.START_TLS`, or `Step.DONE` where it doesn't agree."""
        stage, text = self._stages[0], answer[:_LONGEST_ANSWER].decode("latin-1")
        if not re.search(stage.whole, text):
            return Step.WAIT if len(answer) < _LONGEST_ANSWER else Step.DONE
        if not re.search(stage.agrees, text):
            return Step.DONE
        self._stages.pop(0)
        return stage.say or Step.START_TLS
