"""A POST to somebody else's machine, and where it may not be led."""

import datetime
import inspect
import socket
import ssl
from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from renrakucho.lib.happy_eyeballs import connect_first
from renrakucho.lib.safe_http import (
    BadTarget,
    NoHttpResponse,
    NotSent,
    is_reachable,
    is_this_machine,
    parse_networks,
    safe_request,
)
from renrakucho.lib.tracing import SpanAttribute, SpanKind, trace_span
from tests.listener import Listener, Reply, listening

HERE = parse_networks(["127.0.0.0/8", "::1"])


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("203.0.114.7", True),
        ("2400:4000::1", True),
        ("127.0.0.1", False),
        ("127.9.9.9", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("172.16.5.4", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),  # where clouds keep their machines' secrets
        ("100.64.0.1", False),  # carriers' own
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),  # NAT64 of 127.0.0.1
        ("::7f00:1", False),  # the same in the oldest form
        ("::ffff:0:7f00:1", False),  # and in SIIT's
        ("fec0::1", False),  # site-local, as it was called
        ("64:ff9b::cb00:7207", True),  # NAT64 of 203.0.114.7
        ("2002:7f00:1::", False),  # 6to4 of 127.0.0.1
        ("2001:0:cb00:7207::80ff:fffe", False),  # Teredo: server 203.0.114.7, client 127.0.0.1
        ("2001:db8::1", False),
    ],
)
def test_only_the_public_internet_is_reachable_by_default(address: str, good: bool) -> None:
    assert is_reachable(address) is good


def test_a_named_network_is_reachable() -> None:
    assert is_reachable("10.1.2.3", [ip_network("10.1.2.0/24")])
    assert not is_reachable("10.1.3.3", [ip_network("10.1.2.0/24")])
    assert is_reachable("::ffff:10.1.2.3", [ip_network("10.1.2.0/24")])


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "[::ffff:7f00:1]"]
)
def test_no_name_of_this_machine_is_reachable(host: str) -> None:
    with listening() as there:
        for scheme in ("http", "https"):
            with pytest.raises(NotSent):
                safe_request(there.url(host, scheme), b"{}", {})
        assert there.received == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "provider.example/moves",
        "ftp://provider.example/",
        "file:///etc/passwd",
        "https:///moves",
        "https://user:secret@127.0.0.1/",
        "https://@127.0.0.1/",
        "https://127.0.0.1:99999/",
        "https://127.0.0.1:0/",
        "https://[::1/",
    ],
)
def test_a_url_that_is_no_plain_https_url_is_refused(url: str) -> None:
    with pytest.raises(BadTarget):
        safe_request(url, b"{}", {}, named=HERE)


def test_http_leads_to_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, ["10.1.2.3"])
    with pytest.raises(BadTarget, match="https is needed"):
        safe_request("http://provider.example/", b"{}", {}, named=parse_networks(["10.0.0.0/8"]))


def answers(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> list[str]:
    """Names are looked up so from now on; returns the names that were asked for."""
    asked: list[str] = []

    def look_up(host: str, port: int, *others: object, **more: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_one_private_address_among_public_ones_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, ["203.0.114.7", "169.254.169.254"])
    with pytest.raises(BadTarget):
        safe_request("https://provider.example/", b"{}", {})


def test_the_name_is_resolved_once_and_the_checked_address_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as there:
        asked = answers(monkeypatch, ["127.0.0.1"])
        connected: list[object] = []

        def connect(addresses: Sequence[str], port: int, until: float) -> socket.socket | None:
            connected.append((*addresses, port))
            monkeypatch.undo()
            return connect_first(addresses, port, until)

        monkeypatch.setattr("renrakucho.lib.safe_http.connect_first", connect)
        assert safe_request(there.url("provider.example"), b"{}", {}, named=HERE).status == 204
    assert (asked, connected) == (["provider.example"], [("127.0.0.1", there.port)])


@pytest.mark.parametrize(
    "status", [b"100 Continue", b"101 Changed", b"102 Processing", b"103 Early Hints", b"199 Last"]
)
def test_what_only_announces_the_response_is_read_past(status: bytes) -> None:
    raw = b"HTTP/1.1 " + status + b"\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\nX-Last: 1\r\n\r\n"
    with listening(lambda _: Reply(raw=raw)) as there:
        answer = safe_request(there.url(), b"{}", {}, named=HERE)
    assert (answer.status, answer.headers) == (204, {"x-last": "1"})


def test_a_redirect_is_returned_and_not_followed() -> None:
    with listening() as inside, listening(lambda _: Reply(302, headers={"Location": inside.url()})) as there:
        assert safe_request(there.url(), b"{}", {}, named=HERE).status == 302
        assert inside.received == []


def test_body_and_headers_are_sent_and_the_response_is_returned() -> None:
    with listening(lambda _: Reply(200, b'{"ok":1}', {"X-Two": "2"})) as there:
        answer = safe_request(there.url(), "髙".encode(), {"Content-Type": "application/json"}, named=HERE)
    (received,) = there.received
    assert (received.path, received.body) == ("/moves?from=portal", "髙".encode())
    assert received.headers["host"] == f"127.0.0.1:{there.port}"
    assert (answer.status, answer.headers["x-two"], answer.body) == (200, "2", b'{"ok":1}')


def test_a_span_names_the_machine_and_never_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    said: dict[str, object] = {}

    def trace(name: str, _kind: object, attributes: dict[str, object]) -> object:
        said.update(attributes)
        return trace_span(name, SpanKind.CLIENT, {})

    monkeypatch.setattr("renrakucho.lib.safe_http.trace_span", trace)
    with listening() as there:
        safe_request(there.url(), b"{}", {}, named=HERE)
    assert said == {
        SpanAttribute.METHOD: "POST",
        SpanAttribute.SCHEME: "http",
        SpanAttribute.SERVER: "127.0.0.1",
        SpanAttribute.PORT: there.port,
    }


def test_a_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as proxy, listening() as there:
        monkeypatch.setenv("http_proxy", proxy.url())
        safe_request(there.url(), b"{}", {}, named=HERE)
        assert (len(proxy.received), len(there.received)) == (0, 1)


def test_an_endless_response_is_read_up_to_the_limit() -> None:
    with listening(lambda _: Reply(200, b"x" * (65_536 + 50))) as there:
        assert len(safe_request(there.url(), b"{}", {}, named=HERE).body) == 65_536


def test_a_request_has_ten_seconds_by_default() -> None:
    assert inspect.signature(safe_request).parameters["seconds"].default == 10


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 2",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha",
    ],
)
def test_a_lost_or_broken_response_raises_no_http_response(raw: bytes) -> None:
    with listening(lambda _: Reply(raw=raw)) as there, pytest.raises(NoHttpResponse):
        safe_request(there.url(), b"{}", {}, named=HERE)


