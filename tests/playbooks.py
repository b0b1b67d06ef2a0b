"""Plays a written-down conversation against the sans-IO dialogue, as the live driver would."""

from __future__ import annotations

from doorward.identify.catalog import all_probes
from doorward.identify.dialogue import Dialogue
from doorward.identify.identity import Identity
from doorward.identify.probing import Context, Step, Tunnel

TUNNEL = Tunnel(version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384")


def play(script: list[tuple[bytes, bytes]], *, port: int = 40000, opening: str = "http", cut: int = 0) -> Identity | None:
    """Play ``script``, pairs of what must be said and what the server answers; the first pair's words are empty where the server greets.

    An answer ``START TLS`` stands for a handshake. With ``cut`` every answer arrives in pieces of so many bytes. Fails when something
    else is said than the script has; returns the claim.
    """
    dialogue = Dialogue(all_probes()[opening], Context(host="192.0.2.1", port=port), banner_wait_s=0.1, patience_s=1)
    step: bytes | Step = Step.WAIT
    for said, answer in script:
        if said:
            if step is Step.WAIT:
                step = dialogue.pause()
            assert step == said
        if answer == b"START TLS":
            assert step is Step.START_TLS
            step = dialogue.secured(TUNNEL)
            continue
        for start in range(0, len(answer), cut or len(answer) or 1):
            step = dialogue.take(answer[start : start + (cut or len(answer))])
            assert step is Step.WAIT or start + (cut or len(answer)) >= len(answer), "it spoke before the answer was whole"
    if step is Step.WAIT:
        dialogue.pause()
        step = Step.DONE
    assert step is Step.DONE
    return dialogue.claim


def heard(script: list[tuple[bytes, bytes]]) -> bytes:
    """All that the server says in a script."""
    return b"".join(answer for _, answer in script)
