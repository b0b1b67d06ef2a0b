"""Memcached's answers in text, and what must be read from them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import memcached
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

# Memcached 1.6.18 of Debian 12.
SESSION = (
    Turn(b"version\r\n", b"VERSION 1.6.18\r\n"),
    Turn(
        b"stats settings\r\n",
        (
            b"STAT maxbytes 67108864\r\nSTAT maxconns 1024\r\nSTAT tcpport 24211\r\nSTAT udpport 0\r\nSTAT inter 127.0.0.1"
            b"\r\nSTAT verbosity 0\r\nSTAT oldest 0\r\nSTAT evictions on\r\nSTAT domain_socket NULL\r\nSTAT umask 700\r\nS"
            b"TAT shutdown_command no\r\nSTAT growth_factor 1.25\r\nSTAT chunk_size 48\r\nSTAT num_threads 4\r\nSTAT num_t"
            b"hreads_per_udp 4\r\nSTAT stat_key_prefix :\r\nSTAT detail_enabled no\r\nSTAT reqs_per_event 20\r\nSTAT cas_e"
            b"nabled yes\r\nSTAT tcp_backlog 1024\r\nSTAT binding_protocol auto-negotiate\r\nSTAT auth_enabled_sasl no\r\n"
            b"STAT auth_enabled_ascii no\r\nSTAT item_size_max 1048576\r\nSTAT maxconns_fast yes\r\nSTAT hashpower_init 0\r"
            b"\nSTAT slab_reassign yes\r\nSTAT slab_automove 1\r\nSTAT slab_automove_ratio 0.80\r\nSTAT slab_automove_wind"
            b"ow 30\r\nSTAT slab_chunk_max 524288\r\nSTAT lru_crawler yes\r\nSTAT lru_crawler_sleep 100\r\nSTAT lru_crawle"
            b"r_tocrawl 0\r\nSTAT tail_repair_time 0\r\nSTAT flush_enabled yes\r\nSTAT dump_enabled yes\r\nSTAT hash_algor"
            b"ithm murmur3\r\nSTAT lru_maintainer_thread yes\r\nSTAT lru_segmented yes\r\nSTAT hot_lru_pct 20\r\nSTAT warm"
            b"_lru_pct 40\r\nSTAT hot_max_factor 0.20\r\nSTAT warm_max_factor 2.00\r\nSTAT temp_lru no\r\nSTAT temporary_t"
            b"tl 61\r\nSTAT idle_timeout 0\r\nSTAT watcher_logbuf_size 262144\r\nSTAT worker_logbuf_size 65536\r\nSTAT rea"
            b"d_buf_mem_limit 0\r\nSTAT track_sizes no\r\nSTAT inline_ascii_response no\r\nSTAT ext_item_size 512\r\nSTAT "
            b"ext_item_age 4294967295\r\nSTAT ext_low_ttl 0\r\nSTAT ext_recache_rate 2000\r\nSTAT ext_wbuf_size 4194304\r\n"
            b"STAT ext_compact_under 0\r\nSTAT ext_drop_under 0\r\nSTAT ext_max_sleep 1000000\r\nSTAT ext_max_frag 0.80\r\n"
            b"STAT slab_automove_freeratio 0.010\r\nSTAT ext_drop_unread no\r\nSTAT ssl_enabled no\r\nSTAT ssl_chain_cert "
            b"(null)\r\nSTAT ssl_key (null)\r\nSTAT ssl_verify_mode 0\r\nSTAT ssl_keyformat 1\r\nSTAT ssl_ciphers NULL\r\n"
            b"STAT ssl_ca_cert NULL\r\nSTAT ssl_wbuf_size 16384\r\nSTAT ssl_session_cache no\r\nSTAT ssl_kernel_tls no\r\n"
            b"STAT ssl_min_version tlsv1.2\r\nSTAT num_napi_ids (null)\r\nSTAT memory_file (null)\r\nEND\r\n"
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "memcached", port: int = 11211) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "memcached", port: int = 11211) -> Identity | None:
    return memcached.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = memcached.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "memcached"
    assert found.product == "Memcached"
    assert found.version == "1.6.18"
    assert found.cpe == "cpe:2.3:a:memcached:memcached:1.6.18:*:*:*:*:*:*:*"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["maxbytes"] == "67108864"
    assert found.facts["encrypted"] is False
    assert "asks for no password" in found.sentence


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("memcached", "Memcached")


def test_the_conversation_goes_as_it_went() -> None:
    assert memcached.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert memcached.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert memcached.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (b"CLIENT_ERROR unauthenticated\r\n", "Memcached", "", "required", Certainty.MEASURED),
        (b"ERROR\r\n", "", "", "unknown", Certainty.INFERRED),
        (b"ERROR\r\nERROR\r\n", "", "", "unknown", Certainty.INFERRED),
        (b"VERSION 1.4.15\r\n", "Memcached", "1.4.15", "none", Certainty.MEASURED),
    ],
)
def test_what_other_answers_mean(received: bytes, product: str, version: str, authentication: str, certainty: Certainty) -> None:
    found = answered(received)
    assert found is not None
    assert (found.product, found.version, found.facts["authentication"], found.certainty) == (product, version, authentication, certainty)


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 mail ESMTP\r\n",
        b"-ERR unknown command\r\n",
        b"\x15\x03\x01\x00\x02\x02\n",
        bytes(64),
        b"ERROR :Closing Link\r\n",
        b"VERSION\r\n",
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_in_udp_a_header_stands_before() -> None:
    received = b"DW\x00\x00\x00\x01\x00\x00VERSION 1.6.18\r\n"
    context = Context(port=11211, transport=Transport.UDP, spoke="memcached", turns=(Turn(memcached.first_datagram("h"), received),))
    found = memcached.read(received, context)
    assert found is not None
    assert found.version == "1.6.18"
    assert "flood others" in found.sentence
    assert memcached.next_words(received, context) is Step.DONE


def test_an_error_nobody_asked_for_is_nothing() -> None:
    assert memcached.read(b"ERROR\r\n", Context()) is None


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "memcached" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
