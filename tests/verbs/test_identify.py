import asyncio
import threading
from collections.abc import Iterator

import pytest

from doors import door, says
from doorward.errors import CallError
from doorward.identify.answer import IdentifyAnswer
from doorward.identify.conclusion import Outcome
from doorward.values.clocks import SystemClock
from doorward.verbs.identify import identify, known_protocols


@pytest.fixture
def ssh_port() -> Iterator[int]:
    """A door that greets as SSH, in a thread of its own, on 127.0.0.1 alone."""
    ports: list[int] = []
    ready, over = threading.Event(), threading.Event()

    async def serve() -> None:
        async with door(says(b"SSH-2.0-OpenSSH_9.2p1\r\n")) as port:
            ports.append(port)
            ready.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait(10)
    yield ports[0]
    over.set()
    thread.join()


def told(*words: str, **given: object) -> list[IdentifyAnswer]:
    answers: list[IdentifyAnswer] = []
    identify(words, clock=SystemClock(), tell=answers.append, timeout_s=1, **given)  # type: ignore[arg-type]
    return answers


def test_a_name_with_two_addresses_is_one_door(ssh_port: int) -> None:
    (answer,) = told(f"localhost:{ssh_port}")
    assert (answer.product, answer.host, str(answer.address)) == ("OpenSSH", "localhost", "127.0.0.1")


def test_a_closed_door_is_an_answer(ssh_port: int) -> None:
    answers = told(f"127.0.0.1:{ssh_port}", f"[::1]:{ssh_port}")
    assert sorted(answer.outcome for answer in answers) == [Outcome.IDENTIFIED, Outcome.REFUSED]


def test_wrong_calls_are_refused_before_a_packet_is_sent() -> None:
    for words, given in (
        ([], {}),
        (["192.0.2.1"], {}),
        (["8.8.8.8:53"], {}),
        (["224.0.0.1:53"], {"may_scan_public": True}),
        (["127.0.0.1:1"], {"only": "gopherspace"}),
        (["udp:127.0.0.1:1"], {"only": "http"}),
    ):
        with pytest.raises(CallError):
            told(*words, **given)


def test_it_tells_what_it_knows() -> None:
    known = {name: (title, ports) for name, title, ports, _ in known_protocols()}
    assert 22 in known["ssh"][1]
    assert len(known) >= 20
