import pytest

from doorward.identify.telnet_options import COMMANDS, OPTIONS, VERBS, option_name, option_of


def test_an_unknown_option_is_refused_by_its_number() -> None:
    assert option_name(240) == "option 240"
    assert not option_of(240).we_do
    assert not option_of(240).it_may


@pytest.mark.parametrize("number", OPTIONS)
def test_every_option_is_explained(number: int) -> None:
    option = OPTIONS[number]
    assert option.name
    assert all(text and not text.endswith(".") and text[0].islower() for text in (option.asks, option.offers))


def test_commands_and_verbs_are_apart() -> None:
    assert not set(COMMANDS) & set(VERBS)
