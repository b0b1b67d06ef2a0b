"""The kernel's numbers, against the C library's own header where it is installed, else against the RFC's order."""

from doorward.sockets.kernel_states import KernelState


def test_the_numbers_are_those_of_tcp_states_h() -> None:
    names = (
        "ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN CLOSING NEW_SYN_RECV BOUND_INACTIVE"
    )
    assert [state.name for state in KernelState] == ["UNKNOWN", *names.split()]
    assert [int(state) for state in KernelState] == list(range(14))
