"""The option negotiation as a table and as a real server's conversation."""

import pytest

from doorward.identify.probes import telnet
from doorward.identify.probing import Context
from doorward.values.evidence import Certainty
from playbooks import play

INETUTILS_2_4 = [
    (b"", b"\xff\xfb%\xff\xfb&\xff\xfd\x18\xff\xfd \xff\xfd#\xff\xfd'\xff\xfd$"),
    (
        b"\xff\xfe%\xff\xfe&\xff\xfc\x18\xff\xfc \xff\xfc#\xff\xfc'\xff\xfc$",
        b'\xff\xfb\x03\xff\xfd\x01\xff\xfd"\xff\xfd\x1f\xff\xfb\x05\xff\xfd!',
    ),
    (b'\xff\xfe\x03\xff\xfc\x01\xff\xfc"\xff\xfc\x1f\xff\xfe\x05\xff\xfc!', b"\xff\xfb\x01\xff\xfd\x06\xff\xfd\x00"),
    (b"\xff\xfe\x01\xff\xfc\x06\xff\xfc\x00", b"\r\nLinux 6.1.0-30-amd64 (lab) (pts/0)\r\n\r\n\xff\xfb\x03\xff\xfb\x01lab login: "),
]


def test_inetutils() -> None:
    found = play(INETUTILS_2_4)
    assert found is not None
    assert (found.service, found.host_name, found.system) == ("telnet", "lab", "Linux")
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "required"
    assert found.facts["encrypted"] is False
    assert "Secure Shell" in found.sentence


SYSTEMS = [
    (b"\xff\xfb\x01\r\nSunOS 5.8\r\n\r\nlogin: ", "SunOS 5.8"),
    (b"\xff\xfb\x01\r\nDebian GNU/Linux 12\r\nlab login: ", "Debian 12"),
    (b"\xff\xfb\x01\xff\xfb\x03\r\nUser Access Verification\r\n\r\nUsername: ", "Cisco IOS"),
    (b"\xff\xfd\x25Welcome to Microsoft Telnet Service\r\n\r\nlogin: ", "Windows"),
    (b"\xff\xfb\x01\xff\xfd\x18MikroTik v6.49.7 (stable)\r\nLogin: ", "MikroTik RouterOS"),
]


@pytest.mark.parametrize(("received", "system"), SYSTEMS)
def test_the_banner_names_the_system(received: bytes, system: str) -> None:
    found = telnet.read(received, Context())
    assert found is not None
    assert found.system == system
    assert found.facts["authentication"] == "required"


def test_a_prompt_without_options_is_a_guess_on_its_own_ports() -> None:
    assert telnet.read(b"login: ", Context(port=9999)) is None
    guess = telnet.read(b"Password: ", Context(port=23))
    assert guess is not None
    assert guess.certainty is Certainty.INFERRED
