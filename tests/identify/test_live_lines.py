import asyncio
import socket
import ssl
from pathlib import Path

import pytest

from certificates import server_context
from doors import close_at_once, datagram_door, door, flood, says, silent
from doorward.identify.conclusion import Endpoint
from doorward.identify.dialogue import CONNECTION_BYTES
from doorward.identify.live_lines import Line, explain_trouble, open_line
from doorward.values.addresses import Address
from doorward.values.transports import Transport

HERE = Address.parse("127.0.0.1")


def tcp(port: int) -> Endpoint:
    return Endpoint(Transport.TCP, HERE, port)


def test_hears_says_and_knows_the_end() -> None:
    async def echo_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read(100))
        await writer.drain()

    async def main() -> None:
        async with door(echo_once) as port:
            line = await open_line(tcp(port), 1)
            assert await line.hear(0.01) is None
            line.say(b"hello")
            assert await line.hear(1) == b"hello"
            assert await line.hear(1) == b""
            line.say(b"too late")
            line.hang_up()

    asyncio.run(main())


def test_a_flood_waits_in_the_network() -> None:
    async def main() -> None:
        async with door(flood) as port:
            line = await open_line(tcp(port), 1)
            await asyncio.sleep(0.2)
            heard = await line.hear(1)
            assert heard is not None
            assert CONNECTION_BYTES <= len(heard) < 8 * CONNECTION_BYTES
            line.hang_up()

    asyncio.run(main())


def test_refusals_and_ends_have_words() -> None:
    async def main() -> None:
        async with door(close_at_once) as port:
            line = await open_line(tcp(port), 1)
            assert await line.hear(1) == b""
            line.hang_up()
        with pytest.raises(OSError) as refused:
            await open_line(tcp(port), 1)
        assert explain_trouble(refused.value) == "connection refused"

    asyncio.run(main())
    assert explain_trouble(ConnectionResetError()) == "connection reset"
    assert explain_trouble(TimeoutError()) == "no answer in time"
    assert explain_trouble(ConnectionAbortedError("x")) == "no answer in time"
    assert "handshake" in explain_trouble(ssl.SSLError(1, "x"))


def test_what_was_said_before_the_handshake_is_dropped(tmp_path: Path) -> None:
    async def main() -> None:
        async with door(says(b"inside\r\n"), tls=server_context(tmp_path)) as port:
            line = await open_line(tcp(port), 1)
            line._waiting += b"said in the clear"
            tunnel = await line.secure("127.0.0.1", 1)
            assert tunnel.version.startswith("TLS")
            assert tunnel.certificate
            assert await line.hear(1) == b"inside\r\n"
            line.hang_up()

    asyncio.run(main())


def test_a_self_signed_certificate_is_not_verified(tmp_path: Path) -> None:
    async def main() -> None:
        async with door(silent, tls=server_context(tmp_path)) as port:
            line = await open_line(tcp(port), 1)
            with pytest.raises(ssl.SSLCertVerificationError):
                await line.verify("lab.example", 1)
            line.hang_up()

    asyncio.run(main())


def test_datagrams_and_their_refusal() -> None:
    async def main() -> None:
        async with datagram_door(lambda data: data) as port:
            line = await open_line(Endpoint(Transport.UDP, HERE, port), 1)
            line.say(b"hello")
            assert await line.hear(1) == b"hello"
        line.say(b"anybody?")
        assert await line.hear(1) == b""
        assert line.trouble == "connection refused"
        line.hang_up()

    asyncio.run(main())


class FromElsewhere(asyncio.DatagramProtocol):
    """Answers from a socket of its own for each caller, as TFTP servers do."""

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.sendto(data.upper(), addr)


def test_an_answer_from_another_port_is_heard_where_it_is_expected() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(FromElsewhere, local_addr=("127.0.0.1", 0))
        endpoint = Endpoint(Transport.UDP, HERE, transport.get_extra_info("sockname")[1])
        for hears, heard in ((True, b"HELLO"), (False, None)):
            line = await open_line(endpoint, 1, hears_other_ports=hears)
            line.say(b"hello")
            assert await line.hear(1 if hears else 0.05) == heard
            line.hang_up()
        transport.close()

    asyncio.run(main())


def test_what_another_host_says_is_not_heard() -> None:
    line = Line(("192.0.2.1", 69))
    line.datagram_received(b"no", ("192.0.2.2", 69))
    line.datagram_received(b"yes", ("192.0.2.1", 7))
    assert asyncio.run(line.hear(0)) == b"yes"
