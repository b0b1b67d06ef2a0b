from doorward.identify.fingerprints.answer import FieldCount, FingerprintsAnswer
from doorward.report.update import fingerprint_lines


def test_nothing_installed_says_what_to_do() -> None:
    lines = fingerprint_lines(FingerprintsAnswer(installed=False, path="/f"))
    assert "doorward update fingerprints --from" in lines[-1]
    assert all(len(line) <= 80 for line in lines)


def test_what_is_installed_and_what_failed() -> None:
    fields = [FieldCount(field="ssh_banners", fingerprints=12)]
    answer = FingerprintsAnswer(
        installed=True, path="/f", source="Recog", at="2026", fingerprints=12, fields=fields, examples=20, failed=["bad \x1b"] * 12
    )
    text = "\n".join(fingerprint_lines(answer))
    assert "12 fingerprints of Recog for 1 field" in text
    assert "8 of 20 come out as promised" in text
    assert "… and 2 more" in text
    assert "\x1b" not in text
