from __future__ import annotations

import json

import jsonschema

from doorward.scan.answer import DoorLine, PlanLine, ScanLine, SummaryLine, TargetLine
from doorward.scan.doorstates import DoorState, Reason
from doorward.values.addresses import Address
from doorward.values.records import decode_json, encode_json, json_schema
from doorward.values.transports import Transport

HERE = Address.parse("::1")
TARGET = TargetLine(first=HERE, last=HERE, count=1)
DOOR = DoorLine(
    address=HERE,
    transport=Transport.TCP,
    port=443,
    state=DoorState.OPEN,
    reason=Reason.ACCEPTED,
    rtt_ms=0.2,
    service="https",
    host="localhost",
    knocks=1,
    told_by=None,
    detail="",
)
PLAN = PlanLine(
    targets=[TARGET],
    names={"localhost": [HERE]},
    addresses=1,
    ports="T:443",
    doors=1,
    rate=None,
    host_rate=10.0,
    batch=100,
    knocks_least=1,
    packets_least=1,
    packets_most=9,
    knocks_most=3,
    seconds_least=0.0,
    seconds_most=4.0,
)
SUMMARY = SummaryLine(
    targets=[TARGET],
    addresses=1,
    ports="T:443",
    doors=1,
    done=1,
    sent=1,
    received=1,
    repeated=0,
    lost_here=0,
    held_up=0,
    met_ourselves=0,
    states={DoorState.OPEN: 1},
    reasons={Reason.ACCEPTED: 1},
    seconds=0.1,
    interrupted=False,
)


def test_every_line_fits_the_schema_and_comes_back() -> None:
    schema = json_schema(ScanLine)
    for line in (DOOR, PLAN, SUMMARY):
        text = encode_json(line)
        jsonschema.validate(json.loads(text), schema)
        assert decode_json(text, type(line)) == line


def test_scripts_find_what_the_contract_names() -> None:
    door = json.loads(encode_json(DOOR))
    wanted = {"schema": "doorward/scan/1", "kind": "door", "address": "::1", "transport": "tcp", "port": 443, "state": "open"}
    assert wanted.items() <= door.items()
    assert {"reason", "rtt_ms", "service"} <= door.keys()
    summary = json.loads(encode_json(SUMMARY))
    assert {"sent", "received", "lost_here", "states", "seconds", "interrupted", "targets"} <= summary.keys()
    assert summary["kind"] == "summary"
