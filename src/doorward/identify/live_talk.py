"""Talks to doors: many at once, each by its plan, every connection bounded in bytes and time. Decides nothing about protocols.

A connection listens first and speaks then, on the same line. While it is silent the next attempt already starts (at most
`_LINES_PER_DOOR` at once), so that a silent door costs one patience and not the sum of all. What a hostile peer can cost is capped:
`CONNECTION_BYTES` of memory per connection and ``timeout_s`` per door, whatever it drips or floods.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from doorward.identify import live_tls
from doorward.identify.catalog import all_probes, answers_from_other_ports
from doorward.identify.conclusion import Conclusion, Endpoint, conclude, with_authorities_word
from doorward.identify.dialogue import Dialogue
from doorward.identify.engine import Attempt, Heard, Plan
from doorward.identify.live_lines import Line, explain_trouble, open_line
from doorward.identify.probing import Context, Step, Tunnel
from doorward.values.addresses import Address
from doorward.values.clocks import Clock
from doorward.values.transports import Transport

__all__ = ["DEFAULT_TIMEOUT_S", "DOORS_AT_ONCE", "ask_doors", "identify_doors", "passing_over_peers", "talk_to_door", "talk_to_doors"]

#: Seconds for one door, all attempts together.
DEFAULT_TIMEOUT_S: Final = 5.0
_BANNER_WAIT_S: Final = 0.15  # servers that greet do so within a round trip; those that look names up first are heard by the later attempts
_LONGEST_PATIENCE_S: Final = 2.0
_PATIENCE_WITH_GUESSES_S: Final = 0.8  # or eight round trips
_LINES_PER_DOOR: Final = 8
_HEDGE_S: Final = 0.3  # after this long without a byte the second attempt starts beside the first…
_GREETING_HEDGE_S: Final = 1.0  # …or this long where the door's own protocol greets…
_NEXT_HEDGE_S: Final = 0.1  # …and each further one after this long, or four round trips
_DOORS_PER_HOST: Final = 100
DOORS_AT_ONCE: Final = 250  # times three lines stays below the usual limit of 1,024 open files


def identify_doors(
    endpoints: Sequence[tuple[Transport, Address, int]],
    *,
    clock: Clock,
    timeout_s: float = DEFAULT_TIMEOUT_S,
    concurrency: int = DOORS_AT_ONCE,
) -> list[Conclusion]:
    """Ask every door what it is, and return one conclusion per endpoint in the same order; runs its own event loop."""
    doors = [Endpoint(transport, address, port) for transport, address, port in endpoints]
    return asyncio.run(talk_to_doors(doors, clock=clock, timeout_s=timeout_s, concurrency=concurrency))


def ask_doors(
    endpoints: Sequence[Endpoint],
    *,
    clock: Clock,
    timeout_s: float,
    only: str,
    verify: bool,
    tell: Callable[[Conclusion], None],
) -> list[Conclusion]:
    """`talk_to_doors` in an event loop of its own."""
    return asyncio.run(talk_to_doors(endpoints, clock=clock, timeout_s=timeout_s, only=only, verify=verify, tell=tell))


async def talk_to_doors(
    endpoints: Sequence[Endpoint],
    *,
    clock: Clock,
    timeout_s: float = DEFAULT_TIMEOUT_S,
    concurrency: int = DOORS_AT_ONCE,
    only: str = "",
    verify: bool = False,
    tell: Callable[[Conclusion], None] | None = None,
) -> list[Conclusion]:
    """Like `identify_doors` within a running loop; ``tell`` hears each conclusion as it is reached, in the order of being done.

    ``only`` names the one probe to use. With ``verify`` a door called by name gets one handshake more, to learn whether this machine's
    authorities vouch for its certificate.
    """
    all_at_once = asyncio.Semaphore(max(1, min(concurrency, DOORS_AT_ONCE)))
    per_host: dict[Address, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_DOORS_PER_HOST))

    async def one(endpoint: Endpoint) -> Conclusion:
        async with per_host[endpoint.address], all_at_once:
            conclusion = await talk_to_door(endpoint, clock=clock, timeout_s=timeout_s, only=only, verify=verify)
        if tell is not None:
            tell(conclusion)
        return conclusion

    with passing_over_peers():
        return list(await asyncio.gather(*(one(endpoint) for endpoint in endpoints)))


async def talk_to_door(endpoint: Endpoint, *, clock: Clock, timeout_s: float, only: str = "", verify: bool = False) -> Conclusion:
    """Ask one door what it is, now; how many at once is the caller's affair, and so is `passing_over_peers`."""
    conclusion = await _Door(endpoint, clock, timeout_s, only).conclude()
    return await _ask_authorities(conclusion, timeout_s) if verify else conclusion


