"""What attempts amount to, as a table."""

import datetime

import pytest

from certificates import der
from doorward.identify.conclusion import Conclusion, Endpoint, Outcome, conclude, with_authorities_word
from doorward.identify.engine import Attempt, Heard
from doorward.identify.identity import Identity
from doorward.identify.probing import Tunnel, Turn
from doorward.values.addresses import Address
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

AT = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
HERE = Address.parse("127.0.0.1")
PLAIN, INSIDE = Attempt(opening="http"), Attempt(opening="http", tls=True)


def concluded(
    *heard: Heard, best: Heard | None = None, transport: Transport = Transport.TCP, port: int = 40000, rtt: float | None = 1
) -> Conclusion:
    return conclude(Endpoint(transport, HERE, port), heard, best, at=AT, rtt_ms=rtt, elapsed_ms=5, connections=len(heard))


OUTCOMES = [
    ([Heard(attempt=PLAIN, turns=(Turn(b"x", b"OK\r\n"),))], Transport.TCP, 1.0, Outcome.UNRECOGNISED, "OK"),
    ([Heard(attempt=PLAIN, spoke="http", turns=(Turn(b"x", b""),))], Transport.TCP, 1.0, Outcome.SILENT, "none of 1 different"),
    ([Heard(attempt=PLAIN, closed=True)], Transport.TCP, 1.0, Outcome.CLOSES, "closes it"),
    ([Heard(attempt=PLAIN, trouble="connection refused")], Transport.TCP, None, Outcome.REFUSED, "nobody listens"),
    ([Heard(attempt=PLAIN, trouble="no route to host")], Transport.TCP, None, Outcome.UNREACHABLE, "no route"),
    ([], Transport.TCP, None, Outcome.UNREACHABLE, "no answer"),
    ([Heard(attempt=PLAIN, spoke="dns")], Transport.UDP, None, Outcome.SILENT, "UDP"),
    ([Heard(attempt=PLAIN, trouble="connection refused")], Transport.UDP, None, Outcome.REFUSED, "nobody"),
]


@pytest.mark.parametrize(("heard", "transport", "rtt", "outcome", "why"), OUTCOMES)
def test_outcomes(heard: list[Heard], transport: Transport, rtt: float | None, outcome: Outcome, why: str) -> None:
    conclusion = concluded(*heard, transport=transport, rtt=rtt)
    assert conclusion.outcome is outcome
    assert why in conclusion.why
    assert conclusion.identity is None


def test_a_hushed_port_says_why_nothing_was_said() -> None:
    conclusion = concluded(Heard(attempt=Attempt()), port=9100)
    assert conclusion.outcome is Outcome.SILENT
    assert "printers" in conclusion.why


def test_tls_around_and_tls_begun_within() -> None:
    tunnel = Tunnel(version="TLSv1.3", certificate=der())
    claim = Identity(service="smtp", why="w", sentence="This is a mail server.", facts={"encrypted": False})
    around = Heard(attempt=INSIDE, claim=claim, tunnel=tunnel)
    within = Heard(attempt=PLAIN, claim=claim, tunnel=tunnel)
    whole = concluded(around, best=around).identity
    begun = concluded(within, best=within).identity
    assert whole is not None
    assert begun is not None
    assert (whole.facts["tls"], whole.facts["encrypted"], "starttls" in whole.facts) == (True, True, False)
    assert (begun.facts["tls"], begun.facts["encrypted"], begun.facts["starttls"]) == (False, False, True)
    assert begun.facts["certificate_self_signed"] is True
    assert "vouches for itself" in whole.sentence


def test_tls_alone_is_an_identity() -> None:
    shaken = concluded(Heard(attempt=INSIDE, tunnel=Tunnel(version="TLSv1.2")))
    assert shaken.identity is not None
    assert (shaken.identity.service, shaken.identity.certainty) == ("tls", Certainty.MEASURED)
    refused = concluded(Heard(attempt=INSIDE, speaks_tls=True))
    assert refused.identity is not None
    assert refused.identity.certainty is Certainty.INFERRED


def test_the_authorities_word_is_added() -> None:
    heard = Heard(attempt=INSIDE, claim=Identity(service="http", sentence="A."), tunnel=Tunnel(version="TLSv1.3"))
    conclusion = with_authorities_word(concluded(heard, best=heard), verified=False, why="certificate has expired\x1b")
    assert conclusion.identity is not None
    assert conclusion.identity.facts["certificate_verified"] is False
    assert "\x1b" not in conclusion.identity.sentence
    assert with_authorities_word(concluded(), verified=True).identity is None


def test_an_endpoint_is_called_by_its_name_or_address() -> None:
    assert Endpoint(Transport.TCP, HERE, 1, "localhost").called == "localhost"
    assert Endpoint(Transport.TCP, HERE, 1).called == "127.0.0.1"


def test_a_service_without_a_name_of_its_own_is_told_by_the_name_it_is_known_by() -> None:
    claim = Identity(service="docker_registry", why="w", sentence="s")
    heard = Heard(attempt=PLAIN, claim=claim)
    told = concluded(heard, best=heard).identity
    assert told is not None
    assert (told.service, told.facts["interface"]) == ("http", "docker_registry")
