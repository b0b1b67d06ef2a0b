"""Docker's programming interface: asks for its version; starts, stops and lists nothing."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._web_answers import parse_web_answer, text_of, wait_for_answer, web_request
from doorward.identify.probing import Context, Safety, Step
from doorward.values.evidence import Certainty, Fact
from doorward.values.transports import Transport

__all__ = [
    "MAX_BYTES",
    "NAME",
    "SAFETY",
    "SERVER_SPEAKS_FIRST",
    "SOURCE",
    "STANDS_ON",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "docker"
TITLE: Final = "Docker: commands to a machine's containers"
SOURCE: Final = "Docker Engine API: GET /version"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    2375,
    2376,
    2377,
)  # IANA: 2375, with TLS 2376, swarm's managers 2377
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 16384
STANDS_ON: Final = "http"

_NAMED = re.compile(r"(?:Docker|Libpod)/(\d[\w.+-]{0,40})(?: \(([\w.-]{1,30})\))?")


def first_words(host: str) -> bytes:
    """Ask for the version."""
    return web_request(host, "/version")


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until the answer is whole."""
    return wait_for_answer(received, context)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the version, or what the head of another answer gives away."""
    answer = parse_web_answer(received)
    if answer is None:
        return None
    told = answer.json()
    if "ApiVersion" in told and "MinAPIVersion" in told:
        return _identity(context, told)
    named = _NAMED.match(answer.fields.get("server", ""))
    if named is None and "libpod-api-version" not in answer.fields:
        return None
    server: dict[str, object] = {"Version": named[1], "Os": named[2] or ""} if named else {}
    return _identity(context, server, podman=named is None or answer.fields["server"].startswith("Libpod"))


def _identity(context: Context, told: dict[str, object], *, podman: bool = False) -> Identity:
    components = told.get("Components")
    podman = podman or "Podman Engine" in str(components)[:2000]
    is_open = "ApiVersion" in told
    product = "Podman" if podman else "Docker"
    version = text_of(told, "Version")
    facts: dict[str, Fact] = {
        "encrypted": context.tunnel is not None,
        "authentication": "none" if is_open else "unknown",
        "runs_code": is_open,
    }
    for key, fact in (("ApiVersion", "protocol_version"), ("KernelVersion", "kernel"), ("Arch", "architecture"), ("GitCommit", "build")):
        if text := text_of(told, key):
            facts[fact] = text
    system = {"linux": "Linux", "windows": "Windows"}.get(text_of(told, "Os"), "")
    advice = " Whoever reaches it may start any program on this machine as its master: it asks for no password." if is_open else ""
    return Identity(
        service=NAME,
        product=product,
        version=version,
        vendor="Red Hat" if podman else "Docker",
        system=system,
        cpe=cpe_name("podman_project", "podman", version) if podman else cpe_name("docker", "docker", version),
        certainty=Certainty.MEASURED if is_open else Certainty.INFERRED,
        why="it tells its versions as Docker's interface does" if is_open else "its head names it",
        sentence=introduce("a door for commands to a machine's containers", product, version, system) + advice,
        facts=facts,
    )
