"""What file servers say in SMB, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import smb
from doorward.identify.probes._smb_messages import ASK_ANY, ASK_SETUP_OLD
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty


def framed(message: bytes) -> bytes:
    return len(message).to_bytes(4) + message


# Version 1 as Samba 3 and Windows XP answer it (MS-CIFS §2.2.4.52.2, §2.2.4.53.2): 17 words, the capabilities' highest bit set.
OLD_HEADER = b"\xffSMB%c\x00\x00\x00\x00\x98S\xc8" + bytes(12) + b"\xff\xff\xff\xfe\x00\x00\x00\x00"
OLD = framed(OLD_HEADER % 0x72 + b"\x11\x00\x00\x03" + bytes(16) + b"\xfc\xe3\x01\x80" + bytes(11) + b"\x10\x00" + bytes(16))
NAMES = "Unix\0Samba 3.6.3\0LAB\0".encode("utf-16-le")
OLD_SETUP = framed(OLD_HEADER % 0x73 + b"\x04\xff\x00\x00\x00\x00\x00\x00\x00" + len(NAMES).to_bytes(2, "little") + b"\x00" + NAMES)


# Samba 4.17.12 of Debian 12.
SESSION = (
    Turn(
        (
            b"\x00\x00\x00E\xffSMBr\x00\x00\x00\x00\x18S\xc8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xfe"
            b'\x00\x00\x00\x00\x00"\x00\x02NT LM 0.12\x00\x02SMB 2.002\x00\x02SMB 2.???\x00'
        ),
        (
            b"\x00\x00\x00\xca\xfeSMB@\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00A\x00\x01\x00\xff\x02\x00\x00labhost\x00\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x07\x00\x00\x00\x00\x00\x80\x00\x00\x00\x80\x00\x00\x00\x80\x00\xc2\x1c\r|~{\xdd\x01\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x80\x00J\x00\x00\x00\x00\x00`H\x06\x06+\x06\x01\x05\x05\x02\xa0>0<\xa0\x0e0\x0c\x06\n+\x06\x01"
            b"\x04\x01\x827\x02\x02\n\xa3*0(\xa0&\x1b$not_defined_in_RFC4178@please_ignore"
        ),
    ),
    Turn(
        (
            b"\x00\x00\x00\xae\xfeSMB@\x00\x00\x00\x00\x00\x00\x00\x00\x00\x1f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00"
            b"\x00\x00\x00\x00\x00\x00\xff\xfe\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00$\x00\x05\x00\x01\x00\x00\x00\x7f\x00\x00\x00DoorwardDoorwardp\x00"
            b"\x00\x00\x02\x00\x00\x00\x02\x02\x10\x02\x00\x03\x02\x03\x11\x03\x00\x00\x01\x00&\x00\x00\x00\x00\x00\x01\x00"
            b" \x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x06\x00\x00\x00\x00\x00\x02\x00\x02\x00\x01\x00"
        ),
        (
            b"\x00\x00\x01\x0c\xfeSMB@\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00"
            b"\x00\x00\x00\x00\x00\x00\xff\xfe\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00A\x00\x01\x00\x11\x03\x02\x00labhost\x00\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x0f\x00\x00\x00\x00\x00\x80\x00\x00\x00\x80\x00\x00\x00\x80\x00\x06\x9c\r|~{\xdd\x01\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x80\x00J\x00\xd0\x00\x00\x00`H\x06\x06+\x06\x01\x05\x05\x02\xa0>0<\xa0\x0e0\x0c\x06\n+\x06\x01"
            b"\x04\x01\x827\x02\x02\n\xa3*0(\xa0&\x1b$not_defined_in_RFC4178@please_ignore\x00\x00\x00\x00\x00\x00\x01\x00"
            b"&\x00\x00\x00\x00\x00\x01\x00 \x00\x01\x00R\xf5\xbat\x05\xe2[\xeb[4\x8b\xef\xcd\xb6\xc6\x05\x8e\xa3\x13\x02@"
            b"Wmk\xb2[\x95&\xab\xf9.~\x00\x00\x02\x00\x04\x00\x00\x00\x00\x00\x01\x00\x02\x00"
        ),
    ),
    Turn(
        (
            b"\x00\x00\x00x\xfeSMB@\x00\x00\x00\x00\x00\x00\x00\x01\x00\x1f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00"
            b"\x00\x00\x00\x00\x00\xff\xfe\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x19\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00X\x00 \x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00NTLMSSP\x00\x01\x00\x00\x00\x05\x82\x08b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x00\x00"
        ),
        (
            b"\x00\x00\x00\xce\xfeSMB@\x00\x00\x00\x16\x00\x00\xc0\x01\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00\x00\x02\x00"
            b"\x00\x00\x00\x00\x00\x00\xff\xfe\x00\x00\x00\x00\x00\x00\xbfdM\xc6\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\t\x00\x00\x00H\x00\x86\x00NTLMSSP\x00\x02\x00\x00\x00\x0e\x00\x0e\x008\x00"
            b"\x00\x00\x05\x82\x8ab\x86-7\xbb\x99\x03\xcc\x86\x00\x00\x00\x00\x00\x00\x00\x00@\x00@\x00F\x00\x00\x00\x06\x01"
            b"\x00\x00\x00\x00\x00\x0fL\x00A\x00B\x00H\x00O\x00S\x00T\x00\x02\x00\x0e\x00L\x00A\x00B\x00H\x00O\x00S\x00T\x00"
            b"\x01\x00\x0e\x00L\x00A\x00B\x00H\x00O\x00S\x00T\x00\x04\x00\x00\x00\x03\x00\x04\x00v\x00m\x00\x07\x00\x08\x00"
            b" \xe1\r|~{\xdd\x01\x00\x00\x00\x00"
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "smb", port: int = 445) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "smb", port: int = 445) -> Identity | None:
    return smb.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = smb.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "smb"
    assert found.product == "Samba"
    assert found.version == ""
    assert found.host_name == "vm"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["dialect"] == "3.1.1"
    assert found.facts["signing_required"] is False
    assert found.facts["netbios_name"] == "LABHOST"
    assert found.facts["encryption_offered"] is True
    assert found.facts["server_guid"] == "6c6162686f7374000000000000000000"
    assert "does not insist that messages are signed" in found.sentence


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("smb", "Samba")


def test_the_conversation_goes_as_it_went() -> None:
    assert smb.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert smb.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert smb.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (OLD, "", "", "required", Certainty.MEASURED),
        (OLD + OLD_SETUP, "Samba", "3.6.3", "required", Certainty.MEASURED),
    ],
)
def test_what_other_answers_mean(received: bytes, product: str, version: str, authentication: str, certainty: Certainty) -> None:
    found = answered(received)
    assert found is not None
    assert (found.product, found.version, found.facts["authentication"], found.certainty) == (product, version, authentication, certainty)


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 mail ESMTP\r\n",
        b"-ERR unknown command\r\n",
        b"\x15\x03\x01\x00\x02\x02\n",
        bytes(64),
        framed(b"\xffSMBr" + bytes(30)),
        framed(b"\xfeSMB" + bytes(60)),
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_the_old_version_is_followed_to_its_names() -> None:
    turns = (Turn(ASK_ANY, OLD),)
    assert smb.next_words(OLD, about(turns)) == ASK_SETUP_OLD
    assert smb.next_words(OLD + OLD_SETUP, about((*turns, Turn(ASK_SETUP_OLD, OLD_SETUP)))) is Step.DONE
    found = answered(OLD + OLD_SETUP)
    assert found is not None
    assert "old and broken" in found.sentence
    assert found.facts["native_system"] == "Unix"


def test_windows_tells_its_build() -> None:
    received = heard(SESSION).replace(b"\x06\x01\x00\x00\x00\x00\x00\x0f", b"\x0a\x00\x63\x45\x00\x00\x00\x0f")
    found = answered(received)
    assert found is not None
    assert (found.product, found.system) == ("Windows file sharing", "Windows 10 1809 or Server 2019")


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "smb" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
