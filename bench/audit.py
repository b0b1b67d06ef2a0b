"""``doorward audit`` of a machine with 100 open doors, from start to table, beside nmap's ``-sV`` of the same doors where it is installed.

Starts its own servers (20 real web servers' worth of answers, SSH and SMTP greetings, silent ones…) in a network namespace of its own:

    python bench/audit.py [--doors 100] [--rounds 3]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

BOUND_S = 5.0
FIRST_PORT = 21000

#: What the servers say: five kinds in turn, the last of which never says a word.
GREETINGS: tuple[tuple[bytes, bytes], ...] = (
    (b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n", b""),
    (b"220 mail.example ESMTP Postfix (Debian/GNU)\r\n", b"502 5.5.2 Error: command not recognized\r\n"),
    (b"", b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"),
    (b"+OK Dovecot ready.\r\n", b"-ERR Unknown command.\r\n"),
    (b"", b""),
)


async def serve(doors: int) -> list[asyncio.Server]:
    """Start the servers, in turn on all addresses and on loopback."""

    def answering(greeting: bytes, answer: bytes):  # type: ignore[no-untyped-def]  # a closure for asyncio
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                writer.write(greeting)
                while await reader.read(4096):
                    writer.write(answer)
                    await writer.drain()
                    if b"close" in answer:
                        break
            except ConnectionError:
                pass
            finally:
                writer.close()

        return talk

    return [
        await asyncio.start_server(
            answering(*GREETINGS[place % len(GREETINGS)]), "0.0.0.0" if place % 2 else "127.0.0.1", FIRST_PORT + place
        )
        for place in range(doors)
    ]


def serve_in_background(doors: int) -> None:
    """Run the servers in a thread of this process until it ends."""
    loop = asyncio.new_event_loop()
    loop.run_until_complete(serve(doors))
    threading.Thread(target=loop.run_forever, daemon=True).start()


def timed(words: list[str]) -> tuple[float, str]:
    """Run a command to its end; return seconds and what it printed."""
    began = time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    return time.perf_counter() - began, done.stdout


def main() -> int:
    """Enter a namespace, serve, measure, print; exit status 1 where the bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--doors", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.inside:
        enter = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-Urn"]
        return subprocess.run([*enter, sys.executable, __file__, *sys.argv[1:], "--inside"], check=False, timeout=1200).returncode
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    serve_in_background(arguments.doors)
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "doorward", "audit", "--database", str(Path(folder) / "doorward.db")]
        first, text = timed(words)
        rounds = [timed(words)[0] for _ in range(arguments.rounds)]
    ours = statistics.median(rounds)
    headline = text.splitlines()[1] if len(text.splitlines()) > 1 else "no output"
    print(f"doorward audit, {arguments.doors} open doors: median {ours:.2f} s of {arguments.rounds} (first {first:.2f} s); {headline}")
    if shutil.which("nmap"):
        ports = f"{FIRST_PORT}-{FIRST_PORT + arguments.doors - 1}"
        theirs, _ = timed(["nmap", "-n", "-Pn", "-sT", "-sV", "-p", ports, "127.0.0.1"])
        print(f"nmap -sV of the same doors: {theirs:.2f} s once; ratio {ours / theirs:.3f}")
    else:
        print("nmap -sV: not installed, not measured")
    print(f"bound {BOUND_S:.0f} s: {'held' if ours <= BOUND_S else 'BROKEN'}")
    return int(ours > BOUND_S)


if __name__ == "__main__":
    sys.exit(main())
