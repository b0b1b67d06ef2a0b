"""The XML reader: what is read, and what somebody else's file can't do to us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.identify.fingerprints.recog import MOST_BYTES, RecogFile, read_recog

GOOD = b"""<?xml version='1.0' encoding='UTF-8'?>
<fingerprints matches="ssh.banner" protocol="ssh" database_type="service" preference="0.90">
  <!-- a note -->
  <fingerprint pattern="^OpenSSH_([\\d.]+)$" flags="REG_ICASE">
    <description>OpenSSH,
      plain</description>
    <example service.version="9.2">openssh_9.2</example>
    <example _encoding="base64">eA==</example>
    <param pos="0" name="service.product" value="OpenSSH"/>
    <param pos="1" name="service.version"/>
  </fingerprint>
  <fingerprint pattern="(?=x)"><description>no</description></fingerprint>
  <fingerprint pattern="x"><param pos="3" name="a.b"/></fingerprint>
</fingerprints>"""


def read(document: bytes) -> RecogFile:
    file = read_recog("ssh_banners", document)
    assert file is not None
    return file


def test_a_file() -> None:
    file = read(GOOD)
    (one,) = file.field.fingerprints
    assert (one.number, one.pattern, one.ignore_case, one.dot_newline) == (1, r"^OpenSSH_([\d.]+)$", True, False)
    assert one.description == "OpenSSH, plain"
    assert one.literals == ("openssh_",)
    assert one.promises == ((0, "service.product", "OpenSSH"), (1, "service.version", ""))
    assert [example.text for example in file.examples] == ["openssh_9.2", "eA=="]
    assert file.examples[0].promises == {"service.version": "9.2"}
    assert [(left.number, "regular" in left.why) for left in file.left_out] == [(2, True), (3, False)]


DANGEROUS = [
    b'<!DOCTYPE fingerprints [<!ENTITY a "b">]><fingerprints>&a;</fingerprints>',
    b'<!DOCTYPE fingerprints SYSTEM "file:///etc/passwd"><fingerprints/>',
    b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><fingerprints>&b;</fingerprints>',
]


@pytest.mark.parametrize("document", DANGEROUS)
def test_document_types_and_entities_are_refused(document: bytes) -> None:
    with pytest.raises(CallError, match="refused"):
        read_recog("x", document)


def test_what_is_no_xml_too_large_or_another_document() -> None:
    with pytest.raises(CallError, match="well-formed"):
        read_recog("x", b"<fingerprints>")
    with pytest.raises(CallError, match="more than"):
        read_recog("x", b" " * (MOST_BYTES + 1))
    with pytest.raises(CallError, match="more than 20,000"):
        read_recog("x", b"<fingerprints>" + b'<fingerprint pattern="a"/>' * 20_001 + b"</fingerprints>")
    assert read_recog("x", b"<other/>") is None


@given(
    st.lists(st.sampled_from([*GOOD.split(b"\n"), b"<fingerprint pattern='(a'>", b"</fingerprints>", b"\xff", b"<example>"]), max_size=14)
)
def test_any_lines_are_read_or_refused(lines: list[bytes]) -> None:
    try:
        read_recog("x", b"\n".join(lines))
    except CallError:
        return
