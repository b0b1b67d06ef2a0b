from __future__ import annotations

from doorward.values.verdicts import Attention
from witnesses import socket, verdict

NAME = "replaced-program"


def test_a_replaced_program_file_fires_and_is_advice_on_loopback() -> None:
    exposed = verdict(socket("tcp/0.0.0.0:22", executable_deleted=True, unit="ssh.service"))
    finding = next(f for f in exposed.findings if f.name == NAME)
    assert finding.fix.command == "sudo systemctl restart ssh.service"
    assert exposed.attention is Attention.NEEDS_YOU
    local = verdict(socket("tcp/127.0.0.1:22", executable_deleted=True))
    assert next(f for f in local.findings if f.name == NAME).attention is Attention.FINE


def test_a_present_or_unseen_file_is_silent() -> None:
    assert not {f.name for f in verdict(socket("tcp/0.0.0.0:22", executable_deleted=False)).findings} & {NAME}
    assert not {f.name for f in verdict(socket("tcp/0.0.0.0:22")).findings} & {NAME}
