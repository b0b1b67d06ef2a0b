"""From what was said of a door to its verdict: the table's kind, the checks' findings, one sentence, and what to do.

Takes values and returns values: the past and the time are handed in, and nothing is asked here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from doorward.audit.case import Case
from doorward.audit.checks import all_checks
from doorward.audit.fixes import bind_to_loopback, restart, stop
from doorward.audit.table import ProbeWord, UseWord, look_up
from doorward.audit.testimony import Testimony
from doorward.audit.words import words_of
from doorward.ports.lookup import PortList
from doorward.ports.notes import PortNote
from doorward.values.clocks import ago
from doorward.values.evidence import Certainty, Witness
from doorward.values.past import Past
from doorward.values.verdicts import Attention, Finding, Fix, Verdict, VerdictKind

__all__ = ["judge"]

#: Kinds that are themselves something to do, whatever else is known of the door.
_ALARMS = frozenset(
    {
        VerdictKind.FIREWALL_BYPASSED,
        VerdictKind.SOMETHING_ELSE,
        VerdictKind.IPV6_HOLE,
        VerdictKind.UNUSED_DOOR,
        VerdictKind.STALE_RULE,
        VerdictKind.NEEDLESS_RULE,
        VerdictKind.OLD_FLOWS_ONLY,
        VerdictKind.BLOCKED_ON_THE_WAY,
    }
)


def judge(
    testimonies: Iterable[Testimony], ports: PortList, past: Past, now: datetime.datetime, *, sockets_read: bool = True
) -> list[Verdict]:
    """Judge every door; the order is that of showing: what needs you, what is unknown, what is fine, each by transport and port.

    ``sockets_read`` is false where the kernel's table could not be read: "nobody listens" is then unknown, not known.
    """
    verdicts = [_judge_one(testimony, ports, past, now, sockets_read) for testimony in testimonies]
    order = {attention: place for place, attention in enumerate(Attention)}
    return sorted(verdicts, key=lambda v: (order[v.attention], v.door.machine, v.door.transport, v.door.port, v.door.address))


def _judge_one(testimony: Testimony, ports: PortList, past: Past, now: datetime.datetime, sockets_read: bool) -> Verdict:
    words = words_of(testimony, past, now, sockets_read=sockets_read)
    kind, certainty = look_up(words)
    if testimony.fact(Witness.SOCKET, "client_port") is True:
        kind, certainty = VerdictKind.CONVERSATION, Certainty.INFERRED
    number_note = ports.note_for(testimony.door.transport, testimony.door.port)
    note = _spoken_note(testimony, ports) if testimony.service else number_note
    case = Case(testimony, words, kind, now, note, number_note)
    findings = _sorted(finding for check in all_checks() if (finding := check(case)) is not None)
    fix = findings[0].fix if findings and findings[0].attention is not Attention.FINE else _fix_for(case)
    return Verdict(
        door=testimony.door,
        kind=kind,
        attention=_attention(case, findings),
        certainty=certainty,
        sentence=_sentence(case, past),
        evidence=testimony.evidence,
        findings=findings,
        fix=fix,
    )


def _spoken_note(testimony: Testimony, ports: PortList) -> PortNote | None:
    """What is known of the protocol that answers, whatever its number: HTTP inside TLS is looked up as ``https``."""
    names = [testimony.service]
    if testimony.fact(Witness.IDENTITY, "tls") is True:
        names.insert(0, f"{testimony.service}s")
    doors = [door for name in names for door in ports.find_name(name)]
    same = sorted(doors, key=lambda door: door[0] is not testimony.door.transport)
    return next((note for door in same if (note := ports.note_for(*door)) is not None), None)


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    order = {attention: place for place, attention in enumerate(Attention)}
    return sorted(findings, key=lambda f: (order[f.attention], f.name))


def _attention(case: Case, findings: list[Finding]) -> Attention:
    """The most pressing of the kind's own and the findings' attention."""
    wanted = {finding.attention for finding in findings}
    if case.kind in _ALARMS or (case.kind is VerdictKind.SILENT_DOOR and case.is_exposed):
        wanted.add(Attention.NEEDS_YOU)
    if case.kind is VerdictKind.UNKNOWN:
        wanted.add(Attention.UNKNOWN)
    return next((attention for attention in Attention if attention in wanted), Attention.FINE)


def _fix_for(case: Case) -> Fix | None:
    """What the kind itself asks for."""
    if case.kind is VerdictKind.UNUSED_DOOR:
        return stop(case.testimony)
    if case.kind is VerdictKind.SOMETHING_ELSE:
        door = case.testimony.door
        return Fix(
            "Look for a forwarding rule, a container with a network of its own, or a process that hides.",
            f"sudo nft list ruleset | grep -n 'dport.*{door.port}'; sudo doorward sockets --all-namespaces port {door.port}",
        )
    if case.kind is VerdictKind.SILENT_DOOR and case.is_exposed:
        return restart(case.testimony)
    if case.kind is VerdictKind.FIREWALL_BYPASSED:
        return bind_to_loopback(case.testimony)
    return None


def _sentence(case: Case, past: Past) -> str:
    """Say the verdict to a person outside the trade."""
    what, who, where, door = case.what, case.who, case.where, case.testimony.door
    sentences = {
        VerdictKind.REAL_DOOR: f"{what} takes callers {where}; {who} holds it.",
        VerdictKind.LOCAL_DOOR: f"{what} takes callers {where}; {who} holds it.",
        VerdictKind.UNUSED_DOOR: f"{what} takes callers {where}, and nobody was ever seen to come; {who} holds it.",
        VerdictKind.SOMETHING_ELSE: f"{door.address.with_port(door.port)} answers ({what}), and no process on this machine listens"
        f" there{_forwarded(case)}.",
        VerdictKind.SHIELDED_DOOR: f"{what} answers this machine, and a neighbour's knock {_refusal(case)}: others are kept out;"
        f" {who} holds it.",
        VerdictKind.SILENT_DOOR: f"{who} listens at port {door.port} {where}, and a knock from this machine {_refusal(case)}.",
        VerdictKind.FIREWALL_BYPASSED: f"the firewall's rules deny port {door.port}, and {what} answers all the same; {who} holds it.",
        VerdictKind.BLOCKED_ON_THE_WAY: f"{who} listens at port {door.port} and the rules allow it, yet knocks get no answer.",
        VerdictKind.STALE_RULE: f"a firewall rule lets callers in to port {door.port}, and nobody listens there.",
        VerdictKind.NEEDLESS_RULE: f"a firewall rule lets callers in to port {door.port}, and {who} listens on loopback only.",
        VerdictKind.IPV6_HOLE: f"port {door.port} is closed by the firewall over IPv4 and open over IPv6; {who} holds it.",
        VerdictKind.OLD_FLOWS_ONLY: f"new callers of port {door.port} are denied; conversations begun before the rule go on.",
        VerdictKind.CONVERSATION: f"{who} waits here for answers to its own questions; it takes no callers.",
        VerdictKind.UNKNOWN: f"too little could be seen of port {door.port} to judge it.",
    }
    text = sentences[case.kind]
    return f"{text[0].upper()}{text[1:]}{_use(case, past)}"


def _forwarded(case: Case) -> str:
    """A door that only callers from outside find is reached through the forwarding path: its packets never meet our own sockets."""
    if case.words.from_outside and case.words.own_probe is not ProbeWord.OPEN:
        return "; only callers from outside find it, so their packets are forwarded elsewhere (DNAT), past the rules for input"
    return ""


def _refusal(case: Case) -> str:
    if case.words.probe is ProbeWord.CLOSED:
        return "is refused"
    return "gets no answer"


def _use(case: Case, past: Past) -> str:
    """Add who comes through, where it is known and worth a word."""
    said = case.testimony
    connections, remote = said.number(Witness.USE, "connections"), said.number(Witness.USE, "remote_connections")
    if connections:
        return (
            f" {_count(connections, 'conversation')} now, {remote} of them with other machines."
            if remote
            else (f" {_count(connections, 'conversation')} now, all with this machine itself.")
        )
    remembered = past.of(said.door)
    if case.words.use is UseWord.USED and remembered is not None and remembered.last_used is not None:
        return f" Last seen in use {ago(remembered.last_used, case.now)}."
    if case.words.use is UseWord.NEVER and remembered is not None:
        days = (case.now - remembered.first_seen).days
        return f" Nobody in {remembered.audits_covering} looks over {days} days."
    return ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"
