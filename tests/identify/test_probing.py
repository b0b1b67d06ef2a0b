from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step, Tunnel, Turn


def test_a_context_may_be_empty() -> None:
    context = Context()
    assert context.tunnel is None
    assert context.turns == ()
    assert not context.spoke


def test_vocabularies_are_closed() -> None:
    assert {step.name for step in Step} == {"WAIT", "DONE", "START_TLS"}
    assert {safety.name for safety in Safety} == {"ANY_PORT", "OWN_PORTS", "ONLY_ASKED"}


def test_turns_and_tunnels_are_values() -> None:
    assert Turn(b"a", b"b") == Turn(b"a", b"b")
    assert Tunnel(version="TLSv1.3").verified is None
    assert ANSWER_BYTES >= 4096
