"""What of an envelope lasts and what passes, and when two testimonies agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.store.testimony import VERDICT, Claim, agrees, is_blind, of_evidence, of_verdict
from doorward.values.evidence import Certainty, Fact, Witness
from doorward.values.records import decode_json, encode_json
from doorward.values.verdicts import Attention, VerdictKind
from memories import START, claim, cut, judged, listens, told


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("rtt_ms", 3),
        ("told_time", "2026-05-01T12:00:00+00:00"),
        ("pid", 812),
        ("connections", 4),
        ("remote_connections", 4),
        ("peers", ["192.0.2.1"]),
        ("received_bytes", 9),
        ("sent_bytes", 9),
        ("accept_queue", 0),
        ("accept_limit", 128),
        ("inode", 77),
        ("banner", "220 mail; Mon, 4 May 2026"),
        ("cgroup", "/user.slice/session-12.scope"),
        ("a_ratio_of_a_later_version", 0.5),
        ("age_s", 12),
    ],
)
def test_the_state_of_the_moment_passes(name: str, fact: Fact) -> None:
    one = cut(told("tcp/0.0.0.0:22", Witness.SOCKET, "listens", facts={name: fact}))
    assert one.claim.facts == {}
    assert one.passing.facts == {name: fact}


@pytest.mark.parametrize("name", ["process", "user", "unit", "executable", "version", "certificate_subject", "a_fact_never_heard_of"])
def test_what_identifies_lasts(name: str) -> None:
    one = cut(told("tcp/0.0.0.0:22", Witness.SOCKET, "listens", facts={name: "x"}))
    assert one.claim.facts == {name: "x"}


def test_a_verdict_is_one_more_testimony_and_its_sentence_passes() -> None:
    verdict = judged("tcp/0.0.0.0:22", VerdictKind.UNUSED_DOOR, Attention.NEEDS_YOU, "cleartext", "cleartext", "anonymous")
    one = of_verdict(verdict, START)
    assert one.key == (verdict.door, VERDICT, "")
    assert one.claim == Claim("unused door", Certainty.MEASURED, {"attention": "needs you", "findings": ["anonymous", "cleartext"]})
    assert one.passing.why == verdict.sentence


def test_who_could_not_see_says_nothing_but_a_verdict_of_unknown_is_one() -> None:
    assert not cut(told("udp/0.0.0.0:53", Witness.USE, "none now", certainty=Certainty.UNKNOWN)).could_see
    unknown = judged("udp/0.0.0.0:53", VerdictKind.UNKNOWN, Attention.UNKNOWN)
    assert of_verdict(unknown, START).could_see


def test_without_root_the_same_socket_agrees_with_what_root_saw() -> None:
    seen = claim(process="sshd", executable="/usr/sbin/sshd", unit="ssh.service", user="root", dual_stack=False)
    assert is_blind({"user": "root", "dual_stack": False})
    assert agrees(seen, claim(user="root", dual_stack=False), "socket")
    assert agrees(seen, claim(dual_stack=False), "socket")
    assert not agrees(seen, claim(user="www-data", dual_stack=False), "socket"), "what is seen of it contradicts"
    assert not agrees(seen, claim(dual_stack=True), "socket")
    assert not agrees(seen, claim(process="sshd", executable="/usr/sbin/sshd", user="root", dual_stack=False), "socket"), "it left its unit"
    assert not agrees(claim(user="root"), claim(user="root", process="sshd"), "socket"), "more is known now"
    assert not agrees(claim("HTTP", process="x"), claim("HTTP"), "identity")


def test_hostile_text_is_harmless_before_it_is_kept() -> None:
    evil = "\x1b[2J\udc9b\u202e\x00" + "A" * 10_000
    one = cut(told("tcp/0.0.0.0:22", Witness.SOCKET, evil, facts={"title": evil, "names": [evil] * 999}))
    document = encode_json(one.claim)
    assert document.isascii()
    assert document.isprintable()
    assert len(document) < 257 * 5_000
    assert decode_json(document, Claim) == one.claim
    assert one.claim.says.startswith("\\x1b[2J\\x9b\\u202e\\x00")


@given(st.dictionaries(st.text(max_size=9), st.text() | st.integers() | st.booleans() | st.none() | st.lists(st.text(), max_size=3)))
def test_any_facts_can_be_kept(facts: dict[str, Fact]) -> None:
    from doorward.values.evidence import Evidence

    one = cut(Evidence(listens("tcp/0.0.0.0:22").door, Witness.SOCKET, START, "kernel", "listens", Certainty.MEASURED, "", facts))
    again = decode_json(encode_json(one.claim), Claim)
    assert again.facts.keys() == one.claim.facts.keys()


@pytest.mark.parametrize(
    ("command", "lasts"),
    [
        ("sshd: /usr/sbin/sshd -D [listener] 1 of 10-100 startups", False),
        ("postgres: 15/main: walwriter", False),
        ("nginx: master process nginx -c /etc/nginx.conf", False),
        ("/usr/bin/python3 -m http.server 8000", True),
        ("redis-server 127.0.0.1:6379", True),
        ("java -jar x:y: z", True),
    ],
)
def test_a_title_that_a_server_writes_over_its_command_is_of_the_moment(command: str, lasts: bool) -> None:
    testimony = of_evidence(listens("tcp/0.0.0.0:22", command=command))
    assert ("command" in testimony.claim.facts) is lasts
    assert ("command" in testimony.passing.facts) is not lasts
