"""Payloads against real servers: each must answer, be recognised, keep to the size we promised, and no forged nonce may pass.

Wants root (a network, process and mount namespace of our own) and the folder named by DOORWARD_OUTSIDE_TOOLS, whose ``servers.sh``
starts servers on loopback; the servers that it doesn't know over UDP are started here. Nothing outlives the namespace.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from doorward.scan.payloads.catalogue import payload_named
from doorward.scan.payloads.contract import AMPLIFICATION_CAP

#: (payload, address, port, who answers)
DOORS = [
    ("dns", "127.0.0.1", 24053, "BIND"),
    ("dns", "127.0.0.1", 24153, "Unbound"),
    ("dns", "127.0.0.1", 24253, "dnsmasq"),
    ("dns", "127.0.0.1", 24453, "NSD"),
    ("dns", "127.0.0.1", 24653, "PowerDNS Recursor"),
    ("snmp_v1", "127.0.0.1", 24161, "Net-SNMP"),
    ("snmp_v2c", "127.0.0.1", 24161, "Net-SNMP"),
    ("snmp_v3", "127.0.0.1", 24161, "Net-SNMP"),
    ("ntp", "127.0.0.1", 24323, "chrony"),
    ("chrony_control", "127.0.0.1", 323, "chrony"),
    ("tftp", "127.0.0.1", 24069, "tftpd-hpa"),
    ("stun", "127.0.0.1", 24478, "coturn"),
    ("sip", "127.0.0.1", 24506, "Kamailio"),
    ("rpcbind", "127.0.0.1", 111, "rpcbind"),
    ("nfs", "127.0.0.1", 111, "rpcbind, which has no such program"),
    ("memcached", "127.0.0.1", 25211, "memcached"),
    ("dtls", "127.0.0.1", 4433, "OpenSSL"),
    ("netbios_ns", "192.0.2.1", 137, "Samba"),
    ("icp", "127.0.0.1", 3130, "Squid"),
    ("echo", "127.0.0.1", 7, "xinetd"),
    ("daytime", "127.0.0.1", 13, "xinetd"),
    ("chargen", "127.0.0.1", 19, "xinetd"),
    ("time", "127.0.0.1", 37, "xinetd"),
]

START = r"""
set -e
mount -t tmpfs none /run; mkdir -p /run/rpcbind /run/samba /run/squid
ip link set lo up; ip link add d0 type veth peer name d1; ip link set d0 up; ip link set d1 up
ip addr add 192.0.2.1/24 broadcast 192.0.2.255 dev d0
export LAB="$ROOM/lab" MODE=high WAIT=1
mkdir -p "$LAB" && chmod 755 "$ROOM" "$LAB" && cd "$LAB"
exec 3>&1 >/dev/null 2>&1
rpcbind -f &
memcached -u nobody -l 127.0.0.1 -p 25211 -U 25211 &
{ for s in echo:7 daytime:13 chargen:19 time:37; do
    printf 'service %s\n{\n type = INTERNAL UNLISTED\n bind = 127.0.0.1\n id = %s-dgram\n' ${s%:*} ${s%:*}
    printf ' socket_type = dgram\n protocol = udp\n user = root\n wait = yes\n port = %s\n}\n' ${s#*:}
  done; } > xinetd.conf
xinetd -dontfork -f "$LAB/xinetd.conf" -pidfile "$LAB/xinetd.pid" &
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=lab -keyout key -out cert
openssl s_server -dtls -listen -accept 127.0.0.1:4433 -key key -cert cert < <(sleep 60) &
mkdir nmb
{ printf '[global]\n workgroup=LAB\n netbios name=LAB\n interfaces=d0\n bind interfaces only=yes\n log file=%s/log\n' "$LAB/nmb"
  for d in lock state cache pid; do printf ' %s directory=%s\n' $d "$LAB/nmb"; done; printf ' private dir=%s\n' "$LAB/nmb"; } > nmb.conf
nmbd -F --no-process-group -s "$LAB/nmb.conf" &
mkdir squid; chown proxy squid
{ printf 'http_port 127.0.0.1:3128\nicp_port 3130\nicp_access allow all\npid_filename %s/pid\naccess_log none\n' "$LAB/squid"
  printf 'cache_log /dev/null\ncoredump_dir %s\ncache_effective_user proxy\npinger_enable off\nvisible_hostname lab\n' "$LAB/squid"
} > squid.conf
squid -N -f "$LAB/squid.conf" &
printf 'port 0\nbindcmdaddress 127.0.0.1\ncmdport 323\npidfile %s/control.pid\n' "$LAB" > control.conf
chronyd -d -x -f "$LAB/control.conf" -u root &
names="bind9-udp unbound-udp dnsmasq-udp nsd-udp pdns-recursor-udp snmpd-udp chrony-udp tftpd-udp coturn-udp kamailio"
bash "$TOOLS/servers.sh" start $names
exec 1>&3
"$PYTHON" "$ROOM/ask.py" "$DOORS"
"""

ASK = r"""
import json, socket, sys, time
from doorward.scan.payloads.catalogue import payload_named, recognise

NONCE = 0x1A2B3C4D5E6F7081
END = time.monotonic() + 25


def ask(name, address, port):
    payload = payload_named(name)
    while time.monotonic() < END:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(0.5)
            asking.sendto(payload.payload(NONCE), (address, port))
            try:
                data, sender = asking.recvfrom(65535)
            except TimeoutError:
                continue
            return {
                "from": sender[1], "hex": data.hex(), "answer": payload.is_answer(data, NONCE),
                "forged": payload.is_answer(data, NONCE ^ 1), "name": recognise(port, data, NONCE, also=[name]),
            }
    return None


print(json.dumps([ask(*door) for door in json.loads(sys.argv[1])]))
"""


def refusal() -> str:
    tools = os.environ.get("DOORWARD_OUTSIDE_TOOLS", "")
    if not tools:
        return "DOORWARD_OUTSIDE_TOOLS is not set: the folder with servers.sh"
    if not (Path(tools) / "servers.sh").exists():
        return f"DOORWARD_OUTSIDE_TOOLS={tools} holds no servers.sh"
    if os.geteuid() != 0:
        return "namespaces of our own need root"
    missing = [
        program for program in ("unshare", "xinetd", "memcached", "nmbd", "squid", "rpcbind", "chronyd") if not shutil.which(program)
    ]
    return f"not installed: {', '.join(missing)}" if missing else ""


def answers(place: Path) -> list[dict[str, object] | None]:
    place.chmod(0o755)
    doors = [door[:3] for door in DOORS]
    (place / "ask.py").write_text(ASK)
    done = subprocess.run(
        ["unshare", "-n", "-m", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", START],
        env={
            **os.environ,
            "ROOM": str(place),
            "TOOLS": os.environ["DOORWARD_OUTSIDE_TOOLS"],
            "PYTHON": sys.executable,
            "DOORS": json.dumps(doors),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    read: list[dict[str, object] | None] = json.loads(done.stdout)
    return read


def test_real_servers_answer_as_expected() -> None:
    if reason := refusal():
        pytest.skip(reason)
    place = Path(tempfile.mkdtemp(prefix="doorward-payloads-"))  # servers that run as other users must be able to enter it
    try:
        found = answers(place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    wrong = []
    for (name, _, port, who), got in zip(DOORS, found, strict=True):
        payload = payload_named(name)
        if got is None:
            wrong.append(f"{name}: {who} does not answer")
            continue
        size = len(bytes.fromhex(str(got["hex"])))
        ours = "rpcbind" if name == "nfs" else name
        if not got["answer"] or got["name"] != ours:
            wrong.append(f"{name}: {who}'s answer is taken for {got['name']}: {got['hex']}")
        if got["forged"] and payload.NONCE_SIZE and name != "dtls":  # OpenSSL 3.0 writes 0 where it should repeat ours
            wrong.append(f"{name}: {who}'s answer counts for another nonce")
        if size > payload.ANSWER_BYTES or size > AMPLIFICATION_CAP * len(payload.payload(0)):
            wrong.append(f"{name}: {who} answers {size} bytes, more than promised")
        if (got["from"] != port) != (name == "tftp"):
            wrong.append(f"{name}: {who} answers from port {got['from']}")
    assert not wrong
