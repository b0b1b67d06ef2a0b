"""Real servers of the distribution, started here and asked what they are, against what the package manager says they are.

Wants root (servers change their user) and the folder named by DOORWARD_OUTSIDE_TOOLS, which holds ``servers.sh`` (starts servers on
loopback; its ``truth`` is a table of name, transport, address, port, service, package, package's version) and ``hostile-servers.py``
(six that misbehave, on ports 23901 to 23906). All of it lives in namespaces of its own and ends with them.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import pytest

from doorward.identify.answer import IdentifyAnswer
from doorward.values.records import decode_json

#: Server → our name of its service, its product, and whether it tells its version to strangers.
EXPECTED = {
    "openssh": ("ssh", "OpenSSH", True),
    "dropbear": ("ssh", "Dropbear", True),
    "nginx": ("http", "nginx", True),
    "nginx-tls": ("http", "nginx", True),
    "apache2": ("http", "Apache httpd", True),
    "lighttpd": ("http", "lighttpd", True),
    "vsftpd": ("ftp", "vsftpd", True),
    "proftpd": ("ftp", "ProFTPD", False),
    "redis": ("redis", "Redis", True),
    "redis-auth": ("redis", "", False),
    "postgres": ("postgresql", "PostgreSQL", False),
    "mariadb": ("mysql", "MariaDB", True),
    "dovecot-imap": ("imap", "Dovecot", False),
    "dovecot-pop3": ("pop3", "Dovecot", False),
    "dovecot-imaps": ("imap", "Dovecot", False),
    "dovecot-pop3s": ("pop3", "Dovecot", False),
    "exim4": ("smtp", "Exim", True),
    "postfix": ("smtp", "Postfix", False),
    "telnetd": ("telnet", "", False),
    "leafnode": ("nntp", "Leafnode", True),
    "bind9": ("dns", "BIND", True),
    "bind9-udp": ("dns", "BIND", True),
    "dnsmasq-udp": ("dns", "dnsmasq", True),
    "xinetd-echo": ("echo", "", False),
    "xinetd-daytime": ("daytime", "", False),
    "xinetd-chargen": ("chargen", "", False),
    "xinetd-discard": ("discard", "", False),  # on its own port; elsewhere its silence is nobody's
    "xinetd-time": ("time", "", False),
    "fingerd": ("finger", "", False),
    "memcached": ("memcached", "Memcached", True),
    "influxdb": ("http", "InfluxDB", True),
    "zookeeper": ("zookeeper", "Apache ZooKeeper", True),
    "mosquitto": ("mqtt", "Mosquitto", True),
    "rabbitmq": ("amqp", "RabbitMQ", True),
    "epmd": ("epmd", "epmd", False),
    "beanstalkd": ("beanstalkd", "beanstalkd", True),
    "slapd": ("ldap", "OpenLDAP", False),
    "dovecot-sieve": ("sieve", "Dovecot Pigeonhole", False),
    "gophernicus": ("gopher", "Gophernicus", True),
    "cups": ("ipp", "CUPS", True),
    "rsync": ("rsync", "rsync", False),
    "samba": ("smb", "Samba", False),
    "prosody-c2s": ("xmpp", "Prosody", False),
    "ngircd": ("irc", "ngIRCd", True),
    "znc": ("irc", "ZNC", False),
    "git-daemon": ("git", "Git", False),
    "distccd": ("distcc", "distccd", False),
    "snmpd-udp": ("snmp", "Net-SNMP", False),
    "chrony-udp": ("ntp", "chrony", False),
    "tftpd-udp": ("tftp", "", False),
    "haproxy": ("http", "HAProxy", False),
    "varnish": ("http", "Varnish", False),
    "tinyproxy": ("http", "Tinyproxy", True),
    "squid": ("http", "Squid", True),
    "privoxy": ("http", "Privoxy", False),
    "kamailio": ("sip", "Kamailio", True),
    "coturn-udp": ("stun", "coturn", True),
    "microsocks": ("socks5", "", False),
    "xvnc": ("vnc", "", False),
    "gpsd": ("gpsd", "gpsd", True),
    "zabbix-agent": ("zabbix", "Zabbix agent", True),
    "munin-node": ("munin", "Munin node", True),
    "node-exporter": ("http", "Node Exporter", True),
    "iperf3": ("iperf3", "iperf3", False),
    "docker-registry": ("http", "Docker Registry", False),
}
#: The servers whose libraries a machine may lack: unpacked beside a rival package, not installed.
MAY_BE_MISSING = {"proftpd", "ngircd"}
#: Refuses to start where a display of its number left its lock behind in this machine's /tmp.
MAY_NOT_START = {"xvnc", "xvnc-x11"}

#: Who needs a login, as far as the door tells: what the audit builds on.
ACCESS = {
    "redis": "none",
    "redis-auth": "required",
    "postgres": "none",
    "openssh": "required",
    "mariadb": "required",
    "memcached": "none",
    "mosquitto": "none",
    "rabbitmq": "required",
    "beanstalkd": "none",
    "znc": "required",
    "snmpd-udp": "required",
    "microsocks": "required",
    "xvnc": "none",
    "zabbix-agent": "none",
    "node-exporter": "none",
    "docker-registry": "none",
}

START = r"""
set -e
ip link set lo up
for number in $(seq 1 99); do echo "addr add 127.0.1.$number/32 dev lo"; done | ip -batch -
# Leafnode reads its configuration from /etc alone: a copy of /etc, seen in this mount namespace only.
cp -a /etc "$ROOM/etc"; mkdir -p "$ROOM/etc/news/leafnode"
printf 'server = 127.0.0.1\nhostname = news.doorward-test.org\nexpire = 20\n' > "$ROOM/etc/news/leafnode/config"
chown -R news "$ROOM/etc/news"; mount --bind "$ROOM/etc" /etc
# Started apart, because where their libraries are missing nobody should wait for them.
LAB="$ROOM/high" WAIT=0 MODE=high bash "$TOOLS/servers.sh" start proftpd ngircd >&2
LAB="$ROOM/high" WAIT=40 MODE=high bash "$TOOLS/servers.sh" start $NAMES >&2
LAB="$ROOM/usual" WAIT=10 MODE=std bash "$TOOLS/servers.sh" start xinetd-discard >&2
LAB="$ROOM/high" MODE=high bash "$TOOLS/servers.sh" truth > "$ROOM/truth"
LAB="$ROOM/usual" MODE=std bash "$TOOLS/servers.sh" truth > "$ROOM/truth-usual"
"$PYTHON" "$TOOLS/hostile-servers.py" > /dev/null 2>&1 &
"$PYTHON" "$ROOM/ask.py"
"""

# Runs inside the namespace: asks all doors in four calls side by side, and measures what each costs.
ASK = r"""
import json, os, subprocess, sys, time
from pathlib import Path
room = Path(os.environ["ROOM"])
calls = {}

