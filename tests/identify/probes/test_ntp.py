"""What clocks answer, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import ntp
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

# chrony 4.3 of Debian 12.
SESSION = (
    Turn(
        (
            b"#\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00Doorward"
        ),
        (
            b"$\n\x00\xe6\x00\x00\x00\x00\x00\x00\x00\x00\x7f\x7f\x01\x01\xee\xaf\x0ep\xe2+f\x17Doorward\xee\xaf\x0erdg}\x0f"
            b"\xee\xaf\x0erdkkL"
        ),
    ),
    Turn(
        (
            b"#\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00Doorwar2\xf3#\x00\x1c\xf5\xbe\xdd\x9a\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
        ),
        (
            b"$\n\x00\xe6\x00\x00\x00\x00\x00\x00\x00\x00\x7f\x7f\x01\x01\xee\xaf\x0ep\xe2+f\x17Doorwar2\xee\xaf\x0erd\x9c"
            b"\xbc\xe1\xee\xaf\x0erd\x9d\xc8\xd4\xf3#\x00\x1c\xf5\xbe\xdd\x9a\x00\x00\x00\x00\x00\x00\x00\x00\xee\xaf\x0er"
            b"d\x9c\xbc\xc0\xda\x16\x889"
        ),
    ),
)
# NTPsec 1.2.2 of Debian 12.
NTPSEC = (
    b"$\x0b\x00\xe8\x00\x00\x00\x00\x00\x00\x02\xd9\x7f\x7f\x01\x00\xee\xaf\x0elz\xdfv\x99Doorward"
    b"\xee\xaf\x0ez\xc6\xe3\xc4\x1c\xee\xaf\x0ez\xc6\xe5G\x88"
)
VARIABLES = (
    b"&\x82Do\x05\x15\x00\x00\x00\x00\x01eleap=0, stratum=11, precision=-24, rootdelay=0.000, rootdisp=11.136,\r\nrefid=127.127.1.0, "
    b"reftime=0xeeaf0e6c.7adf7699, tc=6, peer=17767,\r\noffset=0.000000, frequency=0.000000, sys_jitter=0.000000,\r\nclk_jitter=0.000010, "
    b'clock=0xeeaf0e7a.c6dfd1a0, processor="x86_64",\r\nsystem="Linux/6.18.44-fc-v657", version="ntpd ntpsec-1.2.2",\r\n'
    b"clk_wander=0.000000, mintc=0\r\n\x00\x00\x00"
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "ntp", port: int = 123) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns, transport=Transport.UDP)


def answered(received: bytes, sent: bytes = b"", spoke: str = "ntp", port: int = 123) -> Identity | None:
    return ntp.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = ntp.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "ntp"
    assert found.product == "chrony"
    assert found.version == ""
    assert found.certainty is Certainty.MEASURED
    assert found.facts["stratum"] == 10
    assert found.facts["reference"] == "127.127.1.1"
    assert found.facts["in_step"] is True


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("ntp", "chrony")


def test_the_conversation_goes_as_it_went() -> None:
    assert ntp.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert ntp.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert ntp.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (NTPSEC, "", "", "none", Certainty.MEASURED),
        (NTPSEC + VARIABLES, "NTPsec", "1.2.2", "none", Certainty.MEASURED),
        (NTPSEC + VARIABLES.replace(b"ntpd ntpsec-1.2.2", b"ntpd 4.2.8p15@1.3728-o"), "ntpd", "4.2.8p15", "none", Certainty.MEASURED),
    ],
)
def test_what_other_answers_mean(received: bytes, product: str, version: str, authentication: str, certainty: Certainty) -> None:
    found = answered(received)
    assert found is not None
    assert (found.product, found.version, found.facts["authentication"], found.certainty) == (product, version, authentication, certainty)


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


def test_a_clock_that_is_not_set_says_so() -> None:
    found = answered(b"\xe4\x00" + NTPSEC[2:])
    assert found is not None
    assert found.facts["in_step"] is False


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "ntp" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
