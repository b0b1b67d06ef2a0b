"""Claims in the shortest words a person understands: who holds a door, what answers, how it is judged; knows facts by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from doorward.store.intervals import Interval
from doorward.store.testimony import VERDICT
from doorward.values.evidence import Fact, Witness
from doorward.values.verdicts import Attention

__all__ = ["attention_of", "holder_words", "identity_words", "latest", "list_words", "text_of"]


def holder_words(interval: Interval | None) -> str:
    """Say who holds a door: ``nginx (812), user www-data, nginx.service``; empty when nobody could see."""
    if interval is None or not interval.listens:
        return ""
    facts, pid = interval.claim.facts, interval.passing.facts.get("pid")
    name = text_of(facts.get("process"))
    words = [f"{name} ({pid})" if name and pid is not None else name or ("unknown process" if facts.get("user") else "")]
    if facts.get("user"):
        words.append(f"user {text_of(facts['user'])}")
    words += [text_of(facts[name]) for name in ("unit", "container") if facts.get(name)]
    return ", ".join(word for word in words if word)


def identity_words(interval: Interval | None) -> str:
    """Say what answers: ``OpenSSH 9.2p1``."""
    return interval.claim.says if interval is not None else ""


def attention_of(interval: Interval | None) -> Attention | None:
    """Return how much a verdict needs a person, or ``None`` when there is no verdict or one of a later vocabulary."""
    word = interval.claim.facts.get("attention") if interval is not None else None
    return Attention(word) if isinstance(word, str) and word in set(Attention) else None


def latest(intervals: Iterable[Interval], witness: str) -> Interval | None:
    """Return what a witness said last; of verdicts that still stand, the one that needs a person most."""
    own = [interval for interval in intervals if interval.witness == witness]
    if not own:
        return None
    standing = [interval for interval in own if interval.valid_to is None]
    if witness == VERDICT and standing:
        return min(standing, key=lambda interval: _rank(attention_of(interval)))
    if witness == Witness.SOCKET:
        own = [interval for interval in own if interval.listens] or own
    return max(own, key=lambda interval: (interval.valid_to is None, interval.last_seen))


def text_of(fact: Fact) -> str:
    """Write a fact as a person would: yes and no, lists with commas, nothing for nothing."""
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if fact is None:
        return ""
    return ", ".join(fact) if isinstance(fact, list) else str(fact)


def list_words(facts: Mapping[str, Fact], name: str) -> list[str]:
    """Return a fact that is a list of texts; empty when it is missing or something else."""
    fact = facts.get(name)
    return list(fact) if isinstance(fact, list) else []


def _rank(attention: Attention | None) -> int:
    return list(Attention).index(attention) if attention is not None else len(Attention)
