from __future__ import annotations

import msgspec

from doorward.audit.answer import WitnessReport
from doorward.report.audit_view import arrange, summary
from doorward.values.evidence import Evidence, Witness
from doorward.values.verdicts import Attention
from witnesses import answer, identity, probe, socket, use

SSH = [
    socket("tcp/0.0.0.0:22", dual_stack=False),
    socket("tcp/[::]:22", dual_stack=False),
    probe("tcp/127.0.0.1:22"),
    probe("tcp/[::1]:22"),
]
SSH += [identity("tcp/127.0.0.1:22", "ssh", "OpenSSH 9.2p1"), identity("tcp/[::1]:22", "ssh", "OpenSSH 9.2p1"), use("tcp/0.0.0.0:22", 2, 1)]
TELNET = [socket("tcp/0.0.0.0:23", process="telnetd"), probe("tcp/127.0.0.1:23"), identity("tcp/127.0.0.1:23", "telnet", encrypted=False)]


def test_doors_that_differ_in_the_address_alone_are_one_row() -> None:
    view = arrange(answer(*SSH))
    assert [row.address for group in view.groups for row in group.rows] == ["tcp 0.0.0.0:22, [::]:22"]
    row = view.groups[0].rows[0]
    assert row.what == "OpenSSH 9.2p1"
    assert row.holder == "sshd (812)"
    assert row.use == "2 now, 1 remote"
    assert row.seen[:2] == ["verdict: real door (inferred)", "socket: listens"]
    assert "firewall: not asked" in row.seen
    assert "probe: open in 0.2 ms at 2 addresses" in row.seen


def test_loopback_and_the_network_are_never_one_row() -> None:
    assert len(arrange(answer(socket("tcp/0.0.0.0:22"), socket("tcp/127.0.0.1:22"))).groups[0].rows) == 2


def test_groups_come_in_the_order_of_need_and_empty_ones_are_left_out() -> None:
    view = arrange(answer(*SSH, *TELNET))
    assert [group.attention for group in view.groups] == [Attention.NEEDS_YOU, Attention.FINE]
    assert view.headline == "3 doors: 1 needs you, 0 unknown, 2 fine"
    assert view.not_asked == ["firewall", "advisory"]


def test_new_doors_are_marked() -> None:
    marked = arrange(msgspec.structs.replace(answer(*TELNET), new=["tcp/0.0.0.0:23"]))
    assert marked.groups[0].rows[0].is_new


def test_no_doors_is_an_answer() -> None:
    assert summary(answer()) == "no doors: nothing on this machine takes callers"
    assert arrange(answer()).groups == []


def holder(*evidence: Evidence) -> str:
    return arrange(answer(*evidence)).groups[0].rows[0].holder


def test_holders_in_words() -> None:
    assert holder(socket("tcp/127.0.0.1:1", unit="ssh.service")) == "sshd (812), ssh.service"
    assert holder(socket("tcp/127.0.0.1:1", container="web", unit="docker.service")) == "sshd (812), web"
    assert holder(socket("tcp/127.0.0.1:1", process=None, pid=None)) == "not visible"
    assert holder(probe("tcp/127.0.0.1:1")) == "nobody here"


def test_what_was_not_seen_are_whole_sentences() -> None:
    reports = [WitnessReport(Witness.SOCKET, True, "all", ["Processes of 3 sockets.", "one more thing"])]
    assert arrange(msgspec.structs.replace(answer(), witnesses=reports)).missing == ["Processes of 3 sockets.", "one more thing."]
