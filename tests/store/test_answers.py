"""The answers as records: their schema holds what they print."""

from __future__ import annotations

import datetime
import json

import jsonschema
import pytest

from doorward.store.answers import AuditTime, ChangeKind, ChangesAnswer, Difference, DoorChange, DoorHistory, Event, HistoryAnswer, Spell
from doorward.values.evidence import Certainty
from doorward.values.records import encode_json
from doorward.values.verdicts import Attention
from doorward.verbs.schema import schema
from memories import START, door

SSH = door("tcp/[fe80::1%eth0]:22")
LATER = START + datetime.timedelta(hours=1)
DIFFERENCE = Difference(kind=ChangeKind.CHANGED_HANDS, what="process", before="sshd", after="nc", at=START)
CHANGE = DoorChange(door=SSH, kinds=[ChangeKind.CHANGED_HANDS], at=START, differences=[DIFFERENCE], attention=Attention.NEEDS_YOU)
SPELL = Spell(
    door=SSH,
    witness="socket",
    vantage="kernel",
    says="listens",
    certainty=Certainty.MEASURED,
    since=START,
    until=None,
    last_seen=LATER,
    times=2,
    facts={"process": "sshd", "peers": ["::1"], "tls": True, "missing": None},
)
HISTORY = DoorHistory(door=SSH, is_there=True, first_seen=START, last_seen=LATER, events=[Event(START, "socket", "x")], spells=[SPELL])


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("changes", ChangesAnswer(machine="laptop", later=AuditTime(1, START, LATER), changes=[CHANGE], unchanged=3)),
        ("changes", ChangesAnswer(machine="laptop", later=AuditTime(1, START, LATER), note="Only one.")),
        ("history", HistoryAnswer(machine="laptop", asked="22", now=LATER, audits=2, remembers_since=START, doors=[HISTORY])),
    ],
)
def test_an_answer_is_what_its_schema_says(verb: str, answer: ChangesAnswer | HistoryAnswer) -> None:
    document = json.loads(encode_json(answer))
    jsonschema.Draft202012Validator(schema(verb)).validate(document)
    assert document["schema"] == f"doorward/{verb}/1"


def test_a_door_that_went_is_gone() -> None:
    assert not CHANGE.is_gone
    assert DoorChange(door=SSH, kinds=[ChangeKind.WENT], at=START).is_gone
    assert DoorChange(door=SSH, kinds=[ChangeKind.CAME_AND_WENT], at=START).is_gone
