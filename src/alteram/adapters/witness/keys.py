"""A witness's directory: its keys, the logs it trusts, and a folder for what it cosigned last.

witness.key    one private key a line, Ed25519 (0x04) and ML-DSA-44 (0x06), readable by its owner only
witness.vkey   their public halves, to hand to the logs
logs.policy    the logs whose checkpoints are cosigned: a tlog-policy file with `quorum none`
cosigned/      the newest checkpoint cosigned for each log; restoring an old copy of it would undo the witness's word
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from alteram.core.tlog import COSIGNATURE_ED25519, COSIGNATURE_MLDSA44, NoteError, SignerKey, VerifierKey, parse_policy
from alteram.core.tlog.keys import check_name, decode_base64, encode_base64, parse_verifier_key
from alteram.operations.ports import StoreError

_PRIVATE = "PRIVATE+KEY+"
_NO_LOGS = """\
# The logs whose checkpoints this witness cosigns, one a line: log <vkey>
quorum none
"""


@dataclass(frozen=True, slots=True)
class WitnessDirectory:
    """Where a witness keeps what it needs."""

    path: Path

    @property
    def key_file(self) -> Path:
        """Return where the private keys are."""
        return self.path / "witness.key"

    @property
    def vkey_file(self) -> Path:
        """Return where the public keys are."""
        return self.path / "witness.vkey"

    @property
    def logs_file(self) -> Path:
        """Return where the trusted logs are named."""
        return self.path / "logs.policy"

    @property
    def cosigned(self) -> Path:
        """Return the folder of what was cosigned last."""
        return self.path / "cosigned"


def create_witness(
    directory: Path, name: str, *, entropy: Callable[[int], bytes] = os.urandom
) -> tuple[VerifierKey, ...]:
    """Make a witness called `name` in `directory` and return its public keys: Ed25519 (0x04), ML-DSA-44 (0x06).

    The two keys are of different kinds and made apart: an Ed25519 cosigner's key must serve nothing else
    (tlog-cosignature). Raises: StoreError when there is a witness already; NoteError for a name no key can have.
    """
    check_name(name)
    place = WitnessDirectory(directory)
    seeds = [(COSIGNATURE_ED25519, entropy(32)), (COSIGNATURE_MLDSA44, entropy(32))]
    verifiers = tuple(SignerKey.from_seed(name, kind, seed).verifier for kind, seed in seeds)
    place.path.mkdir(parents=True, exist_ok=True)
    private = "".join(_encode_private(key, seed) for key, (_, seed) in zip(verifiers, seeds, strict=True))
    _create(place.key_file, private)
    _create(place.vkey_file, "".join(f"{key.encode()}\n" for key in verifiers))
    if not place.logs_file.exists():
        _create(place.logs_file, _NO_LOGS)
    place.cosigned.mkdir(exist_ok=True)
    return verifiers


def read_signers(directory: Path) -> tuple[SignerKey, ...]:
    """Return a witness's private keys. Raises: StoreError when there are none, or they are not its own."""
    place = WitnessDirectory(directory)
    try:
        lines = place.key_file.read_text().splitlines()
    except FileNotFoundError as error:
        raise StoreError(
            f"There is no witness in {directory}.", remedy="Make one first; see the guide to running a witness."
        ) from error
    try:
        return tuple(_parse_private(line) for line in lines)
    except NoteError as error:
        raise StoreError("The witness's key file is damaged.", remedy="Restore witness.key from a backup.") from error


def read_logs(directory: Path, vkeys: Iterable[str] = ()) -> dict[str, tuple[VerifierKey, ...]]:
    """Return the keys trusted for each origin: those of the file, and `vkeys` beside them.

    Raises: PolicyError or NoteError for a malformed file or key; StoreError when no log is trusted.
    """
    keys = [parse_verifier_key(vkey) for vkey in vkeys]
    path = WitnessDirectory(directory).logs_file
    data = path.read_bytes() if path.exists() else b""
    if any(line.split()[:1] == [b"log"] for line in data.splitlines()):
        keys.extend(log.key for log in parse_policy(data).logs)
    if not keys:
        raise StoreError("The witness trusts no log.", remedy=f"Add a line to {path.name}: log <vkey>.")
    logs: dict[str, tuple[VerifierKey, ...]] = {}
    for key in dict.fromkeys(keys):
        logs[key.name] = (*logs.get(key.name, ()), key)
    return logs


def build_policy_lines(keys: Iterable[VerifierKey], url: str = "") -> str:
    """Return the lines that name this witness in a log's policy, a group of all its keys last."""
    lines, members = [], []
    for key in keys:
        members.append(f"{key.name}/{'mldsa44' if key.type == COSIGNATURE_MLDSA44 else 'ed25519'}")
        lines.append(f"witness {members[-1]} {key.encode()} {url}".rstrip() + "\n")
    name = members[0].rpartition("/")[0]
    return "".join([*lines, f"group {name} all {' '.join(members)}\n"])


def _encode_private(key: VerifierKey, seed: bytes) -> str:
    return f"{_PRIVATE}{key.name}+{key.key_id.hex()}+{encode_base64(bytes([key.type]) + seed)}\n"


def _parse_private(line: str) -> SignerKey:
    parts = line.removeprefix(_PRIVATE).split("+", 2)
    if not line.startswith(_PRIVATE) or len(parts) != 3:
        raise NoteError("note.skey", "Not a private key.")
    data = decode_base64(parts[2])
    if data[:1] not in {bytes([COSIGNATURE_ED25519]), bytes([COSIGNATURE_MLDSA44])}:
        raise NoteError("note.skey", "Not the key of a witness.")
    signer = SignerKey.from_seed(parts[0], data[0], data[1:])
    if signer.verifier.key_id.hex() != parts[1]:
        raise NoteError("note.skey", "The key ID does not belong to the key.")
    return signer


def _create(path: Path, text: str) -> None:
    """Write a file that must not exist yet, for its owner only, durably."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600 if path.suffix == ".key" else 0o644)
    except FileExistsError as error:
        raise StoreError(f"{path.name} is there already.", remedy="Choose another directory.") from error
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
