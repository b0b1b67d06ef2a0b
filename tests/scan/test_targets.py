from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, DoorwardError, WorldError
from doorward.scan.spans import Span
from doorward.scan.targets import TargetSet, TargetWord, parse_targets
from doorward.values.addresses import Address

BOOK = {"nas.lan": ["192.168.1.9", "fd00::9"], "mapped.lan": ["::ffff:10.0.0.8"], "link.lan": ["fe80::7%eth0"]}


def resolve(name: str) -> list[Address]:
    return [Address.parse(text) for text in BOOK.get(name, [])]


def addresses(*words: str, exclude: tuple[str, ...] = ()) -> list[str]:
    targets = parse_targets(words, resolve, exclude)
    return [str(targets[place]) for place in range(targets.count)]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("10.0.0.1", ["10.0.0.1"]),
        ("[::1]", ["::1"]),
        ("fe80::1%eth0", ["fe80::1%eth0"]),
        ("::ffff:10.0.0.1", ["10.0.0.1"]),
        ("10.0.0.2/30", ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3"]),
        ("fd00::/127", ["fd00::", "fd00::1"]),
        ("fe80::2%eth0/127", ["fe80::2%eth0", "fe80::3%eth0"]),
        ("10.0.0.1-3", ["10.0.0.1", "10.0.0.2", "10.0.0.3"]),
        ("10.0.0.255-10.0.1.1", ["10.0.0.255", "10.0.1.0", "10.0.1.1"]),
        ("fd00::ffff-fd00::1:0", ["fd00::ffff", "fd00::1:0"]),
        ("192.168.0-1.1,7-8", ["192.168.0.1", "192.168.0.7", "192.168.0.8", "192.168.1.1", "192.168.1.7", "192.168.1.8"]),
        ("10.0.0.253-", ["10.0.0.253", "10.0.0.254", "10.0.0.255"]),
        ("10.0.0.-1", ["10.0.0.0", "10.0.0.1"]),
        ("10.0.0.3,1-2", ["10.0.0.1", "10.0.0.2", "10.0.0.3"]),
        ("nas.lan", ["192.168.1.9", "fd00::9"]),
        ("mapped.lan", ["10.0.0.8"]),
        ("link.lan", ["fe80::7%eth0"]),
        ("localhost", ["127.0.0.1", "::1"]),
        ("LocalHost.", ["127.0.0.1", "::1"]),
    ],
)
def test_forms(word: str, expected: list[str]) -> None:
    assert addresses(word) == expected


#: Counts that nmap's list scan (-sL) gives for the same words.
@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("10.0.0.0/8", 2**24),
        ("10.*.*.*", 2**24),
        ("10.0-1.-.250-", 3072),
        ("10.1-2.*.9", 512),
        ("10.0,2.0-1.1-3", 12),
        ("10.0.0.77/28", 16),
        ("10.0.5.0-255", 256),
        ("1-3.2.3.4", 3),
        ("0.0.0.0/0", 2**32),
        ("::/0", 2**128),
    ],
)
def test_large_sets_are_counted_and_never_expanded(word: str, count: int) -> None:
    targets = parse_targets([word], resolve)
    assert targets.count == count
    assert len(targets.spans) <= 1024
    assert targets[count - 1] in targets


def test_octets_agree_with_networks() -> None:
    assert parse_targets(["10.0.0-255.*"], resolve).spans == parse_targets(["10.0.0.0/16"], resolve).spans


def test_what_is_named_twice_is_there_once_and_what_is_excluded_not_at_all() -> None:
    assert addresses("10.0.0.0/30", "10.0.0.2-5", exclude=("10.0.0.1", "10.0.0.3-4")) == ["10.0.0.0", "10.0.0.2", "10.0.0.5"]
    assert addresses("nas.lan", exclude=("fd00::/64",)) == ["192.168.1.9"]


