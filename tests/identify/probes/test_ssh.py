"""Greetings of real servers and what must be read from them."""

import hashlib

import pytest

from doorward.identify.probes import ssh
from doorward.identify.probing import Context, Step, Turn

GREETINGS = [
    # greeting, product, version, system, CPE; as sent by the named versions
    (b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n", "OpenSSH", "9.2p1", "Debian 12", "cpe:2.3:a:openbsd:openssh:9.2:p1:*:*:*:*:*:*"),
    (b"SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.10\r\n", "OpenSSH", "8.9p1", "Ubuntu", "cpe:2.3:a:openbsd:openssh:8.9:p1:*:*:*:*:*:*"),
    (b"SSH-2.0-OpenSSH_9.6 FreeBSD-20240701\r\n", "OpenSSH", "9.6", "FreeBSD", "cpe:2.3:a:openbsd:openssh:9.6:*:*:*:*:*:*:*"),
    (b"SSH-2.0-OpenSSH_for_Windows_8.1\r\n", "OpenSSH for Windows", "8.1", "Windows", "cpe:2.3:a:openbsd:openssh:8.1:*:*:*:*:*:*:*"),
    (b"SSH-2.0-dropbear_2022.83\r\n", "Dropbear", "2022.83", "", "cpe:2.3:a:dropbear_ssh_project:dropbear_ssh:2022.83:*:*:*:*:*:*:*"),
    (b"SSH-2.0-Cisco-1.25\r\n", "Cisco SSH", "1.25", "Cisco IOS", ""),
    (b"SSH-1.99-Unheard_1.0\n", "Unheard", "1.0", "", ""),
    (b"hello\r\nand more\r\nSSH-2.0-Go\r\n", "Go SSH library", "", "", "cpe:2.3:a:golang:crypto:*:*:*:*:*:*:*:*"),
]


@pytest.mark.parametrize(("greeting", "product", "version", "system", "cpe"), GREETINGS)
def test_reads_the_greeting(greeting: bytes, product: str, version: str, system: str, cpe: str) -> None:
    found = ssh.read(greeting, Context())
    assert found is not None
    assert (found.product, found.version, found.system, found.cpe) == (product, version, system, cpe)
    assert found.facts["encrypted"] is True


@pytest.mark.parametrize(
    "other", [b"", b"SSH", b"SSH-2.0", b"220 SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\n\r\nSSH-2.0-quoted\r\n", b"\x00SSH-2.0-x\r\n"]
)
def test_leaves_others_alone(other: bytes) -> None:
    assert ssh.read(other, Context()) is None


def test_hostile_greeting_claims_nothing_more() -> None:
    found = ssh.read(b"SSH-2.0-OpenSSH_9.9:*:evil\x1b]0;PWNED\x07 x\x1b[2J\r\n", Context())
    assert found is not None
    assert found.version == "9.9"
    assert "\x1b" not in str(found.facts["banner"])


def _kexinit() -> bytes:
    lists = [
        "curve25519-sha256,ext-info-s",
        "ssh-ed25519",
        "aes256-ctr",
        "aes128-ctr,aes256-ctr",
        "hmac-sha1",
        "hmac-sha2-256",
        "none",
        "none",
        "",
        "",
    ]
    payload = b"\x14" + bytes(16) + b"".join(len(names).to_bytes(4) + names.encode() for names in lists) + bytes(5)
    return (len(payload) + 1 + 6).to_bytes(4) + b"\x06" + payload + bytes(6)


def test_the_conversation_answers_once_and_ends_with_the_algorithms() -> None:
    greeting = b"SSH-2.0-dropbear_2022.83\r\n"
    assert ssh.first_words("h") == b""
    assert ssh.next_words(greeting[:8], Context()) is Step.WAIT
    said = ssh.next_words(greeting, Context(turns=(Turn(b"", greeting),)))
    assert isinstance(said, bytes)
    context = Context(turns=(Turn(b"", greeting), Turn(said, b"")))
    whole = greeting + _kexinit()
    assert all(ssh.next_words(whole[:end], context) is Step.WAIT for end in range(len(greeting), len(whole)))
    assert ssh.next_words(whole, context) is Step.DONE
    found = ssh.read(whole, context)
    assert found is not None
    assert found.facts["key_exchange"] == ["curve25519-sha256", "ext-info-s"]
    assert found.facts["ciphers"] == ["aes128-ctr", "aes256-ctr"]
    assert found.facts["message_codes"] == ["hmac-sha2-256"]


def test_the_servers_print_is_of_its_own_side_of_the_lists() -> None:
    greeting = b"SSH-2.0-OpenSSH_9.2p1\r\n"
    text = "curve25519-sha256,ext-info-s;aes128-ctr,aes256-ctr;hmac-sha2-256;none"
    assert ssh.hassh_server(greeting + _kexinit()) == hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    assert ssh.hassh_server(greeting + _kexinit()[:-20]) == ""
    assert ssh.hassh_server(greeting) == ""
    found = ssh.read(greeting + _kexinit(), Context())
    assert found is not None
    assert found.facts["hassh"] == ssh.hassh_server(greeting + _kexinit())
