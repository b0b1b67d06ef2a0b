"""A survey of servers of the test's own."""

import asyncio
import ssl
from pathlib import Path

from certificates import server_context
from doorward.identify.conclusion import Endpoint
from doorward.identify.live_tls_survey import survey_doors, survey_tls
from doorward.identify.tls_prints import NO_JARM
from doorward.identify.tls_survey import survey_facts
from doorward.values.addresses import Address
from doorward.values.transports import Transport

HERE = Address.parse("127.0.0.1")


def test_a_door_of_two_versions_and_one_protocol(tmp_path: Path) -> None:
    async def main() -> None:
        context = server_context(tmp_path)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384")
        context.set_alpn_protocols(["http/1.1"])
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
        survey = await survey_tls(Endpoint(Transport.TCP, HERE, server.sockets[0].getsockname()[1]))
        server.close()
        facts = survey_facts(survey)
        assert facts["tls_versions"] == ["TLS 1.2", "TLS 1.3"]
        assert {"TLS_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"} <= set(facts["tls_ciphers"])  # type: ignore[arg-type]
        assert facts["tls_protocols"] == ["http/1.1"]
        assert facts["tls_weaknesses"] == []
        assert survey.jarm == NO_JARM  # its certificate is of Ed25519, which none of the ten hellos takes
        assert survey.connections < 60

    asyncio.run(main())


def test_a_door_that_is_no_tls_and_one_that_nobody_holds() -> None:
    async def main() -> None:
        def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 hello\r\n")
            writer.close()

        server = await asyncio.start_server(greet, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        survey = await survey_tls(Endpoint(Transport.TCP, HERE, port))
        server.close()
        await server.wait_closed()
        assert (survey.suites, survey.jarm) == ({}, NO_JARM)

    asyncio.run(main())
    (survey,) = survey_doors([Endpoint(Transport.TCP, HERE, 1)])
    assert survey.suites == {}


def test_a_silent_door_costs_its_time_and_no_more() -> None:
    async def main() -> None:
        held: list[asyncio.StreamWriter] = []
        server = await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0)
        survey = await survey_tls(Endpoint(Transport.TCP, HERE, server.sockets[0].getsockname()[1]), whole_s=0.3)
        for writer in held:
            writer.close()
        server.close()
        assert survey.suites == {}

    asyncio.run(main())
