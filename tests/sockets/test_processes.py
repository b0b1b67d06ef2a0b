"""What /proc says of a process, with every byte as hostile as it likes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.sockets.processes import (
    ProcessTexts,
    decode_cgroup,
    decode_command,
    decode_executable,
    decode_socket_link,
    decode_uid,
    holder_of,
)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (b"0::/system.slice/nginx.service\n", "/system.slice/nginx.service"),
        (b"9:name=systemd:/system.slice/a.service\n4:memory:/m\n0::/\n", "/system.slice/a.service"),
        (b"9:name=systemd:/\n4:memory:/long/path\n0::/\n", "/long/path"),
        (b"0::/\n", "/"),
        (b"", ""),
        (b"nonsense\n\n0::relative\n", ""),
        (b"0::/a:b\n", "/a:b"),
    ],
)
def test_cgroup(text: bytes, path: str) -> None:
    assert decode_cgroup(text) == path


def test_command_lines_are_masked_and_printable() -> None:
    assert decode_command(b"x\0--password=a\0\x1b[31m\xff\0") == "x --password=*** \\x1b[31m\\xff"
    assert decode_command(b"") == ""


def test_executables() -> None:
    gone = decode_executable("/usr/bin/x (deleted)")
    assert gone is not None
    assert (gone.path, gone.deleted) == ("/usr/bin/x", True)
    here = decode_executable("/usr/bin/x")
    assert here is not None
    assert not here.deleted
    assert decode_executable("") is None


def test_uid() -> None:
    assert decode_uid(b"Name:\tx\nUid:\t1000\t0\t0\t0\nGid:\t1\t1\t1\t1\n") == 1000
    assert decode_uid(b"Name:\tUid:\t7\t\n") is None


def test_socket_links() -> None:
    assert decode_socket_link("socket:[123]") == 123
    assert decode_socket_link("pipe:[123]") is None
    assert decode_socket_link("/tmp/socket:[123]") is None


def test_a_holder() -> None:
    texts = ProcessTexts(7, b"ng\x1binx\n", b"nginx\0-g\0", b"0::/system.slice/nginx.service\n", b"", "")
    holder = holder_of(texts, "www-data", "web")
    assert (holder.pid, holder.process, holder.command, holder.user) == (7, "ng\\x1binx", "nginx -g", "www-data")
    assert (holder.unit, holder.container, holder.namespace) == ("nginx.service", "", "web")


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    holder = holder_of(ProcessTexts(1, data, data, data, data, ""), "")
    for text in (holder.process, holder.command, holder.unit, holder.container, holder.cgroup):
        assert text.isprintable()
    decode_uid(data)
