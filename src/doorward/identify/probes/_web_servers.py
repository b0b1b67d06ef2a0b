"""What a web server's header fields and error pages say of product and system; knows the names servers give themselves, and no wire."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from doorward.identify.cpe import cpe_name
from doorward.identify.systems import system_from_revision

__all__ = ["WebServer", "web_server"]


class WebServer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A web server as its header fields tell it; empty texts are unknown."""

    product: str = ""
    version: str = ""
    vendor: str = ""
    system: str = ""
    cpe: str = ""
    role: str = ""  #: "proxy", "cache" or "balancer" where it stands before others


# One product token and an optional comment (RFC 9110 §10.2.4): "Apache/2.4.57 (Debian)", "Jetty(9.4.50)", "mini_httpd/1.30 26Oct2018".
_TOKEN = re.compile(r"([A-Za-z][A-Za-z0-9._+!-]*(?: (?=[A-Z])[A-Za-z][A-Za-z-]*)*)(?:[/ (]v?(\d[\w.+~-]*))?")

# Token in lower case → product, its makers, CPE vendor and product (empty: no CPE known).
_PRODUCTS = {
    "apache": ("Apache httpd", "Apache Software Foundation", "apache", "http_server"),
    "nginx": ("nginx", "F5", "f5", "nginx"),
    "openresty": ("OpenResty", "OpenResty", "openresty", "openresty"),
    "lighttpd": ("lighttpd", "lighttpd project", "lighttpd", "lighttpd"),
    "microsoft-iis": ("Microsoft IIS", "Microsoft", "microsoft", "internet_information_services"),
    "microsoft-httpapi": ("Microsoft HTTPAPI", "Microsoft", "", ""),
    "simplehttp": ("Python http.server", "Python Software Foundation", "python", "python"),
    "basehttp": ("Python http.server", "Python Software Foundation", "python", "python"),
    "werkzeug": ("Werkzeug", "Pallets", "palletsprojects", "werkzeug"),
    "gunicorn": ("Gunicorn", "Gunicorn project", "gunicorn", "gunicorn"),
    "uvicorn": ("Uvicorn", "Encode", "encode", "uvicorn"),
    "hypercorn": ("Hypercorn", "Philip Jones", "", ""),
    "waitress": ("Waitress", "Pylons Project", "agendaless", "waitress"),
    "cherrypy": ("CherryPy", "CherryPy project", "cherrypy", "cherrypy"),
    "cheroot": ("Cheroot", "CherryPy project", "cherrypy", "cheroot"),
    "tornadoserver": ("Tornado", "Tornado project", "tornadoweb", "tornado"),
    "twistedweb": ("Twisted Web", "Twisted Matrix Labs", "twistedmatrix", "twisted"),
    "caddy": ("Caddy", "Caddy project", "caddyserver", "caddy"),
    "jetty": ("Jetty", "Eclipse Foundation", "eclipse", "jetty"),
    "apache-coyote": ("Apache Tomcat", "Apache Software Foundation", "apache", "tomcat"),
    "cups": ("CUPS", "OpenPrinting", "openprinting", "cups"),
    "squid": ("Squid", "Squid project", "squid-cache", "squid"),
    "mini_httpd": ("mini_httpd", "ACME Laboratories", "acme", "mini-httpd"),
    "thttpd": ("thttpd", "ACME Laboratories", "acme", "thttpd"),
    "webfs": ("webfs", "Gerd Hoffmann", "", ""),
    "boa": ("Boa", "Boa project", "boa", "boa"),
    "goahead": ("GoAhead", "EmbedThis", "embedthis", "goahead"),
    "goahead-webs": ("GoAhead", "EmbedThis", "embedthis", "goahead"),
    "envoy": ("Envoy", "Envoy project", "envoyproxy", "envoy"),
    "istio-envoy": ("Envoy", "Envoy project", "envoyproxy", "envoy"),
    "kestrel": ("Kestrel", "Microsoft", "", ""),
    "cowboy": ("Cowboy", "Nine Nines", "ninenines", "cowboy"),
    "litespeed": ("LiteSpeed", "LiteSpeed Technologies", "litespeedtech", "litespeed_web_server"),
    "docker": ("Docker", "Docker", "docker", "docker"),
    "cloudflare": ("Cloudflare", "Cloudflare", "", ""),
    "tengine": ("Tengine", "Alibaba", "", ""),
    "mochiweb": ("MochiWeb", "Mochi Media", "", ""),
    "icecast": ("Icecast", "Xiph.Org", "xiph", "icecast"),
    "webrick": ("WEBrick", "Ruby project", "ruby-lang", "webrick"),
    "puma": ("Puma", "Puma project", "puma", "puma"),
    "monkey": ("Monkey", "Monkey project", "monkey-project", "monkey"),
    "civetweb": ("CivetWeb", "CivetWeb project", "civetweb_project", "civetweb"),
    "mongoose": ("Mongoose", "Cesanta", "cesanta", "mongoose"),
    "aiohttp": ("aiohttp", "aio-libs", "aiohttp", "aiohttp"),
    "haproxy": ("HAProxy", "HAProxy Technologies", "haproxy", "haproxy"),
    "privoxy": ("Privoxy", "Privoxy project", "privoxy", "privoxy"),
    "minio": ("MinIO", "MinIO", "minio", "minio"),
    "influxdb": ("InfluxDB", "InfluxData", "influxdata", "influxdb"),
    "couchdb": ("CouchDB", "Apache Software Foundation", "apache", "couchdb"),
    "varnish": ("Varnish", "Varnish Software", "varnish-software", "varnish_cache"),
    "tinyproxy": ("Tinyproxy", "Tinyproxy project", "tinyproxy_project", "tinyproxy"),
}
# A second token in the Server field that names the language under a small server: "SimpleHTTP/0.6 Python/3.11.2".
_PYTHON = re.compile(r"\bC?Python/(\d[\w.+]*)")
# Products that stand before other servers, or fetch for others.
_ROLES = {"Squid": "proxy", "Tinyproxy": "proxy", "Privoxy": "proxy", "HAProxy": "balancer", "Envoy": "balancer", "Varnish": "cache"}
# Fields of their own in which products tell their version: field → product, its makers, CPE vendor and product.
_TELLING_FIELDS = {
    "x-influxdb-version": ("InfluxDB", "InfluxData", "influxdata", "influxdb"),
    "x-jenkins": ("Jenkins", "Jenkins project", "jenkins", "jenkins"),
    "x-hudson-theme": ("Jenkins", "Jenkins project", "jenkins", "jenkins"),
    "x-confluence-request-time": ("Confluence", "Atlassian", "atlassian", "confluence"),
    "x-gitea-version": ("Gitea", "Gitea project", "gitea", "gitea"),
    "x-transmission-session-id": ("Transmission", "Transmission project", "transmissionbt", "transmission"),
    "x-plex-protocol": ("Plex Media Server", "Plex", "plex", "media_server"),
    "x-pingdirectory-version": ("PingDirectory", "Ping Identity", "pingidentity", "pingdirectory"),
    "x-nextcloud-request-id": ("Nextcloud", "Nextcloud", "nextcloud", "nextcloud"),
    "x-sonatype-nexus": ("Nexus Repository", "Sonatype", "sonatype", "nexus_repository_manager"),
}
_NUMBER = re.compile(r"v?(\d[\w.+~-]{0,40})")
# Pages on which a server tells its version more exactly than in its header field: product → pattern.
_EXACTER = {"CUPS": re.compile(r"\bCUPS v?(\d+\.\d+[\w.]{0,20})"), "Squid": re.compile(r"\bsquid/(\d[\w.]{0,20})")}
# What error pages say of the server that made them, where its header fields don't: text → token of `_PRODUCTS`, version in the first group.
_PAGES = (
    (re.compile(r"Apache Tomcat(?:/(\d[\w.]{0,20}))?"), "apache-coyote"),
    (re.compile(r"No server is available to handle this request"), "haproxy"),
    (re.compile(r"^Invalid header received from client\."), "privoxy"),
    (re.compile(r"Privoxy (\d[\w.]{0,20})"), "privoxy"),
)


