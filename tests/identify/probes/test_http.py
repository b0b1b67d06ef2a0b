"""Answers of real web servers and what must be read from them."""

import pytest

from doorward.identify.probes import http
from doorward.identify.probing import Context, Step

SERVERS = [
    ("nginx/1.22.1", "nginx", "1.22.1", ""),
    ("Apache/2.4.66 (Debian)", "Apache httpd", "2.4.66", "Debian"),
    ("Apache", "Apache httpd", "", ""),
    ("lighttpd/1.4.69", "lighttpd", "1.4.69", ""),
    ("SimpleHTTP/0.6 Python/3.11.2", "Python http.server", "3.11.2", ""),
    ("Microsoft-IIS/10.0", "Microsoft IIS", "10.0", "Windows"),
    ("Jetty(9.4.50.v20221201)", "Jetty", "9.4.50.v20221201", ""),
    ("Werkzeug/2.2.2 Python/3.11.2", "Werkzeug", "2.2.2", ""),
    ("mini_httpd/1.30 26Oct2018", "mini_httpd", "1.30", ""),
    ("SomethingNew/7", "SomethingNew", "7", ""),
]


@pytest.mark.parametrize(("field", "product", "version", "system"), SERVERS)
def test_reads_the_server_field(field: str, product: str, version: str, system: str) -> None:
    found = http.read(f"HTTP/1.1 200 OK\r\nServer: {field}\r\n\r\n".encode(), Context())
    assert found is not None
    assert (found.product, found.version, found.system) == (product, version, system)


def test_reads_title_and_redirect_and_login() -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><TITLE lang=en>A &amp; B\n \xe2\x80\xaec\x1b[2J</TITLE>"
    found = http.read(page, Context())
    assert found is not None
    assert found.facts["title"] == "A & B \\u202ec\\x1b[2J"
    moved = http.read(b"HTTP/1.0 301 Moved\r\nLocation: https://example.org/\r\n\r\n", Context())
    assert moved is not None
    assert moved.facts["redirects_to"] == "https://example.org/"
    asks = http.read(b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n', Context())
    assert asks is not None
    assert asks.facts["authentication"] == "required"


def test_hears_that_tls_is_wanted() -> None:
    answer = b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n<center>The plain HTTP request was sent to HTTPS port</center>"
    found = http.read(answer, Context())
    assert found is not None
    assert found.facts["wants_tls"] is True


@pytest.mark.parametrize("other", [b"", b"HTTP", b"RTSP/1.0 200 OK\r\n\r\n", b"220 HTTP/1.1 200 OK\r\n", b"<html>", b"GET / HTTP/1.1\r\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert http.read(other, Context()) is None


def test_the_request_names_the_host_and_nothing_hostile() -> None:
    assert b"\r\nHost: example.org\r\n" in http.first_words("example.org")
    assert b"\r\nHost: [::1]\r\n" in http.first_words("::1")
    assert b"\r\nHost: \r\n" in http.first_words("a\r\nEvil: 1")


def test_the_answer_ends_with_its_head_title_or_length() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
    assert http.next_words(head[:20], Context()) is Step.WAIT
    assert http.next_words(head + b"abc", Context()) is Step.WAIT
    assert http.next_words(head + b"abcd", Context()) is Step.DONE
    assert http.next_words(b"HTTP/1.1 200 OK\r\n\r\n<title>x</title>", Context()) is Step.DONE
    assert http.next_words(b"-ERR wrong\r\n", Context()) is Step.DONE


def test_hears_of_newer_protocols_and_of_roles() -> None:
    found = http.read(b'HTTP/1.1 200 OK\r\nServer: Caddy\r\nAlt-Svc: h3=":443"; ma=2592000, h3-29=":443"\r\n\r\n', Context())
    assert found is not None
    assert found.facts["alternatives"] == ["h3", "h3-29"]
    proxy = http.read(b"HTTP/1.1 400 Bad Request\r\nServer: squid/5.7\r\n\r\n", Context())
    assert proxy is not None
    assert (proxy.facts["role"], "for others" in proxy.sentence) == ("proxy", True)
