"""LDAP: reads the entry in which a directory describes itself, and tries StartTLS where it is offered; binds as nobody."""

from __future__ import annotations

from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._ber import decode_elements, decode_integer, encode, encode_integer, first_element, whole_size
from doorward.identify.probes._named_servers import name_server, pattern
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
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
    "decode_root",
    "first_datagram",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "ldap"
TITLE: Final = "Directory of people and machines (LDAP)"
SOURCE: Final = "RFC 4511, RFC 4512 §5.1"
TRANSPORTS: Final = (Transport.TCP, Transport.UDP)
USUAL_PORTS: Final = (
    389,
    636,
    3268,
    3269,
    1389,
)  # IANA: plain, in TLS; Active Directory's global catalogue, in TLS; by habit
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_ATTRIBUTES: Final = (
    "*",
    "+",
    "vendorName",
    "vendorVersion",
    "namingContexts",
    "supportedLDAPVersion",
    "supportedSASLMechanisms",
    "supportedExtension",
)
_START_TLS_NAME: Final = b"1.3.6.1.4.1.1466.20037"  # RFC 4511 §4.14.1
_ENTRY, _DONE, _EXTENDED = 0x64, 0x65, 0x78  # §4.5.2, §4.12
_VENDORS = (
    pattern(r"389[ -](?:Directory|Project).*?(\d+\.\d[\w.]*)", "389 Directory Server", "389 project", "redhat:389_directory_server"),
    pattern(r"ApacheDS.*?(\d+\.\d[\w.-]*)", "ApacheDS", "Apache Software Foundation", "apache:apacheds"),
    pattern(r"OpenDJ.*?(\d+\.\d[\w.]*)", "OpenDJ", "Open Identity Platform", "openidentityplatform:opendj"),
    pattern(r"OpenDS.*?(\d+\.\d[\w.]*)", "OpenDS", "Oracle", "oracle:opends"),
    pattern(r"ForgeRock|Directory Services (\d+\.\d[\w.]*)", "ForgeRock Directory Services", "ForgeRock"),
    pattern(r"eDirectory.*?v?(\d+\.\d[\w.]*)?", "eDirectory", "OpenText", "microfocus:edirectory"),
    pattern(r"Samba", "Samba Active Directory", "Samba Team", "samba:samba"),
    pattern(r"Oracle.*?(\d+\.\d[\w.]*)", "Oracle Directory Server", "Oracle"),
    pattern(r"International Business Machines.*?(\d+\.\d[\w.]*)?", "IBM Security Directory Server", "IBM", "ibm:security_directory_server"),
    pattern(r"UnboundID|Ping", "PingDirectory", "Ping Identity", "pingidentity:pingdirectory"),
    pattern(r"LLDAP lldap_(\d[\w.]*)", "LLDAP", "LLDAP project"),
    pattern(r"Kanidm", "Kanidm", "Kanidm project"),
)
# Active Directory's domainControllerFunctionality: the release whose features are on (MS-ADTS §3.1.1.3.2.25).
_WINDOWS: Final = {2: "2003", 3: "2008", 4: "2008 R2", 5: "2012", 6: "2012 R2", 7: "2016 or later", 10: "2025 or later"}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Search the root for itself, with the attributes that have to be named to be shown."""
    return _search(_ATTRIBUTES)


def first_datagram(host: str) -> bytes:  # noqa: ARG001
    """The same without names of attributes (RFC 1798; Active Directory's answer to UDP)."""
    return _search(())


def next_words(received: bytes, context: Context) -> bytes | Step:
    """StartTLS once the entry is here and offers it."""
    if context.tunnel is not None and any(turn.sent == _START_TLS for turn in context.turns):
        return Step.DONE
    messages = _messages(received)
    kinds = {number: kind for number, kind, _ in messages}
    if 2 in kinds:
        agreed = next((inside for number, kind, inside in messages if number == 2 and kind == _EXTENDED), b"")
        return Step.START_TLS if agreed.startswith(b"\x0a\x01\x00") else Step.DONE
    if kinds.get(1) != _DONE:
        return Step.WAIT if received[:1] in (b"", b"0") and not context.closed else Step.DONE
    offered = _START_TLS_NAME in received and context.tunnel is None and context.transport is Transport.TCP
    return _START_TLS if offered and not any(turn.sent == _START_TLS for turn in context.turns) else Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read the entry, or the result code where none is shown."""
    messages = [message for message in _messages(received[:MAX_BYTES]) if message[0] == 1 and message[1] in (_ENTRY, _DONE)]
    if not messages:
        return None
    root = decode_root(received[:MAX_BYTES])
    product, version, vendor, cpe = _product(root)
    system = "Windows" if product == "Active Directory" else ""
    facts = _facts(root, context)
    result = next((inside for _, kind, inside in messages if kind == _DONE), b"")
    if result[:2] == b"\x0a\x01" and result[2:3] not in (b"\x00", b""):
        facts["result_code"] = result[2]
    return Identity(
        service=NAME,
        product=product,
        version=version,
        vendor=vendor,
        system=system,
        host_name=_first(root, "dnshostname"),
        cpe=cpe,
        why="it answers a search with LDAP's own message and our number",
        sentence=introduce("a directory of people and machines (LDAP)", product, version, system) + _about(root, facts),
        facts=facts,
    )


def decode_root(received: bytes) -> dict[str, list[str]]:
    """The attributes of the first entry, names in lower case; at most 100, each with at most 60 values."""
    entry = next((inside for number, kind, inside in _messages(received) if number == 1 and kind == _ENTRY), b"")
    if not entry:
        return {}
    parts = decode_elements(entry)  # name of the entry, list of attributes
    found: dict[str, list[str]] = {}
    for _, attribute in decode_elements(parts[1][1])[:100] if len(parts) == 2 else []:
        pair = decode_elements(attribute)  # name, set of values
        if len(pair) == 2:
            values = [printable(value.decode("utf-8", "replace"), 200) for _, value in decode_elements(pair[1][1])[:60]]
            found[pair[0][1].decode("utf-8", "replace").lower()] = values
    return found


def _search(attributes: tuple[str, ...]) -> bytes:
    """A search at the root itself for all that has a class, without limits (§4.5.1)."""
    names = encode(0x30, *(encode(0x04, name.encode()) for name in attributes))
    how = encode(0x04) + encode_integer(0, 0x0A) + encode_integer(0, 0x0A) + encode_integer(0) + encode_integer(0) + encode(0x01, b"\x00")
    return encode(0x30, encode_integer(1), encode(0x63, how, encode(0x87, b"objectClass"), names))


_START_TLS: Final = encode(0x30, encode_integer(2), encode(0x77, encode(0x80, _START_TLS_NAME)))


def _messages(received: bytes) -> list[tuple[int, int, bytes]]:
    """Whole messages as (number, kind, inside), at most eight."""
    found: list[tuple[int, int, bytes]] = []
    place = 0
    while len(found) < 8 and received[place : place + 1] == b"0":
        size = whole_size(received, place)
        if size == 0 or place + size > len(received):
            break
        parts = decode_elements(first_element(received, place)[1])
        if len(parts) < 2 or parts[0][0] != 0x02:
            break
        found.append((decode_integer(parts[0][1]), parts[1][0], parts[1][1]))
        place += size
    return found


def _first(root: dict[str, list[str]], name: str) -> str:
    return next(iter(root.get(name, [])), "")


def _product(root: dict[str, list[str]]) -> tuple[str, str, str, str]:
    vendor = f"{_first(root, 'vendorname')} {_first(root, 'vendorversion')}".strip()
    named = name_server(vendor, _VENDORS)
    if named.product:
        return named.product, named.version, named.vendor, named.cpe
    if "OpenLDAProotDSE" in root.get("objectclass", []) or _first(root, "structuralobjectclass") == "OpenLDAProotDSE":
        return "OpenLDAP", "", "OpenLDAP Foundation", cpe_name("openldap", "openldap")
    if "domaincontrollerfunctionality" in root:  # Samba says so, too, and doesn't tell itself apart to strangers
        return "Active Directory", "", "Microsoft", ""
    return _first(root, "vendorname"), "", _first(root, "vendorname"), ""


def _facts(root: dict[str, list[str]], context: Context) -> dict[str, Fact]:
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "none" if root else "unknown"}
    if root and context.transport is Transport.TCP:
        facts["starttls"] = _START_TLS_NAME.decode() in root.get("supportedextension", [])
    for name, ours in (
        ("namingcontexts", "naming_contexts"),
        ("supportedldapversion", "protocol_versions"),
        ("supportedsaslmechanisms", "mechanisms"),
    ):
        if root.get(name):
            facts[ours] = root[name][:20]
    for name, ours in (("defaultnamingcontext", "domain"), ("vendorversion", "vendor_version"), ("servername", "server_name")):
        if _first(root, name):
            facts[ours] = _first(root, name)
    level = _first(root, "domaincontrollerfunctionality")
    if level.isdigit() and len(level) < 4 and int(level) in _WINDOWS:
        facts["windows_server"] = _WINDOWS[int(level)]
    return facts


def _about(root: dict[str, list[str]], facts: dict[str, Fact]) -> str:
    names = root.get("namingcontexts", [])
    text = f" It knows about {', '.join(names[:3])}." if any(names) else ""
    if facts.get("starttls") is False and not facts["encrypted"]:
        text += " It offers no encryption: passwords can be read on the way."
    return text
