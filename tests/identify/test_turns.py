from doorward.identify.turns import Turns


def test_one_line_after_each_answer_where_it_greets() -> None:
    turns = Turns(0.0, greeting_s=0.5)
    assert not turns.may_speak(0.1)
    turns.heard(0.2)
    assert not turns.may_speak(0.21)
    assert turns.may_speak(0.2 + turns.wait_s(0.2) + 0.001)
    turns.said(0.4)
    assert not turns.may_speak(1.0)
    turns.heard(1.0)
    assert not turns.may_speak(1.1)
    assert turns.may_speak(1.2)


def test_all_at_once_where_it_waits() -> None:
    turns = Turns(0.0, greeting_s=0.5)
    assert turns.wait_s(0.2) == 0.3
    assert turns.may_speak(0.5)
    turns.said(0.5)
    assert turns.may_speak(0.5)
    turns.heard(0.6)
    assert turns.may_speak(0.6)


def test_who_gets_no_answer_goes_on() -> None:
    turns = Turns(0.0, greeting_s=0.5)
    turns.heard(0.1)
    turns.said(0.3)
    assert not turns.may_speak(2.0)
    assert turns.may_speak(2.4)
