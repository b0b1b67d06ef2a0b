from __future__ import annotations

import datetime

from doorward.scan.trail.answer import PathAnswer, Walked, make_answer
from doorward.scan.trail.conclusion import conclude
from doorward.scan.trail.hops import Trail
from doorward.values.records import decode_json, encode_json
from doorward.values.transports import Transport
from trails import HOST, TCP_TOO, at, trail

AT = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)


def made(door: Trail, *others: Trail) -> PathAnswer:
    walked = Walked(
        host="host.lan",
        target=HOST,
        transport=Transport.TCP,
        port=80,
        service="http",
        door=door,
        others=others,
        found=conclude(HOST, door, others),
    )
    return make_answer(walked, at=AT, seconds=1.23456, names={at(1): "gateway.lan"})


def test_the_answer_holds_what_was_walked() -> None:
    answer = made(trail("1 2 * *"), trail("2 3 9!refused", TCP_TOO, first=2))
    assert [(line.hop, line.addresses, line.names) for line in answer.path.hops[:3]] == [
        (1, [at(1)], ["gateway.lan"]),
        (2, [at(2)], [""]),
        (3, [], []),
    ]
    assert answer.path.hops[0].rtts_ms == [1.0]
    assert answer.path.hops[0].return_hops == 1
    assert (answer.others[0].by, answer.others[0].reached) == ("TCP port 33434", True)
    assert answer.knocks == 3 + 1 + 1 + 3 + 3 + 3 + 3
    assert (answer.seconds, answer.told_by) == (1.235, None)


def test_a_refusal_names_who_sent_it() -> None:
    answer = made(trail("1 2!prohibited", direct="2!prohibited"))
    assert (answer.told_by, answer.rtt_ms) == (at(2), 2.0)


def test_it_survives_json() -> None:
    answer = made(trail("1 2 * *"), trail("2 3 9!refused", TCP_TOO, first=2))
    assert decode_json(encode_json(answer), PathAnswer) == answer
