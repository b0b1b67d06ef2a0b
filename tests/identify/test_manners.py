from doorward.identify.manners import HUSHED_PORTS, TLS_PORTS, is_hushed
from doorward.values.transports import Transport


def test_printers_and_machines_are_left_in_peace() -> None:
    assert {515, 9100, 9107, 102, 502, 20000, 44818, 47808} <= HUSHED_PORTS
    assert is_hushed(Transport.UDP, 47808)
    assert not is_hushed(Transport.TCP, 80)


def test_no_port_is_both() -> None:
    assert not HUSHED_PORTS & TLS_PORTS
    assert {443, 993, 995, 853} <= TLS_PORTS
