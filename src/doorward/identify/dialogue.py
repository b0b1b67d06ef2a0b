"""One connection's conversation as a state machine: bytes and pauses in, what to do next out; knows no socket and no clock.

It listens first, because a server that speaks first must not be interrupted; then says its opening words on the same connection. Every
reply is read by every reader. Whoever claims it leads the conversation from there, if the words said so far were its own; a claim
on the answer to somebody else's words ends the conversation, and the plan then opens one in the claimed protocol.
"""

from __future__ import annotations

from typing import Final

from doorward.identify.catalog import all_probes, carrier_of, first_words_of, next_words_of
from doorward.identify.claims import best_claim, claim_on_silence, is_tls_alert
from doorward.identify.identity import Identity
from doorward.identify.probing import Context, Probe, Step, Tunnel, Turn
from doorward.values.evidence import Certainty

__all__ = ["CONNECTION_BYTES", "Dialogue"]

#: Bytes taken from one connection before it is closed: the largest a reader may ask for, and one more read.
CONNECTION_BYTES: Final = 65_536

_SETTLE_S: Final = 0.05  # a claimed answer is whole when this long nothing followed
_UNCLAIMED_SETTLE_S: Final = 0.25  # an answer that nobody knows may be cut: its rest gets longer
_MOST_TURNS: Final = 12  # the longest of our conversations takes 6; a server that provokes more is playing
_EAGER_READS: Final = 50  # each arrival is read this often; then only when the bytes have doubled, for one byte at a time would cost n²


class Dialogue:
    """A conversation with one door.

    What `take`, `pause` and `secured` return is for the driver: bytes, send; `Step.START_TLS`, shake hands; `Step.DONE`, close;
    `Step.WAIT`, wait at most `wait_s` for bytes, then call `pause`. With ``opening`` `None` it only listens.
    """

    def __init__(self, opening: Probe | None, context: Context, *, banner_wait_s: float, patience_s: float) -> None:
        self.wait_s = banner_wait_s if opening is not None else patience_s
        self.claim: Identity | None = None
        self.tunnel = context.tunnel
        self.overflowed = False
        self._context = context
        self._opening = opening
        self._spoke = ""
        self._patience_s = patience_s
        self._turns: list[tuple[bytes, bytearray]] = [(b"", bytearray())]
        self._received = bytearray()
        self._reads = 0
        self._read_at = 0
        self._closed = False

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was said and heard so far; a first turn in which nothing was heard is left out."""
        turns = tuple(Turn(sent, bytes(heard)) for sent, heard in self._turns)
        return turns[1:] if not turns[0].received else turns

    @property
    def received(self) -> bytes:
        """All that was heard."""
        return bytes(self._received)

    @property
    def spoke(self) -> str:
        """The name of the probe whose opening words were said, or empty."""
        return self._spoke

    @property
    def greeted(self) -> bool:
        """Whether the far end spoke before we did."""
        return bool(self._turns[0][1])

    @property
    def claim_is_its_own(self) -> bool:
        """Whether the claim rests on an answer to the claimed protocol's own words, to its carrier's, or on a greeting."""
        if self.claim is None or self._spoke in ("", self.claim.service):
            return self.claim is not None
        probe = all_probes().get(self.claim.service)
        return probe is not None and carrier_of(probe) == self._spoke and self.claim.certainty is Certainty.MEASURED

    @property
    def closed(self) -> bool:
        """Whether the far end hung up."""
        return self._closed

    def take(self, data: bytes) -> bytes | Step:
        """Bytes came."""
        room = CONNECTION_BYTES - len(self._received)
        self._received += data[:room]
        self._turns[-1][1].extend(data[:room])
        if len(data) >= room:
            self.overflowed = True
            self._read()
            return Step.DONE
        return self._go_on()

    def pause(self) -> bytes | Step:
        """Nothing came for `wait_s`."""
        knew = self.claim is not None
        self._read(always=True)
        if self.claim is not None:
            return Step.DONE if knew else self._lead()
        if self._opening is not None and not self._spoke:
            words = first_words_of(self._opening, self._context.host, self._context.transport)
            if words:
                self._spoke = self._opening.NAME
                return self._say(words)
        elif self._opening is not None and not self._received:
            self.claim = claim_on_silence(self._opening, self._context_now())
        return Step.DONE

    def secured(self, tunnel: Tunnel) -> bytes | Step:
        """The handshake that `Step.START_TLS` asked for is done; what came before it in the clear counts, what follows is inside."""
        self.tunnel = tunnel
        self._turns.append((b"", bytearray()))
        return self._go_on()

    def end(self) -> None:
        """The far end closed."""
        self._closed = True
        self._read(always=True)

    def _context_now(self) -> Context:
        given = self._context
        return Context(
            host=given.host,
            port=given.port,
            transport=given.transport,
            spoke=self._spoke,
            turns=tuple(Turn(sent, bytes(heard)) for sent, heard in self._turns),
            tunnel=self.tunnel,
            closed=self._closed,
        )

    def _read(self, *, always: bool = False) -> None:
        size = len(self._received)
        if size == self._read_at and not self._closed:
            return
        if not always and self._reads >= _EAGER_READS and size < 2 * self._read_at and not self.overflowed:
            return
        self._reads += 1
        self._read_at = size
        self.claim = best_claim(bytes(self._received), self._context_now()) or self.claim

    def _leader(self) -> Probe | None:
        """Who leads the conversation: the claimed protocol if the words were its own, else the one whose words were said."""
        if self.claim is not None and self.claim_is_its_own:
            return all_probes().get(self.claim.service)
        return self._opening if self._spoke and self.claim is None else None

    def _go_on(self) -> bytes | Step:
        self._read()
        if is_tls_alert(bytes(self._received[:16])) and self.claim is None:
            return Step.DONE
        return self._lead()

    def _lead(self) -> bytes | Step:
        """Ask whoever leads what to do."""
        leader = self._leader()
        conversation = next_words_of(leader) if leader is not None else None
        if leader is None or conversation is None:
            self.wait_s = _SETTLE_S if self.claim is not None or not self._spoke else _UNCLAIMED_SETTLE_S
            return Step.WAIT
        said = conversation(bytes(self._received[: leader.MAX_BYTES]), self._context_now())
        if isinstance(said, bytes):
            return self._say(said) if len(self._turns) < _MOST_TURNS else Step.DONE
        if said is Step.DONE and self.claim is None:  # the leader gives up, but another reader may know the rest
            self.wait_s = _UNCLAIMED_SETTLE_S
            return Step.WAIT
        if said is Step.WAIT:
            self.wait_s = _UNCLAIMED_SETTLE_S if self.claim is None and self._received else self._patience_s
        if said is Step.START_TLS and self.tunnel is not None:
            said = Step.DONE
        if said is Step.DONE:
            self._read(always=True)
        return said

    def _say(self, words: bytes) -> bytes:
        self._turns.append((words, bytearray()))
        self._reads = 0
        self.wait_s = self._patience_s
        return words
