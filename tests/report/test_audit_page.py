from __future__ import annotations

import re
from html.parser import HTMLParser

from doorward.report.audit_page import audit_page
from witnesses import answer, identity, probe, socket

HOSTILE = "\x1b[2J\x9b31m\u202e<img src=x onerror=alert(1)></style><script>alert(2)</script>{{7*7}}"


class Outside(HTMLParser):
    """Collects what a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe", "object", "embed", "link", "form", "base"):
            self.found.append(tag)
        self.found += [
            f"{tag} {name}"
            for name, value in attrs
            if name.startswith("on") or (name in ("src", "href") and not (value or "").startswith("#"))
        ]


def page(text: str = "redis-server") -> str:
    where = "tcp/0.0.0.0:6379"
    return audit_page(
        answer(socket(where, process=text, unit=text), probe(where), identity(where, "redis", text, authentication="none", product=text))
    )


def test_the_page_loads_and_runs_nothing_whatever_a_banner_says() -> None:
    for text in ("redis-server", HOSTILE):
        outside = Outside()
        outside.feed(page(text))
        assert outside.found == []
        assert not re.search(r"https?://", page(text))


def test_hostile_text_is_shown_as_text() -> None:
    html = page(HOSTILE)
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "&lt;script&gt;" in html
    assert "{{7*7}}" in html


def test_the_page_has_a_policy_the_picture_and_the_fix() -> None:
    html = page()
    assert "default-src &#39;none&#39;" in html or "default-src 'none'" in html
    assert "<svg" in html
    assert "bind 127.0.0.1 -::1" in html
    assert html.startswith("<!doctype html>")


def test_an_audit_without_doors_is_a_page_too() -> None:
    assert "no doors" in audit_page(answer())
