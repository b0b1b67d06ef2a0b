"""IMAP servers as they answered, and what must be read from them."""

import pytest

from doorward.identify.probes import imap
from doorward.identify.probing import Context
from doorward.values.evidence import Certainty
from playbooks import play

OFFERED = b"IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS AUTH=PLAIN"
DOVECOT_2_3_19 = [
    (b"", b"* OK [CAPABILITY " + OFFERED + b"] Dovecot (Debian) ready.\r\n"),
    (
        b"a CAPABILITY\r\n",
        b"* CAPABILITY " + OFFERED + b"\r\na OK Pre-login capabilities listed, post-login capabilities have more.\r\n",
    ),
    (b"b ID NIL\r\n", b'* ID ("name" "Dovecot")\r\nb OK ID completed.\r\n'),
    (b"c STARTTLS\r\n", b"c OK Begin TLS negotiation now.\r\n"),
    (b"", b"START TLS"),
    (b"d LOGOUT\r\n", b"* BYE Logging out\r\nd OK Logout completed.\r\n"),
]


@pytest.mark.parametrize("cut", [0, 1])
def test_dovecot(cut: int) -> None:
    found = play(DOVECOT_2_3_19, cut=cut)
    assert found is not None
    assert (found.service, found.product, found.version, found.system) == ("imap", "Dovecot", "", "Debian")
    assert found.facts["starttls"] is True
    assert found.certainty is Certainty.MEASURED


def test_the_id_tells_product_version_and_system() -> None:
    script = [
        (b"", b"* OK IMAP4rev1 ready\r\n"),
        (b"a CAPABILITY\r\n", b"* CAPABILITY IMAP4rev1 ID\r\na OK done\r\n"),
        (b"b ID NIL\r\n", b'* ID ("name" "New Mail" "version" "7.1" "os" "Plan 9" "vendor" "Somebody")\r\nb OK\r\n'),
        (b"d LOGOUT\r\n", b"* BYE\r\nd OK\r\n"),
    ]
    found = play(script)
    assert found is not None
    assert (found.product, found.version, found.vendor, found.system) == ("New Mail", "7.1", "Somebody", "Plan 9")
    assert "no encryption" in found.sentence


def test_bye_and_preauth() -> None:
    assert play([(b"", b"* BYE IMAP too busy\r\n")]) is not None
    found = imap.read(b"* PREAUTH IMAP4rev1 server logged in\r\n", Context())
    assert found is not None
    assert found.facts["authentication"] == "none"


@pytest.mark.parametrize("other", [b"", b"* OK", b"* ACAP\r\n", b"+OK IMAP\r\n", b"a OK IMAP\r\n", b"* OKAY\r\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert imap.read(other, Context(port=143)) is None
