"""An audit of this machine: asks the witnesses in turn, hands what they said to the judge, and remembers it.

Everything heard is kept as it comes, so that an interruption still leaves an audit of what was seen until then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from doorward.audit.answer import AuditAnswer, WitnessReport
from doorward.audit.judge import judge
from doorward.audit.knocks import best_addresses, doors_from_outside, doors_to_ask, doors_to_knock
from doorward.audit.testimony import gather
from doorward.audit.words import OUTSIDE
from doorward.errors import StoreError, WorldError
from doorward.identify.live_talk import identify_doors
from doorward.identify.second_opinion import SecondOpinion
from doorward.identify.testimony import testify as identity_testimony
from doorward.ports.live_list import port_list
from doorward.scan.live_connect import connect_scan
from doorward.scan.live_descriptors import raise_descriptor_limit
from doorward.scan.live_vantage import neighbour
from doorward.scan.plan import Speed
from doorward.scan.results import DoorResult
from doorward.scan.testimony import testify as probe_testimony
from doorward.sockets.live_client_ports import read_client_ports
from doorward.sockets.live_interfaces import own_addresses
from doorward.sockets.live_namespaces import in_namespace
from doorward.sockets.live_snapshot import read_sockets
from doorward.sockets.testimony import testify as socket_testimony
from doorward.store.answers import ChangeKind
from doorward.store.coverage import Coverage, cover_doors
from doorward.store.live_run import Run
from doorward.store.live_sqlite import Store
from doorward.values.addresses import ANY_IPV4, ANY_IPV6, Address
from doorward.values.clocks import Clock
from doorward.values.doors import Door
from doorward.values.evidence import Evidence, Witness
from doorward.values.past import NOTHING_REMEMBERED, Past
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport
from doorward.verbs.changes import changes
from doorward.verbs.identify import installed_fingerprints
from doorward.verbs.sockets import start_walk

__all__ = ["Audit", "AuditOptions", "audit_and_remember"]

_VANTAGE: Final = "this machine"
#: Knocks at this machine's own addresses: an answer comes within a millisecond or not at all.
_SPEED: Final = Speed(timeout_s=0.5, knocks=2)
_FROM_HERE: Final = (
    "Knocks came from this machine to its own addresses: whether a door can be reached from outside was not measured."
    " As root, --from-neighbour measures it."
)
_FROM_NEIGHBOUR: Final = (
    "Knocks came also from a neighbour machine made for this audit, on a link of its own: a rule that names an interface or a sender"
    " may treat others otherwise."
)
_NO_UDP: Final = "UDP doors were not knocked at: silence there would say nothing."
_OTHER_NAMESPACES: Final = "Doors of other network namespaces (containers) were looked up, not knocked at: they can't be reached from here."


class AuditOptions(msgspec.Struct, frozen=True):
    """What an audit is asked to do."""

    all_namespaces: bool = False
    every_port: bool = False  #: knock at all 65,535 TCP ports of each own address, not at the known ones alone
    knock: bool = True
    from_neighbour: bool = False  #: also knock from a neighbour machine made for the audit (root)
    timeout_s: float = 2.5  #: for asking one door what it is


class Audit:
    """One audit in hand: `hear` asks the witnesses, `answer` judges what was heard until now."""

    def __init__(self, machine: str, options: AuditOptions, clock: Clock, progress: Callable[[str], None]) -> None:
        self.machine = machine
        self.evidence: list[Evidence] = []
        self.looks: list[tuple[Witness, list[Coverage]]] = []
        self._options = options
        self._clock = clock
        self._progress = progress
        self._began = clock.now()
        self._began_ns = clock.monotonic_ns()
        self._own: list[Address] = []
        self._from_outside = False
        self._reports: dict[Witness, WitnessReport] = {}

    def hear(self) -> None:
        """Ask every witness; what one of them can't see is noted, and the others are asked all the same."""
        self._progress("reading the kernel's table of sockets…")
        self._hear_sockets()
        if self._options.knock:
            self._hear_knocks()
            if self._options.from_neighbour:
                self._hear_neighbour()
            self._hear_identities()

    def answer(self, past: Past = NOTHING_REMEMBERED) -> AuditAnswer:
        """Judge what was heard."""
        gathering = gather(self.evidence)
        sockets_read = Witness.SOCKET in self._reports and self._reports[Witness.SOCKET].asked
        verdicts = judge(gathering.testimonies, port_list(), past, self._began, sockets_read=sockets_read)
        limits = [_FROM_NEIGHBOUR if self._from_outside else _FROM_HERE, _NO_UDP] if self._options.knock else []
        limits += [_OTHER_NAMESPACES] if self._options.all_namespaces else []
        return AuditAnswer(
            machine=self.machine,
            at=self._began,
            seconds=round((self._clock.monotonic_ns() - self._began_ns) / 1e9, 3),
            own_addresses=self._own,
            witnesses=[self._reports.get(witness) or WitnessReport(witness, False, "not asked") for witness in Witness],
            verdicts=verdicts,
            nobody_home=gathering.nobody_home,
            limits=limits,
            earlier_audits=past.audits,
        )

    def _hear_sockets(self) -> None:
        try:
            table = read_sockets(all_namespaces=self._options.all_namespaces, walk=start_walk())
        except WorldError as error:
            self._reports[Witness.SOCKET] = WitnessReport(Witness.SOCKET, False, "nothing", [str(error)])
            return
        said = socket_testimony(table, machine=self.machine, at=self._clock.now(), client_ports=read_client_ports())
        self.evidence += said
        places = [Coverage(name) for name in {self.machine, *(one.door.machine for one in said)}]
        for witness, saw in (
            (Witness.SOCKET, "the kernel's table of TCP and UDP sockets"),
            (Witness.USE, "the connections that stand now"),
        ):
            missing = list(table.missing) if witness is Witness.SOCKET else []
            self._reports[witness] = WitnessReport(witness, True, saw, missing)
            self.looks.append((witness, places))

    def _hear_knocks(self) -> None:
        self._own = best_addresses(own_addresses())
        doors = doors_to_knock(self.evidence, self.machine, self._own, self._survey())
        results: list[DoorResult] = []
        try:
            self._knock(doors, results)
        finally:
            complete = len(results) == len(doors)
            self._note_knocks(results, doors, _VANTAGE)
            saw = f"{len(results):,} doors at {len(self._own)} own addresses"
            self._reports[Witness.PROBE] = WitnessReport(Witness.PROBE, True, saw, [] if complete else ["The knocking was interrupted."])

    def _hear_neighbour(self) -> None:
        """Knock from a neighbour too; where that can't be had, the audit goes on and says so."""
        report = self._reports[Witness.PROBE]
        results: list[DoorResult] = []
        try:
            with neighbour() as vantage:
                doors = doors_from_outside(self.evidence, self.machine, self._own, vantage.near_addresses, self._survey())
                in_namespace(vantage.path, lambda: self._knock(doors, results))
                bound_to_all = {vantage.near_v4: ANY_IPV4, vantage.near_v6: ANY_IPV6}
        except WorldError as error:
            self._reports[Witness.PROBE] = msgspec.structs.replace(report, missing=[*report.missing, str(error)])
            return
        # Our end of the cable is gone after the audit; what was found there is true of "all addresses".
        here = [msgspec.structs.replace(one, address=bound_to_all.get(one.address, one.address)) for one in results]
        self._note_knocks(here, [(bound_to_all.get(address, address), port) for address, port in doors], OUTSIDE)
        self._from_outside = True
        self._reports[Witness.PROBE] = msgspec.structs.replace(report, saw=f"{report.saw}; {len(results):,} from a neighbour")

    def _survey(self) -> Sequence[int]:
        return range(1, 65536) if self._options.every_port else sorted(_known_tcp_ports())

    def _knock(self, doors: Sequence[tuple[Address, int]], results: list[DoorResult]) -> None:
        """Knock at the doors; each result is kept as it comes, so that an interruption loses none."""
        for result in connect_scan(doors, clock=self._clock, speed=_SPEED):
            results.append(result)
            if len(results) % 500 == 0:
                self._progress(f"knocked at {len(results):,} of {len(doors):,} doors…")

    def _note_knocks(self, results: list[DoorResult], doors: Sequence[tuple[Address, int]], vantage: str) -> None:
        """Keep what answered, and every result at a door somebody listens at; a closed port that nobody claims is covered, not stored."""
        listening = {(one.door.transport, one.door.port) for one in self.evidence if one.witness is Witness.SOCKET}
        said = probe_testimony(results, machine=self.machine, at=self._clock.now(), vantage=vantage)
        self.evidence += [one for one in said if one.says == "open" or (one.door.transport, one.door.port) in listening]
        knocked = PortSet((Transport.TCP, port, port) for port in {port for _, port in doors})
        addresses = tuple(sorted({address for address, _ in doors}))
        self.looks.append((Witness.PROBE, [Coverage(self.machine, knocked, addresses, vantage, len(results) == len(doors))]))

    def _hear_identities(self) -> None:
        doors = doors_to_ask(self.evidence, self.machine, self._own)
        self._progress(f"asking {len(doors)} doors what they are…")
        endpoints = [(door.transport, door.address, door.port) for door in doors]
        raise_descriptor_limit()
        opinion = SecondOpinion(installed_fingerprints)
        conclusions = [opinion(one) for one in identify_doors(endpoints, clock=self._clock, timeout_s=self._options.timeout_s)]
        self.evidence += identity_testimony(conclusions, machine=self.machine, vantage=_VANTAGE)
        self._reports[Witness.IDENTITY] = WitnessReport(Witness.IDENTITY, True, f"{len(doors)} doors that answer")
        self.looks.append((Witness.IDENTITY, cover_doors(doors, vantage=_VANTAGE)))


