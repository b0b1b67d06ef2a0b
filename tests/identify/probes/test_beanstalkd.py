"""Beanstalkd's statistics, and what must be read from them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import beanstalkd
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# beanstalkd 1.12 of Debian 12.
SESSION = (
    Turn(
        b"stats\r\n",
        (
            b"OK 959\r\n---\ncurrent-jobs-urgent: 0\ncurrent-jobs-ready: 0\ncurrent-jobs-reserved: 0\ncurrent-jobs-delayed"
            b": 0\ncurrent-jobs-buried: 0\ncmd-put: 0\ncmd-peek: 0\ncmd-peek-ready: 0\ncmd-peek-delayed: 0\ncmd-peek-burie"
            b"d: 0\ncmd-reserve: 0\ncmd-reserve-with-timeout: 0\ncmd-delete: 0\ncmd-release: 0\ncmd-use: 0\ncmd-watch: 0\n"
            b"cmd-ignore: 0\ncmd-bury: 0\ncmd-kick: 0\ncmd-touch: 0\ncmd-stats: 2\ncmd-stats-job: 0\ncmd-stats-tube: 0\ncm"
            b"d-list-tubes: 0\ncmd-list-tube-used: 0\ncmd-list-tubes-watched: 0\ncmd-pause-tube: 0\njob-timeouts: 0\ntotal"
            b"-jobs: 0\nmax-job-size: 65535\ncurrent-tubes: 1\ncurrent-connections: 1\ncurrent-producers: 0\ncurrent-worke"
            b'rs: 0\ncurrent-waiting: 0\ntotal-connections: 7\npid: 30763\nversion: "1.12"\nrusage-utime: 0.005327\nrusage'
            b"-stime: 0.002663\nuptime: 2123\nbinlog-oldest-index: 0\nbinlog-current-index: 0\nbinlog-records-migrated: 0\n"
            b"binlog-records-written: 0\nbinlog-max-size: 10485760\ndraining: false\nid: 5fc12ef251540e32\nhostname: vm\no"
            b"s: #1 SMP PREEMPT_DYNAMIC @0\nplatform: x86_64\n\r\n"
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "beanstalkd", port: int = 11300) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "beanstalkd", port: int = 11300) -> Identity | None:
    return beanstalkd.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = beanstalkd.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "beanstalkd"
    assert found.product == "beanstalkd"
    assert found.version == "1.12"
    assert found.host_name == "vm"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["platform"] == "x86_64"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("beanstalkd", "beanstalkd")


def test_the_conversation_goes_as_it_went() -> None:
    assert beanstalkd.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert beanstalkd.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert beanstalkd.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (b"UNKNOWN_COMMAND\r\n" * 6, "beanstalkd", "", "unknown", Certainty.INFERRED),
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
        b"OK 5\r\n---\n",
        b"OK 12\r\nversion: 1.0\n",
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
        found.service == "beanstalkd" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
