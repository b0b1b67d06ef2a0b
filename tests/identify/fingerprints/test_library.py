from doorward.identify.fingerprints.fingerprint import Field, Fingerprint
from doorward.identify.fingerprints.library import LONGEST_TEXT, Library
from doorward.identify.fingerprints.pattern import parse_pattern, required_texts


def one(number: int, pattern: str, product: str) -> Fingerprint:
    return Fingerprint(
        number, pattern, False, False, required_texts(parse_pattern(pattern)[0]), product, ((0, "service.product", product),)
    )


FIELD = Field("ssh_banners", "ssh", (one(1, "^Open(?:SSH|BSD)_9", "nine"), one(2, "^OpenSSH_", "any"), one(3, ".*", "all")))


def library(asked: list[str]) -> Library:
    def load(name: str) -> Field | None:
        asked.append(name)
        return FIELD if name == "ssh_banners" else None

    return Library("Recog", load)


def test_the_first_in_order_wins_and_a_field_is_loaded_once() -> None:
    asked: list[str] = []
    shelf = library(asked)
    assert asked == []
    told = [shelf.recognise("ssh_banners", text) for text in ("OpenSSH_9.2", "OpenSSH_8", "dropbear")]
    assert [one.promises["service.product"] if one else "" for one in told] == ["nine", "any", "all"]
    assert told[1] is not None
    assert told[1].name == "Recog, ssh_banners #2"
    assert shelf.recognise("nothing", "x") is None
    assert shelf.recognise("nothing", "y") is None
    assert asked == ["ssh_banners", "nothing"]


def test_long_texts_are_cut() -> None:
    assert library([]).recognise("ssh_banners", "x" * (LONGEST_TEXT + 100_000)) is not None
