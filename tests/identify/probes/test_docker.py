"""Answers of container engines in the form of their published interface, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import docker
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty


def page(body: bytes, status: str = "200 OK", fields: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{fields}Content-Length: {len(body)}\r\n\r\n".encode() + body


OPEN = page(
    b'{"Platform":{"Name":""},"Components":[{"Name":"Engine","Version":"20.10.24+dfsg1"}],"Version":"20.10.24+dfsg1","ApiVersion":"1.41",'
    b'"MinAPIVersion":"1.12","GitCommit":"5d6db84","GoVersion":"go1.19.8","Os":"linux","Arch":"amd64","KernelVersion":"6.1.0-9-amd64"}\n'
)
PODMAN = page(b'{"Components":[{"Name":"Podman Engine"}],"Version":"4.3.1","ApiVersion":"1.41","MinAPIVersion":"1.24","Os":"linux"}')
HINT = page(b'{"message":"page not found"}', "404 Not Found", "Api-Version: 1.41\r\nServer: Docker/20.10.24+dfsg1 (linux)\r\n")
ANSWERS = [OPEN, PODMAN, HINT]


@pytest.mark.parametrize(
    ("answer", "product", "version", "access", "certainty"),
    [
        (OPEN, "Docker", "20.10.24+dfsg1", "none", Certainty.MEASURED),
        (PODMAN, "Podman", "4.3.1", "none", Certainty.MEASURED),
        (HINT, "Docker", "20.10.24+dfsg1", "unknown", Certainty.INFERRED),
    ],
)
def test_reads_the_version(answer: bytes, product: str, version: str, access: str, certainty: Certainty) -> None:
    found = docker.read(answer, Context())
    assert found is not None
    assert (found.product, found.version, found.system, found.certainty) == (product, version, "Linux", certainty)
    assert (found.facts["authentication"], found.facts["runs_code"]) == (access, access == "none")


def test_the_conversation_waits_for_the_whole() -> None:
    assert docker.first_words("h").startswith(b"GET /version HTTP/1.1\r\nHost: h\r\n")
    assert docker.next_words(OPEN[:-1], Context()) is Step.WAIT
    assert docker.next_words(OPEN, Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", OPEN[:-5], page(b'{"Version":"1"}'), page(b"[]"), b"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert docker.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="docker", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = docker.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "docker"
