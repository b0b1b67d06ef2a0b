"""The list as rows for other programs."""

import csv
import io

import pytest

from doorward.ports.answer import Source
from doorward.ports.assignments import Assignment, Standing
from doorward.ports.export import COLUMNS, PortsExport, cells, csv_text, export_rows
from doorward.ports.live_list import port_list
from doorward.ports.lookup import PortList
from doorward.ports.services import LocalName
from doorward.values.portsets import PortSet
from doorward.values.records import decode_json, encode_json
from doorward.values.transports import Transport


def test_everything_is_there() -> None:
    rows = export_rows(port_list())
    assert len(rows) > 9000
    assert {row.source for row in rows} == set(Source) or not port_list().local
    assert [row.first for row in rows if row.first >= 0] == sorted(row.first for row in rows if row.first >= 0)
    assert decode_json(encode_json(PortsExport(rows=rows)), PortsExport).rows == rows


def test_a_selection() -> None:
    rows = export_rows(port_list(), PortSet.parse("6003"), {"airdrop"})
    assert {row.name for row in rows} >= {"x11", "airdrop"}
    assert all(row.first <= 6003 <= row.last or row.name == "airdrop" for row in rows)


def test_csv_reads_back() -> None:
    rows = export_rows(port_list(), PortSet.parse("T:22,U:22"))
    back = list(csv.reader(io.StringIO(csv_text(rows), newline="")))
    assert back[0] == list(COLUMNS)
    assert len(back) == len(rows) + 1
    assert back[1][:4] == ["22", "22", "tcp", "ssh"]


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@x", "\x1b[0m", "a\nb"])
def test_hostile_local_names_do_nothing(name: str) -> None:
    hostile = PortList([Assignment(1, 1, 1, Standing.ASSIGNED, "one")], [], [LocalName(name, 1, Transport.TCP)])
    text = csv_text(export_rows(hostile))
    line = next(line for line in csv.reader(io.StringIO(text, newline="")) if line[4] == "local")
    assert line[3][0] not in "=+-@"
    assert line[3].isprintable()
    assert all(str(cell).isprintable() for row in export_rows(hostile) for cell in cells(row))
