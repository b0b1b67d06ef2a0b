"""What header fields and error pages say of their server."""

import pytest

from doorward.identify.probes._web_servers import web_server

TOLD = [
    ({"server": "nginx/1.22.1"}, "", "nginx", "1.22.1", "cpe:2.3:a:f5:nginx:1.22.1:*:*:*:*:*:*:*"),
    ({"server": "Docker/24.0.5 (linux)"}, "", "Docker", "24.0.5", "cpe:2.3:a:docker:docker:24.0.5:*:*:*:*:*:*:*"),
    ({"via": "1.1 lab (Varnish/7.1)"}, "", "Varnish", "", "cpe:2.3:a:varnish-software:varnish_cache:*:*:*:*:*:*:*:*"),
    ({"x-influxdb-version": "v1.6.7"}, "", "InfluxDB", "1.6.7", "cpe:2.3:a:influxdata:influxdb:1.6.7:*:*:*:*:*:*:*"),
    ({"x-influxdb-version": "1.8.10~rc0"}, "", "InfluxDB", "1.8.10~rc0", "cpe:2.3:a:influxdata:influxdb:1.8.10\\~rc0:*:*:*:*:*:*:*"),
    ({}, "<h3>Apache Tomcat/10.1.60 (Debian)</h3>", "Apache Tomcat", "10.1.60", "cpe:2.3:a:apache:tomcat:10.1.60:*:*:*:*:*:*:*"),
    ({}, "No server is available to handle this request.", "HAProxy", "", "cpe:2.3:a:haproxy:haproxy:*:*:*:*:*:*:*:*"),
    ({"server": "Unheard-of/1.0"}, "", "Unheard-of", "1.0", ""),
    ({"server": "\x1b[31mred"}, "", "", "", ""),
    ({}, "", "", "", ""),
]


@pytest.mark.parametrize(("fields", "page", "product", "version", "cpe"), TOLD)
def test_names_the_server(fields: dict[str, str], page: str, product: str, version: str, cpe: str) -> None:
    server = web_server(fields, page)
    assert (server.product, server.version, server.cpe) == (product, version, cpe)


def test_the_comment_names_the_system() -> None:
    assert web_server({"server": "Apache/2.4.57 (Ubuntu)"}).system == "Ubuntu"
    assert web_server({"server": "Microsoft-IIS/10.0"}).system == "Windows"


def test_the_page_may_be_more_exact_than_the_field() -> None:
    server = web_server({"server": "CUPS/2.4 IPP/2.1"}, "<TITLE>Not Found - CUPS v2.4.2</TITLE>")
    assert (server.version, server.cpe) == ("2.4.2", "cpe:2.3:a:openprinting:cups:2.4.2:*:*:*:*:*:*:*")
    assert web_server({"server": "CUPS/2.4 IPP/2.1"}, "CUPS v1.7.5").version == "2.4"


def test_who_stands_before_others_has_a_role() -> None:
    assert web_server({"server": "squid/5.7"}).role == "proxy"
    assert web_server({"server": "x", "proxy-authenticate": "Basic"}).role == "proxy"
    assert web_server({}, "Invalid header received from client.\n").role == "proxy"
    assert web_server({}, "No server is available to handle this request.").role == "balancer"
    assert web_server({"server": "nginx"}).role == ""


def test_products_tell_themselves_in_fields_of_their_own() -> None:
    server = web_server({"server": "Jetty(10.0.13)", "x-jenkins": "2.401.3"})
    assert (server.product, server.version, server.cpe) == ("Jenkins", "2.401.3", "cpe:2.3:a:jenkins:jenkins:2.401.3:*:*:*:*:*:*:*")
    assert web_server({"x-jenkins": "<b>"}).version == ""
