"""Answers in the form of Vault's published interface, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import vault
from doorward.identify.probing import Context, Step, Turn

BODY = b'{"initialized":true,"sealed":true,"standby":true,"performance_standby":false,"server_time_utc":1700000000,"version":"1.15.2"}\n'
SEALED = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
ANSWERS = [SEALED]


def test_reads_its_health() -> None:
    found = vault.read(SEALED, Context())
    assert found is not None
    assert (found.version, found.facts["sealed"], found.facts["authentication"]) == ("1.15.2", True, "required")
    assert vault.next_words(SEALED, Context()) is Step.DONE
    assert vault.first_words("h").startswith(b"GET /v1/sys/health ")


@pytest.mark.parametrize("other", [b"", SEALED[:-4], SEALED.replace(b"sealed", b"healed")])
def test_leaves_others_alone(other: bytes) -> None:
    assert vault.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="vault", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = vault.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "vault"
