import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.spoken_secrets import MASK, without_secrets

LINES = [
    ("PASS geheim", f"PASS {MASK}"),
    ("pass geheim with blanks", f"pass {MASK}"),
    ("APOP mrose c4c9334bac560ecc", f"APOP mrose {MASK}"),
    ("a1 LOGIN smith geheim", f"a1 LOGIN smith {MASK}"),
    ('a1 LOGIN "john smith" "geheim"', f'a1 LOGIN "john smith" {MASK}'),
    ("AUTH PLAIN AGpvZQBnZWhlaW0=", f"AUTH PLAIN {MASK}"),
    ("AUTH geheim", f"AUTH {MASK}"),
    ("AUTH default geheim", f"AUTH {MASK}"),
    ("AUTH TLS", "AUTH TLS"),
    ("AUTH LOGIN", "AUTH LOGIN"),
    ("AUTHINFO PASS geheim", f"AUTHINFO PASS {MASK}"),
    ("Authorization: Basic Zm9vOmJhcg==", f"Authorization: Basic {MASK}"),
    ("Cookie: session=1", f"Cookie: {MASK}"),
    ("CONFIG SET requirepass geheim", f"CONFIG SET requirepass {MASK}"),
    ("HELLO 3 AUTH me geheim", f"HELLO 3 AUTH me {MASK}"),
    ("PASV", "PASV"),
    ("GET / HTTP/1.0", "GET / HTTP/1.0"),
    ("USER smith", "USER smith"),
    ("", ""),
]


@pytest.mark.parametrize(("line", "shown"), LINES)
def test_lines(line: str, shown: str) -> None:
    assert without_secrets(line) == shown
    assert without_secrets(shown) == shown or shown.endswith(MASK)


@given(st.text(max_size=300))
def test_any_line_is_survived(line: str) -> None:
    assert len(without_secrets(line)) <= len(line) + len(MASK)
