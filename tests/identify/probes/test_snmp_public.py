"""What agents tell those who say \"public\", and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import snmp_public
from doorward.identify.probing import Context, Safety, Turn
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

# Net-SNMP 5.9.3 of Debian 12.
SESSION = (
    Turn(
        (
            b"0E\x02\x01\x01\x04\x06public\xa08\x02\x04Door\x02\x01\x00\x02\x01\x000*0\x0c\x06\x08+\x06\x01\x02\x01\x01\x01"
            b"\x00\x05\x000\x0c\x06\x08+\x06\x01\x02\x01\x01\x02\x00\x05\x000\x0c\x06\x08+\x06\x01\x02\x01\x01\x05\x00\x05"
            b"\x00"
        ),
        (
            b"0\x81\x8a\x02\x01\x01\x04\x06public\xa2}\x02\x04Door\x02\x01\x00\x02\x01\x000o0E\x06\x08+\x06\x01\x02\x01\x01"
            b"\x01\x00\x049Linux vm 6.18.44-fc-v657 #1 SMP PREEMPT_DYNAMIC @0 x86_640\x16\x06\x08+\x06\x01\x02\x01\x01\x02"
            b"\x00\x06\n+\x06\x01\x04\x01\xbf\x08\x03\x02\n0\x0e\x06\x08+\x06\x01\x02\x01\x01\x05\x00\x04\x02vm"
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "snmp_public", port: int = 161) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns, transport=Transport.UDP)


def answered(received: bytes, sent: bytes = b"", spoke: str = "snmp_public", port: int = 161) -> Identity | None:
    return snmp_public.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = snmp_public.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "snmp_public"
    assert found.product == ""
    assert found.version == ""
    assert found.system == "Linux"
    assert found.host_name == "vm"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["object_id"] == "1.3.6.1.4.1.8072.3.2.10"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("snmp_public", "")


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 mail ESMTP\r\n",
        b"-ERR unknown command\r\n",
        b"\x15\x03\x01\x00\x02\x02\n",
        bytes(64),
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_it_is_said_only_when_asked_for() -> None:
    assert snmp_public.SAFETY is Safety.ONLY_ASKED


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "snmp_public" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