def ask(name, endpoints, *flags):
    words = [sys.executable, "-m", "doorward", "identify", *flags, *endpoints]
    with (room / f"{name}.out").open("w") as out, (room / f"{name}.err").open("w") as err:
        calls[name] = time.monotonic(), subprocess.Popen(words, stdout=out, stderr=err)

hostile = [f"127.0.0.1:{port}" for port in range(23901, 23907)]
wanted = {f"{port:04X}" for port in range(23901, 23907)}
for _ in range(200):  # until all six listen
    if wanted <= {line.split()[1][-4:] for line in Path("/proc/net/tcp").read_text().splitlines()}:
        break
    time.sleep(0.05)
ask("hostile", hostile, "--json")
ask("hostile-words", hostile)
for name in ("truth", "truth-usual"):
    rows = [line.split("\t") for line in (room / name).read_text().splitlines()]
    ask(name, [("udp:" if row[1] == "udp" else "") + f"{row[2]}:{row[3]}" for row in rows], "--json")
for name, (started, process) in calls.items():
    _, status, usage = os.wait4(process.pid, 0)
    report = {"out": (room / f"{name}.out").read_text(), "err": (room / f"{name}.err").read_text()}
    report |= {"status": os.waitstatus_to_exitcode(status), "seconds": time.monotonic() - started, "most_kb": usage.ru_maxrss}
    (room / f"{name}.json").write_text(json.dumps(report))
