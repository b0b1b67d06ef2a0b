from __future__ import annotations

import errno

import pytest

from doorward.errors import DoorwardBug
from doorward.scan.doorstates import LOST_HERE, DoorState, Reason, judge_error, judge_icmp
from doorward.scan.icmp_errors import IcmpError
from doorward.values.addresses import Address


@pytest.mark.parametrize("state", DoorState)
def test_every_state_has_a_meaning_and_a_reason(state: DoorState) -> None:
    assert len(state.meaning) > 20
    assert any(reason.state is state for reason in Reason)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_state_and_a_meaning(reason: Reason) -> None:
    assert reason.state in DoorState
    assert len(reason.meaning) > 5
    assert not reason.meaning.endswith(".")


@pytest.mark.parametrize(
    ("error", "reason", "state"),
    [
        (0, Reason.ACCEPTED, "open"),
        (errno.EISCONN, Reason.ACCEPTED, "open"),
        (errno.ECONNRESET, Reason.ACCEPTED_THEN_RESET, "open"),
        (errno.EPIPE, Reason.ACCEPTED_THEN_RESET, "open"),
        (errno.ECONNREFUSED, Reason.REFUSED, "closed"),
        (errno.ETIMEDOUT, Reason.NO_ANSWER, "filtered"),
        (errno.EPERM, Reason.LOCAL_RULE, "filtered"),
        (errno.EACCES, Reason.LOCAL_PROHIBITION, "filtered"),
        (errno.ENETUNREACH, Reason.NO_ROUTE, "unknown"),
        (errno.EHOSTUNREACH, Reason.NO_ROUTE, "unknown"),
        (errno.EINVAL, Reason.DISCARDED_HERE, "unknown"),
        (errno.EADDRNOTAVAIL, Reason.NO_LOCAL_PORT, "unknown"),
        (errno.EMFILE, Reason.NO_DESCRIPTOR, "unknown"),
        (errno.ENOBUFS, Reason.NO_MEMORY, "unknown"),
        (errno.EAFNOSUPPORT, Reason.NO_FAMILY, "unknown"),
        (errno.EDOM, Reason.OTHER_ERROR, "unknown"),
    ],
)
def test_outcomes_of_connect(error: int, reason: Reason, state: str) -> None:
    assert judge_error(error) is reason
    assert reason.state == state


@pytest.mark.parametrize("error", [errno.EINPROGRESS, errno.EALREADY])
def test_what_is_not_decided_is_not_judged(error: int) -> None:
    with pytest.raises(DoorwardBug):
        judge_error(error)


def test_no_door_is_closed_by_anything_but_the_hosts_own_refusal() -> None:
    closed = {reason for reason in Reason if reason.state is DoorState.CLOSED}
    assert closed == {Reason.REFUSED, Reason.RESET_WITHOUT_WINDOW, Reason.PORT_CLOSED, Reason.ABORTED}


def test_what_is_lost_here_is_unknown() -> None:
    assert all(reason.state is DoorState.UNKNOWN for reason in LOST_HERE)


def test_our_own_kernels_word_about_another_host_means_that_nobody_is_there() -> None:
    host_unreachable = IcmpError(4, 3, 1, Address.parse("192.0.2.1"))
    assert judge_icmp(host_unreachable, from_ourselves=True) is Reason.NO_NEIGHBOUR
    assert judge_icmp(host_unreachable, from_ourselves=False) is Reason.HOST_UNREACHABLE
    assert judge_icmp(IcmpError(4, 3, 3, None), from_ourselves=True) is Reason.PORT_UNREACHABLE
    assert judge_icmp(IcmpError(6, 2, 0, None), from_ourselves=False) is Reason.OTHER_ICMP