def test_no_response_in_time_raises_no_http_response() -> None:
    with listening() as there:
        there.waiting.clear()
        with pytest.raises(NoHttpResponse):
            safe_request(there.url(), b"{}", {}, named=HERE, seconds=0.2)
        assert len(there.received) == 1


def test_a_slow_response_is_cut_off_in_time() -> None:
    """Each byte comes well within the limit for one read; the whole would be a good answer, a minute later."""
    whole = b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 600 + b"\r\nContent-Length: 0\r\n\r\n"
    with listening(lambda _: Reply(raw=whole, every=0.1)) as there, pytest.raises(NoHttpResponse):
        safe_request(there.url(), b"{}", {}, named=HERE, seconds=0.4)


def test_a_refused_connection_raises_not_sent() -> None:
    with listening() as there:
        pass
    with pytest.raises(NotSent):
        safe_request(there.url(), b"{}", {}, named=HERE)


def test_an_unknown_name_raises_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, [])
    with pytest.raises(NotSent):
        safe_request("https://provider.example/", b"{}", {})


def test_a_look_up_that_never_ends_raises_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as there:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: there.waiting.wait(30) and [])
        there.waiting.clear()
        with pytest.raises(NotSent):
            safe_request("https://provider.example/", b"{}", {}, seconds=0.1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For «provider.example», signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "provider.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("provider.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "provider.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[Listener]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with listening(tls=context) as there:
        yield there


def test_the_certificate_has_to_be_of_the_name_not_of_the_address(
    encrypted: Listener, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, ["127.0.0.1"])
    url = encrypted.url("provider.example", "https")
    assert safe_request(url, b"{}", {}, named=HERE, authorities=str(certificate)).status == 204
    with pytest.raises(NotSent, match="certificate"):
        safe_request(encrypted.url("other.example", "https"), b"{}", {}, named=HERE, authorities=str(certificate))
    with pytest.raises(NotSent, match="certificate"):
        safe_request(url, b"{}", {}, named=HERE)
    assert len(encrypted.received) == 1


def test_no_response_in_time_over_tls_raises_no_http_response(
    encrypted: Listener, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, ["127.0.0.1"])
    encrypted.waiting.clear()
    url = encrypted.url("provider.example", "https")
    with pytest.raises(NoHttpResponse):
        safe_request(url, b"{}", {}, named=HERE, authorities=str(certificate), seconds=0.5)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_a_loopback_name_or_address_is_this_machine(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["", "localhost.example", "mail.localhost", "10.0.0.1", "128.0.0.1", "::2"])
def test_any_other_name_or_address_is_another_machine(host: str) -> None:
    assert not is_this_machine(host)


def test_a_nat64_address_counts_to_its_last_bit() -> None:
    assert is_reachable("64:ff9b::a01:203", parse_networks(["10.1.2.3"]))
    assert not is_reachable("64:ff9b::a01:202", parse_networks(["10.1.2.3"]))


@pytest.mark.parametrize(("scheme", "port"), [("https", 443), ("http", 80)])
def test_a_url_without_a_port_leads_to_its_schemes_port(
    scheme: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[object] = []

    def refuse(addresses: Sequence[str], port: int, until: float) -> None:
        connected.append((*addresses, port))

    answers(monkeypatch, ["127.0.0.1"])
    monkeypatch.setattr("renrakucho.lib.safe_http.connect_first", refuse)
    with pytest.raises(NotSent):
        safe_request(f"{scheme}://provider.example/", b"{}", {}, named=HERE)
    assert connected == [("127.0.0.1", port)]
