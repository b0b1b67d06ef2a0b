"""An audit arranged for eyes: groups, one row per door, and what every witness said in a few words; knows no terminal and no page.

The terminal and the page draw the same view, so they can't disagree. Doors that differ only in their address (``0.0.0.0:22`` and
``[::]:22`` of one process) are shown as one row, because a person thinks of them as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from doorward.audit.answer import AuditAnswer
from doorward.audit.words import OUTSIDE
from doorward.values.doors import Door
from doorward.values.evidence import Certainty, Evidence, Witness
from doorward.values.verdicts import Attention, Finding, Fix, Verdict, VerdictKind

__all__ = ["AuditView", "Group", "Row", "arrange", "summary"]

_TITLES = {
    Attention.NEEDS_YOU: "Needs you",
    Attention.UNKNOWN: "Unknown",
    Attention.FINE: "Fine",
}
#: Shape beside colour and text, so that no meaning hangs on colour alone.
_SIGNS = {Attention.NEEDS_YOU: "▲", Attention.UNKNOWN: "?", Attention.FINE: "✓"}


class Row(msgspec.Struct, frozen=True):
    """One door, or several that differ in their address alone."""

    attention: Attention
    sign: str
    doors: list[Door]
    address: str  #: "tcp 0.0.0.0:22, [::]:22"
    what: str  #: what answers, in the shortest words
    holder: str  #: "sshd (812), ssh.service"
    use: str  #: "3 now, 1 from elsewhere"
    kind: VerdictKind
    certainty: Certainty
    sentence: str
    findings: list[Finding]
    fix: Fix | None
    seen: list[str]  #: each witness in a few words
    is_new: bool


class Group(msgspec.Struct, frozen=True):
    """The doors of one attention."""

    attention: Attention
    title: str
    rows: list[Row]


class AuditView(msgspec.Struct, frozen=True):
    """The whole audit, arranged."""

    answer: AuditAnswer
    groups: list[Group]  #: in the order of showing; empty groups are left out
    headline: str
    not_asked: list[str]  #: witnesses that were not asked
    missing: list[str]  #: what those asked could not see, each a sentence


def arrange(answer: AuditAnswer) -> AuditView:
    """Arrange an audit."""
    rows = [_row(group, answer) for group in _alike(answer.verdicts)]
    groups = [Group(a, _TITLES[a], [row for row in rows if row.attention is a]) for a in Attention]
    return AuditView(
        answer,
        [group for group in groups if group.rows],
        summary(answer),
        [report.witness.value for report in answer.witnesses if not report.asked],
        [f"{text.rstrip('.')}." for report in answer.witnesses for text in report.missing],
    )


def summary(answer: AuditAnswer) -> str:
    """Say in one line how many doors there are, and how many need a person."""
    total = len(answer.verdicts)
    if not total:
        return "no doors: nothing on this machine takes callers"
    needs, unknown, fine = (answer.count(attention) for attention in Attention)
    parts = [f"{needs} need{'s' if needs == 1 else ''} you", f"{unknown} unknown", f"{fine} fine"]
    return f"{total} door{'s' if total != 1 else ''}: {', '.join(parts)}"


def _alike(verdicts: Sequence[Verdict]) -> list[list[Verdict]]:
    """Bring together verdicts that differ in the address alone, in the order of the first of each."""
    together: dict[tuple[object, ...], list[Verdict]] = {}
    for verdict in verdicts:
        socket = _said(verdict, Witness.SOCKET)
        holder = socket.facts.get("pid") or socket.facts.get("inode") if socket is not None else str(verdict.door)
        names = tuple(finding.name for finding in verdict.findings if finding.attention is not Attention.FINE)
        reach = verdict.door.address.is_loopback
        key = (verdict.door.machine, verdict.door.transport, verdict.door.port, holder, verdict.kind, verdict.attention, names, reach)
        together.setdefault(key, []).append(verdict)
    return list(together.values())


def _row(verdicts: list[Verdict], answer: AuditAnswer) -> Row:
    first = min(verdicts, key=lambda v: _said(v, Witness.IDENTITY) is None)
    doors = [verdict.door for verdict in verdicts]
    machine = "" if doors[0].machine == answer.machine else f" in {doors[0].machine.partition('#')[2] or doors[0].machine}"
    addresses = ", ".join(door.address.with_port(door.port) for door in doors)
    new = set(answer.new)
    return Row(
        attention=first.attention,
        sign=_SIGNS[first.attention],
        doors=doors,
        address=f"{doors[0].transport} {addresses}{machine}",
        what=_what(first),
        holder=_holder(_said(first, Witness.SOCKET)),
        use=_use([_said(verdict, Witness.USE) for verdict in verdicts]),
        kind=first.kind,
        certainty=first.certainty,
        sentence=first.sentence,
        findings=_findings(verdicts),
        fix=first.fix,
        seen=_seen(verdicts, answer),
        is_new=any(f"{door.transport}/{door.address.with_port(door.port)}" in new for door in doors),
    )


def _findings(verdicts: list[Verdict]) -> list[Finding]:
    """The findings of doors shown as one row, each name once, in their order."""
    return list({finding.name: finding for verdict in reversed(verdicts) for finding in reversed(verdict.findings)}.values())[::-1]


def _said(verdict: Verdict, witness: Witness) -> Evidence | None:
    return next((e for e in verdict.evidence if e.witness is witness), None)


def _what(verdict: Verdict) -> str:
    identity = _said(verdict, Witness.IDENTITY)
    if identity is None:
        return "not asked" if verdict.kind is not VerdictKind.CONVERSATION else "–"
    service = identity.facts.get("service")
    if not service:
        return identity.says
    inside = " in TLS" if identity.facts.get("tls") is True else ""
    named = identity.says if identity.says.lower() != str(service).lower() else str(service)
    known = named if str(service) in named.lower() else f"{named} ({service}{inside})"
    return known if inside in known else f"{known}{inside}"


def _holder(socket: Evidence | None) -> str:
    if socket is None:
        return "nobody here"
    facts = socket.facts
    process = str(facts.get("process") or "") or "?"
    name = f"{process} ({facts['pid']})" if facts.get("pid") else ("not visible" if process == "?" else process)
    place = str(facts.get("container") or facts.get("unit") or "")
    return f"{name}, {place}" if place else name


def _use(said: Iterable[Evidence | None]) -> str:
    known = [one for one in said if one is not None and one.certainty is not Certainty.UNKNOWN]
    if not known:
        return "unknown"
    now = sum(_count(one, "connections") for one in known)
    remote = sum(_count(one, "remote_connections") for one in known)
    if not now:
        return "none now"
    return f"{now} now, {remote} remote" if remote else f"{now} now, local"


def _count(one: Evidence, name: str) -> int:
    value = one.facts.get(name)
    return value if isinstance(value, int) else 0


def _seen(verdicts: list[Verdict], answer: AuditAnswer) -> list[str]:
    """Each witness in a few words, in the order of the witnesses."""
    first = verdicts[0]
    socket = _said(first, Witness.SOCKET)
    probes = [e for verdict in verdicts for e in verdict.evidence if e.witness is Witness.PROBE]
    identity = next((said for verdict in verdicts if (said := _said(verdict, Witness.IDENTITY)) is not None), None)
    asked = {report.witness: report.asked for report in answer.witnesses}
    sure = "" if first.certainty is Certainty.MEASURED else f" ({first.certainty})"
    words = [f"verdict: {first.kind}{sure}", f"socket: {socket.says if socket is not None else 'nobody listens'}"]
    words.append("firewall: not asked" if not asked.get(Witness.FIREWALL) else "firewall: asked")
    words.append(f"probe: {_probe_words([p for p in probes if p.vantage != OUTSIDE])}")
    if any(p.vantage == OUTSIDE for p in probes):
        words.append(f"from a neighbour: {_probe_words([p for p in probes if p.vantage == OUTSIDE])}")
    words.append(f"identity: {identity.says if identity is not None else 'not asked'}")
    words.append(f"use: {_use([_said(verdict, Witness.USE) for verdict in verdicts])}")
    return words


def _probe_words(probes: list[Evidence]) -> str:
    if not probes:
        return "not asked"
    counts = {says: [p for p in probes if p.says == says] for says in ("open", "filtered", "closed")}
    parts = []
    for says, some in counts.items():
        if some:
            times = [value for p in some if isinstance(value := p.facts.get("rtt_ms"), int | float)]
            fastest = f" in {min(times):.1f} ms" if times and says == "open" else ""
            parts.append(f"{says}{fastest} at {len(some)} address{'es' if len(some) != 1 else ''}")
    return ", ".join(parts) or "no answer that says anything"
