"""FTP: reads the greeting, the features and the system, and looks at the certificate; no login is tried, not even as anonymous."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probes._named_servers import name_server, pattern
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.identify.systems import system_from_revision
from doorward.values.evidence import Certainty, Fact
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

NAME: Final = "ftp"
TITLE: Final = "Files: transfer the old way (FTP)"
SOURCE: Final = "RFC 959, RFC 2389, RFC 4217"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (21, 990, 2121)
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_FEAT: Final = b"FEAT\r\n"  # RFC 2389 §3
_SYST: Final = b"SYST\r\n"  # RFC 959 §4.1.3
_AUTH: Final = b"AUTH TLS\r\n"  # RFC 4217 §4
_QUIT: Final = b"QUIT\r\n"
# RFC 959 §5.4: 120 wait, 220 ready, 421 not available; 530 is what some say to addresses they don't serve.
_GREETING = re.compile(rb"(120|220|421|530)([ -])([^\r\n]{0,500})\r?\n")
_LAST_LINE = re.compile(rb"(?m)^\d{3} [^\r\n]{0,1000}\r?\n\Z")  # RFC 959 §4.2: the last line repeats the code with a blank
_FTP_WORD = re.compile(rb"(?i)ftp(?!\.)|filezilla|file transfer")
_SMTP_WORD = re.compile(rb"(?i)\bE?SMTP\b")
_FEATURES = re.compile(rb"(?m)^211-[^\r\n]{0,300}\r?\n((?:[ \t][^\r\n]{0,200}\r?\n){1,100})")
_SYSTEM = re.compile(rb"(?m)^215 ([^\r\n]{1,200})\r?$")
_WANTS_LOGIN = re.compile(rb"(?m)^(?:530 |332 |503 )")

_SERVERS = (
    pattern(r"\bvsFTPd (\d[\w.]*)", "vsftpd", "vsftpd project", "vsftpd_project:vsftpd"),
    pattern(r"\bProFTPD (?:Server )?(\d[\w.]*)", "ProFTPD", "ProFTPD project", "proftpd:proftpd"),
    pattern(r"\bProFTPD\b", "ProFTPD", "ProFTPD project", "proftpd:proftpd"),
    pattern(r"\bPure-FTPd\b", "Pure-FTPd", "Pure-FTPd project", "pureftpd:pure-ftpd"),
    pattern(r"\bFileZilla Server(?: version)? (\d[\w.]*)", "FileZilla Server", "FileZilla project", "filezilla-project:filezilla_server"),
    pattern(r"\bMicrosoft FTP Service\b", "Microsoft FTP Service", "Microsoft"),
    pattern(r"\bpyftpdlib (\d[\w.]*)", "pyftpdlib", "pyftpdlib project", "pyftpdlib_project:pyftpdlib"),
    pattern(r"\bGNU inetutils (\d[\w.]*)", "GNU inetutils ftpd", "GNU project", "gnu:inetutils"),
    pattern(r"\bLinux-ftpd-(\d[\w.]*)", "Linux NetKit ftpd", "NetKit project"),
    pattern(r"\bbftpd (\d[\w.]*)", "bftpd", "bftpd project", "bftpd_project:bftpd"),
    pattern(r"\bServ-U FTP Server v(\d[\w.]*)", "Serv-U", "SolarWinds", "solarwinds:serv-u"),
    pattern(r"\bWing FTP Server(?: v?(\d[\w.]*))?", "Wing FTP Server", "Wing FTP", "wftpserver:wing_ftp_server"),
    pattern(r"\bVersion wu-(\d[\w.]*)", "WU-FTPD", "Washington University", "washington_university:wu-ftpd"),
    pattern(r"\bCrushFTP\b", "CrushFTP", "CrushFTP", "crushftp:crushftp"),
    pattern(r"\bMikroTik (\d[\w.]*)\)? FTP server|\(MikroTik (\d[\w.]*)\)", "MikroTik FTP", "MikroTik"),
    pattern(r"\bTwisted (\d[\w.]*) FTP Server", "Twisted", "Twisted Matrix Labs", "twistedmatrix:twisted"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001  # the server speaks first, whoever is asked for
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """FEAT, SYST, AUTH TLS where it is offered, QUIT; each after the whole answer to the one before."""
    greeting = _GREETING.match(received)
    if greeting is None:
        return Step.DONE if b"\n" in received else Step.WAIT
    said = [turn.sent for turn in context.turns if turn.sent]
    if context.tunnel is not None and said[-1:] == [_AUTH]:
        return _QUIT
    answer = context.turns[-1].received if context.turns else received
    if not _LAST_LINE.search(answer):
        return Step.DONE if context.closed else Step.WAIT
    if greeting[1] in (b"421", b"530"):
        return Step.DONE
    if not said:
        return _FEAT
    if said[-1] == _FEAT:
        return _SYST
    if said[-1] == _SYST:
        return _AUTH if _offers_tls(_features(received)) and context.tunnel is None else _QUIT
    if said[-1] == _AUTH:
        return Step.START_TLS if answer.startswith(b"234") else _QUIT
    return Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read the greeting, features and system; a bare 220 is a guess, and only on FTP's ports."""
    received = received[:MAX_BYTES]
    greeting = _GREETING.match(received)
    if greeting is None or _SMTP_WORD.search(greeting[3]):
        return None
    features, system_answer = _features(received), _SYSTEM.search(received)
    greeted = received[: _end_of_reply(received)]
    named = _FTP_WORD.search(greeted) is not None
    if features or system_answer:
        proof = "it lists its features (FEAT)" if features else "it tells its kind of system (SYST)"
    else:
        proof = "its greeting says FTP" if named else ""
    if not proof and (context.port not in USUAL_PORTS or context.spoke not in ("", NAME)):
        return None
    text = greeted.decode("utf-8", "replace")
    server = name_server(text, _SERVERS)
    system = system_from_revision(text) or ("Windows" if system_answer and system_answer[1].startswith(b"Windows") else "")
    facts = _facts(greeting, features, system_answer, received, context)
    return Identity(
        service=NAME,
        product=server.product,
        version=server.version,
        vendor=server.vendor,
        system=system,
        cpe=server.cpe,
        certainty=Certainty.MEASURED if proof else Certainty.INFERRED,
        why=proof or f"it greets with {greeting[1].decode()} on a port of FTP",
        sentence=introduce("a file server of the old kind (FTP)", server.product, server.version, system) + _ways(facts),
        facts=facts,
    )


