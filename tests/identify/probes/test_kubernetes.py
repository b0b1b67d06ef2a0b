"""Answers in the form of Kubernetes' published interface, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import kubernetes
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty


def page(body: bytes, status: str = "200 OK", fields: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{fields}Content-Length: {len(body)}\r\n\r\n".encode() + body


OPEN = page(
    b'{"major":"1","minor":"28","gitVersion":"v1.28.2+k3s1","gitCommit":"89a4ea3","buildDate":"2023-09-13T09:29:07Z","platform":"linux/amd64"}'
)
FORBIDDEN = page(
    b'{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"forbidden","reason":"Forbidden","code":403}',
    "403 Forbidden",
)
ANSWERS = [OPEN, FORBIDDEN]


def test_reads_the_version() -> None:
    found = kubernetes.read(OPEN, Context())
    assert found is not None
    assert (found.version, found.revision, found.system, found.facts["distribution"]) == ("1.28.2", "+k3s1", "Linux", "K3s")


def test_reads_refusals() -> None:
    found = kubernetes.read(FORBIDDEN, Context(spoke="http"))
    assert found is not None
    assert (found.facts["authentication"], found.certainty) == ("required", Certainty.MEASURED)
    node = page(b"Unauthorized", "401 Unauthorized")
    helper = kubernetes.read(node, Context(port=10250))
    assert helper is not None
    assert helper.certainty is Certainty.INFERRED
    assert kubernetes.read(node, Context(port=80)) is None


@pytest.mark.parametrize("other", [b"", OPEN[:-5], page(b'{"kind":"Status"}'), page(b'{"major":"1"}'), page(b"null")])
def test_leaves_others_alone(other: bytes) -> None:
    assert kubernetes.read(other, Context()) is None
    assert kubernetes.next_words(OPEN, Context()) is Step.DONE


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="kubernetes", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = kubernetes.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "kubernetes"