"""


class Report(msgspec.Struct, frozen=True):
    """One call of ``doorward identify``."""

    out: str
    err: str
    status: int
    seconds: float
    most_kb: int

    @property
    def answers(self) -> dict[tuple[str, str, int], IdentifyAnswer]:
        """By transport, address and port."""
        answers = [decode_json(line, IdentifyAnswer) for line in self.out.splitlines()]
        return {(answer.transport, str(answer.address), answer.port): answer for answer in answers}


class Server(msgspec.Struct, frozen=True):
    """One row of the truth, and what Doorward said of it."""

    package_version: str
    answer: IdentifyAnswer

    @property
    def upstream_version(self) -> str:
        """The makers' part of a Debian version: ``1:9.2p1-2+deb12u10`` → ``9.2p1`` (Debian Policy §5.6.12)."""
        return self.package_version.split(":", 1)[-1].rsplit("-", 1)[0].split("+")[0].split("~")[0]


class Room(msgspec.Struct, frozen=True):
    """All that was asked."""

    reports: dict[str, Report]
    servers: dict[str, Server]
    on_usual_ports: dict[str, Server]


def refusal() -> str:
    tools = os.environ.get("DOORWARD_OUTSIDE_TOOLS", "")
    if not tools:
        return "DOORWARD_OUTSIDE_TOOLS is not set: the folder with servers.sh and hostile-servers.py"
    if not (Path(tools) / "servers.sh").exists():
        return f"DOORWARD_OUTSIDE_TOOLS={tools} holds no servers.sh"
    if os.geteuid() != 0:
        return "starting servers that change their user needs root"
    return "" if shutil.which("unshare") else "unshare (util-linux) is not installed"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """Start all once, even where several workers run the tests, and ask them."""
    if reason := refusal():
        pytest.skip(reason)
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    kept = shared / "real-servers"
    with (shared / "real-servers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            start_and_ask(kept)
    reports = {name: msgspec.json.decode((kept / f"{name}.json").read_bytes(), type=Report) for name in REPORTS}
    return Room(reports, servers(kept, reports, "truth"), servers(kept, reports, "truth-usual"))


def start_and_ask(kept: Path) -> None:
    # Not pytest's own folder: servers that run as other users must be able to enter it.
    place = Path(tempfile.mkdtemp(prefix="doorward-servers-"))
    try:
        place.chmod(0o755)
        (place / "ask.py").write_text(ASK)
        names = " ".join(name for name in EXPECTED if name not in MAY_BE_MISSING)
        tools = os.environ["DOORWARD_OUTSIDE_TOOLS"]
        done = subprocess.run(
            ["unshare", "-n", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", START],
            env={**os.environ, "ROOM": str(place), "TOOLS": tools, "NAMES": names, "PYTHON": sys.executable, "COLUMNS": "80"},
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        kept.mkdir()
        for name in (*TRUTHS, *(f"{report}.json" for report in REPORTS)):
            shutil.copy(place / name, kept / name)
    finally:
        shutil.rmtree(place, ignore_errors=True)


TRUTHS = ("truth", "truth-usual")
REPORTS = ("hostile", "hostile-words", *TRUTHS)


def servers(kept: Path, reports: dict[str, Report], name: str) -> dict[str, Server]:
    rows = [line.split("\t") for line in (kept / name).read_text().splitlines()]
    answers = reports[name].answers
    assert len(answers) == len(rows), reports[name].err
    return {row[0]: Server(row[6], answers[row[1], row[2], int(row[3])]) for row in rows if row[0] in EXPECTED}


def test_the_servers_started(room: Room) -> None:
    assert set(EXPECTED) - set(room.servers) <= MAY_BE_MISSING | MAY_NOT_START


def test_every_service_is_right(room: Room) -> None:
    said = {name: server.answer.service for name, server in room.servers.items() if name != "xinetd-discard"}
    assert said == {name: EXPECTED[name][0] for name in said}


def test_every_product_that_is_told_is_right(room: Room) -> None:
    said = {name: server.answer.product for name, server in room.servers.items()}
    assert said == {name: EXPECTED[name][1] for name in said}


def test_every_version_that_is_told_is_right_and_none_is_invented(room: Room) -> None:
    said = {name: server.answer.version for name, server in room.servers.items()}
    assert said == {name: server.upstream_version if EXPECTED[name][2] else "" for name, server in room.servers.items()}


def test_products_with_versions_have_a_name_for_advisories(room: Room) -> None:
    for name, server in room.servers.items():
        if EXPECTED[name][2]:
            number = re.match(r"[\d.]+", server.upstream_version)
            assert number is not None
            assert f":{number[0]}:" in server.answer.cpe, name


def test_who_is_asked_for_a_login(room: Room) -> None:
    said = {name: room.servers[name].answer.facts["authentication"] for name in ACCESS if name in room.servers}
    assert said == {name: ACCESS[name] for name in said}
    assert set(ACCESS) - set(said) <= MAY_BE_MISSING | MAY_NOT_START


def test_encryption_is_seen(room: Room) -> None:
    tls = {name for name, server in room.servers.items() if server.answer.tls}
    assert tls == {"nginx-tls", "dovecot-imaps", "dovecot-pop3s"}
    for name in tls:
        assert "lab.example" in str(room.servers[name].answer.facts["certificate_subject"])
    assert room.servers["dovecot-imap"].answer.facts["starttls"] is True


def test_small_services_on_their_usual_ports(room: Room) -> None:
    said = {name: server.answer.service for name, server in room.on_usual_ports.items()}
    wanted = ("echo", "daytime", "chargen", "discard", "time")
    assert {name: service for name, service in said.items() if name.startswith("xinetd-")} == {f"xinetd-{name}": name for name in wanted}
    assert said["fingerd"] == "finger"
    assert said["telnetd"] == "telnet"
    assert said["leafnode"] == "nntp"


def test_silence_on_another_port_is_called_silence(room: Room) -> None:
    assert room.servers["xinetd-discard"].answer.outcome == "silent"


def test_all_together_are_quick(room: Room) -> None:
    assert room.reports["truth"].status == 0
    assert room.reports["truth"].seconds < 10  # measured: 4 s for 30 servers on two cores; the longest is the silent one
    assert room.reports["truth"].most_kb < 200_000


def test_hostile_servers_cost_little(room: Room) -> None:
    for name in ("hostile", "hostile-words"):
        assert room.reports[name].seconds < 10, name
        assert room.reports[name].most_kb < 200_000, name


def test_hostile_servers_are_told_for_what_they_are(room: Room) -> None:
    answers = room.reports["hostile"].answers
    silent, dripping, flooding, closing, disguised, yes_to_all = (answers["tcp", "127.0.0.1", port] for port in range(23901, 23907))
    assert [answer.outcome for answer in (silent, closing)] == ["silent", "closes"]
    assert [answer.outcome for answer in (dripping, flooding, yes_to_all)] == ["unrecognised"] * 3
    assert (disguised.service, disguised.version) == ("ssh", "9.9")


def test_hostile_text_is_harmless_wherever_it_is_shown(room: Room) -> None:
    for name in ("hostile", "hostile-words"):
        report = room.reports[name]
        for text in (report.out, report.err):
            assert all(character.isprintable() or character == "\n" for character in text), name
    assert room.reports["hostile"].out.isascii()
    for line in room.reports["hostile"].out.splitlines():
        decoded = json.dumps(json.loads(line), ensure_ascii=False)  # whoever decodes it and shows it is safe, too
        assert "\x1b" not in decoded
        assert "\u202e" not in decoded
    assert len(room.reports["hostile-words"].out) < 50_000  # not 64 kB of one letter
