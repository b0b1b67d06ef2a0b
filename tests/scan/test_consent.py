from __future__ import annotations

import pytest

from doorward.errors import CallError
from doorward.scan.consent import NEVER, consented
from doorward.scan.targets import TargetSet, parse_targets
from doorward.values.addresses import Address

OWN = Address.parse("203.0.113.5")


def targets(*words: str) -> TargetSet:
    return parse_targets(words, lambda _: [])


def allowed(*words: str, given: bool = False) -> TargetSet:
    return consented(targets(*words), given=given, is_own=lambda address: address == OWN)


@pytest.mark.parametrize(
    "word",
    [
        "127.0.0.1",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.1.1",
        "100.64.0.1",
        "::1",
        "fd00::/64",
        "fe80::1%eth0",
        str(OWN),
    ],
)
def test_own_and_private_addresses_need_no_word(word: str) -> None:
    assert allowed(word).count == targets(word).count


@pytest.mark.parametrize("word", ["8.8.8.8", "2001:4860:4860::8888", "172.32.0.1", "10.0.0.0/7", "203.0.113.4-6", "0.0.0.0/0"])
def test_others_need_the_callers_word(word: str) -> None:
    with pytest.raises(CallError, match="--i-may-scan-this") as error:
        allowed(word)
    assert error.value.exit_status == 2
    assert allowed(word, given=True).count > 0


@pytest.mark.parametrize(
    "word",
    [
        "0.0.0.0",
        "0.1.2.3",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "ff02::1%eth0",
        "::2",
        "100::1",
        "224.0.0.0/8",
    ],
)
def test_some_are_never_touched(word: str) -> None:
    with pytest.raises(CallError, match=r"RFC \d+"):
        allowed(word, given=True)


def test_in_a_larger_set_they_are_left_out() -> None:
    everything = allowed("0.0.0.0/0", given=True)
    assert everything.count == 2**32 - 2**24 - 2**28 - 2**28
    assert Address.parse("224.0.0.1") not in everything
    assert Address.parse("223.255.255.255") in everything
    assert Address.parse("::1") in allowed("::/0", given=True)


def test_a_forbidden_target_beside_a_good_one_is_still_named() -> None:
    with pytest.raises(CallError, match=r"224\.0\.0\.1"):
        allowed("127.0.0.1", "224.0.0.1", given=True)


def test_nothing_left_is_an_error() -> None:
    with pytest.raises(CallError, match="no address is left"):
        consented(targets("10.0.0.1").without(targets("10.0.0.0/8").spans), given=True, is_own=lambda _: False)


def test_every_reason_names_its_source() -> None:
    assert all("RFC" in why for why in NEVER.values())
