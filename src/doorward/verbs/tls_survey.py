"""What a TLS door takes beside what it is: identifies the doors, then surveys those that stand in TLS."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from doorward.identify.answer import IdentifyAnswer
from doorward.identify.conclusion import Endpoint
from doorward.identify.live_talk import DEFAULT_TIMEOUT_S
from doorward.identify.live_tls_survey import survey_doors
from doorward.identify.tls_survey import survey_facts
from doorward.values.clocks import Clock
from doorward.values.transports import Transport
from doorward.verbs.identify import identify

__all__ = ["identify_and_survey"]


def identify_and_survey(
    words: Sequence[str],
    *,
    clock: Clock,
    tell: Callable[[IdentifyAnswer], None],
    timeout_s: float = DEFAULT_TIMEOUT_S,
    only: str = "",
    may_scan_public: bool = False,
) -> None:
    """Like `identify`, and each TLS door's answer has the survey among its facts; costs that door some fifty connections."""
    answers: list[IdentifyAnswer] = []
    identify(words, clock=clock, tell=answers.append, timeout_s=timeout_s, only=only, may_scan_public=may_scan_public)
    for answer in answers:
        if not answer.tls or answer.transport is not Transport.TCP:
            tell(answer)
            continue
        host = "" if answer.host == str(answer.address) else answer.host
        (survey,) = survey_doors([Endpoint(answer.transport, answer.address, answer.port, host)])
        tell(msgspec.structs.replace(answer, facts={**answer.facts, **survey_facts(survey)}))
