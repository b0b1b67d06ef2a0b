"""What SQL Server's browser lists, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import mssql_browser
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

LIST = (
    b"ServerName;DB1;InstanceName;MSSQLSERVER;IsClustered;No;Version;15.0.2000.5;tcp;1433;;ServerName;DB1;InstanceName;X;Version;14.0.1;;"
)


# Two instances as MC-SQLR §2.2.5 shapes them.
SESSION = (Turn(b"\x03", b"\x05" + len(LIST).to_bytes(2, "little") + LIST),)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "mssql_browser", port: int = 1434) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns, transport=Transport.UDP)


def answered(received: bytes, sent: bytes = b"", spoke: str = "mssql_browser", port: int = 1434) -> Identity | None:
    return mssql_browser.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = mssql_browser.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "mssql_browser"
    assert found.product == "Microsoft SQL Server"
    assert found.version == "15.0.2000.5"
    assert found.host_name == "DB1"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["instances"] == ["instance MSSQLSERVER, version 15.0.2000.5, port 1433, clustered No", "instance X, version 14.0.1"]


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("mssql_browser", "Microsoft SQL Server")


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 mail ESMTP\r\n",
        b"-ERR unknown command\r\n",
        b"\x15\x03\x01\x00\x02\x02\n",
        bytes(64),
        b"\x05\xff\xffServerName;a;;",
        b"\x05\x04\x00a;b;",
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "mssql_browser" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
