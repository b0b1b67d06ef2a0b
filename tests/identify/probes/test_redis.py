"""Replies of Redis and its relatives, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.probes import redis
from doorward.identify.probing import Context, Step, Tunnel, Turn
from doorward.values.evidence import Certainty

# Redis 7.0.15 (Debian 12), asked PING and INFO server.
INFO = (
    b"$590\r\n# Server\r\nredis_version:7.0.15\r\nredis_git_sha1:00000000\r\nredis_git_dirty:0\r\nredis_build_id:ae4d7c971a948f0\r\n"
    b"redis_mode:standalone\r\nos:Linux 6.18.44-fc-v657 x86_64\r\narch_bits:64\r\nmonotonic_clock:POSIX clock_gettime\r\n"
    b"multiplexing_api:epoll\r\natomicvar_api:c11-builtin\r\ngcc_version:12.2.0\r\nprocess_id:18672\r\nprocess_supervised:no\r\n"
    b"run_id:2f206c66b7015ac96d5181da9afcde504d3e8fea\r\ntcp_port:24379\r\nserver_time_usec:1795455407968336\r\nuptime_in_seconds:101\r\n"
    b"uptime_in_days:0\r\nhz:10\r\nconfigured_hz:10\r\nlru_clock:293295\r\nexecutable:/tmp/idp/lab/redis/redis-server\r\nconfig_file:\r\n"
    b"io_threads_active:0\r\n\r\n"
)
OPEN = b"+PONG\r\n" + INFO
# Redis 7.0.15 with requirepass; with protected mode, called from another address; with an ACL that forbids INFO.
LOCKED = b"-NOAUTH Authentication required.\r\n"
PROTECTED = (
    b"-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. In this "
    b"mode connections are only accepted from the loopback interface.\r\n"
)
FORBIDDEN = b"+PONG\r\n-NOPERM this user has no permissions to run the 'info' command\r\n"


def asked(*turns: tuple[bytes, bytes], tunnel: Tunnel | None = None) -> Context:
    return Context(spoke="redis", port=6379, turns=tuple(Turn(*turn) for turn in turns), tunnel=tunnel)


def bulk(*lines: bytes) -> bytes:
    text = b"# Server\r\n" + b"".join(line + b"\r\n" for line in lines)
    return b"$%d\r\n%s\r\n" % (len(text), text)


def test_an_open_store_tells_all() -> None:
    found = redis.read(OPEN, asked())
    assert found is not None
    assert (found.product, found.version, found.system) == ("Redis", "7.0.15", "Linux")
    assert found.cpe == "cpe:2.3:a:redis:redis:7.0.15:*:*:*:*:*:*:*"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["mode"] == "standalone"
    assert found.facts["encrypted"] is False
    assert "no password" in found.sentence


@pytest.mark.parametrize(
    ("received", "product", "authentication", "certainty"),
    [
        (LOCKED, "", "required", Certainty.MEASURED),
        (b"-ERR operation not permitted\r\n", "", "required", Certainty.MEASURED),  # Redis before 2.8
        (PROTECTED, "Redis", "unknown", Certainty.MEASURED),
        (FORBIDDEN, "", "unknown", Certainty.MEASURED),
        (b"+PONG\r\n", "", "none", Certainty.MEASURED),
        (b"-ERR wrong number of arguments for 'get' command\r\n", "", "unknown", Certainty.INFERRED),  # asked GET / HTTP/1.0
        (b"-ERR unknown command 'EHLO', with args beginning with: 'there' \r\n", "", "unknown", Certainty.INFERRED),
        (b"+PONG\r\n" + bulk(b"redis_version:7.2.4", b"server_name:valkey", b"valkey_version:8.0.1"), "Valkey", "none", Certainty.MEASURED),
        (b"+PONG\r\n" + bulk(b"redis_version:7.4.0", b"dragonfly_version:df-v1.27.1"), "Dragonfly", "none", Certainty.MEASURED),
    ],
)
def test_what_each_answer_means(received: bytes, product: str, authentication: str, certainty: Certainty) -> None:
    found = redis.read(received, asked())
    assert found is not None
    assert (found.product, found.facts["authentication"], found.certainty) == (product, authentication, certainty)


def test_relatives_have_versions_of_their_own() -> None:
    found = redis.read(b"+PONG\r\n" + bulk(b"redis_version:7.2.4", b"valkey_version:8.0.1"), asked())
    assert found is not None
    assert (found.version, found.facts["compatible_with"]) == ("8.0.1", "Redis 7.2.4")


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"PONG\r\n",  # NATS
        b"-ERR\r\n",  # POP3
        b"-ERR Unknown command.\r\n",  # POP3
        b"+OK Dovecot ready.\r\n",
        b"ERROR\r\n",  # memcached
        b"$12\r\nhello",
        b"+PONG",
        b"HTTP/1.1 200 OK\r\n\r\n+PONG\r\n",
    ],
)
def test_leaves_others_alone(other: bytes) -> None:
    assert redis.read(other, asked()) is None


def test_the_conversation_asks_twice() -> None:
    assert redis.first_words("h") == b"PING\r\n"
    assert redis.next_words(b"+PO", asked((b"PING\r\n", b"+PO"))) is Step.WAIT
    assert redis.next_words(b"+PONG\r\n", asked((b"PING\r\n", b"+PONG\r\n"))) == b"INFO server\r\n"
    context = asked((b"PING\r\n", b"+PONG\r\n"), (b"INFO server\r\n", b""))
    assert all(redis.next_words(OPEN[:end], context) is Step.WAIT for end in range(7, len(OPEN)))
    assert redis.next_words(OPEN, context) is Step.DONE
    assert redis.next_words(LOCKED, asked((b"PING\r\n", LOCKED))) is Step.DONE
    assert redis.next_words(PROTECTED, asked((b"", PROTECTED))) is Step.DONE


def test_inside_tls_it_is_encrypted() -> None:
    found = redis.read(OPEN, asked(tunnel=Tunnel(version="TLSv1.3")))
    assert found is not None
    assert found.facts["encrypted"] is True


def test_hostile_fields_are_harmless() -> None:
    found = redis.read(b"+PONG\r\n" + bulk(b"redis_version:7\x1b[2J:*", b"os:\xe2\x80\xae x"), asked())
    assert found is not None
    assert "\x1b" not in found.version + found.system + found.sentence
    assert found.cpe.count(":") - found.cpe.count("\\:") == 12


@pytest.mark.parametrize("broken", [b"$x\r\n", b"$-5\r\n", b"$9999999999\r\nx\r\n", b"$3\r\nabcd\r\n", b"*1\r\n"])
def test_broken_lengths_end_the_reading(broken: bytes) -> None:
    assert redis.decode_replies(b"+PONG\r\n" + broken + b"+later\r\n") == [("+", b"PONG")]


@given(st.integers(0, len(OPEN)), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    replies = redis.decode_replies(OPEN[:cut] + tail)
    assert len(replies) <= 8
    found = redis.read(OPEN[:cut] + tail, asked())
    assert found is None or found.service == "redis"
