"""What header fields and error pages say of their server."""

import pytest

from doorward.identify.probes._web_servers import web_server

TOLD = [
    ({"server": "nginx/1.22.1"}, "", "nginx", "1.22.1", "cpe:2.3:a:f5:nginx:1.22.1:*:*:*:*:*:*:*"),
    ({"server": "Docker/24.0.5 (linux)"}, "", "Docker", "24.0.5", "cpe:2.3:a:docker:docker:24.0.5:*:*:*:*:*:*:*"),
    ({"via": "1.1 lab (Varnish/7.1)"}, "", "Varnish", "", "cpe:2.3:a:varnish-software:varnish_cache:*:*:*:*:*:*:*:*"),
    ({"x-influxdb-version": "v1.6.7"}, "", "InfluxDB", "1.6.7", "cpe:2.3:a:influxdata:influxdb:1.6.7:*:*:*:*:*:*:*"),
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