def web_server(fields: Mapping[str, str], page: str = "") -> WebServer:
    """Conclude product, version and system from header fields with lower-case names, else from the page."""
    told = _with_role(_exacter(_from_fields(fields), page), fields)
    if told.product:
        return told
    for text, token in _PAGES:
        if found := text.search(page):
            product, vendor, cpe_vendor, cpe_product = _PRODUCTS[token]
            version = (found[1] or "").rstrip(".") if text.groups else ""
            return _with_role(WebServer(product, version, vendor, told.system, cpe_name(cpe_vendor, cpe_product, version)), fields)
    return told


def _exacter(told: WebServer, page: str) -> WebServer:
    """Take the page's number where it goes on where the header field's stops: 2.4.2 after 2.4."""
    found = _EXACTER[told.product].search(page) if told.product in _EXACTER else None
    if found is None or not found[1].startswith(told.version):
        return told
    return msgspec.structs.replace(told, version=found[1], cpe=told.cpe.replace(f":{told.version or '*'}:", f":{found[1]}:", 1))


def _with_role(told: WebServer, fields: Mapping[str, str]) -> WebServer:
    role = "proxy" if "proxy-authenticate" in fields or "x-squid-error" in fields else _ROLES.get(told.product, "")
    return msgspec.structs.replace(told, role=role) if role else told


def _from_telling_fields(fields: Mapping[str, str]) -> WebServer:
    name = next((name for name in _TELLING_FIELDS if name in fields), "")
    if not name:
        return WebServer()
    product, vendor, cpe_vendor, cpe_product = _TELLING_FIELDS[name]
    found = _NUMBER.fullmatch(fields[name]) if name.endswith(("-version", "-jenkins")) else None
    version = found[1] if found else ""
    return WebServer(product, version, vendor, system_from_revision(fields.get("server", "")), cpe_name(cpe_vendor, cpe_product, version))


def _from_fields(fields: Mapping[str, str]) -> WebServer:
    telling = _from_telling_fields(fields)
    if telling.product:
        return telling
    text = fields.get("server", "")[:300]
    via = fields.get("via", "")[:300].lower()
    if not text and "varnish" in via:
        text = "Varnish"
    found = _TOKEN.match(text)
    if found is None:
        return WebServer(system=system_from_revision(text))
    token, version = found[1], found[2] or ""
    system = system_from_revision(text)
    known = _PRODUCTS.get(token.lower())
    if known is None:
        return WebServer(token, version, "", system)
    product, vendor, cpe_vendor, cpe_product = known
    if product == "Python http.server":  # its own number says nothing; the language's does
        python = _PYTHON.search(text)
        version = python[1].rstrip("+") if python else ""
    if product == "Microsoft IIS":
        system = "Windows"
    cpe = cpe_name(cpe_vendor, cpe_product, version) if cpe_vendor else ""
    return WebServer(product, version, vendor, system, cpe)
