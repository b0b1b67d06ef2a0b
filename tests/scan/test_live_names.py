from __future__ import annotations

import pytest

from doorward.errors import CallError, WorldError
from doorward.scan.live_names import is_own_address, own_address_memory, resolve_name, scope_number
from doorward.values.addresses import Address


def test_localhost_is_known_without_a_network() -> None:
    assert Address.parse("127.0.0.1") in resolve_name("localhost")


@pytest.mark.parametrize("name", ["x" * 80 + ".lan", "a..b"])
def test_what_cannot_be_a_name_is_an_error_and_no_traceback(name: str) -> None:
    with pytest.raises((WorldError, CallError)):
        resolve_name(name)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("192.0.2.1", False),
        ("2001:db8::1", False),
        ("0.0.0.0", False),
        ("fe80::1%nowhere0", False),
    ],
)
def test_own_addresses(text: str, own: bool) -> None:
    assert is_own_address(Address.parse(text)) is own
    remembered = own_address_memory()
    assert remembered(Address.parse(text)) is remembered(Address.parse(text)) is own


def test_interfaces_have_numbers() -> None:
    assert scope_number("") == 0
    assert scope_number("7") == 7
    assert scope_number("lo") == 1
    with pytest.raises(WorldError, match="nowhere0"):
        scope_number("nowhere0")
