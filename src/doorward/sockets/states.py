"""What each state of a socket is called and means, in plain words; knows no socket and whose it is.

The meanings are RFC 9293 §3.3.2's with what Linux makes of them (tcp(7), ip-sysctl), and for UDP what connect() does to a socket without
conversations (udp(7)). Each state has three forms: the name that netstat and ss taught people, words for a table, and sentences.
"""

from __future__ import annotations

from typing import Final

from doorward.errors import CallError
from doorward.sockets.kernel_states import KernelState
from doorward.values.transports import Transport

__all__ = ["CONNECTED_STATES", "STATE_NAMES", "explain_state", "parse_state", "state_label", "state_words"]


#: States in which the socket belongs to a pair of ends that talk, begin to talk, or stop talking.
CONNECTED_STATES: Final = frozenset(KernelState) - {
    KernelState.UNKNOWN,
    KernelState.CLOSE,
    KernelState.LISTEN,
    KernelState.BOUND_INACTIVE,
}

# State → (two or three words for a table, sentences for a person outside the trade).
_TCP: Final = {
    KernelState.UNKNOWN: ("unknown", "The kernel reports a state that this program has no name for; it is newer than the program."),
    KernelState.ESTABLISHED: ("talking", "Both sides are connected, and either may send at any time. It may well be silent for hours."),
    KernelState.SYN_SENT: (
        "calling",
        "This program is calling, and nobody has answered yet. If it stays so, the other machine is off, or something on the way "
        "swallows the call.",
    ),
    KernelState.SYN_RECV: (
        "being called",
        "Somebody is calling and we have answered; their confirmation is still missing. Many of these at once can mean a flood of "
        "false callers.",
    ),
    KernelState.FIN_WAIT1: ("hanging up", "This side has said goodbye, and the other side hasn't confirmed that it heard."),
    KernelState.FIN_WAIT2: (
        "hung up",
        "This side has said goodbye and the other has heard it, but is still free to send. When no program holds the socket any more, "
        "Linux gives up after a minute.",
    ),
    KernelState.TIME_WAIT: (
        "over",
        "The conversation is over. Linux keeps the pair of ports for 60 seconds, so that a late packet isn't taken for a new conversation; "
        "no program holds it any more, and it is no leak.",
    ),
    KernelState.CLOSE: ("not connected", "The socket exists, and is connected to nobody."),
    KernelState.CLOSE_WAIT: (
        "peer hung up",
        "The other side has hung up, and THIS program hasn't noticed or hasn't closed. When these pile up, the program here "
        "forgets to close.",
    ),
    KernelState.LAST_ACK: ("hanging up", "Both sides have said goodbye, the other first; the last confirmation is on its way."),
    KernelState.LISTEN: (
        "waiting",
        "A door: a program waits here for callers. Nothing is connected by it; each caller gets a socket of its own.",
    ),
    KernelState.CLOSING: ("hanging up", "Both sides said goodbye at the same moment, and wait for each other's confirmation."),
    KernelState.BOUND_INACTIVE: ("idle", "A program has taken this port, and neither waits for callers on it nor calls anybody."),
}
_UDP: Final = {
    KernelState.CLOSE: (
        "receiving",
        "Takes datagrams from whoever sends them. UDP has no conversations, so the kernel keeps no list of senders.",
    ),
    KernelState.ESTABLISHED: (
        "one peer",
        "The program told the kernel to exchange datagrams with this one peer. Nothing was agreed with the peer, which may not even exist.",
    ),
}
# UDP's names differ: ss writes UNCONN where the kernel's number is CLOSE, and so do people.
_UDP_LABELS: Final = {KernelState.CLOSE: "UNCONN", KernelState.ESTABLISHED: "CONNECTED"}


def state_label(state: KernelState, transport: Transport = Transport.TCP) -> str:
    """The name people know: ``ESTABLISHED``; for UDP ``UNCONN`` and ``CONNECTED``."""
    if transport is Transport.UDP and state in _UDP_LABELS:
        return _UDP_LABELS[state]
    return _whole(state).name


def state_words(state: KernelState, transport: Transport = Transport.TCP) -> str:
    """The state in two or three plain words: ``waiting``, ``talking``, ``peer hung up``."""
    return _meaning(state, transport)[0]


def explain_state(state: KernelState, transport: Transport = Transport.TCP) -> str:
    """What the state means, in sentences for a person outside the trade."""
    return _meaning(state, transport)[1]


def parse_state(text: str) -> frozenset[KernelState]:
    """Read a state by any of its names (``TIME_WAIT``, ``time-wait``, ``estab``, ``listening``, ``unconn``); raises `CallError`."""
    word = _plain(text.strip())
    if word not in _NAMES:
        raise CallError("read the state", text, why="no state has that name", remedy=f"There are: {', '.join(STATE_NAMES)}.")
    return _NAMES[word]


def _meaning(state: KernelState, transport: Transport) -> tuple[str, str]:
    whole = _whole(state)
    return _UDP[whole] if transport is Transport.UDP and whole in _UDP else _TCP[whole]


def _whole(state: KernelState) -> KernelState:
    """NEW_SYN_RECV is the kernel's small form of SYN_RECV before a whole socket exists (Linux 4.1): one thing for a person."""
    return KernelState.SYN_RECV if state is KernelState.NEW_SYN_RECV else state


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(" ", "")


def _names() -> dict[str, frozenset[KernelState]]:
    """Every spelling: the kernel's, RFC 9293's and ss's, and the words of our own tables."""
    names: dict[str, frozenset[KernelState]] = {}
    for state in KernelState:
        if state is not KernelState.UNKNOWN:
            for name in (state.name, state_label(state), state_words(state)):
                names[_plain(name)] = names.get(_plain(name), frozenset()) | {state}
    for state in _UDP:
        for name in (_UDP_LABELS[state], state_words(state, Transport.UDP)):
            names[_plain(name)] = names.get(_plain(name), frozenset()) | {state}
    for other, own in (("estab", "established"), ("synreceived", "synrecv"), ("closed", "close"), ("listening", "listen")):
        names[other] = names[own]
    return names


_NAMES: Final = _names()

#: The names worth telling a person about, as `parse_state` reads them.
STATE_NAMES: Final = (
    "listen", "established", "syn-sent", "syn-recv", "fin-wait1", "fin-wait2", "time-wait", "close-wait", "last-ack", "closing", "unconn",
)  # fmt: skip
