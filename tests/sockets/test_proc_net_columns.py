"""Records to columns."""

from diag_messages import V6ONLY, attribute, record
from doorward.sockets.inet_diag import decode_record
from doorward.sockets.proc_net_columns import columns_of_records
from doorward.sockets.table import SocketTable


def test_the_columns_hold_what_the_records_said() -> None:
    records = [
        decode_record(record(inode=5)),
        decode_record(record(attribute(V6ONLY, b"\0"), family=10, local=bytes(16), state=10, cookie=2**60)),
    ]
    table = SocketTable.of(columns_of_records(records, 6), 2)
    assert [str(table.local(row)) for row in range(2)] == ["127.0.0.1", "::"]
    assert table.v6only.tolist() == [-1, 0]
    assert table.cookie.tolist() == [0x1_0000_0007, 2**60]
    assert table.protocol.tolist() == [6, 6]
    assert table.pid.tolist() == [-1, -1]


def test_nothing() -> None:
    assert len(SocketTable.of(columns_of_records([], 17), 0)) == 0
