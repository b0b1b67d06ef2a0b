"""IKE's first message: every payload as long as it says, the key's group not among those proposed."""

from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.payloads.ike_init import ike_init, is_ike_response

SPI = 0x1A2B3C4D5E6F7081


def payloads_of(message: bytes) -> dict[int, bytes]:
    """Walk the chain of payloads (RFC 7296 §3.2)."""
    kind, place, found = message[16], 28, {}
    while kind:
        size = int.from_bytes(message[place + 2 : place + 4])
        found[kind] = message[place + 4 : place + size]
        kind, place = message[place], place + size
    assert place == len(message)
    return found


def test_the_message_is_whole() -> None:
    message = ike_init(SPI)
    assert message[:16] == bytes.fromhex("1a2b3c4d5e6f70810000000000000000")
    assert message[17:20] == bytes((0x20, 34, 0x08))
    assert int.from_bytes(message[24:28]) == len(message)
    found = payloads_of(message)
    assert list(found) == [33, 34, 40]
    assert 16 <= len(found[40]) <= 256


def test_the_key_is_of_a_group_that_is_not_proposed() -> None:
    found = payloads_of(ike_init(SPI))
    proposal = found[33]
    assert int.from_bytes(proposal[2:4]) == len(proposal)
    place, groups, count = 8, [], 0
    while place < len(proposal):
        if proposal[place + 4] == 4:
            groups.append(int.from_bytes(proposal[place + 6 : place + 8]))
        place, count = place + int.from_bytes(proposal[place + 2 : place + 4]), count + 1
    assert count == proposal[7]
    assert groups == [14, 19, 2]
    assert int.from_bytes(found[34][:2]) == 31
    assert len(found[34]) == 4 + 32


@given(st.binary(max_size=100))
def test_any_bytes(rest: bytes) -> None:
    assert is_ike_response(ike_init(SPI)[:16] + rest, SPI) in (True, False)
