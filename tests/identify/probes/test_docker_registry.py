"""Answers of a real registry, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import docker_registry
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# docker-registry 2.8.2 (Debian 12): asked GET /v2/ and GET /.
OPEN = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json; charset=utf-8\r\nDocker-Distribution-Api-Version: reg"
    b"istry/2.0\r\n"
    b"Date: Mon, 23 Nov 2026 18:39:27 GMT\r\nConnection: close\r\n\r\n{}"
)
BARE = (
    b"HTTP/1.1 200 OK\r\nCache-Control: no-cache\r\nDate: Mon, 23 Nov 2026 18:39:16 GMT\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)
ANSWERS = [OPEN, BARE]


@pytest.mark.parametrize(("answer", "access"), [(OPEN, "none"), (OPEN.replace(b"200 OK", b"401 Unauthorized"), "required")])
def test_reads_the_field(answer: bytes, access: str) -> None:
    found = docker_registry.read(answer, Context())
    assert found is not None
    assert (found.facts["authentication"], found.certainty) == (access, Certainty.MEASURED)


def test_a_bare_page_is_a_hint() -> None:
    found = docker_registry.read(BARE, Context(spoke="http"))
    assert found is not None
    assert found.certainty is Certainty.INFERRED
    assert docker_registry.read(BARE, Context(spoke="docker_registry")) is None
    assert docker_registry.next_words(OPEN, Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", OPEN[:20], BARE.replace(b"Date", b"Server"), b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert docker_registry.read(other, Context(spoke="http")) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="docker_registry", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = docker_registry.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "docker_registry"