def audit_and_remember(audit: Audit, database: Path | None, clock: Clock) -> tuple[AuditAnswer, list[BaseException]]:
    """Hear, judge and remember; return the answer and what went wrong on the way (an interruption, a database that refuses).

    Nothing heard is lost: whatever goes wrong, the answer tells what was seen until then. ``database`` none means not to remember.
    """
    wrong: list[BaseException] = []
    if database is not None:
        try:
            return _remembered(audit, database, clock, wrong), wrong
        except StoreError as error:
            wrong.append(error)
    if not audit.evidence:
        _heard(audit, wrong)
    return audit.answer(), wrong


def _remembered(audit: Audit, database: Path, clock: Clock, wrong: list[BaseException]) -> AuditAnswer:
    with Store.open(database) as store:
        past = store.past(audit.machine)
        try:
            with store.run(verb="audit", machine=audit.machine, clock=clock) as run:
                answer = _heard_in(run, audit, past)
        except KeyboardInterrupt as interruption:
            wrong.append(interruption)
            answer = audit.answer(past)
    answer = msgspec.structs.replace(answer, remembered_in=str(database))
    return _with_changes(answer, database, clock) if not wrong and past.audits else answer


def _heard_in(run: Run, audit: Audit, past: Past) -> AuditAnswer:
    try:
        audit.hear()
    finally:
        run.add(audit.evidence)
        for witness, places in audit.looks:
            run.covered(witness, places)
    answer = audit.answer(past)
    run.add_verdicts(answer.verdicts)
    return answer


def _heard(audit: Audit, wrong: list[BaseException]) -> None:
    try:
        audit.hear()
    except KeyboardInterrupt as interruption:
        wrong.append(interruption)


def _with_changes(answer: AuditAnswer, database: Path, clock: Clock) -> AuditAnswer:
    """Name the doors that came and went since the audit before."""
    found = changes(database, answer.machine, clock=clock).changes
    new = [one.door for one in found if ChangeKind.APPEARED in one.kinds]
    gone = [one.door for one in found if ChangeKind.WENT in one.kinds]
    return msgspec.structs.replace(answer, new=_places(new), gone=_places(gone))


def _places(doors: Iterable[Door]) -> list[str]:
    return [f"{door.transport}/{door.address.with_port(door.port)}" for door in doors]


def _known_tcp_ports() -> set[int]:
    """The ports that people meet: those of our notes."""
    return {port for note in port_list().notes for transport, port in note.ports if transport is Transport.TCP}
