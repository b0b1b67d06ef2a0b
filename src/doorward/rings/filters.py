"""Which frames the kernel shall hand us, said in a few words and compiled to classic BPF; opens no socket and runs no program.

A filter is built from words and printed as tcpdump would take it, so that two compilers can be held against each other::

    >>> words = (host("dst", Address.parse("192.0.2.1")) & (ports("tcp", "dst", 40000, 40999) | protocol("icmp"))) | protocol("arp")
    >>> str(words)
    '((ip dst host 192.0.2.1 and (tcp dst portrange 40000-40999 or icmp)) or arp)'
    >>> program = compile_filter(words, snap_bytes=128)

Classic BPF is a machine with one accumulator, one index register and forward jumps (S. McCanne, V. Jacobson, "The BSD Packet Filter",
1993; Linux: Documentation/networking/filter.rst). It returns how many bytes of the frame to keep; 0 refuses it. A load behind the
frame's end refuses it too, so no word needs a length check. The kernel has taken a VLAN's tag off the frame before the filter sees it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.wire.frames import LinkType

__all__ = [
    "MAX_INSTRUCTIONS",
    "Instruction",
    "Program",
    "Word",
    "answers",
    "compile_filter",
    "encode_program",
    "extension_headers",
    "host",
    "interface",
    "ports",
    "protocol",
]

MAX_INSTRUCTIONS: Final = 4096  # BPF_MAXINSNS, include/uapi/linux/bpf_common.h

Side = Literal["src", "dst"]

# Instruction codes: class | size or operation | mode or source (linux/bpf_common.h).
LOAD_WORD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
LOAD_HALF: Final = 0x28
LOAD_BYTE: Final = 0x30
LOAD_HALF_INDEXED: Final = 0x48  # BPF_LD | BPF_H | BPF_IND
LOAD_HEADER_LENGTH: Final = 0xB1  # BPF_LDX | BPF_B | BPF_MSH: x = 4 * (byte & 15)
AND: Final = 0x54  # BPF_ALU | BPF_AND | BPF_K
JUMP_EQUAL: Final = 0x15
JUMP_GREATER: Final = 0x25
JUMP_AT_LEAST: Final = 0x35
JUMP_ANY_BIT: Final = 0x45
RETURN: Final = 0x06

INTERFACE: Final = 0xFFFFF000 + 8  # SKF_AD_OFF + SKF_AD_IFINDEX: the number of the interface that the frame came in by

_ETHERNET: Final = 14
_TYPES: Final = {"ip": 0x0800, "arp": 0x0806, "ip6": 0x86DD}  # IEEE 802 EtherTypes
_UPPER: Final = {"icmp": (4, 1), "tcp": (0, 6), "udp": (0, 17), "icmp6": (6, 58), "sctp": (0, 132)}  # family (0: either) and IANA's number
#: IPv6 headers behind which the transport hides: hop-by-hop, routing, fragment, authentication, destination (RFC 8200 §4, RFC 4302).
_EXTENSIONS: Final = (0, 43, 44, 51, 60)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One step: ``jump_true`` and ``jump_false`` count the instructions to leap over."""

    code: int
    operand: int
    jump_true: int = 0
    jump_false: int = 0


