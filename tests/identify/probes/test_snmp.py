"""What agents report in SNMP version 3, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import snmp
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

# Net-SNMP 5.9.3 of Debian 12.
SESSION = (
    Turn(
        (
            b"0>\x02\x01\x030\x11\x02\x04Door\x02\x03\x00\xff\xe3\x04\x01\x04\x02\x01\x03\x04\x100\x0e\x04\x00\x02\x01\x00"
            b"\x02\x01\x00\x04\x00\x04\x00\x04\x000\x14\x04\x00\x04\x00\xa0\x0e\x02\x04Door\x02\x01\x00\x02\x01\x000\x00"
        ),
        (
            b'0r\x02\x01\x030\x11\x02\x04Door\x02\x03\x00\xff\xe3\x04\x01\x00\x02\x01\x03\x04"0 \x04\x11\x80\x00\x1f\x88\x80'
            b"!\xc4\x91}\x9f\x87\x04k\x00\x00\x00\x00\x02\x01\x01\x02\x02\x08R\x04\x00\x04\x00\x04\x0006\x04\x11\x80\x00\x1f"
            b"\x88\x80!\xc4\x91}\x9f\x87\x04k\x00\x00\x00\x00\x04\x00\xa8\x1f\x02\x04Door\x02\x01\x00\x02\x01\x000\x110\x0f"
            b"\x06\n+\x06\x01\x06\x03\x0f\x01\x01\x04\x00A\x01\x02"
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "snmp", port: int = 161) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns, transport=Transport.UDP)


def answered(received: bytes, sent: bytes = b"", spoke: str = "snmp", port: int = 161) -> Identity | None:
    return snmp.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = snmp.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "snmp"
    assert found.product == "Net-SNMP"
    assert found.version == ""
    assert found.cpe == "cpe:2.3:a:net-snmp:net-snmp:*:*:*:*:*:*:*:*"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["enterprise"] == 8072
    assert found.facts["authentication"] == "required"
    assert found.facts["engine_boots"] == 1
    assert "has been up for" in found.sentence


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("snmp", "Net-SNMP")


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


@pytest.mark.parametrize(
    ("engine", "facts"),
    [
        ("800000090300a1b2c3d4e5", {"enterprise": 9, "mac": "00:a1:b2:c3:d4:e5"}),
        ("8000000901c0000201", {"enterprise": 9, "engine_address": "192.0.2.1"}),
        ("800007db0473776974636831", {"enterprise": 2011, "engine_name": "switch1"}),
        ("000000090000000102030405", {"enterprise": 9}),
        ("8000", {}),
    ],
)
def test_what_an_engines_name_tells(engine: str, facts: dict[str, object]) -> None:
    assert snmp.decode_engine(bytes.fromhex(engine)) == {"engine_id": engine, **facts}


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "snmp" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
