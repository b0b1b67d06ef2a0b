"""The payloads as arrays: stamped rows are the datagrams that the files make one by one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.scan.payloads.catalogue import all_payloads, payloads_for, usual_ports
from doorward.scan.payloads.table import table

TABLE = table()
NAMES = [payload.NAME for payload in TABLE.payloads]


def test_every_port_has_the_rows_of_its_payloads() -> None:
    assert TABLE.starts[-1] == len(TABLE.rows)
    for port in {*usual_ports(), *range(0, 65536, 97), 65535}:
        assert [NAMES[row] for row in TABLE.rows_of(port)] == [payload.NAME for payload in payloads_for(port)]


def test_what_is_asked_besides_is_in_every_port() -> None:
    more = table(also=["sip", "modbus"])
    assert [more.payloads[row].NAME for row in more.rows_of(502)] == ["modbus", "sip"]
    assert [more.payloads[row].NAME for row in more.rows_of(40000)][-2:] == ["sip", "modbus"]


def test_rows_are_in_alphabetical_order_and_padded_with_zeros() -> None:
    assert list(all_payloads()) == NAMES
    for row, length in enumerate(TABLE.lengths):
        assert not TABLE.data[row, length:].any()


@given(st.lists(st.tuples(st.integers(0, len(NAMES) - 1), st.integers(0, 2**64 - 1)), max_size=60))
@settings(max_examples=60)
def test_stamped_rows_are_the_files_datagrams(wanted: list[tuple[int, int]]) -> None:
    rows = np.array([row for row, _ in wanted], np.int16)
    nonces = np.array([nonce for _, nonce in wanted], np.uint64)
    out = np.full((len(wanted), 1300), 0xEE, np.uint8)
    lengths = TABLE.stamp(out, rows, nonces)
    for place, (row, nonce) in enumerate(wanted):
        assert out[place, : lengths[place]].tobytes() == TABLE.payloads[row].payload(nonce)
        assert (out[place, lengths[place] :] == 0xEE).all()


def test_all_payloads_at_once() -> None:
    rows = np.arange(len(NAMES), dtype=np.int16).repeat(3)
    nonces = np.arange(len(rows), dtype=np.uint64) + np.uint64(2**63)
    out = np.zeros((len(rows), int(TABLE.lengths.max())), np.uint8)
    lengths = TABLE.stamp(out, rows, nonces)
    for place, row in enumerate(rows.tolist()):
        assert out[place, : lengths[place]].tobytes() == TABLE.payloads[row].payload(int(nonces[place]))
