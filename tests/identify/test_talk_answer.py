import datetime

from doorward.identify.talk_answer import Happening, TalkEvent
from doorward.values.records import decode_json, encode_json


def test_an_event_survives_its_journey() -> None:
    event = TalkEvent(
        at=datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC), elapsed_ms=1.5, kind=Happening.HEARD, text="hello", hex="68", size=1
    )
    assert decode_json(encode_json(event), TalkEvent) == event
    assert encode_json(event).startswith('{"schema":"doorward/talk/1"')