def _end_of_reply(received: bytes) -> int:
    """Where the greeting ends: behind its first line with a blank after the code."""
    found = re.search(rb"(?m)^\d{3} [^\r\n]{0,1000}\r?\n", received)
    return min(found.end() if found else len(received), 4096)


def _features(received: bytes) -> list[str]:
    found = _FEATURES.search(received)
    return [printable(line.decode("utf-8", "replace").strip()) for line in found[1].splitlines()] if found else []


def _offers_tls(features: list[str]) -> bool:
    return any(feature.upper().startswith("AUTH") and "TLS" in feature.upper() for feature in features)


def _facts(
    greeting: re.Match[bytes], features: list[str], system: re.Match[bytes] | None, received: bytes, context: Context
) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "banner": banner_fact(greeting[0]),
        "encrypted": context.tunnel is not None,
        "authentication": "required" if _WANTS_LOGIN.search(received) else "unknown",
    }
    if features:
        facts["capabilities"] = features
        facts["starttls"] = _offers_tls(features)
    if system:
        facts["system_answer"] = printable(system[1].decode("utf-8", "replace"))
    return facts


def _ways(facts: dict[str, Fact]) -> str:
    if facts["encrypted"] or facts.get("starttls"):
        return ""
    return " It offers no encryption: passwords and files can be read on the way."
