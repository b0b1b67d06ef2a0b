from doorward.identify.identity import BANNER_LIMIT, Identity, banner_fact, introduce


def test_the_label_is_the_shortest_words() -> None:
    assert Identity(service="ssh", product="OpenSSH", version="9.2p1").label == "OpenSSH 9.2p1"
    assert Identity(service="ssh", product="OpenSSH").label == "OpenSSH"
    assert Identity(service="http").label == "HTTP"


def test_an_introduction_leaves_out_what_is_unknown() -> None:
    assert introduce("a mail server") == "This is a mail server."
    assert introduce("a mail server", "Exim", "4.96", "Debian 12") == "This is a mail server: Exim 4.96, on Debian 12."
    assert introduce("a mail server", system="Debian") == "This is a mail server, on Debian."


def test_a_banner_is_one_harmless_short_line() -> None:
    assert banner_fact(b"\r\n \r\n 220 hi \r\nmore") == "220 hi"
    assert banner_fact(b"\x1b[2Jx\x9b\xe2\x80\xae") == "\\x1b[2Jx\\x9b\\u202e"
    assert len(banner_fact(b"\x00" * 10_000)) == BANNER_LIMIT
    assert banner_fact(b"") == ""
