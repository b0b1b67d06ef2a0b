import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.systems import system_from_revision

STAMPS = [
    ("Debian-2+deb12u10", "Debian 12"),
    ("10.11.19-MariaDB-0+deb12u1", "Debian 12"),
    ("9.18.49-1~deb12u3-Debian", "Debian 12"),
    ("7.88.1-10+deb12u5~bpo11+1", "Debian 12"),
    ("1.2~bpo11", "Debian 11"),
    ("8.0.36-0ubuntu0.22.04.1", "Ubuntu 22.04"),
    ("Ubuntu-3ubuntu0.10", "Ubuntu"),
    ("5.5.68-1.el7", "Red Hat Enterprise Linux 7"),
    ("2.4.6 (CentOS)", "CentOS"),
    ("1.0.fc39", "Fedora 39"),
    ("FreeBSD-20240701", "FreeBSD"),
    ("FreeBSD 13.2", "FreeBSD 13.2"),
    ("(Win64)", "Windows"),
    ("SunOS 5.8", "SunOS"),
    ("", ""),
    ("nothing here", ""),
    ("deborah", ""),
]


@pytest.mark.parametrize(("text", "system"), STAMPS)
def test_reads_the_stamps(text: str, system: str) -> None:
    assert system_from_revision(text) == system


@given(st.text(max_size=2000))
def test_any_text_is_survived(text: str) -> None:
    assert len(system_from_revision(text)) < 60
