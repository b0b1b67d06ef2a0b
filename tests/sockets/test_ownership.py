"""Cgroup paths as systemd, Docker, Podman, containerd, Kubernetes, LXC and cgroup 1 write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.sockets.ownership import owner_of_cgroup, unescape_unit

ID = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("path", "unit", "container"),
    [
        ("", "", ""),
        ("/", "", ""),
        ("/init.scope", "init.scope", ""),
        ("/system.slice/nginx.service", "nginx.service", ""),
        ("/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service", ""),
        ("/user.slice/user-1000.slice/user@1000.service/app.slice/pipewire.service", "pipewire.service", ""),
        ("/user.slice/user-1000.slice/session-2.scope", "session-2.scope", ""),
        (r"/system.slice/dbus-\x3a1.2.service", "dbus-:1.2.service", ""),
        (f"/system.slice/docker-{ID}.scope", "", ID[:12]),
        (f"/docker/{ID}", "", ID[:12]),
        (f"/machine.slice/libpod-{ID}.scope/container", "", ID[:12]),
        (f"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{ID}.scope", "user@1000.service", ID[:12]),
        (f"/kubepods.slice/kubepods-pod1.slice/cri-containerd-{ID}.scope", "", ID[:12]),
        (f"/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:{ID}", "containerd.service", ID[:12]),
        (f"/docker/{ID}/system.slice/ssh.service", "ssh.service", ID[:12]),
        ("/lxc.payload.web/system.slice/ssh.service", "ssh.service", "web"),
        ("/lxc/web", "", "web"),
        ("/machine.slice/machine-debian.scope", "machine-debian.scope", "debian"),
        (f"/system.slice/{ID[:63]}.service", f"{ID[:63]}.service", ""),
    ],
)
def test_owner(path: str, unit: str, container: str) -> None:
    assert owner_of_cgroup(path) == (unit, container)


def test_escapes_of_control_characters_stay_as_they_are() -> None:
    assert unescape_unit(r"a\x1bb\x2fc\x7f") == r"a\x1bb/c\x7f"


@given(st.text(max_size=300))
def test_any_path_has_an_answer(path: str) -> None:
    unit, container = owner_of_cgroup(path)
    assert len(unit) + len(container) <= 2 * len(path)
