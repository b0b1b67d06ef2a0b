from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from doorward.report.audit_view import arrange
from doorward.report.door_map import draw_map
from witnesses import answer, probe, socket


@given(st.sets(st.integers(1, 65535), max_size=40), st.sets(st.integers(1, 65535), max_size=40), st.integers(1, 9))
def test_boxes_stay_inside_and_never_overlap(outward: set[int], inward: set[int], programs: int) -> None:
    sockets = [socket(f"tcp/0.0.0.0:{port}", pid=port % programs + 1) for port in outward]
    sockets += [socket(f"tcp/127.0.0.1:{port}", pid=port % programs + 1) for port in inward]
    drawing = draw_map(arrange(answer(*sockets)))
    for box in drawing.boxes:
        assert box.x >= 0
        assert box.x + box.width <= drawing.width
        assert box.y + box.height <= drawing.height
    for one, two in itertools.combinations(drawing.boxes, 2):
        apart = one.x + one.width <= two.x or two.x + two.width <= one.x or one.y + one.height <= two.y or two.y + two.height <= one.y
        assert apart, (one, two)
    assert len(drawing.lines) == 2 * (len(outward) + len(inward))


def test_clients_own_ports_are_no_doors() -> None:
    assert draw_map(arrange(answer(socket("udp/0.0.0.0:50000", client_port=True)))).boxes == []


def test_what_nobody_holds_is_drawn_all_the_same() -> None:
    drawing = draw_map(arrange(answer(probe("tcp/127.0.0.1:80"))))
    assert any(box.text == "nobody here" for box in drawing.boxes)
    assert drawing.lines[0].path.startswith("M")