Program = tuple[Instruction, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A condition on a frame; joined with ``&``, ``|`` and ``~``, and printed as tcpdump's own language."""

    text: str
    kind: Literal["test", "and", "or", "not"]
    parts: tuple[Word, ...] = ()
    steps: tuple[_Step, ...] = ()  #: all must hold

    def __and__(self, other: Word) -> Word:
        return Word(f"({self.text} and {other.text})", "and", (self, other))

    def __or__(self, other: Word) -> Word:
        return Word(f"({self.text} or {other.text})", "or", (self, other))

    def __invert__(self) -> Word:
        return Word(f"(not {self.text})", "not", (self,))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class _Step:
    """Load something (offset behind the link's header unless ``absolute``) and compare; ``expected`` is the outcome that goes on."""

    load: int
    offset: int
    jump: int
    operand: int
    expected: bool = True
    absolute: bool = False


def protocol(name: str) -> Word:
    """Match ``ip``, ``ip6``, ``arp``, ``icmp``, ``icmp6``, ``tcp``, ``udp`` or ``sctp``; raises `CallError` for other names."""
    if name == "arp":
        return Word(name, "test", steps=(_link_is("arp"),))
    if name in ("ip", "ip6"):
        return Word(name, "test", steps=(_link_is(name),))
    if name not in _UPPER:
        raise CallError("build a frame filter", name, why="no such protocol is known to it", remedy=f"Use one of {', '.join(_UPPER)}.")
    family, number = _UPPER[name]
    choices = [_upper(version, number, name) for version in (4, 6) if family in (0, version)]
    return choices[0] if len(choices) == 1 else Word(name, "or", tuple(choices))


def host(side: Side, address: Address) -> Word:
    """Match IP packets to (``dst``) or from (``src``) an address of either version; its scope is of no matter."""
    name = "ip" if address.family == 4 else "ip6"
    offset = {("src", 4): 12, ("dst", 4): 16, ("src", 6): 8, ("dst", 6): 24}[side, address.family]  # RFC 791 §3.1, RFC 8200 §3
    words = struct.unpack(f"!{len(address.packed) // 4}I", address.packed)
    steps = tuple(_Step(LOAD_WORD, offset + 4 * i, JUMP_EQUAL, value) for i, value in enumerate(words))
    return Word(f"{name} {side} host {Address(address.packed)}", "test", steps=(_link_is(name), *steps))


def ports(transport: str, side: Side, first: int, last: int) -> Word:
    """Match TCP, UDP or SCTP with a port of ``first`` to ``last`` (inclusive); later fragments, which have none, don't match."""
    if not 0 <= first <= last <= 65535:
        raise CallError("build a frame filter", f"{first}-{last}", why="it is no range of ports")
    family, number = _UPPER.get(transport, (-1, 0))
    if family:
        raise CallError("build a frame filter", transport, why="it has no ports", remedy="Use tcp, udp or sctp.")
    place = 0 if side == "src" else 2
    text = f"{transport} {side} portrange {first}-{last}"
    choices = []
    for version, load, offset in ((4, LOAD_HALF_INDEXED, 0), (6, LOAD_HALF, 40)):
        base = _upper(version, number, text)
        bounds = (
            _Step(load, offset + place, JUMP_AT_LEAST, first),
            _Step(load, offset + place, JUMP_GREATER, last, expected=False),
        )
        whole = (_Step(LOAD_HALF, 6, JUMP_ANY_BIT, 0x1FFF, expected=False),) if version == 4 else ()  # fragment offset, RFC 791 §3.1
        choices.append(Word(text, "test", steps=(*base.steps, *whole, *bounds)))
    return Word(text, "or", tuple(choices))


def extension_headers() -> Word:
    """Match IPv6 packets whose transport stands behind an extension header, where no short program can follow it."""
    choices = [Word(f"ip6[6] = {number}", "test", steps=_upper(6, number, "").steps) for number in _EXTENSIONS]
    return Word(f"({' or '.join(choice.text for choice in choices)})", "or", tuple(choices))


def interface(index: int) -> Word:
    """Match frames that came in by the interface of this number (Linux's own; tcpdump says ``ifindex``)."""
    return Word(f"ifindex {index}", "test", steps=(_Step(LOAD_WORD, INTERFACE, JUMP_EQUAL, index, absolute=True),))


def answers(addresses: Sequence[Address], first_port: int, last_port: int, *, neighbours: bool = True) -> Word:
    """Match what may answer a scan sent from ``addresses`` with source ports of the range: TCP, UDP, SCTP, ICMP errors, ARP and ND.

    ICMP is taken whole (errors quote what we sent; the caller compares), and IPv6 behind extension headers too. Neighbour discovery comes
    as ICMPv6 to our address; ARP is taken whole when ``neighbours``.
    """
    if not addresses:
        raise CallError("build a frame filter", why="no address of our own was given, so nothing can be an answer")
    upper = ports("tcp", "dst", first_port, last_port) | ports("udp", "dst", first_port, last_port)
    upper = upper | ports("sctp", "dst", first_port, last_port) | protocol("icmp") | protocol("icmp6") | extension_headers()
    mine = host("dst", addresses[0])
    for address in addresses[1:]:
        mine = mine | host("dst", address)
    return (mine & upper) | protocol("arp") if neighbours else mine & upper


def _link_is(name: str) -> _Step:
    return _Step(LOAD_HALF, 12, JUMP_EQUAL, _TYPES[name], absolute=True)


def _upper(version: int, number: int, text: str) -> Word:
    """The protocol field: byte 9 of IPv4 (RFC 791 §3.1), byte 6 of IPv6 (RFC 8200 §3)."""
    name, offset = ("ip", 9) if version == 4 else ("ip6", 6)
    return Word(text, "test", steps=(_link_is(name), _Step(LOAD_BYTE, offset, JUMP_EQUAL, number)))


def compile_filter(words: Word, *, link: LinkType = LinkType.ETHERNET, snap_bytes: int = 256) -> Program:
    """Compile for a link; frames that match are kept up to ``snap_bytes``. Raises `CallError` when it takes too long a jump."""
    assembler = _Assembler(link)
    assembler.emit(words, "keep", "refuse")
    assembler.mark("keep")
    assembler.add(RETURN, snap_bytes)
    assembler.mark("refuse")
    assembler.add(RETURN, 0)
    return assembler.resolve(str(words))


class _Assembler:
    """Instructions with labels in place of distances."""

    def __init__(self, link: LinkType) -> None:
        self._raw = link is LinkType.RAW
        self._start = 0 if self._raw else _ETHERNET
        self._lines: list[tuple[int, int, str, str]] = []
        self._labels: dict[str, int] = {}
        self._named = 0

    def add(self, code: int, operand: int, jump_true: str = "", jump_false: str = "") -> None:
        self._lines.append((code, operand, jump_true, jump_false))

    def mark(self, label: str) -> None:
        self._labels[label] = len(self._lines)

    def _new_label(self) -> str:
        self._named += 1
        return f"L{self._named}"

    def emit(self, word: Word, if_true: str, if_false: str) -> None:
        """Leave for ``if_true`` or ``if_false``, never fall through."""
        if word.kind == "test":
            self._emit_test(word, if_true, if_false)
        elif word.kind == "not":
            self.emit(word.parts[0], if_false, if_true)
        else:
            for part in word.parts[:-1]:
                label = self._new_label()
                self.emit(part, label if word.kind == "and" else if_true, if_false if word.kind == "and" else label)
                self.mark(label)
            self.emit(word.parts[-1], if_true, if_false)

    def _emit_test(self, word: Word, if_true: str, if_false: str) -> None:
        for place, step in enumerate(word.steps):
            if step.load == LOAD_HALF_INDEXED:
                self.add(LOAD_HEADER_LENGTH, self._start)
            compared = step.operand
            if self._raw and step.absolute and step.load == LOAD_HALF:  # no EtherType: the version nibble stands for it
                self.add(LOAD_BYTE, 0)
                self.add(AND, 0xF0)
                compared = {0x0800: 0x40, 0x86DD: 0x60}.get(step.operand, 0xFFFF)
            else:
                self.add(step.load, step.offset if step.absolute else step.offset + self._start)
            onward = if_true if place == len(word.steps) - 1 else self._new_label()
            self.add(step.jump, compared, onward if step.expected else if_false, if_false if step.expected else onward)
            if onward is not if_true:
                self.mark(onward)

    def resolve(self, text: str) -> Program:
        """Turn labels into distances."""
        done = []
        for place, (code, operand, if_true, if_false) in enumerate(self._lines):
            leaps = [self._labels[label] - place - 1 if label else 0 for label in (if_true, if_false)]
            if max(leaps) > 255:  # a jump's distance is one byte
                raise CallError("build a frame filter", text[:80], why="it is too long for classic BPF", remedy="Name fewer addresses.")
            done.append(Instruction(code, operand, *leaps))
        return tuple(done)


def encode_program(program: Program) -> bytes:
    """Encode as the kernel's array of ``struct sock_filter``."""
    return b"".join(struct.pack("=HBBI", step.code, step.jump_true, step.jump_false, step.operand) for step in program)