def test_a_name_is_asked_for_once_and_remembered() -> None:
    asked: list[str] = []

    def count(name: str) -> list[Address]:
        asked.append(name)
        return resolve(name)

    targets = parse_targets(["nas.lan"], count)
    assert asked == ["nas.lan"]
    assert targets.names == {Address.parse("192.168.1.9"): "nas.lan", Address.parse("fd00::9"): "nas.lan"}


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("", "empty"),
        ("10.0.0.256", "not a number from 0 to 255"),
        ("10.0.0.5-1", "not a number from 0 to 255"),
        ("010.0.0.1", "not a number from 0 to 255"),
        ("10.0.0.1,", "not a number from 0 to 255"),
        ("1.2.3", "four parts"),
        ("10.0.0.0/33", "an IPv4 address has 32 bits, not 33"),
        ("10.0.0.0/255.0.0.0", "neither an address with a number of bits"),
        ("10.0.1.0-10.0.0.0", "ends before it starts"),
        ("fd00::1-10.0.0.1", "ends before it starts"),
        ("http://nas.lan/", "URL"),
        ("nas.lan:80", "no port"),
        ("127.0.0.1:80", "no port"),
        ("fe80::1", "needs the name of its interface"),
        ("fe80::/64", "needs the name of its interface"),
        ("1-255.1-254.1-254.1", "separate ranges"),
        ("a b", "neither an address nor a name"),
        ("\x1b[31m", "neither an address nor a name"),
        ("nas\u202e.lan", "neither an address nor a name"),
        ("x" * 300, "neither an address nor a name"),
    ],
)
def test_nonsense_is_refused_with_its_reason(word: str, why: str) -> None:
    with pytest.raises(CallError, match=why):
        parse_targets([word], resolve)


def test_a_name_without_an_address_is_the_worlds_fault() -> None:
    with pytest.raises(WorldError, match=r"nobody\.lan"):
        parse_targets(["nobody.lan"], resolve)


@given(st.text(max_size=40) | st.text("0123456789.,-*/:%[]abcdef", max_size=30))
def test_any_text_gives_targets_or_a_clear_error(word: str) -> None:
    try:
        targets = parse_targets([word], resolve)
    except DoorwardError:
        return
    assert targets.count >= 1
    assert targets[0] in targets


@given(st.lists(st.tuples(st.integers(0, 2**32 - 301), st.integers(0, 300)), min_size=1, max_size=5))
def test_places_run_through_the_set_in_ascending_order(pairs: list[tuple[int, int]]) -> None:
    targets = TargetSet(Span(4, "", first, first + length) for first, length in pairs)
    numbers = [int.from_bytes(targets[place].packed, "big") for place in range(targets.count)]
    assert numbers == sorted(set(numbers))
    assert set(numbers) == {number for first, length in pairs for number in range(first, first + length + 1)}
    with pytest.raises(IndexError):
        targets[targets.count]
    with pytest.raises(IndexError):
        targets[-1]


def test_the_same_address_is_the_same_object() -> None:
    targets = parse_targets(["10.0.0.0/24"], resolve)
    assert targets[5] is targets[5]


def test_a_place_stands_in_the_error() -> None:
    with pytest.raises(CallError, match=r"hosts.txt:3:5: .*not a number"):
        parse_targets([TargetWord("10.0.0.256", "hosts.txt:3:5")], resolve)
    with pytest.raises(CallError, match=r"hosts.txt:1:1: a link-local address needs"):
        parse_targets([TargetWord("fe80::1", "hosts.txt:1:1")], resolve)


def test_a_dead_name_of_a_file_is_told_and_the_others_stay() -> None:
    told: list[str] = []
    words = [TargetWord("dead.lan", "hosts.txt:1:1"), TargetWord("nas.lan", "hosts.txt:2:1")]
    targets = parse_targets(words, resolve, on_unresolved=lambda word, error: told.append(f"{word.text} {error.why}"))
    assert targets.count == 2
    assert told == ["dead.lan hosts.txt:1:1: the name has none"]
    with pytest.raises(WorldError):
        parse_targets(["10.0.0.1"], resolve, words[:1], on_unresolved=lambda *_: None)  # what can't be found can't be spared
    with pytest.raises(WorldError):
        parse_targets(["dead.lan"], resolve, on_unresolved=lambda *_: None)  # of the call itself


@pytest.mark.parametrize(("word", "count"), [("nas.lan/24", 256), ("nas.lan/120", 256), ("localhost/31", 2), ("link.lan/127", 2)])
def test_a_name_with_bits_is_the_network_around_it(word: str, count: int) -> None:
    assert parse_targets([word], resolve).count == count


@pytest.mark.parametrize("word", ["mapped.lan/64", "link.lan/24", "nas.lan/129", "nas.lan/x", "dead.lan/24", "nas.lan/"])
def test_bits_that_suit_no_address_are_refused(word: str) -> None:
    with pytest.raises(DoorwardError):
        parse_targets([word], resolve)
