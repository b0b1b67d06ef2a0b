from __future__ import annotations

from conftest import Run
from doorward.scan.raw.live_way import has_way, may_scan_raw
from doorward.scan.raw.routes import Leg, Way
from doorward.scan.spans import network_span
from doorward.values.addresses import Address


def test_without_interface_or_source_there_is_no_way() -> None:
    spans = (network_span("10.0.0.0/30"),)
    assert not has_way(Leg(Way(), spans))
    assert not has_way(Leg(Way("eth0"), spans))
    assert has_way(Leg(Way("eth0", Address.parse("10.0.0.1")), spans))


def test_wide_links_are_asked_in_portions(in_namespace: Run) -> None:
    done = in_namespace(
        """
ip link add one type veth peer name two; ip addr add 10.0.0.1/8 dev one; ip link set two up; ip link set one up
python - <<'PY'
from doorward.scan.raw.live_way import legs_in_portions, may_scan_raw
from doorward.scan.spans import network_span
sizes = [leg.count for leg in legs_in_portions([network_span("10.4.0.0/14")])]
print(max(sizes), sum(sizes), may_scan_raw())
PY
"""
    )
    assert done.stdout.split() == ["65536", "262144", "True"], done.stderr


def test_the_question_of_rights_is_answered() -> None:
    assert may_scan_raw() in (True, False)
