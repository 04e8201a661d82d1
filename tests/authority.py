"""A time-stamping authority on this machine: `openssl ts` behind HTTP, with a root of its own."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from alteram.adapters.timestamps import read_roots
from tests.loopback import reply, scripted
from tests.needs import need_program

REPLY = "application/timestamp-reply"
# No `certs=`: openssl 3.0 writes more than one certificate out of the order that DER demands.
CONFIGURATION = """
[tsa]
default_tsa = one
[one]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Authority:
    """A time-stamping authority in a folder, and where it answers."""

    folder: Path
    url: str
    roots: tuple[x509.Certificate, ...]

    def stamp(self, query: bytes) -> bytes:
        """Return the answer to a query."""
        return stamp(self.folder, query)


def stamp(folder: Path, query: bytes) -> bytes:
    """Return what the authority in `folder` answers to a query."""
    (folder / "query").write_bytes(query)
    command = "openssl ts -reply -config tsa.cnf -section one -queryfile query -signer tsa.pem -inkey tsa.key"
    return subprocess.run(command.split(), cwd=folder, check=True, capture_output=True).stdout


def certify(folder: Path, *, for_stamping: bool = True) -> x509.Certificate:
    """Write a root and a certificate under it for the authority; return the root."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Root")])
    now = datetime.now(UTC)

    def begin(name: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        span = (now - timedelta(days=1), now + timedelta(days=1))
        builder = x509.CertificateBuilder(root_name, name, public, x509.random_serial_number(), *span)
        identifier = x509.SubjectKeyIdentifier.from_public_key(public)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
        return builder.add_extension(identifier, critical=False).add_extension(authority, critical=False)

    root = begin(root_name, root_key.public_key()).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
    signed_root = root.sign(root_key, hashes.SHA256())
    usage = ExtendedKeyUsageOID.TIME_STAMPING if for_stamping else ExtendedKeyUsageOID.SERVER_AUTH
    leaf = begin(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority")]), key.public_key())
    leaf = leaf.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    pem = serialization.Encoding.PEM
    (folder / "tsa.pem").write_bytes(leaf.sign(root_key, hashes.SHA256()).public_bytes(pem))
    (folder / "root.pem").write_bytes(signed_root.public_bytes(pem))
    form = serialization.PrivateFormat.PKCS8
    (folder / "tsa.key").write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()))
    return signed_root


@contextmanager
def running_authority(folder: Path) -> Iterator[Authority]:
    """Yield an authority kept in `folder`, made there; skip the test where there is no openssl."""
    need_program("openssl", provided_by="apt-get install openssl")
    folder.mkdir()
    (folder / "tsa.cnf").write_text(CONFIGURATION)
    (folder / "serial").write_text("01\n")
    certify(folder)
    turn = threading.Lock()

    def answer(handler: BaseHTTPRequestHandler, query: bytes) -> None:
        assert handler.headers["Content-Type"] == "application/timestamp-query"
        with turn:
            reply(handler, 200, stamp(folder, query), REPLY)

    with scripted(answer) as url:
        yield Authority(folder, url, read_roots((folder / "root.pem").read_bytes()))
