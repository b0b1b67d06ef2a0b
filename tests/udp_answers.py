"""One answer of each UDP protocol to any nonce: those marked with a product were received from it, the others are laid out by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

__all__ = ["NONCE", "answer_to"]

#: The nonce with which the recorded answers were received.
NONCE: Final = 0x1A2B3C4D5E6F7081

Made = Callable[[int], bytes]


def answer_to(name: str, nonce: int = NONCE) -> bytes:
    """What a server of that protocol answers to ``payload(nonce)``."""
    return _ANSWERS[name](nonce)


def _low(nonce: int, size: int) -> bytes:
    return (nonce & (1 << 8 * size) - 1).to_bytes(size)


def _recorded(text: str, size: int = 0) -> Made:
    """An answer as it came, with ``size`` bytes of another nonce where ours stood."""
    whole = bytes.fromhex(text)
    assert not size or _low(NONCE, size) in whole, text
    return lambda nonce: whole.replace(_low(NONCE, size), _low(nonce, size)) if size else whole


def _around(before: str, size: int, after: str = "") -> Made:
    return lambda nonce: bytes.fromhex(before) + _low(nonce, size) + bytes.fromhex(after)


def _text(template: str) -> Made:
    """A text with the nonce's last eight hexadecimal digits at ``{}``."""
    return lambda nonce: template.format(_low(nonce, 4).hex()).encode()


def _ipmi(nonce: int) -> bytes:
    head, body = bytes.fromhex("811c63"), bytes((0x20, nonce % 64 << 2)) + bytes.fromhex("38000195100200000000")
    return bytes.fromhex("0600ff07000000000000000000") + bytes((len(head) + len(body) + 1,)) + head + body + bytes((-sum(body) & 0xFF,))


def _radius(nonce: int) -> bytes:
    import hashlib

    head = bytes((2, nonce & 0xFF, 0, 20))
    return head + hashlib.md5(head + b"doorward" + _low(nonce, 8) + b"testing123", usedforsecurity=False).digest()


def _kerberos(nonce: int) -> bytes:
    recorded = bytes.fromhex(
        "7e81a73081a4a003020105a10302011ea411180f32303236313132333138353532375aa5050203085246a603020106a7121b10444f4f52574152442e49"
        "4e56414c4944a8153013a003020101a10c300a1b08646f6f7277617264a9121b10444f4f52574152442e494e56414c4944aa263024a003020102a11d301b"
        "1b066b72627467741b11444f4f52574152442d"
    )
    return recorded + _low(nonce, 4).hex().upper().encode() + b"\xab\x12\x1b\x10CLIENT_NOT_FOUND"


def _quake3(nonce: int) -> bytes:
    return b"\xff\xff\xff\xffchallengeResponse -1234567 %d 71" % (1_000_000_000 + (nonce & 0xFFFFFFFF) % 1_000_000_000)


def _mgcp(nonce: int) -> bytes:
    return b"500 %d Endpoint unknown\r\n" % (100_000_000 + (nonce & 0xFFFFFFFF) % 900_000_000)


_MATCH: Final = (
    '<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header><a:RelatesTo>'
    "urn:uuid:646f6f72-7761-4264-8f6f-GROUP{}</a:RelatesTo></s:Header><s:Body><d:ProbeMatches/></s:Body></s:Envelope>"
)

