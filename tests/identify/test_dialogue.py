"""One connection's conversation, step by step, without a network."""

from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.catalog import all_probes, probe_named
from doorward.identify.dialogue import CONNECTION_BYTES, Dialogue
from doorward.identify.probing import Context, Step


def dialogue(opening: str = "http", port: int = 40000) -> Dialogue:
    probe = probe_named(opening) if opening else None
    return Dialogue(probe, Context(host="h", port=port), banner_wait_s=0.15, patience_s=2)


def test_it_listens_then_speaks_then_gives_up() -> None:
    talk = dialogue()
    assert talk.wait_s == 0.15
    said = talk.pause()
    assert isinstance(said, bytes)
    assert said.startswith(b"GET / ")
    assert (talk.wait_s, talk.spoke) == (2, "http")
    assert talk.pause() is Step.DONE
    assert talk.claim is None
    assert [turn.sent for turn in talk.turns] == [said]


def test_a_greeting_is_answered_in_its_own_protocol() -> None:
    talk = dialogue()
    assert talk.take(b"SSH-2.0-x_1\r\n") == b"SSH-2.0-Doorward\r\n"
    assert talk.greeted
    assert talk.claim_is_its_own
    assert talk.pause() is Step.DONE


def test_an_unknown_greeting_is_answered_with_the_opening() -> None:
    talk = dialogue()
    assert talk.take(b"welcome stranger\r\n") is Step.WAIT
    assert talk.wait_s < 0.1
    assert isinstance(talk.pause(), bytes)


def test_a_claim_on_foreign_words_ends_it() -> None:
    talk = dialogue()
    talk.pause()
    assert talk.take(b"220 mail.example ESMTP x\r\n500 what?\r\n") is Step.WAIT
    assert talk.pause() is Step.DONE
    assert talk.claim is not None
    assert talk.claim.service == "smtp"
    assert not talk.claim_is_its_own


def test_only_listening_says_nothing() -> None:
    talk = dialogue("")
    assert talk.wait_s == 2
    assert talk.pause() is Step.DONE


def test_a_tls_alert_ends_it_at_once() -> None:
    talk = dialogue()
    talk.pause()
    assert talk.take(b"\x15\x03\x01\x00\x02\x02\x46") is Step.DONE


def test_a_flood_is_cut() -> None:
    talk = dialogue()
    step: bytes | Step = Step.WAIT
    for _ in range(1000):
        step = talk.take(b"A" * 8192)
        if step is Step.DONE:
            break
    assert step is Step.DONE
    assert talk.overflowed
    assert len(talk.received) == CONNECTION_BYTES


def test_one_byte_at_a_time_is_not_read_each_time() -> None:
    talk = dialogue()
    for _ in range(20_000):
        assert talk.take(b"A") is Step.WAIT
    assert talk._reads < 80


def test_a_server_that_provokes_for_ever_is_left() -> None:
    talk = dialogue("", port=23)
    step: bytes | Step = Step.WAIT
    for option in (*range(4), *range(5, 7), *range(31, 41)):
        step = talk.take(bytes((255, 253, option)))
        if step is Step.DONE:
            break
    assert step is Step.DONE


def test_the_far_end_closing_is_read() -> None:
    talk = dialogue()
    talk.pause()
    talk.take(b"HTTP/1.0 200 OK\r\nServer: x/1")
    talk.end()
    assert talk.closed
    assert talk.claim is not None


@given(st.sampled_from([*all_probes(), ""]), st.lists(st.one_of(st.none(), st.binary(max_size=300)), max_size=30), st.integers(0, 65535))
def test_any_course_is_survived(opening: str, course: list[bytes | None], port: int) -> None:
    talk = dialogue(opening, port)
    for event in course:
        step = talk.pause() if event is None else talk.take(event) if event else Step.WAIT
        if step in (Step.DONE, Step.START_TLS):
            break
    talk.end()
    assert len(talk.turns) <= 13
