"""Secure Shell: reads the server's greeting and its offer of algorithms; no key exchange is finished, no login tried."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.identify.systems import system_from_revision
from doorward.values.evidence import Fact
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
    "decode_algorithms",
    "first_words",
    "hassh_server",
    "next_words",
    "read",
]

NAME: Final = "ssh"
TITLE: Final = "Secure Shell: remote login and file transfer"
SOURCE: Final = "RFC 4253"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (22, 2222, 22022)
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_GREETING = b"SSH-2.0-Doorward\r\n"  # RFC 4253 §4.2: a client may send its own without waiting
# RFC 4253 §4.2: other lines may stand before the one that begins with "SSH-"; softwareversion has no blank and no hyphen, but real ones do.
_IDENTIFICATION = re.compile(rb"(?m)^SSH-(\d\.\d{1,2})-([^\s\x00]{1,200})(?: ([^\r\n]{0,200}))?\r?$")
_SOFTWARE = re.compile(r"([A-Za-z][A-Za-z]*(?:[_ -](?!\d)[A-Za-z]+)*)[_/ -]v?(\d[\w.]*)")
_KEXINIT = 20  # RFC 4253 §12: SSH_MSG_KEXINIT
_LISTS = ("key_exchange", "host_keys", "", "ciphers", "", "message_codes", "", "compression")  # RFC 4253 §7.1, server to client

# The word before the version → product, its makers, CPE vendor and product (empty where that version isn't the product's).
_PRODUCTS = {
    "openssh": ("OpenSSH", "OpenBSD project", "openbsd", "openssh"),
    "openssh_for_windows": ("OpenSSH for Windows", "Microsoft", "openbsd", "openssh"),
    "dropbear": ("Dropbear", "Matt Johnston", "dropbear_ssh_project", "dropbear_ssh"),
    "libssh": ("libssh", "libssh project", "libssh", "libssh"),
    "asyncssh": ("AsyncSSH", "Ron Frederick", "asyncssh_project", "asyncssh"),
    "paramiko": ("Paramiko", "Paramiko project", "paramiko", "paramiko"),
    "cisco": ("Cisco SSH", "Cisco", "", ""),
    "mod_sftp": ("ProFTPD mod_sftp", "ProFTPD project", "proftpd", "proftpd"),
    "rosssh": ("RouterOS SSH", "MikroTik", "", ""),
    "sshd-core": ("Apache MINA SSHD", "Apache Software Foundation", "apache", "sshd"),
    "apache-sshd": ("Apache MINA SSHD", "Apache Software Foundation", "apache", "sshd"),
    "sshd": ("Apache MINA SSHD", "Apache Software Foundation", "apache", "sshd"),
    "twisted": ("Twisted Conch", "Twisted Matrix Labs", "twistedmatrix", "twisted"),
    "go": ("Go SSH library", "Go project", "golang", "crypto"),
    "tinyssh": ("TinySSH", "Jan Mojžíš", "tinyssh", "tinyssh"),
    "bitvise": ("Bitvise SSH Server", "Bitvise", "bitvise", "ssh_server"),
}


def first_words(host: str) -> bytes:  # noqa: ARG001  # the server speaks first, whoever is asked for
    """Nothing: the server sends its greeting unasked."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Answer the greeting with ours, so that the server sends its algorithms; done when they are here."""
    if not _IDENTIFICATION.search(received[:ANSWER_BYTES]):
        return Step.WAIT
    if decode_algorithms(received):  # some don't wait for our greeting
        return Step.DONE
    return Step.WAIT if any(turn.sent == _GREETING for turn in context.turns) else _GREETING


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the greeting, and the algorithms behind it where they are."""
    found = _IDENTIFICATION.search(received[:ANSWER_BYTES])
    if found is None or received.startswith((b"HTTP/", b"<")):  # a page may quote a greeting
        return None
    software = found[2].decode("utf-8", "replace")
    comment = (found[3] or b"").decode("utf-8", "replace").strip()
    product, version, vendor, cpe = _product(software)
    system = system_from_revision(comment) or system_from_revision(software)
    facts: dict[str, Fact] = {
        "banner": banner_fact(found[0]),
        "protocol_version": found[1].decode(),
        "encrypted": True,
        "authentication": "required",
        **decode_algorithms(received),
    }
    if print_of := hassh_server(received):
        facts["hassh"] = print_of
    return Identity(
        service=NAME,
        product=product,
        version=version,
        revision=comment,
        vendor=vendor,
        system=system,
        cpe=cpe,
        why="it greets with SSH-" + found[1].decode(),
        sentence=introduce("a door for remote login and file transfer (Secure Shell)", product, version, system) + _advice(found[1]),
        facts=facts,
    )


def decode_algorithms(received: bytes) -> dict[str, Fact]:
    """Read the server's SSH_MSG_KEXINIT; empty while it isn't whole."""
    lists = _name_lists(received)
    return {name: names.split(",")[:100] for name, names in zip(_LISTS, lists, strict=False) if name}


def hassh_server(received: bytes) -> str:
    """HASSH of the server (salesforce.com, BSD-3-Clause): MD5 of its key exchanges, ciphers, message codes and compressions, or empty.

    Two servers with the same print run the same program in the same setting: a hint and no proof.
    """
    lists = _name_lists(received)
    if not lists:
        return ""
    told = dict(zip(_LISTS, lists, strict=True))
    text = ";".join(told[name] for name in ("key_exchange", "ciphers", "message_codes", "compression"))
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _name_lists(received: bytes) -> list[str]:
    """The first eight name-lists of SSH_MSG_KEXINIT; empty while it isn't whole.

    After the greeting's line: packet length (4 bytes), padding length (1), message number (1), cookie (16), then ten name-lists, each
    a length (4) and comma-separated names (RFC 4253 §6, §7.1).
    """
    found = _IDENTIFICATION.search(received[:ANSWER_BYTES])
    start = received.find(b"\n", found.start()) + 1 if found else 0
    packet = received[start : start + 35_000]  # RFC 4253 §6.1: the largest packet all must take
    if start == 0 or len(packet) < 22 or packet[5] != _KEXINIT or len(packet) < 4 + int.from_bytes(packet[:4]):
        return []
    lists: list[str] = []
    place = 22
    for _ in _LISTS:
        size = int.from_bytes(packet[place : place + 4])
        names = packet[place + 4 : place + 4 + size]
        if len(names) < size:
            return []
        place += 4 + size
        lists.append(names.decode("ascii", "replace"))
    return lists


def _product(software: str) -> tuple[str, str, str, str]:
    """Return product, version, vendor and CPE of the greeting's software field."""
    found = _SOFTWARE.match(software)
    word, version = (found[1], found[2]) if found else (software, "")
    if word.lower() not in _PRODUCTS:
        return word, version, "", ""
    product, vendor, cpe_vendor, cpe_product = _PRODUCTS[word.lower()]
    number, letter, patch = version.partition("p") if product.startswith("OpenSSH") else (version, "", "")
    return product, version, vendor, cpe_name(cpe_vendor, cpe_product, number, letter + patch) if cpe_vendor else ""


def _advice(protocol: bytes) -> str:
    if protocol.startswith(b"1.") and protocol != b"1.99":  # RFC 4253 §5.1: 1.99 is 2.0 that also takes old clients
        return " It speaks only the broken first version of the protocol: replace it."
    return " What is said through it is encrypted."
