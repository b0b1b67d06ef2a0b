"""What others' fingerprints add to what our own reader concluded; ours wins where both speak, and the other word stands beside it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

import msgspec

from doorward.identify.cpe import cpe_name
from doorward.identify.fingerprints.fingerprint import Recognised
from doorward.identify.identity import Identity
from doorward.identify.systems import SystemHint, family_of
from doorward.values.evidence import Fact
from doorward.values.printable import printable

__all__ = ["hints_of", "join_fingerprints"]

#: Below this, Recog's authors themselves don't believe it ("assert nothing" is 0.0).
_LEAST_CERTAINTY: Final = 0.5
_CERTAIN_BY_DEFAULT: Final = 0.85  # Recog's README: what a fingerprint without a certainty counts for
#: A certificate tells of the device that made it, and nothing of the program that shows it.
_OF_THE_DEVICE: Final = ("x509_subjects", "x509_issuers")


def join_fingerprints(identity: Identity, found: Sequence[Recognised]) -> Identity:
    """Fill what is empty, keep what isn't, and name each source in the fact ``fingerprints``."""
    named = [one for one in found if any(_believed(one, part) for part in ("service", "os", "hw"))]
    if not named:
        return identity
    facts: dict[str, Fact] = {**identity.facts, "fingerprints": [_name(one) for one in named]}
    joined = identity
    for one in named:
        if one.field not in _OF_THE_DEVICE and _believed(one, "service"):
            joined, said = _with_service(joined, one)
            facts |= said
        if _believed(one, "hw") and "hardware" not in facts:
            facts["hardware"] = _words(one.promises.get("hw.vendor", ""), one.promises.get("hw.product", ""))
        if not joined.host_name and "host.name" in one.promises:
            joined = msgspec.structs.replace(joined, host_name=printable(one.promises["host.name"], 253))
    return msgspec.structs.replace(joined, facts={name: fact for name, fact in facts.items() if fact != ""})


def hints_of(found: Sequence[Recognised]) -> list[SystemHint]:
    """What the fingerprints say of the system, each with the place where it was read: two about one banner are one witness."""
    hints = []
    for one in found:
        system = _system(one)
        if system and _believed(one, "os"):
            sure = min(_certainty(one, "os"), 0.9)
            origin = "certificate" if one.field in _OF_THE_DEVICE else "snmp" if one.field.startswith("snmp") else "banner"
            hints.append(SystemHint(system=system, origin=origin, sure=sure, why=_name(one), cpe=_cpe(one.promises.get("os.cpe23", ""))))
    return hints


def _with_service(identity: Identity, one: Recognised) -> tuple[Identity, dict[str, Fact]]:
    told = one.promises
    product, version = printable(told.get("service.product", ""), 100), printable(told.get("service.version", ""), 100)
    if not product:
        return identity, {}
    if identity.product and not _same_product(identity.product, product):
        return identity, {"other_product": f"{one.name}: {product} {version}".strip()}
    facts: dict[str, Fact] = {}
    if identity.version and version and identity.version != version and not identity.version.startswith(version):
        facts["other_version"] = f"{one.name}: {version}"
    use_theirs = not identity.version or identity.version == version
    added = "" if identity.product else f" Its answer is known as {_words(product, version)}'s."
    joined = msgspec.structs.replace(
        identity,
        product=identity.product or product,
        version=identity.version or version,
        vendor=identity.vendor or printable(told.get("service.vendor", ""), 100),
        cpe=identity.cpe or (_cpe(told.get("service.cpe23", "")) if use_theirs else ""),
        why=identity.why if identity.product else f"{identity.why}; the product by {one.name}",
        sentence=identity.sentence + added,
    )
    return joined, facts


def _same_product(ours: str, theirs: str) -> bool:
    """Whether two names mean one product: ``Apache httpd`` and ``HTTPD``, ``vsftpd`` and ``vsFTPd``."""
    one, other = ("".join(filter(str.isalnum, name)).lower() for name in (ours, theirs))
    return one in other or other in one


def _system(one: Recognised) -> str:
    """The system's name as we write it: ``Debian 12``, ``Windows Server 2019``, ``Cisco IOS 15.2``."""
    vendor, product = one.promises.get("os.vendor", ""), one.promises.get("os.product", "")
    version = one.promises.get("os.version", "")
    if not product or _certainty(one, "os") < _LEAST_CERTAINTY:
        return ""
    if product == "Linux" and vendor not in ("", "Linux"):
        named = vendor if family_of(vendor) == "Linux" else f"{vendor} Linux"
    else:
        named = product if vendor in ("Microsoft", "Apple", "") or product.startswith(vendor) else f"{vendor} {product}"
    number = version.removesuffix(".0") if named in ("Debian", "Ubuntu") else version
    return printable(f"{named} {number}".strip() if number and number not in named else named, 100)


def _believed(one: Recognised, part: str) -> bool:
    """Whether the fingerprint says anything of this part that its authors believe."""
    return (
        any(name.startswith(f"{part}.") and name != f"{part}.certainty" for name in one.promises)
        and _certainty(one, part) >= _LEAST_CERTAINTY
    )


def _certainty(one: Recognised, part: str) -> float:
    try:
        return float(one.promises.get(f"{part}.certainty", _CERTAIN_BY_DEFAULT))
    except ValueError:
        return 0.0


def _cpe(uri: str) -> str:
    """A CPE 2.2 URI (``cpe:/a:openbsd:openssh:9.2p1``) as a 2.3 name; empty for anything else."""
    scheme, _, rest = uri.partition("cpe:/")
    parts = [unquote(part) for part in rest.split(":")]
    if scheme or len(parts) < 3 or parts[0] not in ("a", "o", "h"):
        return ""
    version, update = [part if part != "-" else "" for part in (*parts[3:5], "", "")[:2]]
    return cpe_name(parts[1], parts[2], version, update, part=parts[0])


def _words(*words: str) -> str:
    return printable(" ".join(word for word in words if word), 200)


def _name(one: Recognised) -> str:
    return f"{one.name}: {one.description}" if one.description else one.name
