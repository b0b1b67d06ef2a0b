import msgspec

from doorward.identify.fingerprints.fingerprint import Fingerprint, promises


def fingerprint(*told: tuple[int, str, str]) -> Fingerprint:
    return Fingerprint(1, "x", False, False, ("x",), "An x", told)


def test_values_and_groups() -> None:
    one = fingerprint((0, "service.product", "X"), (1, "service.version", ""), (2, "os.version", ""), (0, "_tmp.a", "b"))
    assert promises(one, ["x", "1.2", None]) == {"service.product": "X", "service.version": "1.2"}


def test_names_in_braces_are_filled() -> None:
    one = fingerprint((0, "service.cpe23", "cpe:/a:x:x:{service.version}"), (1, "service.version", ""), (0, "os.product", "{_tmp.b}"))
    assert promises(one, ["x", "1.2"])["service.cpe23"] == "cpe:/a:x:x:1.2"
    assert promises(one, ["x", None]) == {"service.cpe23": "cpe:/a:x:x:-"}
    hidden = fingerprint((1, "_tmp.b", ""), (0, "os.product", "Y {_tmp.b}"))
    assert promises(hidden, ["x", "9"]) == {"os.product": "Y 9"}


def test_a_group_that_is_not_there_tells_nothing() -> None:
    assert promises(fingerprint((7, "a.b", "")), ["x"]) == {}
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(fingerprint()), type=Fingerprint) == fingerprint()
