"""Conclusions with fingerprints, without, and with a handshake that was seen."""

import msgspec

from conclusions import AT, HERE
from doorward.identify.conclusion import Conclusion, Endpoint, Outcome
from doorward.identify.engine import Attempt, Heard
from doorward.identify.fingerprints.library import Library
from doorward.identify.fingerprints.proof import library_of
from doorward.identify.fingerprints.recog import read_recog
from doorward.identify.identity import Identity
from doorward.identify.probing import Turn
from doorward.identify.second_opinion import SecondOpinion
from doorward.identify.tcp_behaviour import SynAck
from doorward.values.transports import Transport

XML = b"""<fingerprints><fingerprint pattern="^Odd_(\\S+) on (\\S+)$"><param pos="0" name="service.product" value="Odd"/>
<param pos="1" name="service.version"/><param pos="0" name="os.vendor" value="Debian"/><param pos="0" name="os.product" value="Linux"/>
<param pos="2" name="os.version"/></fingerprint></fingerprints>"""
LINUX = SynAck(hop_limit=64, window=65160, options=(2, 4, 8, 1, 3), mss=1460, window_scale=10)


def conclusion(identity: Identity | None, received: bytes = b"") -> Conclusion:
    heard = Heard(attempt=Attempt(), turns=(Turn(b"", received),), claim=identity)
    outcome = Outcome.IDENTIFIED if identity else Outcome.SILENT
    return Conclusion(endpoint=Endpoint(Transport.TCP, HERE, 22), at=AT, outcome=outcome, identity=identity, heard=(heard,))


def opinion(opened: list[int]) -> SecondOpinion:
    file = read_recog("ssh_banners", XML)
    assert file is not None
    library = library_of([file])

    def open_library() -> Library:
        opened.append(1)
        return library

    return SecondOpinion(open_library)


def test_fingerprints_fill_and_the_library_is_opened_once_and_late() -> None:
    opened: list[int] = []
    ask = opinion(opened)
    assert ask(conclusion(None)).identity is None
    assert ask(conclusion(Identity(service="echo"))).identity == Identity(service="echo")
    assert opened == []
    for _ in range(2):
        joined = ask(conclusion(Identity(service="ssh", why="w"), b"SSH-2.0-Odd_1.2 on 12\r\n")).identity
        assert joined is not None
        assert (joined.product, joined.version, joined.system) == ("Odd", "1.2", "Debian 12")
        assert joined.facts["system_confidence"] == "likely"
    assert opened == [1]


def test_hints_agree_or_stand_beside() -> None:
    ask = SecondOpinion(lambda: None)
    ours = Identity(service="ssh", system="Debian 12")
    surer = ask(conclusion(ours), LINUX).identity
    assert surer is not None
    assert surer.system == "Debian 12"
    assert surer.facts["system_confidence"] == "sure"
    against = ask(conclusion(msgspec.structs.replace(ours, system="Windows")), LINUX).identity
    assert against is not None
    assert against.system == "Windows"
    assert "system_against" in against.facts
    alone = ask(conclusion(Identity(service="echo")), LINUX).identity
    assert alone is not None
    assert alone.system == "Linux"
