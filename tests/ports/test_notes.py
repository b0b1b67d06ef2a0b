"""Our notes: their file, and what holds for every one of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import DoorwardBug
from doorward.ports.live_list import note_for, port_list
from doorward.ports.notes import Encryption, PortNote, Public, decode_notes, encode_notes
from doorward.ports.packing import pack
from doorward.values.portsets import PortSet

MET_EVERYWHERE = PortSet.parse(
    "7,9,13,17,19-23,25,37,53,79,80,88,102,110,111,113,119,135,139,143,179,194,389,443,445,464,465,502,512-515,543,544,554,563,587,631,636,853,"
    "873,990,993,995,1080,1433,1521,1723,1883,1935,2049,2181,2375,2376,2379,3000,3100,3128,3260,3268,3306,3389,4222,4369,4444,5000,5432,5601,"
    "5672,5900,5985,5986,6000-6063,6379,6443,6667,6697,8000,8009,8080,8200,8443,8500,8883,8888,9000,9090,9092,9093,9100,9200,10250,11211,12345,"
    "15672,20000,25565,27017,31337,44818,U:53,67,68,69,123,137,138,161,443,500,514,520,623,1900,3478,4500,5060,5353,47808,51820"
)


def all_notes() -> list[PortNote]:
    return list(port_list().notes)


def test_ports_that_people_meet_have_a_note() -> None:
    assert [f"{transport} {port}" for transport, port in MET_EVERYWHERE if note_for(transport, port) is None] == []


def test_there_are_many() -> None:
    assert len({port for note in all_notes() for _, port in note.ports}) >= 170


@pytest.mark.parametrize("note", all_notes(), ids=lambda note: note.name)
def test_a_note_is_whole(note: PortNote) -> None:
    assert note.sources
    assert note.subject
    assert bool(note.only_with) == (note.public is Public.CAREFUL)
    assert note.instead or (note.public is not Public.NO and note.encryption is not Encryption.NONE)
    for sentence in (note.purpose, note.risk, note.instead, note.only_with, *note.confusions, *note.others.values()):
        assert "  " not in sentence
        assert sentence.isprintable()
        assert not sentence or (sentence[0].isupper() or not sentence[0].isalpha() or sentence.split()[0] in ("chronyd", "kubectl")), (
            sentence
        )


def test_names_are_given_once() -> None:
    names = [note.name for note in all_notes()]
    assert len(names) == len(set(names))


def test_round_trip() -> None:
    notes = all_notes()
    assert decode_notes(encode_notes(notes)) == notes


@given(st.binary(max_size=200))
def test_any_bytes_give_notes_or_our_error(data: bytes) -> None:
    for packed in (data, pack(data)):
        try:
            decode_notes(packed)
        except DoorwardBug:
            continue
