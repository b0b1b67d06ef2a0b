from __future__ import annotations

from doorward.scan.hosts import Host, HostBook
from doorward.values.addresses import Address

ONE, OTHER = Address.parse("10.0.0.1"), Address.parse("fe80::1%eth0")


def test_a_host_is_remembered() -> None:
    book = HostBook(None)
    assert book.of(ONE) is book.of(Address.parse("10.0.0.1"))
    assert book.of(OTHER) is not book.of(ONE)


def test_a_scope_is_apart_from_the_address() -> None:
    host = Host(OTHER, None)
    assert (host.text, host.family, host.scope_number) == ("fe80::1", 6, None)
    assert Host(ONE, None).scope_number == 0


def test_each_host_has_its_own_pace() -> None:
    book = HostBook(10.0)
    assert [book.of(ONE).book(0) for _ in range(3)] == [0, 10**8, 2 * 10**8]
    assert book.of(OTHER).book(0) == 0
    assert HostBook(None).of(ONE).book(5) == 5


def test_memory_is_bounded() -> None:
    book = HostBook(None)
    first = book.of(ONE)
    for number in range(70_000):
        book.of(Address(number.to_bytes(4, "big")))
    assert len(book._hosts) <= 65536
    assert book.of(ONE) is not first
