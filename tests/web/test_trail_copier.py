"""The off-host copy of the trail: to a real socket, every line at least once, whatever happens in between."""

import ipaddress
import json
import socket
import socketserver
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.web import town
from timebank import clock
from timebank.config import LogServer, SettingWrong, read
from timebank.database import reading, writing
from timebank.people.operations.sights import note_sight
from timebank.people.queries.sights import Sight, sights_since
from timebank.web import trail_copier
from timebank.web.trail_copier import CURSOR_FILE, NotTakenError, copy, waiting


class LogHost:
    """A syslog server on this machine. `broken`: it breaks off without having read anything."""

    def __init__(self, context=None):
        self.messages: list[str] = []
        self.broken = False
        host = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                if host.broken:
                    self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    self.request.close()
                    return
                with suppress(ssl.SSLError):
                    stream = self.request if context is None else context.wrap_socket(self.request, server_side=True)
                    with stream:
                        host.messages += parted(b"".join(iter(lambda: stream.recv(65_536), b"")))

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.place = LogServer("127.0.0.1", self.server.server_address[1], encrypted=context is not None)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def lines(self):
        """What the messages say."""
        return [json.loads(message.partition(" - ")[2]) for message in self.messages]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def parted(stream):
    """Part a stream into its messages by the length before each (RFC 6587)."""
    messages = []
    while stream:
        length, _, rest = stream.partition(b" ")
        messages.append(rest[: int(length)].decode())
        stream = rest[int(length) :]
    return messages


@pytest.fixture
def log_host():
    found = LogHost()
    yield found
    found.close()


@pytest.fixture
def settings(site, log_host, tmp_path):
    """The settings of an installation whose operator has named this log server."""
    return replace(site.app.config["SETTINGS"], log_server=log_host.place, data_folder=tmp_path)


def written(site):
    """Return the ids of all lines that the community has, of both trails."""
    state = site.state()
    with site.reading() as session:
        return len([row for row in state["trail"] if town.XFL in row]) + len(
            sights_since(session, town.XFL, trail_copier.FIRST, limit=10_000)
        )


def copied(site, settings):
    """Copy until nothing is left, and return how many lines went."""
    total = 0
    while sent := copy(site.engine, settings, town.XFL, clock.now()):
        total += sent
    return total


class TestCopying:
    """ASVS 16.4.3: what is in the trail is on another machine, too; trust.md T18."""

    def test_every_line_comes_once_and_says_what_stands_in_the_trail(self, site, settings, log_host):
        site.visitor("li").text(f"/people/{town.WANG}")

        sent = copied(site, settings)

        assert written(site) == sent == len(log_host.lines)
        assert sent == len({(line["id"], "verb" in line) for line in log_host.lines})
        assert log_host.messages[0].startswith("<110>1 20")
        (look,) = [line for line in log_host.lines if line.get("what") == "persons.person"]
        assert (town.XFL, "S002", town.WANG) == (look["community"], look["actor"], look["subject"])

    def test_what_comes_later_follows(self, site, settings, log_host):
        copied(site, settings)
        before = len(log_host.lines)

        site.visitor("zhao").get("/admin")

        assert 1 == copied(site, settings)
        assert "web.door" == log_host.lines[before]["verb"]

    def test_after_an_outage_it_goes_on_where_it_was(self, site, settings, log_host):
        copied(site, settings)
        before = len(log_host.lines)
        log_host.broken = True
        for _ in range(3):
            site.visitor("zhao").get("/admin")
        with pytest.raises(NotTakenError):
            copied(site, settings)
        assert 3 == self.waiting(site, settings)

        log_host.broken = False

        assert 3 == copied(site, settings) == len(log_host.lines) - before
        assert 0 == self.waiting(site, settings)

    def waiting(self, site, settings):
        with reading(site.engine) as session:
            return waiting(session, settings, town.XFL, clock.now())

    def test_where_nobody_listens_requests_go_on(self, site, settings, log_host):
        log_host.close()

        with pytest.raises(NotTakenError):
            copied(site, settings)

        assert 200 == site.visitor("li").get(f"/people/{town.WANG}").status_code

    def test_a_line_that_was_committed_late_is_not_passed_over(self, site, settings, log_host):
        copied(site, settings)
        with writing(site.engine) as session:
            act = town.Stage(session, town.XFL, clock.now() - timedelta(minutes=3)).act("nobody")
            note_sight(session, act, Sight(what="late", subject=None, outcome="seen"))

        assert 1 == copied(site, settings)
        assert "late" == log_host.lines[-1]["what"]

    def test_without_its_cursor_everything_comes_again(self, site, settings, log_host):
        first = copied(site, settings)
        (settings.data_folder / CURSOR_FILE).unlink()

        assert first == copied(site, settings)

    def test_more_than_one_batch(self, site, settings, log_host, monkeypatch):
        monkeypatch.setattr(trail_copier, "AT_ONCE", 7)

        assert written(site) == copied(site, settings) == len(log_host.lines)

    def test_a_thread_does_it_by_itself(self, site, settings, log_host):
        stop = trail_copier.start(settings, every_seconds=0.05)
        deadline = time.monotonic() + 20
        while not log_host.lines and time.monotonic() < deadline:
            time.sleep(0.05)
        stop.set()

        assert log_host.lines


class TestEncrypted:
    """Over TLS the certificate must be the server's own."""

    @pytest.fixture
    def certificate(self, tmp_path):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "log host")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
            .sign(key, hashes.SHA256())
        )
        path = tmp_path / "log-host.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
        return path

    @pytest.fixture
    def log_host(self, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        found = LogHost(context)
        yield found
        found.close()

    def test_a_trusted_server_gets_every_line(self, site, settings, log_host, certificate, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

        assert copied(site, settings) == len(log_host.lines)

    def test_a_stranger_gets_none(self, site, settings, log_host):
        with pytest.raises(NotTakenError):
            copied(site, settings)

        assert [] == log_host.messages


class TestTheSetting:
    """A wrong address stops the start."""

    def test_is_read(self):
        assert (
            LogServer("log.example", 6514, encrypted=True)
            == read({"TIMEBANK_LOG_SERVER": "tls://log.example:6514"}).log_server
        )
        assert read({}).log_server is None

    @pytest.mark.parametrize(
        "text", ["log.example:6514", "udp://log.example:514", "tls://log.example", "tcp://a:70000"]
    )
    def test_what_is_none_is_refused(self, text):
        with pytest.raises(SettingWrong):
            read({"TIMEBANK_LOG_SERVER": text})
