import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.cpe import cpe_name

# The fields of a formatted string: escaped or plain characters (NISTIR 7695 §6.2.1).
FIELD = r"(?:\*|-|(?:[a-z0-9._-]|\\[!-~])+)"
WELL_FORMED = re.compile(rf"cpe:2\.3:[aoh](?::{FIELD}){{10}}")

NAMES = [
    (("openbsd", "openssh", "9.2", "p1"), "cpe:2.3:a:openbsd:openssh:9.2:p1:*:*:*:*:*:*"),
    (("f5", "nginx"), "cpe:2.3:a:f5:nginx:*:*:*:*:*:*:*:*"),
    (("Matt Johnston", "Dropbear", "2022.83"), "cpe:2.3:a:matt_johnston:dropbear:2022.83:*:*:*:*:*:*:*"),
    (("a", "b", "1:2"), "cpe:2.3:a:a:b:1\\:2:*:*:*:*:*:*:*"),
    (("a", "b", "-"), "cpe:2.3:a:a:b:\\-:*:*:*:*:*:*:*"),
]


@pytest.mark.parametrize(("parts", "name"), NAMES)
def test_names(parts: tuple[str, ...], name: str) -> None:
    assert cpe_name(*parts) == name


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_no_text_breaks_the_form(vendor: str, product: str, version: str) -> None:
    assert WELL_FORMED.fullmatch(cpe_name(vendor, product, version))