@contextlib.contextmanager
def passing_over_peers() -> Iterator[None]:
    """Within the running loop, keep quiet of what peers do to connections that we have left already."""
    loop = asyncio.get_running_loop()
    handler = loop.get_exception_handler()
    loop.set_exception_handler(_pass_over_peers)
    try:
        yield
    finally:
        loop.set_exception_handler(handler)


class _Door:
    """One door being asked."""

    def __init__(self, endpoint: Endpoint, clock: Clock, timeout_s: float, only: str) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._timeout_s = timeout_s
        self._plan = Plan(endpoint.transport, endpoint.port, only)
        self._talks: dict[asyncio.Task[None], _Talk] = {}
        self._made: list[_Talk] = []

    async def conclude(self) -> Conclusion:
        """Follow the plan to its end or the timeout's, and conclude."""
        at, start_ns = self._clock.now(), self._clock.monotonic_ns()
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._follow_plan()
        except TimeoutError:
            pass  # what was heard until now is what there is
        finally:
            await self._hang_up()
        return conclude(
            self._endpoint,
            self._plan.heard,
            self._plan.best,
            at=at,
            rtt_ms=self._rtt_ms,
            elapsed_ms=(self._clock.monotonic_ns() - start_ns) / 1e6,
            connections=sum(talk.rtt_s is not None for talk in self._made),
        )

    @property
    def _rtt_ms(self) -> float | None:
        known = [talk.rtt_s * 1e3 for talk in self._made if talk.rtt_s is not None]
        return known[0] if known and self._endpoint.transport is not Transport.UDP else None

    async def _follow_plan(self) -> None:
        while not self._plan.is_settled:
            attempt = self._plan.next_attempt() if self._may_start() else None
            if attempt is not None:
                patience_s, greets = self._patience_s(attempt), not self._keeps_quiet(attempt)
                talk = _Talk(self._endpoint, attempt, self._clock, patience_s, expects_greeting=greets)
                self._made.append(talk)
                self._talks[asyncio.create_task(talk.run())] = talk
            if not self._talks:
                return
            done, _ = await asyncio.wait(self._talks, timeout=self._hedge_s(), return_when=asyncio.FIRST_COMPLETED)
            for talk in self._talks.values():
                self._plan.find_tunnel(talk.attempt, stands=talk.has_tunnel)
            for task in done:
                self._plan.learn(self._talks.pop(task).heard())
            if all(talk.rtt_s is None for talk in self._made) and not self._talks:
                return  # nobody took the first connection: more of them would not either

    def _patience_s(self, attempt: Attempt) -> float:
        """How long an answer to this attempt is waited for."""
        longest = min(_LONGEST_PATIENCE_S, 0.4 * self._timeout_s)
        return min(longest, max(_PATIENCE_WITH_GUESSES_S, 8 * (self._rtt_ms or 0) / 1e3)) if attempt.is_guess else longest

    def _keeps_quiet(self, attempt: Attempt) -> bool:
        """Whether an earlier line has waited in vain for a greeting: then this one needs not wait again."""
        return attempt.is_guess and any(talk.has_spoken and talk.attempt.tls == attempt.tls for talk in self._made)

    def _hedge_s(self) -> float:
        """How long the lines may be silent before the next one is opened beside them."""
        if len(self._made) > 1:
            return max(_NEXT_HEDGE_S, 4 * (self._rtt_ms or 0) / 1e3)
        return _GREETING_HEDGE_S if self._made[0].attempt.waits_for_greeting else _HEDGE_S

    def _may_start(self) -> bool:
        """Whether another line beside those there are is worth it: none has heard a byte, and the door takes connections at all."""
        talks = self._talks.values()
        return len(talks) < _LINES_PER_DOOR and all(talk.rtt_s is not None and not talk.has_heard for talk in talks)

    async def _hang_up(self) -> None:
        """End what still runs, and learn what it had heard."""
        for task in self._talks:
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        for talk in self._talks.values():
            self._plan.learn(talk.heard())