_ANSWERS: Final[dict[str, Made]] = {
    "a2s": _recorded("ffffffff410a08 5e3d"),
    "afs": _recorded(
        "646f6f72000000005e6f708100000000000000000d00000000000000" + b"OpenAFS1.8.9-1+deb12u1-debian".hex() + "00" * 36, 4
    ),  # OpenAFS
    "bacnet": _around("810a0014010030", 1, "0c0c0200000119783e21053f"),
    "bittorrent_dht": _recorded(
        "64313a7264323a696432303a3c28c6d0c45945413f35e23bd3219cc1b21f699f65313a74343a5e6f7081313a79313a7265", 4
    ),  # Transmission
    "chargen": _recorded((bytes(range(0x21, 0x69)) + b"\r\n" + bytes(range(0x22, 0x6A)) + b"\r\n").hex()),  # xinetd
    "chrony_control": _recorded("06020000000e000200000000000000005e6f7081000000000000000000000000", 4),  # chrony
    "cldap": _recorded("300c02045a447081640404003000300f02045a44708165070a010004000400".replace(" ", ""), 2),  # OpenLDAP, over TCP
    "coap": _recorded("70007081", 2),  # libcoap
    "daytime": _recorded("3233204e4f5620323032362031383a35303a3139205554430d0a"),  # xinetd
    "dns": _recorded(  # BIND
        "7081840000010001000100000776657273696f6e0462696e640000100003c00c0010000300000000001918392e31382e34392d317e646562313275332d"
        "44656269616ec00c00020003000000000002c00c",
        2,
    ),
    "dtls": lambda nonce: (
        bytes.fromhex("16feff00000000") + _low(nonce, 4) + bytes.fromhex("0023030000170000000000000017feff14") + bytes(20)
    ),
    "echo": lambda nonce: b"doorward" + _low(nonce, 8),  # xinetd
    "empty": lambda nonce: b"whatever",
    "ethernet_ip": _around("04001a000000000000000000", 8, "0000000001000001140001002000" + b"Communications\0\0".hex()),
    "gtp_v1": _recorded("3202000600000000708100000e01", 2),  # osmo-ggsn
    "gtp_v2": _around("4002000900", 2, "000300010007"),
    "gvcp": _around("000000810004", 2, "00020000"),
    "iax2": _around("80010d0d", 4, "00000603"),
    "icp": _recorded("0302002d5e6f7081000000000000000000000000687474703a2f2f646f6f72776172642e696e76616c69642f00", 4),  # Squid
    "ike": _recorded("1a2b3c4d5e6f7081af2280217f534a7f292022200000000000000024000000080000000e", 8),  # strongSwan
    "ike_nat_t": _recorded("000000001a2b3c4d5e6f70819b056d2f919109fa292022200000000000000024000000080000000e", 8),  # strongSwan
    "ipmi": _ipmi,
    "kerberos": _kerberos,  # MIT
    "knxnet_ip": _recorded("0610020800080021"),
    "l2tp": _recorded(  # xl2tpd
        "c8020063708100000000000180080000000000028008000000020100800a0000000300000003800a00000004000000000008000000060690800800000007"
        "766d00130000000878656c6572616e63652e636f6d800800000009b16180080000000a0004",
        2,
    ),
    "lifx": _around("29000014", 4, "d073d500000000000000000000000000000000000000000003000000017cdd0000"),
    "mdns": _recorded(  # Avahi
        "708184000001000100000000095f7365727669636573075f646e732d7364045f756470056c6f63616c00000c0001c00c000c00010000000a00140c5f776f"
        "726b73746174696f6e045f746370c023",
        2,
    ),
    "memberlist": _recorded(  # Alertmanager
        "0702001600520282a75061796c6f6164a0a55365714e6fce5e6f70810486a441646472a40a090901ab496e6361726e6174696f6e01a44d657461a0a44e6f"
        "6465ba30314d38345736374257544833414b45374d365848425057545aa4506f7274cd2386a356736ea6010502000000",
        4,
    ),
    "memcached": _recorded("708100000001000056455253494f4e20312e362e31380d0a", 2),  # memcached
    "mgcp": _mgcp,
    "minecraft_bedrock": _around("1c", 8, "00000000000001c800ffff00fefefefefdfdfdfd123456780004" + b"MCPE".hex()),
    "minecraft_query": lambda nonce: b"\x09" + (nonce & 0x0F0F0F0F).to_bytes(4) + b"9513307\0",
    "modbus": _around("", 2, "0000000dff2b0e04020000010203" + b"2.8".hex()),
    "mqtt_sn": _recorded("030201"),
    "mssql_browser": _recorded("050600019a05"),
    "mumble": _recorded("000103041a2b3c4d5e6f7081000000000000000a00011940", 8),  # Mumble
    "netbios_ns": _recorded(  # Samba
        "70818580000000010000000020434b41414141414141414141414141414141414141414141414141414141414100002000010003f480000600000a090901",
        2,
    ),
    "nfs": _around("", 4, "00000001000000000000000000000000000000020000000400000004"),
    "nfs_mount": _around("", 4, "0000000100000000000000000000000000000000"),
    "ntp": _recorded("240a00e600000000000000007f7f0101eeaf095f2ae637381a2b3c4d5e6f7081eeaf096111bb228beeaf096111c0df06", 8),  # chrony
    "onc_rpc_any": _around("", 4, "0000000100000000000000000000000000000001"),  # rpcbind
    "onvif": _text(_MATCH.replace("GROUP", "6f6e")),
    "openvpn": _recorded("40a37eee0e826dc34901000000001a2b3c4d5e6f708100000000", 8),  # OpenVPN
    "pcp": _recorded("0280000000000000000016f0000000000000000000000000"),  # MiniUPnPd
    "qotd": lambda nonce: b'"A door is what a dog is perpetually on the wrong side of." (Nash)\r\n',
    "quake2": lambda nonce: b"\xff\xff\xff\xffchallenge -1234567 p=34,35",
    "quake3": _quake3,
    "quic": _recorded("c600000000081a2b3c4d5e6f708108646f6f72776172641a2ababa00000001709a50c4ff00001d", 8),  # Caddy
    "radius": _radius,  # FreeRADIUS
    "rdp_udp": lambda nonce: (_low(nonce, 4) + bytes.fromhex("004000050000000104d004d0")).ljust(1232, b"\0"),
    "rip": _around("0202000000020000", 4, "ffffffff0000000000000010"),
    "rmcp": _around("0600ff06000011be40", 1, "0010000011be000000008100000000000000"),
    "rpcbind": _recorded("5e6f70810000000100000000000000000000000000000000", 4),  # rpcbind
    "samp": lambda nonce: b"SAMP" + bytes.fromhex("7f000001611e") + b"p" + _low(nonce, 4),
    "sip": _text(  # Kamailio
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP doorward.invalid;rport=35224;branch=z9hG4bKdw{};received=127.0.0.1\r\n"
        "From: <sip:doorward@doorward.invalid>;tag=doorward\r\nTo: <sip:doorward@doorward.invalid>;tag=b27e\r\n"
        "Call-ID: options@doorward.invalid\r\nCSeq: 1 OPTIONS\r\nServer: kamailio (5.6.3)\r\nContent-Length: 0\r\n\r\n"
    ),
    "slp": _around("02020000140000000000", 2, "0002656e00000000"),
    "snmp_v1": _recorded(  # Net-SNMP
        "303302010004067075626c6963a22602045a4470810201000201003018301606082b06010201010200060a2b06010401bf0803020a", 2
    ),
    "snmp_v2c": _recorded(  # Net-SNMP
        "303302010104067075626c6963a22602045a4470810201000201003018301606082b06010201010200060a2b06010401bf0803020a", 2
    ),
    "snmp_v3": _recorded(  # Net-SNMP
        "306f020103301102045a467081020300ffe30401000201030421301f041180001f88806fde2c00c08a046b0000000002010102012004000400040030340411"
        "80001f88806fde2c00c08a046b000000000400a81d02025a460201000201003011300f060a2b060106030f01010400410101",
        2,
    ),
    "ssdp": lambda nonce: (  # MiniDLNA
        b"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nST: upnp:rootdevice\r\n"
        b"USN: uuid:4d696e69-444c-164e-9d41-56b932dcf080::upnp:rootdevice\r\nEXT:\r\nSERVER: Debian DLNADOC/1.50 UPnP/1.0\r\n\r\n"
    ),
    "stun": _recorded(  # coturn
        "0101003c2112a442646f6f721a2b3c4d5e6f7081002000080001b80a5e12a44300010008000199187f000001802b000800015f9e7f00000180220014436f"
        "7475726e2d342e362e312027476f72737427",
        8,
    ),
    "teamspeak": lambda nonce: b"TS3INIT1\0\x65\x88\x01" + bytes(range(16)) + _low(nonce, 4)[::-1],
    "teredo": _around(
        "00010000",
        8,
        "00"
        "0000"
        "edc9"
        "f5fffffe"
        "6000000000103aff"
        "fe800000000000008000f227bec561f9"
        "fe80000000000000"
        "0000646f6f727761"
        "8600"
        "0000"
        "00000000"
        "00000000"
        "00000000",
    ),
    "tftp": _recorded("0005000146696c65206e6f7420666f756e6400"),  # tftpd-hpa
    "time": _recorded("eeaf096b"),  # xinetd
    "vxworks_wdb": _around("", 4, "00000001000000010000000100000002"),
    "ws_discovery": _text(_MATCH.replace("GROUP", "7764")),  # as wsdd has it
    "xdmcp": _recorded("00010005001900000002766d001157696c6c696e6720746f206d616e616765"),  # xdm
}
