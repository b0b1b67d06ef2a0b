"""What to do about a door, in words and as an exact command where one exists; nothing is ever run.

Knows how the programs that people meet are told to listen on loopback only, each setting with the manual it stands in.
"""

from __future__ import annotations

import shlex
from typing import Final

import msgspec

from doorward.audit.testimony import Testimony
from doorward.values.evidence import Witness
from doorward.values.verdicts import Fix

__all__ = ["bind_to_loopback", "restart", "stop"]


class _Binding(msgspec.Struct, frozen=True):
    """Where and how a program is told which addresses to listen on."""

    setting: str
    place: str
    source: str


#: Process name → its setting for loopback only.
_BINDINGS: Final = {
    "redis-server": _Binding("bind 127.0.0.1 -::1", "/etc/redis/redis.conf", "redis.conf(5)"),
    "memcached": _Binding("-l 127.0.0.1", "/etc/memcached.conf", "memcached(1)"),
    "postgres": _Binding("listen_addresses = 'localhost'", "postgresql.conf", "PostgreSQL manual, 20.3"),
    "mysqld": _Binding("bind-address = 127.0.0.1", "the [mysqld] section of my.cnf", "MySQL manual, bind_address"),
    "mariadbd": _Binding("bind-address = 127.0.0.1", "/etc/mysql/mariadb.conf.d/50-server.cnf", "MariaDB manual, bind_address"),
    "mongod": _Binding("net.bindIp: 127.0.0.1", "/etc/mongod.conf", "MongoDB manual, net.bindIp"),
    "nginx": _Binding("listen 127.0.0.1:{port};", "the server block", "nginx manual, listen"),
    "apache2": _Binding("Listen 127.0.0.1:{port}", "/etc/apache2/ports.conf", "httpd manual, Listen"),
    "sshd": _Binding("ListenAddress 127.0.0.1", "/etc/ssh/sshd_config", "sshd_config(5)"),
    "cupsd": _Binding("Listen localhost:{port}", "/etc/cups/cupsd.conf", "cupsd.conf(5)"),
    "exim4": _Binding("dc_local_interfaces='127.0.0.1 ; ::1'", "/etc/exim4/update-exim4.conf.conf", "update-exim4.conf(8)"),
    "master": _Binding("inet_interfaces = loopback-only", "/etc/postfix/main.cf", "postconf(5)"),
    "dnsmasq": _Binding("listen-address=127.0.0.1 with bind-interfaces", "/etc/dnsmasq.conf", "dnsmasq(8)"),
    "named": _Binding("listen-on { 127.0.0.1; };", "named.conf, options", "BIND 9 manual"),
    "unbound": _Binding("interface: 127.0.0.1", "unbound.conf", "unbound.conf(5)"),
    "rpcbind": _Binding("-h 127.0.0.1", "/etc/default/rpcbind", "rpcbind(8)"),
    "snmpd": _Binding("agentaddress 127.0.0.1", "/etc/snmp/snmpd.conf", "snmpd.conf(5)"),
    "vsftpd": _Binding("listen_address=127.0.0.1", "/etc/vsftpd.conf", "vsftpd.conf(5)"),
    "beam.smp": _Binding("listeners on 127.0.0.1", "rabbitmq.conf", "RabbitMQ manual, networking"),
    "mosquitto": _Binding("listener {port} localhost", "/etc/mosquitto/mosquitto.conf", "mosquitto.conf(5)"),
    "grafana": _Binding("http_addr = 127.0.0.1", "grafana.ini", "Grafana manual, server"),
    "prometheus": _Binding("--web.listen-address=127.0.0.1:{port}", "its command line", "prometheus(1)"),
}

_PYTHON_HTTP: Final = "http.server"
_DOCKER_PROXY: Final = "docker-proxy"


def bind_to_loopback(testimony: Testimony) -> Fix:
    """Say how this door can be kept for this machine alone, as exactly as its holder is known."""
    process, unit, port = testimony.process, testimony.text(Witness.SOCKET, "unit"), testimony.door.port
    command = testimony.text(Witness.SOCKET, "command")
    again = f"sudo systemctl restart {shlex.quote(unit)}" if unit else ""
    if process == _DOCKER_PROXY:
        return Fix(f"Publish the container's port on loopback only: -p 127.0.0.1:{port}:…, and create the container again.")
    if _PYTHON_HTTP in command:
        return Fix(
            "Stop it when it has served its purpose, or start it for this machine alone.", f"python3 -m http.server --bind 127.0.0.1 {port}"
        )
    if binding := _BINDINGS.get(process):
        setting = binding.setting.format(port=port)
        return Fix(f"If only this machine needs it: set {setting} in {binding.place} ({binding.source}), then restart it.", again)
    who = process or "the program"
    return Fix(f"If only this machine needs it: tell {who} to listen on 127.0.0.1 (and ::1) in its settings, then restart it.", again)


def stop(testimony: Testimony) -> Fix:
    """Say how whoever holds this door is stopped for good."""
    unit, container = testimony.text(Witness.SOCKET, "unit"), testimony.text(Witness.SOCKET, "container")
    pid = testimony.number(Witness.SOCKET, "pid")
    if container:
        return Fix("If nobody needs it, stop its container.", f"docker stop {shlex.quote(container)}")
    if unit:
        return Fix(
            "If nobody needs it, stop its service and keep it from starting again.", f"sudo systemctl disable --now {shlex.quote(unit)}"
        )
    if pid:
        return Fix("If nobody needs it, end its process, and find out what started it.", f"kill {pid}")
    return Fix("Find out which process holds it (as root, Doorward names it), then stop that.", "sudo doorward audit")


def restart(testimony: Testimony) -> Fix:
    """Say how its holder is started anew."""
    unit, container = testimony.text(Witness.SOCKET, "unit"), testimony.text(Witness.SOCKET, "container")
    if container:
        return Fix("Restart its container.", f"docker restart {shlex.quote(container)}")
    if unit:
        return Fix("Restart its service.", f"sudo systemctl restart {shlex.quote(unit)}")
    return Fix("Restart the program in the way it was started.")