class _Talk:
    """One attempt: a line and the dialogue on it."""

    def __init__(self, endpoint: Endpoint, attempt: Attempt, clock: Clock, patience_s: float, *, expects_greeting: bool = True) -> None:
        self.attempt = attempt
        self._expects_greeting = expects_greeting and endpoint.transport is not Transport.UDP
        self.rtt_s: float | None = None
        self._endpoint = endpoint
        self._clock = clock
        self._patience_s = patience_s
        self._line: Line | None = None
        self._dialogue: Dialogue | None = None
        self._tunnel: Tunnel | None = None
        self._trouble = ""
        self._speaks_tls = False
        self._far_end_closed = False

    @property
    def has_heard(self) -> bool:
        """Whether any byte came."""
        return self._dialogue is not None and bool(self._dialogue.received)

    @property
    def has_spoken(self) -> bool:
        """Whether the time for a greeting went by, and our words were said."""
        return self._dialogue is not None and bool(self._dialogue.spoke)

    @property
    def has_tunnel(self) -> bool:
        """Whether a handshake succeeded before any word."""
        return self.attempt.tls and self._tunnel is not None

    async def run(self) -> None:
        """Talk until the dialogue is done; what went wrong is kept for `heard`."""
        try:
            await self._connect()
            await self._converse()
        except (OSError, TimeoutError) as error:  # ssl.SSLError is an OSError
            self._trouble = explain_trouble(error)
            self._speaks_tls = isinstance(error, ssl.SSLError) and live_tls.speaks_tls(error)
        except Exception as bug:  # a reader's bug on hostile bytes must cost this door's answer, not everybody's
            self._trouble = f"Doorward's own reader failed on this answer ({type(bug).__name__}: {bug})"
        finally:
            if self._line is not None:
                self._far_end_closed = self._line.closed  # hanging up closes it too
                self._line.hang_up()

    def heard(self) -> Heard:
        """What came of it so far."""
        dialogue = self._dialogue
        if dialogue is None:
            return Heard(attempt=self.attempt, trouble=self._trouble, tunnel=self._tunnel, speaks_tls=self._speaks_tls)
        return Heard(
            attempt=self.attempt,
            spoke=dialogue.spoke,
            turns=dialogue.turns,
            claim=dialogue.claim,
            claim_is_its_own=dialogue.claim_is_its_own,
            tunnel=dialogue.tunnel,
            closed=self._far_end_closed,
            overflowed=dialogue.overflowed,
            trouble=self._trouble or (self._line.trouble if self._line is not None else ""),
            speaks_tls=self._speaks_tls,
        )

    async def _connect(self) -> None:
        start_ns = self._clock.monotonic_ns()
        opening = all_probes().get(self.attempt.opening)
        elsewhere = opening is not None and answers_from_other_ports(opening)
        self._line = await open_line(self._endpoint, self._patience_s, hears_other_ports=elsewhere)
        self.rtt_s = (self._clock.monotonic_ns() - start_ns) / 1e9
        if self.attempt.tls:
            self._tunnel = await self._line.secure(self._endpoint.called, self._patience_s)
        endpoint = self._endpoint
        context = Context(host=endpoint.called, port=endpoint.port, transport=endpoint.transport, tunnel=self._tunnel)
        greeting_s = self._patience_s if self.attempt.waits_for_greeting else max(_BANNER_WAIT_S, 3 * self.rtt_s)
        self._dialogue = Dialogue(opening, context, banner_wait_s=greeting_s if self._expects_greeting else 0, patience_s=self._patience_s)

    async def _converse(self) -> None:
        line, dialogue = self._line, self._dialogue
        assert line is not None
        assert dialogue is not None
        step: bytes | Step = Step.WAIT
        while step is not Step.DONE:
            if isinstance(step, bytes):
                line.say(step)
            elif step is Step.START_TLS:
                step = dialogue.secured(await line.secure(self._endpoint.called, self._patience_s))
                continue
            data = await line.hear(dialogue.wait_s)
            if data is None:
                step = dialogue.pause()
            elif data:
                step = dialogue.take(data)
            else:
                dialogue.end()
                return


async def _ask_authorities(conclusion: Conclusion, timeout_s: float) -> Conclusion:
    """One verifying handshake with a TLS door that was called by name."""
    endpoint, identity = conclusion.endpoint, conclusion.identity
    if not endpoint.host or identity is None or identity.facts.get("tls") is not True:
        return conclusion
    line: Line | None = None
    try:
        line = await open_line(endpoint, timeout_s)
        await line.verify(endpoint.host, timeout_s)
    except ssl.SSLCertVerificationError as error:
        return with_authorities_word(conclusion, verified=False, why=error.verify_message)
    except (OSError, TimeoutError):
        return conclusion
    finally:
        if line is not None:
            line.hang_up()
    return with_authorities_word(conclusion, verified=True)


def _pass_over_peers(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Keep asyncio from printing what a peer did to a connection that we have left already."""
    with contextlib.suppress(KeyError):
        if isinstance(context["exception"], OSError):
            return
    loop.default_exception_handler(context)
