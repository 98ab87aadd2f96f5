"""Files of deploy/ on a host of the cluster: systemd units run by what they say, certificates, lists of names.

systemd itself does not run here: of a unit, command, user, folder, environment and credentials are used. What it may
not do is checked by `systemd-analyze` (tests/deploy).
"""

import re
import shlex
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from benchmarks.cluster_hosts import ClusterHost, HostService

DEPLOY = Path(__file__).parents[1] / "deploy"
SERVICE_FOLDER = "/srv/renrakucho"


def deploy_text(name: str, **instead: str) -> str:
    """A file of deploy/. instead: what an operator has to put in place of «change-me» and of db1's own lines."""
    text = (DEPLOY / name).read_text("utf-8").replace("change-me", "of-this-trial")
    for old, new in instead.items():
        text = text.replace(old, new)
    return text


def env_file(text: str) -> dict[str, str]:
    """Variables of an EnvironmentFile."""
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {name: "".join(shlex.split(value)) for name, _, value in (line.partition("=") for line in lines)}


def unit_settings(name: str) -> dict[str, list[str]]:
    """The settings of a unit of deploy/systemd, of all its sections."""
    found: dict[str, list[str]] = {}
    for setting, value in re.findall(r"^(\w+)=(.*)$", (DEPLOY / "systemd" / name).read_text("utf-8"), re.MULTILINE):
        found.setdefault(setting, []).append(value)
    return found


def unit_service(host: ClusterHost, name: str) -> HostService:
    """The service of a unit on this host, with its credentials as systemd hands them over."""
    settings, service = unit_settings(f"{name}.service"), name.removeprefix("renrakucho-")
    user = settings.get("User", ["root"])[0]
    environment: dict[str, str] = {}
    for path in settings.get("EnvironmentFile", []):
        environment |= env_file(host.path(path).read_text("utf-8"))
    for credential in settings.get("LoadCredential", []):
        key, _, path = credential.partition(":")
        environment["CREDENTIALS_DIRECTORY"] = f"/run/credentials/{name}.service"
        hand_over = partial(_hand_over, host, path, f"/run/credentials/{name}.service/{key}", user)
        hand_over()
        host.at_boot.append(hand_over)
    environment |= {"PYTHONPATH": SERVICE_FOLDER, "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings"}
    folder = settings.get("WorkingDirectory", ["/"])[0]
    return HostService(service, shlex.split(settings["ExecStart"][0]), user, environment, folder)


def _hand_over(host: ClusterHost, path: str, place: str, user: str) -> None:
    host.write(place, host.path(path).read_text("utf-8"), 0o400, user, user)


def serial_of(pem: str) -> int:
    """The serial number of a certificate."""
    return x509.load_pem_x509_certificate(pem.encode()).serial_number


class TrialAuthority:
    """A certificate authority of the trial, valid for a day."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority of the trial")])
        built = self._begin(self._name, self._key)
        self._certificate = built.add_extension(x509.BasicConstraints(True, None), True).sign(
            self._key, hashes.SHA256()
        )
        self.pem = self._certificate.public_bytes(serialization.Encoding.PEM).decode()

    def issue(self, name: str, *addresses: str) -> tuple[str, str, int]:
        """A certificate and its key as PEM, and its serial number."""
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [x509.DNSName(name)]
        names += [x509.IPAddress(ip_address(address)) for address in addresses]
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        built = self._begin(subject, key).add_extension(x509.SubjectAlternativeName(names), False)
        certificate = built.sign(self._key, hashes.SHA256())
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        return pem.decode(), secret.decode(), certificate.serial_number

    def _begin(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        begun = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name).public_key(key.public_key())
        begun = begun.serial_number(x509.random_serial_number())
        # From days ago and for weeks: clocks of the trial are wrong.
        return begun.not_valid_before(now - timedelta(days=9)).not_valid_after(now + timedelta(days=30))
