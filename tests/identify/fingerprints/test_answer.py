from doorward.identify.fingerprints.answer import FieldCount, FingerprintsAnswer
from doorward.values.records import decode_json, encode_json


def test_there_and_back() -> None:
    answer = FingerprintsAnswer(installed=True, path="/f", fields=[FieldCount(field="a", fingerprints=2)], failed=["x"])
    assert decode_json(encode_json(answer), FingerprintsAnswer) == answer
