"""What is added, what stays, and what stands beside it."""

import pytest

from doorward.identify.fingerprints.fingerprint import Recognised
from doorward.identify.fingerprints.joining import hints_of, join_fingerprints
from doorward.identify.identity import Identity


def recognised(field: str = "ssh_banners", **told: str) -> Recognised:
    return Recognised("Recog", field, 12, "A thing", {name.replace("_", "."): value for name, value in told.items()})


def test_what_is_empty_is_filled_with_its_source() -> None:
    one = recognised(service_product="X", service_version="1.2", service_vendor="Y", service_cpe23="cpe:/a:y:x:1.2", host_name="h")
    joined = join_fingerprints(Identity(service="ssh", why="it greets", sentence="This is a door."), [one])
    assert (joined.product, joined.version, joined.vendor, joined.host_name) == ("X", "1.2", "Y", "h")
    assert joined.cpe == "cpe:2.3:a:y:x:1.2:*:*:*:*:*:*:*"
    assert joined.facts["fingerprints"] == ["Recog, ssh_banners #12: A thing"]
    assert "Recog, ssh_banners #12" in joined.why
    assert joined.sentence.endswith("known as X 1.2's.")


def test_our_word_stays_and_both_are_said() -> None:
    ours = Identity(service="ssh", product="OpenSSH", version="9.2p1", cpe="ours")
    joined = join_fingerprints(ours, [recognised(service_product="OpenSSH", service_version="8.0", service_vendor="OpenBSD")])
    assert (joined.version, joined.vendor, joined.cpe) == ("9.2p1", "OpenBSD", "ours")
    assert joined.facts["other_version"] == "Recog, ssh_banners #12: 8.0"
    other = join_fingerprints(ours, [recognised(service_product="Dropbear", service_version="1")])
    assert (other.product, other.version) == ("OpenSSH", "9.2p1")
    assert other.facts["other_product"] == "Recog, ssh_banners #12: Dropbear 1"


def test_what_its_authors_do_not_believe_is_not_used() -> None:
    ours = Identity(service="http")
    assert join_fingerprints(ours, [recognised(service_certainty="0.0", os_certainty="0.0", hw_certainty="0.0")]) == ours
    assert join_fingerprints(ours, [recognised(service_product="X", service_certainty="0.1")]) == ours
    assert join_fingerprints(ours, [recognised(service_product="X", service_certainty="hm")]) == ours


def test_a_certificate_tells_of_the_device_alone() -> None:
    one = recognised("x509_subjects", service_product="X", hw_vendor="Araknis", hw_product="AN-300")
    joined = join_fingerprints(Identity(service="http"), [one])
    assert joined.product == ""
    assert joined.facts["hardware"] == "Araknis AN-300"


SYSTEMS = [
    ({"os_vendor": "Debian", "os_product": "Linux", "os_version": "12.0"}, "Debian 12"),
    ({"os_vendor": "Ubuntu", "os_product": "Linux", "os_version": "22.04"}, "Ubuntu 22.04"),
    ({"os_vendor": "Microsoft", "os_product": "Windows Server 2019"}, "Windows Server 2019"),
    ({"os_vendor": "Cisco", "os_product": "IOS", "os_version": "15.2"}, "Cisco IOS 15.2"),
    ({"os_vendor": "Linux", "os_product": "Linux"}, "Linux"),
]


@pytest.mark.parametrize(("told", "system"), SYSTEMS)
def test_systems(told: dict[str, str], system: str) -> None:
    (hint,) = hints_of([recognised(**told)])
    assert (hint.system, hint.origin) == (system, "banner")


def test_hostile_values_are_harmless() -> None:
    joined = join_fingerprints(
        Identity(service="ssh"), [recognised(service_product="X\x1b[2J", service_version="\u202e1", host_name="\x07")]
    )
    assert all(text.isprintable() for text in (joined.product, joined.version, joined.host_name, joined.sentence))
    assert join_fingerprints(Identity(service="ssh"), [recognised(service_product="X", service_cpe23="nonsense")]).cpe == ""
