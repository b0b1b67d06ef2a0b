"""The document: one record per socket, true to its schema, hostile names and all."""

import json

import jsonschema

from doorward.sockets.answer import SocketChange, SocketsAnswer, iter_records, make_answer
from doorward.sockets.roles import assign_roles
from doorward.sockets.table import Namespace, Socket
from doorward.values.doors import Holder
from doorward.values.evidence import Certainty
from doorward.values.records import decode_json, encode_json, json_schema
from doorward.values.transports import Transport
from made_sockets import AT, made, pair, table

HOSTILE = "\x1b]0;owned\x07\u202egnp.exe[red]<script>"


def answer_of(*sockets: Socket) -> SocketsAnswer:
    rows = table(*sockets, missing=("Processes of others.",), reader="netlink")
    names = {80: "http", 53: "domain"}
    return make_answer(
        rows, assign_roles(rows), range(len(rows)), at=AT, filter_text="port 80", name_of=lambda _transport, port: names.get(port, "")
    )


def test_a_door_and_its_caller() -> None:
    answer = answer_of(made("0.0.0.0:80", process="nginx", pid=7, receive_queue=4, send_queue=3), *pair("127.0.0.1:80", "127.0.0.1:40000"))
    door, server, client = answer.sockets
    assert (door.state, door.words, door.role, door.callers, door.callers_limit, door.callers_full) == (
        "LISTEN",
        "waiting",
        "server",
        4,
        3,
        True,
    )
    assert (door.remote, door.remote_port, door.peer_here, door.unread_bytes, door.local_service) == (None, None, None, 0, "http")
    assert (server.role, server.role_certainty, server.peer_here) == ("server", Certainty.MEASURED, True)
    assert "port 80" in server.role_why
    assert (client.remote_service, client.process, client.pid) == ("http", "client", 20)
    assert set(answer.meanings) == {"LISTEN", "ESTABLISHED"}


def test_the_document_is_as_its_schema_says_and_comes_back() -> None:
    answer = answer_of(
        made("[fe80::1]:80", "[fe80::2]:5000", interface="eth0", rtt_us=1500, pids=(5, 6), pid=5, process=HOSTILE),
        made("0.0.0.0:53", transport=Transport.UDP),
        made("10.0.0.1:1", "10.0.0.2:2", namespace=Namespace("web", 3), holder=Holder(user="root", cgroup="/a", unit="a.service")),
    )
    text = encode_json(answer)
    assert text.isascii()
    assert "\x1b" not in text
    jsonschema.validate(json.loads(text), json_schema(SocketsAnswer))
    assert decode_json(text, SocketsAnswer) == answer
    assert answer.sockets[0].rtt_ms == 1.5
    assert answer.sockets[0].pids == [5, 6]
    assert answer.sockets[0].process == HOSTILE  # JSON's own escapes keep it harmless and whole


def test_what_is_unknown_is_left_out() -> None:
    record = json.loads(encode_json(answer_of(made("0.0.0.0:53", transport=Transport.UDP)).sockets[0]))
    assert not {"pid", "process", "remote", "rtt_ms", "callers"} & set(record)


def test_a_change_is_a_line() -> None:
    rows = table(made("0.0.0.0:80"))
    (record,) = iter_records(rows, assign_roles(rows), [0], lambda _transport, _port: "")
    line = encode_json(SocketChange(at=AT, change="new", socket=record))
    assert "\n" not in line
    jsonschema.validate(json.loads(line), json_schema(SocketChange))
