import asyncio
import ssl
from pathlib import Path

from certificates import server_context
from doorward.identify.live_tls import looking_context, speaks_tls, tunnel_of, verifying_context


def test_looking_takes_anything_and_verifying_does_not() -> None:
    assert looking_context().verify_mode is ssl.CERT_NONE
    assert looking_context().minimum_version <= ssl.TLSVersion.TLSv1
    assert verifying_context().verify_mode is ssl.CERT_REQUIRED
    assert verifying_context().check_hostname


def test_a_session_is_described(tmp_path: Path) -> None:
    async def main() -> None:
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=server_context(tmp_path))
        port = server.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=looking_context(), server_hostname="lab.example")
        tunnel = tunnel_of(writer.get_extra_info("ssl_object"))
        writer.close()
        server.close()
        assert tunnel.version == "TLSv1.3"
        assert tunnel.certificate[:1] == b"\x30"

    asyncio.run(main())


def test_failed_handshakes_are_told_apart() -> None:
    alert = ssl.SSLError(1, "x")
    alert.reason = "TLSV1_ALERT_PROTOCOL_VERSION"
    plain = ssl.SSLError(1, "x")
    plain.reason = "WRONG_VERSION_NUMBER"
    assert speaks_tls(alert)
    assert not speaks_tls(plain)
    assert not speaks_tls(OSError())
