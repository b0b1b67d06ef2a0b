import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.systems import SystemHint, family_of, join_hints, system_from_revision

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


def hint(system: str, origin: str, sure: float) -> SystemHint:
    return SystemHint(system=system, origin=origin, sure=sure, why=f"{origin} says {system}")


def test_independent_hints_make_surer_and_dependent_ones_do_not() -> None:
    banner = hint("Debian 12", "banner", 0.9)
    alone = join_hints([banner])
    assert (alone.system, alone.sure, alone.in_words) == ("Debian 12", 0.9, "likely")
    assert join_hints([banner, hint("Linux", "banner", 0.9), hint("Debian", "banner", 0.8)]) == alone
    both = join_hints([hint("Linux", "tcp", 0.85), banner])
    assert (both.system, both.sure, both.in_words) == ("Debian 12", 0.985, "sure")
    assert both.against == ()


def test_hints_that_contradict_stand_beside_and_cast_doubt() -> None:
    view = join_hints([hint("Windows Server 2019", "smb", 0.9), hint("Linux", "tcp", 0.85)])
    assert view.system == "Windows Server 2019"
    assert view.in_words == "perhaps"
    assert view.against == ("Linux: tcp says Linux",)


def test_without_hints_nothing_is_said() -> None:
    assert join_hints([]).system == ""
    assert join_hints([hint("", "tcp", 0.9)]).system == ""


FAMILIES = [("Debian 12", "Linux"), ("windows 10", "Windows"), ("FreeBSD 13.2", "BSD"), ("Cisco IOS 15", "Cisco"), ("VxWorks 5", "VxWorks")]


@pytest.mark.parametrize(("system", "family"), FAMILIES)
def test_families(system: str, family: str) -> None:
    assert family_of(system) == family


@given(
    st.lists(st.builds(hint, st.sampled_from(["Linux", "Debian 12", "Windows", ""]), st.sampled_from("abc"), st.floats(0, 1)), max_size=8)
)
def test_order_does_not_matter_and_surety_is_a_chance(hints: list[SystemHint]) -> None:
    assert 0 <= join_hints(hints).sure <= 1
    assert join_hints(hints).sure == join_hints(hints[::-1]).sure
