"""Every probe there is keeps the contract of `Probe`; a new file is held to it by being there."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, PeerError
from doorward.identify.catalog import all_probes, first_words_of, next_words_of, probe_named, probes_for
from doorward.identify.identity import Identity
from doorward.identify.probing import Context, Probe, Safety, Step, Turn
from doorward.values.transports import Transport

PROBES = list(all_probes().values())
each_probe = pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.NAME)

# Pieces of many protocols, so that random bytes get past the first comparison of a reader.
PIECES = [
    b"HTTP/1.1 ",
    b"SSH-2.0-",
    b"220 ",
    b"220-",
    b"* OK ",
    b"+OK ",
    b"-ERR ",
    b"+PONG\r\n",
    b"$9\r\n",
    b"\xff\xfd\x18",
    b"\r\n",
    b"\x00" * 4,
]
PIECES += [
    b"\x16\x03\x03",
    b"E\x00\x00\x00\x08",
    b"\x0a5.5.5-",
    b"200 ",
    b"250-",
    b"\n",
    b"\xff\xff\xff\xff",
    b"<title>",
    b"Server: ",
    b"[",
]
hostile_bytes = st.one_of(
    st.binary(max_size=3000), st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=30)), max_size=25).map(b"".join)
)


@each_probe
def test_it_declares_itself(probe: Probe) -> None:
    assert all_probes()[probe.NAME] is probe
    assert re.fullmatch(r"[a-z][a-z0-9_]*", probe.NAME)
    assert probe.TITLE
    assert probe.SOURCE
    assert probe.TRANSPORTS
    assert all(isinstance(transport, Transport) for transport in probe.TRANSPORTS)
    assert all(0 < port < 65536 for port in probe.USUAL_PORTS)
    assert probe.SAFETY in Safety
    assert 1024 <= probe.MAX_BYTES <= 65536


@each_probe
def test_it_speaks_first_or_waits(probe: Probe) -> None:
    words = probe.first_words("192.0.2.1")
    assert isinstance(words, bytes)
    assert words or probe.SERVER_SPEAKS_FIRST


@each_probe
@given(received=hostile_bytes, spoke=st.sampled_from(["", *all_probes()]), closed=st.booleans())
def test_any_bytes_are_survived(probe: Probe, received: bytes, spoke: str, closed: bool) -> None:
    turns = (Turn(b"", received[:7]), Turn(b"x", received[7:]))
    context = Context(host="h", port=1, spoke=spoke, turns=turns, closed=closed)
    try:
        found = probe.read(received, context)
        assert found is None or (isinstance(found, Identity) and found.service and found.sentence and found.why)
        conversation = next_words_of(probe)
        if conversation is not None:
            said = conversation(received, context)
            assert isinstance(said, Step) or (said and len(said) < 2000)
    except PeerError:
        return


@each_probe
@pytest.mark.parametrize(
    "filling", [b"A", b"\x00", b"\xff", b"<", b"\r\n", b"220-a\r\n", b"SSH-", b"a, ", b" \t", b"-1\r\n", b"\xff\xfb\x01"]
)
def test_long_answers_take_linear_time(probe: Probe, filling: bytes) -> None:
    received = (filling * probe.MAX_BYTES)[: probe.MAX_BYTES]
    probe.read(received, Context())  # the suite's own time is the bound: a quadratic pattern would stand out here by minutes


def test_probes_are_found_by_name_and_port() -> None:
    assert probe_named("ssh").NAME == "ssh"
    assert [probe.NAME for probe in probes_for(Transport.TCP, 22)] == ["ssh"]
    assert probes_for(Transport.SCTP, 22) == ()
    with pytest.raises(CallError, match="http"):
        probe_named("gopherspace")


def test_a_protocol_may_frame_its_datagrams_otherwise() -> None:
    stream = first_words_of(probe_named("dns"), "h", Transport.TCP)
    assert stream == len(stream[2:]).to_bytes(2) + first_words_of(probe_named("dns"), "h", Transport.UDP)
    assert first_words_of(probe_named("echo"), "h", Transport.UDP) == first_words_of(probe_named("echo"), "h", Transport.TCP)


@each_probe
def test_datagrams_are_neither_empty_nor_large(probe: Probe) -> None:
    """An empty datagram has broken devices, and what we send may be sent on under a forged name."""
    if Transport.UDP in probe.TRANSPORTS:
        assert 0 < len(first_words_of(probe, "192.0.2.1", Transport.UDP)) <= 100


@each_probe
def test_silence_is_nothing_to_most(probe: Probe) -> None:
    turns = (Turn(probe.first_words("h"), b""),)
    found = probe.read(b"", Context(port=probe.USUAL_PORTS[0], spoke=probe.NAME, turns=turns))
    assert (found is not None) == (probe.NAME == "discard")
